//! Parameters and headers: what they say about their value becomes a schema.

use serde_json::{Map, Value};

use super::{Converter, location, schema};

/// What stays on a parameter; the rest describes its value.
const KEPT: [&str; 7] = ["$ref", "allowEmptyValue", "deprecated", "description", "in", "name", "required"];

/// Extensions that say something about the value.
const OF_THE_VALUE: [&str; 2] = ["x-nullable", "x-sensitive"];

impl<'s> Converter<'s> {
    /// A parameter of a path, a query or a header.
    pub(super) fn parameter(&mut self, parameter: &'s Value, from: &str, to: &str) -> Value {
        let Value::Object(members) = parameter else { return parameter.clone() };
        if members.contains_key("$ref") {
            return parameter.clone();
        }
        let (mut kept, value) = split(members);
        if location(parameter) != Some("query") {
            kept.shift_remove("allowEmptyValue");
        }
        if let Some((style, explode)) = style(members) {
            kept.insert("style".to_owned(), style.into());
            kept.insert("explode".to_owned(), explode.into());
        }
        self.value(&mut kept, value, from, to);
        Value::Object(kept)
    }

    /// A header of a response.
    pub(super) fn header(&mut self, header: &'s Value, from: &str, to: &str) -> Value {
        let Value::Object(members) = header else { return header.clone() };
        if members.contains_key("$ref") {
            return header.clone();
        }
        let (mut kept, value) = split(members);
        self.value(&mut kept, value, from, to);
        Value::Object(kept)
    }

    fn value(&mut self, kept: &mut Map<String, Value>, value: Map<String, Value>, from: &str, to: &str) {
        // A schema that is there already is none of Swagger 2.0; it stays as it is.
        if !value.is_empty() && !value.contains_key("schema") {
            self.came(from, &format!("{to}/schema"));
            kept.insert("schema".to_owned(), schema::convert(&Value::Object(value)));
        } else {
            kept.extend(value);
        }
    }
}

/// Parts what is said about a parameter from what is said about its value.
pub(super) fn split(members: &Map<String, Value>) -> (Map<String, Value>, Map<String, Value>) {
    let mut kept = Map::new();
    let mut value = Map::new();
    for (key, member) in members {
        let name = key.as_str();
        match name {
            "collectionFormat" => {}
            "x-example" => {
                kept.insert("example".to_owned(), member.clone());
            }
            _ if KEPT.contains(&name) || (name.starts_with("x-") && !OF_THE_VALUE.contains(&name)) => {
                kept.insert(key.clone(), member.clone());
            }
            _ => {
                value.insert(key.clone(), member.clone());
            }
        }
    }
    (kept, value)
}

/// How a list is written, where that is not what 3.0 takes for granted anyway.
pub(super) fn style(parameter: &Map<String, Value>) -> Option<(&str, bool)> {
    if parameter.get("type").is_none_or(|kind| kind != "array") {
        return None;
    }
    let in_words = matches!(parameter.get("in").and_then(Value::as_str), Some("path" | "header"));
    match parameter.get("collectionFormat").and_then(Value::as_str) {
        None | Some("csv") if in_words => None,
        None | Some("csv") => Some(("form", false)),
        // `multi` is for queries and forms alone. The author's word stays, and whoever reads it says that it cannot be.
        Some("multi") if !in_words => Some(("form", true)),
        // OpenAPI 3.0 has these in queries alone. In paths and header fields they mean the same.
        Some("ssv") => Some(("spaceDelimited", false)),
        Some("pipes") => Some(("pipeDelimited", false)),
        // OpenAPI 3.0 has no such style, but nothing else is called so.
        Some("tsv") => Some(("tabDelimited", false)),
        Some(unknown) => Some((unknown, false)),
    }
}
