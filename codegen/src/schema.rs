//! The keywords of a schema object, read as OpenAPI 3.0 and its authors mean them.

use serde_json::{Map, Value};

use crate::load::{Document, escape_token};
use crate::spec::decode;

/// How many references are followed before a chain of them counts as a circle.
const MAX_REFERENCES: usize = 32;

/// Keywords that say something about a value without narrowing it.
const ANNOTATIONS: &[&str] = &[
    "default",
    "deprecated",
    "description",
    "example",
    "externalDocs",
    "nullable",
    "readOnly",
    "title",
    "writeOnly",
    "xml",
];

/// The schemas directly inside a schema, each with its pointer relative to it.
pub(crate) fn children(schema: &Value) -> Vec<(String, &Value)> {
    let mut children = Vec::new();
    for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        children.push((format!("/properties/{}", escape_token(name)), property));
    }
    for key in ["items", "additionalProperties", "not"] {
        children.extend(schema.get(key).map(|inner| (format!("/{key}"), inner)));
    }
    for key in ["allOf", "oneOf", "anyOf"] {
        let members = schema.get(key).and_then(Value::as_array).into_iter().flatten();
        children.extend(members.enumerate().map(|(index, inner)| (format!("/{key}/{index}"), inner)));
    }
    children
}

/// A string keyword.
pub(crate) fn text<'v>(schema: &'v Value, key: &str) -> Option<&'v str> {
    schema.get(key).and_then(Value::as_str)
}

/// A boolean keyword that is absent or false by default.
pub(crate) fn flag(schema: &Value, key: &str) -> bool {
    schema.get(key) == Some(&Value::Bool(true))
}

