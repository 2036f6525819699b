//! How Yapily takes a payment that is made again and again.

use std::num::NonZeroU8;

use chrono::Weekday;
use obkit_runtime::DateTime;
use obkit_yapily::types as yapily;

use super::party::WRITER;
use crate::domain::{PaymentEnd, PaymentFrequency, PeriodicPayment};
use crate::error::Error;
use crate::provider::mapping::invalid_request;

pub(super) fn periodic(source: &PeriodicPayment) -> Result<yapily::PeriodicPaymentRequest, Error> {
    let mut body = yapily::PeriodicPaymentRequest::new(frequency(source.frequency)?);
    match source.end {
        PaymentEnd::Open => {}
        PaymentEnd::After(times) => {
            let times = i32::try_from(times.get()).map_err(|_| WRITER.unsupported("as many payments as that"))?;
            body.number_of_payments = Some(times);
        }
        PaymentEnd::On(last) => {
            if last < source.first {
                return Err(invalid_request("the last payment is before the first"));
            }
            body.final_payment_date_time = Some(DateTime::from(last));
        }
    }
    Ok(body)
}

/// A frequency by its name. `intervalWeek` and `intervalMonth` only repeat the name: a bank that overlooked a longer interval
/// would pay too often.
fn frequency(source: PaymentFrequency) -> Result<yapily::FrequencyRequest, Error> {
    use yapily::FrequencyEnumExtended as Name;
    let (name, day) = match source {
        PaymentFrequency::Daily => (Name::Daily, None),
        PaymentFrequency::EveryWorkingDay => (Name::EveryWorkingDay, None),
        PaymentFrequency::Weekly { every, day } => {
            let name = match every.get() {
                1 => Name::Weekly,
                2 => Name::EveryTwoWeeks,
                _ => return Err(WRITER.unsupported("payments every so many weeks but one or two")),
            };
            (name, day.map(|day: Weekday| day.number_from_monday()))
        }
        PaymentFrequency::Monthly { every, day } => {
            let name = match every.get() {
                1 => Name::Monthly,
                2 => Name::EveryTwoMonths,
                3 => Name::Quarterly,
                6 => Name::Semiannual,
                12 => Name::Annual,
                _ => return Err(WRITER.unsupported("payments every so many months but 1, 2, 3, 6 or 12")),
            };
            (name, day.map(day_of_month).transpose()?)
        }
    };
    let mut body = yapily::FrequencyRequest::new(name.clone());
    body.interval_week = (name == Name::Weekly).then_some(1);
    body.interval_month = (name == Name::Monthly).then_some(1);
    body.execution_day = day.and_then(|day| i32::try_from(day).ok());
    Ok(body)
}

fn day_of_month(day: NonZeroU8) -> Result<u32, Error> {
    match day.get() {
        day @ 1..=31 => Ok(u32::from(day)),
        _ => Err(invalid_request("a month has no such day")),
    }
}
