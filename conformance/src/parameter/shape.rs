//! What text stands for: the types that a schema asks for.

use obkit_codegen::Document;
use serde_json::{Number, Value};

use crate::pointer;
use crate::validator::of_pattern;

/// How many references and combinators are looked through.
const MAX_DEPTH: usize = 8;

/// What a value is made of, as its schemas have it.
pub(super) enum Shape<'d> {
    Primitive,
    Array(Items<'d>),
    Object(Members<'d>),
}

/// What holds for the items of a list.
pub(super) struct Items<'d>(Vec<&'d Value>);

/// What holds for the members of an object.
#[derive(Default)]
pub(crate) struct Members<'d>(Vec<&'d Value>);

impl<'d> Items<'d> {
    /// The schemas of an item.
    pub(super) fn of(&self, index: usize) -> Vec<&'d Value> {
        let own = |part: &&'d Value| part.get("prefixItems")?.get(index);
        let each = self.0.iter().filter_map(|part| own(part).or_else(|| part.get("items")));
        each.chain(self.0.iter().filter_map(|part| part.get("contains"))).collect()
    }
}

impl<'d> Members<'d> {
    /// Those of the objects that a schema is about; none, where it is about something else.
    pub(crate) fn of_schema(document: &'d Document, schema: Option<&'d Value>) -> Self {
        match shape(document, schema.as_slice()) {
            Shape::Object(members) => members,
            _ => Self::default(),
        }
    }

    /// Whether a name can be a member's. An object that names none takes every name.
    pub(super) fn take(&self, name: &str) -> bool {
        let named = || self.0.iter().filter_map(|part| part.get("properties")?.as_object());
        named().any(|properties| properties.contains_key(name)) || named().next().is_none()
    }

    /// The schemas of a member.
    pub(crate) fn of(&self, name: &str) -> Vec<&'d Value> {
        self.0.iter().flat_map(|part| member(part, name)).collect()
    }
}

/// What one schema says of a member: by its name, by patterns that fit the name, or else of all others.
fn member<'d>(part: &'d Value, name: &str) -> Vec<&'d Value> {
    let named = part.get("properties").and_then(|properties| properties.get(name));
    let patterns = part.get("patternProperties").and_then(Value::as_object).into_iter().flatten();
    let fits = |pattern: &str| of_pattern(pattern).is_some_and(|validator| validator.is_valid(&Value::from(name)));
    let found: Vec<_> =
        named.into_iter().chain(patterns.filter(|(pattern, _)| fits(pattern)).map(|(_, schema)| schema)).collect();
    if found.is_empty() { part.get("additionalProperties").into_iter().collect() } else { found }
}

/// Reads text as the type that its schemas ask for.
pub(crate) fn coerce(document: &Document, schemas: &[&Value], text: String) -> Value {
    // Most text can stand for nothing else, whatever is asked for.
    let asks = |kinds: &[&str]| types(document, schemas).iter().any(|kind| kinds.contains(kind));
    let read = match text.as_bytes() {
        b"true" | b"false" if asks(&["boolean"]) => Some(Value::Bool(text == "true")),
        [b'-' | b'0'..=b'9', ..] if asks(&["integer", "number"]) => number(&text),
        // What is nested in a list or an object travels as JSON.
        [b'{', ..] if asks(&["object"]) => serde_json::from_str(&text).ok(),
        [b'[', ..] if asks(&["array"]) => serde_json::from_str(&text).ok(),
        _ => None,
    };
    read.unwrap_or(Value::String(text))
}

/// A number as JSON writes it, and nothing behind it.
fn number(text: &str) -> Option<Value> {
    if !text.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    serde_json::from_str::<Number>(text).ok().map(Value::Number)
}

/// The types that schemas allow, `null` aside, which has no text.
pub(super) fn types<'d>(document: &'d Document, schemas: &[&'d Value]) -> Vec<&'d str> {
    let mut types = Vec::new();
    schemas.iter().for_each(|schema| collect_types(document, schema, &mut types, MAX_DEPTH));
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

pub(super) fn shape<'d>(document: &'d Document, schemas: &[&'d Value]) -> Shape<'d> {
    let parts = || {
        let mut parts = Vec::new();
        schemas.iter().for_each(|schema| collect_parts(document, schema, &mut parts, MAX_DEPTH));
        parts
    };
    match types(document, schemas).first() {
        Some(&"array") => Shape::Array(Items(parts())),
        Some(&"object") => Shape::Object(Members(parts())),
        _ => Shape::Primitive,
    }
}

/// A schema and what holds beside it: the branches of its `allOf`, and its `dependentSchemas`.
fn collect_parts<'d>(document: &'d Document, schema: &'d Value, parts: &mut Vec<&'d Value>, depth: usize) {
    let (Some(schema), Some(depth)) = (pointer::resolved(document, schema), depth.checked_sub(1)) else { return };
    parts.push(schema);
    let branches = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
    let dependent = schema.get("dependentSchemas").and_then(Value::as_object).into_iter().flatten();
    let beside = branches.chain(dependent.map(|(_, schema)| schema));
    beside.for_each(|schema| collect_parts(document, schema, parts, depth));
}
