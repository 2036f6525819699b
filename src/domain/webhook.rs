//! Webhooks: what a provider tells on its own accord, how it arrives, and where it is sent.

mod delivery;
mod event;
mod registration;

pub use delivery::WebhookDelivery;
pub use event::{WebhookEvent, WebhookKind, WebhookStatus};
pub use registration::{RegistrationStatus, WebhookEventType, WebhookRegistration, WebhookRequest};
