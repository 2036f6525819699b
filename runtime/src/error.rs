//! The one error of every call.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::body::ReadError;
use crate::retry::{is_transient, retry_after};
use crate::{AuthError, CallInfo, DecodeError};

mod answer;
mod body;
mod convert;
mod effect;
mod provider;
mod show;
mod tls;

pub use body::ErrorBody;
pub use effect::Effect;
pub use tls::TlsFailure;

/// Why a call failed, with everything that was learned on the way.
///
/// `E` is the error body that the provider's document describes for the operation, `()` where it describes none.
///
/// Two questions matter to a caller who moves money. [`effect`](Self::effect): did the provider act on the request?
/// [`is_retryable`](Self::is_retryable): is another attempt worth it? A payment without an idempotency key is made anew only
/// when the first answer is [`Effect::None`].
///
/// Neither `Display` nor `Debug` shows a URL, a header, a body or the provider's message; the methods do.
///
/// It is one pointer wide.
pub struct Error<E = ()>(Box<Inner<E>>);

struct Inner<E> {
    phase: Phase,
    reason: Reason,
    operation: Option<&'static str>,
    status: Option<StatusCode>,
    headers: HeaderMap,
    body: Option<E>,
    raw_body: Bytes,
    raw_body_is_truncated: bool,
    code: Option<String>,
    message: Option<String>,
    request_id: Option<String>,
    attempts: Option<u32>,
    idempotency_key: Option<String>,
}

/// How far a call came before it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// No byte of the request reached the provider.
    BeforeSending,
    /// The connection failed or timed out after it was made: the provider may or may not have acted.
    MaybeSent,
    /// The provider answered.
    Answered,
}

enum Reason {
    /// The request cannot be made of its arguments.
    InvalidRequest(String),
    /// A hook of the client refused the request.
    Refused(String),
    /// There are no credentials for the request.
    NoCredentials(AuthError),
    /// The request could not be sent within the time of the call.
    OutOfTime(&'static str),
    /// There is no answer.
    Transport(reqwest::Error),
    /// There is no answer, and no [`Transport`](crate::Transport) that says why.
    Lost(&'static str),
    /// The answer is an error.
    Status,
    /// The answer broke off or is too long.
    Unreadable(ReadError),
    /// The answer's body is not what the provider's document says.
    Undecodable(DecodeError),
}

impl<E> Error<E> {
    fn new(phase: Phase, reason: Reason) -> Self {
        Self(Box::new(Inner {
            phase,
            reason,
            operation: None,
            status: None,
            headers: HeaderMap::new(),
            body: None,
            raw_body: Bytes::new(),
            raw_body_is_truncated: false,
            code: None,
            message: None,
            request_id: None,
            attempts: None,
            idempotency_key: None,
        }))
    }

    /// The request must not be sent, as a hook of the client says.
    #[must_use]
    pub fn refused(message: impl Into<String>) -> Self {
        Self::new(Phase::BeforeSending, Reason::Refused(message.into()))
    }

    /// A request that cannot be made of its arguments. The message must name the argument and not show its value.
    pub fn invalid_request(message: impl Into<String>) -> Self {
        Self::new(Phase::BeforeSending, Reason::InvalidRequest(message.into()))
    }

    /// There is no answer, and the request may have been received: of a provider that is not called through a
    /// [`Transport`](crate::Transport), such as one for tests. The message says what happened, as in `timed out`.
    #[must_use]
    pub fn lost(message: &'static str) -> Self {
        Self::new(Phase::MaybeSent, Reason::Lost(message))
    }

    /// There are no credentials for the request.
    pub(crate) fn no_credentials(error: AuthError) -> Self {
        Self::new(Phase::BeforeSending, Reason::NoCredentials(error))
    }

    /// The request could not be sent within the time of the call.
    pub(crate) fn out_of_time(message: &'static str) -> Self {
        Self::new(Phase::BeforeSending, Reason::OutOfTime(message))
    }

    /// Says how many times the request was sent before it failed, and with which idempotency key.
    pub(crate) fn after(mut self, attempts: u32, idempotency_key: Option<String>) -> Self {
        self.0.attempts = Some(attempts).filter(|attempts| *attempts > 0);
        self.0.idempotency_key = idempotency_key;
        self
    }

    /// Says which operation failed, where the error does not know it yet.
    #[must_use]
    pub fn with_operation(mut self, operation_id: &'static str) -> Self {
        self.0.operation.get_or_insert(operation_id);
        self
    }

    /// Says which idempotency key the request carried, where the error does not know it yet.
    #[must_use]
    pub fn with_idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.0.idempotency_key.get_or_insert_with(|| key.into());
        self
    }

    /// How far the call came.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.0.phase
    }

