//! Points in time and calendar days.

use chrono::{DateTime, FixedOffset, NaiveDate, SecondsFormat};

use super::{Format, FormatError};

/// RFC 3339, section 5.6. Years after 9999 have no such form and render with five digits.
impl Format for DateTime<FixedOffset> {
    const NAME: &'static str = "an RFC 3339 date-time with an offset";

    fn parse(text: &str) -> Result<Self, FormatError> {
        // chrono also takes a blank between date and time; the grammar does not.
        match text.as_bytes().get(10) {
            Some(b'T' | b't') => Self::parse_from_rfc3339(text).map_err(|_| FormatError::of::<Self>()),
            _ => Err(FormatError::of::<Self>()),
        }
    }

    fn render(&self) -> String {
        self.to_rfc3339_opts(SecondsFormat::AutoSi, true)
    }
}

/// RFC 3339 `full-date`: four, two and two digits.
impl Format for NaiveDate {
    const NAME: &'static str = "a date as YYYY-MM-DD";

    fn parse(text: &str) -> Result<Self, FormatError> {
        let shaped = text.len() == 10
            && text.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !shaped {
            return Err(FormatError::of::<Self>());
        }
        text.parse().map_err(|_| FormatError::of::<Self>())
    }

    fn render(&self) -> String {
        self.format("%Y-%m-%d").to_string()
    }
}
