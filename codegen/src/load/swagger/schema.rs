//! Schemas: what Swagger 2.0 says in words of its own, or by extensions for want of words.

use serde_json::{Map, Value, json};

/// Converts a schema and those in it.
pub(super) fn convert(schema: &Value) -> Value {
    let Value::Object(members) = schema else { return schema.clone() };
    let mut converted: Map<String, Value> = Map::new();
    for (key, member) in members {
        let value = match (key.as_str(), member) {
            ("properties", Value::Object(properties)) => {
                properties.iter().map(|(name, property)| (name.clone(), convert(property))).collect()
            }
            ("items" | "additionalProperties" | "not", _) => convert(member),
            ("allOf" | "anyOf" | "oneOf", Value::Array(branches)) => branches.iter().map(convert).collect(),
            ("discriminator", Value::String(property)) => json!({ "propertyName": property }),
            ("type", Value::Array(kinds)) => {
                kind(kinds, &mut converted);
                continue;
            }
            ("type", Value::String(kind)) if kind == "file" => {
                binary(&mut converted);
                continue;
            }
            // A file has no format but this one.
            ("format", _) if members.get("type").is_some_and(|kind| kind == "file") => continue,
            ("x-nullable", Value::Bool(_)) => {
                converted.insert("nullable".to_owned(), member.clone());
                continue;
            }
            // A list within a list; 3.0 has no words for how the inner one is written.
            ("collectionFormat", _) => {
                converted.insert("x-collectionFormat".to_owned(), member.clone());
                continue;
            }
            _ => member.clone(),
        };
        converted.insert(key.clone(), value);
    }
    Value::Object(converted)
}

/// The type of what is no JSON.
pub(super) fn binary(schema: &mut Map<String, Value>) {
    schema.insert("type".to_owned(), "string".into());
    schema.insert("format".to_owned(), "binary".into());
}

/// A list of types is no Swagger 2.0, and yet what many write for "or null".
fn kind(kinds: &[Value], converted: &mut Map<String, Value>) {
    let (null, others): (Vec<_>, Vec<_>) = kinds.iter().partition(|kind| *kind == "null");
    if !null.is_empty() {
        converted.insert("nullable".to_owned(), true.into());
    }
    if let [kind] = others.as_slice() {
        converted.insert("type".to_owned(), (*kind).clone());
    }
}
