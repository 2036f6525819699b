//! The rules of unions: what each alternative looks like, so that only those of the one are checked that a value is.

use std::collections::{BTreeSet, HashSet};

use serde_json::{Map, Value};

use super::Gather;
use crate::load::Document;
use crate::lower::alternatives::{alternatives_of, flat, leaves};
use crate::lower::nature::{Nature, nature, properties, scalars};
use crate::lower::tags::{self, Tags};
use crate::model::{RuleRef, RuledAlternative, RuledAlternatives};
use crate::schema::{listed, narrows_reference, reference, required};

impl Gather<'_> {
    /// The rules of the alternatives of a schema, for each keyword that lists some.
    pub(super) fn alternatives(&mut self, pointer: &str, schema: &Value, depth: usize) -> Vec<RuledAlternatives> {
        let document = self.types.document;
        let by_keyword = alternatives_of(document, pointer, schema).into_iter();
        let by_keyword = by_keyword.map(|alternatives| flat(document, alternatives));
        by_keyword.map(|alternatives| self.ruled(pointer, schema, alternatives, depth)).collect()
    }

    /// The rules of a base: those of its children, and of itself.
    pub(super) fn heirs(&mut self, pointer: &str, depth: usize) -> Option<RuledAlternatives> {
        let schema = self.types.document.at(pointer)?;
        Some(self.ruled(pointer, schema, self.types.inheritance.alternatives(pointer), depth))
    }

    fn ruled(&mut self, pointer: &str, schema: &Value, alternatives: Vec<String>, depth: usize) -> RuledAlternatives {
        let tags = self.tags(pointer, schema, &alternatives);
        let is_tagged = tags.as_ref().is_some_and(|tags| tags.values.iter().all(|values| !values.is_empty()));
        let of = alternatives.iter().enumerate().map(|(index, at)| {
            let rules = match at == pointer {
                true => self.base_itself(pointer),
                false => self.reference(at, depth),
            };
            match &tags {
                Some(tags) if is_tagged => {
                    let values = tags.values[index].clone();
                    RuledAlternative { values, types: vec![], required: vec![], members: vec![], rules }
                }
                Some(tags) => RuledAlternative { values: tags.values[index].clone(), ..self.looks(at, rules) },
                None => self.looks(at, rules),
            }
        });
        let of = of.collect();
        RuledAlternatives { tag: tags.map(|tags| tags.property), of }
    }

    fn tags(&self, pointer: &str, schema: &Value, alternatives: &[String]) -> Option<Tags> {
        let document = self.types.document;
        let is_object = |at: &String| at == pointer || nature(document, at) == Nature::Object;
        if !alternatives.iter().all(is_object) {
            return None;
        }
        let inheritance = &self.types.inheritance;
        let stated = tags::discriminated(document, inheritance, pointer, schema, alternatives);
        stated.filter(Tags::tell).or_else(|| tags::distinguished(document, alternatives))
    }

    /// What an alternative looks like where no tag tells.
    fn looks(&self, at: &str, rules: RuleRef) -> RuledAlternative {
        let document = self.types.document;
        let nature = nature(document, at);
        let mut members = BTreeSet::new();
        for leaf in leaves(document, &self.types.inheritance, at, "") {
            members.extend(properties(document, &leaf).keys().cloned());
        }
        let types = match nature {
            Nature::Text => vec!["String"],
            Nature::Integer => vec!["Integer"],
            Nature::Number => vec!["Number"],
            Nature::Bool => vec!["Boolean"],
            Nature::List => vec!["Array"],
            Nature::Object => vec!["Object"],
            Nature::Mixed | Nature::Unsaid => vec![],
        };
        RuledAlternative {
            // An object is told apart by its members only.
            values: if nature == Nature::Object { vec![] } else { scalars(document, at) },
            types,
            required: demanded(document, at).into_iter().collect(),
            members: members.into_iter().collect(),
            rules,
        }
    }
}

/// The members that a schema demands, wherever `allOf` and references take them from; what it only declares for the
/// other direction is not demanded.
fn demanded(document: &Document, at: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut known = HashSet::new();
    let mut open = vec![at.to_owned()];
    while let Some(at) = open.pop() {
        let Some(schema) = document.at(&at).filter(|_| known.insert(at.clone())) else { continue };
        if !narrows_reference(document, schema)
            && let Some(target) = reference(schema)
        {
            open.push(target);
            continue;
        }
        let members = schema.get("properties").and_then(Value::as_object);
        let is_received = |name: &str| members.is_some_and(|members: &Map<_, _>| is_read_only(members.get(name)));
        found.extend(required(schema).filter(|name| !is_received(name)).map(str::to_owned));
        open.extend(reference(schema).into_iter().chain(listed(&at, schema, "allOf")));
    }
    found
}

fn is_read_only(schema: Option<&Value>) -> bool {
    schema.is_some_and(|schema| crate::schema::flag(schema, "readOnly"))
}
