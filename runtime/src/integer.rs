//! Integers as JSON has them.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Unexpected, Visitor};
use serde_json::Number;

use crate::Nullable;
use crate::members::Key;
use crate::one_of::unknown;

/// Reads integers that are written as `1.0` or `1e2`, which JSON Schema counts among the integers (draft 2020-12,
/// core, section 4.2.3), where `serde` refuses them; also in lists, in maps, and where they may be left out.
///
/// Called by generated code.
#[doc(hidden)]
pub struct Whole<T>(pub T);

/// What whole numbers are called in messages.
struct WholeVisitor<T>(PhantomData<T>);

/// Up to here, a binary float holds every integer.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl<T: TryFrom<i64> + TryFrom<u64>> Visitor<'_> for WholeVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::any::type_name::<T>())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<T, E> {
        T::try_from(value).map_err(|_| E::invalid_value(Unexpected::Signed(value), &self))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<T, E> {
        T::try_from(value).map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &self))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<T, E> {
        if value.fract() != 0.0 || value.abs() > EXACT {
            return Err(E::invalid_type(Unexpected::Float(value), &self));
        }
        // Within the bound, the conversion is exact.
        #[allow(clippy::cast_possible_truncation)]
        self.visit_i64(value as i64)
    }
}

/// A type whose integers may be written so.
#[doc(hidden)]
pub trait OfIntegers: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// It is no integer, or does not fit.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

impl<'de, T: OfIntegers> Deserialize<'de> for Whole<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Self)
    }
}

macro_rules! of_integers {
    ($($integer:ty),*) => {$(
        impl OfIntegers for $integer {
            fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(WholeVisitor(PhantomData))
            }
        }
    )*};
}
of_integers!(i32, i64, u32, u64);

impl<T: OfIntegers> OfIntegers for Option<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::<Whole<T>>::deserialize(deserializer)?.map(|value| value.0))
    }
}

impl<T: OfIntegers> OfIntegers for Nullable<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::read(deserializer).map(Self::from)
    }
}

impl<T: OfIntegers> OfIntegers for Vec<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Whole<T>>::deserialize(deserializer)?.into_iter().map(|item| item.0).collect())
    }
}

impl<T: OfIntegers> OfIntegers for BTreeMap<String, T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let members = BTreeMap::<String, Whole<T>>::deserialize(deserializer)?;
        Ok(members.into_iter().map(|(name, value)| (name, value.0)).collect())
    }
}

/// Whether a number is an integer, however it is written.
pub(crate) fn is_whole(number: &Number) -> bool {
    number.as_f64().is_some_and(|float| float.fract() == 0.0)
}

/// Takes a member of an object whose members are all integers, by any name.
///
/// # Errors
/// It is no integer, or does not fit.
#[doc(hidden)]
pub fn take<'de, T: OfIntegers, A: MapAccess<'de>>(
    members: &mut BTreeMap<String, T>,
    key: Key<'de>,
    map: &mut A,
) -> Result<(), A::Error> {
    unknown::count(unknown::OF_ANY_NAME);
    members.insert(key.into_string(), map.next_value::<Whole<T>>()?.0);
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn read<T: OfIntegers>(json: &str) -> Result<T, String> {
        serde_json::from_str::<Whole<T>>(json).map(|whole| whole.0).map_err(|error| error.to_string())
    }

    #[test]
    fn whole_numbers_are_integers_however_they_are_written() {
        for (json, value) in [("7", 7), ("1.0", 1), ("-1e2", -100), ("9223372036854775807", i64::MAX)] {
            assert_eq!(read::<i64>(json), Ok(value), "{json}");
        }
        assert_eq!(read::<i32>("2147483647.0"), Ok(i32::MAX));
        assert_eq!(read::<Option<Vec<i64>>>("[1.0,2]"), Ok(Some(vec![1, 2])));
        assert_eq!(read::<Option<i64>>("null"), Ok(None));
        assert_eq!(read::<Nullable<i64>>("1.0"), Ok(Nullable::Value(1)));
        assert_eq!(read::<Nullable<i64>>("null"), Ok(Nullable::Null));
        assert_eq!(read::<BTreeMap<String, i64>>(r#"{"a":1.0}"#), Ok(BTreeMap::from([("a".to_owned(), 1)])));
    }

    #[test]
    fn what_is_no_integer_or_does_not_fit_is_refused() {
        for json in ["1.5", "1e300", "9007199254740994.0", "\"1\"", "true", "9223372036854775808"] {
            assert!(read::<i64>(json).is_err(), "{json}");
        }
        assert!(read::<i32>("2147483648").unwrap_err().contains("expected i32"));
    }
}
