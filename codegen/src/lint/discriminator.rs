//! Discriminators whose alternatives do not have the member that they name.

use std::collections::HashSet;

use serde_json::Value;

use super::{Lint, walk};
use crate::load::Document;
use crate::load::shape::Kind;
use crate::lower::{component_name, mapping};
use crate::note;
use crate::schema::{is_null, listed, reference, required, resolved, text};
use crate::subject::subject;

/// How deep schemas are looked for a member; what is deeper may have it.
const MAX_DEPTH: usize = 32;

/// How many alternatives are named.
const MOST_NAMED: usize = 4;

impl Lint<'_> {
    /// The member of a discriminator must be declared and required wherever it is looked for.
    pub(super) fn discriminator_member(&mut self, pointer: &str, schema: &Value) {
        let Some(name) = schema.get("discriminator").and_then(|stated| text(stated, "propertyName")) else { return };
        let (undeclared, optional) = self.lacking(pointer, schema, name);
        let said = |all: &[String], verb: &str| match all {
            [] => None,
            [one] => Some(format!("{one} does not {verb} it")),
            _ => Some(format!("{} do not {verb} it", enumerated(all))),
        };
        let said: Vec<String> =
            [said(&undeclared, "declare"), said(&optional, "require")].into_iter().flatten().collect();
        if !said.is_empty() {
            let message =
                format!("`{name}` tells what a value of {} is, but {}", subject(pointer), said.join(", and "));
            self.note(note::DISCRIMINATOR_MEMBER, &format!("{pointer}/discriminator/propertyName"), message);
        }
    }

    /// The alternatives that do not declare the member of a discriminator, and those that only do not require it.
    fn lacking(&self, pointer: &str, schema: &Value, name: &str) -> (Vec<String>, Vec<String>) {
        let document = self.spec.document();
        let beside = Look { document, name, seen: &mut HashSet::new() }.beside(pointer);
        let stated: Vec<String> = ["oneOf", "anyOf"].iter().flat_map(|key| listed(pointer, schema, key)).collect();
        let mapped = mapping(schema).into_iter().map(|(_, target)| target);
        // Without alternatives, the schema is the base of those that take it in.
        let meant = if stated.is_empty() { vec![pointer.to_owned()] } else { stated };
        let mut known = HashSet::new();
        let (mut undeclared, mut optional) = (Vec::new(), Vec::new());
        for at in meant.into_iter().chain(mapped) {
            let Some((end, target)) = resolved(document, &at).filter(|(end, _)| known.insert(end.clone())) else {
                continue;
            };
            let found = Look { document, name, seen: &mut HashSet::new() }.all(&at, MAX_DEPTH).unwrap_or_default();
            let found = found.or(beside);
            let is_base = end == pointer;
            match found {
                Member { declared: true, required: true } => continue,
                _ if is_null(target) => continue,
                Member { declared: true, .. } => optional.push(shown(&end)),
                // What has no name has no value of the discriminator either, and that is said where it is read.
                _ if !is_base && component_name(&end).is_none() => {}
                _ => undeclared.push(shown(&end)),
            }
            // What takes in a base has the member as soon as the base has it.
            if is_base {
                break;
            }
        }
        (undeclared, optional)
    }
}

/// What schemas say of a member.
#[derive(Clone, Copy, Default)]
struct Member {
    declared: bool,
    required: bool,
}

impl Member {
    /// Where both hold.
    fn or(self, other: Self) -> Self {
        Self { declared: self.declared || other.declared, required: self.required || other.required }
    }

    /// Where one of them holds.
    fn and(self, other: Self) -> Self {
        Self { declared: self.declared && other.declared, required: self.required && other.required }
    }
}

/// A look for a member.
struct Look<'l> {
    document: &'l Document,
    name: &'l str,
    seen: &'l mut HashSet<String>,
}

impl Look<'_> {
    /// What is said beside the alternatives of a schema, so that it holds for each: there, and in the schemas that take it in
    /// where they stand.
    fn beside(&mut self, pointer: &str) -> Member {
        let mut found = self.own(pointer, MAX_DEPTH);
        let mut at = pointer;
        while let Some((whole, index)) = at.rsplit_once("/allOf/")
            && !index.contains('/')
        {
            found = found.or(self.own(whole, MAX_DEPTH));
            at = whole;
        }
        found
    }

    /// What a schema says of the member; nothing if it was looked at before.
    fn all(&mut self, at: &str, depth: usize) -> Option<Member> {
        if self.seen.contains(at) {
            return None;
        }
        let Some(schema) = self.document.at(at) else { return Some(Member { declared: true, required: true }) };
        let mut found = self.own(at, depth);
        if !walk::is_hidden(self.document, Kind::Schema, schema) {
            for key in ["oneOf", "anyOf"] {
                let told = listed(at, schema, key).into_iter();
                let told = told.filter(|at| resolved(self.document, at).is_none_or(|(_, schema)| !is_null(schema)));
                let told: Vec<String> = told.collect();
                let either = told.iter().filter_map(|at| self.all(at, depth.saturating_sub(1))).reduce(Member::and);
                found = found.or(either.unwrap_or_default());
            }
        }
        Some(found)
    }

    /// What a schema says of the member, its alternatives aside.
    fn own(&mut self, at: &str, depth: usize) -> Member {
        let schema = self.document.at(at).filter(|_| depth > 0);
        let Some(schema) = schema.filter(|schema| schema.get("x-obkit-external").is_none()) else {
            // What cannot be seen may have it.
            return Member { declared: true, required: true };
        };
        if !self.seen.insert(at.to_owned()) {
            return Member::default();
        }
        let properties = schema.get("properties").is_some_and(|all| all.get(self.name).is_some());
        let mut parts: Vec<String> = reference(schema).into_iter().collect();
        let mut found = Member::default();
        if !walk::is_hidden(self.document, Kind::Schema, schema) {
            let declared = properties || schema.get("patternProperties").is_some();
            found = Member { declared, required: required(schema).any(|name| name == self.name) };
            parts.extend(listed(at, schema, "allOf"));
        }
        parts.iter().filter_map(|part| self.all(part, depth - 1)).fold(found, Member::or)
    }
}

/// An alternative, in words.
fn shown(at: &str) -> String {
    match (component_name(at), at.rsplit_once('/')) {
        (Some(name), _) => format!("`{name}`"),
        (None, Some((_, index))) => {
            index.parse::<usize>().map_or_else(|_| subject(at), |index| format!("alternative {}", index + 1))
        }
        (None, None) => subject(at),
    }
}

fn enumerated(all: &[String]) -> String {
    let named = &all[..all.len().min(MOST_NAMED)];
    match (all.len() - named.len(), named) {
        (0, [first @ .., last]) => format!("{} and {last}", first.join(", ")),
        (more, _) => format!("{} and {more} more", named.join(", ")),
    }
}
