//! The errors of the domain layer.

use std::fmt;

use obkit_runtime::reqwest::StatusCode;
use obkit_runtime::{Effect, Phase};

use crate::domain::Source;

mod webhook;

pub use webhook::WebhookRefusal;

/// Why a call through the domain failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The provider could not be called, or answered an error. Its [`phase`](obkit_runtime::Error::phase) and
    /// [`may_have_been_sent`](obkit_runtime::Error::may_have_been_sent) say what is known about the request.
    Call(obkit_runtime::Error),
    /// The provider answered what the domain cannot express.
    Map(MapError),
    /// The provider does not offer what was asked for.
    Unsupported(Unsupported),
    /// A webhook that came is not accepted; nothing was sent but, at most, a question for the provider's keys.
    Webhook(WebhookRefusal),
    /// A call of `obkit::blocking` was made within an async runtime, which would stand still meanwhile. Nothing was sent.
    WithinRuntime,
}

impl Error {
    /// The error of the call, with everything that is known about it; none when the call went well and its
    /// answer could not be mapped, or when nothing was called.
    #[must_use]
    pub fn call(&self) -> Option<&obkit_runtime::Error> {
        match self {
            Self::Call(error) => Some(error),
            Self::Map(_) | Self::Unsupported(_) | Self::Webhook(_) | Self::WithinRuntime => None,
        }
    }

    /// Why a webhook is not accepted, and what to answer its sender.
    #[must_use]
    pub fn webhook(&self) -> Option<&WebhookRefusal> {
        match self {
            Self::Webhook(refusal) => Some(refusal),
            Self::Call(_) | Self::Map(_) | Self::Unsupported(_) | Self::WithinRuntime => None,
        }
    }

    /// How far the call came.
    #[must_use]
    pub fn phase(&self) -> Phase {
        match self {
            Self::Call(error) => error.phase(),
            Self::Map(_) => Phase::Answered,
            Self::Unsupported(_) | Self::Webhook(_) | Self::WithinRuntime => Phase::BeforeSending,
        }
    }

    /// The status of an answer that was an error.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.call()?.status()
    }

    /// Whether the same call may succeed later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Call(error) => error.is_retryable(),
            Self::Webhook(refusal) => refusal.status() == StatusCode::SERVICE_UNAVAILABLE,
            Self::Map(_) | Self::Unsupported(_) | Self::WithinRuntime => false,
        }
    }

    /// Whether the request had an effect: the question before a payment is made anew. What was answered and cannot be mapped was
    /// done.
    #[must_use]
    pub fn effect(&self) -> Effect {
        match self {
            Self::Call(error) => error.effect(),
            Self::Map(_) => Effect::Done,
            Self::Unsupported(_) | Self::Webhook(_) | Self::WithinRuntime => Effect::None,
        }
    }

    /// Whether the provider may have received the request; [`effect`](Self::effect) says more.
    #[must_use]
    pub fn may_have_been_sent(&self) -> bool {
        self.phase() != Phase::BeforeSending
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(error) => error.fmt(f),
            Self::Map(error) => error.fmt(f),
            Self::Unsupported(error) => error.fmt(f),
            Self::Webhook(refusal) => refusal.fmt(f),
            Self::WithinRuntime => f.write_str(
                "a blocking call was made within an async runtime: make it without `blocking`, or on a thread of its own",
            ),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Call(error) => error.source(),
            Self::Webhook(refusal) => refusal.source(),
            Self::Map(_) | Self::Unsupported(_) | Self::WithinRuntime => None,
        }
    }
}

impl<E> From<obkit_runtime::Error<E>> for Error {
    fn from(error: obkit_runtime::Error<E>) -> Self {
        Self::Call(error.into_untyped())
    }
}

impl From<MapError> for Error {
    fn from(error: MapError) -> Self {
        Self::Map(error)
    }
}

impl From<Unsupported> for Error {
    fn from(error: Unsupported) -> Self {
        Self::Unsupported(error)
    }
}

impl From<WebhookRefusal> for Error {
    fn from(refusal: WebhookRefusal) -> Self {
        Self::Webhook(refusal)
    }
}

/// A provider's value has no counterpart in the domain. It names the field and never its value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MapError {
    /// The provider.
    pub provider: &'static str,
    /// The field, in the provider's words, such as `data[3].amount`.
    pub field: String,
    /// What is wrong with it.
    pub reason: &'static str,
    /// The typed answer that it stands in, if it was read: a payment that was made is found by the id that it has there.
    pub answer: Source,
}

impl MapError {
    /// An error of a field: for mappings of one's own, and in tests.
    #[must_use]
    pub fn new(provider: &'static str, field: &str, reason: &'static str) -> Self {
        Self { provider, field: field.to_owned(), reason, answer: Source::default() }
    }

    /// The same error, seen from the object that holds the field's owner.
    pub(crate) fn within(mut self, owner: &str) -> Self {
        self.field = match self.field.as_str() {
            "" => owner.to_owned(),
            field => format!("{owner}.{field}"),
        };
        self
    }
}

impl fmt::Display for MapError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: `{}` {}", self.provider, self.field, self.reason)
    }
}

impl std::error::Error for MapError {}

/// A provider does not offer a capability, or not in this form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// The provider.
    pub provider: &'static str,
    /// What was asked for.
    pub what: &'static str,
}

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} does not offer {}", self.provider, self.what)
    }
}

impl std::error::Error for Unsupported {}
