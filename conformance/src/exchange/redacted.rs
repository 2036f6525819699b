//! What a recording no longer says.
//!
//! Browsers leave credentials and cookies out of the recordings that they write, and obkit replaces what nobody may see. What is missing
//! for that reason is nobody's fault.

use obkit_codegen::spec::{Location, Parameter};
use serde_json::Value;

use super::Request;
use crate::parameter::Unreadable;
use crate::violation::Violation;

/// What stands in the place of a secret; `Debug` of the runtime's secrets says the same.
pub(crate) const MARK: &str = "[redacted]";

/// The mark, as it stands in URLs.
pub(crate) const ENCODED: &str = "%5Bredacted%5D";

/// Keywords that judge by what stands below, or by what else a value could be.
const OF_THE_WHOLE: [&str; 12] = [
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "then",
    "else",
    "contains",
    "uniqueItems",
    "propertyNames",
    "discriminator",
    "dependentSchemas",
];

/// Whether a text, or a part of it, was replaced.
pub(crate) fn is_marked(text: &str) -> bool {
    text.contains(MARK) || text.contains(ENCODED)
}

/// Whether a field is one that recordings are without.
pub(crate) fn is_secret_field(name: &str) -> bool {
    ["authorization", "cookie", "proxy-authorization", "set-cookie"]
        .iter()
        .any(|secret| name.eq_ignore_ascii_case(secret))
}

/// Whether what is to be found about a parameter would only be that it was taken out, or replaced.
pub(super) fn hides_parameter(
    parameter: &Parameter,
    read: Result<&Option<Value>, &Unreadable>,
    request: &Request,
) -> bool {
    match read {
        Ok(Some(value)) => has_mark(value),
        Ok(None) => parameter.location == Location::Cookie || is_secret_field(&parameter.name),
        Err(_) => match parameter.location {
            Location::Path => is_marked(&request.path),
            Location::Query => request.query.as_deref().is_some_and(is_marked),
            Location::Header => request.header(&parameter.name).is_some_and(|text| is_marked(&text)),
            Location::Cookie => request.header("cookie").is_some_and(|text| is_marked(&text)),
        },
    }
}

/// Whether a value violates a schema only because something was replaced.
pub(super) fn hides_value(value: &Value, violation: &Violation) -> bool {
    let Some(at) = value.pointer(&violation.instance_path) else { return false };
    at.as_str() == Some(MARK) || (OF_THE_WHOLE.contains(&violation.keyword.as_str()) && has_mark(at))
}

/// Whether something was replaced anywhere in a value.
fn has_mark(value: &Value) -> bool {
    match value {
        Value::String(text) => is_marked(text),
        Value::Array(items) => items.iter().any(has_mark),
        Value::Object(members) => members.iter().any(|(name, member)| is_marked(name) || has_mark(member)),
        _ => false,
    }
}
