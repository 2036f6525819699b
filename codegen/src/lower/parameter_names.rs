//! What starts the names of the types of parameters: their own names, as long as all parameters of a name are alike.
//!
//! Else each has its owner's name before its own: the operation's, the path's, or that of the component. So a name
//! depends on what stands in the document and not on the order in which it stands there.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::constraints::CONSTRAINTS;
use super::names::{Names, snake, type_name};
use crate::load::{Document, unescape_token};
use crate::schema::{reference, types, values, without_words};
use crate::spec::{Operation, Parameter};

/// The names to start with, by the pointer of the parameter's schema.
pub(super) struct ParameterNames {
    hints: HashMap<String, String>,
}

impl ParameterNames {
    /// The names for all parameters of the operations, given the names that components have.
    pub(super) fn of(document: &Document, operations: &[Operation], taken: &Names) -> Self {
        let mut alike: HashMap<String, Vec<Value>> = HashMap::new();
        let mut owned: Vec<(&str, String, String)> = Vec::new();
        let mut seen = HashSet::new();
        for (op, parameter) in operations.iter().flat_map(|op| op.parameters.iter().map(move |p| (op, p))) {
            let Some(at) = parameter.schema.as_deref().filter(|at| seen.insert(*at)) else { continue };
            let Some(schema) = document.at(at).filter(|schema| needs_name(schema)) else { continue };
            let name = type_name(&snake(&parameter.name));
            let schemas = alike.entry(name.clone()).or_default();
            let schema = without_words(schema);
            if !schemas.contains(&schema) {
                schemas.push(schema);
            }
            owned.push((at, owner(op, parameter), name));
        }
        let is_one = |name: &str| !taken.is_taken(name) && alike.get(name).is_some_and(|schemas| schemas.len() == 1);
        let hints = owned.into_iter().map(|(at, owner, name)| {
            let hint = if is_one(&name) { name } else { owned_name(&owner, &name) };
            (at.to_owned(), hint)
        });
        Self { hints: hints.collect() }
    }

    pub(super) fn hint(&self, parameter: &Parameter) -> String {
        let known = parameter.schema.as_ref().and_then(|at| self.hints.get(at));
        known.cloned().unwrap_or_else(|| type_name(&snake(&parameter.name)))
    }
}

/// Who states the parameter: a component, a path for all its operations, or an operation.
fn owner(op: &Operation, parameter: &Parameter) -> String {
    if let Some(component) = parameter.pointer.strip_prefix("/components/parameters/") {
        return type_name(&unescape_token(component));
    }
    if parameter.pointer.starts_with(&format!("{}/", op.pointer)) { type_name(&op.id) } else { type_name(&op.path) }
}

/// A component is often called as the parameter is.
fn owned_name(owner: &str, name: &str) -> String {
    if owner == name {
        format!("{name}Parameter")
    } else if owner.ends_with(name) {
        owner.to_owned()
    } else {
        format!("{owner}{name}")
    }
}

/// Whether the type of an inline schema, or that of its items, has a name that nothing but the parameter gives it.
fn needs_name(schema: &Value) -> bool {
    if reference(schema).is_some() || schema.get("title").is_some() {
        return false;
    }
    match types(schema).as_slice() {
        ["boolean" | "number"] => false,
        ["string" | "integer"] => values(schema).is_some() || CONSTRAINTS.iter().any(|key| schema.get(*key).is_some()),
        ["array"] => schema.get("items").is_some_and(needs_name),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use crate::{Document, Spec, lower};

    fn names(text: &str) -> Vec<String> {
        let spec = Spec::read(Document::parse("a.yaml", text).unwrap()).unwrap();
        let mut names: Vec<_> = lower::lower(&spec).model.types.into_iter().map(|def| def.name).collect();
        names.sort();
        names
    }

    #[test]
    fn names_of_unlike_parameters_start_with_their_owners_in_any_order() {
        let text = include_str!("../../tests/specs/parameter_types.yaml");
        let expected = [
            "AccountsKind",
            "Limit",
            "ListAccountsOrderItem",
            "ListAccountsSort",
            "ListAccountsStatus",
            "ListPaymentsOrderItem",
            "ListPaymentsRegion",
            "ListPaymentsSort",
            "PaymentsKind",
            "RegionParameter",
            "Status",
            "Text",
        ];
        assert_eq!(names(text), expected);
        let (before, paths) = text.split_once("  /accounts").unwrap();
        let (accounts, rest) = paths.split_once("  /payments").unwrap();
        let (payments, after) = rest.split_once("components:").unwrap();
        let turned = format!("{before}  /payments{payments}  /accounts{accounts}components:{after}");
        assert_eq!(names(&turned), expected);
    }
}
