//! Every payload that a schema accepts can be read, and comes back as it was.

use super::Found;
use super::bodies::Group;
use super::effort::Effort;
use super::trip::{Trip, trip};
use crate::checks;
use crate::contract::Contract;
use crate::coverage::Exercise;
use crate::finding::Finding;
use crate::generate::{Generator, Mode};
use crate::typed_client::TypedClient;

/// The modes in which payloads are made.
const MODES: [Mode; 5] = [Mode::Minimal, Mode::Maximal, Mode::Boundary, Mode::Combinatorial, Mode::Random];

pub(super) fn run(
    exercise: &Exercise<'_>,
    contract: &Contract,
    client: &dyn TypedClient,
    effort: Effort,
    group: &Group<'_>,
    generator: &Generator<'_>,
    found: &mut Found<'_>,
) {
    for mode in MODES {
        // A schema that nothing fits is a finding of its own.
        let payloads = generator.payloads(mode, effort.seed, effort.payloads).unwrap_or_default();
        for (number, payload) in payloads.iter().enumerate() {
            payload.omitted.iter().for_each(|omitted| exercise.omitted(omitted));
            let payload = &payload.value;
            let text = payload.to_string();
            for body in group.bodies_for(number, effort) {
                let Some(outcome) = trip(client, body, payload, &text) else {
                    exercise.untyped(&body.operation.id, &body.content.pointer);
                    continue;
                };
                found.tried.payloads += 1;
                let which = format!("payload {number} of mode {mode:?}, seed {}", effort.seed);
                let place = |finding: Finding| body.name(finding).at(contract.document(), &group.schema);
                match outcome {
                    Trip::Refused(reason) => {
                        let message = format!("the type refuses what the schema accepts: {reason} ({which})");
                        found.findings.push(place(Finding::new(checks::CL003, message)));
                    }
                    Trip::Back { differences, .. } => {
                        exercise.value(group.direction, &group.schema, payload);
                        found.findings.extend(differences.into_iter().map(|difference| {
                            let message = format!("after a round trip, the value {} ({which})", difference.what);
                            place(Finding::new(checks::CL002, message)).instance(&difference.pointer)
                        }))
                    }
                }
            }
        }
    }
}
