//! Objects: known members by their names on the wire, and what the document does not name.
//!
//! Written out instead of derived, because a derived reader either drops a member that it does not know or buffers
//! the whole object in a form that loses digits. It also compiles faster.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeOwned, Deserializer, Error, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::Nullable;
use crate::one_of::{Json, unknown};

/// Members of an object that its document does not name, kept as they were received and sent again as they are.
///
/// A provider adds members without notice. Nothing that it sends is lost: read a member with [`get`](Self::get), and
/// set one that the document forgot with [`set`](Self::set). `Debug` shows how many there are and never what they hold.
///
/// ```
/// use obkit_runtime::Undeclared;
///
/// let mut members = Undeclared::default();
/// members.set("limit", &serde_json::json!({ "amount": 1 }))?;
/// assert_eq!(members.get("limit").unwrap()["amount"], 1);
/// assert_eq!(format!("{members:?}"), "Undeclared(1)");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Undeclared(Vec<(Box<str>, Box<RawValue>)>);

impl Undeclared {
    /// The value of a member; none when it is absent.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Value> {
        let (_, value) = self.0.iter().find(|(known, _)| **known == *name)?;
        serde_json::from_str(value.get()).ok()
    }

    /// Sets a member.
    ///
    /// # Errors
    ///
    /// When the value cannot be written as JSON.
    pub fn set(&mut self, name: &str, value: &impl Serialize) -> Result<(), serde_json::Error> {
        let value = serde_json::value::to_raw_value(value)?;
        match self.0.iter_mut().find(|(known, _)| **known == *name) {
            Some((_, known)) => *known = value,
            None => self.0.push((name.into(), value)),
        }
        Ok(())
    }

    /// The names of the members.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| &**name)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl fmt::Debug for Undeclared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Undeclared({})", self.len())
    }
}

/// The same members in any order; values are compared as they are written.
impl PartialEq for Undeclared {
    fn eq(&self, other: &Self) -> bool {
        let holds = |(name, value): &(Box<str>, Box<RawValue>)| {
            self.0.iter().any(|(known, own)| known == name && own.get() == value.get())
        };
        self.len() == other.len() && other.0.iter().all(holds)
    }
}

/// Implements `Serialize` and `Deserialize` for a struct: `=` before the name of a member that has to be there, `?=` of
/// one that may be left out, `: Whole` after a field of integers, and `..` before the field for the members that are not
/// named, which may be integers, too.
///
/// Called by generated code.
#[macro_export]
macro_rules! members {
    ($name:ident {
        $($field:ident $(: $read:ident)? $(= $required:literal)? $(?= $optional:literal)?),*
        $(; ..$rest:ident $(: $rest_read:ident)?)?
    }) => {
        impl $crate::serde::Serialize for $name {
            fn serialize<__S: $crate::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::std::result::Result<__S::Ok, __S::Error> {
                #[allow(unused_mut)]
                let mut map = serializer.serialize_map(::std::option::Option::None)?;
                $(
                    $($crate::serde::ser::SerializeMap::serialize_entry(&mut map, $required, &self.$field)?;)?
                    $(if !$crate::members::MayBeAbsent::is_absent(&self.$field) {
                        $crate::serde::ser::SerializeMap::serialize_entry(&mut map, $optional, &self.$field)?;
                    })?
                )*
                $($crate::members::Rest::write(&self.$rest, &mut map)?;)?
                $crate::serde::ser::SerializeMap::end(map)
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<__D: $crate::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::std::result::Result<Self, __D::Error> {
                struct __Members;

                impl<'de> $crate::serde::de::Visitor<'de> for __Members {
                    type Value = $name;

                    fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.write_str(concat!("an object, ", stringify!($name)))
                    }

                    fn visit_map<__A: $crate::serde::de::MapAccess<'de>>(
                        self,
                        mut map: __A,
                    ) -> ::std::result::Result<$name, __A::Error> {
                        $(let mut $field = ::std::option::Option::None;)*
                        $(let mut $rest = ::std::default::Default::default();)?
                        while let ::std::option::Option::Some(key) = map.next_key::<$crate::members::Key<'de>>()? {
                            match key.as_str() {
                                $($($required)? $($optional)? => {
                                    let value = $crate::members!(@value map $($read)?);
                                    if $field.replace(value).is_some() {
                                        return ::std::result::Result::Err($crate::members::repeated(
                                            concat!($($required)? $($optional)?)
                                        ));
                                    }
                                })*
                                _ => $crate::members!(@rest map key $($rest $(: $rest_read)?)?),
                            }
                        }
                        ::std::result::Result::Ok($name {
                            $($field: match $field {
                                ::std::option::Option::Some(value) => value,
                                ::std::option::Option::None => {
                                    $(return ::std::result::Result::Err($crate::members::missing($required)))?
                                    $({
                                        let _ = $optional;
                                        $crate::members::MayBeAbsent::absent()
                                    })?
                                }
                            },)*
                            $($rest,)?
                        })
                    }
                }

                deserializer.deserialize_map(__Members)
            }
        }
    };
    (@value $map:ident) => {
        $map.next_value()?
    };
    (@value $map:ident $read:ident) => {
        $map.next_value::<$crate::integer::$read<_>>()?.0
    };
    (@rest $map:ident $key:ident $rest:ident) => {
        $crate::members::Rest::take(&mut $rest, $key, &mut $map)?
    };
    (@rest $map:ident $key:ident $rest:ident : $read:ident) => {
        $crate::integer::take(&mut $rest, $key, &mut $map)?
    };
    (@rest $map:ident $key:ident) => {{
        $map.next_value::<$crate::serde::de::IgnoredAny>()?;
    }};
}

