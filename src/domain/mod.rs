//! The shared domain: what every provider means, in the terms of ISO 20022 and open banking.
//!
//! * Amounts are exact and never negative; [`CreditDebit`] says which way the money went.
//! * Where ISO 20022 has a code, a status or kind carries it, and the provider's own word stays
//!   beside it ([`Coded`]).
//! * What has no place here stays reachable: every object hands back the provider's typed value
//!   it was mapped from ([`Source`]).
//! * Account numbers, names and tokens are [`Sensitive`]: no `Debug` shows them.

mod account;
mod address;
mod balance;
mod code;
mod consent;
mod currency;
mod direct_debit;
mod identifier;
mod identity;
mod instalment;
mod institution;
mod make;
mod mandate;
mod money;
mod order;
mod page;
mod payee;
mod payment;
mod payment_link;
mod query;
mod refresh_job;
mod scheduled_payment;
mod setters;
mod source;
mod standing_order;
mod statement;
mod time;
mod transaction;
mod user;
mod webhook;

pub use account::{Account, AccountKind, AccountStatus, AccountUsage};
pub use address::{AddressKind, PostalAddress};
pub use balance::{Balance, BalanceType, CreditLine};
pub use code::{Code, Coded};
pub use consent::{Consent, ConsentReference, ConsentRequest, ConsentStatus, IllegalTransition};
pub use currency::{Currency, InvalidCurrency};
pub use direct_debit::DirectDebit;
pub use identifier::{AccountIdentifier, InvalidIdentifier};
pub use identity::{ContactPoint, Identity};
pub use instalment::Instalment;
pub use institution::Institution;
pub use mandate::{
    FundsConfirmation, LimitAlignment, LimitPeriod, LimitRequest, Mandate, MandateKind, MandatePaymentRequest,
    MandateRequest, PayerPresence, PeriodicLimit,
};
pub use money::{CreditDebit, Money};
pub use obkit_runtime::Sensitive;
pub use order::OrderStatus;
pub use page::{Cursor, Page};
pub use payee::{Payee, PayeeKind};
pub use payment::{
    AuthorisationRequest, BulkPaymentRequest, ChargeBearer, Creditor, Debtor, IdempotencyKey, InternationalTransfer,
    InvalidIdempotencyKey, Payment, PaymentAuthorisation, PaymentEnd, PaymentFrequency, PaymentRequest, PaymentStatus,
    PaymentTiming, PeriodicPayment,
};
pub use payment_link::{PaymentLink, PaymentLinkFilter, PaymentLinkQuery, PaymentLinkRequest, PaymentLinkStatus};
pub use query::ListQuery;
pub use refresh_job::{RefreshJob, RefreshJobStatus};
pub use scheduled_payment::{ScheduleKind, ScheduledPayment};
pub use source::Source;
pub use standing_order::{Frequency, FrequencyCode, StandingOrder};
pub use statement::{Statement, StatementFile, StatementQuery};
pub(crate) use time::timestamp;
pub use time::{DateOrTime, Timestamp};
pub use transaction::{
    BankTransactionCode, ExchangeRate, Merchant, Party, Transaction, TransactionQuery, TransactionStatus,
};
pub use user::{User, UserRequest};
pub use webhook::{
    RegistrationStatus, WebhookDelivery, WebhookEvent, WebhookEventType, WebhookKind, WebhookRegistration,
    WebhookRequest, WebhookStatus,
};
