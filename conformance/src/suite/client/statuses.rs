//! Answers that no document has, which are errors that say all there is to say.

use obkit_codegen::spec::Operation;

use super::Found;
use super::caller::Caller;
use super::recorder::RawAnswer;
use crate::checks;
use crate::contract::is_success;
use crate::finding::Finding;
use crate::suite::calls;
use crate::typed_client::{Failure, Reply};

/// An answer from somewhere between the program and the provider.
const PAGE: &[u8] = b"<html>\xff</html>";

/// Statuses of every class, with and without a body. A 302 without `Location` leads nowhere; a 599 is nobody's.
const ANSWERS: [(u16, &str, &[u8]); 9] = [
    (418, "", b""),
    (409, "text/html", PAGE),
    (302, "", b""),
    (304, "", b""),
    (599, "application/json", b"{\"a\": 1.10"),
    (501, "application/json", b"[]"),
    (299, "application/json", b"{\"unlisted\": null}"),
    (204, "application/json", b""),
    (200, "application/json", b""),
];

/// Answers an operation with statuses that it does not document, and with a success that has no body although it has one.
pub(super) async fn run(caller: &Caller<'_>, operation: &Operation, found: &mut Found<'_>) {
    let Some(arguments) = calls::arguments(caller.contract, operation).into_iter().next() else { return };
    for (status, media_type, body) in ANSWERS {
        let documented = operation.response(status);
        let lacks_body = body.is_empty() && (200..300).contains(&status);
        let lacks_body =
            lacks_body && documented.is_some_and(|response| response.content.iter().any(|content| content.is_json()));
        if documented.is_some() && !lacks_body {
            continue;
        }
        let headers = match media_type {
            "" => Vec::new(),
            media_type => vec![("content-type", media_type.to_owned())],
        };
        caller.recorder.answer(RawAnswer { status, headers, body: body.to_vec() });
        let called = caller.call(operation, &arguments).await;
        found.tried.undocumented += 1;
        if let Some(wrong) = wrong(operation, status, body, &called.outcome) {
            let message = format!("an answer {status} with a body of {} bytes: {wrong}", body.len());
            let finding = Finding::new(checks::CL006, message).operation(&operation.id).status(status);
            found.findings.push(finding.at(caller.contract.document(), &format!("{}/responses", operation.pointer)));
        }
    }
    caller.recorder.answer(RawAnswer::refusal());
}

/// What is wrong with what the client makes of such an answer.
fn wrong(operation: &Operation, status: u16, body: &[u8], outcome: &Result<Reply, Failure>) -> Option<String> {
    match outcome {
        // Of a status that means success, an operation whose successes have no body has nothing to miss.
        Ok(reply) if (200..300).contains(&status) && reply.status == status && !has_json(operation) => None,
        Ok(reply) => Some(format!("it is taken for success ({})", reply.status)),
        Err(failure) if failure.status != Some(status) => Some(format!("it is handed on as {:?}", failure.status)),
        Err(failure) if failure.raw_body != body => Some("its body is lost".to_owned()),
        Err(_) => None,
    }
}

/// Whether some success of an operation has a body that is a value.
fn has_json(operation: &Operation) -> bool {
    let successes = operation.responses.iter().filter(|response| is_success(operation, response.status));
    successes.flat_map(|response| &response.content).any(|content| content.is_json())
}