    /// The `operationId` of the provider's document.
    #[must_use]
    pub fn operation(&self) -> Option<&str> {
        self.0.operation
    }

    /// The status of the answer, whatever its body was.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The documented error body, when the answer had one.
    #[must_use]
    pub fn body(&self) -> Option<&E> {
        self.0.body.as_ref()
    }

    /// The first 64 KiB of the answer's body as received. May hold personal data.
    #[must_use]
    pub fn raw_body(&self) -> &[u8] {
        &self.0.raw_body
    }

    /// Whether [`raw_body`](Self::raw_body) is less than the provider sent.
    #[must_use]
    pub fn raw_body_is_truncated(&self) -> bool {
        self.0.raw_body_is_truncated
    }

    /// The provider's own error code.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The provider's own message. It may quote what was sent, so it belongs into no log.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// The id under which the provider finds the call.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// How many attempts were made; `None` when there was none, or when the error does not know.
    #[must_use]
    pub fn attempts(&self) -> Option<u32> {
        self.0.attempts
    }

    /// The idempotency key that the request carried: to make the same call again, give it this key.
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&str> {
        self.0.idempotency_key.as_deref()
    }

    /// The headers of the answer; empty when there was none.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// How long the provider asks to wait (`Retry-After`, in seconds or as a date).
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        retry_after(&self.0.headers, SystemTime::now())
    }

    /// Whether the same call may succeed later: the connection failed, or the status is 408, 429, 502, 503 or 504; or
    /// there was no token for a reason of this kind.
    ///
    /// Says nothing about safety; see [`may_have_been_sent`](Self::may_have_been_sent).
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match &self.0.reason {
            Reason::InvalidRequest(_) | Reason::Refused(_) | Reason::Undecodable(_) => false,
            Reason::NoCredentials(error) => error.is_retryable(),
            Reason::Unreadable(ReadError::TooLong(_)) => false,
            Reason::Unreadable(ReadError::Connection(_)) | Reason::OutOfTime(_) | Reason::Lost(_) => true,
            Reason::Transport(error) => !error.is_builder() && self.tls().is_none_or(|tls| tls == TlsFailure::Other),
            Reason::Status => self.0.status.is_some_and(is_transient),
        }
    }

    /// Whether the provider may have acted on the request.
    #[must_use]
    pub fn may_have_been_sent(&self) -> bool {
        self.0.phase != Phase::BeforeSending
    }

    /// Why TLS made no secure connection, if that was the reason.
    #[must_use]
    pub fn tls(&self) -> Option<TlsFailure> {
        match &self.0.reason {
            Reason::Transport(error) => TlsFailure::of(error),
            _ => None,
        }
    }

    /// The same error without its typed body, so that errors of different operations have one type.
    #[must_use]
    pub fn into_untyped(self) -> Error {
        self.without_body()
    }

    /// The same error without a typed body, as one of any operation. Called by generated code.
    #[must_use]
    pub fn without_body<F>(self) -> Error<F> {
        let inner = *self.0;
        Error(Box::new(Inner {
            phase: inner.phase,
            reason: inner.reason,
            operation: inner.operation,
            status: inner.status,
            headers: inner.headers,
            body: None,
            raw_body: inner.raw_body,
            raw_body_is_truncated: inner.raw_body_is_truncated,
            code: inner.code,
            message: inner.message,
            request_id: inner.request_id,
            attempts: inner.attempts,
            idempotency_key: inner.idempotency_key,
        }))
    }

    /// The answer was a success, but its body could not be read.
    pub(crate) fn unreadable(
        status: StatusCode,
        headers: HeaderMap,
        call: CallInfo,
        body: &Bytes,
        failure: ReadError,
    ) -> Self {
        let mut error = Self::answered(status, headers, call, body, Reason::Unreadable(failure));
        error.0.raw_body_is_truncated = true;
        error
    }

    /// The answer was a success, but its body is not what the document says.
    pub(crate) fn undecodable(
        status: StatusCode,
        headers: HeaderMap,
        call: CallInfo,
        body: &Bytes,
        failure: DecodeError,
    ) -> Self {
        Self::answered(status, headers, call, body, Reason::Undecodable(failure))
    }
}
