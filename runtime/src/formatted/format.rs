//! The formats that a [`Formatted`](crate::Formatted) string can name.

use std::fmt;

use chrono::{DateTime, FixedOffset, NaiveDate, SecondsFormat};
use rust_decimal::Decimal;
use uuid::Uuid;

/// A type with one textual form, named by `format` in a schema.
pub trait Format: Sized {
    /// What the text is, for messages: `an RFC 3339 date-time`.
    const NAME: &'static str;

    /// Reads the text strictly: nothing is trimmed, guessed or rounded.
    ///
    /// # Errors
    ///
    /// When the text is not in the format.
    fn parse(text: &str) -> Result<Self, FormatError>;

    /// Writes the value in the format.
    fn render(&self) -> String;
}

/// A text is not in the format that the schema names. Says which format, never the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormatError {
    expected: &'static str,
}

impl FormatError {
    /// An error of the format `T`.
    #[must_use]
    pub const fn of<T: Format>() -> Self {
        Self { expected: T::NAME }
    }

    /// What the text should have been.
    #[must_use]
    pub const fn expected(&self) -> &'static str {
        self.expected
    }
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not {}", self.expected)
    }
}

impl std::error::Error for FormatError {}

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

/// RFC 9562, section 4: the hyphenated form only.
impl Format for Uuid {
    const NAME: &'static str = "a UUID";

    fn parse(text: &str) -> Result<Self, FormatError> {
        const HYPHENATED: usize = 36;
        if text.len() != HYPHENATED {
            return Err(FormatError::of::<Self>());
        }
        Self::try_parse(text).map_err(|_| FormatError::of::<Self>())
    }

    fn render(&self) -> String {
        self.hyphenated().to_string()
    }
}

/// Digits with an optional sign `-` and an optional fraction; no exponent, no blanks, no grouping.
impl Format for Decimal {
    const NAME: &'static str = "a decimal number of at most 28 digits";

    fn parse(text: &str) -> Result<Self, FormatError> {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (integer, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(integer) || !digits(fraction) {
            return Err(FormatError::of::<Self>());
        }
        Self::from_str_exact(text).map_err(|_| FormatError::of::<Self>())
    }

    fn render(&self) -> String {
        self.to_string()
    }
}
