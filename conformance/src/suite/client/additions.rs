//! What a provider adds without notice stops no answer from being read, and is not lost.

use super::Found;
use super::bodies::Group;
use super::effort::Effort;
use super::trip::{Trip, trip};
use crate::checks;
use crate::contract::Contract;
use crate::finding::Finding;
use crate::generate::{Addition, Generator};
use crate::typed_client::TypedClient;

pub(super) fn run(
    contract: &Contract,
    client: &dyn TypedClient,
    effort: Effort,
    group: &Group<'_>,
    generator: &Generator<'_>,
    found: &mut Found<'_>,
) {
    let payloads = generator.unlisted(effort.seed).unwrap_or_default();
    for (number, unlisted) in payloads.iter().enumerate() {
        let text = unlisted.value.to_string();
        // What the program sends it has from the document.
        for body in group.bodies_for(number, effort).filter(|body| !body.is_sent()) {
            let Some(outcome) = trip(client, body, &unlisted.value, &text) else { continue };
            found.tried.additions += 1;
            let what = match unlisted.addition {
                Addition::Value => "a value that nobody listed",
                Addition::Member => "a member that nobody named",
                Addition::Alternative => "an alternative that nobody listed",
            };
            let mut tell = |instance: &str, message: String| {
                let finding = body.name(Finding::new(checks::CL005, message));
                found.findings.push(finding.at(contract.document(), &unlisted.schema_pointer).instance(instance));
            };
            match outcome {
                Trip::Refused(reason) => tell(&unlisted.instance_pointer, format!("{what} is refused: {reason}")),
                Trip::Back { differences, .. } => {
                    for difference in differences {
                        tell(&difference.pointer, format!("with {what} in the answer, the value {}", difference.what));
                    }
                }
            }
        }
    }
}
