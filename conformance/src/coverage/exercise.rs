//! What travels is followed along its schema.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::map::{Map, NodeId, SiteId};
use super::partial::{self, Partial};
use super::{Coverage, Missing, SchemaCoverage};
use crate::contract::Contract;
use crate::generate::{GenerateError, Named};
use crate::schema::Direction;

/// How many schemas may be entered for one value before it counts as a circle.
const MAX_DEPTH: usize = 64;

/// Notes what of a document is exercised. Many may note at once.
#[derive(Debug)]
pub(crate) struct Exercise<'c> {
    contract: &'c Contract,
    request: Vec<AtomicU64>,
    response: Vec<AtomicU64>,
    partial: Mutex<BTreeSet<Partial>>,
}

impl<'c> Exercise<'c> {
    pub(crate) fn new(contract: &'c Contract) -> Self {
        let bits = |direction| {
            let words = contract.map(direction).sites.len().div_ceil(64);
            std::iter::repeat_with(AtomicU64::default).take(words).collect()
        };
        Self {
            contract,
            request: bits(Direction::Request),
            response: bits(Direction::Response),
            partial: Mutex::new(partial::of(contract)),
        }
    }

    /// A value of the schema at a pointer travelled.
    pub(crate) fn value(&self, direction: Direction, schema: &str, value: &Value) {
        let map = self.contract.map(direction);
        if let Some(node) = map.id(schema) {
            Walk { exercise: self, map, direction }.visit(node, value, MAX_DEPTH);
        }
    }

    /// A property or a listed value travelled.
    pub(crate) fn named(&self, direction: Direction, named: &Named) {
        let map = self.contract.map(direction);
        let site = match &named.listed {
            None => map.properties.get(&named.schema_pointer),
            Some(text) => {
                let owner = named.schema_pointer.strip_suffix("/enum").unwrap_or(&named.schema_pointer);
                map.find(owner).and_then(|node| node.texts.get(text))
            }
        };
        if let Some(site) = site {
            self.set(direction, *site);
        }
    }

    /// A part of payloads was left out, because nothing fits it.
    pub(crate) fn omitted(&self, error: &GenerateError) {
        self.note(partial::omitted(self.contract, error));
    }

    /// A body could not be read into a type, because the client has none for it.
    pub(crate) fn untyped(&self, operation: &str, pointer: &str) {
        self.note(partial::untyped(self.contract, operation, pointer));
    }

    fn note(&self, partial: Partial) {
        // A panic while the lock was held cannot have left half an entry behind.
        self.partial.lock().unwrap_or_else(PoisonError::into_inner).insert(partial);
    }

    fn bits(&self, direction: Direction) -> &[AtomicU64] {
        match direction {
            Direction::Request => &self.request,
            Direction::Response => &self.response,
        }
    }

    fn set(&self, direction: Direction, site: SiteId) {
        if let Some(word) = self.bits(direction).get(site / 64) {
            word.fetch_or(1 << (site % 64), Ordering::Relaxed);
        }
    }

    fn is_set(&self, direction: Direction, site: SiteId) -> bool {
        self.bits(direction).get(site / 64).is_some_and(|word| word.load(Ordering::Relaxed) >> (site % 64) & 1 == 1)
    }

    /// What was noted.
    pub(crate) fn finish(self) -> Coverage {
        let schemas =
            [Direction::Request, Direction::Response].into_iter().flat_map(|direction| self.schemas(direction));
        let mut coverage = Coverage::default();
        coverage.absorb(Coverage {
            schemas: schemas.collect(),
            partial: self.partial.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            ..Coverage::default()
        });
        coverage
    }

    fn schemas(&self, direction: Direction) -> Vec<SchemaCoverage> {
        let map = self.contract.map(direction);
        let document = self.contract.document();
        let mut schemas: BTreeMap<NodeId, SchemaCoverage> = BTreeMap::new();
        for (number, site) in map.sites.iter().enumerate() {
            let schema = schemas.entry(site.root).or_insert_with(|| SchemaCoverage {
                direction,
                schema: document.origin(&map.nodes[site.root].pointer).pointer,
                totals: BTreeMap::new(),
                missing: Vec::new(),
            });
            schema.totals.entry(site.dimension).or_default().of += 1;
            if !self.is_set(direction, number) {
                let origin = document.origin(&site.pointer);
                schema.missing.push(Missing {
                    dimension: site.dimension,
                    name: site.name.clone(),
                    pointer: origin.pointer,
                    file: origin.file.display().to_string(),
                    line: origin.position.map(|position| position.line),
                });
            }
        }
        schemas.into_values().collect()
    }
}

struct Walk<'e, 'c> {
    exercise: &'e Exercise<'c>,
    map: &'c Map,
    direction: Direction,
}

impl Walk<'_, '_> {
    fn visit(&self, node: NodeId, value: &Value, depth: usize) {
        let (Some(node), Some(depth)) = (self.map.nodes.get(node), depth.checked_sub(1)) else { return };
        for part in &node.parts {
            self.visit(*part, value, depth);
        }
        for (site, branch) in &node.branches {
            // Of alternatives, those count that the value is.
            if self.fits(*branch, value) {
                self.set(*site);
                self.visit(*branch, value, depth);
            }
        }
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    match node.properties.get(name) {
                        Some((site, below)) => {
                            site.iter().for_each(|site| self.set(*site));
                            self.visit(*below, member, MAX_DEPTH);
                        }
                        None => node.additional.iter().for_each(|below| self.visit(*below, member, MAX_DEPTH)),
                    }
                }
            }
            Value::Array(items) => {
                if let Some(below) = node.items {
                    items.iter().for_each(|item| self.visit(below, item, MAX_DEPTH));
                }
            }
            Value::String(text) => node.texts.get(text).into_iter().for_each(|site| self.set(*site)),
            _ => {}
        }
        node.values.iter().filter(|(listed, _)| listed == value).for_each(|(_, site)| self.set(*site));
    }

    fn fits(&self, branch: NodeId, value: &Value) -> bool {
        let pointer = self.map.nodes.get(branch).map(|node| node.pointer.as_str());
        let check = pointer.map(|pointer| self.exercise.contract.validators().check(self.direction, pointer));
        check.is_some_and(|check| check.is_ok_and(|check| check.is_valid(value)))
    }

    fn set(&self, site: SiteId) {
        self.exercise.set(self.direction, site);
    }
}
