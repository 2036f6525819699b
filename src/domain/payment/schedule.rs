//! When a payment is made.

use std::num::{NonZeroU8, NonZeroU32};

use chrono::Weekday;

use crate::domain::Timestamp;

/// When a payment is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PaymentTiming {
    /// As soon as it is submitted, the way the bank usually does.
    #[default]
    Now,
    /// As soon as it is submitted, and with the payee within seconds (SEPA Instant, Faster Payments).
    Instant,
    /// Once, at a later date.
    On(Timestamp),
    /// Again and again: a standing order.
    Periodic(PeriodicPayment),
}

/// A payment that is made again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeriodicPayment {
    /// When it is made for the first time.
    pub first: Timestamp,
    /// How often.
    pub frequency: PaymentFrequency,
    /// How long.
    pub end: PaymentEnd,
}

/// How often a payment shall be made: what can be asked for, so that nothing contradictory can. What a provider says of an
/// order that stands, as far as it says anything, is a [`Frequency`](crate::domain::Frequency).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PaymentFrequency {
    /// Each day.
    Daily,
    /// Each working day.
    EveryWorkingDay,
    /// Every so many weeks.
    Weekly {
        /// How many weeks from one payment to the next.
        every: NonZeroU8,
        /// On which day; that of the first payment when absent.
        day: Option<Weekday>,
    },
    /// Every so many months: 3 is each quarter, 12 each year.
    Monthly {
        /// How many months from one payment to the next.
        every: NonZeroU8,
        /// On which day of the month, 1 to 31; that of the first payment when absent.
        day: Option<NonZeroU8>,
    },
}

impl PaymentFrequency {
    /// Each week.
    pub const WEEKLY: Self = Self::Weekly { every: NonZeroU8::MIN, day: None };
    /// Each month.
    pub const MONTHLY: Self = Self::Monthly { every: NonZeroU8::MIN, day: None };
}

/// How long a payment is made again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PaymentEnd {
    /// Until it is called back.
    Open,
    /// So many times in all.
    After(NonZeroU32),
    /// For the last time at this moment.
    On(Timestamp),
}
