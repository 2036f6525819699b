//! Scheduled payments.

use schemars::JsonSchema;
use serde::Serialize;

use super::code::codes;
use super::{Coded, DateOrTime, Money, OrderStatus, Party, PayeeKind, Sensitive, Source};

/// A single payment that is ordered for later (UK Open Banking `OBScheduledPayment3`).
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct ScheduledPayment {
    /// The provider's id.
    pub id: Option<String>,
    /// The account that pays.
    pub account_id: Option<String>,
    /// Its state.
    pub status: Option<Coded<OrderStatus>>,
    /// What the date is the date of.
    pub kind: Option<Coded<ScheduleKind>>,
    /// When it is due.
    pub date: Option<DateOrTime>,
    /// How much leaves the account, never negative.
    pub amount: Option<Money>,
    /// The name the holder gave it.
    #[schemars(with = "Option<String>")]
    pub nickname: Option<Sensitive>,
    /// The payment reference, which the creditor sees.
    pub reference: Option<String>,
    /// The holder's own reference.
    pub debtor_reference: Option<String>,
    /// Who is paid.
    pub creditor: Option<Party>,
    /// What kind of payee that is.
    pub creditor_kind: Option<Coded<PayeeKind>>,
    /// The provider's own value.
    #[serde(skip)]
    pub source: Source,
}

codes! {
    /// What the date of a scheduled payment is the date of (UK Open Banking `OBExternalScheduleType1Code`; ISO 20022
    /// has no codes for it).
    pub enum ScheduleKind {
        /// The money arrives at the creditor.
        Arrival,
        /// The money leaves the account.
        Execution,
    }
}
