//! What tells the objects of a union apart: a `discriminator`, or a member whose listed values differ in every
//! alternative.
//!
//! The values of a discriminator are those that the alternatives declare themselves (`const`, `enum`) or that its
//! `mapping` names, and only without either the names of the schemas.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::alternatives::{leaves, target};
use super::inheritance::{Inheritance, component_name, mapping, property};
use super::nature::{Nature, nature, properties, scalars};
use super::schema::Types;
use crate::load::Document;
use crate::model::{Kind, TypeDef, TypeRef};

/// A member that tells alternatives apart, and the values of it that stand for each.
#[derive(Debug)]
pub(super) struct Tags {
    pub(super) property: String,
    /// By alternative; none where nobody says.
    pub(super) values: Vec<Vec<Value>>,
}

impl Tags {
    /// Whether some value stands for some alternative.
    pub(super) fn tell(&self) -> bool {
        self.values.iter().any(|values| !values.is_empty())
    }
}

/// What the `discriminator` of a schema says; none when it has none.
pub(super) fn discriminated(
    document: &Document,
    inheritance: &Inheritance,
    pointer: &str,
    schema: &Value,
    alternatives: &[String],
) -> Option<Tags> {
    let property = property(schema)?;
    let heirs = inheritance.children(pointer).is_some();
    let ends = |at: &String| match heirs {
        // The children of children are alternatives themselves.
        true => vec![target(document, at)],
        false => leaves(document, inheritance, at, property),
    };
    let base = properties(document, pointer).remove(property);
    let candidates = alternatives.iter().map(|at| {
        let mut candidate = Candidate::default();
        // What is a union itself may be meant by its own name as well.
        let own = target(document, at);
        let mut ends = ends(at);
        if !ends.contains(&own) {
            ends.push(own);
        }
        for end in ends {
            candidate.add(document, &end, property, base.as_deref(), &mapping(schema));
        }
        candidate
    });
    let candidates: Vec<Candidate> = candidates.collect();
    let values = (0..candidates.len()).map(|index| values_of(&candidates, index)).collect();
    Some(Tags { property: property.to_owned(), values })
}

/// A member that lists other values in every alternative, though no discriminator names it.
pub(super) fn distinguished(document: &Document, alternatives: &[String]) -> Option<Tags> {
    let members: Vec<BTreeMap<String, String>> = alternatives.iter().map(|at| properties(document, at)).collect();
    members.first()?.keys().find_map(|property| {
        let listed = |members: &BTreeMap<String, String>| -> Vec<Value> {
            members.get(property).map(|at| scalars(document, at)).unwrap_or_default()
        };
        let values: Vec<Vec<Value>> = members.iter().map(listed).collect();
        let mut seen = BTreeSet::new();
        let disjoint =
            values.iter().all(|values| !values.is_empty() && values.iter().all(|value| seen.insert(value.to_string())));
        disjoint.then(|| Tags { property: property.clone(), values })
    })
}

/// What is said of the values of a discriminator that stand for one alternative.
#[derive(Default)]
struct Candidate {
    /// Those of the mapping.
    mapped: Vec<Value>,
    /// Those that it lists itself.
    listed: Vec<Value>,
    /// Its name, where that can be a value.
    names: Vec<Value>,
}

impl Candidate {
    fn add(&mut self, document: &Document, at: &str, property: &str, base: Option<&str>, mapping: &[(String, String)]) {
        let member = properties(document, at).remove(property);
        let member = member.as_deref().or(base);
        let listed = member.map(|at| scalars(document, at)).unwrap_or_default();
        let nature = member.map_or(Nature::Unsaid, |at| nature(document, at));
        let mapped = mapping.iter().filter(|(_, mapped)| target(document, mapped) == at);
        self.mapped.extend(mapped.map(|(key, _)| typed(key, nature)));
        let name = component_name(at).map(Value::from);
        let is_text = matches!(nature, Nature::Text | Nature::Mixed | Nature::Unsaid);
        self.names.extend(name.filter(|name| is_text && (listed.is_empty() || listed.contains(name))));
        self.listed.extend(listed);
    }
}

/// A key of a mapping, which is always text, as a value of the member.
fn typed(key: &str, nature: Nature) -> Value {
    match nature {
        Nature::Integer | Nature::Number => key.parse::<i64>().map_or_else(|_| key.into(), Value::from),
        Nature::Bool => key.parse::<bool>().map_or_else(|_| key.into(), Value::from),
        _ => key.into(),
    }
}

fn values_of(candidates: &[Candidate], index: usize) -> Vec<Value> {
    let others = || candidates.iter().enumerate().filter(|(at, _)| *at != index).map(|(_, candidate)| candidate);
    let candidate = &candidates[index];
    let free = |value: &&Value| !others().any(|other| other.mapped.contains(value));
    // A value that another alternative lists as well tells nothing apart.
    let listed = candidate.listed.iter().filter(|value| !others().any(|other| other.listed.contains(value)));
    let mut values: Vec<Value> = candidate.mapped.iter().chain(listed.filter(free)).cloned().collect();
    if values.is_empty() {
        values = candidate.names.iter().filter(free).cloned().collect();
    }
    let mut seen = BTreeSet::new();
    values.retain(|value| seen.insert(value.to_string()));
    values
}

impl Types<'_> {
    /// Gives each tagged alternative the member that tells it apart, where its schema does not declare it: it is sent
    /// with every value, and what was received must be given back.
    pub(super) fn declare_tags(&mut self) {
        let mut missing: Vec<(String, String, TypeRef)> = Vec::new();
        for def in &self.defs {
            let Kind::Union { variants, tag: Some(tag), .. } = &def.kind else { continue };
            for variant in variants {
                let ty = match variant.tags.first() {
                    Some(Value::Number(_)) => TypeRef::I64,
                    Some(Value::Bool(_)) => TypeRef::Bool,
                    _ => TypeRef::String,
                };
                if let TypeRef::Named(name) = self.resolve(&variant.ty) {
                    missing.push((name.clone(), tag.clone(), ty));
                }
            }
        }
        for (name, property, ty) in missing {
            let Some(TypeDef { kind: Kind::Struct { fields, .. }, .. }) =
                self.defs.iter_mut().find(|def| def.name == name)
            else {
                continue;
            };
            if !fields.iter().any(|field| field.wire == property) {
                fields.insert(0, super::member::tag_field(&property, ty, fields));
            }
        }
    }
}
