//! The shapes in which a deserializer hands over a number.

use std::fmt;

use serde::de::{Deserializer, Error, MapAccess, Unexpected, Visitor};

use super::{Decimal, RAW_VALUE};

/// The key under which `serde_json` with the feature `arbitrary_precision` buffers a number.
const NUMBER: &str = "$serde_json::private::Number";

/// Takes the raw text from `serde_json`, and a native number from every other deserializer.
pub(super) struct NumberVisitor;

impl<'de> Visitor<'de> for NumberVisitor {
    type Value = Decimal;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON number")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Decimal, A::Error> {
        match map.next_key::<String>()? {
            Some(key) if key == RAW_VALUE || key == NUMBER => map
                .next_value::<String>()?
                .parse()
                .map_err(|_| A::Error::invalid_type(Unexpected::Other("another JSON value"), &self)),
            _ => Err(A::Error::invalid_type(Unexpected::Map, &self)),
        }
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Decimal, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Decimal, E> {
        Ok(number.into())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Decimal, E> {
        Ok(number.into())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Decimal, E> {
        serde_json::Number::from_f64(number)
            .and_then(|number| number.to_string().parse().ok())
            .ok_or_else(|| E::invalid_value(Unexpected::Float(number), &self))
    }
}
