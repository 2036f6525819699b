//! Payments: what is asked for, what was authorised, and what became of it.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Coded, Consent, Money, Party, Source, Timestamp};

mod idempotency;
mod request;
mod schedule;
mod status;

pub use idempotency::{IdempotencyKey, InvalidIdempotencyKey};
pub use request::{
    AuthorisationRequest, BulkPaymentRequest, ChargeBearer, Creditor, Debtor, InternationalTransfer, PaymentRequest,
};
pub use schedule::{PaymentEnd, PaymentFrequency, PaymentTiming, PeriodicPayment};
pub use status::PaymentStatus;

/// Permission to make a payment, on its way: the payer goes to the consent's
/// [`authorisation_url`](Consent::authorisation_url) and comes back.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct PaymentAuthorisation {
    /// The consent that the payment is submitted under.
    pub consent: Consent,
    /// The key that the payment was announced with. Submitting takes the same one; keep it until the payment is final.
    /// A bulk of payments has none before it is submitted.
    pub idempotency_key: Option<IdempotencyKey>,
}

/// A payment as the provider knows it (ISO 20022 `PaymentTransaction`).
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Payment {
    /// The provider's id, by which its state is read.
    pub id: String,
    /// The key it was made with, where the provider says it.
    pub idempotency_key: Option<String>,
    /// The mandate it was made under, where it was made under one and the provider says so.
    pub mandate_id: Option<String>,
    /// How far it is.
    pub status: Option<Coded<PaymentStatus>>,
    /// Why, in the provider's words.
    pub status_reason: Option<String>,
    /// When the status last changed.
    pub status_at: Option<Timestamp>,
    /// How much, never negative.
    pub amount: Option<Money>,
    /// Who is paid.
    pub creditor: Option<Party>,
    /// Who pays.
    pub debtor: Option<Party>,
    /// Where a refund goes, when that was asked for.
    pub refund_to: Option<Party>,
    /// The payment reference.
    pub reference: Option<String>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// The provider's own value.
    #[serde(skip)]
    pub source: Source,
}
