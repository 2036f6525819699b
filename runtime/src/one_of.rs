//! One of several shapes.
//!
//! A union is read twice: once to see which of its alternatives it is, and once as that alternative. So the JSON of it
//! is held as text in between, exact to the last digit.

mod attempt;
mod json;
mod tag;
mod tree;
pub(crate) mod unknown;

use std::fmt;

use serde::de::Deserializer;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

#[doc(hidden)]
pub use self::attempt::Alternative;
#[doc(hidden)]
pub use self::json::Json;
#[doc(hidden)]
pub use self::tag::Tag;

/// Declares an enum of alternatives.
///
/// With a tag, the value of that member chooses the alternative: text, an integer, or true and false. Without one, or where
/// the member is absent, the alternative is taken that gives back most of what was received, and among equals the one
/// that knows most of it by name. What is none of them is kept in the variant named by `catch_all`, so that it never
/// stops an answer from being read.
///
/// `: Whole` after a variant of integers reads those that are written as `1.0`. A variant without values, beside others
/// that have some, is tried for the values of the tag that nobody listed.
///
/// ```
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
/// pub struct Card { kind: String, number: String }
///
/// obkit_runtime::one_of! {
///     /// How a payment is made.
///     pub enum Method (tag = "kind", catch_all = Unknown) {
///         /// By card.
///         Card(Card) = ["card", "scheme"],
///     }
/// }
///
/// let card: Method = serde_json::from_str(r#"{"kind":"card","number":"1"}"#)?;
/// assert!(matches!(card, Method::Card(_)));
/// let other: Method = serde_json::from_str(r#"{"kind":"cash"}"#)?;
/// assert_eq!(serde_json::to_string(&other)?, r#"{"kind":"cash"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! one_of {
    (
        $(#[$attribute:meta])*
        $vis:vis enum $name:ident ($(tag = $tag:literal,)? catch_all = $catch_all:ident) {
            $(
                $(#[$variant_attribute:meta])*
                $variant:ident($type:ty) $(: $read:ident)? $(= [$($value:literal),*])?
            ),* $(,)?
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, PartialEq)]
        #[allow(clippy::large_enum_variant)]
        #[non_exhaustive]
        $vis enum $name {
            $($(#[$variant_attribute])* $variant($type),)*
            /// A value that is none of these, as it was received.
            $catch_all($crate::Unlisted),
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<__S: $crate::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::std::result::Result<__S::Ok, __S::Error> {
                match self {
                    $(Self::$variant(value) => $crate::serde::Serialize::serialize(value, serializer),)*
                    Self::$catch_all(value) => $crate::serde::Serialize::serialize(value, serializer),
                }
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<__D: $crate::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::std::result::Result<Self, __D::Error> {
                let json = <$crate::one_of::Json<'de> as $crate::serde::Deserialize<'de>>::deserialize(deserializer)?;
                let tag: &[&'static str] = &[$($tag)?];
                let alternatives: &[$crate::one_of::Alternative<Self>] = &[$($crate::one_of::Alternative {
                    stands: $crate::one_of!(@stands $([$($value),*])?),
                    read: $crate::one_of!(@read $variant $($read)?),
                }),*];
                json.choose(tag.first().copied(), alternatives, Self::$catch_all)
            }
        }
    };
    (@stands) => { ::std::option::Option::None };
    (@stands [$($value:literal),*]) => {
        ::std::option::Option::Some(|tag| <[$crate::one_of::Tag<'_>]>::contains(
            &[$($crate::one_of::Tag::from($value)),*],
            tag,
        ))
    };
    (@read $variant:ident) => { |json| json.read().map(Self::$variant) };
    (@read $variant:ident $read:ident) => {
        |json| json.read().map(|$crate::integer::$read(value)| Self::$variant(value))
    };
}

/// A value that none of the alternatives of a union describes, kept as it was received and sent again as it is.
///
/// `Debug` does not show it: nobody has said what in it is an account number.
///
/// ```
/// use obkit_runtime::Unlisted;
///
/// let value: Unlisted = serde_json::from_str(r#"{"iban":"GB1","limit":1.10}"#)?;
/// assert_eq!(value.value()["iban"], "GB1");
/// assert_eq!(serde_json::to_string(&value)?, r#"{"iban":"GB1","limit":1.10}"#);
/// assert_eq!(format!("{value:?}"), "Unlisted(..)");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
pub struct Unlisted(Box<RawValue>);

impl Unlisted {
    /// The value as JSON; its numbers are rounded where JSON's own text is not.
    #[must_use]
    pub fn value(&self) -> Value {
        serde_json::from_str(self.0.get()).unwrap_or_default()
    }

    /// The text of the value.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.get()
    }
}

impl fmt::Debug for Unlisted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Unlisted(..)")
    }
}

/// As they are written.
impl PartialEq for Unlisted {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Serialize for Unlisted {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Unlisted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Json::deserialize(deserializer)?.unlisted()
    }
}

#[cfg(test)]
mod tests;
