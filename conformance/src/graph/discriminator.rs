//! Schemas that a tag names.

use std::collections::{BTreeMap, HashMap};

use obkit_codegen::Document;
use obkit_codegen::load::{escape_token, unescape_token};
use serde_json::{Map, Value};

use super::Graph;
use super::node::NodeId;
use crate::pointer;

const COMPONENTS: &str = "/components/schemas/";

/// How many schemas may be looked through for one.
const MAX_DEPTH: usize = 64;

/// Which property of a value names its schema, and what the names stand for.
#[derive(Debug)]
pub(crate) struct Discriminator<Target = NodeId> {
    pub(crate) property: String,
    /// By tag; any other tag names nothing.
    pub(crate) targets: BTreeMap<String, Target>,
}

impl Discriminator<String> {
    pub(super) fn resolved(self, graph: &mut Graph) -> Discriminator {
        let targets = self.targets.into_iter().map(|(tag, at)| (tag, graph.id(&at))).collect();
        Discriminator { property: self.property, targets }
    }
}

/// What each schema is also an instance of, itself among them: by reference, and by `allOf`.
#[derive(Debug, Default)]
pub(super) struct Bases(HashMap<String, Vec<String>>);

impl Bases {
    fn of(&mut self, document: &Document, pointer: &str) -> &[String] {
        self.0.entry(pointer.to_owned()).or_insert_with(|| {
            let mut found = Vec::new();
            collect(document, pointer, &mut found, MAX_DEPTH);
            found
        })
    }
}

fn collect(document: &Document, at: &str, found: &mut Vec<String>, depth: usize) {
    let (Some(schema), Some(depth)) = (document.at(at), depth.checked_sub(1)) else { return };
    if found.iter().any(|known| known == at) {
        return;
    }
    found.push(at.to_owned());
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        collect(document, &pointer::of_reference(reference), found, depth);
    }
    for index in 0..schema.get("allOf").and_then(Value::as_array).map_or(0, Vec::len) {
        collect(document, &format!("{at}/allOf/{index}"), found, depth);
    }
}

/// The schemas that tags name: by `mapping` or as components, among the alternatives or, where there are none, among those that include the
/// schema.
pub(super) fn targets(
    document: &Document,
    bases: &mut Bases,
    at: &str,
    schema: &Map<String, Value>,
) -> Option<Discriminator<String>> {
    let discriminator = schema.get("discriminator")?;
    let property = discriminator.get("propertyName")?.as_str()?.to_owned();
    let branches = ["oneOf", "anyOf"].iter().filter_map(|keyword| schema.get(*keyword)?.as_array()).flatten();
    let branches = branches.filter_map(|branch| branch.get("$ref")?.as_str()).map(pointer::of_reference);
    let branches: Vec<String> = branches.collect();
    let mapping = discriminator.get("mapping").and_then(Value::as_object).into_iter().flatten();
    let mapped = mapping.filter_map(|(tag, to)| Some((tag.clone(), target(to.as_str()?))));
    let mut candidates: BTreeMap<_, _> = mapped.collect();
    for (name, at) in components(document, &branches) {
        candidates.entry(name).or_insert(at);
    }
    let mut is_known = |target: &String| match branches.as_slice() {
        [] => bases.of(document, target).iter().any(|base| base == at),
        branches => branches.contains(target),
    };
    let targets = candidates.into_iter().filter(|(_, target)| document.at(target).is_some() && is_known(target));
    Some(Discriminator { property, targets: targets.collect() })
}

/// What a `mapping` leads to: a reference, or the name of a component.
fn target(mapped: &str) -> String {
    if mapped.contains(['#', '/']) { pointer::of_reference(mapped) } else { component(mapped) }
}

fn component(name: &str) -> String {
    format!("{COMPONENTS}{}", escape_token(name))
}

/// Components by their names: of the alternatives, or, where there are none, all.
fn components(document: &Document, branches: &[String]) -> Vec<(String, String)> {
    if branches.is_empty() {
        let all = document.at(COMPONENTS.trim_end_matches('/')).and_then(Value::as_object).into_iter().flatten();
        return all.map(|(name, _)| (name.clone(), component(name))).collect();
    }
    let named = |at: &String| {
        let name = at.strip_prefix(COMPONENTS).filter(|name| !name.contains('/'))?;
        Some((unescape_token(name).into_owned(), at.clone()))
    };
    branches.iter().filter_map(named).collect()
}