/// A member is not there.
#[doc(hidden)]
pub fn missing<E: Error>(name: &'static str) -> E {
    E::missing_field(name)
}

/// A member is there twice.
#[doc(hidden)]
pub fn repeated<E: Error>(name: &'static str) -> E {
    E::duplicate_field(name)
}

/// A type that has a value for "left out".
#[doc(hidden)]
pub trait MayBeAbsent {
    /// That value.
    fn absent() -> Self;
    /// Whether this is that value.
    fn is_absent(&self) -> bool;
}

impl<T> MayBeAbsent for Option<T> {
    fn absent() -> Self {
        None
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T> MayBeAbsent for Nullable<T> {
    fn absent() -> Self {
        Self::Absent
    }

    fn is_absent(&self) -> bool {
        Nullable::is_absent(self)
    }
}

/// Where the members go that are not named.
#[doc(hidden)]
pub trait Rest {
    /// Takes the value of a member from the reader.
    ///
    /// # Errors
    /// The value is not of the type of the members.
    fn take<'de, A: MapAccess<'de>>(&mut self, key: Key<'de>, map: &mut A) -> Result<(), A::Error>;

    /// Writes all members.
    ///
    /// # Errors
    /// A value cannot be written.
    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;
}

impl Rest for Undeclared {
    fn take<'de, A: MapAccess<'de>>(&mut self, key: Key<'de>, map: &mut A) -> Result<(), A::Error> {
        let value = map.next_value::<Json<'de>>()?.into_raw().map_err(A::Error::custom)?;
        self.0.push((key.0.into(), value));
        unknown::count(unknown::UNNAMED);
        Ok(())
    }

    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        self.0.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))
    }
}

impl<T: DeserializeOwned + Serialize> Rest for BTreeMap<String, T> {
    fn take<'de, A: MapAccess<'de>>(&mut self, key: Key<'de>, map: &mut A) -> Result<(), A::Error> {
        unknown::count(unknown::OF_ANY_NAME);
        self.insert(key.0.into_owned(), map.next_value()?);
        Ok(())
    }

    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        self.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))
    }
}

impl Rest for Map<String, Value> {
    fn take<'de, A: MapAccess<'de>>(&mut self, key: Key<'de>, map: &mut A) -> Result<(), A::Error> {
        unknown::count(unknown::UNNAMED);
        self.insert(key.0.into_owned(), map.next_value()?);
        Ok(())
    }

    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        self.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))
    }
}

/// The name of a member, borrowed from the text where it has no escapes.
#[doc(hidden)]
pub struct Key<'de>(Cow<'de, str>);

impl Key<'_> {
    /// The name, as a text of its own.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0.into_owned()
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_identifier(KeyVisitor).map(Self)
    }
}

