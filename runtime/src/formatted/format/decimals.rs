//! Decimals that are written as text.

use rust_decimal::Decimal;

use super::{Format, FormatError};

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
