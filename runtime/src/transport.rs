//! How a request travels.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderName;
use reqwest::{Request, Response};
use tokio::time::Instant;
use tracing::Instrument as _;
use tracing::field::Empty;

use crate::call::{Call, CallInfo, request_id};
use crate::{Auth, AuthError, Error, RetryPolicy, TlsFailure};

mod attempts;
mod builder;
mod confidential;
mod error;
mod http;
mod idempotency;
#[cfg(all(test, feature = "oauth2"))]
mod limits;
mod observe;
mod rate;

pub use builder::TransportBuilder;
pub(crate) use confidential::is_confidential;
pub use error::TransportError;
pub use observe::{Attempt, AttemptAnswer, Observer};
pub use rate::RateLimit;

/// What every generated client sends its requests through: credentials, retries, timeouts and tracing.
///
/// Cloning is cheap and shares the connection pool. Make one per provider; [`with_auth`](Self::with_auth) gives one of other
/// credentials with the same pool.
///
/// Nothing is decompressed: no answer is larger than what was received, and what is received is read up to 64 MiB.
///
/// A request is tried again only when repeating it cannot do harm: its method is idempotent (RFC 9110, section 9.2.2),
/// or it carries an idempotency key, in a header or where [`TransportBuilder::idempotency_member`] says. **A payment is never sent twice without its key.** A streamed body, which can be
/// read once, is never repeated.
///
/// Each call is one `tracing` span `obkit.call` with the fields `provider`, `operation`, `method`, `attempts`,
/// `status`, `duration_ms` and `request_id`; never a URL, a header or a body.
///
/// ```
/// use obkit_runtime::{Auth, Transport};
///
/// let transport = Transport::builder("yapily").auth(Auth::basic("application-id", "secret")).build()?;
/// assert_eq!(transport.provider(), "yapily");
/// # Ok::<(), obkit_runtime::TransportError>(())
/// ```
#[derive(Clone)]
pub struct Transport(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    provider: &'static str,
    http: reqwest::Client,
    auth: Auth,
    operation_auth: HashMap<&'static str, Auth>,
    retry: RetryPolicy,
    attempt_timeout: Duration,
    call_timeout: Duration,
    idempotency_headers: Vec<HeaderName>,
    /// For operations whose key stands in the body: where, as a JSON pointer.
    idempotency_members: HashMap<&'static str, &'static str>,
    /// Where requests without an idempotency key are given one.
    minted_header: Option<HeaderName>,
    rate_limit: Option<RateLimit>,
    observer: Option<Arc<dyn Observer>>,
    /// Whether credentials may be sent where others can read them.
    plaintext_credentials: bool,
}

/// The time that a call has.
struct Time {
    started: Instant,
    longest: Duration,
}

impl Time {
    fn left(&self) -> Duration {
        self.longest.saturating_sub(self.started.elapsed())
    }
}

impl Transport {
    /// A transport to the provider of this name, which appears in every span.
    pub fn builder(provider: &'static str) -> TransportBuilder {
        TransportBuilder::new(provider)
    }

    /// The same transport with other credentials for every call, such as those of another user. The connection pool is
    /// shared.
    ///
    /// # Errors
    ///
    /// When the credentials cannot be sent.
    pub fn with_auth(&self, auth: Auth) -> Result<Self, AuthError> {
        auth.check()?;
        Ok(Self(Arc::new(Inner { auth, operation_auth: HashMap::new(), ..(*self.0).clone() })))
    }

    /// The connection pool, for calls that the provider's document does not describe.
    #[must_use]
    pub fn http(&self) -> &reqwest::Client {
        &self.0.http
    }

    /// The provider's name.
    #[must_use]
    pub fn provider(&self) -> &'static str {
        self.0.provider
    }

    /// Sends a request with the credentials of its operation, as often as the policy and its safety allow, and returns the
    /// last answer.
    ///
    /// Any status is an answer. The response carries a [`CallInfo`] among its extensions.
    ///
    /// A token that the provider answers with 401 is replaced, and the request is made once more with a new one. Such an
    /// answer says that the request was not executed for want of valid credentials (RFC 9110, section 15.5.2), so
    /// that this is safe for a `POST` without an idempotency key, too.
    ///
    /// # Errors
    ///
    /// When there are no credentials, or when no attempt was answered. Should a later attempt not reach the server, the
    /// outcome of an earlier one that may have is returned instead: an error must not claim that a request was never
    /// sent when it was. The error shows no URL, which may hold a key.
    pub async fn execute(&self, mut request: Request, call: Call<'_>) -> Result<Response, Error> {
        let failed = |error: Error| error.with_operation(call.operation_id);
        let idempotency_key = self.idempotency_key(&mut request, &call).map_err(failed)?;
        let span = tracing::info_span!(
            "obkit.call",
            provider = self.0.provider,
            operation = call.operation_id,
            method = %request.method(),
            attempts = Empty,
            status = Empty,
            duration_ms = Empty,
            request_id = Empty,
        );
        let time = Time { started: Instant::now(), longest: self.0.call_timeout };
        let (outcome, attempts) = self.attempts(request, &call, &time).instrument(span.clone()).await;

        span.record("attempts", attempts);
        span.record("duration_ms", u64::try_from(time.started.elapsed().as_millis()).unwrap_or(u64::MAX));
        match outcome {
            Err(error) => Err(failed(error).after(attempts, idempotency_key)),
            Ok(mut response) => {
                let request_id = request_id(response.headers());
                span.record("status", response.status().as_u16());
                if let Some(id) = &request_id {
                    span.record("request_id", id.as_str());
                }
                let operation_id = call.operation_id;
                let info = CallInfo { operation_id, attempts, request_id, idempotency_key };
                response.extensions_mut().insert(info);
                Ok(response)
            }
        }
    }
}

/// Whether an error proves that no byte of the request reached the server.
pub(crate) fn never_sent(error: &reqwest::Error) -> bool {
    error.is_builder() || error.is_connect() || TlsFailure::of(error).is_some_and(TlsFailure::is_refusal)
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport")
            .field("provider", &self.0.provider)
            .field("auth", &self.0.auth)
            .field("retry", &self.0.retry)
            .field("attempt_timeout", &self.0.attempt_timeout)
            .field("call_timeout", &self.0.call_timeout)
            .field("idempotency_headers", &self.0.idempotency_headers)
            .finish_non_exhaustive()
    }
}
