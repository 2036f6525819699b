//! Yapily's webhooks.
//!
//! **Nothing can be verified.** Whoever registers a webhook gets a secret, so deliveries are probably signed with it; but
//! neither the header nor what is signed is documented, and a check that was guessed would refuse what is genuine or
//! accept what is not. Take an event for a hint, and read the payment or the consent from the API.
//!
//! The layout of the body is not documented either: every member is optional, and what is read of `data` are the names
//! that Yapily's API uses elsewhere.

use obkit_runtime::{DecodeError, decode_json};
use obkit_yapily::types as yapily;

use crate::domain::{Coded, Source, WebhookEvent, WebhookKind};

/// Reads the body of a webhook that nobody can verify; see the [module](self).
///
/// # Errors
/// The body is no JSON object. The error shows nothing of it.
pub fn unverified(body: &[u8]) -> Result<WebhookEvent, DecodeError> {
    decode_json(body).map(|source| event(&source))
}

/// The event of a typed body.
#[must_use]
pub fn event(source: &yapily::WebhookEvent) -> WebhookEvent {
    let id = |name: &str| source.data.as_ref()?.get(name)?.as_str().map(str::to_owned);
    let mut event = WebhookEvent::new(source.type_.as_deref().map(kind), Source::of(source.clone()));
    event.consent_id = id("consentId");
    event.payment_id = id("paymentId");
    event.job_id = id("categorisationId");
    event
}

/// An event's name is words with full stops between, the first of which is the thing: `payment.state.success`.
fn kind(word: &str) -> Coded<WebhookKind> {
    let code = match word.split('.').next() {
        Some("payment") => Some(WebhookKind::Payment),
        Some("transactions") => Some(WebhookKind::AccountData),
        _ => None,
    };
    Coded::new(code, word)
}
