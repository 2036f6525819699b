//! Constraints that no type holds: they are checked when a request is sent.
//!
//! A type cannot bound a list, and must not refuse what it also has to receive. What lowering left
//! out of the types of requests is gathered here, schema by schema, as data for the runtime.

mod alternatives;
mod prune;

use std::collections::{BTreeMap, HashMap, HashSet};

use heck::ToShoutySnakeCase;
use serde_json::{Map, Value};

use self::prune::{keep_reached, prune};
use super::alternatives::target;
use super::names::plain;
use super::object::of_all_patterns;
use super::schema::Types;
use crate::load::escape_token;
use crate::model::{RuleRef, Rules};
use crate::schema::{listed, narrows_reference, reference};
use crate::spec::{Operation, Request};

/// How deep inline schemas may nest in one another.
const MAX_DEPTH: usize = 2 * crate::load::MAX_DEPTH;

/// The rules of all requests, by name, and the name of each place that has some.
#[derive(Default)]
pub(crate) struct Checks {
    pub(crate) rules: BTreeMap<String, Rules>,
    places: HashMap<String, String>,
}

impl Checks {
    /// The rules of the schema at a pointer, by their name.
    pub(crate) fn of(&self, schema: Option<&str>) -> Option<String> {
        self.places.get(schema?).cloned()
    }

    /// Gathers the rules of all bodies and parameters.
    pub(crate) fn gather(operations: &[Operation], types: &Types<'_>) -> Self {
        let mut gather = Gather {
            types,
            components: types.components.iter().map(|(at, ty)| (at.as_str(), ty.to_shouty_snake_case())).collect(),
            taken: HashSet::new(),
            bases: HashMap::new(),
            rules: BTreeMap::new(),
            open: Vec::new(),
        };
        gather.taken = gather.components.values().cloned().collect();
        let mut places = HashMap::new();
        for op in operations {
            let body = op.request.as_ref().and_then(Request::preferred).filter(|content| content.is_value());
            let bodies = body.into_iter().map(|content| ("body", &content.schema));
            let parameters = op.parameters.iter().map(|parameter| (parameter.name.as_str(), &parameter.schema));
            for (name, schema) in bodies.chain(parameters) {
                let Some(schema) = schema else { continue };
                if places.contains_key(schema) {
                    continue;
                }
                let found = gather.reference(schema, 0);
                gather.gather_open();
                let name = match found {
                    RuleRef::Named(name) => name,
                    RuleRef::Inline(rules) => {
                        let name = gather.free(&format!("{} {name}", op.id));
                        gather.rules.insert(name.clone(), rules);
                        name
                    }
                };
                places.insert(schema.clone(), name);
            }
        }
        let mut rules = gather.rules;
        prune(&mut rules);
        places.retain(|_, name| rules.contains_key(name));
        keep_reached(&mut rules, places.values());
        Self { rules, places }
    }
}

struct Gather<'t> {
    types: &'t Types<'t>,
    /// The names of the rules of components, by their pointers.
    components: HashMap<&'t str, String>,
    /// The same names, which no other rules may have.
    taken: HashSet<String>,
    /// The names of the rules of bases without their children, by their pointers.
    bases: HashMap<String, String>,
    rules: BTreeMap<String, Rules>,
    /// The names of rules that are still to be gathered, each with its schema.
    open: Vec<(String, Meant)>,
}

/// The schema at a pointer as it is meant.
enum Meant {
    /// As whatever may stand for it.
    Any(String),
    /// As itself, and none of its children.
    Itself(String),
}

