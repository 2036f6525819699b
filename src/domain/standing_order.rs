//! Standing orders.

use schemars::JsonSchema;
use serde::Serialize;

use super::code::codes;
use super::{Coded, Instalment, OrderStatus, Party, Source};

/// An order to pay somebody again and again (UK Open Banking `OBStandingOrder6`).
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct StandingOrder {
    /// The provider's id.
    pub id: Option<String>,
    /// The account that pays.
    pub account_id: Option<String>,
    /// Its state.
    pub status: Option<Coded<OrderStatus>>,
    /// How often it pays.
    pub frequency: Option<Frequency>,
    /// The payment reference.
    pub reference: Option<String>,
    /// Who is paid.
    pub creditor: Option<Party>,
    /// The first payment.
    pub first: Option<Instalment>,
    /// The payment before now.
    pub previous: Option<Instalment>,
    /// The payment that comes next.
    pub next: Option<Instalment>,
    /// The last payment.
    pub last: Option<Instalment>,
    /// How many payments there are in all.
    pub number_of_payments: Option<u32>,
    /// The provider's own value.
    #[serde(skip)]
    pub source: Source,
}

/// How often an order pays (ISO 20022 `Frequency36Choice`: a code, or a code with an interval and a day).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Frequency {
    /// How often, in words.
    pub period: Option<Coded<FrequencyCode>>,
    /// How many weeks from one payment to the next.
    pub interval_weeks: Option<u32>,
    /// How many months from one payment to the next.
    pub interval_months: Option<u32>,
    /// On which day of the week or the month it pays, as the provider counts: of some, a negative day counts from
    /// the end of the month.
    pub execution_day: Option<i32>,
}

codes! {
    /// How often (ISO 20022 `Frequency6Code`).
    pub enum FrequencyCode {
        /// Each day.
        Daily = "DAIL",
        /// Each working day; ISO 20022 has no code for it.
        EveryWorkingDay,
        /// Each week.
        Weekly = "WEEK",
        /// Every two weeks.
        Fortnightly = "FRTN",
        /// Each month.
        Monthly = "MNTH",
        /// Every two months; ISO 20022 has no code for it.
        EveryTwoMonths,
        /// Each quarter.
        Quarterly = "QURT",
        /// Twice a year.
        SemiAnnual = "MIAN",
        /// Each year.
        Annual = "YEAR",
    }
}
