//! Days and points in time.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime};
use obkit_runtime as runtime;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A point in time, with the offset the provider gave.
pub type Timestamp = DateTime<FixedOffset>;

/// A day, or a point in time (ISO 20022 `DateAndDateTime2Choice`).
///
/// Many banks book by the day. A day is no point in time without a time zone, and none is guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum DateOrTime {
    /// A point in time.
    Time(Timestamp),
    /// A day, as the bank's calendar has it.
    Date(NaiveDate),
}

impl DateOrTime {
    /// The day that the provider wrote: of a point in time, the day in the offset it gave.
    #[must_use]
    pub fn date(&self) -> NaiveDate {
        match self {
            Self::Time(time) => time.date_naive(),
            Self::Date(date) => *date,
        }
    }

    /// The point in time, when the provider gave one.
    #[must_use]
    pub fn time(&self) -> Option<Timestamp> {
        match self {
            Self::Time(time) => Some(*time),
            Self::Date(_) => None,
        }
    }

    /// Reads a date, or a date and time. Without an offset it is the date alone: the time of day belongs to no zone.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let local = || NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").ok().map(|local| local.date());
        let date = || text.parse::<NaiveDate>().ok().filter(|_| text.len() == 10).or_else(local).map(Self::Date);
        timestamp(&runtime::DateTime::from_text(text)).map(Self::Time).or_else(date)
    }
}

impl From<Timestamp> for DateOrTime {
    fn from(time: Timestamp) -> Self {
        Self::Time(time)
    }
}

impl From<NaiveDate> for DateOrTime {
    fn from(date: NaiveDate) -> Self {
        Self::Date(date)
    }
}

/// Reads a provider's date-time: RFC 3339, or ISO 8601 with a basic offset (`+0000`), which some
/// providers send. A text without an offset is refused: guessing one would move the instant.
pub(crate) fn timestamp(text: &runtime::DateTime) -> Option<Timestamp> {
    text.value().ok().or_else(|| DateTime::parse_from_str(text.as_str(), "%Y-%m-%dT%H:%M:%S%.f%z").ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_is_needed_in_either_form() {
        let read = |text: &str| timestamp(&runtime::DateTime::from_text(text)).map(|t| t.to_rfc3339());
        assert_eq!(read("2023-03-25T10:15:00Z").as_deref(), Some("2023-03-25T10:15:00+00:00"));
        assert_eq!(read("2023-03-25T10:15:00.5+0100").as_deref(), Some("2023-03-25T10:15:00.500+01:00"));
        assert_eq!(read("2023-03-25T10:15:00"), None);
        assert_eq!(read("yesterday"), None);
    }

    #[test]
    fn a_date_without_a_zone_is_a_date() {
        let day = NaiveDate::from_ymd_opt(2023, 3, 25).map(DateOrTime::Date);
        assert!(day.is_some());
        assert_eq!(DateOrTime::read("2023-03-25"), day);
        assert_eq!(DateOrTime::read("2023-03-25T23:15:00"), day, "no zone is guessed");
        let time = DateOrTime::read("2023-03-25T23:15:00-05:00");
        assert_eq!(
            time.and_then(|time| time.time()).map(|t| t.to_rfc3339()).as_deref(),
            Some("2023-03-25T23:15:00-05:00")
        );
        assert_eq!(time.map(|time| time.date()), day.map(|day| day.date()), "the day where it was written");
        for text in ["", "yesterday", "2023-3-5", "2023-02-30", "25/03/2023", "+12023-03-25"] {
            assert_eq!(DateOrTime::read(text), None, "{text}");
        }
    }
}