impl Gather<'_> {
    /// Gathers the rules that others refer to, as a chain of them may be as long as the document.
    fn gather_open(&mut self) {
        while let Some((name, schema)) = self.open.pop() {
            let rules = match schema {
                Meant::Any(pointer) => self.rules_of(&pointer, 0),
                Meant::Itself(pointer) => self.own_rules(&pointer, 0),
            };
            self.rules.insert(name, rules);
        }
    }

    /// A name that no rules have yet, and that is one in Rust.
    fn free(&self, words: &str) -> String {
        let name = plain(words).to_shouty_snake_case();
        let name = if name.starts_with(unicode_ident::is_xid_start) { name } else { format!("RULES_{name}") };
        let taken = |name: &String| self.rules.contains_key(name) || self.taken.contains(name);
        let mut free = name.clone();
        let mut number = 1;
        while taken(&free) {
            number += 1;
            free = format!("{name}_{number}");
        }
        free
    }

    fn reference(&mut self, pointer: &str, depth: usize) -> RuleRef {
        let Some(pointer) = self.said_at(pointer) else { return RuleRef::Inline(Rules::default()) };
        let Some(name) = self.components.get(pointer.as_str()).cloned() else {
            return RuleRef::Inline(self.rules_of(&pointer, depth + 1));
        };
        if !self.rules.contains_key(&name) {
            // The entry stands before its content, so that a schema may contain itself.
            self.rules.insert(name.clone(), Rules::default());
            self.open.push((name.clone(), Meant::Any(pointer)));
        }
        RuleRef::Named(name)
    }

    /// Where the references from a place lead to something that is said; none where they lead back.
    fn said_at(&self, pointer: &str) -> Option<String> {
        let mut seen = HashSet::new();
        let mut at = pointer.to_owned();
        while let Some(target) = self.types.document.at(&at).and_then(reference) {
            if self.target_beside(&at).is_some() {
                break;
            }
            if !seen.insert(std::mem::replace(&mut at, target)) {
                return None;
            }
        }
        Some(at)
    }

    /// What a schema refers to that narrows it by what stands beside the `$ref`.
    fn target_beside(&self, pointer: &str) -> Option<String> {
        let document = self.types.document;
        let schema = document.at(pointer)?;
        let narrows = narrows_reference(document, schema) || self.types.unheld.contains_key(pointer);
        reference(schema).filter(|_| narrows)
    }

    /// The rules of a schema; those of a base are those of what may stand for it.
    fn rules_of(&mut self, pointer: &str, depth: usize) -> Rules {
        match self.types.inheritance.children(pointer) {
            Some(_) => Rules { alternatives: self.heirs(pointer, depth), ..Rules::default() },
            None => self.own_rules(pointer, depth),
        }
    }

    fn own_rules(&mut self, pointer: &str, depth: usize) -> Rules {
        let mut rules = Rules::default();
        let Some(schema) = self.types.document.at(pointer).filter(|_| depth < MAX_DEPTH) else { return rules };
        for keyword in self.types.unheld.get(pointer).into_iter().flatten() {
            rules.own.extend(schema.get(*keyword).map(|value| (*keyword, value.clone())));
            let excluded = match *keyword {
                "minimum" => "exclusiveMinimum",
                "maximum" => "exclusiveMaximum",
                _ => continue,
            };
            rules.own.extend(schema.get(excluded).map(|value| (excluded, value.clone())));
        }
        if schema.get("items").is_some_and(Value::is_object) {
            rules.items = Some(Box::new(self.reference(&format!("{pointer}/items"), depth)));
        }
        if schema.get("additionalProperties").is_some_and(Value::is_object) {
            rules.values = Some(Box::new(self.reference(&format!("{pointer}/additionalProperties"), depth)));
        }
        let patterns = schema.get("patternProperties").and_then(Value::as_object);
        if let Some(place) = patterns.and_then(|patterns| of_all_patterns(pointer, schema, patterns)) {
            rules.values = Some(Box::new(self.reference(&place, depth)));
        }
        for name in schema.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::keys) {
            let at = format!("{pointer}/properties/{}", escape_token(name));
            rules.members.push((name.clone(), self.reference(&at, depth)));
        }
        rules.all.extend(self.target_beside(pointer).map(|at| self.reference(&at, depth)));
        rules.all.extend(listed(pointer, schema, "allOf").iter().map(|at| self.part(at, depth)));
        let mut alternatives = self.alternatives(pointer, schema, depth);
        // `oneOf` and `anyOf` both hold.
        if let [_, _, ..] = alternatives.as_slice() {
            let each = alternatives.drain(1..).map(|more| Rules { alternatives: Some(more), ..Rules::default() });
            rules.all.extend(each.map(RuleRef::Inline));
        }
        rules.alternatives = alternatives.pop();
        rules
    }

    /// The rules of a part of `allOf`. A child takes in what its base says itself.
    fn part(&mut self, at: &str, depth: usize) -> RuleRef {
        let base = target(self.types.document, at);
        match self.types.inheritance.children(&base) {
            Some(_) => self.base_itself(&base),
            None => self.reference(at, depth),
        }
    }

    /// The rules of a base, without those of its children.
    fn base_itself(&mut self, base: &str) -> RuleRef {
        let Some(name) = self.bases.get(base).cloned() else {
            let words = self.components.get(base).map_or("", String::as_str);
            let name = self.free(&format!("{words}_BASE"));
            self.bases.insert(base.to_owned(), name.clone());
            self.rules.insert(name.clone(), Rules::default());
            self.open.push((name.clone(), Meant::Itself(base.to_owned())));
            return RuleRef::Named(name);
        };
        RuleRef::Named(name)
    }
}
