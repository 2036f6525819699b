//! The key by which a provider knows a repeated payment.

use std::fmt;
use std::str::FromStr;

use obkit_runtime::fresh_uuid;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// The key of one payment: whoever repeats a payment with the same key makes it once.
///
/// 1 to 35 ASCII letters and digits (ISO 20022 `Max35Text`; Yapily takes no other characters), so that every provider takes it.
/// It is no secret: keep it beside the payment, and find it in errors and logs.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String", extend("pattern" = "^[A-Za-z0-9]{1,35}$"))]
pub struct IdempotencyKey(String);

/// A text is no idempotency key: it has other characters than ASCII letters and digits, none, or more than 35.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidIdempotencyKey;

impl fmt::Display for InvalidIdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an idempotency key (1 to 35 ASCII letters and digits)")
    }
}

impl std::error::Error for InvalidIdempotencyKey {}

impl IdempotencyKey {
    /// A key that nobody else has: the 32 hexadecimal digits of a random UUID (RFC 9562).
    ///
    /// # Errors
    /// The operating system has no randomness to give. Nothing was sent.
    pub fn mint() -> Result<Self, Error> {
        let missing = "the operating system has no randomness for an idempotency key";
        let id = fresh_uuid().ok_or_else(|| Error::Call(obkit_runtime::Error::refused(missing)))?;
        Ok(Self(id.simple().to_string()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for IdempotencyKey {
    type Err = InvalidIdempotencyKey;

    fn from_str(text: &str) -> Result<Self, InvalidIdempotencyKey> {
        let fits = (1..=35).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if fits { Ok(Self(text.to_owned())) } else { Err(InvalidIdempotencyKey) }
    }
}

impl TryFrom<String> for IdempotencyKey {
    type Error = InvalidIdempotencyKey;

    fn try_from(text: String) -> Result<Self, InvalidIdempotencyKey> {
        text.parse()
    }
}

impl From<IdempotencyKey> for String {
    fn from(key: IdempotencyKey) -> Self {
        key.0
    }
}

impl fmt::Display for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_key_is_letters_and_digits_up_to_35() {
        for good in ["a", "1d54cf71bfe44b1b8e67247aed455d96", &"x".repeat(35)] {
            assert_eq!(good.parse::<IdempotencyKey>().unwrap().as_str(), good);
        }
        for bad in ["", "a-b", "a b", "ä", &"x".repeat(36)] {
            assert_eq!(bad.parse::<IdempotencyKey>(), Err(InvalidIdempotencyKey), "{bad}");
        }
    }

    #[test]
    fn minted_keys_are_keys_and_differ() {
        let (one, two) = (IdempotencyKey::mint().unwrap(), IdempotencyKey::mint().unwrap());
        assert_ne!(one, two);
        assert_eq!(one.as_str().parse(), Ok(one));
    }
}
