//! Constraints that no type holds: they are checked when a request is sent.
//!
//! A type cannot bound a list, and must not refuse what it also has to receive. What lowering left
//! out of the types of requests is gathered here, schema by schema, as data for the runtime.

use std::collections::{BTreeMap, HashMap, HashSet};

use heck::ToShoutySnakeCase;
use serde_json::{Map, Value};

use super::names::plain;
use super::schema::Types;
use crate::load::{Document, escape_token};
use crate::model::{RuleRef, Rules};
use crate::schema::{listed, reference};
use crate::spec::{Operation, Request};

/// How deep inline schemas may nest in one another.
const MAX_DEPTH: usize = 64;

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
            document: types.document,
            unheld: &types.unheld,
            components: types.components.iter().map(|(at, ty)| (at.as_str(), ty.to_shouty_snake_case())).collect(),
            taken: HashSet::new(),
            rules: BTreeMap::new(),
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
                let name = match gather.reference(schema, 0) {
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
    document: &'t Document,
    unheld: &'t HashMap<String, Vec<&'static str>>,
    /// The names of the rules of components, by their pointers.
    components: HashMap<&'t str, String>,
    /// The same names, which no other rules may have.
    taken: HashSet<String>,
    rules: BTreeMap<String, Rules>,
}

impl Gather<'_> {
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
        let schema = self.document.at(pointer);
        if let Some(target) = schema.and_then(reference) {
            return if depth < MAX_DEPTH {
                self.reference(&target, depth + 1)
            } else {
                RuleRef::Inline(Rules::default())
            };
        }
        let Some(name) = self.components.get(pointer).cloned() else {
            return RuleRef::Inline(self.rules_of(pointer, depth + 1));
        };
        if !self.rules.contains_key(&name) {
            // The entry stands before its content, so that a schema may contain itself.
            self.rules.insert(name.clone(), Rules::default());
            let rules = self.rules_of(pointer, 0);
            self.rules.insert(name.clone(), rules);
        }
        RuleRef::Named(name)
    }

    fn rules_of(&mut self, pointer: &str, depth: usize) -> Rules {
        let mut rules = Rules::default();
        let Some(schema) = self.document.at(pointer).filter(|_| depth < MAX_DEPTH) else { return rules };
        for keyword in self.unheld.get(pointer).into_iter().flatten() {
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
        for name in schema.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::keys) {
            let at = format!("{pointer}/properties/{}", escape_token(name));
            rules.members.push((name.clone(), self.reference(&at, depth)));
        }
        rules.all = listed(pointer, schema, "allOf").iter().map(|at| self.reference(at, depth)).collect();
        let alternatives = ["oneOf", "anyOf"].into_iter().flat_map(|key| listed(pointer, schema, key));
        rules.any = alternatives.map(|at| self.reference(&at, depth)).collect();
        rules
    }
}

/// Leaves out rules that check nothing, however deep.
fn prune(rules: &mut BTreeMap<String, Rules>) {
    let mut telling: HashSet<String> = HashSet::new();
    loop {
        let more: Vec<String> = rules
            .iter()
            .filter(|(name, r)| !telling.contains(*name) && tells(r, &telling))
            .map(|(n, _)| n.clone())
            .collect();
        if more.is_empty() {
            break;
        }
        telling.extend(more);
    }
    rules.retain(|name, _| telling.contains(name));
    rules.values_mut().for_each(|rules| trim(rules, &telling));
}

/// Leaves out rules that no place refers to any more.
fn keep_reached<'n>(rules: &mut BTreeMap<String, Rules>, places: impl Iterator<Item = &'n String>) {
    let mut reached: HashSet<String> = HashSet::new();
    let mut open: Vec<String> = places.cloned().collect();
    while let Some(name) = open.pop() {
        if let Some(rules) = rules.get(&name)
            && reached.insert(name)
        {
            names_in(rules, &mut open);
        }
    }
    rules.retain(|name, _| reached.contains(name));
}

fn names_in(rules: &Rules, names: &mut Vec<String>) {
    for reference in rules.parts() {
        match reference {
            RuleRef::Named(name) => names.push(name.clone()),
            RuleRef::Inline(rules) => names_in(rules, names),
        }
    }
}

fn tells(rules: &Rules, telling: &HashSet<String>) -> bool {
    let told = |reference: &RuleRef| match reference {
        RuleRef::Named(name) => telling.contains(name),
        RuleRef::Inline(rules) => tells(rules, telling),
    };
    let held = rules.items.iter().chain(&rules.values).map(AsRef::as_ref);
    let members = rules.members.iter().map(|(_, rule)| rule);
    // An alternative without rules accepts everything, and with it all of them do.
    let any = !rules.any.is_empty() && rules.any.iter().all(told);
    !rules.own.is_empty() || any || held.chain(members).chain(&rules.all).any(told)
}

fn trim(rules: &mut Rules, telling: &HashSet<String>) {
    let keep = |reference: &mut RuleRef| match reference {
        RuleRef::Named(name) => telling.contains(name),
        RuleRef::Inline(rules) => {
            let tells = tells(rules, telling);
            trim(rules, telling);
            tells
        }
    };
    rules.items = rules.items.take().and_then(|mut items| keep(&mut items).then_some(items));
    rules.values = rules.values.take().and_then(|mut values| keep(&mut values).then_some(values));
    rules.members.retain_mut(|(_, rule)| keep(rule));
    rules.all.retain_mut(keep);
    let count = rules.any.len();
    rules.any.retain_mut(keep);
    if rules.any.len() < count {
        rules.any.clear();
    }
}
