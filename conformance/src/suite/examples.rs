//! Every documented example against its own schema.

use std::collections::HashSet;

use obkit_codegen::load::escape_token;
use obkit_codegen::spec::{Content, Operation};
use serde_json::Value;

use super::{Work, held};
use crate::checks;
use crate::contract::Contract;
use crate::finding::Finding;
use crate::schema::Direction;
use crate::shard::Shard;

/// An example and what it is an example of.
pub(super) struct Documented<'c> {
    pub(super) operation: Option<&'c Operation>,
    pub(super) direction: Direction,
    pub(super) status: Option<String>,
    pub(super) media_type: Option<&'c str>,
    pub(super) schema: String,
    pub(super) pointer: String,
    pub(super) value: &'c Value,
}

/// Validates every documented example in its direction: request bodies, responses of every status,
/// parameters, and webhooks. Gives how many there were, and a finding `EX001` for each violation,
/// placed at the example.
#[must_use]
pub fn examples(contract: &Contract) -> (usize, Vec<Finding>) {
    of(&Work { contract, shard: Shard::WHOLE, operations: held(contract, Shard::WHOLE) })
}

/// The same for a part of the work. Shared components are reached from many operations: the first of them answers for them.
pub(super) fn of(work: &Work<'_>) -> (usize, Vec<Finding>) {
    let (mut count, mut findings) = (0, Vec::new());
    let (mut judged, mut counted) = (HashSet::new(), HashSet::new());
    for example in documented(work.contract) {
        let first = judged.insert((example.pointer.clone(), example.schema.clone(), example.direction));
        let new = counted.insert(example.pointer.clone());
        if work.holds(example.operation.map_or(Shard::DOCUMENT, |operation| &operation.id)) {
            count += usize::from(new);
            if first {
                findings.extend(check(work.contract, &example));
            }
        }
    }
    (count, findings)
}

fn check(contract: &Contract, example: &Documented<'_>) -> Vec<Finding> {
    let document = contract.document();
    // What does not compile is reported once, for the schema.
    let violations =
        contract.validators().validate(example.direction, &example.schema, example.value).unwrap_or_default();
    violations
        .iter()
        .map(|violation| {
            let message = format!("the example violates its schema ({}): {}", violation.keyword, violation.message);
            let mut finding = Finding::new(checks::EX001, message)
                .provider(contract.provider())
                .at(document, &violation.schema_pointer)
                .instance(&violation.instance_path)
                .placed(document, &format!("{}{}", example.pointer, violation.instance_path));
            if let Some(operation) = example.operation {
                finding = finding.operation(&operation.id);
            }
            if let Some(status) = &example.status {
                finding = finding.status(status);
            }
            match example.media_type {
                Some(media_type) => finding.media_type(media_type),
                None => finding,
            }
        })
        .collect()
}

fn documented(contract: &Contract) -> Vec<Documented<'_>> {
    let mut examples = Vec::new();
    for operation in contract.spec().operations() {
        parameters(contract, operation, &mut examples);
        let request = operation.request.iter().flat_map(|request| &request.content);
        bodies(operation, Direction::Request, None, request, &mut examples);
        for response in &operation.responses {
            bodies(
                operation,
                Direction::Response,
                Some(response.status.to_string()),
                response.content.iter(),
                &mut examples,
            );
        }
    }
    webhooks(contract, &mut examples);
    examples
}

fn bodies<'c>(
    operation: &'c Operation,
    direction: Direction,
    status: Option<String>,
    contents: impl Iterator<Item = &'c Content>,
    examples: &mut Vec<Documented<'c>>,
) {
    for content in contents.filter(|content| content.is_value()) {
        let Some(schema) = &content.schema else { continue };
        examples.extend(content.examples.iter().map(|example| Documented {
            operation: Some(operation),
            direction,
            status: status.clone(),
            media_type: Some(&content.media_type),
            schema: schema.clone(),
            pointer: example.pointer.clone(),
            value: &example.value,
        }));
    }
}

fn parameters<'c>(contract: &'c Contract, operation: &'c Operation, examples: &mut Vec<Documented<'c>>) {
    for parameter in &operation.parameters {
        let Some(schema) = &parameter.schema else { continue };
        for (pointer, value) in stated(contract, &parameter.pointer).into_iter().chain(own(contract, schema)) {
            examples.push(Documented {
                operation: Some(operation),
                direction: Direction::Request,
                status: None,
                media_type: None,
                schema: schema.clone(),
                pointer,
                value,
            });
        }
    }
}

/// Webhooks are no operations; their examples stand beside their schemas all the same.
fn webhooks<'c>(contract: &'c Contract, examples: &mut Vec<Documented<'c>>) {
    let roots = contract.validators().schemas().iter();
    for schema in roots.filter(|root| root.starts_with("/x-webhooks/") || root.starts_with("/webhooks/")) {
        let Some(owner) = schema.strip_suffix("/schema") else { continue };
        let direction = if schema.contains("/responses/") { Direction::Response } else { Direction::Request };
        examples.extend(stated(contract, owner).into_iter().map(|(pointer, value)| Documented {
            operation: None,
            direction,
            status: None,
            media_type: None,
            schema: schema.clone(),
            pointer,
            value,
        }));
    }
}

/// `example` and `examples` of the object at a pointer.
fn stated<'c>(contract: &'c Contract, owner: &str) -> Vec<(String, &'c Value)> {
    let document = contract.document();
    let single = own(contract, owner);
    let named = document.at(&format!("{owner}/examples")).and_then(Value::as_object);
    let many = named.into_iter().flatten().filter_map(|(name, example)| {
        let at = match example.get("$ref").and_then(Value::as_str) {
            Some(reference) => crate::pointer::of_reference(reference),
            None => format!("{owner}/examples/{}", escape_token(name)),
        };
        Some((format!("{at}/value"), document.at(&at)?.get("value")?))
    });
    single.into_iter().chain(many).collect()
}

fn own<'c>(contract: &'c Contract, owner: &str) -> Option<(String, &'c Value)> {
    let pointer = format!("{owner}/example");
    contract.document().at(&pointer).map(|value| (pointer, value))
}
