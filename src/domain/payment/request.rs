//! What is asked for.

use crate::domain::code::codes;
use crate::domain::setters::setters;
use crate::domain::{AccountIdentifier, Currency, Money, Sensitive, Timestamp};
use crate::error::Error;

use super::{IdempotencyKey, PaymentTiming};

/// Who is asked for permission, and where.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct AuthorisationRequest {
    /// The institution, by its id at the provider.
    pub institution_id: String,
    /// Your own id of the payer; some providers need it.
    pub user_id: Option<String>,
    /// Where the payer comes back to.
    pub redirect_url: Option<String>,
}

impl AuthorisationRequest {
    /// Asks a payer at an institution.
    #[must_use]
    pub fn new(institution_id: impl Into<String>) -> Self {
        Self { institution_id: institution_id.into(), user_id: None, redirect_url: None }
    }
}

setters! {
    AuthorisationRequest {
        /// Sets your own id of the payer.
        user_id: into String,
        /// Sets where the payer comes back to.
        redirect_url: into String,
    }
}

/// A payment to make. Authorise, submit and repeat it with the same value: it holds the key that makes it one payment.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PaymentRequest {
    /// The key by which the provider knows a repetition.
    pub idempotency_key: IdempotencyKey,
    /// Who is paid.
    pub creditor: Creditor,
    /// How much, in major units; more than zero. Sent to the last digit.
    pub amount: Money,
    /// When.
    pub timing: PaymentTiming,
    /// What a payment abroad needs beside that; `None` for a domestic payment.
    pub international: Option<InternationalTransfer>,
    /// Who pays; else the payer chooses the account at the bank.
    pub debtor: Option<Debtor>,
    /// What the payee reads. How long it may be is the provider's matter.
    pub reference: Option<String>,
    /// The purpose (ISO 20022 `ExternalPurpose1Code`), such as `SUPP`.
    pub purpose_code: Option<String>,
    /// Whether the account of the payer shall be told, for a refund.
    pub read_refund_account: bool,
}

impl PaymentRequest {
    /// A payment under a new key: domestic, and now.
    ///
    /// # Errors
    /// There is no randomness for a key; see [`IdempotencyKey::mint`].
    pub fn new(creditor: Creditor, amount: Money) -> Result<Self, Error> {
        Ok(Self::with_key(IdempotencyKey::mint()?, creditor, amount))
    }

    /// A payment under a key of yours: domestic, and now.
    #[must_use]
    pub fn with_key(idempotency_key: IdempotencyKey, creditor: Creditor, amount: Money) -> Self {
        Self {
            idempotency_key,
            creditor,
            amount,
            timing: PaymentTiming::Now,
            international: None,
            debtor: None,
            reference: None,
            purpose_code: None,
            read_refund_account: false,
        }
    }

    /// Sets when it is made.
    #[must_use]
    pub fn timing(mut self, timing: PaymentTiming) -> Self {
        self.timing = timing;
        self
    }

    /// Asks for the account of the payer, for a refund.
    #[must_use]
    pub fn read_refund_account(mut self) -> Self {
        self.read_refund_account = true;
        self
    }
}

setters! {
    PaymentRequest {
        /// Makes it a payment abroad.
        international: InternationalTransfer,
        /// Sets who pays.
        debtor: Debtor,
        /// Sets what the payee reads.
        reference: into String,
        /// Sets the purpose.
        purpose_code: into String,
    }
}

/// Who is paid (ISO 20022 `Creditor`).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Creditor {
    /// The name on the account: banks compare it (confirmation of payee).
    pub name: Sensitive,
    /// The account.
    pub account: AccountIdentifier,
    /// The bank, by its BIC (ISO 9362), where the account does not tell it.
    pub bank: Option<String>,
    /// Where the payee lives: an ISO 3166-1 alpha-2 code. Payments abroad often need it.
    pub country: Option<String>,
}

impl Creditor {
    /// A payee by name and account.
    #[must_use]
    pub fn new(name: impl Into<Sensitive>, account: AccountIdentifier) -> Self {
        Self { name: name.into(), account, bank: None, country: None }
    }
}

setters! {
    Creditor {
        /// Sets the bank, by its BIC.
        bank: into String,
        /// Sets the country.
        country: into String,
    }
}

/// Who pays (ISO 20022 `Debtor`).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Debtor {
    /// The name on the account.
    pub name: Option<Sensitive>,
    /// The account.
    pub account: AccountIdentifier,
}

impl Debtor {
    /// A payer by account.
    #[must_use]
    pub fn new(account: AccountIdentifier) -> Self {
        Self { name: None, account }
    }
}

setters! {
    Debtor {
        /// Sets the name.
        name: into Sensitive,
    }
}

/// What a payment abroad needs.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct InternationalTransfer {
    /// The currency that the payee gets.
    pub currency_of_transfer: Currency,
    /// Who bears the charges; else as the bank does.
    pub charge_bearer: Option<ChargeBearer>,
    /// What it is for, in words.
    pub purpose: Option<String>,
}

impl InternationalTransfer {
    /// A transfer in a currency.
    #[must_use]
    pub fn new(currency_of_transfer: Currency) -> Self {
        Self { currency_of_transfer, charge_bearer: None, purpose: None }
    }
}

setters! {
    InternationalTransfer {
        /// Sets who bears the charges.
        charge_bearer: ChargeBearer,
        /// Sets what it is for.
        purpose: into String,
    }
}

codes! {
    /// Who bears the charges (ISO 20022 `ChargeBearerType1Code`).
    pub enum ChargeBearer {
        /// The payer.
        Debtor = "DEBT",
        /// The payee.
        Creditor = "CRED",
        /// Each their own bank's.
        Shared = "SHAR",
        /// As the service level says.
        ServiceLevel = "SLEV",
    }
}

/// Several payments that are authorised together.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct BulkPaymentRequest {
    /// The key by which the provider knows a repetition of the whole. Each payment has its own beside it.
    pub idempotency_key: IdempotencyKey,
    /// The payments; at least one.
    pub payments: Vec<PaymentRequest>,
    /// When they are made; else at once.
    pub execution_at: Option<Timestamp>,
    /// Your number at the scheme, where it wants one.
    pub originator: Option<String>,
}

impl BulkPaymentRequest {
    /// Several payments under a new key.
    ///
    /// # Errors
    /// There is no randomness for a key; see [`IdempotencyKey::mint`].
    pub fn new(payments: Vec<PaymentRequest>) -> Result<Self, Error> {
        Ok(Self::with_key(IdempotencyKey::mint()?, payments))
    }

    /// Several payments under a key of yours.
    #[must_use]
    pub fn with_key(idempotency_key: IdempotencyKey, payments: Vec<PaymentRequest>) -> Self {
        Self { idempotency_key, payments, execution_at: None, originator: None }
    }
}

setters! {
    BulkPaymentRequest {
        /// Sets when they are made.
        execution_at: Timestamp,
        /// Sets your number at the scheme.
        originator: into String,
    }
}
