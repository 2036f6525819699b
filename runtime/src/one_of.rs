//! One of several shapes.
//!
//! A union is read twice: once to see which of its alternatives it is, and once as that alternative. So the JSON of it
//! is held as text in between, exact to the last digit.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

/// The name under which `serde_json` hands out the text of a value.
const RAW_VALUE: &str = "$serde_json::private::RawValue";

/// Declares an enum of alternatives.
///
/// With a tag, the value of that member chooses the alternative, and a value that nobody listed is kept in the variant
/// named by `catch_all`. Without one, or where the member is absent, the alternative is taken that gives back most of
/// what was received.
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
        $vis:vis enum $name:ident (tag = $tag:literal, catch_all = $catch_all:ident) {
            $($(#[$variant_attribute:meta])* $variant:ident($type:ty) = [$($text:literal),*]),* $(,)?
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, PartialEq)]
        #[allow(clippy::large_enum_variant)]
        #[non_exhaustive]
        $vis enum $name {
            $($(#[$variant_attribute])* $variant($type),)*
            /// A value whose tag nobody listed, as it was received.
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
                let json = $crate::one_of::Json::deserialize(deserializer)?;
                if let ::std::option::Option::Some(tag) = json.tag($tag) {
                    return match &*tag {
                        $($($text)|* => json.read().map(Self::$variant),)*
                        _ => json.unlisted().map(Self::$catch_all),
                    };
                }
                json.best(&[$(|json| json.attempt(Self::$variant)),*], stringify!($name))
            }
        }
    };
    (
        $(#[$attribute:meta])*
        $vis:vis enum $name:ident {
            $($(#[$variant_attribute:meta])* $variant:ident($type:ty)),* $(,)?
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, PartialEq)]
        #[allow(clippy::large_enum_variant)]
        #[non_exhaustive]
        $vis enum $name {
            $($(#[$variant_attribute])* $variant($type),)*
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<__S: $crate::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::std::result::Result<__S::Ok, __S::Error> {
                match self {
                    $(Self::$variant(value) => $crate::serde::Serialize::serialize(value, serializer),)*
                }
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<__D: $crate::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::std::result::Result<Self, __D::Error> {
                let json = $crate::one_of::Json::deserialize(deserializer)?;
                json.best(&[$(|json| json.attempt(Self::$variant)),*], stringify!($name))
            }
        }
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

/// The text of a JSON value.
#[doc(hidden)]
pub struct Json<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Json<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(RAW_VALUE, JsonVisitor).map(Self)
    }
}

/// An alternative that a value was read as, and the value as that alternative gives it back.
type Attempt<T> = Option<(T, Value)>;

impl Json<'_> {
    /// The text as a value of its own.
    ///
    /// # Errors
    /// It is no JSON, which a reader of JSON rules out.
    pub fn into_raw(self) -> Result<Box<RawValue>, serde_json::Error> {
        RawValue::from_string(self.0.into_owned())
    }

    /// The text of a member of the object; none when it is absent, or no text.
    #[must_use]
    pub fn tag(&self, name: &'static str) -> Option<String> {
        Tag(name).deserialize(&mut serde_json::Deserializer::from_str(&self.0)).ok().flatten()
    }

    /// Reads the value as one alternative.
    ///
    /// # Errors
    /// It is none.
    pub fn read<T: DeserializeOwned, E: Error>(&self) -> Result<T, E> {
        serde_json::from_str(&self.0).map_err(E::custom)
    }

    /// The value as none of the alternatives.
    ///
    /// # Errors
    /// It is no JSON, which a reader of JSON rules out.
    pub fn unlisted<E: Error>(self) -> Result<Unlisted, E> {
        self.into_raw().map(Unlisted).map_err(E::custom)
    }

    /// Tries one alternative.
    pub fn attempt<T: DeserializeOwned + Serialize, U>(&self, variant: impl FnOnce(T) -> U) -> Attempt<U> {
        let value: T = serde_json::from_str(&self.0).ok()?;
        let given_back = serde_json::to_value(&value).ok()?;
        Some((variant(value), given_back))
    }

    /// The alternative that gives back most of the value; the first of equals.
    ///
    /// # Errors
    /// The value is none of them.
    pub fn best<T, E: Error>(&self, attempts: &[fn(&Self) -> Attempt<T>], name: &str) -> Result<T, E> {
        let received: Value = serde_json::from_str(&self.0).map_err(E::custom)?;
        let mut best: Option<(T, usize)> = None;
        for attempt in attempts {
            let Some((value, given_back)) = attempt(self) else { continue };
            if given_back == received {
                return Ok(value);
            }
            let kept = common(&given_back, &received);
            if best.as_ref().is_none_or(|(_, most)| kept > *most) {
                best = Some((value, kept));
            }
        }
        best.map(|(value, _)| value).ok_or_else(|| E::custom(format_args!("not one of the alternatives of {name}")))
    }
}

/// How many values two JSON values have in common.
fn common(left: &Value, right: &Value) -> usize {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            1 + left.iter().filter_map(|(key, value)| right.get(key).map(|other| common(value, other))).sum::<usize>()
        }
        (Value::Array(left), Value::Array(right)) => {
            1 + left.iter().zip(right).map(|(left, right)| common(left, right)).sum::<usize>()
        }
        _ => usize::from(left == right),
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

/// Looks for one member of an object and skips the others.
struct Tag(&'static str);

impl<'de> DeserializeSeed<'de> for Tag {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Tag {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            if key == self.0 {
                found = map.next_value::<Value>()?.as_str().map(str::to_owned);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde::{Deserialize, Serialize};
    use serde_json::json;

    use crate::Decimal;

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Account {
        iban: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit: Option<Decimal>,
    }

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Card {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kind: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pan: Option<String>,
    }

    crate::one_of! {
        enum Source {
            Text(String),
            Number(i64),
            Card(Card),
            Account(Account),
            List(Vec<Source>),
        }
    }

    crate::one_of! {
        enum Tagged (tag = "kind", catch_all = Unknown) {
            Account(Account) = ["account"],
            Card(Box<Card>) = ["card", "virtual\u{e9}"],
        }
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Holder {
        #[serde(flatten)]
        members: std::collections::BTreeMap<String, Source>,
    }

    #[test]
    fn the_alternative_is_the_one_that_keeps_most() {
        for (json, expected) in [
            (r#""x""#, "Text"),
            ("7", "Number"),
            (r#"{"pan":"1"}"#, "Card"),
            (r#"{"iban":"GB1","limit":0.10}"#, "Account"),
            (r#"{"iban":"GB1","more":true}"#, "Account"),
            (r#"["x",["y",1]]"#, "List"),
        ] {
            let source: Source = serde_json::from_str(json).unwrap();
            assert!(format!("{source:?}").starts_with(expected), "{source:?}");
        }
        let error = serde_json::from_str::<Source>("true").unwrap_err().to_string();
        assert!(error.starts_with("not one of the alternatives of Source"), "{error}");
    }

    #[test]
    fn numbers_keep_their_digits() {
        let json = r#"{"iban":"GB1","limit":12345678901234567890.12}"#;
        let source: Source = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&source).unwrap(), json);
    }

    #[test]
    fn the_tag_decides_and_an_unlisted_one_survives() {
        let read = |json: &str| serde_json::from_str::<Tagged>(json);
        assert!(matches!(read(r#"{"kind":"virtual\u00e9","pan":"1"}"#).unwrap(), Tagged::Card(_)));
        let text = r#"{"n":[1.10],"kind":"cash","pan":"4111"}"#;
        let unknown = read(text).unwrap();
        assert_eq!(serde_json::to_string(&unknown).unwrap(), text);
        assert_eq!(format!("{unknown:?}"), "Unknown(Unlisted(..))");
        assert!(matches!(read(r#"{"iban":"GB1"}"#).unwrap(), Tagged::Account(_)), "without a tag, by trial");
        assert!(read(r#"{"kind":"account"}"#).is_err(), "the tag is believed");
    }

    #[test]
    fn values_may_come_from_any_deserializer() {
        let value = json!({ "a": { "pan": "1" }, "b": 2 });
        let holder: Holder = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(serde_json::to_value(&holder).unwrap(), value);
    }
}
