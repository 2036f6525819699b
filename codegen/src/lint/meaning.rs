//! What keywords mean together: where one takes the meaning from another, or all meaning from both.

use std::collections::HashSet;

use serde_json::Value;

use super::Lint;
use super::dialect::is_newer;
use crate::format;
use crate::note;
use crate::schema::{flag, members, text, types};
use crate::subject::subject;

/// Keywords that say something of values of these types, and nothing of others.
const OF_TYPES: &[(&[&str], &[&str])] = &[
    (&["string"], &["minLength", "maxLength", "pattern"]),
    (&["integer", "number"], &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
    (&["array"], &["items", "prefixItems", "contains", "minItems", "maxItems", "uniqueItems", "unevaluatedItems"]),
    (
        &["object"],
        &[
            "properties",
            "required",
            "additionalProperties",
            "patternProperties",
            "propertyNames",
            "minProperties",
            "maxProperties",
            "dependentRequired",
            "dependentSchemas",
            "unevaluatedProperties",
        ],
    ),
];

/// The types of values but null.
const TYPES: &[&str] = &["array", "boolean", "integer", "number", "object", "string"];

impl Lint<'_> {
    /// Checks what the keywords of a schema mean together.
    pub(super) fn meaning(&mut self, pointer: &str, schema: &Value) {
        self.dialect(pointer, schema);
        self.without_effect(pointer, schema);
        self.repeated_values(pointer, schema);
        self.closed_all_of(pointer, schema);
        if flag(schema, "readOnly") && flag(schema, "writeOnly") {
            let message = format!("{} is both `readOnly` and `writeOnly`", subject(pointer));
            self.note(note::READ_AND_WRITE_ONLY, &format!("{pointer}/writeOnly"), message);
        }
    }

    /// A keyword, or a format, that is about values of other types than the schema has.
    fn without_effect(&mut self, pointer: &str, schema: &Value) {
        let stated = types(schema);
        // Of a type that is none, another rule speaks.
        if stated.is_empty() || !stated.iter().all(|ty| TYPES.contains(ty)) {
            return;
        }
        let is_about_others = |about: &[&str]| !stated.iter().any(|ty| about.contains(ty));
        let whose = || format!("{}, whose `type` is `{}`", subject(pointer), stated.join("` or `"));
        if let Some(format) = text(schema, "format")
            && format::types(format).is_some_and(is_about_others)
        {
            let message = format!("`format: {format}` says nothing of {}", whose());
            self.note(note::FORMAT_OF_OTHER_TYPE, &format!("{pointer}/format"), message);
        }
        let version = self.spec.document().version();
        for (_, keywords) in OF_TYPES.iter().filter(|(about, _)| is_about_others(about)) {
            for keyword in keywords.iter().filter(|keyword| !is_newer(version, keyword)) {
                if schema.get(*keyword).is_some_and(|value| is_meant(keyword, value)) {
                    let message = format!("`{keyword}` says nothing of {}", whose());
                    self.note(note::KEYWORD_WITHOUT_EFFECT, &format!("{pointer}/{keyword}"), message);
                }
            }
        }
    }

    fn repeated_values(&mut self, pointer: &str, schema: &Value) {
        let mut seen = HashSet::new();
        for (index, value) in members(schema, "enum").iter().enumerate() {
            let at = format!("{pointer}/enum/{index}");
            if !seen.insert(by_value(value)) {
                let written = self.spec.document().written(&at, value);
                let message = format!("`{written}` stands twice in the `enum` of {}", subject(pointer));
                self.note(note::ENUM_REPEATED, &at, message);
            }
        }
    }
}

/// Whether a keyword says anything at all. Of what cannot stand there, another rule speaks.
fn is_meant(keyword: &str, value: &Value) -> bool {
    match (keyword, value) {
        ("required", value) => value.as_array().is_some_and(|names| !names.is_empty()),
        ("uniqueItems" | "exclusiveMinimum" | "exclusiveMaximum", Value::Bool(is_meant)) => *is_meant,
        (_, Value::Object(members)) => !members.is_empty(),
        _ => true,
    }
}

/// A value by which equal ones are known: JSON Schema takes `1` and `1.0` for one number.
fn by_value(value: &Value) -> Value {
    // Up to 2^53 a binary float holds every whole number.
    #[allow(clippy::cast_possible_truncation)]
    let whole = |float: f64| (float.fract() == 0.0 && float.abs() < 9e15).then_some(float as i64);
    let float = value.as_number().filter(|number| number.is_f64()).and_then(serde_json::Number::as_f64);
    float.and_then(whole).map_or_else(|| value.clone(), Value::from)
}
