//! No payload that a schema refuses is taken, but for what is taken by design.

use serde_json::Value;

use super::bodies::Group;
use super::design::{Liberty, Way};
use super::effort::Effort;
use super::trip::{Trip, trip};
use super::{Found, Unsure};
use crate::checks::{CL004, Rule};
use crate::contract::Contract;
use crate::finding::Finding;
use crate::generate::{Generator, Mutant};
use crate::typed_client::TypedClient;

pub(super) fn run<'c>(
    contract: &Contract,
    client: &dyn TypedClient,
    effort: Effort,
    group: &Group<'c>,
    generator: &Generator<'_>,
    found: &mut Found<'c>,
) {
    let mutants = generator.mutants(effort.seed).map(|made| made.mutants).unwrap_or_default();
    let Ok(check) = contract.validators().check(group.direction, &group.schema) else { return };
    for (number, mutant) in mutants.iter().enumerate() {
        let text = mutant.value.to_string();
        for body in group.bodies_for(number, effort) {
            let Some(outcome) = trip(client, body, &mutant.value, &text) else { continue };
            found.tried.mutants += 1;
            match outcome {
                Trip::Refused(_) => found.tried.refused += 1,
                // The type cannot say it: what would be sent is right.
                Trip::Back { value, .. } if body.is_sent() && check.is_valid(&value) => found.tried.refused += 1,
                // What types leave to the moment of sending is found out by sending it.
                Trip::Back { .. } if body.is_sent() => {
                    found.unsure.push(Unsure { body: *body, mutant: mutant.clone() });
                }
                Trip::Back { value, .. } => {
                    let mended = check.is_valid(&value);
                    taken(
                        contract,
                        &|finding| body.name(finding),
                        false,
                        mutant,
                        mended || value == mutant.value,
                        found,
                    );
                }
            }
        }
    }
}

/// A mutant was taken: by design, or else it is a finding. What was wrong with it may come back as it was, or not at
/// all, but not as another wrong.
pub(super) fn taken(
    contract: &Contract,
    name: &dyn Fn(Finding) -> Finding,
    is_sent: bool,
    mutant: &Mutant,
    is_kept: bool,
    found: &mut Found<'_>,
) {
    let way = if is_sent { Way::Sent } else { Way::Received };
    let keyword = broken(mutant);
    if is_kept && Liberty::find(way, keyword).is_some() {
        *found.tried.wider_by_design.entry(format!("{} {keyword}", way.as_str())).or_default() += 1;
        return;
    }
    let message = format!("a payload that breaks `{keyword}` is taken");
    let finding = name(Finding::new(Rule::part(CL004, keyword), message));
    let finding = finding.at(contract.document(), &mutant.schema_pointer).instance(&mutant.instance_pointer);
    found.findings.push(finding);
}

/// The keyword that a mutant breaks; `null` where it is null of another type.
fn broken(mutant: &Mutant) -> &str {
    let is_null = mutant.value.pointer(&mutant.instance_pointer).is_some_and(Value::is_null);
    if mutant.keyword == "type" && is_null { "null" } else { &mutant.keyword }
}
