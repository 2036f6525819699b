//! Second opinions: validators that know nothing of OpenAPI, wherever a group is plain JSON Schema.
//!
//! One is the engine's own, without any lowering; the other shares no code with it.

use boon::{Compiler, Draft as BoonDraft, SchemaIndex, Schemas};
use jsonschema::Draft;
use serde_json::{Map, Value, json};

use crate::case::{Case, Group};

/// Words by which a schema is more than JSON Schema, or an annotation that OpenAPI gives a meaning.
const OF_OPENAPI: [&str; 6] = ["discriminator", "example", "nullable", "readOnly", "writeOnly", "x-nullable"];

/// Formats of OpenAPI, and those that the drafts do not have.
const FORMATS: [&str; 12] = [
    "DATE", "^\\d{4}$", "binary", "byte", "double", "float", "int32", "int64", "iso8601", "money", "password",
    "decimal",
];

/// A validator of plain JSON Schema.
pub enum Second {
    Bare(Box<jsonschema::Validator>),
    Other(Box<Schemas>, SchemaIndex),
}

impl Second {
    pub fn is_valid(&self, value: &Value) -> bool {
        match self {
            Self::Bare(validator) => validator.is_valid(value),
            Self::Other(schemas, index) => schemas.validate(value, *index).is_ok(),
        }
    }
}

/// The validators of a group; none when it is not plain JSON Schema.
pub fn opinions(group: &Group, version: &str) -> Option<Vec<(&'static str, Result<Second, String>)>> {
    let schema = group.schema.as_ref()?;
    let all = std::iter::once(schema).chain(group.schemas.values());
    let draft_4 = version != "3.1";
    if all.clone().any(|schema| speaks_openapi(schema, draft_4)) {
        return None;
    }
    let schema = standalone(group, draft_4);
    Some(vec![("bare", bare(&schema, draft_4)), ("other", other(schema, draft_4))])
}

pub fn value(case: &Case) -> Option<Value> {
    serde_json::from_slice(&case.bytes()).ok().filter(|_| case.because.is_none())
}

fn bare(schema: &Value, draft_4: bool) -> Result<Second, String> {
    let draft = if draft_4 { Draft::Draft4 } else { Draft::Draft202012 };
    let options = jsonschema::options().with_draft(draft).should_validate_formats(true);
    options.build(schema).map(|validator| Second::Bare(Box::new(validator))).map_err(|error| error.to_string())
}

fn other(schema: Value, draft_4: bool) -> Result<Second, String> {
    let mut schemas = Schemas::new();
    let mut compiler = Compiler::new();
    compiler.set_default_draft(if draft_4 { BoonDraft::V4 } else { BoonDraft::V2020_12 });
    compiler.enable_format_assertions();
    compiler.add_resource("https://case.example/case.json", schema).map_err(|error| error.to_string())?;
    let index =
        compiler.compile("https://case.example/case.json", &mut schemas).map_err(|error| format!("{error:#}"))?;
    Ok(Second::Other(Box::new(schemas), index))
}

fn speaks_openapi(value: &Value, draft_4: bool) -> bool {
    match value {
        Value::Object(members) => members.iter().any(|(key, member)| {
            OF_OPENAPI.contains(&key.as_str())
                || (key == "format" && member.as_str().is_some_and(|format| draft_4 || FORMATS.contains(&format)))
                || speaks_openapi(member, draft_4)
        }),
        Value::Array(items) => items.iter().any(|item| speaks_openapi(item, draft_4)),
        _ => false,
    }
}

/// The schemas of a group as one document of JSON Schema.
fn standalone(group: &Group, draft_4: bool) -> Value {
    let place = if draft_4 { "#/definitions/" } else { "#/$defs/" };
    let mut schemas: Map<_, _> = group.schemas.clone();
    schemas.insert("X".to_owned(), group.schema.clone().unwrap_or_default());
    schemas.values_mut().for_each(|schema| follow(schema, place));
    let definitions = Value::Object(schemas);
    if draft_4 {
        return json!({"allOf": [{"$ref": "#/definitions/X"}], "definitions": definitions});
    }
    json!({"$ref": "#/$defs/X", "$defs": definitions})
}

fn follow(value: &mut Value, place: &str) {
    match value {
        Value::Object(members) => {
            for (key, member) in members.iter_mut().filter(|(key, _)| *key != "enum" && *key != "const") {
                match member {
                    Value::String(reference) if key == "$ref" => {
                        for known in ["#/components/schemas/", "#/definitions/"] {
                            if let Some(rest) = reference.strip_prefix(known) {
                                *reference = format!("{place}{rest}");
                                break;
                            }
                        }
                    }
                    member => follow(member, place),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| follow(item, place)),
        _ => {}
    }
}
