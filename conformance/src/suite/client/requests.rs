//! Requests with few, all and generated arguments, as they arrive.

use obkit_codegen::spec::{Location, Operation, Parameter, Request};
use serde_json::Value;

use super::Found;
use super::caller::Caller;
use super::effort::Effort;
use super::expected::deviations;
use crate::checks;
use crate::finding::Finding;
use crate::generate::{Generator, Mode};
use crate::schema::Direction;
use crate::suite::calls;
use crate::typed_client::Arguments;

/// The modes in which arguments are made.
const MODES: [Mode; 4] = [Mode::Minimal, Mode::Maximal, Mode::Boundary, Mode::Combinatorial];

/// Calls an operation with all kinds of right arguments.
pub(super) async fn run(caller: &Caller<'_>, operation: &Operation, effort: Effort, found: &mut Found<'_>) {
    for arguments in arguments(caller, operation, effort) {
        let called = caller.call(operation, &arguments).await;
        found.tried.requests += 1;
        let Some(arrived) = called.arrived.first() else {
            if !cannot_travel(operation, &arguments) {
                let message = called.outcome.err().map(|failure| failure.message).unwrap_or_default();
                let finding = Finding::new(checks::CL001, format!("a right request is not sent: {message}"));
                found
                    .findings
                    .push(finding.operation(&operation.id).at(caller.contract.document(), &operation.pointer));
            }
            continue;
        };
        exercise(caller, operation, &arguments);
        if called.arrived.len() > 1 {
            let finding = Finding::new(checks::CL001, format!("one call sent {} requests", called.arrived.len()));
            found.findings.push(finding.operation(&operation.id).at(caller.contract.document(), &operation.pointer));
        }
        for deviation in deviations(caller, operation, &arguments, arrived) {
            let finding = Finding::new(checks::CL001, deviation.message).operation(&operation.id);
            let finding = finding.at(caller.contract.document(), &deviation.pointer).instance(&deviation.instance);
            found.findings.push(finding);
        }
    }
}

/// Notes what arguments that were sent exercise.
fn exercise(caller: &Caller<'_>, operation: &Operation, arguments: &Arguments) {
    for parameter in &operation.parameters {
        let value = arguments.parameter(parameter.location.as_str(), &parameter.name);
        if let (Some(value), Some(schema)) = (value, &parameter.schema) {
            caller.exercise.value(Direction::Request, schema, value);
        }
    }
    let content = operation.request.as_ref().and_then(Request::preferred);
    if let (Some(body), Some(schema)) = (&arguments.body, content.and_then(|content| content.schema.as_ref())) {
        caller.exercise.value(Direction::Request, schema, body);
    }
}

/// Right arguments: only what is required, all there is, and what is made from the schemas.
fn arguments(caller: &Caller<'_>, operation: &Operation, effort: Effort) -> Vec<Arguments> {
    let given = calls::arguments(caller.contract, operation);
    let Some(all) = given.first().cloned() else { return given };
    let mut few = all.clone();
    few.parameters.retain(|(location, name), _| {
        let is_it = |parameter: &&Parameter| parameter.location.as_str() == *location && parameter.name == *name;
        operation.parameters.iter().find(is_it).is_some_and(|parameter| parameter.required)
    });
    if !operation.request.as_ref().is_some_and(|request| request.required) {
        few.body = None;
    }
    let content = operation.request.as_ref().and_then(Request::preferred).filter(|content| content.is_value());
    let bodies = made(caller, content.and_then(|content| content.schema.as_deref()), effort);
    let parameters: Vec<_> =
        operation.parameters.iter().map(|p| (p, made(caller, p.schema.as_deref(), effort))).collect();
    let rounds = parameters.iter().map(|(_, values)| values.len()).chain([bodies.len()]).max().unwrap_or_default();
    let round = |number: usize| {
        let mut arguments = all.clone();
        for (parameter, values) in &parameters {
            let key = (parameter.location.as_str(), parameter.name.clone());
            let value = values.get(number % values.len().max(1));
            if let (Some(slot), Some(value)) = (arguments.parameters.get_mut(&key), value) {
                slot.clone_from(value);
            }
        }
        if let Some(body) = bodies.get(number % bodies.len().max(1)) {
            arguments.body = Some(body.clone());
        }
        arguments
    };
    [few].into_iter().chain(given).chain((0..rounds).map(round)).collect()
}

/// Values that a schema accepts; none where there is no schema, or nothing fits it.
fn made(caller: &Caller<'_>, schema: Option<&str>, effort: Effort) -> Vec<Value> {
    let generator = schema.and_then(|schema| Generator::new(caller.contract, Direction::Request, schema).ok());
    let Some(generator) = generator else { return Vec::new() };
    let generator = generator.depth(effort.depth).values(effort.values);
    let limit = effort.payloads.div_ceil(2);
    let payloads = MODES.iter().flat_map(|mode| generator.payloads(*mode, effort.seed, limit).unwrap_or_default());
    payloads.map(|payload| payload.value).collect()
}

/// Whether some argument fits its schema and cannot stand where it belongs.
pub(super) fn cannot_travel(operation: &Operation, arguments: &Arguments) -> bool {
    operation.parameters.iter().any(|parameter| {
        let value = arguments.parameter(parameter.location.as_str(), &parameter.name);
        value.and_then(Value::as_str).is_some_and(|text| !can_carry(parameter.location, text))
            || (parameter.location == Location::Path
                && value.is_some_and(|value| value.as_array().is_some_and(Vec::is_empty)))
    })
}

/// Whether a text can stand in a place: a segment of a path is not empty and no dots, which resolution takes away
/// (RFC 3986, section 5.2.4), and a header has no control characters (RFC 9110, section 5.5) and no space at either end.
pub(super) fn can_carry(location: Location, text: &str) -> bool {
    match location {
        Location::Path => !matches!(text, "" | "." | ".."),
        Location::Header => !text.chars().any(|c| c.is_control() && c != '\t') && text.trim() == text,
        Location::Query | Location::Cookie => true,
    }
}
