//! `minLength`, `maxLength` and `pattern`.

use super::{ConstraintError, Pattern, Violation};

/// The constraints of one string type.
#[doc(hidden)]
#[derive(Debug)]
pub struct StringBounds {
    type_name: &'static str,
    min_length: Option<usize>,
    max_length: Option<usize>,
    pattern: Option<Pattern>,
}

impl StringBounds {
    /// The constraints of the type called `type_name`.
    #[must_use]
    pub const fn new(
        type_name: &'static str,
        min_length: Option<usize>,
        max_length: Option<usize>,
        pattern: Option<Pattern>,
    ) -> Self {
        Self { type_name, min_length, max_length, pattern }
    }

    /// Checks length before pattern, because a pattern may cost time that grows with the text.
    ///
    /// # Errors
    ///
    /// The first constraint that the text breaks.
    pub fn check(&self, text: &str) -> Result<(), ConstraintError> {
        let length = text.chars().count();
        let violation = match (self.min_length, self.max_length, self.pattern) {
            (Some(min), _, _) if length < min => Violation::MinLength(min),
            (_, Some(max), _) if length > max => Violation::MaxLength(max),
            (_, _, Some(pattern)) => match pattern.matches(text) {
                None => Violation::InvalidPattern(pattern.as_str()),
                Some(false) => Violation::Pattern(pattern.as_str()),
                Some(true) => return Ok(()),
            },
            _ => return Ok(()),
        };
        Err(ConstraintError::new(self.type_name, violation))
    }
}

/// Declares a string newtype that accepts only what its schema allows.
///
/// Each of `min_length`, `max_length` (Unicode scalar values, as in JSON Schema) and `pattern` (ECMA-262, unanchored)
/// may be left out; the order is fixed, and a pattern needs the feature `patterns`. Every way in checks them, `Deserialize` included, and fails with a
/// [`ConstraintError`](crate::ConstraintError) that never shows the value.
///
/// ```
/// obkit_runtime::constrained_string! {
///     /// The payment reference, as the payee sees it.
///     pub struct Reference { min_length: 1, max_length: 18, pattern: r"^[\w ]+$" }
/// }
///
/// let reference: Reference = "Invoice 42".parse()?;
/// assert_eq!(reference.as_str(), "Invoice 42");
/// let error = Reference::try_from("x".repeat(19)).unwrap_err();
/// assert_eq!(error.to_string(), "Reference: longer than 18 characters");
/// # Ok::<(), obkit_runtime::ConstraintError>(())
/// ```
#[macro_export]
macro_rules! constrained_string {
    (
        $(#[$attribute:meta])*
        $vis:vis struct $name:ident {
            $(min_length: $min:literal $(,)?)?
            $(max_length: $max:literal $(,)?)?
            $(pattern: $pattern:literal $(,)?)?
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis struct $name(::std::string::String);

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            fn check(text: &str) -> ::std::result::Result<(), $crate::ConstraintError> {
                #[allow(unused_mut, unused_assignments)]
                static BOUNDS: $crate::constrained::StringBounds = {
                    let mut min_length = ::std::option::Option::None;
                    let mut max_length = ::std::option::Option::None;
                    let mut pattern = ::std::option::Option::None;
                    $(min_length = ::std::option::Option::Some($min);)?
                    $(max_length = ::std::option::Option::Some($max);)?
                    $(pattern = ::std::option::Option::Some($crate::Pattern::new($pattern));)?
                    $crate::constrained::StringBounds::new(
                        ::std::stringify!($name), min_length, max_length, pattern,
                    )
                };
                BOUNDS.check(text)
            }
        }

        impl ::std::convert::TryFrom<::std::string::String> for $name {
            type Error = $crate::ConstraintError;

            fn try_from(text: ::std::string::String) -> ::std::result::Result<Self, Self::Error> {
                Self::check(&text)?;
                ::std::result::Result::Ok(Self(text))
            }
        }

        impl ::std::convert::TryFrom<&str> for $name {
            type Error = $crate::ConstraintError;

            fn try_from(text: &str) -> ::std::result::Result<Self, Self::Error> {
                Self::check(text)?;
                ::std::result::Result::Ok(Self(text.to_owned()))
            }
        }

        impl ::std::convert::TryFrom<&::std::string::String> for $name {
            type Error = $crate::ConstraintError;

            fn try_from(text: &::std::string::String) -> ::std::result::Result<Self, Self::Error> {
                Self::try_from(text.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::ConstraintError;

            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                Self::try_from(text)
            }
        }

        impl ::std::convert::From<$name> for ::std::string::String {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl ::std::convert::From<&$name> for $name {
            fn from(value: &$name) -> Self {
                value.clone()
            }
        }

        impl ::std::ops::Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl ::std::convert::AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<__S: $crate::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::std::result::Result<__S::Ok, __S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<__D: $crate::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::std::result::Result<Self, __D::Error> {
                let text = <::std::string::String as $crate::serde::Deserialize>::deserialize(deserializer)?;
                Self::try_from(text).map_err(<__D::Error as $crate::serde::de::Error>::custom)
            }
        }

        impl $crate::Param for $name {
            fn to_param(&self) -> ::std::borrow::Cow<'_, str> {
                ::std::borrow::Cow::Borrowed(&self.0)
            }
        }
    };
}
