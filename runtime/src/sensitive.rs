//! A string that must not be seen.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use secrecy::{ExposeSecret, SecretString};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use subtle::ConstantTimeEq;

/// Personal data, an account number or a token, carried as a JSON string.
///
/// It has no `Display`, its `Debug` prints `[redacted]`, it compares in constant time, and its memory is wiped when it
/// is dropped. [`expose`](Self::expose) is the one way to the text, so a reviewer can search for it. It serialises
/// as the plain string: that is what the provider needs.
///
/// ```
/// use obkit_runtime::Sensitive;
///
/// let iban = Sensitive::from("GB33BUKB20201555555555");
/// assert_eq!(format!("{iban:?}"), "[redacted]");
/// assert_eq!(iban.expose().len(), 22);
/// ```
#[derive(Clone)]
pub struct Sensitive(SecretString);

impl Sensitive {
    /// The text. Do not log it.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl From<&str> for Sensitive {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Sensitive {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&String> for Sensitive {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<SecretString> for Sensitive {
    fn from(secret: SecretString) -> Self {
        Self(secret)
    }
}

impl From<Sensitive> for SecretString {
    fn from(sensitive: Sensitive) -> Self {
        sensitive.0
    }
}

impl FromStr for Sensitive {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.into())
    }
}

impl fmt::Debug for Sensitive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl PartialEq for Sensitive {
    fn eq(&self, other: &Self) -> bool {
        self.expose().as_bytes().ct_eq(other.expose().as_bytes()).into()
    }
}

impl Eq for Sensitive {}

impl Serialize for Sensitive {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

impl<'de> Deserialize<'de> for Sensitive {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_string(SensitiveVisitor)
    }
}

struct SensitiveVisitor;

impl Visitor<'_> for SensitiveVisitor {
    type Value = Sensitive;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Sensitive, E> {
        Ok(text.into())
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Sensitive, E> {
        Ok(text.into())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn is_a_plain_string_on_the_wire_and_nowhere_else() {
        let token: Sensitive = serde_json::from_str(r#""s3cret""#).unwrap();
        assert_eq!(serde_json::to_string(&token).unwrap(), r#""s3cret""#);
        assert_eq!(format!("{token:?} {:#?}", Some(&token)), "[redacted] Some(\n    [redacted],\n)");
    }

    #[test]
    fn compares_by_text() {
        let token = Sensitive::from("s3cret");
        assert_eq!(token, "s3cret".parse().unwrap());
        assert_ne!(token, Sensitive::from("s3creT"));
        assert_ne!(token, Sensitive::from("s3cret "));
    }

    #[test]
    fn refuses_other_json() {
        for json in ["null", "1", "[]", "{}"] {
            assert!(serde_json::from_str::<Sensitive>(json).is_err(), "{json}");
        }
    }
}
