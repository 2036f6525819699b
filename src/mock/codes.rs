//! What the errors of [`InMemory`](super::InMemory) say is wrong: the [`code`](obkit_runtime::Error::code) of the call's error.

use obkit_runtime::reqwest::StatusCode;
use obkit_runtime::reqwest::header::HeaderMap;

use crate::domain::ConsentStatus;
use crate::error::Error;

/// There is nothing of this id (404).
pub const NOT_FOUND: &str = "NOT_FOUND";
/// The call needs a consent and has none, or one that the provider never gave (403).
pub const CONSENT_UNKNOWN: &str = "CONSENT_UNKNOWN";
/// The reference lacks the token of the consent, or has another (403). The token is known once the consent is authorised.
pub const CONSENT_TOKEN: &str = "CONSENT_TOKEN";
/// The holder has not authorised the consent (403).
pub const CONSENT_NOT_AUTHORISED: &str = "CONSENT_NOT_AUTHORISED";
/// The time of the consent is over (403).
pub const CONSENT_EXPIRED: &str = "CONSENT_EXPIRED";
/// The consent was taken back (403).
pub const CONSENT_REVOKED: &str = "CONSENT_REVOKED";
/// The holder refused the consent (403).
pub const CONSENT_REJECTED: &str = "CONSENT_REJECTED";
/// The consent was used up by a payment (403).
pub const CONSENT_CONSUMED: &str = "CONSENT_CONSUMED";
/// The consent failed, or the provider stopped it (403).
pub const CONSENT_UNUSABLE: &str = "CONSENT_UNUSABLE";
/// The consent is for something else: reading under one for a payment, or the other way round (403).
pub const CONSENT_SCOPE: &str = "CONSENT_SCOPE";
/// The consent has come to its end and cannot be taken back (409).
pub const CONSENT_FINAL: &str = "CONSENT_FINAL";
/// The cursor is not one of this list and this query (400).
pub const CURSOR: &str = "CURSOR";
/// The idempotency key was used for another request (409).
pub const IDEMPOTENCY_CONFLICT: &str = "IDEMPOTENCY_CONFLICT";
/// The payment is not the one that the payer authorised (400).
pub const PAYMENT_DIFFERS: &str = "PAYMENT_DIFFERS";
/// The payment is more than the mandate allows for one (422).
pub const LIMIT_PER_PAYMENT: &str = "LIMIT_PER_PAYMENT";
/// With this payment, those of a period would be more than the mandate allows (422).
pub const LIMIT_PER_PERIOD: &str = "LIMIT_PER_PERIOD";
/// The payment is in another currency than the mandate (422).
pub const LIMIT_CURRENCY: &str = "LIMIT_CURRENCY";
/// The mandate does not hold yet (422).
pub const MANDATE_NOT_YET_VALID: &str = "MANDATE_NOT_YET_VALID";
/// The mandate does not allow payments in the payer's presence, or without it (422).
pub const PRESENCE: &str = "PRESENCE";

/// An answer that refuses.
pub(super) fn refusal(status: u16, code: &str) -> Error {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = serde_json::json!({ "code": code, "message": words(code) });
    obkit_runtime::Error::<()>::from_answer(status, HeaderMap::new(), body.to_string()).into()
}

pub(super) fn not_found() -> Error {
    refusal(404, NOT_FOUND)
}

/// `CONSENT_EXPIRED` is `consent expired`.
fn words(code: &str) -> String {
    code.to_ascii_lowercase().replace('_', " ")
}

/// Why nothing can be done under a consent in this state; none when something can.
pub(super) fn of_status(status: ConsentStatus) -> Option<&'static str> {
    match status {
        ConsentStatus::Authorised => None,
        ConsentStatus::AwaitingAuthorisation => Some(CONSENT_NOT_AUTHORISED),
        ConsentStatus::Expired => Some(CONSENT_EXPIRED),
        ConsentStatus::Revoked => Some(CONSENT_REVOKED),
        ConsentStatus::Rejected => Some(CONSENT_REJECTED),
        ConsentStatus::Consumed => Some(CONSENT_CONSUMED),
        ConsentStatus::Failed | ConsentStatus::Suspended => Some(CONSENT_UNUSABLE),
    }
}
