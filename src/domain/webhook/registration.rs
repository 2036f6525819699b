//! Where a provider delivers webhooks to.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::code::codes;
use crate::domain::setters::setters;
use crate::domain::{Coded, Sensitive, Source};

/// An address that a provider delivers events to.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct WebhookRegistration {
    /// The provider's id of the registration; where it has none of its own, that of the consent.
    pub id: String,
    /// Where events go. What only the provider knows keeps strangers out, so it is not shown.
    #[schemars(with = "Option<String>")]
    pub url: Option<Sensitive>,
    /// Where events go when that address fails.
    #[schemars(with = "Option<String>")]
    pub backup_url: Option<Sensitive>,
    /// The events it is for, in the provider's words.
    pub events: Vec<String>,
    /// The consent whose events these are, where they are those of one consent.
    pub consent_id: Option<String>,
    /// Whether events are delivered at present.
    pub status: Option<Coded<RegistrationStatus>>,
    /// The secret that goes with the deliveries: it is told once, when the webhook is registered or the secret is reset.
    #[schemars(with = "Option<String>")]
    pub secret: Option<Sensitive>,
    /// The provider's own value.
    #[serde(skip)]
    pub source: Source,
}

codes! {
    /// Whether a registration delivers events.
    pub enum RegistrationStatus {
        /// It does.
        Active,
        /// It does not at present.
        Paused,
    }
}

/// A kind of event that webhooks can be registered for.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct WebhookEventType {
    /// The provider's word, as [`WebhookRequest::events`] takes it.
    pub name: String,
    /// What happens then, for people.
    pub description: Option<String>,
    /// The provider's own value.
    #[serde(skip)]
    pub source: Source,
}

/// A webhook to register.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct WebhookRequest {
    /// Where events shall go.
    pub url: Sensitive,
    /// The events, in the provider's words; at least one. [`Webhooks::event_types`](crate::provider::Webhooks::event_types)
    /// lists them where the provider does.
    pub events: Vec<String>,
    /// Where events shall go when that address fails.
    pub backup_url: Option<Sensitive>,
    /// The consent whose events are wanted; Fena needs it.
    pub consent_id: Option<String>,
}

impl WebhookRequest {
    /// Asks for events at an address.
    #[must_use]
    pub fn new<E: Into<String>>(url: impl Into<Sensitive>, events: impl IntoIterator<Item = E>) -> Self {
        let events = events.into_iter().map(Into::into).collect();
        Self { url: url.into(), events, backup_url: None, consent_id: None }
    }
}

setters! {
    WebhookRequest {
        /// Sets where events shall go when the address fails.
        backup_url: into Sensitive,
        /// Sets the consent whose events are wanted.
        consent sets consent_id: into String,
    }
}
