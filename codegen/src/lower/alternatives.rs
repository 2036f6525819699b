//! The alternatives of a schema, told from the document alone: those of `oneOf` and `anyOf`, and the children of a base.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::inheritance::Inheritance;
use super::nature::{properties, telling};
use super::recursion::circles;
use super::schemas::Schemas;
use crate::load::{Document, escape_token};
use crate::schema::{is_mere_union, listed, narrows_reference, reference, stands_for, without_words};

/// How deep alternatives may stand within alternatives.
const MAX_DEPTH: usize = 16;

/// The pointers of the alternatives of a schema by keyword, null and mere constraints aside. Those of a union that leads
/// back to the schema are its own, as what is one of them is a value of either; and what leads back adds nothing.
pub(super) fn alternatives_of(schemas: &Schemas<'_>, pointer: &str, schema: &Value) -> Vec<Vec<String>> {
    let stated = stated(schemas, pointer, schema);
    let Some(circle) = schemas.circle(pointer) else { return stated };
    let mut known = HashSet::from([pointer.to_owned()]);
    let mut within = |stated: Vec<String>| {
        let mut found = Vec::new();
        let mut open: Vec<String> = stated.into_iter().rev().collect();
        while let Some(at) = open.pop() {
            let target = end(schemas, &at);
            if schemas.circle(&target) != Some(circle) {
                found.push(at);
            } else if let Some(schema) = schemas.at(&target).filter(|_| known.insert(target.clone())) {
                open.extend(self::stated(schemas, &target, schema).into_iter().flatten().rev());
            }
        }
        found
    };
    let told: Vec<Vec<String>> = stated.into_iter().map(&mut within).collect();
    told.into_iter().filter(|told| !told.is_empty()).collect()
}

fn stated(document: &Document, pointer: &str, schema: &Value) -> Vec<Vec<String>> {
    let told = ["oneOf", "anyOf"].into_iter().map(|key| telling(document, pointer, schema, key));
    told.filter(|told| !told.is_empty()).collect()
}

/// Where a place leads that merely stands for another.
fn end(document: &Document, at: &str) -> String {
    let mut at = at.to_owned();
    let mut known = HashSet::new();
    while let Some(target) = document.at(&at).and_then(|schema| stands_for(document, &at, schema)) {
        if !known.insert(at.clone()) {
            break;
        }
        at = target;
    }
    at
}

/// The unions that lead to one another with nothing in between, each with the number of its circle.
pub(super) fn circles_of_unions(document: &Document) -> HashMap<String, usize> {
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let mut edges: Vec<Vec<usize>> = Vec::new();
    let components = document.at("/components/schemas").and_then(Value::as_object);
    let names = components.into_iter().flat_map(serde_json::Map::keys);
    let mut open: Vec<String> = names.map(|name| format!("/components/schemas/{}", escape_token(name))).collect();
    let mut held: Vec<(String, Vec<String>)> = Vec::new();
    while let Some(at) = open.pop() {
        if numbers.contains_key(&at) {
            continue;
        }
        numbers.insert(at.clone(), held.len());
        let inner = document.at(&at).map(|schema| held_by(document, &at, schema)).unwrap_or_default();
        open.extend(inner.iter().cloned());
        held.push((at, inner));
    }
    edges.extend(held.iter().map(|(_, inner)| inner.iter().filter_map(|at| numbers.get(at).copied()).collect()));
    let circles = circles(&edges);
    let mut sizes: HashMap<usize, usize> = HashMap::new();
    circles.iter().flatten().for_each(|circle| *sizes.entry(*circle).or_default() += 1);
    let is_circle = |number: usize, circle: usize| sizes.get(&circle) > Some(&1) || edges[number].contains(&number);
    let found = held.into_iter().enumerate().filter_map(|(number, (at, _))| {
        let circle = circles[number]?;
        is_circle(number, circle).then_some((at, circle))
    });
    found.collect()
}

/// What a value of a schema is, where that is said of nothing but others: what it stands for, or its alternatives.
fn held_by(document: &Document, at: &str, schema: &Value) -> Vec<String> {
    const OWN: &[&str] = &["properties", "items", "allOf", "enum", "const"];
    match stands_for(document, at, schema) {
        Some(target) => vec![target],
        None if OWN.iter().any(|key| schema.get(*key).is_some()) || narrows_reference(document, schema) => Vec::new(),
        None => stated(document, at, schema).concat(),
    }
}

/// The parts of a schema that hold at once, beside its own keywords.
pub(super) fn parts_of(document: &Document, pointer: &str, schema: &Value) -> Vec<String> {
    let target = reference(schema).filter(|_| narrows_reference(document, schema));
    target.into_iter().chain(listed(pointer, schema, "allOf")).collect()
}

/// Alternatives as they are told apart: an inline union among them adds its own, each once, unless it says more than
/// they do.
pub(super) fn flat(document: &Schemas<'_>, alternatives: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut found = Vec::new();
    let mut known = HashSet::new();
    alternatives.into_iter().for_each(|at| flatten(document, at, &mut found, &mut known, 0));
    found
}

fn flatten(document: &Schemas<'_>, at: String, found: &mut Vec<String>, known: &mut HashSet<Value>, depth: usize) {
    let Some(schema) = document.at(&at) else { return };
    let inner: Vec<String> = alternatives_of(document, &at, schema).concat();
    if !inner.is_empty() && is_mere_union(schema) && depth < MAX_DEPTH {
        inner.into_iter().for_each(|at| flatten(document, at, found, known, depth + 1));
        return;
    }
    if known.insert(reference(schema).map_or_else(|| without_words(schema), Value::from)) {
        found.push(at);
    }
}

/// What an alternative is in the end, when it is a union itself: the targets of all of its alternatives, and of
/// theirs. A member that it has beside them tells more than they do.
pub(super) fn leaves(schemas: &Schemas<'_>, inheritance: &Inheritance, at: &str, member: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut known = HashSet::new();
    let mut open = vec![at.to_owned()];
    while let Some(at) = open.pop() {
        let target = target(schemas, &at);
        if !known.insert(target.clone()) {
            continue;
        }
        if let Some(heirs) = inheritance.children(&target) {
            found.push(target);
            found.extend(heirs.iter().filter(|heir| known.insert((*heir).clone())).cloned());
            continue;
        }
        let inner = schemas.at(&target).map(|schema| alternatives_of(schemas, &target, schema).concat());
        match inner.filter(|inner| !inner.is_empty() && !properties(schemas, &target).contains_key(member)) {
            Some(inner) => open.extend(inner.into_iter().rev()),
            None => found.push(target),
        }
    }
    found
}

/// Where the references from a place end.
pub(super) fn target(document: &Document, at: &str) -> String {
    let mut at = at.to_owned();
    for _ in 0..MAX_DEPTH {
        match document.at(&at).filter(|schema| !narrows_reference(document, schema)).and_then(reference) {
            Some(target) => at = target,
            None => break,
        }
    }
    at
}
