//! The keys as JSON Schema, and as a list.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::settings::SettingsKeys;
use crate::connect::Config;

/// A key that has a value, not a table.
pub(crate) struct Field {
    /// In full, such as `retry.max_attempts`.
    pub(crate) key: String,
    pub(crate) description: String,
    pub(crate) is_required: bool,
    pub(crate) is_secret: bool,
    pub(crate) is_text: bool,
}

impl Field {
    /// The key of the outermost table.
    pub(crate) fn first(&self) -> &str {
        self.key.split('.').next().unwrap_or(&self.key)
    }
}

/// The JSON Schema (2020-12) of a document: one connection, or several by name. For editors and checks before deployment.
#[must_use]
pub fn schema() -> Value {
    let mut generator = generator();
    let settings = SettingsKeys::json_schema(&mut generator).to_value();
    let mut connections = Vec::new();
    let mut definitions = Map::new();
    for (name, own) in Config::schemas(&mut generator) {
        definitions.insert(name.to_owned(), connection(name, &settings, &own));
        connections.push(json!({"$ref": format!("#/$defs/{name}")}));
    }
    definitions.insert("connection".to_owned(), json!({"oneOf": connections}));
    definitions.extend(generator.take_definitions(true));
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A configuration of obkit",
        "oneOf": [
            {"$ref": "#/$defs/connection"},
            {
                "description": "Several connections by name.",
                "type": "object",
                "properties": {
                    "connections": {"type": "object", "additionalProperties": {"$ref": "#/$defs/connection"}},
                },
                "required": ["connections"],
                "additionalProperties": false,
            },
        ],
        "$defs": definitions,
    });
    without_null(&mut schema);
    schema
}

/// One provider's connection: its name, its credentials, and the settings of all.
fn connection(name: &str, settings: &Value, own: &Value) -> Value {
    let mut properties = Map::new();
    properties.insert("provider".to_owned(), json!({"description": "The provider.", "const": name}));
    for part in [own, settings] {
        properties.extend(part["properties"].as_object().into_iter().flatten().map(|(k, v)| (k.clone(), v.clone())));
    }
    let mut required = vec![json!("provider")];
    required.extend(own["required"].as_array().into_iter().flatten().cloned());
    json!({
        "description": own["description"],
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// The keys of a type, those of its tables included.
pub(crate) fn fields<T: JsonSchema>() -> Vec<Field> {
    let mut generator = generator();
    let schema = T::json_schema(&mut generator).to_value();
    let definitions = Value::Object(generator.take_definitions(true));
    let mut found = Vec::new();
    collect(&schema, &definitions, "", &mut found);
    found
}

fn collect(schema: &Value, definitions: &Value, owner: &str, found: &mut Vec<Field>) {
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        let key = if owner.is_empty() { name.clone() } else { format!("{owner}.{name}") };
        // An optional one is any of its type and null.
        let any = member["anyOf"].as_array();
        let reference = any.into_iter().flatten().chain([member]).find_map(|schema| schema["$ref"].as_str());
        let type_name = reference.and_then(|reference| reference.rsplit('/').next()).unwrap_or_default();
        let definition = &definitions[type_name];
        if definition["properties"].is_object() && !matches!(type_name, "Text" | "Secret") {
            collect(definition, definitions, &key, found);
            continue;
        }
        found.push(Field {
            description: member["description"].as_str().unwrap_or_default().to_owned(),
            is_required: required.contains(&name.as_str()),
            is_secret: type_name == "Secret",
            is_text: matches!(type_name, "Text" | "Secret"),
            key,
        });
    }
}

fn generator() -> SchemaGenerator {
    SchemaSettings::draft2020_12().into_generator()
}

/// TOML has no null: what is optional may be left out.
fn without_null(schema: &mut Value) {
    let is_null = |value: &Value| *value == json!({"type": "null"}) || *value == json!("null");
    if let Some(members) = schema.as_object_mut() {
        for list in ["anyOf", "type"] {
            let Some(Value::Array(items)) = members.get_mut(list) else { continue };
            items.retain(|item| !is_null(item));
            if let [only] = items.as_slice() {
                let only = only.clone();
                match (list, only) {
                    ("anyOf", Value::Object(only)) => {
                        members.remove(list);
                        members.extend(only);
                    }
                    (_, only) => drop(members.insert(list.to_owned(), only)),
                }
            }
        }
        members.values_mut().for_each(without_null);
    } else if let Some(items) = schema.as_array_mut() {
        items.iter_mut().for_each(without_null);
    }
}
