//! Properties that travel one way only.
//!
//! In OpenAPI 3.0, `required` counts for a `readOnly` property in responses only and for a
//! `writeOnly` one in requests only. The flag may stand far from the `required`: in another branch
//! of an `allOf`, or behind a `$ref`.

use std::collections::BTreeSet;

use obkit_codegen::{Document, Version};
use serde_json::Value;

use crate::pointer;
use crate::schema::Direction;

/// How many references and combinators are looked through.
const MAX_DEPTH: usize = 32;

/// Adds the names of the properties of a schema that need not be there in this direction.
pub(crate) fn collect<'d>(
    document: &'d Document,
    direction: Direction,
    schema: &'d Value,
    names: &mut BTreeSet<&'d str>,
) {
    visit(document, foreign(direction), schema, names, MAX_DEPTH);
}

/// The flag of properties that do not belong into a direction.
pub(crate) fn foreign(direction: Direction) -> &'static str {
    match direction {
        Direction::Request => "readOnly",
        Direction::Response => "writeOnly",
    }
}

/// Whether a property does not belong into a direction.
pub(crate) fn is_foreign(document: &Document, direction: Direction, property: &Value) -> bool {
    flagged(document, foreign(direction), property, MAX_DEPTH)
}

fn visit<'d>(document: &'d Document, flag: &str, schema: &'d Value, names: &mut BTreeSet<&'d str>, depth: usize) {
    let Some(depth) = depth.checked_sub(1) else { return };
    if let Some(target) = target(document, schema) {
        visit(document, flag, target, names, depth);
        if document.version() == Version::V3_0 {
            return;
        }
    }
    for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        if flagged(document, flag, property, depth) {
            names.insert(name);
        }
    }
    for branch in branches(schema, &["allOf", "anyOf", "oneOf"]) {
        visit(document, flag, branch, names, depth);
    }
}

fn flagged(document: &Document, flag: &str, schema: &Value, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    if let Some(target) = target(document, schema) {
        if flagged(document, flag, target, depth) {
            return true;
        }
        if document.version() == Version::V3_0 {
            return false;
        }
    }
    schema.get(flag) == Some(&Value::Bool(true))
        || branches(schema, &["allOf"]).any(|branch| flagged(document, flag, branch, depth))
}

/// Where the `$ref` of a schema leads. In 3.0 it hides what stands beside it.
fn target<'d>(document: &'d Document, schema: &Value) -> Option<&'d Value> {
    let reference = schema.get("$ref")?.as_str()?;
    document.at(&pointer::of_reference(reference))
}

fn branches<'d>(schema: &'d Value, keywords: &'static [&str]) -> impl Iterator<Item = &'d Value> {
    keywords.iter().filter_map(|keyword| schema.get(keyword)?.as_array()).flatten()
}
