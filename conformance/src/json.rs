//! JSON text as values, read strictly.
//!
//! A name that stands twice in an object is refused (RFC 7493, section 2.3): which of the two counts is for every
//! reader to choose, so that what was judged would not be what is executed. Lone surrogates, byte order marks, and
//! whatever is no JSON are refused by the parser itself.

mod precision;

use std::fmt;

use serde::Deserializer;
use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::de::Read;
use serde_json::map::Entry;
use serde_json::{Map, Number, Value};

pub(crate) use self::precision::{imprecise, imprecise_in};

/// What a repeated name is called in the parser's error; names of a payload are not told.
const REPEATED: &str = "a name stands twice in an object";

/// For how many members an object that has any is given room at once.
const USUAL_MEMBERS: usize = 7;

/// Reads a text that is one JSON value.
///
/// # Errors
/// The text is no JSON, is nested too deeply, or repeats a name.
pub(crate) fn read(bytes: &[u8]) -> Result<Value, serde_json::Error> {
    // Text is looked through once, instead of name by name; of what is none, the parser tells where.
    match str::from_utf8(bytes) {
        Ok(text) => read_all(serde_json::Deserializer::from_str(text)),
        Err(_) => read_all(serde_json::Deserializer::from_slice(bytes)),
    }
}

fn read_all<'t>(mut deserializer: serde_json::Deserializer<impl Read<'t>>) -> Result<Value, serde_json::Error> {
    let value = Strict.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

/// What is wrong with a text, without its words, and where.
pub(crate) fn complaint(error: &serde_json::Error) -> String {
    format!("{} (line {}, column {})", reason(error), error.line(), error.column())
}

/// What is wrong with a text, without its words.
pub(crate) fn reason(error: &serde_json::Error) -> &'static str {
    // None is a category of its own.
    let told = error.to_string();
    match () {
        () if is_repeated(error) => REPEATED,
        () if told.starts_with("recursion limit exceeded") => "it is nested deeper than 127 levels",
        () if told.starts_with("number out of range") => "a number is beyond the range of binary64",
        () => "it is not JSON",
    }
}

/// Whether a name is repeated.
pub(crate) fn is_repeated(error: &serde_json::Error) -> bool {
    error.to_string().starts_with(REPEATED)
}

/// Reads a value whose names differ; for members of structures.
pub(crate) struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("a number is out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = items.next_element_seed(Self)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if object.is_empty() {
                object = Map::with_capacity(USUAL_MEMBERS);
            }
            match object.entry(name) {
                Entry::Vacant(place) => drop(place.insert(members.next_value_seed(Self)?)),
                Entry::Occupied(_) => return Err(de::Error::custom(REPEATED)),
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    #[test]
    fn what_is_wrong_is_said_in_its_own_words() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(read(nested(127).as_bytes()).is_ok());
        let complaint = |text: &str| complaint(&read(text.as_bytes()).unwrap_err());
        assert_eq!(complaint(&nested(128)), "it is nested deeper than 127 levels (line 1, column 128)");
        assert_eq!(complaint("[1,\n1e400]"), "a number is beyond the range of binary64 (line 2, column 5)");
        assert_eq!(complaint("{\"a\":1,\"a\":2}"), "a name stands twice in an object (line 1, column 10)");
        for text in ["", "{", "nul", "[1] 2", "'a'", "\u{feff}1"] {
            assert!(complaint(text).starts_with("it is not JSON ("), "{text}");
        }
    }
}
