//! One level of a JSON text. Deeper levels stay text, so that numbers keep their digits and members their order.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A JSON value, one level deep.
pub(crate) enum Value<'j> {
    Null,
    /// A text, or the digits or the word of a scalar.
    Text(String),
    List(Vec<&'j RawValue>),
    Object(Vec<(String, &'j RawValue)>),
}

impl<'j> Value<'j> {
    pub(crate) fn read(json: &'j RawValue) -> serde_json::Result<Self> {
        let text = json.get();
        Ok(match text.as_bytes().first() {
            Some(b'n') => Self::Null,
            Some(b'"') => Self::Text(serde_json::from_str(text)?),
            Some(b'[') => Self::List(serde_json::from_str(text)?),
            Some(b'{') => Self::Object(serde_json::from_str::<Members<'j>>(text)?.0),
            _ => Self::Text(text.to_owned()),
        })
    }
}

/// A value as one text; none when it is null. Lists and objects are their JSON.
pub(crate) fn text(json: &RawValue) -> serde_json::Result<Option<String>> {
    Ok(match Value::read(json)? {
        Value::Null => None,
        Value::Text(text) => Some(text),
        Value::List(_) | Value::Object(_) => Some(json.get().to_owned()),
    })
}

struct Members<'j>(Vec<(String, &'j RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}
