//! Why there is no token.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::StatusCode;

use crate::transport::never_sent;

/// A source has no token. Shared by all calls that waited for it.
///
/// Neither `Display` nor `Debug` shows a URL, a secret, or what the token endpoint said in prose.
#[derive(Clone)]
pub struct TokenError(Arc<Inner>);

#[derive(Default)]
struct Inner {
    message: String,
    status: Option<StatusCode>,
    code: Option<String>,
    description: Option<String>,
    retry_after: Option<Duration>,
    retryable: bool,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl TokenError {
    /// A failure of a source. The message says what to do about it and shows no secret.
    pub fn new(message: impl Into<String>) -> Self {
        Self(Arc::new(Inner { message: message.into(), ..Inner::default() }))
    }

    /// A failure with its cause.
    pub fn caused_by(message: impl Into<String>, source: impl StdError + Send + Sync + 'static) -> Self {
        Self(Arc::new(Inner { message: message.into(), source: Some(Box::new(source)), ..Inner::default() }))
    }

    /// It took too long.
    pub(crate) fn timed_out() -> Self {
        let message = "no token arrived in time".to_owned();
        Self(Arc::new(Inner { message, retryable: true, ..Inner::default() }))
    }

    /// The token endpoint answered with an error (RFC 6749, section 5.2), or with none that it could.
    #[cfg(feature = "oauth2")]
    pub(crate) fn refused(
        status: StatusCode,
        code: Option<String>,
        description: Option<String>,
        retry_after: Option<Duration>,
        remark: Option<String>,
    ) -> Self {
        let mut message = format!("the token endpoint answered {status}");
        if let Some(code) = code.as_deref().and_then(crate::call::presentable_id) {
            message.push_str(": ");
            message.push_str(&code);
        }
        if let Some(remark) = remark {
            message.push_str("; ");
            message.push_str(&remark);
        }
        let retryable = crate::retry::is_transient(status) || code.as_deref() == Some("temporarily_unavailable");
        let status = Some(status);
        Self(Arc::new(Inner { message, status, code, description, retry_after, retryable, source: None }))
    }

    /// The status of the token endpoint's answer, when it was an error.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The `error` of the token endpoint, such as `invalid_client` (RFC 6749, section 5.2).
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The `error_description` of the token endpoint. It may quote what was sent, so it belongs into no log.
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// How long the token endpoint asks to wait. Until then, nothing is asked of it.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether a later request may succeed as it is: the endpoint was not reached, or said "later".
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.0.retryable
    }
}

/// The token endpoint did not answer. The URL is dropped.
impl From<reqwest::Error> for TokenError {
    fn from(error: reqwest::Error) -> Self {
        let message = match () {
            () if error.is_builder() => "the token request could not be built",
            () if never_sent(&error) => "could not connect to the token endpoint",
            () if error.is_timeout() => "the token endpoint timed out",
            () => "the connection to the token endpoint failed",
        };
        let (message, retryable) = (message.to_owned(), !error.is_builder());
        Self(Arc::new(Inner { message, retryable, source: Some(Box::new(error.without_url())), ..Inner::default() }))
    }
}

/// The call that would have given a token failed.
impl<E> From<crate::Error<E>> for TokenError {
    fn from(error: crate::Error<E>) -> Self {
        let message = "the call for a token failed".to_owned();
        Self(Arc::new(Inner {
            message,
            status: error.status(),
            code: error.code().map(str::to_owned),
            description: error.message().map(str::to_owned),
            retry_after: error.retry_after(),
            retryable: error.is_retryable(),
            source: Some(Box::new(error.into_untyped())),
        }))
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TokenError").field(&self.0.message).finish()
    }
}

impl StdError for TokenError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}
