//! Fena's webhooks.
//!
//! **Nothing protects them.** Fena documents no signature, no secret and no sender's address, so that there is nothing to
//! verify: anybody who knows the address can send whatever he likes. Take an event for a hint, and read the consent and
//! its data from the API. An address with a long random part keeps strangers out, as far as it stays unknown.

use obkit_fena::types as fena;
use obkit_runtime::{DateTime, DecodeError, decode_json};

use crate::domain::{Coded, Source, WebhookEvent, WebhookKind, timestamp};

/// Reads the body of a webhook that nobody can verify; see the [module](self).
///
/// # Errors
/// The body is not JSON, or has no event or no consent. The error shows nothing of it.
pub fn unverified(body: &[u8]) -> Result<WebhookEvent, DecodeError> {
    decode_json(body).map(|source| event(&source))
}

/// The event of a typed body.
#[must_use]
pub fn event(source: &fena::WebhookEvent) -> WebhookEvent {
    let mut event = WebhookEvent::new(Some(kind(&source.event_type)), Source::of(source.clone()));
    event.consent_id = Some(source.consent_id.clone());
    // The format is not published: a time in another one stays in the source.
    event.sent_at = source.time.as_deref().and_then(|text| timestamp(&DateTime::from_text(text)));
    event
}

/// The words of a notice are not published. Those that consents are created with and those that webhooks are registered
/// for are.
fn kind(word: &str) -> Coded<WebhookKind> {
    let flow = match fena::ConsentFlow::from(word) {
        fena::ConsentFlow::Accounts | fena::ConsentFlow::Balances | fena::ConsentFlow::Transactions => {
            Some(WebhookKind::AccountData)
        }
        _ => None,
    };
    let registered = || match fena::WebhookEventName::from(word) {
        fena::WebhookEventName::AccountAccessConsent | fena::WebhookEventName::DomesticStandingAccessConsent => {
            Some(WebhookKind::Consent)
        }
        fena::WebhookEventName::Account
        | fena::WebhookEventName::Accounts
        | fena::WebhookEventName::AccountBalances
        | fena::WebhookEventName::AccountTransaction
        | fena::WebhookEventName::AccountTransactions => Some(WebhookKind::AccountData),
        _ => None,
    };
    Coded::new(flow.or_else(registered), word)
}
