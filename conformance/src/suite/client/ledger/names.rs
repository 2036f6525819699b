//! Whether the client knows every name of its document: what it does not know it keeps, and nobody finds it.

use std::collections::HashMap;

use serde_json::json;

use super::super::Found;
use super::super::bodies::{Body, Group};
use super::super::effort::Effort;
use crate::checks;
use crate::contract::Contract;
use crate::coverage::Exercise;
use crate::finding::Finding;
use crate::generate::{Generator, Named};
use crate::typed_client::{TypedClient, unknown_in};

pub(in super::super) fn run(
    exercise: &Exercise<'_>,
    contract: &Contract,
    client: &dyn TypedClient,
    effort: Effort,
    group: &Group<'_>,
    generator: &Generator<'_>,
    found: &mut Found<'_>,
) {
    let Some(body) = group.bodies.first() else { return };
    let mut known = HashMap::new();
    for named in generator.named(effort.seed).unwrap_or_default() {
        let text = named.value.to_string();
        let with = *known.entry(text).or_insert_with_key(|text| unknown(client, body, text));
        let without = unknown(client, body, &named.without.to_string());
        let Some(with) = with else { continue };
        found.tried.names += 1;
        exercise.named(group.direction, &named);
        // A type that takes nothing without the name knows it, too; so does one that minds what stands there.
        if without.is_none_or(|without| with < without) || minds(client, body, &named) {
            continue;
        }
        let message = match &named.listed {
            Some(value) => format!("the value `{value}` is one of those that nobody listed"),
            None => "the property is one of those that nobody named".to_owned(),
        };
        let finding = body.name(Finding::new(checks::CL010, message));
        found.findings.push(finding.at(contract.document(), &named.schema_pointer).instance(&named.instance_pointer));
    }
}

/// Whether a value of some other type than the property's is refused: what nobody named may be anything.
fn minds(client: &dyn TypedClient, body: &Body<'_>, named: &Named) -> bool {
    let others = [json!(true), json!(7), json!("\u{fffd}"), json!([[]]), json!({})];
    named.listed.is_none()
        && others.into_iter().any(|other| {
            let mut value = named.value.clone();
            if let Some(slot) = value.pointer_mut(&named.instance_pointer) {
                *slot = other;
            }
            unknown(client, body, &value.to_string()).is_none()
        })
}

/// How much of a payload the type of a body does not know by name; none when it cannot read it.
fn unknown(client: &dyn TypedClient, body: &Body<'_>, text: &str) -> Option<usize> {
    let (read, unknown) = unknown_in(|| client.round_trip(&body.operation.id, body.part(), text));
    read?.ok().map(|_| unknown)
}
