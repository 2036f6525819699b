//! The shared domain: what every provider means, in the terms of ISO 20022 and open banking.
//!
//! * Amounts are exact and never negative; [`CreditDebit`] says which way the money went.
//! * Where ISO 20022 has a code, a status or kind carries it, and the provider's own word stays
//!   beside it ([`Coded`]).
//! * What has no place here stays reachable: every object hands back the provider's typed value
//!   it was mapped from ([`Source`]).
//! * Account numbers, names and tokens are [`Sensitive`]: no `Debug` shows them.

mod account;
mod balance;
mod code;
mod consent;
mod currency;
mod identifier;
mod institution;
mod money;
mod page;
mod source;
mod time;
mod transaction;
mod webhook;

pub use account::{Account, AccountKind, AccountStatus, AccountUsage};
pub use balance::{Balance, BalanceType, CreditLine};
pub use code::{Code, Coded};
pub use consent::{Consent, ConsentReference, ConsentRequest, ConsentStatus, IllegalTransition};
pub use currency::{Currency, InvalidCurrency};
pub use identifier::{AccountIdentifier, InvalidIdentifier};
pub use institution::Institution;
pub use money::{CreditDebit, Money};
pub use obkit_runtime::Sensitive;
pub use page::{Cursor, Page};
pub use source::Source;
pub(crate) use time::timestamp;
pub use time::{DateOrTime, Timestamp};
pub use transaction::{
    BankTransactionCode, ExchangeRate, Merchant, Party, Transaction, TransactionQuery, TransactionStatus,
};
pub use webhook::{WebhookEvent, WebhookKind, WebhookStatus};
