//! `minimum` and `maximum`.

use super::{ConstraintError, Violation};

/// The constraints of one integer type. 128 bits hold every integer type of JSON.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct IntegerBounds {
    type_name: &'static str,
    minimum: i128,
    maximum: i128,
}

impl IntegerBounds {
    /// The constraints of the type called `type_name`.
    #[must_use]
    pub const fn new(type_name: &'static str, minimum: i128, maximum: i128) -> Self {
        Self { type_name, minimum, maximum }
    }

    /// The value as the newtype's own integer.
    ///
    /// # Errors
    ///
    /// The bound that the value breaks.
    pub fn check<T: TryFrom<i128>>(&self, value: i128) -> Result<T, ConstraintError> {
        let violation = if value < self.minimum {
            Violation::Minimum(self.minimum)
        } else if value > self.maximum {
            Violation::Maximum(self.maximum)
        } else {
            // The bounds lie within T unless the document's own bounds do not.
            return T::try_from(value).map_err(|_| self.not_an_integer());
        };
        Err(ConstraintError::new(self.type_name, violation))
    }

    /// The text as an integer within the bounds.
    ///
    /// # Errors
    ///
    /// When the text is not an integer, or the bound that it breaks.
    pub fn parse<T: TryFrom<i128>>(&self, text: &str) -> Result<T, ConstraintError> {
        let value = text.parse().map_err(|_| self.not_an_integer())?;
        self.check(value)
    }

    const fn not_an_integer(&self) -> ConstraintError {
        ConstraintError::new(self.type_name, Violation::NotAnInteger)
    }
}

/// Declares an integer newtype that accepts only what its schema allows.
///
/// Each of `minimum` and `maximum` (both inclusive) may be left out; the order is fixed. It converts from `i32`, `i64`,
/// `u32` and `u64`, so a bare literal such as `.limit(100)` finds its type.
///
/// ```
/// obkit_runtime::constrained_integer! {
///     /// How many items a page may have.
///     pub struct Limit(i32) { minimum: 1, maximum: 1000 }
/// }
///
/// assert_eq!(Limit::try_from(100_i64)?.get(), 100);
/// assert_eq!(Limit::try_from(0_i64).unwrap_err().to_string(), "Limit: less than 1");
/// # Ok::<(), obkit_runtime::ConstraintError>(())
/// ```
#[macro_export]
macro_rules! constrained_integer {
    (
        $(#[$attribute:meta])*
        $vis:vis struct $name:ident($integer:ty) {
            $(minimum: $min:literal $(,)?)?
            $(maximum: $max:literal $(,)?)?
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis struct $name($integer);

        impl $name {
            #[allow(unused_mut, unused_assignments)]
            const BOUNDS: $crate::constrained::IntegerBounds = {
                let mut minimum = <$integer>::MIN as i128;
                let mut maximum = <$integer>::MAX as i128;
                $(minimum = $min;)?
                $(maximum = $max;)?
                $crate::constrained::IntegerBounds::new(::std::stringify!($name), minimum, maximum)
            };

            /// The integer.
            #[must_use]
            pub const fn get(self) -> $integer {
                self.0
            }
        }

        $crate::constrained_integer! { @try_from $name: i32, i64, u32, u64 }

        impl ::std::str::FromStr for $name {
            type Err = $crate::ConstraintError;

            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                Self::BOUNDS.parse(text).map(Self)
            }
        }

        impl ::std::convert::From<$name> for $integer {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<__S: $crate::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::std::result::Result<__S::Ok, __S::Error> {
                $crate::serde::Serialize::serialize(&self.0, serializer)
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<__D: $crate::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::std::result::Result<Self, __D::Error> {
                let $crate::integer::Whole::<$integer>(value) = $crate::serde::Deserialize::deserialize(deserializer)?;
                Self::BOUNDS
                    .check(::std::primitive::i128::from(value))
                    .map(Self)
                    .map_err(<__D::Error as $crate::serde::de::Error>::custom)
            }
        }

        impl $crate::Param for $name {
            fn to_param(&self) -> ::std::borrow::Cow<'_, str> {
                ::std::borrow::Cow::Owned(::std::string::ToString::to_string(&self.0))
            }
        }
    };
    (@try_from $name:ident: $($integer:ty),*) => {$(
        impl ::std::convert::TryFrom<$integer> for $name {
            type Error = $crate::ConstraintError;

            fn try_from(value: $integer) -> ::std::result::Result<Self, Self::Error> {
                Self::BOUNDS.check(::std::primitive::i128::from(value)).map(Self)
            }
        }
    )*};
}
