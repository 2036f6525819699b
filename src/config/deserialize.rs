//! Nodes as a source of serde's, whose errors keep the place and the key, and leave every value out.

use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, Expected, IntoDeserializer as _, MapAccess, Unexpected,
    VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::node::{Entry, Node, Place, Table, Value};

/// What is wrong with a node.
#[derive(Debug)]
pub(crate) struct Fault {
    /// The key that it is about, from the outermost.
    pub(crate) path: Vec<String>,
    pub(crate) place: Place,
    pub(crate) what: What,
}

#[derive(Debug)]
pub(crate) enum What {
    Missing,
    Unknown {
        known: &'static [&'static str],
    },
    /// What is expected, in words.
    Expected(String),
}

impl Fault {
    fn new(what: What) -> Self {
        Self { path: Vec::new(), place: Place::Unknown, what }
    }

    fn expected(what: impl fmt::Display) -> Self {
        Self::new(What::Expected(what.to_string()))
    }

    fn at(mut self, place: &Place) -> Self {
        if self.place == Place::Unknown {
            self.place = place.clone();
        }
        self
    }

    fn under(mut self, key: &str) -> Self {
        self.path.insert(0, key.to_owned());
        self
    }

    /// The key in full, such as `retry.max_attempts`.
    pub(crate) fn key(&self) -> String {
        self.path.join(".")
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.key())
    }
}

impl std::error::Error for Fault {}

/// What was found is left out of all of them.
impl de::Error for Fault {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::expected("another value")
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::expected(expected)
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::expected(expected)
    }

    fn unknown_variant(_: &str, known: &'static [&'static str]) -> Self {
        Self::expected(format_args!("one of `{}`", known.join("`, `")))
    }

    fn unknown_field(key: &str, known: &'static [&'static str]) -> Self {
        Self::new(What::Unknown { known }).under(key)
    }

    fn missing_field(key: &'static str) -> Self {
        Self::new(What::Missing).under(key)
    }
}

impl<'de> Deserializer<'de> for Node {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let outcome = match self.value {
            Value::Text(text) => visitor.visit_str(text.expose()),
            Value::Integer(number) => visitor.visit_i64(number),
            Value::Table(table) => visitor.visit_map(Members::of(table)),
            Value::Other => Err(de::Error::invalid_type(Unexpected::Other("a value"), &visitor)),
        };
        outcome.map_err(|fault| fault.at(&self.place))
    }

    /// A variable of the environment holds a number as a text.
    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let number = match (&self.value, &self.place) {
            (Value::Integer(number), _) => u32::try_from(*number).ok(),
            (Value::Text(text), Place::Variable(_)) => text.expose().parse().ok(),
            _ => None,
        };
        let number = number.ok_or_else(|| Fault::expected("a whole number from 0 to 4294967295").at(&self.place))?;
        visitor.visit_u32(number)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match self.value {
            Value::Table(table) => visitor.visit_map(Members::of(table)).map_err(|fault| fault.at(&self.place)),
            _ => Err(Fault::expected("a table").at(&self.place)),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        known: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let outcome = match &self.value {
            Value::Text(word) => visitor.visit_enum(Word(word.expose())),
            _ => Err(de::Error::unknown_variant("", known)),
        };
        outcome.map_err(|fault| fault.at(&self.place))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}

/// The members of a table.
struct Members {
    rest: std::vec::IntoIter<Entry>,
    current: Option<(String, Node)>,
}

impl Members {
    fn of(table: Table) -> Self {
        Self { rest: table.0.into_iter(), current: None }
    }
}

impl<'de> MapAccess<'de> for Members {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        let Some(Entry { key, place, node }) = self.rest.next() else { return Ok(None) };
        let name: StrDeserializer<'_, Fault> = key.as_str().into_deserializer();
        let found = seed.deserialize(name).map_err(|fault| fault.at(&place))?;
        self.current = Some((key, node));
        Ok(Some(found))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let (key, node) = self.current.take().ok_or_else(|| Fault::expected("a key"))?;
        seed.deserialize(node).map_err(|fault| fault.under(&key))
    }
}

/// A word of a list.
struct Word<'w>(&'w str);

impl<'de> EnumAccess<'de> for Word<'_> {
    type Error = Fault;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Fault> {
        let word: StrDeserializer<'_, Fault> = self.0.into_deserializer();
        seed.deserialize(word).map(|value| (value, self))
    }
}

impl<'de> VariantAccess<'de> for Word<'_> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _: T) -> Result<T::Value, Fault> {
        Err(Fault::expected("a word"))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Fault> {
        Err(Fault::expected("a word"))
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], _: V) -> Result<V::Value, Fault> {
        Err(Fault::expected("a word"))
    }
}
