//! The `$ref`s of a document, wherever they stand.
//!
//! What stands as data (examples, defaults, enum values, extensions) holds no references, and what
//! an author has named `example` or `default` is no data.

use serde_json::{Map, Value};

use super::{escape_token, is_container};

/// Whether the members of this member are named by the author.
fn holds_names(key: &str) -> bool {
    matches!(
        key,
        "properties"
            | "patternProperties"
            | "dependentSchemas"
            | "$defs"
            | "definitions"
            | "schemas"
            | "headers"
            | "parameters"
            | "responses"
            | "requestBodies"
            | "securitySchemes"
            | "links"
            | "callbacks"
            | "pathItems"
    )
}

/// Whether a member holds data, and no part of the document.
pub(super) fn is_data(key: &str, member: &Value) -> bool {
    match key {
        "example" | "default" | "enum" | "const" | "value" => true,
        // Of media types it is a map of objects that may be references; of schemas, a list of values.
        "examples" => member.is_array(),
        "x-webhooks" => false,
        _ => key.starts_with("x-"),
    }
}

/// Calls a function for each reference, with the pointer of the object that holds it.
pub(crate) fn visit<E>(root: &Value, found: &mut impl FnMut(&str, &str) -> Result<(), E>) -> Result<(), E> {
    objects(root, &mut |pointer, members| match members.get("$ref") {
        Some(Value::String(reference)) => found(pointer, reference),
        _ => Ok(()),
    })
}

/// Calls a function for each object that is no data, with its pointer.
pub(super) fn objects<E>(
    root: &Value,
    found: &mut impl FnMut(&str, &Map<String, Value>) -> Result<(), E>,
) -> Result<(), E> {
    walk(root, &mut String::new(), false, found)
}

fn walk<E>(
    value: &Value,
    pointer: &mut String,
    named: bool,
    found: &mut impl FnMut(&str, &Map<String, Value>) -> Result<(), E>,
) -> Result<(), E> {
    let parent = pointer.len();
    match value {
        Value::Object(members) => {
            found(pointer, members)?;
            for (key, member) in members.iter().filter(|(key, member)| named || !is_data(key, member)) {
                if is_container(member) {
                    pointer.push('/');
                    pointer.push_str(&escape_token(key));
                    walk(member, pointer, !named && holds_names(key), found)?;
                    pointer.truncate(parent);
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointer.push_str(&format!("/{index}"));
                walk(item, pointer, false, found)?;
                pointer.truncate(parent);
            }
        }
        _ => {}
    }
    Ok(())
}

/// Rewrites each reference.
pub(super) fn rewrite(value: &mut Value, change: &mut impl FnMut(&str) -> Option<String>) {
    rewrite_in(value, false, change);
}

fn rewrite_in(value: &mut Value, named: bool, change: &mut impl FnMut(&str) -> Option<String>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get_mut("$ref")
                && let Some(changed) = change(reference)
            {
                *reference = changed;
            }
            for (key, member) in members.iter_mut().filter(|(key, member)| named || !is_data(key, member)) {
                rewrite_in(member, !named && holds_names(key), change);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rewrite_in(item, false, change)),
        _ => {}
    }
}
