//! Which schemas have names of their own: the components, and whatever else references lead to.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::names::type_name;
use super::schema::Types;
use crate::load::{escape_token, unescape_token};
use crate::note;
use crate::schema::{children, reference, text};

impl Types<'_> {
    /// Names every component, and after them every other schema that a reference leads to, so that it may contain itself.
    pub(super) fn name_components(&mut self) -> Vec<(String, String)> {
        let schemas = self.document.at("/components/schemas").and_then(Value::as_object);
        let components = schemas.into_iter().flat_map(Map::keys);
        let mut named: Vec<(String, String)> =
            components.map(|name| (format!("/components/schemas/{}", escape_token(name)), name.clone())).collect();
        let mut others: BTreeSet<String> = self.usages.keys().cloned().collect();
        let schemas = self.document.at("/components/schemas").and_then(Value::as_object);
        schemas.into_iter().flat_map(Map::values).for_each(|schema| targets(schema, &mut others));
        let others = others.into_iter().filter(|at| !is_component(at) && self.document.at(at).is_some());
        named.extend(others.map(|at| (at.clone(), self.words_of(&at))));
        for (pointer, words) in &mut named {
            let rust = self.names.unique(type_name(words));
            if rust != *words && is_component(pointer) {
                self.note(note::RENAMED, pointer, format!("`{words}` is the Rust type `{rust}`"));
            }
            self.components.insert(pointer.clone(), rust.clone());
            *words = rust;
        }
        named
    }

    /// The words for a schema that is no component: its title, or the last name that leads to it.
    fn words_of(&self, pointer: &str) -> String {
        const STEPS: &[&str] =
            &["schema", "items", "properties", "content", "additionalProperties", "allOf", "oneOf", "anyOf", "$defs"];
        let title = self.document.at(pointer).and_then(|schema| text(schema, "title"));
        let is_name = |token: &&str| {
            !token.is_empty()
                && !STEPS.contains(token)
                && !token.contains("~1")
                && !token.bytes().all(|b| b.is_ascii_digit())
        };
        let last = || pointer.rsplit('/').find(is_name).map(|token| unescape_token(token).into_owned());
        title.map(str::to_owned).or_else(last).unwrap_or_else(|| "Schema".to_owned())
    }
}

/// Adds what the references within a schema lead to.
fn targets(schema: &Value, found: &mut BTreeSet<String>) {
    found.extend(reference(schema));
    children(schema).into_iter().for_each(|(_, child)| targets(child, found));
}

/// Whether a pointer is that of a component schema.
fn is_component(pointer: &str) -> bool {
    pointer.strip_prefix("/components/schemas/").is_some_and(|name| !name.contains('/'))
}
