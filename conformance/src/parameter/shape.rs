//! What text stands for: the types that a schema asks for.

use obkit_codegen::Document;
use serde_json::{Number, Value};

use crate::pointer;

/// How many references and combinators are looked through.
const MAX_DEPTH: usize = 8;

/// What a value is made of, as its schema has it.
pub(super) enum Shape<'d> {
    Primitive,
    Array(Option<&'d Value>),
    Object(Vec<(&'d str, &'d Value)>),
}

/// Reads text as the type that a schema asks for.
pub(crate) fn coerce(document: &Document, schema: Option<&Value>, text: String) -> Value {
    let types = schema.map(|schema| types(document, schema)).unwrap_or_default();
    let asks = |kind: &str| types.contains(&kind);
    let read = match text.as_str() {
        "true" | "false" if asks("boolean") => Some(Value::Bool(text == "true")),
        _ if asks("integer") || asks("number") => number(&text),
        // What is nested in a list or an object travels as JSON.
        _ if asks("object") && text.starts_with('{') || asks("array") && text.starts_with('[') => {
            serde_json::from_str(&text).ok()
        }
        _ => None,
    };
    read.unwrap_or(Value::String(text))
}

/// A number as JSON writes it, and nothing around it.
fn number(text: &str) -> Option<Value> {
    let first = text.starts_with(|c: char| c == '-' || c.is_ascii_digit());
    let last = text.ends_with(|c: char| c.is_ascii_digit());
    if !first || !last {
        return None;
    }
    serde_json::from_str::<Number>(text).ok().map(Value::Number)
}

/// The types that a schema allows, `null` aside, which has no text.
pub(super) fn types<'d>(document: &'d Document, schema: &'d Value) -> Vec<&'d str> {
    let mut types = Vec::new();
    collect_types(document, schema, &mut types, MAX_DEPTH);
    types
}

fn collect_types<'d>(document: &'d Document, schema: &'d Value, types: &mut Vec<&'d str>, depth: usize) {
    let (Some(schema), Some(depth)) = (pointer::resolved(document, schema), depth.checked_sub(1)) else { return };
    match schema.get("type") {
        Some(Value::String(kind)) => return types.push(kind),
        Some(Value::Array(kinds)) => {
            return types.extend(kinds.iter().filter_map(Value::as_str).filter(|kind| *kind != "null"));
        }
        _ => {}
    }
    let branches = ["allOf", "oneOf", "anyOf"].iter().filter_map(|keyword| schema.get(keyword)?.as_array()).flatten();
    for branch in branches {
        collect_types(document, branch, types, depth);
    }
    // Values that are listed have types, too.
    let listed = schema.get("enum").and_then(Value::as_array).into_iter().flatten().chain(schema.get("const"));
    types.extend(listed.filter_map(|value| match value {
        Value::Bool(_) => Some("boolean"),
        Value::Number(_) => Some("number"),
        Value::String(_) => Some("string"),
        _ => None,
    }));
}

pub(super) fn shape<'d>(document: &'d Document, schema: &'d Value) -> Shape<'d> {
    match types(document, schema).first() {
        Some(&"array") => Shape::Array(member(document, schema, "items")),
        Some(&"object") => {
            let properties = member(document, schema, "properties").and_then(Value::as_object);
            Shape::Object(properties.into_iter().flatten().map(|(name, schema)| (name.as_str(), schema)).collect())
        }
        _ => Shape::Primitive,
    }
}

/// A member of a schema, or of the first branch of its `allOf` that has it.
fn member<'d>(document: &'d Document, schema: &'d Value, name: &str) -> Option<&'d Value> {
    let schema = pointer::resolved(document, schema)?;
    schema.get(name).or_else(|| {
        let branches = schema.get("allOf")?.as_array()?;
        branches.iter().find_map(|branch| pointer::resolved(document, branch)?.get(name))
    })
}
