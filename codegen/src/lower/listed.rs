//! What authors say of the values that a schema lists, beside the values.

use serde_json::Value;

use crate::load::Document;
use crate::schema::{members, values};

/// Where generators look for the names of an `enum`'s values: openapi-generator, and NSwag.
const NAMES: &[&str] = &["x-enum-varnames", "x-enumNames"];

/// How many values a documentation shows.
const MOST_SHOWN: usize = 20;

/// The name that the author gives to the value of a place in the `enum`; there is none unless each value has one.
pub(super) fn name(schema: &Value, place: usize) -> Option<&str> {
    let count = members(schema, "enum").len();
    let names = NAMES.iter().map(|key| members(schema, key)).find(|names| !names.is_empty() && names.len() == count)?;
    names.get(place)?.as_str().filter(|name| !name.trim().is_empty())
}

/// The listed values as documentation, where no type shows them: those that are not text.
pub(super) fn documentation(document: &Document, pointer: &str, schema: &Value) -> Option<String> {
    let values = values(schema)?;
    if values.iter().all(|value| value.is_string() || value.is_null()) {
        return None;
    }
    let at = |place: usize| match schema.get("enum") {
        Some(_) => format!("{pointer}/enum/{place}"),
        None => format!("{pointer}/const"),
    };
    let shown = values.iter().enumerate().take(MOST_SHOWN).map(|(place, value)| {
        let named = name(schema, place).map(|name| format!(" ({name})")).unwrap_or_default();
        format!("`{}`{named}", document.written(&at(place), value))
    });
    let shown = shown.collect::<Vec<_>>().join(", ");
    let more = values.len().saturating_sub(MOST_SHOWN);
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    Some(format!("Listed: {shown}{more}."))
}
