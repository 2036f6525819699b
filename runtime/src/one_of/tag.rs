//! The member that tells alternatives apart.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

use super::json::Json;
use crate::integer::Whole;

/// A value that may stand for an alternative.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag<'t> {
    Text(&'t str),
    Integer(i64),
    Bool(bool),
}

impl<'t> From<&'t str> for Tag<'t> {
    fn from(text: &'t str) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Tag<'_> {
    fn from(integer: i64) -> Self {
        Self::Integer(integer)
    }
}

impl From<bool> for Tag<'_> {
    fn from(is: bool) -> Self {
        Self::Bool(is)
    }
}

impl<'t> Tag<'t> {
    /// The tag that a value is; none where it can be none. `1.0` is `1`.
    pub(crate) fn of(value: &'t Value) -> Option<Self> {
        match value {
            Value::String(text) => Some(Self::Text(text)),
            Value::Bool(is) => Some(Self::Bool(*is)),
            Value::Number(number) => Whole::<i64>::deserialize(number).ok().map(|whole| Self::Integer(whole.0)),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }
}

impl Json<'_> {
    /// The value of a member of the object; none when it is absent, or this is no object.
    pub(super) fn member(&self, name: &'static str) -> Option<Value> {
        Member(name).deserialize(&mut serde_json::Deserializer::from_str(&self.0)).ok().flatten()
    }
}

/// Looks for one member of an object and skips the others.
struct Member(&'static str);

impl<'de> DeserializeSeed<'de> for Member {
    type Value = Option<Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Member {
    type Value = Option<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            if key == self.0 {
                found = Some(map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}
