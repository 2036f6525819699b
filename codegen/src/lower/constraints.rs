//! What narrows a value and is held by no type: it is noted, and of requests kept for the time of sending.

use serde_json::Value;

use super::nature;
use super::schema::Types;
use super::usage::Usage;
use crate::note;

/// The keywords that narrow a value of any type.
pub(super) const CONSTRAINTS: &[&str] = &[
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
];

impl Types<'_> {
    /// Notes the keywords that narrow a value in a way that neither a type nor a check before sending holds.
    pub(super) fn unheld_keywords(&mut self, pointer: &str, schema: &Value) {
        const KEYWORDS: &[&str] = &[
            "not",
            "if",
            "dependentRequired",
            "dependentSchemas",
            "dependencies",
            "propertyNames",
            "contains",
            "minContains",
            "maxContains",
            "unevaluatedItems",
            "unevaluatedProperties",
        ];
        // Alternatives that say nothing of what a value is only narrow it.
        let narrows =
            |key: &&str| schema.get(*key).is_some() && nature::telling(self.document, pointer, schema, key).is_empty();
        let stated = KEYWORDS.iter().copied().filter(|key| schema.get(*key).is_some());
        let stated: Vec<&str> = stated.chain(["oneOf", "anyOf"].into_iter().filter(narrows)).collect();
        if !stated.is_empty() {
            let message = format!("the type is wider than `{}` allows", stated.join("`, `"));
            self.note(note::CONSTRAINT_NOT_HELD, pointer, message);
        }
    }

    /// Notes constraints that no type holds, if the schema has any of them. Those of requests are kept
    /// for the time of sending.
    pub(super) fn constraints(&mut self, pointer: &str, schema: &Value, usage: Usage, keywords: &[&'static str]) {
        let mut stated: Vec<&str> = keywords.iter().copied().filter(|key| schema.get(*key).is_some()).collect();
        if stated.contains(&"pattern") && Self::pattern(schema).is_none() {
            stated.retain(|keyword| *keyword != "pattern");
        }
        if stated.is_empty() {
            return;
        }
        let list = stated.join("`, `");
        if usage.request {
            self.note(note::CHECKED_WHEN_SENT, pointer, format!("`{list}` is checked when a request is sent"));
            let unheld = self.unheld.entry(pointer.to_owned()).or_default();
            unheld.extend(stated.into_iter().filter_map(|key| keywords.iter().find(|known| **known == key)));
            unheld.sort_unstable();
            unheld.dedup();
        }
        if usage.response {
            let message = format!("`{list}` does not stop an answer from being decoded");
            self.note(note::LIBERAL_RESPONSE, pointer, message);
        }
    }
}
