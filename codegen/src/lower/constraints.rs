//! What narrows a value and is held by no type: it is noted, and of requests kept for the time of sending.

use std::collections::HashSet;

use serde_json::Value;

use super::alternatives::{parts_of, target};
use super::nature;
use super::schema::Types;
use super::usage::Usage;
use crate::note;
use crate::schema::members;

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
        let narrows = |key: &&str| {
            !members(schema, key).is_empty() && nature::telling(self.document, pointer, schema, key).is_empty()
        };
        let stated = KEYWORDS.iter().copied().filter(|key| schema.get(*key).is_some());
        let stated: Vec<&str> = stated.chain(["oneOf", "anyOf"].into_iter().filter(narrows)).collect();
        self.wider(pointer, &stated);
    }

    /// Notes that the type takes more than keywords of its schema allow.
    fn wider(&mut self, pointer: &str, keywords: &[&str]) {
        if !keywords.is_empty() {
            let message = format!("the type is wider than `{}` allows", keywords.join("`, `"));
            self.note(note::CONSTRAINT_NOT_HELD, pointer, message);
        }
    }

    /// Notes all that narrows the values of a schema, where its type is that of something else and holds none of it.
    pub(super) fn narrowed(&mut self, pointer: &str, schema: &Value, usage: Usage) {
        self.constraints(pointer, schema, usage, CONSTRAINTS);
        self.unheld_keywords(pointer, schema);
    }

    /// Notes what a schema says of the members and items of its values, where its type is that of something else.
    pub(super) fn inner_not_taken(&mut self, pointer: &str, schema: &Value) {
        const INNER: &[&str] =
            &["required", "properties", "patternProperties", "additionalProperties", "items", "prefixItems"];
        let stated: Vec<&str> = INNER.iter().copied().filter(|key| schema.get(*key).is_some()).collect();
        self.wider(pointer, &stated);
    }

    /// Notes the alternatives of a schema, where its type is taken from what stands beside them.
    pub(super) fn alternatives_not_taken(&mut self, pointer: &str, schema: &Value) {
        let stated: Vec<&str> = ["oneOf", "anyOf"].into_iter().filter(|key| !members(schema, key).is_empty()).collect();
        self.wider(pointer, &stated);
    }

    /// Notes what parts say that hold as well as what the type was taken from.
    pub(super) fn parts_not_taken(&mut self, parts: &[String], usage: Usage) {
        let document = self.document;
        let mut seen: HashSet<String> = HashSet::new();
        let mut open: Vec<(String, String)> = parts.iter().map(|at| (at.clone(), at.clone())).collect();
        while let Some((place, at)) = open.pop() {
            let at = target(document, &at);
            let Some(schema) = document.at(&at).filter(|_| seen.insert(at.clone())) else { continue };
            // A constraint is checked where it stands; that the type is wider is so where it is used.
            self.constraints(&at, schema, usage, CONSTRAINTS);
            self.unheld_keywords(&place, schema);
            self.inner_not_taken(&place, schema);
            open.extend(parts_of(document, &at, schema).into_iter().map(|part| (place.clone(), part)));
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
