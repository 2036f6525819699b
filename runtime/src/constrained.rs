//! Newtypes that hold the constraints of a schema, for what is *sent*.
//!
//! Responses are read liberally and use plain types; judging them is the work of `obkit-conformance`.

use std::borrow::Cow;
use std::fmt;

mod integer;
mod pattern;
mod string;

#[doc(hidden)]
pub use integer::IntegerBounds;
pub use pattern::Pattern;
#[doc(hidden)]
pub use string::StringBounds;

/// A value breaks a constraint of its schema. Says which constraint of which type or place, never the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConstraintError {
    place: Cow<'static, str>,
    violation: Violation,
}

/// The constraint that a value breaks, in the words of JSON Schema (2020-12, validation, section 6).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Violation {
    /// `minLength`: fewer Unicode scalar values than this.
    MinLength(usize),
    /// `maxLength`: more Unicode scalar values than this.
    MaxLength(usize),
    /// `pattern`: no match for this ECMA-262 expression.
    Pattern(&'static str),
    /// `pattern`: the document's expression is not one of ECMA-262, so no value can be accepted.
    InvalidPattern(&'static str),
    /// `minimum`: less than this.
    Minimum(i128),
    /// `maximum`: more than this.
    Maximum(i128),
    /// Not an integer.
    NotAnInteger,
    /// `minimum`: less than this number, or equal where it is excluded.
    Below(String),
    /// `maximum`: more than this number, or equal where it is excluded.
    Above(String),
    /// `multipleOf`: not a multiple of this number.
    MultipleOf(String),
    /// `minItems`: fewer items than this.
    MinItems(usize),
    /// `maxItems`: more items than this.
    MaxItems(usize),
    /// `uniqueItems`: two items are equal.
    UniqueItems,
    /// `minProperties`: fewer members than this.
    MinProperties(usize),
    /// `maxProperties`: more members than this.
    MaxProperties(usize),
    /// The value cannot be written as JSON at all.
    NotJson,
}

impl ConstraintError {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(type_name: &'static str, violation: Violation) -> Self {
        Self { place: Cow::Borrowed(type_name), violation }
    }

    /// A violation at a place of a request, such as `body.items[2].name`.
    pub(crate) fn at(place: String, violation: Violation) -> Self {
        Self { place: Cow::Owned(place), violation }
    }

    /// The Rust type that refused the value, or the place in a request where it stands.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// The constraint that was broken.
    #[must_use]
    pub const fn violation(&self) -> &Violation {
        &self.violation
    }
}

impl fmt::Display for ConstraintError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.violation)
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MinLength(length) => write!(f, "shorter than {length} characters"),
            Self::MaxLength(length) => write!(f, "longer than {length} characters"),
            Self::Pattern(pattern) => write!(f, "does not match the pattern {pattern}"),
            Self::InvalidPattern(pattern) => {
                write!(f, "the pattern {pattern} is not valid ECMA-262")
            }
            Self::Minimum(minimum) => write!(f, "less than {minimum}"),
            Self::Maximum(maximum) => write!(f, "greater than {maximum}"),
            Self::NotAnInteger => f.write_str("not an integer"),
            Self::Below(bound) | Self::Above(bound) => write!(f, "not within the bound {bound}"),
            Self::MultipleOf(step) => write!(f, "not a multiple of {step}"),
            Self::MinItems(count) => write!(f, "fewer than {count} items"),
            Self::MaxItems(count) => write!(f, "more than {count} items"),
            Self::UniqueItems => f.write_str("two items are equal"),
            Self::MinProperties(count) => write!(f, "fewer than {count} members"),
            Self::MaxProperties(count) => write!(f, "more than {count} members"),
            Self::NotJson => f.write_str("cannot be written as JSON"),
        }
    }
}

impl std::error::Error for ConstraintError {}

#[cfg(test)]
mod tests;
