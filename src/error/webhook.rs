//! Why a webhook is not accepted.

use std::error::Error as StdError;
use std::fmt;

use obkit_runtime::DecodeError;
use obkit_runtime::reqwest::StatusCode;

/// A webhook that came is not accepted. Shows neither its body nor its headers' values.
#[derive(Debug)]
pub struct WebhookRefusal {
    status: StatusCode,
    reason: Box<dyn StdError + Send + Sync>,
}

impl WebhookRefusal {
    #[cfg(any(feature = "mock", feature = "webhooks"))]
    pub(crate) fn new(status: StatusCode, reason: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { status, reason: reason.into() }
    }

    /// What to answer the sender: `401` for what is not proven, `413` for what is too long, `422` for what is not what the
    /// provider documents, `503` where the same delivery may be accepted later, and `200` for a replay, so that a provider
    /// that repeats learns that it has arrived.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// What is wrong: `obkit_runtime::webhook::WebhookError` of a signature, [`DecodeError`] of a body.
    #[must_use]
    pub fn reason(&self) -> &(dyn StdError + Send + Sync + 'static) {
        &*self.reason
    }
}

impl fmt::Display for WebhookRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.reason.fmt(f)
    }
}

impl StdError for WebhookRefusal {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.reason.source()
    }
}

impl From<DecodeError> for WebhookRefusal {
    fn from(error: DecodeError) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, reason: Box::new(error) }
    }
}

#[cfg(feature = "webhooks")]
impl From<obkit_runtime::webhook::WebhookError> for WebhookRefusal {
    fn from(error: obkit_runtime::webhook::WebhookError) -> Self {
        Self::new(error.status(), error)
    }
}
