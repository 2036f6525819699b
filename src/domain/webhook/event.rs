//! What a provider tells on its own accord.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::code::codes;
use crate::domain::{Coded, ConsentStatus, Source, Timestamp};

/// Something has happened at a provider.
///
/// It says what to look at, not what is there: no provider's notice has a number by which an old one could be told from
/// a new one, and notices may come twice, late, or in another order. Read the state from the API before acting on it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct WebhookEvent {
    /// Whether the provider's signature was verified. Anybody may have sent what is not.
    pub verified: bool,
    /// What it is about.
    pub kind: Option<Coded<WebhookKind>>,
    /// The state that was reached, where the notice has one.
    pub status: Option<WebhookStatus>,
    /// The consent that it concerns.
    pub consent_id: Option<String>,
    /// The payment that it concerns.
    pub payment_id: Option<String>,
    /// The payment link that it concerns.
    pub payment_link_id: Option<String>,
    /// The work at the provider that it concerns: a refresh of data, a categorisation.
    pub job_id: Option<String>,
    /// When the provider sent it, by its own clock and where it says so.
    pub sent_at: Option<Timestamp>,
    /// The provider's own value.
    #[serde(skip)]
    pub source: Source,
}

#[cfg(any(feature = "fena", feature = "finqlink", feature = "yapily"))]
impl WebhookEvent {
    /// An event as a provider sent it, which is not verified and concerns nothing yet.
    pub(crate) fn of(kind: Option<Coded<WebhookKind>>, source: Source) -> Self {
        Self { kind, source, ..Self::new() }
    }
}

codes! {
    /// What a webhook is about.
    pub enum WebhookKind {
        /// A consent has changed its state.
        Consent,
        /// A payment, or a payment link, has changed its state.
        Payment,
        /// Account data has come, has been worked on, or could not be had.
        AccountData,
    }
}

/// The state that a webhook tells.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WebhookStatus {
    /// That of a consent.
    Consent(Coded<ConsentStatus>),
    /// The provider's word, where the domain has no states for the thing.
    Other(String),
}

impl WebhookStatus {
    /// The provider's word, as sent.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::Consent(status) => &status.word,
            Self::Other(word) => word,
        }
    }
}
