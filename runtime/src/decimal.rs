//! An exact number of JSON.

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use rust_decimal::Decimal as Fixed;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

mod visitor;

use crate::canonical::{Canonical, is_json_number};

/// The newtype name by which `serde_json` recognises a request for the raw text of a value.
const RAW_VALUE: &str = "$serde_json::private::RawValue";

/// A decimal that reads and writes a JSON *number* without loss.
///
/// Use it wherever a schema says `type: number`: amounts, rates, percentages. `100.20` stays `100.20`, and a number
/// that fits neither `f64` nor [`rust_decimal::Decimal`] keeps its exact text. Where the provider writes decimals as
/// JSON *strings*, use [`DecimalText`](crate::DecimalText).
///
/// Two decimals are equal when their values are: `1.0 == 1.00`.
///
/// Reading is exact when `serde_json` parses text directly. Behind `#[serde(flatten)]`, an untagged enum or a
/// `serde_json::Value`, serde hands over a binary float, and the decimal is the shortest text of that float: exact up
/// to 15 significant digits, and without trailing zeros.
///
/// The grammar is that of RFC 8259, section 6.
///
/// ```
/// use obkit_runtime::Decimal;
///
/// let amount: Decimal = serde_json::from_str("100.20")?;
/// assert_eq!(serde_json::to_string(&amount)?, "100.20");
/// assert_eq!(amount, "100.2".parse::<Decimal>()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Decimal(Repr);

#[derive(Clone)]
enum Repr {
    /// Its own `Display` is the number's text.
    Fixed(Fixed),
    /// The text of a number that `Fixed` cannot hold, or would write differently (`1e-2`, `-0`).
    Text(Box<str>),
}

/// The text is not a number in the grammar of JSON (RFC 8259, section 6).
///
/// The text itself is not repeated: an amount does not belong into a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParseDecimalError;

impl fmt::Display for ParseDecimalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a JSON number")
    }
}

impl std::error::Error for ParseDecimalError {}

impl Decimal {
    /// The value for arithmetic, or `None` when it needs more than 96 bits of digits or 28 decimal places.
    ///
    /// Never rounds.
    #[must_use]
    pub fn to_decimal(&self) -> Option<Fixed> {
        match &self.0 {
            Repr::Fixed(fixed) => Some(*fixed),
            Repr::Text(text) => Canonical::of(text).to_fixed(),
        }
    }

    fn text(&self) -> Cow<'_, str> {
        match &self.0 {
            Repr::Fixed(fixed) => Cow::Owned(fixed.to_string()),
            Repr::Text(text) => Cow::Borrowed(text),
        }
    }
}

impl FromStr for Decimal {
    type Err = ParseDecimalError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if !is_json_number(text) {
            return Err(ParseDecimalError);
        }
        Ok(Self(match Fixed::from_str_exact(text) {
            Ok(fixed) if fixed.to_string() == text => Repr::Fixed(fixed),
            _ => Repr::Text(text.into()),
        }))
    }
}

impl From<Fixed> for Decimal {
    fn from(fixed: Fixed) -> Self {
        Self(Repr::Fixed(fixed))
    }
}

macro_rules! from_integer {
    ($($integer:ty),*) => {$(
        impl From<$integer> for Decimal {
            fn from(integer: $integer) -> Self {
                Self(Repr::Fixed(Fixed::from(integer)))
            }
        }
    )*};
}
from_integer!(i32, i64, u32, u64);

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text())
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Decimal({})", self.text())
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Repr::Fixed(left), Repr::Fixed(right)) => left == right,
            _ => Canonical::of(&self.text()) == Canonical::of(&other.text()),
        }
    }
}

impl Eq for Decimal {}

impl Hash for Decimal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Canonical::of(&self.text()).hash(state);
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.text();
        // A native number goes through every serializer; only `serde_json` understands a raw one.
        if let Some(integer) = text.parse::<i64>().ok().filter(|n| n.to_string() == text) {
            return serializer.serialize_i64(integer);
        }
        if let Some(integer) = text.parse::<u64>().ok().filter(|n| n.to_string() == text) {
            return serializer.serialize_u64(integer);
        }
        if let Some(float) = text.parse::<f64>().ok().filter(|n| writes_as(*n, &text)) {
            return serializer.serialize_f64(float);
        }
        RawValue::from_string(text.into_owned()).map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

fn writes_as(float: f64, text: &str) -> bool {
    serde_json::Number::from_f64(float).is_some_and(|number| number.to_string() == text)
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(RAW_VALUE, visitor::NumberVisitor)
    }
}

#[cfg(test)]
mod tests;
