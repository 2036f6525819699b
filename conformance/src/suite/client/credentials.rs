//! Credentials travel as the document says, and to no other server.

use obkit_codegen::spec::Operation;

use super::Found;
use super::caller::Caller;
use super::recorder::{RawAnswer, Recorder};
use crate::checks;
use crate::finding::Finding;
use crate::suite::calls;

/// The statuses that send a client elsewhere (RFC 9110, section 15.4).
const REDIRECTS: [u16; 5] = [301, 302, 303, 307, 308];

/// Calls an operation once, and then with answers that send the client to another server, which must hear nothing.
pub(super) async fn run(caller: &Caller<'_>, elsewhere: &Recorder, operation: &Operation, found: &mut Found<'_>) {
    let Some(arguments) = calls::arguments(caller.contract, operation).into_iter().next() else { return };
    let mut tell = |message: String| {
        let finding = Finding::new(checks::CL008, message).operation(&operation.id);
        let pointer = format!("{}/security", operation.pointer);
        found.findings.push(finding.at(caller.contract.document(), &pointer));
    };
    let called = caller.call(operation, &arguments).await;
    for request in &called.arrived {
        if let Err(missing) = caller.contract.security().check(&operation.security, request) {
            tell(missing);
        }
        for carrier in caller.contract.security().carried(request) {
            if !is_asked_for(caller, operation, &carrier) {
                tell(format!("credentials are sent that the operation does not ask for: {}", carrier.1));
            }
        }
    }
    for status in REDIRECTS {
        for location in [elsewhere.base_url(), elsewhere.base_url().replace("127.0.0.1", "localhost")] {
            let headers = vec![("location", format!("{location}/elsewhere"))];
            caller.recorder.answer(RawAnswer { status, headers, body: Vec::new() });
            let called = caller.call(operation, &arguments).await;
            if !elsewhere.take().is_empty() {
                tell(format!("a {status} makes the client send the request to another server"));
            }
            let handed_on = called.outcome.as_ref().map_or_else(|failure| failure.status, |reply| Some(reply.status));
            if handed_on != Some(status) {
                tell(format!("a {status} to another server is handed on as {handed_on:?}"));
            }
        }
        found.tried.redirects += 2;
    }
    caller.recorder.answer(RawAnswer::refusal());
}

/// Whether a security requirement, or a parameter, of an operation puts something in a place.
fn is_asked_for(caller: &Caller<'_>, operation: &Operation, (place, name): &(&str, String)) -> bool {
    let is_parameter = operation
        .parameters
        .iter()
        .any(|parameter| parameter.location.as_str() == *place && parameter.name.eq_ignore_ascii_case(name));
    is_parameter || caller.contract.security().ask_for(&operation.security, place, name)
}
