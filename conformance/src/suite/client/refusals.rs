//! What breaks the schema of a request is refused before it is sent.

use obkit_codegen::spec::{Location, Operation, Parameter};
use serde_json::Value;

use super::caller::Caller;
use super::effort::Effort;
use super::mutants::taken;
use super::{Found, Unsure};
use crate::body;
use crate::exchange::Request;
use crate::finding::Finding;
use crate::generate::Generator;
use crate::parameter::Codec;
use crate::route::Matched;
use crate::schema::Direction;
use crate::suite::calls;

/// Sends the bodies that the type of a request takes and its schema refuses.
pub(super) async fn bodies(caller: &Caller<'_>, unsure: &[Unsure<'_>], found: &mut Found<'_>) {
    for Unsure { body, mutant } in unsure {
        let Some(mut arguments) = calls::arguments(caller.contract, body.operation).into_iter().next() else {
            continue;
        };
        arguments.body = Some(mutant.value.clone());
        let called = caller.call(body.operation, &arguments).await;
        if is_broken(caller, body, &called.arrived) {
            taken(caller.contract, &|finding| body.name(finding), body.is_sent(), mutant, true, found);
        } else {
            found.tried.refused += 1;
        }
    }
}

/// Whether a body arrived that its schema refuses.
fn is_broken(caller: &Caller<'_>, body: &super::bodies::Body<'_>, arrived: &[Request]) -> bool {
    let Some(request) = arrived.first() else { return false };
    let document = caller.contract.document();
    let value = match body.content.is_form() {
        true => body::form(document, body.content, &request.body).ok(),
        false => serde_json::from_slice::<Value>(&request.body).ok(),
    };
    let schema = body.content.schema.as_deref().unwrap_or_default();
    let check = caller.contract.validators().check(Direction::Request, schema);
    value.is_none_or(|value| check.is_ok_and(|check| !check.is_valid(&value)))
}

/// Calls an operation with parameters that their schemas refuse, one at a time.
pub(super) async fn parameters(caller: &Caller<'_>, operation: &Operation, effort: Effort, found: &mut Found<'_>) {
    let Some(arguments) = calls::arguments(caller.contract, operation).into_iter().next() else { return };
    for parameter in &operation.parameters {
        let key = (parameter.location.as_str(), parameter.name.clone());
        let Some(schema) = parameter.schema.as_deref().filter(|_| arguments.parameters.contains_key(&key)) else {
            continue;
        };
        let Ok(generator) = Generator::new(caller.contract, Direction::Request, schema) else { continue };
        let name = |finding: Finding| finding.operation(&operation.id);
        for mutant in generator.mutants(effort.seed).map(|made| made.mutants).unwrap_or_default() {
            found.tried.mutants += 1;
            let mut arguments = arguments.clone();
            arguments.parameters.insert(key.clone(), mutant.value.clone());
            let called = caller.call(operation, &arguments).await;
            let arrived = called.arrived.first().and_then(|request| read(caller, parameter, request));
            let check = caller.contract.validators().check(Direction::Request, schema);
            // Text has no types: what arrives as something that fits was sent right.
            if arrived.is_some_and(|value| check.is_ok_and(|check| !check.is_valid(&value))) {
                taken(caller.contract, &name, true, &mutant, true, found);
            } else {
                found.tried.refused += 1;
            }
        }
    }
}

/// The value of a parameter in a request; null when it stands for none.
pub(super) fn read(caller: &Caller<'_>, parameter: &Parameter, request: &Request) -> Option<Value> {
    let codec = Codec::new(caller.contract.document(), parameter);
    let read = match parameter.location {
        Location::Path => {
            let operations = caller.contract.spec().operations();
            let Matched::Operation(_, variables) =
                caller.contract.routes().find(operations, &request.method, &request.path)
            else {
                return Some(Value::Null);
            };
            let raw = variables.iter().find(|(name, _)| *name == parameter.name);
            raw.map(|(_, raw)| codec.from_path(raw)).transpose()
        }
        Location::Query => codec.from_query(&request.parameters()),
        Location::Header => request.header(&parameter.name).map(|text| codec.from_header(&text)).transpose(),
        Location::Cookie => codec.from_cookies(&request.cookies()),
    };
    read.unwrap_or(Some(Value::Null))
}
