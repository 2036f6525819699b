//! The text of a JSON value, borrowed where it can be.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::Unlisted;

/// The name under which `serde_json` hands out the text of a value.
const RAW_VALUE: &str = "$serde_json::private::RawValue";

/// The text of a JSON value.
#[doc(hidden)]
pub struct Json<'de>(pub(super) Cow<'de, str>);

impl<'de> Deserialize<'de> for Json<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(RAW_VALUE, JsonVisitor).map(Self)
    }
}

impl Json<'_> {
    /// The text as a value of its own.
    ///
    /// # Errors
    /// It is no JSON, which a reader of JSON rules out.
    pub fn into_raw(self) -> Result<Box<RawValue>, serde_json::Error> {
        RawValue::from_string(self.0.into_owned())
    }

    /// Reads the value as one alternative.
    ///
    /// # Errors
    /// It is none.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(&self.0)
    }

    /// The value as none of the alternatives.
    ///
    /// # Errors
    /// It is no JSON, which a reader of JSON rules out.
    pub fn unlisted<E: Error>(self) -> Result<Unlisted, E> {
        self.into_raw().map(Unlisted).map_err(E::custom)
    }
}

/// Takes the text from `serde_json`, and makes it of what every other deserializer gives.
struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        match map.next_key::<Cow<'de, str>>()? {
            Some(key) if key == RAW_VALUE => map.next_value_seed(Text),
            _ => Err(A::Error::custom("not the text of a JSON value")),
        }
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        Value::deserialize(deserializer).map(|value| Cow::Owned(value.to_string()))
    }
}

/// Text that is borrowed where it can be.
struct Text;

impl<'de> DeserializeSeed<'de> for Text {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Text {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text))
    }
}
