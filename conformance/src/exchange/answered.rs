//! What a request and its answer have to do with each other.

use memchr::{memchr, memmem};
use obkit_codegen::spec::Operation;
use serde_json::Value;

use super::pagination;
use super::redacted::is_marked;
use super::response::{CheckedResponse, check_response_as_known};
use super::{Request, Response, Scrutiny};
use crate::checks::{self, Rule};
use crate::contract::Contract;
use crate::finding::Finding;
use crate::json;
use crate::security::{MIN_SECRET, forms};

/// By which an institution and its client find one interaction in the records of both.
const INTERACTION: &str = "x-fapi-interaction-id";

/// Checks an answer to a request of an operation: all that [`check_response`](super::check_response) does, that the answer belongs to the
/// request, and that it does not show the secrets that came with it.
#[must_use]
pub fn check_answer(
    contract: &Contract,
    operation: &Operation,
    request: &Request,
    response: &Response,
) -> Vec<Finding> {
    check_answer_as_known(contract, operation, request, response, Scrutiny::WHOLE)
}

/// Checks what is known of an answer.
pub(crate) fn check_answer_as_known(
    contract: &Contract,
    operation: &Operation,
    request: &Request,
    response: &Response,
    scrutiny: Scrutiny<'_>,
) -> Vec<Finding> {
    let CheckedResponse { mut findings, body } = check_response_as_known(contract, operation, response, scrutiny);
    let mut find = |rule, message| findings.push(of(contract, operation, response, rule, message));
    if !plays_back(request, response) {
        let message = format!("`{INTERACTION}` of the answer is not that of the request");
        find(Rule::part(checks::RT090, INTERACTION), message);
    }
    for (part, message) in pagination::faults(contract, request, response, body.as_ref()) {
        find(Rule::part(checks::RT080, part), message);
    }
    findings.extend(leaks(contract, operation, request, response, body.as_ref()));
    findings
}

/// The secrets of a request that its answer shows, whose body stands for a value, where it is known.
pub(crate) fn leaks(
    contract: &Contract,
    operation: &Operation,
    request: &Request,
    response: &Response,
    body: Option<&Value>,
) -> Vec<Finding> {
    // What is escaped in the text is itself in the value.
    let is_escaped = memchr(b'\\', &response.body).is_some();
    let read = if is_escaped && body.is_none() { json::read(&response.body).ok() } else { None };
    let body = body.or(read.as_ref()).filter(|_| is_escaped);
    let shows = |secret: &str| shows(response, secret.as_bytes()) || body.is_some_and(|body| holds(body, secret));
    let is_shown =
        |secret: &str| secret.len() >= MIN_SECRET && !is_marked(secret) && forms(secret).any(|form| shows(&form));
    let secrets = contract.security().secrets(request).into_iter();
    let mut names: Vec<&str> = secrets.filter(|(_, secret)| is_shown(secret)).map(|(name, _)| name).collect();
    names.dedup();
    let message = |name| format!("the answer shows what the request had as `{name}`");
    names.into_iter().map(|name| of(contract, operation, response, checks::RT091.into(), message(name))).collect()
}

fn of(contract: &Contract, operation: &Operation, response: &Response, rule: Rule, message: String) -> Finding {
    let finding = Finding::new(rule, message).provider(contract.provider()).operation(&operation.id);
    finding.status(response.status).at(contract.document(), &format!("{}/responses", operation.pointer))
}

/// Whether an id that came with the request, if it comes back, is the same.
fn plays_back(request: &Request, response: &Response) -> bool {
    let (sent, back) = (request.header(INTERACTION), response.header(INTERACTION));
    sent.zip(back).is_none_or(|(sent, back)| {
        sent.trim().eq_ignore_ascii_case(back.trim()) || is_marked(&sent) || is_marked(&back)
    })
}

/// Whether a text is part of one in a value.
fn holds(value: &Value, text: &str) -> bool {
    match value {
        Value::String(own) => own.contains(text),
        Value::Array(items) => items.iter().any(|item| holds(item, text)),
        Value::Object(members) => members.iter().any(|(name, member)| name.contains(text) || holds(member, text)),
        _ => false,
    }
}

fn shows(response: &Response, secret: &[u8]) -> bool {
    let finder = memmem::Finder::new(secret);
    let mut values = response.headers.iter().map(|(_, value)| value.as_bytes()).chain([response.body.as_slice()]);
    values.any(|value| finder.find(value).is_some())
}
