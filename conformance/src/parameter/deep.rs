//! Objects whose members are `name[member]`, as deep as they go.

use obkit_codegen::Document;
use serde_json::{Map, Value};

use super::shape::{Shape, coerce, shape};

/// The members in brackets: `a`, `b` of `filter[a][b]`.
pub(super) fn path<'n>(parameter: &str, name: &'n str) -> Option<Vec<&'n str>> {
    let inner = name.strip_prefix(parameter)?.strip_prefix('[')?.strip_suffix(']')?;
    Some(inner.split("][").collect())
}

/// Puts a text where a path of members leads; where there is one already, there is a list.
pub(super) fn put(document: &Document, value: &mut Value, schemas: &[&Value], path: &[&str], text: String) {
    let shape = shape(document, schemas);
    let Some((member, rest)) = path.split_first() else {
        match shape {
            Shape::Array(items) => {
                let at = value.as_array().map_or(0, Vec::len);
                let item = coerce(document, &items.of(at), text);
                if value.is_null() { *value = Value::Array(vec![item]) } else { add(value, item) }
            }
            _ => add(value, coerce(document, schemas, text)),
        }
        return;
    };
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    let schemas = if let Shape::Object(members) = shape { members.of(member) } else { Vec::new() };
    if let Some(members) = value.as_object_mut() {
        put(document, members.entry((*member).to_owned()).or_insert(Value::Null), &schemas, rest, text);
    }
}

/// Adds a value to what stands already: what is sent twice is a list, which the schema judges.
pub(super) fn add(slot: &mut Value, value: Value) {
    match slot {
        Value::Null => *slot = value,
        Value::Array(items) => items.push(value),
        one => {
            let first = one.take();
            *one = Value::Array(vec![first, value]);
        }
    }
}
