//! The alternatives of a schema, told from the document alone: those of `oneOf` and `anyOf`, and the children of a base.

use serde_json::Value;

use super::inheritance::Inheritance;
use super::nature::{properties, telling};
use crate::load::Document;
use crate::schema::{listed, narrows_reference, reference, without_words};

/// How deep alternatives may stand within alternatives.
const MAX_DEPTH: usize = 16;

/// The pointers of the alternatives of a schema by keyword, null and mere constraints aside.
pub(super) fn alternatives_of(document: &Document, pointer: &str, schema: &Value) -> Vec<Vec<String>> {
    let told = ["oneOf", "anyOf"].into_iter().map(|key| telling(document, pointer, schema, key));
    told.filter(|told| !told.is_empty()).collect()
}

/// The parts of a schema that hold at once, beside its own keywords.
pub(super) fn parts_of(document: &Document, pointer: &str, schema: &Value) -> Vec<String> {
    let target = reference(schema).filter(|_| narrows_reference(document, schema));
    target.into_iter().chain(listed(pointer, schema, "allOf")).collect()
}

/// Alternatives as they are told apart: an inline union among them adds its own, each once.
pub(super) fn flat(document: &Document, alternatives: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut found = Vec::new();
    alternatives.into_iter().for_each(|at| flatten(document, at, &mut found, 0));
    found
}

fn flatten(document: &Document, at: String, found: &mut Vec<String>, depth: usize) {
    let Some(schema) = document.at(&at) else { return };
    let inner: Vec<String> = alternatives_of(document, &at, schema).concat();
    let nested = !inner.is_empty() && schema.get("properties").is_none() && schema.get("allOf").is_none();
    if nested && schema.get("discriminator").is_none() && depth < MAX_DEPTH {
        inner.into_iter().for_each(|at| flatten(document, at, found, depth + 1));
        return;
    }
    let key = |at: &String| {
        document.at(at).map(|schema| reference(schema).map_or_else(|| without_words(schema), Value::from))
    };
    if !found.iter().any(|known| key(known) == key(&at)) {
        found.push(at);
    }
}

/// What an alternative is in the end, when it is a union itself: the targets of all of its alternatives, and of
/// theirs. A member that it has beside them tells more than they do.
pub(super) fn leaves(document: &Document, inheritance: &Inheritance, at: &str, member: &str) -> Vec<String> {
    let mut found = Vec::new();
    gather_leaves(document, inheritance, at, member, &mut found, 0);
    found
}

fn gather_leaves(
    document: &Document,
    inheritance: &Inheritance,
    at: &str,
    member: &str,
    found: &mut Vec<String>,
    depth: usize,
) {
    let target = target(document, at);
    if found.contains(&target) {
        return;
    }
    let heirs = inheritance.children(&target).map(<[String]>::to_vec).unwrap_or_default();
    if !heirs.is_empty() {
        found.push(target);
        found.extend(heirs);
        return;
    }
    let inner = document.at(&target).map(|schema| alternatives_of(document, &target, schema).concat());
    let inner = inner
        .filter(|inner| depth < MAX_DEPTH && !inner.is_empty() && !properties(document, &target).contains_key(member));
    match inner {
        Some(inner) => {
            inner.iter().for_each(|at| gather_leaves(document, inheritance, at, member, found, depth + 1));
        }
        None => found.push(target),
    }
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
