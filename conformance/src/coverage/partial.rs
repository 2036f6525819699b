//! What was judged in part only, and why.

use std::collections::BTreeSet;
use std::fmt;

use obkit_codegen::spec::{Content, Operation};
use serde::{Deserialize, Serialize};

use crate::contract::Contract;
use crate::generate::{GenerateError, Reason};
use crate::schema::Direction;

/// Why something was judged in part only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartialReason {
    /// A body is no value: nothing but its bytes is compared.
    Bytes,
    /// A body has no schema, or one that says nothing: everything fits.
    FreeForm,
    /// Nobody knows the format: it is not checked.
    Format,
    /// The client has no type for the body: it is handed on as it is.
    Untyped,
    /// No value was found that fits, or it would never end: payloads are made without it.
    Omitted,
}

impl PartialReason {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Bytes, Self::Format, Self::FreeForm, Self::Omitted, Self::Untyped];

    /// Its name, which is the part of the check.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::FreeForm => "free-form",
            Self::Format => "format",
            Self::Untyped => "untyped",
            Self::Omitted => "omitted",
        }
    }
}

impl fmt::Display for PartialReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Something that was judged in part only.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partial {
    /// Why.
    pub reason: PartialReason,
    /// The operation, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// What is not judged.
    pub message: String,
    /// Where it stands.
    pub pointer: String,
    /// The file that it stands in.
    pub file: String,
    /// The line, from one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
}

/// What can be said of operations before anything is done.
pub(super) fn of(contract: &Contract, operations: &[&Operation]) -> BTreeSet<Partial> {
    let mut found = BTreeSet::new();
    for operation in operations {
        let request = operation.request.iter().flat_map(|request| &request.content);
        let request = request.map(|content| (Direction::Request, content));
        let responses = operation.responses.iter().flat_map(|response| &response.content);
        for (direction, content) in request.chain(responses.map(|content| (Direction::Response, content))) {
            found.extend(of_body(contract, operation, direction, content));
        }
    }
    for (format, places) in contract.validators().unknown_formats() {
        // What stands in no operation may be used by any.
        let holds = |operation: &Operation, place: &str| {
            place.strip_prefix(&operation.pointer).is_some_and(|rest| rest.starts_with('/'))
        };
        let is_of_others = |place: &str| {
            contract.spec().all().any(|one| holds(one, place)) && !operations.iter().any(|one| holds(one, place))
        };
        let Some(pointer) = places.iter().find(|place| !is_of_others(place)) else { continue };
        let message = format!("the format `{format}` is not checked: nobody knows it");
        found.insert(at(contract, PartialReason::Format, None, message, pointer));
    }
    found
}

fn of_body(contract: &Contract, operation: &Operation, direction: Direction, content: &Content) -> Option<Partial> {
    let media_type = &content.media_type;
    let free = |schema: &str| contract.validators().is_free_form(direction, schema);
    let (reason, message) = if !content.is_value() && !content.is_multipart() {
        (PartialReason::Bytes, format!("of a body of {media_type}, nothing but the bytes is compared"))
    } else if content.schema.as_deref().is_none_or(free) {
        (PartialReason::FreeForm, format!("a body of {media_type} may be anything: its schema says nothing"))
    } else {
        return None;
    };
    Some(at(contract, reason, Some(&operation.id), message, &content.pointer))
}

/// What payloads were made without.
pub(super) fn omitted(contract: &Contract, error: &GenerateError) -> Partial {
    let message = match error.reason {
        Reason::Endless => "payloads are made without it: it requires itself without end".to_owned(),
        _ => format!("payloads are made without it: {error}"),
    };
    at(contract, PartialReason::Omitted, None, message, &error.schema_pointer)
}

/// A body that the client has no type for.
pub(super) fn untyped(contract: &Contract, operation: &str, pointer: &str) -> Partial {
    let message = "the client has no type for the body, and hands it on as it is".to_owned();
    at(contract, PartialReason::Untyped, Some(operation), message, pointer)
}

fn at(contract: &Contract, reason: PartialReason, operation: Option<&str>, message: String, pointer: &str) -> Partial {
    let origin = contract.document().origin(pointer);
    Partial {
        reason,
        operation: operation.map(str::to_owned),
        message,
        pointer: origin.pointer,
        file: origin.file.display().to_string(),
        line: origin.position.map(|position| position.line),
    }
}
