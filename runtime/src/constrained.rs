//! Newtypes that hold the constraints of a schema, for what is *sent*.
//!
//! Responses are read liberally and use plain types; judging them is the work of `obkit-conformance`.

use std::fmt;

mod integer;
mod string;

#[doc(hidden)]
pub use integer::IntegerBounds;
#[doc(hidden)]
pub use string::StringBounds;

/// A value breaks a constraint of its schema. Says which constraint of which type, never the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConstraintError {
    type_name: &'static str,
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
}

impl ConstraintError {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(type_name: &'static str, violation: Violation) -> Self {
        Self { type_name, violation }
    }

    /// The Rust type that refused the value.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        self.type_name
    }

    /// The constraint that was broken.
    #[must_use]
    pub const fn violation(&self) -> &Violation {
        &self.violation
    }
}

impl fmt::Display for ConstraintError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.type_name, self.violation)
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
        }
    }
}

impl std::error::Error for ConstraintError {}

#[cfg(test)]
mod tests;
