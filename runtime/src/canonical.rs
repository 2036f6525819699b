//! The value of a JSON number, apart from how it was written.

/// Sign, significant digits and exponent: one form per value, so that equality and hashing are those of the derive.
#[derive(PartialEq, Eq, Hash)]
pub(crate) enum Canonical {
    Zero,
    /// `digits * 10^exponent`; the digits neither start nor end with a zero.
    Scaled {
        negative: bool,
        digits: String,
        exponent: i64,
    },
    /// An exponent beyond `i64`. No two spellings of such a number are worth comparing.
    Immense(String),
}

impl Canonical {
    /// The canonical form of a text that is known to be a JSON number.
    pub(crate) fn of(text: &str) -> Self {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));

        let all = format!("{integer}{fraction}");
        let digits = all.trim_matches('0');
        if digits.is_empty() {
            return Self::Zero;
        }
        let trailing = all.len() - all.trim_end_matches('0').len();
        let shift = i64::try_from(trailing)
            .ok()
            .zip(i64::try_from(fraction.len()).ok())
            .map(|(trailing, fraction)| trailing - fraction);
        let exponent = exponent.parse::<i64>().ok();
        match exponent.zip(shift).and_then(|(exponent, shift)| exponent.checked_add(shift)) {
            Some(exponent) => Self::Scaled { negative, digits: digits.to_owned(), exponent },
            None => Self::Immense(text.to_owned()),
        }
    }

    /// The same value in fixed point, if it fits without rounding.
    #[cfg(feature = "decimals")]
    pub(crate) fn to_fixed(&self) -> Option<rust_decimal::Decimal> {
        use rust_decimal::Decimal as Fixed;

        let Self::Scaled { negative, digits, exponent } = self else {
            return matches!(self, Self::Zero).then_some(Fixed::ZERO);
        };
        let magnitude: i128 = digits.parse().ok()?;
        let signed = if *negative { -magnitude } else { magnitude };
        match u32::try_from(*exponent) {
            Ok(zeros) => {
                let scaled = signed.checked_mul(10_i128.checked_pow(zeros)?)?;
                Fixed::try_from_i128_with_scale(scaled, 0).ok()
            }
            Err(_) => {
                let places = u32::try_from(exponent.checked_neg()?).ok()?;
                Fixed::try_from_i128_with_scale(signed, places).ok()
            }
        }
    }
}

/// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
pub(crate) fn is_json_number(text: &str) -> bool {
    /// What follows a run of at least one digit.
    fn digits(text: &str) -> Option<&str> {
        let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
        (rest.len() < text.len()).then_some(rest)
    }

    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let integer = match unsigned.strip_prefix('0') {
        Some(rest) => Some(rest),
        None => digits(unsigned),
    };
    let fraction = integer.and_then(|rest| match rest.strip_prefix('.') {
        Some(rest) => digits(rest),
        None => Some(rest),
    });
    let exponent = fraction.and_then(|rest| match rest.strip_prefix(['e', 'E']) {
        Some(rest) => digits(rest.strip_prefix(['+', '-']).unwrap_or(rest)),
        None => Some(rest),
    });
    exponent == Some("")
}
