//! Why a webhook is not accepted.

use std::fmt;

use reqwest::StatusCode;
use reqwest::header::HeaderName;

use super::KeySourceError;
use crate::jose::JwsError;

/// A webhook is not accepted. Shows neither its body nor its headers' values.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum WebhookError {
    /// The body is longer than this many bytes.
    BodyTooLarge(usize),
    /// A header is missing.
    MissingHeader(HeaderName),
    /// A header stands more than once: which of them counts would depend on who reads it.
    DuplicateHeader(HeaderName),
    /// A header is empty, is not printable ASCII, or is longer than any that is accepted.
    InvalidHeader(HeaderName),
    /// The signature is not acceptable, or not that of the key.
    Signature(JwsError),
    /// The header and the signature name different keys.
    KeyIdMismatch,
    /// What was signed is not the body that came.
    PayloadMismatch,
    /// The provider has no such key (any more); its keys have just been asked for.
    UnknownKey,
    /// No such key is known, and the provider's keys were asked for too recently to ask again.
    KeyNotYetKnown,
    /// The provider's keys cannot be had at present.
    KeysUnavailable(KeySourceError),
    /// The same notice was accepted before.
    Replayed,
}

impl WebhookError {
    /// What to answer the sender.
    ///
    /// `401` for what is not proven, `413` for what is too long, and `503` where the same request may be accepted later,
    /// so that a provider that repeats does. A replay is answered `200`: the provider that repeats a notice because it
    /// missed the first answer must be told that it has arrived, and the attacker learns nothing.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::BodyTooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::KeyNotYetKnown | Self::KeysUnavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Replayed => StatusCode::OK,
            _ => StatusCode::UNAUTHORIZED,
        }
    }
}

impl fmt::Display for WebhookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BodyTooLarge(limit) => write!(f, "the body of the webhook is longer than {limit} bytes"),
            Self::MissingHeader(name) => write!(f, "the webhook has no header {name}"),
            Self::DuplicateHeader(name) => write!(f, "the webhook has more than one header {name}"),
            Self::InvalidHeader(name) => write!(f, "the header {name} of the webhook is empty, too long, or not ASCII"),
            Self::Signature(error) => write!(f, "the signature of the webhook {error}"),
            Self::KeyIdMismatch => f.write_str("the header and the signature of the webhook name different keys"),
            Self::PayloadMismatch => f.write_str("the signature of the webhook is over another body"),
            Self::UnknownKey => f.write_str("the webhook was signed by a key that the provider does not publish"),
            Self::KeyNotYetKnown => f.write_str(
                "the webhook was signed by an unknown key, and the provider's keys were asked for too recently to ask again",
            ),
            Self::KeysUnavailable(error) => write!(f, "the keys of the provider cannot be had: {error}"),
            Self::Replayed => f.write_str("the same webhook was accepted before"),
        }
    }
}

impl std::error::Error for WebhookError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Signature(error) => Some(error),
            Self::KeysUnavailable(error) => Some(error),
            _ => None,
        }
    }
}

impl From<JwsError> for WebhookError {
    fn from(error: JwsError) -> Self {
        Self::Signature(error)
    }
}
