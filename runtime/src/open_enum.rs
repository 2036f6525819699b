//! String enums that a provider may extend without notice.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Error, Visitor};

use crate::one_of::unknown;

/// Declares a string enum that keeps values it does not know.
///
/// Every variant but the last stands for one string of the schema's `enum`. The last, `Unknown(String)`, holds any
/// other text without loss, so a value that the provider added yesterday neither breaks a response nor disappears from
/// it. A schema with a value of its own called `Unknown` names the catch-all differently: `(catch_all = Other)`.
///
/// Attributes and documentation pass through. The enum gets `as_str`, `is_known`, `KNOWN` and `VALUES`; conversions
/// from and to strings; equality, order and hash by its text; `serde`; and [`Param`](crate::Param).
///
/// ```
/// obkit_runtime::open_enum! {
///     /// What an account is for.
///     pub enum UsageType {
///         /// A natural person's.
///         Personal = "PERSONAL",
///         /// A legal person's.
///         Business = "BUSINESS",
///     }
/// }
///
/// assert_eq!(UsageType::from("PERSONAL"), UsageType::Personal);
/// assert_eq!(UsageType::from("CHARITY").as_str(), "CHARITY");
/// assert!(!UsageType::from("CHARITY").is_known());
/// assert_eq!(UsageType::VALUES, ["PERSONAL", "BUSINESS"]);
/// ```
#[macro_export]
macro_rules! open_enum {
    (
        $(#[$attribute:meta])*
        $vis:vis enum $name:ident {
            $($(#[$variant_attribute:meta])* $variant:ident = $text:literal),* $(,)?
        }
    ) => {
        $crate::open_enum! {
            $(#[$attribute])*
            $vis enum $name (catch_all = Unknown) {
                $($(#[$variant_attribute])* $variant = $text),*
            }
        }
    };
    (
        $(#[$attribute:meta])*
        $vis:vis enum $name:ident (catch_all = $catch_all:ident) {
            $($(#[$variant_attribute:meta])* $variant:ident = $text:literal),* $(,)?
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        $vis enum $name {
            $($(#[$variant_attribute])* $variant,)*
            /// A value that the document this code was generated from does not list.
            $catch_all(::std::string::String),
        }

        #[allow(deprecated)]
        impl $name {
            /// Every value of the document, in its order.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),*];

            /// The text of every value of the document, in its order.
            pub const VALUES: &'static [&'static str] = &[$($text),*];

            /// The text on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::$catch_all(text) => text,
                }
            }

            /// Whether the document lists this value.
            #[must_use]
            pub fn is_known(&self) -> bool {
                Self::VALUES.contains(&self.as_str())
            }

            fn listed(text: &str) -> ::std::option::Option<Self> {
                match text {
                    $($text => ::std::option::Option::Some(Self::$variant),)*
                    _ => ::std::option::Option::None,
                }
            }
        }

        impl ::std::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::listed(text).unwrap_or_else(|| Self::$catch_all(text.to_owned()))
            }
        }

        impl ::std::convert::From<::std::string::String> for $name {
            fn from(text: ::std::string::String) -> Self {
                Self::listed(&text).unwrap_or(Self::$catch_all(text))
            }
        }

        impl ::std::convert::From<&::std::string::String> for $name {
            fn from(text: &::std::string::String) -> Self {
                Self::from(text.as_str())
            }
        }

        impl ::std::convert::From<&$name> for $name {
            fn from(value: &$name) -> Self {
                value.clone()
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            // Not `Self::Err`, which would be the value `Err` of some enum.
            fn from_str(text: &str) -> ::std::result::Result<Self, ::std::convert::Infallible> {
                ::std::result::Result::Ok(Self::from(text))
            }
        }

        impl ::std::convert::AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::std::cmp::PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.as_str() == other.as_str()
            }
        }

        impl ::std::cmp::Eq for $name {}

        impl ::std::cmp::PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> ::std::option::Option<::std::cmp::Ordering> {
                ::std::option::Option::Some(self.cmp(other))
            }
        }

        impl ::std::cmp::Ord for $name {
            fn cmp(&self, other: &Self) -> ::std::cmp::Ordering {
                self.as_str().cmp(other.as_str())
            }
        }

        impl ::std::hash::Hash for $name {
            fn hash<H: ::std::hash::Hasher>(&self, state: &mut H) {
                self.as_str().hash(state);
            }
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<__S: $crate::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::std::result::Result<__S::Ok, __S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<__D: $crate::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::std::result::Result<Self, __D::Error> {
                let value = $crate::open_enum::deserialize(deserializer)?;
                if let Self::$catch_all(_) = &value {
                    $crate::open_enum::unlisted();
                }
                ::std::result::Result::Ok(value)
            }
        }

        impl $crate::Param for $name {
            fn to_param(&self) -> ::std::borrow::Cow<'_, str> {
                ::std::borrow::Cow::Borrowed(self.as_str())
            }
        }
    };
}

/// Reads an open enum; a value of the document needs no allocation. Called by [`open_enum!`](crate::open_enum).
///
/// # Errors
///
/// When the value is not a string.
#[doc(hidden)]
pub fn deserialize<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: From<String> + for<'a> From<&'a str>,
{
    deserializer.deserialize_str(TextVisitor(PhantomData))
}

/// Counts a value that the document does not list. Called by [`open_enum!`](crate::open_enum).
#[doc(hidden)]
pub fn unlisted() {
    unknown::count(unknown::UNNAMED);
}

struct TextVisitor<T>(PhantomData<T>);

impl<T: From<String> + for<'a> From<&'a str>> Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        Ok(text.into())
    }

    fn visit_string<E: Error>(self, text: String) -> Result<T, E> {
        Ok(text.into())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, dead_code, unreachable_pub)]

    use crate::Param;

    crate::open_enum! {
        /// What an account is.
        #[derive(Default)]
        pub enum AccountType {
            /// Trading in cash.
            #[default]
            CashTrading = "CASH_TRADING",
            /// A loan.
            Loan = "LOAN",
        }
    }

    crate::open_enum! {
        /// A schema with a value of the catch-all's usual name.
        enum Status (catch_all = Other) {
            /// The provider does not know either.
            Unknown = "UNKNOWN",
        }
    }

    #[test]
    fn every_text_survives_a_round_trip() {
        for (json, known) in [(r#""LOAN""#, true), (r#""ÉPARGNE""#, false), (r#""""#, false), (r#""loan""#, false)] {
            let value: AccountType = serde_json::from_str(json).unwrap();
            assert_eq!(value.is_known(), known, "{json}");
            assert_eq!(serde_json::to_string(&value).unwrap(), json);
        }
        assert!(serde_json::from_str::<AccountType>("null").is_err());
    }

    #[test]
    fn a_known_text_in_the_catch_all_is_the_known_value() {
        let odd = AccountType::Unknown("LOAN".to_owned());
        assert_eq!(odd, AccountType::Loan);
        assert!(odd.is_known());
        assert_eq!(odd.cmp(&AccountType::Loan), std::cmp::Ordering::Equal);
    }

    #[test]
    fn shows_its_text() {
        assert_eq!(AccountType::default().to_string(), "CASH_TRADING");
        assert_eq!(format!("{:?}", AccountType::from("X")), r#"Unknown("X")"#);
        assert_eq!(AccountType::from("X").to_param(), "X");
        assert_eq!(AccountType::KNOWN.len(), AccountType::VALUES.len());
    }

    #[test]
    fn the_catch_all_can_have_another_name() {
        assert!(matches!(Status::from("UNKNOWN"), Status::Unknown));
        assert!(matches!("NEW".parse().unwrap(), Status::Other(text) if text == "NEW"));
    }
}
