//! Operations and parameters, by calling.

use obkit_codegen::spec::{Operation, Parameter};

use super::super::Found;
use super::super::caller::Caller;
use super::super::refusals;
use crate::checks::{self, Rule};
use crate::finding::Finding;
use crate::suite::calls;
use crate::typed_client::Failure;

/// Calls an operation with all its parameters, and looks for each in what arrives.
pub(in super::super) async fn operation(caller: &Caller<'_>, operation: &Operation, found: &mut Found<'_>) {
    let all = calls::arguments(caller.contract, operation);
    found.tried.ledger.operations += 1;
    let Some(arguments) = all.first() else { return };
    let called = caller.call(operation, arguments).await;
    let findings = &mut found.findings;
    let mut tell = |part: &str, pointer: &str, message: String| {
        let finding = Finding::new(Rule::part(checks::CL010, part), message).operation(&operation.id);
        findings.push(finding.at(caller.contract.document(), pointer));
    };
    if called.outcome.as_ref().is_err_and(|failure| failure.message == Failure::unknown_operation().message) {
        tell("operation", &operation.pointer, "the client has no such operation".to_owned());
        return;
    }
    // Why nothing was sent is said elsewhere (`CL001`); parameters that are missing in it are not missing in the client.
    let Some(request) = called.arrived.first() else { return };
    let is_given = |parameter: &&Parameter| arguments.parameter(parameter.location.as_str(), &parameter.name).is_some();
    found.tried.ledger.parameters += operation.parameters.iter().filter(is_given).count();
    for parameter in operation.parameters.iter().filter(is_given) {
        if refusals::read(caller, parameter, request).is_none() {
            let message = format!("the {} parameter `{}` cannot be given", parameter.location.as_str(), parameter.name);
            tell("parameter", &parameter.pointer, message);
        }
    }
}
