//! Payments and what they are made under.

use super::made;
use crate::domain::{
    Coded, Consent, ConsentStatus, Creditor, Debtor, FundsConfirmation, IdempotencyKey, LimitAlignment, LimitPeriod,
    LimitRequest, Mandate, MandateKind, Money, Party, Payment, PaymentAuthorisation, PaymentLink, PaymentLinkStatus,
    PaymentStatus, PeriodicLimit, RefreshJob, RefreshJobStatus, Sensitive, Timestamp,
};

made! {
    Payment {
        /// A payment by the provider's id.
        new(id: impl Into<String>) { id: id.into() }
        sets {
            idempotency_key: String,
            mandate_id: String,
            status: Coded<PaymentStatus>,
            status_reason: String,
            status_at: Timestamp,
            amount: Money,
            creditor: Party,
            debtor: Party,
            refund_to: Party,
            reference: String,
            created_at: Timestamp,
        }
        bare { source }
    }
    PaymentAuthorisation {
        /// Permission that was asked for under this consent.
        new(consent: Consent) { consent: consent }
        sets { idempotency_key: IdempotencyKey }
    }
    PaymentLink {
        /// A payment link by the provider's id.
        new(id: impl Into<String>) { id: id.into() }
        sets {
            url: Sensitive,
            status: Coded<PaymentLinkStatus>,
            amount: Money,
            creditor: Party,
            debtor: Party,
            reference: String,
            created_at: Timestamp,
            expires_at: Timestamp,
            is_expired: bool,
        }
        adds { payment to payments: Payment }
        bare { source }
    }
    RefreshJob {
        /// A job by the provider's id.
        new(id: impl Into<String>, status: impl Into<Coded<RefreshJobStatus>>) { id: id.into(), status: status.into() }
        sets { consent_id: String }
        bare { source }
    }
    Mandate {
        /// A mandate by the provider's id.
        new(id: impl Into<String>) { id: id.into() }
        sets {
            institution_id: String,
            kind: Coded<MandateKind>,
            status: Coded<ConsentStatus>,
            max_per_payment: Money,
            creditor: Party,
            debtor: Party,
            reference: String,
            valid_from: Timestamp,
            valid_to: Timestamp,
            created_at: Timestamp,
            authorisation_url: Sensitive,
            token: Sensitive,
        }
        adds { limit to limits: PeriodicLimit }
        bare { source }
    }
    PeriodicLimit {
        /// A limit by its sum.
        new(amount: Money) { amount: amount }
        sets { period: Coded<LimitPeriod>, alignment: Coded<LimitAlignment> }
    }
    FundsConfirmation {
        /// Whether there were funds for an amount.
        new(available: bool, amount: Money) { available: available, amount: amount }
        sets { at: Timestamp }
        bare { source }
    }
}

impl From<LimitRequest> for PeriodicLimit {
    fn from(limit: LimitRequest) -> Self {
        Self::new(limit.amount).period(limit.period).alignment(limit.alignment)
    }
}

impl From<Creditor> for Party {
    fn from(creditor: Creditor) -> Self {
        Self::new(creditor.name).identifier(creditor.account)
    }
}

impl From<Debtor> for Party {
    fn from(debtor: Debtor) -> Self {
        Self { name: debtor.name, identifiers: vec![debtor.account] }
    }
}
