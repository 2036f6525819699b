//! What tells the objects of a union apart: a `discriminator`, or a member whose listed values differ in every
//! alternative.
//!
//! The values of a discriminator are those that the alternatives declare themselves (`const`, `enum`) or that its
//! `mapping` names, and only without either the names of the schemas.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use serde_json::Value;

use super::alternatives::{leaves, target};
use super::inheritance::{Inheritance, component_name, mapping, property};
use super::nature::{Nature, nature, properties, scalars};
use super::schema::Types;
use super::schemas::Schemas;
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
    schemas: &Schemas<'_>,
    inheritance: &Inheritance,
    pointer: &str,
    schema: &Value,
    alternatives: &[String],
) -> Option<Tags> {
    let property = property(schema)?;
    let heirs = inheritance.children(pointer).is_some();
    let ends = |at: &String| match heirs {
        // The children of children are alternatives themselves.
        true => vec![target(schemas, at)],
        false => leaves(schemas, inheritance, at, property),
    };
    let discriminator = Discriminator {
        schemas,
        property,
        base: properties(schemas, pointer).get(property).cloned(),
        mapped: mapped(schemas, schema),
    };
    let candidates = alternatives.iter().map(|at| {
        let mut candidate = Candidate::default();
        // What is a union itself may be meant by its own name as well.
        let own = target(schemas, at);
        let mut ends = ends(at);
        if !ends.contains(&own) {
            ends.push(own);
        }
        ends.iter().for_each(|end| candidate.add(&discriminator, end));
        candidate
    });
    let candidates: Vec<Candidate> = candidates.collect();
    let (mapped, listed) = (owners(&candidates, |c| &c.mapped), owners(&candidates, |c| &c.listed));
    let values = candidates.iter().enumerate().map(|(index, c)| c.values(index, &mapped, &listed)).collect();
    Some(Tags { property: property.to_owned(), values })
}

/// The values that a `mapping` gives to each schema, by the pointer where references to it end.
fn mapped(document: &Document, schema: &Value) -> HashMap<String, Vec<String>> {
    let mut mapped: HashMap<String, Vec<String>> = HashMap::new();
    for (key, at) in mapping(schema) {
        mapped.entry(target(document, &at)).or_default().push(key);
    }
    mapped
}

/// A member that lists other values in every alternative, though no discriminator names it.
pub(super) fn distinguished(schemas: &Schemas<'_>, alternatives: &[String]) -> Option<Tags> {
    let members: Vec<_> = alternatives.iter().map(|at| properties(schemas, at)).collect();
    members.first()?.keys().find_map(|property| {
        let listed = |members: &Rc<BTreeMap<String, String>>| -> Vec<Value> {
            members.get(property).map(|at| scalars(schemas, at)).unwrap_or_default()
        };
        let values: Vec<Vec<Value>> = members.iter().map(listed).collect();
        let mut seen = BTreeSet::new();
        let disjoint =
            values.iter().all(|values| !values.is_empty() && values.iter().all(|value| seen.insert(value.to_string())));
        disjoint.then(|| Tags { property: property.clone(), values })
    })
}

/// A discriminator, and what is said of it once for all alternatives.
struct Discriminator<'d> {
    schemas: &'d Schemas<'d>,
    property: &'d str,
    /// The member, where the schema itself declares it.
    base: Option<String>,
    mapped: HashMap<String, Vec<String>>,
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
    fn add(&mut self, discriminator: &Discriminator<'_>, at: &str) {
        let Discriminator { schemas, property, base, mapped } = discriminator;
        let properties = properties(schemas, at);
        let member = properties.get(*property).or(base.as_ref());
        let listed = member.map(|at| scalars(schemas, at)).unwrap_or_default();
        let nature = member.map_or(Nature::Unsaid, |at| nature(schemas, at));
        self.mapped.extend(mapped.get(at).into_iter().flatten().map(|key| typed(key, nature)));
        let name = component_name(at).map(Value::from);
        let is_text = matches!(nature, Nature::Text | Nature::Mixed | Nature::Unsaid);
        self.names.extend(name.filter(|name| is_text && (listed.is_empty() || listed.contains(name))));
        self.listed.extend(listed);
    }

    /// The values that stand for the candidate at an index, given whose values are mapped and listed.
    fn values(&self, index: usize, mapped: &Owners, listed: &Owners) -> Vec<Value> {
        let free = |value: &&Value| !is_of_another(mapped, value, index);
        // A value that another alternative lists as well tells nothing apart.
        let own = self.listed.iter().filter(|value| !is_of_another(listed, value, index));
        let mut values: Vec<Value> = self.mapped.iter().chain(own.filter(free)).cloned().collect();
        if values.is_empty() {
            values = self.names.iter().filter(free).cloned().collect();
        }
        let mut seen = HashSet::new();
        values.retain(|value| seen.insert(value.clone()));
        values
    }
}

/// The first and the last of the candidates that have a value.
type Owners = HashMap<Value, (usize, usize)>;

fn owners(candidates: &[Candidate], values: impl Fn(&Candidate) -> &Vec<Value>) -> Owners {
    let mut owners = Owners::new();
    for (index, candidate) in candidates.iter().enumerate() {
        for value in values(candidate) {
            owners.entry(value.clone()).or_insert((index, index)).1 = index;
        }
    }
    owners
}

fn is_of_another(owners: &Owners, value: &Value, index: usize) -> bool {
    owners.get(value).is_some_and(|(first, last)| *first != index || *last != index)
}

/// A key of a mapping, which is always text, as a value of the member.
fn typed(key: &str, nature: Nature) -> Value {
    match nature {
        Nature::Integer | Nature::Number => key.parse::<i64>().map_or_else(|_| key.into(), Value::from),
        Nature::Bool => key.parse::<bool>().map_or_else(|_| key.into(), Value::from),
        _ => key.into(),
    }
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
            let Some(TypeDef { kind: Kind::Struct { fields, .. }, .. }) = self.def_mut(&name) else { continue };
            if !fields.iter().any(|field| field.wire == property) {
                fields.insert(0, super::member::tag_field(&property, ty, fields));
            }
        }
    }
}
