//! Objects that are put together from parts of which one forbids the members of the others.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::Lint;
use super::walk::is_hidden;
use crate::load::Document;
use crate::load::shape::Kind;
use crate::note;
use crate::schema::{listed, members, reference};
use crate::subject::subject;

/// How many members are named.
const MOST_NAMED: usize = 3;

/// A schema that a value must follow together with others.
struct Part<'d> {
    pointer: String,
    schema: &'d Value,
}

impl<'d> Part<'d> {
    fn properties(&self) -> impl Iterator<Item = &'d str> + use<'d> {
        let declared = self.schema.get("properties").and_then(Value::as_object);
        declared.into_iter().flat_map(Map::keys).map(String::as_str)
    }

    /// Whether it allows no members but those that it declares itself.
    fn is_closed(&self) -> bool {
        let may_match = self.schema.get("patternProperties").is_some();
        self.schema.get("additionalProperties") == Some(&Value::Bool(false)) && !may_match
    }
}

impl Lint<'_> {
    pub(super) fn closed_all_of(&mut self, pointer: &str, schema: &Value) {
        let adds = || ["properties", "additionalProperties"].iter().any(|key| schema.get(*key).is_some());
        if members(schema, "allOf").is_empty() && !(reference(schema).is_some() && adds()) {
            return;
        }
        let document = self.spec.document();
        let taken_in = reference(schema).into_iter().chain(listed(pointer, schema, "allOf"));
        let mut groups = vec![vec![Part { pointer: pointer.to_owned(), schema }]];
        groups.extend(taken_in.map(|at| parts(document, pointer, at)));
        for (index, group) in groups.iter().enumerate() {
            let others = || groups.iter().enumerate().filter(|(other, _)| *other != index).flat_map(|(_, group)| group);
            for closed in group.iter().filter(|part| part.is_closed()) {
                let own: HashSet<&str> = closed.properties().collect();
                let mut forbidden: Vec<&str> = others().flat_map(Part::properties).collect();
                forbidden.retain(|name| !own.contains(name));
                forbidden.sort_unstable();
                forbidden.dedup();
                if !forbidden.is_empty() {
                    self.forbidden(pointer, &closed.pointer, &forbidden);
                }
            }
        }
    }

    fn forbidden(&mut self, pointer: &str, closed: &str, names: &[&str]) {
        let (place, whose) = if closed == pointer {
            (pointer, "its own".to_owned())
        } else if closed.starts_with(&format!("{pointer}/")) {
            (closed, "a part with".to_owned())
        } else {
            (pointer, format!("{} with", subject(closed)))
        };
        let at = if place == closed { format!("{closed}/additionalProperties") } else { place.to_owned() };
        let named = names.iter().take(MOST_NAMED).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let more = names.len().saturating_sub(MOST_NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let message = format!(
            "no value of {} can have {named}{more}: {whose} `additionalProperties: false` forbids what is declared elsewhere",
            subject(pointer)
        );
        self.note(note::CLOSED_ALL_OF, &at, message);
    }
}

/// All schemas that a value must follow where it follows the one at a pointer, but for one that takes it in.
fn parts<'d>(document: &'d Document, within: &str, pointer: String) -> Vec<Part<'d>> {
    let mut parts = Vec::new();
    let mut seen = HashSet::from([within.to_owned()]);
    let mut open = vec![pointer];
    while let Some(pointer) = open.pop() {
        let Some(schema) = document.at(&pointer).filter(|_| seen.insert(pointer.clone())) else { continue };
        open.extend(reference(schema));
        if !is_hidden(document, Kind::Schema, schema) {
            open.extend(listed(&pointer, schema, "allOf"));
            parts.push(Part { pointer, schema });
        }
    }
    parts
}
