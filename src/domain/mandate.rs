//! Mandates: permission to pay again and again within limits (UK Open Banking: variable recurring payments).

use schemars::JsonSchema;
use serde::Serialize;

use super::code::codes;
use super::setters::setters;
use super::{
    Coded, ConsentReference, ConsentStatus, Creditor, Debtor, IdempotencyKey, Money, Party, Sensitive, Source,
    Timestamp,
};
use crate::error::Error;

/// Permission to pay a payee again and again, without the payer, within limits.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Mandate {
    /// The provider's id of the mandate.
    pub id: String,
    /// The institution of the payer, where the provider says it.
    pub institution_id: Option<String>,
    /// What it is for.
    pub kind: Option<Coded<MandateKind>>,
    /// How far it is.
    pub status: Option<Coded<ConsentStatus>>,
    /// The most that one payment may be.
    pub max_per_payment: Option<Money>,
    /// The most that all payments within a period may be.
    pub limits: Vec<PeriodicLimit>,
    /// Who is paid.
    pub creditor: Option<Party>,
    /// Who pays.
    pub debtor: Option<Party>,
    /// What the payee reads on each payment.
    pub reference: Option<String>,
    /// From when on it holds.
    pub valid_from: Option<Timestamp>,
    /// Until when it holds.
    pub valid_to: Option<Timestamp>,
    /// When it was created.
    pub created_at: Option<Timestamp>,
    /// Where the payer authorises it; known when it has just been created.
    #[schemars(with = "Option<String>")]
    pub authorisation_url: Option<Sensitive>,
    /// The token that payments under it carry, where the provider has one.
    #[schemars(with = "Option<String>")]
    pub token: Option<Sensitive>,
    /// The provider's own value.
    #[serde(skip)]
    pub source: Source,
}

impl Mandate {
    /// What payments under the mandate need.
    #[must_use]
    pub fn consent(&self) -> ConsentReference {
        ConsentReference { id: self.id.clone(), token: self.token.clone() }
    }
}

codes! {
    /// What a mandate is for (UK Open Banking `OBVRPConsentType`; ISO 20022 has no codes for it).
    pub enum MandateKind {
        /// Between accounts of one holder.
        Sweeping,
        /// To somebody else.
        Commercial,
    }
}

codes! {
    /// How long a period is (ISO 20022 `Frequency6Code`).
    pub enum LimitPeriod {
        /// A day.
        Day = "DAIL",
        /// A week.
        Week = "WEEK",
        /// Two weeks.
        Fortnight = "FRTN",
        /// A month.
        Month = "MNTH",
        /// Six months.
        HalfYear = "MIAN",
        /// A year.
        Year = "YEAR",
    }
}

codes! {
    /// When a period begins (UK Open Banking `OBPeriodAlignment`; ISO 20022 has no codes for it).
    pub enum LimitAlignment {
        /// With the mandate.
        Consent,
        /// With the calendar; in the first period the limit holds in proportion.
        Calendar,
    }
}

/// The most that all payments within a period may be.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct PeriodicLimit {
    /// The sum.
    pub amount: Money,
    /// How long the period is.
    pub period: Option<Coded<LimitPeriod>>,
    /// When it begins.
    pub alignment: Option<Coded<LimitAlignment>>,
}

/// A limit to ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitRequest {
    /// The most that all payments within the period may be.
    pub amount: Money,
    /// How long the period is.
    pub period: LimitPeriod,
    /// When it begins.
    pub alignment: LimitAlignment,
}

/// Whether the payer has to be there for a payment under a mandate (strong customer authentication).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PayerPresence {
    /// Payments are made without the payer.
    #[default]
    NotNeeded,
    /// The payer authenticates each payment.
    Needed,
}

/// A mandate to ask for: at least one limit.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MandateRequest {
    /// What it is for.
    pub kind: MandateKind,
    /// Who is paid.
    pub creditor: Creditor,
    /// The most that one payment may be.
    pub max_per_payment: Money,
    /// The most that all payments within a period may be.
    pub limit: LimitRequest,
    /// Limits for further periods.
    pub further_limits: Vec<LimitRequest>,
    /// Whether the payer has to be there for each payment.
    pub presence: PayerPresence,
    /// Who pays; else the payer chooses the account at the bank.
    pub debtor: Option<Debtor>,
    /// What the payee reads on each payment.
    pub reference: Option<String>,
    /// From when on it shall hold; else at once.
    pub valid_from: Option<Timestamp>,
    /// Until when it shall hold; else until it is taken back.
    pub valid_to: Option<Timestamp>,
}

impl MandateRequest {
    /// A mandate with what each must have.
    #[must_use]
    pub fn new(kind: MandateKind, creditor: Creditor, max_per_payment: Money, limit: LimitRequest) -> Self {
        Self {
            kind,
            creditor,
            max_per_payment,
            limit,
            further_limits: Vec::new(),
            presence: PayerPresence::NotNeeded,
            debtor: None,
            reference: None,
            valid_from: None,
            valid_to: None,
        }
    }

    /// Adds a limit for a further period.
    #[must_use]
    pub fn limit(mut self, limit: LimitRequest) -> Self {
        self.further_limits.push(limit);
        self
    }

    /// Sets whether the payer has to be there for each payment.
    #[must_use]
    pub fn presence(mut self, presence: PayerPresence) -> Self {
        self.presence = presence;
        self
    }

    /// Sets when it holds.
    #[must_use]
    pub fn valid(mut self, from: Option<Timestamp>, to: Option<Timestamp>) -> Self {
        self.valid_from = from;
        self.valid_to = to;
        self
    }

    /// All limits.
    pub(crate) fn limits(&self) -> impl Iterator<Item = &LimitRequest> {
        std::iter::once(&self.limit).chain(&self.further_limits)
    }
}

setters! {
    MandateRequest {
        /// Sets who pays.
        debtor: Debtor,
        /// Sets what the payee reads.
        reference: into String,
    }
}

/// A payment under a mandate. Repeat it with the same value: it holds the key that makes it one payment.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MandatePaymentRequest {
    /// The key by which the provider knows a repetition. Fena has no such thing: there, look before you repeat.
    pub idempotency_key: IdempotencyKey,
    /// How much; more than zero. Sent to the last digit.
    pub amount: Money,
    /// Whether the payer is there; one of the ways that the mandate allows.
    pub presence: PayerPresence,
}

impl MandatePaymentRequest {
    /// A payment without the payer, under a new key.
    ///
    /// # Errors
    /// There is no randomness for a key; see [`IdempotencyKey::mint`].
    pub fn new(amount: Money) -> Result<Self, Error> {
        Ok(Self::with_key(IdempotencyKey::mint()?, amount))
    }

    /// A payment without the payer, under a key of yours.
    #[must_use]
    pub fn with_key(idempotency_key: IdempotencyKey, amount: Money) -> Self {
        Self { idempotency_key, amount, presence: PayerPresence::NotNeeded }
    }

    /// Sets whether the payer is there.
    #[must_use]
    pub fn presence(mut self, presence: PayerPresence) -> Self {
        self.presence = presence;
        self
    }
}

/// Whether an account could bear a payment (UK Open Banking `OBVRPFundsConfirmationResponse`).
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct FundsConfirmation {
    /// Whether there were funds.
    pub available: bool,
    /// When that was so.
    pub at: Option<Timestamp>,
    /// How much was asked about.
    pub amount: Money,
    /// The provider's own value.
    #[serde(skip)]
    pub source: Source,
}
