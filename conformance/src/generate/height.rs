//! How much a schema requires at least: what a schema that is within itself is left by.

use std::collections::HashMap;

use serde_json::Value;

use super::Generator;
use super::shape::{Term, Types};
use crate::pointer;
use crate::schema::Lowered;

/// Of a schema that requires itself without end.
pub(super) const ENDLESS: usize = usize::MAX / 4;

/// The least nesting of a value, by the targets of references that are reached from some schemas.
pub(super) fn heights(lowered: &Lowered, roots: impl IntoIterator<Item = String>) -> HashMap<String, usize> {
    let mut heights = HashMap::new();
    let mut open: Vec<_> = roots.into_iter().collect();
    while let Some(at) = open.pop() {
        if let Some(schema) = lowered.at(&at)
            && heights.insert(at, ENDLESS).is_none()
        {
            references(schema, &mut open);
        }
    }
    // Each round settles at least the lowest that is left.
    loop {
        let mut settled = true;
        let targets: Vec<String> = heights.keys().cloned().collect();
        for at in targets {
            let height = lowered.at(&at).map_or(0, |schema| height(schema, &heights));
            if heights.get(&at).is_some_and(|known| height < *known) {
                heights.insert(at, height);
                settled = false;
            }
        }
        if settled {
            return heights;
        }
    }
}

fn references(schema: &Value, open: &mut Vec<String>) {
    match schema {
        Value::Object(members) => {
            let targets = ["$ref", "$dynamicRef"].iter().filter_map(|key| members.get(*key)?.as_str());
            open.extend(targets.map(pointer::of_reference));
            members.values().for_each(|member| references(member, open));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, open)),
        _ => {}
    }
}

fn height(schema: &Value, known: &HashMap<String, usize>) -> usize {
    let Value::Object(members) = schema else { return 0 };
    if members.contains_key("enum") || members.contains_key("const") {
        return 0;
    }
    let types = members.get("type").map(Types::of_keyword);
    let may_be = |kind: Types| types.is_none_or(|types| types.has(kind));
    let list = |key: &str| members.get(key).and_then(Value::as_array).into_iter().flatten();
    let mut least = 0;
    if let Some(target) = members.get("$ref").and_then(Value::as_str) {
        least = known.get(&pointer::of_reference(target)).copied().unwrap_or_default();
    }
    least = list("allOf").map(|branch| height(branch, known)).fold(least, usize::max);
    for key in ["anyOf", "oneOf"] {
        least = least.max(list(key).map(|branch| height(branch, known)).min().unwrap_or_default());
    }
    if members.contains_key("if") {
        let part = |key: &str| members.get(key).map_or(0, |schema| height(schema, known));
        least = least.max(part("then").min(part("else")));
    }
    if may_be(Types::NULL) && types.is_some() || may_be(Types::STRING) && types.is_some() {
        return least;
    }
    if may_be(Types::OBJECT) {
        let property = |name: &str| members.get("properties").and_then(|properties| properties.get(name));
        let required =
            list("required").filter_map(Value::as_str).map(|name| property(name).map_or(0, |p| height(p, known)));
        least = least.max(required.max().map_or(0, |height| (height + 1).min(ENDLESS)));
    }
    let items = members.get("minItems").and_then(Value::as_u64).unwrap_or_default();
    if may_be(Types::ARRAY) && types.is_some() && items > 0 {
        least = least.max(members.get("items").map_or(0, |items| (height(items, known) + 1).min(ENDLESS)));
    }
    least
}

impl Generator<'_> {
    /// The least nesting of a value that schemas hold for.
    pub(super) fn height(&self, terms: &[Term]) -> usize {
        let holding = terms.iter().filter(|term| term.holds);
        let heights = holding.filter_map(|term| self.schema(&term.at)).map(|schema| height(schema, &self.heights));
        heights.max().unwrap_or_default()
    }
}
