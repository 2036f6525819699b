//! Why there is no payload.

use std::fmt;

use crate::validator::CompileError;

/// A schema that no payload was found for, within the budget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GenerateError {
    /// Where it stands in the source document: the schema that stands in the way, not the one that was asked for.
    pub schema_pointer: String,
    /// What stands in the way.
    pub reason: Reason,
}

/// What stands in the way of a payload.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// There is no such schema, or it cannot be enforced.
    Uncompiled(String),
    /// What it asks for excludes itself, such as a `minimum` above the `maximum`. The keyword is named.
    Contradiction(&'static str),
    /// It requires itself without end.
    Endless,
    /// No text was found that its `pattern` and `format` take.
    Text,
    /// What was made was refused by the validator each time, the last time under this keyword.
    Refused(String),
    /// It takes more work than is allowed.
    Budget,
    /// The document has no such operation, status or JSON body.
    NoBody,
}

impl fmt::Display for GenerateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { schema_pointer, reason } = self;
        match reason {
            Reason::Uncompiled(message) => write!(f, "no payload for {schema_pointer}: {message}"),
            Reason::Contradiction(keyword) => {
                write!(f, "no payload for {schema_pointer}: nothing fits, because of `{keyword}`")
            }
            Reason::Endless => write!(f, "no payload for {schema_pointer}: it requires itself without end"),
            Reason::Text => write!(f, "no payload for {schema_pointer}: no text was found that fits; add an example"),
            Reason::Refused(keyword) => {
                write!(f, "no payload for {schema_pointer}: what was made is refused by `{keyword}`; add an example")
            }
            Reason::Budget => write!(f, "no payload for {schema_pointer}: it takes too much work"),
            Reason::NoBody => write!(f, "no payload for {schema_pointer}: no JSON body is documented there"),
        }
    }
}

impl std::error::Error for GenerateError {}

impl From<CompileError> for GenerateError {
    fn from(error: CompileError) -> Self {
        Self { schema_pointer: error.schema_pointer, reason: Reason::Uncompiled(error.message) }
    }
}