/// The names under `required`.
pub(crate) fn required(schema: &Value) -> impl Iterator<Item = &str> {
    schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// What a `$ref` refers to, as a pointer.
pub(crate) fn reference(schema: &Value) -> Option<String> {
    text(schema, "$ref").map(decode)
}

/// Where the schema stands that this one merely stands for: the target of its `$ref`, or the one
/// member of its `allOf` that says more than words do.
pub(crate) fn stands_for(pointer: &str, schema: &Value) -> Option<String> {
    reference(schema).or_else(|| sole_member(schema).map(|index| format!("{pointer}/allOf/{index}")))
}

fn sole_member(schema: &Value) -> Option<usize> {
    let members = schema.get("allOf")?.as_array()?;
    let own = ["properties", "enum", "oneOf", "anyOf", "additionalProperties", "required", "items"];
    if own.iter().any(|key| schema.get(*key).is_some()) {
        return None;
    }
    let mut telling = members.iter().enumerate().filter(|(_, member)| !is_annotation(member));
    match (telling.next(), telling.next()) {
        (Some((index, _)), None) => Some(index),
        (None, _) if members.len() == 1 => Some(0),
        _ => None,
    }
}

/// Whether a schema only adds words to another.
pub(crate) fn is_annotation(schema: &Value) -> bool {
    schema
        .as_object()
        .is_some_and(|members| members.keys().all(|key| ANNOTATIONS.contains(&key.as_str()) || key.starts_with("x-")))
}

/// Whether null is a value of the schema, or of what it stands for.
pub(crate) fn is_nullable(document: &Document, pointer: &str, schema: &Value) -> bool {
    along(document, pointer, schema, |schema| {
        let words = schema.get("allOf").and_then(Value::as_array).into_iter().flatten().filter(|m| is_annotation(m));
        flag(schema, "nullable")
            || words.into_iter().any(|member| flag(member, "nullable"))
            || schema.get("enum").and_then(Value::as_array).is_some_and(|values| values.contains(&Value::Null))
    })
}

/// Whether the values of a schema, or the items and members in them, must not be shown.
pub(crate) fn is_sensitive(document: &Document, pointer: &str, schema: &Value) -> bool {
    let mut at = Some((pointer.to_owned(), schema));
    for _ in 0..MAX_REFERENCES {
        let Some((pointer, schema)) = at else { return false };
        if along(document, &pointer, schema, |schema| flag(schema, "x-sensitive")) {
            return true;
        }
        let inner = ["items", "additionalProperties"].into_iter().find_map(|key| {
            schema.get(key).filter(|inner| inner.is_object()).map(|inner| (format!("{pointer}/{key}"), inner))
        });
        at = inner.or_else(|| {
            let target = stands_for(&pointer, schema)?;
            document.at(&target).map(|schema| (target, schema))
        });
    }
    false
}

/// Whether something holds of a schema or of what it stands for.
fn along(document: &Document, pointer: &str, schema: &Value, holds: impl Fn(&Value) -> bool) -> bool {
    let mut at = Some((pointer.to_owned(), schema));
    for _ in 0..MAX_REFERENCES {
        let Some((pointer, schema)) = at else { return false };
        if holds(schema) {
            return true;
        }
        at = stands_for(&pointer, schema).and_then(|target| document.at(&target).map(|schema| (target, schema)));
    }
    false
}

/// The least integer that `minimum` and `exclusiveMinimum` allow.
pub(crate) fn least(schema: &Value) -> Option<i64> {
    let step = i64::from(flag(schema, "exclusiveMinimum"));
    let bound = schema.get("minimum")?;
    match bound.as_i64() {
        Some(bound) => Some(bound.saturating_add(step)),
        // `as` saturates; the step counts only where the bound is itself an integer.
        None => bound.as_f64().map(|b| (b.ceil() as i64).saturating_add(if b.fract() == 0.0 { step } else { 0 })),
    }
}

/// The greatest integer that `maximum` and `exclusiveMaximum` allow.
pub(crate) fn greatest(schema: &Value) -> Option<i64> {
    let step = i64::from(flag(schema, "exclusiveMaximum"));
    let bound = schema.get("maximum")?;
    match bound.as_i64() {
        Some(bound) => Some(bound.saturating_sub(step)),
        None => bound.as_f64().map(|b| (b.floor() as i64).saturating_sub(if b.fract() == 0.0 { step } else { 0 })),
    }
}

/// A schema without its words, to tell whether two inline schemas are the same.
pub(crate) fn without_words(schema: &Value) -> Value {
    let Value::Object(members) = schema else { return schema.clone() };
    let mut kept = Map::new();
    for (key, member) in members {
        let member = match (key.as_str(), member) {
            ("description" | "example" | "default" | "externalDocs", _) => continue,
            ("properties", Value::Object(properties)) => {
                properties.iter().map(|(name, property)| (name.clone(), without_words(property))).collect()
            }
            ("allOf" | "oneOf" | "anyOf", Value::Array(members)) => members.iter().map(without_words).collect(),
            ("items" | "additionalProperties" | "not", inner) => without_words(inner),
            _ => member.clone(),
        };
        kept.insert(key.clone(), member);
    }
    Value::Object(kept)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    fn document(schemas: Value) -> Document {
        let root = json!({ "openapi": "3.0.3", "paths": {}, "components": { "schemas": schemas } });
        Document::parse("a.json", &root.to_string()).unwrap()
    }

    #[test]
    fn a_property_may_be_called_like_a_keyword() {
        let with = json!({ "properties": { "id": {}, "description": { "description": "words" } } });
        assert_eq!(without_words(&with), json!({ "properties": { "id": {}, "description": {} } }));
    }

    #[test]
    fn bounds_are_integers_whatever_way_they_are_written() {
        assert_eq!(least(&json!({ "minimum": 1, "exclusiveMinimum": true })), Some(2));
        assert_eq!(least(&json!({ "minimum": 0.5, "exclusiveMinimum": true })), Some(1));
        assert_eq!(greatest(&json!({ "maximum": 10.0, "exclusiveMaximum": true })), Some(9));
        assert_eq!(greatest(&json!({ "maximum": 1e30 })), Some(i64::MAX));
        assert_eq!(greatest(&json!({ "minimum": 1 })), None);
    }

    #[test]
    fn circles_of_references_end() {
        let document = document(
            json!({ "A": { "$ref": "#/components/schemas/B" }, "B": { "allOf": [{ "$ref": "#/components/schemas/A" }] } }),
        );
        let a = document.at("/components/schemas/A").unwrap();
        assert!(!is_nullable(&document, "/components/schemas/A", a));
        assert!(!is_sensitive(&document, "/components/schemas/A", a));
    }

    #[test]
    fn sensitivity_is_inherited_from_references_and_items() {
        let document = document(json!({
            "Code": { "type": "string", "enum": ["A"], "x-sensitive": true },
            "Codes": { "type": "array", "items": { "$ref": "#/components/schemas/Code" } },
            "Use": { "allOf": [{ "$ref": "#/components/schemas/Codes" }, { "description": "words" }] },
        }));
        let schema = document.at("/components/schemas/Use").unwrap();
        assert!(is_sensitive(&document, "/components/schemas/Use", schema));
    }
}
