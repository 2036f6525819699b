//! Bodies and schemas, by the types that the client has for them.

use std::collections::BTreeSet;

use obkit_codegen::Document;
use obkit_codegen::spec::Operation;
use serde_json::Value;

use super::super::Found;
use super::super::bodies::Group;
use crate::checks::{self, Rule};
use crate::contract::Contract;
use crate::finding::Finding;
use crate::pointer;
use crate::typed_client::TypedClient;

/// Where the schemas stand that other places refer to.
const COMPONENTS: &str = "/components/schemas/";

/// Asks for the type of every body, and then for every schema that an operation leads to: it is reached by a body that has a type, by a parameter
/// or by a header field.
pub(in super::super) fn schemas(
    contract: &Contract,
    client: &dyn TypedClient,
    groups: &[Group<'_>],
    found: &mut Found<'_>,
) {
    let document = contract.document();
    let (mut used, mut reached) = (BTreeSet::new(), BTreeSet::new());
    for group in groups {
        closure(document, &group.schema, &mut used);
        for body in &group.bodies {
            found.tried.ledger.bodies += 1;
            // Whether the type reads this is no matter here.
            if client.round_trip(&body.operation.id, body.part(), "null").is_some() {
                closure(document, &group.schema, &mut reached);
            } else if !contract.validators().is_free_form(group.direction, &group.schema) {
                let message = "the client has no type for the body".to_owned();
                let finding = body.name(Finding::new(Rule::part(checks::CL010, "body"), message));
                found.findings.push(finding.at(document, &body.content.pointer));
            }
        }
    }
    for schema in contract.spec().operations().iter().flat_map(beside) {
        closure(document, schema, &mut used);
        closure(document, schema, &mut reached);
    }
    found.tried.ledger.schemas += used.len();
    for schema in used.difference(&reached) {
        let finding = Finding::new(Rule::part(checks::CL010, "schema"), "no type of the client leads to the schema");
        found.findings.push(finding.at(document, schema));
    }
}

/// The schemas of what travels beside the bodies of an operation.
fn beside(operation: &Operation) -> impl Iterator<Item = &String> {
    let headers = operation.responses.iter().flat_map(|response| &response.headers);
    let parameters = operation.parameters.iter().filter_map(|parameter| parameter.schema.as_ref());
    parameters.chain(headers.filter_map(|header| header.schema.as_ref()))
}

/// The named schemas that a schema refers to, itself and theirs included.
fn closure(document: &Document, at: &str, found: &mut BTreeSet<String>) {
    let mut open = vec![at.to_owned()];
    while let Some(at) = open.pop() {
        let is_named = at.strip_prefix(COMPONENTS).is_some_and(|name| !name.contains('/'));
        if is_named && !found.insert(at.clone()) {
            continue;
        }
        if let Some(schema) = document.at(&at) {
            references(schema, &mut open);
        }
    }
}

fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            let reference = members.get("$ref").and_then(Value::as_str).map(pointer::of_reference);
            found.extend(reference.filter(|at| at.starts_with(COMPONENTS)));
            // What is shown, and what is said beside the standard, uses nothing.
            let said = members
                .iter()
                .filter(|(name, _)| !matches!(name.as_str(), "example" | "examples" | "default" | "enum"));
            said.for_each(|(_, member)| references(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}
