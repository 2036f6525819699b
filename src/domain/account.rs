//! Accounts and what they are identified by.

use schemars::JsonSchema;
use serde::Serialize;

use super::code::codes;
use super::{AccountIdentifier, Balance, Coded, Currency, Sensitive, Source};

/// An account at an institution (ISO 20022 `CashAccount`).
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Account {
    /// The provider's id of the account, which its other calls take. Not an account number.
    pub id: String,
    /// Its currency.
    pub currency: Option<Currency>,
    /// Its state.
    pub status: Option<Coded<AccountStatus>>,
    /// Who uses it.
    pub usage: Option<Coded<AccountUsage>>,
    /// What it is for.
    pub kind: Option<Coded<AccountKind>>,
    /// The name the institution gives the product.
    pub description: Option<String>,
    /// The name the holder gave it.
    #[schemars(with = "Option<String>")]
    pub nickname: Option<Sensitive>,
    /// The names of its holders.
    #[schemars(with = "Vec<String>")]
    pub holders: Vec<Sensitive>,
    /// What it is identified by; one entry per scheme.
    pub identifiers: Vec<AccountIdentifier>,
    /// Balances, where the provider sends them with the account.
    pub balances: Vec<Balance>,
    /// The provider's own value.
    #[serde(skip)]
    pub source: Source,
}

codes! {
    /// The state of an account (ISO 20022 `AccountStatus3Code`).
    pub enum AccountStatus {
        /// It can be used.
        Enabled = "ENAB",
        /// It cannot be used at the moment.
        Disabled = "DISA",
        /// It is closed.
        Deleted = "DELE",
        /// It is being opened.
        Pending = "PEND",
        /// It was opened in form only.
        ProForma = "FORM",
    }
}

codes! {
    /// Who uses an account.
    pub enum AccountUsage {
        /// A person.
        Personal = "PRIV",
        /// An organisation.
        Business = "ORGA",
    }
}

codes! {
    /// What an account is for (ISO 20022 `ExternalCashAccountType1Code`).
    pub enum AccountKind {
        /// Everyday payments.
        Current = "CACC",
        /// Savings.
        Savings = "SVGS",
        /// A card.
        Card = "CARD",
        /// A loan.
        Loan = "LOAN",
        /// A mortgage.
        Mortgage = "MORT",
        /// Cash payments.
        CashPayment = "CASH",
        /// Cash income.
        CashIncome = "CISH",
        /// Trading.
        CashTrading = "TRAD",
        /// Charges.
        Charges = "CHAR",
        /// Commission.
        Commission = "COMM",
        /// Savings with notice.
        LimitedLiquiditySavings = "LLSV",
        /// Lending by a central bank against collateral.
        MarginalLending = "MGLD",
        /// Money market.
        MoneyMarket = "MOMA",
        /// Non-resident, external.
        NonResidentExternal = "NREX",
        /// An overdraft.
        Overdraft = "ODFT",
        /// Overnight deposit.
        OvernightDeposit = "ONDP",
        /// Salary.
        Salary = "SLRY",
        /// Settlement of trades and of other accounts.
        Settlement = "SACC",
        /// Tax.
        Tax = "TAXE",
        /// Electronic money; ISO 20022 has no code for it.
        EMoney,
        /// Money bound for a term, such as a certificate of deposit; ISO 20022 has no code for it.
        TimeDeposit,
        /// Credit up to a limit, drawn as needed; ISO 20022 has no code for it.
        LineOfCredit,
        /// Securities and the cash beside them; ISO 20022 has no code for it.
        Investment,
        /// Provision for old age; ISO 20022 has no code for it.
        Pension,
        /// An account of an institution's own books; ISO 20022 has no code for it.
        GeneralLedger,
    }
}