struct KeyVisitor;

impl<'de> Visitor<'de> for KeyVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }

    fn visit_string<E: Error>(self, name: String) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::BTreeMap;

    use serde_json::json;

    use super::Undeclared;
    use crate::{Decimal, Nullable};

    #[derive(Debug, PartialEq)]
    struct Account {
        id: String,
        name: Option<String>,
        note: Nullable<String>,
        parent: Option<Box<Account>>,
        limit: Option<Decimal>,
        additional: Undeclared,
    }

    crate::members! {
        Account { id = "accountId", name ?= "name", note ?= "note", parent = "parent", limit ?= "limit"; ..additional }
    }

    #[derive(Debug, Default, PartialEq)]
    struct Rates {
        base: Option<String>,
        additional: BTreeMap<String, Decimal>,
    }

    crate::members! { Rates { base ?= "base"; ..additional } }

    #[derive(Debug, Default, PartialEq)]
    struct Closed {
        a: Option<i64>,
        list: Option<Vec<i64>>,
    }

    crate::members! { Closed { a: Whole ?= "a", list: Whole ?= "list" } }

    #[derive(serde::Deserialize, serde::Serialize)]
    struct Outer {
        #[serde(flatten)]
        inner: BTreeMap<String, Account>,
    }

    fn returns(json: &str) {
        let account: Account = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&account).unwrap(), json);
        let value: serde_json::Value = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::from_value::<Account>(value).unwrap().id, account.id);
    }

    #[test]
    fn what_was_received_is_given_back() {
        returns(r#"{"accountId":"1","parent":null}"#);
        returns(r#"{"accountId":"1","note":null,"parent":{"accountId":"2","parent":null}}"#);
        returns(r#"{"accountId":"1","parent":null,"limit":0.10,"new":[1.10,{"a":null}],"\"":12345678901234567890.12}"#);
        let rates: Rates = serde_json::from_str(r#"{"EUR":12345678901234567890.12,"base":"GBP"}"#).unwrap();
        assert_eq!(serde_json::to_string(&rates).unwrap(), r#"{"base":"GBP","EUR":12345678901234567890.12}"#);
        let closed: Closed = serde_json::from_str(r#"{"b":{"c":1},"a":1}"#).unwrap();
        assert_eq!(serde_json::to_string(&closed).unwrap(), r#"{"a":1}"#);
        let closed: Closed = serde_json::from_str(r#"{"a":1.0,"list":[1e1]}"#).unwrap();
        assert_eq!(closed, Closed { a: Some(1), list: Some(vec![10]) });
    }

    #[test]
    fn what_is_missing_or_repeated_is_named() {
        let error = |json: &str| serde_json::from_str::<Account>(json).unwrap_err().to_string();
        assert!(error(r#"{"parent":null}"#).starts_with("missing field `accountId`"));
        assert!(error(r#"{"accountId":"1"}"#).starts_with("missing field `parent`"));
        assert!(error(r#"{"accountId":"1","accountId":"1"}"#).starts_with("duplicate field `accountId`"));
        assert!(error("[]").contains("expected an object, Account"));
    }

    #[test]
    fn a_buffering_reader_is_enough() {
        let json = json!({ "x": { "accountId": "1", "parent": null, "new": { "a": 1.5 } } });
        let outer: Outer = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(outer.inner["x"].additional.get("new"), Some(json!({ "a": 1.5 })));
        assert_eq!(serde_json::to_value(&outer).unwrap(), json);
    }

    #[test]
    fn nothing_undeclared_is_shown() {
        let account: Account = serde_json::from_str(r#"{"accountId":"1","parent":null,"pan":"4111"}"#).unwrap();
        let shown = format!("{account:?}");
        assert!(shown.contains("Undeclared(1)") && !shown.contains("4111") && !shown.contains("pan"), "{shown}");
        let mut other: Account = serde_json::from_str(r#"{"accountId":"1","parent":null}"#).unwrap();
        assert_ne!(account, other);
        other.additional.set("pan", &"4111").unwrap();
        assert_eq!(account, other);
        assert_eq!(other.additional.names().collect::<Vec<_>>(), ["pan"]);
    }
}
