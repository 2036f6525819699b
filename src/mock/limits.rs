//! What a mandate allows within a period.

use chrono::{Datelike, Days, Months, NaiveDate};
use rust_decimal::{Decimal, RoundingStrategy};

use crate::domain::{LimitAlignment, LimitPeriod, LimitRequest};

/// Days from one, inclusive, to another, exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
}

/// How long a period is.
enum Length {
    Days(u32),
    Months(u32),
}

fn length(period: LimitPeriod) -> Length {
    match period {
        LimitPeriod::Day => Length::Days(1),
        LimitPeriod::Week => Length::Days(7),
        LimitPeriod::Fortnight => Length::Days(14),
        LimitPeriod::Month => Length::Months(1),
        LimitPeriod::HalfYear => Length::Months(6),
        LimitPeriod::Year => Length::Months(12),
    }
}

/// The period of a limit that a day falls into, for a mandate that holds from `start` on; none before, and at the end of
/// all days.
pub(super) fn period(limit: &LimitRequest, start: NaiveDate, day: NaiveDate) -> Option<Period> {
    let length = length(limit.period);
    let first = match limit.alignment {
        LimitAlignment::Consent => start,
        LimitAlignment::Calendar => calendar_start(&length, start)?,
    };
    let number = match length {
        Length::Days(days) => u32::try_from((day - first).num_days()).ok()? / days,
        Length::Months(months) => {
            let apart = u32::try_from(month_number(day) - month_number(first)).ok()? / months;
            // A month that begins on the 31st is not over on the 1st.
            if after(first, &length, apart)? > day { apart.checked_sub(1)? } else { apart }
        }
    };
    Some(Period { from: after(first, &length, number)?, to: after(first, &length, number + 1)? })
}

/// So many periods later.
fn after(first: NaiveDate, length: &Length, number: u32) -> Option<NaiveDate> {
    match length {
        Length::Days(days) => first.checked_add_days(Days::new(u64::from(*days) * u64::from(number))),
        Length::Months(months) => first.checked_add_months(Months::new(months.checked_mul(number)?)),
    }
}

fn month_number(day: NaiveDate) -> i32 {
    day.year() * 12 + day.month0() as i32
}

/// Where the period of the calendar begins that a day falls into. Two weeks begin with a Monday, too.
fn calendar_start(length: &Length, day: NaiveDate) -> Option<NaiveDate> {
    match length {
        Length::Days(1) => Some(day),
        Length::Days(_) => day.checked_sub_days(Days::new(u64::from(day.weekday().num_days_from_monday()))),
        Length::Months(months) => NaiveDate::from_ymd_opt(day.year(), day.month0() / months * months + 1, 1),
    }
}

/// The most that payments within a period may be. In the first period of the calendar, that is in proportion to the days
/// on which the mandate holds, and rounded down to the minor unit.
pub(super) fn allowance(limit: &LimitRequest, start: NaiveDate, period: Period) -> Decimal {
    if period.from >= start {
        return limit.amount.amount;
    }
    let days = |from: NaiveDate| Decimal::from((period.to - from).num_days());
    let (held, all) = (days(start), days(period.from));
    let amount = limit.amount.amount;
    // The other way round is exact less often, and never too large.
    let part = amount.checked_mul(held).map_or_else(|| amount / all * held, |days| days / all);
    let places = u32::from(limit.amount.currency.minor_units().unwrap_or_default());
    part.round_dp_with_strategy(places, RoundingStrategy::ToZero)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::domain::{Currency, Money};

    fn limit(period: LimitPeriod, alignment: LimitAlignment) -> LimitRequest {
        LimitRequest { amount: Money::new(Decimal::new(10_000, 2), Currency::GBP), period, alignment }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn found(kind: LimitPeriod, alignment: LimitAlignment, start: &str, at: &str) -> String {
        let found = period(&limit(kind, alignment), day(start), day(at));
        found.map_or("none".to_owned(), |found| format!("{} {}", found.from, found.to))
    }

    #[test]
    fn a_period_begins_with_the_mandate_or_with_the_calendar() {
        use LimitAlignment::{Calendar, Consent};
        use LimitPeriod::{Day, Fortnight, HalfYear, Month, Week, Year};
        assert_eq!(found(Month, Consent, "2026-01-31", "2026-02-27"), "2026-01-31 2026-02-28");
        assert_eq!(found(Month, Consent, "2026-01-31", "2026-03-30"), "2026-02-28 2026-03-31");
        assert_eq!(found(Week, Consent, "2026-01-15", "2026-01-22"), "2026-01-22 2026-01-29");
        assert_eq!(found(Day, Calendar, "2026-01-15", "2026-01-20"), "2026-01-20 2026-01-21");
        assert_eq!(found(Week, Calendar, "2026-01-15", "2026-01-15"), "2026-01-12 2026-01-19");
        assert_eq!(found(Fortnight, Calendar, "2026-01-15", "2026-01-26"), "2026-01-26 2026-02-09");
        assert_eq!(found(Month, Calendar, "2026-01-15", "2026-02-28"), "2026-02-01 2026-03-01");
        assert_eq!(found(HalfYear, Calendar, "2026-01-15", "2026-12-31"), "2026-07-01 2027-01-01");
        assert_eq!(found(Year, Consent, "2024-02-29", "2025-02-28"), "2025-02-28 2026-02-28");
        assert_eq!(found(Month, Consent, "2026-01-15", "2026-01-14"), "none");
    }

    #[test]
    fn in_the_first_period_of_the_calendar_a_limit_holds_in_proportion() {
        let limit = limit(LimitPeriod::Month, LimitAlignment::Calendar);
        let allowed =
            |at: &str| allowance(&limit, day("2026-01-15"), period(&limit, day("2026-01-15"), day(at)).unwrap());
        assert_eq!(allowed("2026-01-15"), Decimal::new(54_83, 2), "17 of 31 days");
        assert_eq!(allowed("2026-02-01"), Decimal::new(10_000, 2));
    }
}
