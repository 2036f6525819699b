//! A JSON string whose schema names a format.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

mod format;

pub use format::{Format, FormatError};

use crate::one_of::unknown;

/// A point in time with its offset: `format: date-time` (RFC 3339, section 5.6).
#[cfg(feature = "dates")]
pub type DateTime = Formatted<chrono::DateTime<chrono::FixedOffset>>;

/// A calendar day: `format: date` (RFC 3339 `full-date`).
#[cfg(feature = "dates")]
pub type Date = Formatted<chrono::NaiveDate>;

/// An identifier: `format: uuid` (RFC 9562).
pub type Uuid = Formatted<uuid::Uuid>;

/// A decimal that the provider writes as a JSON *string*, such as `"100.20"`.
#[cfg(feature = "decimals")]
pub type DecimalText = Formatted<rust_decimal::Decimal>;

/// A JSON string whose schema names a format: lenient when received, strict when built.
///
/// Any string decodes and is kept byte for byte, because a provider's `2024-03-01T09:00:00` without an offset must
/// not make a page of transactions unreadable. [`value`](Self::value) gives the typed view on demand. The ways to
/// build one (`From<T>`, `parse`, `try_from`) accept only what the format allows; [`from_text`](Self::from_text) is
/// the door for a text that must be sent exactly as it is.
///
/// Equality and hashing are those of the text.
///
/// ```
/// use obkit_runtime::Date;
///
/// let received: Date = serde_json::from_str(r#""01/03/2024""#)?;
/// assert_eq!(received.as_str(), "01/03/2024");
/// assert!(received.value().is_err());
/// assert!("01/03/2024".parse::<Date>().is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
pub struct Formatted<T> {
    text: String,
    format: PhantomData<fn() -> T>,
}

impl<T> Formatted<T> {
    /// Keeps the text as it is, whatever the format says.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self { text: text.into(), format: PhantomData }
    }

    /// The text as received or built.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The text, without the wrapper.
    #[must_use]
    pub fn into_string(self) -> String {
        self.text
    }
}

impl<T: Format> Formatted<T> {
    /// The typed view.
    ///
    /// # Errors
    ///
    /// When the provider sent a text that is not in the format.
    pub fn value(&self) -> Result<T, FormatError> {
        T::parse(&self.text)
    }
}

#[cfg(feature = "dates")]
impl DateTime {
    /// The same instant in UTC.
    ///
    /// # Errors
    ///
    /// When the text is not a date-time with an offset: guessing the offset would move the instant.
    pub fn utc(&self) -> Result<chrono::DateTime<chrono::Utc>, FormatError> {
        self.value().map(|value| value.to_utc())
    }
}

impl<T: Format> From<T> for Formatted<T> {
    fn from(value: T) -> Self {
        Self::from_text(value.render())
    }
}

#[cfg(feature = "dates")]
impl From<chrono::DateTime<chrono::Utc>> for DateTime {
    fn from(value: chrono::DateTime<chrono::Utc>) -> Self {
        value.fixed_offset().into()
    }
}

impl<T: Format> TryFrom<String> for Formatted<T> {
    type Error = FormatError;

    fn try_from(text: String) -> Result<Self, FormatError> {
        T::parse(&text)?;
        Ok(Self::from_text(text))
    }
}

impl<T: Format> TryFrom<&str> for Formatted<T> {
    type Error = FormatError;

    fn try_from(text: &str) -> Result<Self, FormatError> {
        Self::try_from(text.to_owned())
    }
}

impl<T: Format> TryFrom<&String> for Formatted<T> {
    type Error = FormatError;

    fn try_from(text: &String) -> Result<Self, FormatError> {
        Self::try_from(text.clone())
    }
}

impl<T: Format> FromStr for Formatted<T> {
    type Err = FormatError;

    fn from_str(text: &str) -> Result<Self, FormatError> {
        Self::try_from(text)
    }
}

impl<T> Clone for Formatted<T> {
    fn clone(&self) -> Self {
        Self::from_text(self.text.clone())
    }
}

impl<T> PartialEq for Formatted<T> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<T> Eq for Formatted<T> {}

impl<T> Hash for Formatted<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl<T> AsRef<str> for Formatted<T> {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl<T> fmt::Display for Formatted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl<T> fmt::Debug for Formatted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

impl<T> Serialize for Formatted<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de, T: Format> Deserialize<'de> for Formatted<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        // Only where it tells alternatives apart is it worth the time.
        if unknown::is_counted() && T::parse(&text).is_err() {
            unknown::count(unknown::UNFORMATTED);
        }
        Ok(Self::from_text(text))
    }
}

#[cfg(test)]
mod tests;
