//! Transactions.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

use super::code::codes;
use super::{
    AccountIdentifier, Balance, Coded, CreditDebit, Currency, DateOrTime, ListQuery, Money, Sensitive, Source,
};

/// An entry of an account (ISO 20022 `ReportEntry`).
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Transaction {
    /// The provider's id. Not every institution gives one, and some change it when an entry is booked.
    pub id: Option<String>,
    /// The account it belongs to.
    pub account_id: Option<String>,
    /// Whether it is booked.
    pub status: Option<Coded<TransactionStatus>>,
    /// Which way the money went.
    pub direction: CreditDebit,
    /// How much, never negative.
    pub amount: Money,
    /// When it was booked, or will be.
    pub booked_at: Option<DateOrTime>,
    /// When it counts for interest.
    pub value_at: Option<DateOrTime>,
    /// The payment reference.
    pub reference: Option<String>,
    /// What it is about, in the institution's words.
    pub description: Option<String>,
    /// The merchant.
    pub merchant: Option<Merchant>,
    /// Who received the money.
    pub creditor: Option<Party>,
    /// Who paid.
    pub debtor: Option<Party>,
    /// What kind of entry it is, as ISO 20022 codes it.
    pub bank_transaction_code: Option<BankTransactionCode>,
    /// What kind of entry it is, as the institution codes it.
    pub proprietary_code: Option<String>,
    /// The charge within the amount.
    pub charge: Option<Money>,
    /// The exchange that was made for it.
    pub exchange: Option<ExchangeRate>,
    /// The balance after it.
    pub balance: Option<Balance>,
    /// The provider's own value.
    #[serde(skip)]
    pub source: Source,
}

impl Transaction {
    /// The amount with a minus for a debit.
    #[must_use]
    pub fn signed_amount(&self) -> Decimal {
        self.amount.signed(self.direction)
    }
}

codes! {
    /// Whether a transaction is booked (ISO 20022 `ExternalEntryStatus1Code`).
    pub enum TransactionStatus {
        /// It is booked.
        Booked = "BOOK",
        /// It is expected to be booked.
        Pending = "PDNG",
        /// It was rejected; ISO 20022 has no entry status for it.
        Rejected,
    }
}

/// Who sold.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Merchant {
    /// The name.
    pub name: Option<String>,
    /// The merchant category code (ISO 18245).
    pub category_code: Option<String>,
}

/// Who is on the other side.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Party {
    /// The name.
    #[schemars(with = "Option<String>")]
    pub name: Option<Sensitive>,
    /// What its account is identified by.
    pub identifiers: Vec<AccountIdentifier>,
}

/// What kind of entry it is (ISO 20022 `BankTransactionCodeStructure4`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct BankTransactionCode {
    /// The domain, such as payments.
    pub domain: Option<String>,
    /// The family, such as issued credit transfers.
    pub family: Option<String>,
    /// The sub-family.
    pub sub_family: Option<String>,
}

/// An exchange between currencies.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct ExchangeRate {
    /// From.
    pub source_currency: Option<Currency>,
    /// To.
    pub target_currency: Option<Currency>,
    /// The currency that one unit of is priced.
    pub unit_currency: Option<Currency>,
    /// The price.
    #[serde(with = "rust_decimal::serde::str_option")]
    #[schemars(with = "Option<String>")]
    pub rate: Option<Decimal>,
}

/// Which transactions to read: the window is that of their booking.
pub type TransactionQuery = ListQuery;
