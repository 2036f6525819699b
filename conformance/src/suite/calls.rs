//! Every operation of the typed client, against the contract server.

use std::collections::BTreeSet;

use obkit_codegen::spec::{Operation, Request};
use serde_json::{Map, Value};

use super::{Observer, Progress, ProviderReport, Stage, Work, arrival, in_time};
use crate::answer::{Answer, Body, answers};
use crate::checks;
use crate::contract::Contract;
use crate::coverage::{Exercise, Marks};
use crate::equality::differences;
use crate::finding::{Finding, Severity};
use crate::media_type;
use crate::sample;
use crate::schema::Direction;
use crate::server::ContractServer;
use crate::typed_client::{Arguments, Failure, Reply, ReplyBody, TypedClient};

pub(super) async fn run(
    work: &Work<'_>,
    client: &dyn TypedClient,
    server: &ContractServer,
    report: &mut ProviderReport,
    progress: &mut Observer<'_>,
) {
    let (contract, operations) = (work.contract, &work.operations);
    let marks = Marks::new(contract);
    let exercise = marks.of(contract);
    for (done, operation) in operations.iter().enumerate() {
        let stage = Stage::Calls;
        progress(Progress {
            provider: contract.provider(),
            stage,
            operation: Some(&operation.id),
            done,
            of: operations.len(),
        });
        let mut caller = Caller { contract, client, server, operation, report, exercise };
        caller.operation().await;
    }
    coverage(work, exercise, report);
}

struct Caller<'r> {
    contract: &'r Contract,
    client: &'r dyn TypedClient,
    server: &'r ContractServer,
    operation: &'r Operation,
    report: &'r mut ProviderReport,
    exercise: Exercise<'r>,
}

impl Caller<'_> {
    /// Calls with every request example and every promised success, then once for each promised
    /// error.
    async fn operation(&mut self) {
        let (successes, errors): (Vec<_>, Vec<_>) =
            answers(self.contract, self.operation).into_iter().partition(|answer| answer.success);
        let requests = arguments(self.contract, self.operation);
        for index in 0..successes.len().max(requests.len()) {
            if let (Some(answer), Some(arguments)) = (cycled(&successes, index), cycled(&requests, index)) {
                self.report.calls += 1;
                self.call(answer, arguments).await;
            }
        }
        for answer in &errors {
            if let Some(arguments) = requests.first() {
                self.report.error_calls += 1;
                self.call(answer, arguments).await;
            }
        }
        self.server.forget(&self.operation.id);
    }

    async fn call(&mut self, answer: &Answer, arguments: &Arguments) {
        self.server.promise(&self.operation.id, answer.clone());
        let outcome = in_time::call(self.client, &self.operation.id, arguments).await;
        let received = self.server.take_received();
        if received.iter().any(|(id, _)| *id == self.operation.id) {
            let content = self.operation.request.as_ref().and_then(Request::preferred);
            self.exercise.request(self.operation, arguments, content);
        }
        self.arrivals(answer, arguments, &received);
        let found = self.server.take_findings();
        let refused = found.iter().any(|finding| finding.severity == Severity::Error);
        self.report.findings.extend(found);
        if refused {
            // The server never gave its answer; why is among what it found.
            return;
        }
        let problems = judge(answer, &outcome);
        if problems.is_empty() {
            self.handed_on(answer);
        }
        for (instance, message) in problems {
            self.problem(answer, &instance, &message);
        }
    }

    /// The client handed on what was answered.
    fn handed_on(&self, answer: &Answer) {
        let response = self.operation.responses.iter().find(|response| response.status == answer.key);
        let media_type = answer.media_type.as_deref();
        let content = response.zip(media_type).and_then(|(response, name)| media_type::find(&response.content, name));
        let value = match &answer.body {
            Body::Json(value) => Some(value),
            _ => None,
        };
        self.exercise.response(self.operation, answer.key);
        if let Some(content) = content {
            self.exercise.response_body(self.operation, answer.key, content, value);
        }
    }

    /// What was sent must have arrived, all of it, unchanged, and where it was meant to.
    fn arrivals(&mut self, answer: &Answer, sent: &Arguments, received: &[(String, Arguments)]) {
        for lost in arrival::judge(self.operation, answer.success, sent, received) {
            let finding = Finding::new(checks::CL001, lost.message)
                .operation(&self.operation.id)
                .at(self.contract.document(), &lost.pointer)
                .instance(&lost.instance);
            self.report.report(finding);
        }
    }

    fn problem(&mut self, answer: &Answer, instance: &str, message: &str) {
        let document = self.contract.document();
        let mut finding = Finding::new(checks::CL006, message)
            .operation(&self.operation.id)
            .status(answer.key)
            .at(document, &answer.pointer)
            .instance(instance)
            .placed(document, &format!("{}{instance}", answer.pointer));
        if let Some(media_type) = &answer.media_type {
            finding = finding.media_type(media_type);
        }
        self.report.report(finding);
    }
}

fn cycled<T>(items: &[T], index: usize) -> Option<&T> {
    items.get(index.checked_rem(items.len())?)
}

/// What the client made of an answer that it should not have made of it: where, and what.
fn judge(answer: &Answer, outcome: &Result<Reply, Failure>) -> Vec<(String, String)> {
    let one = |message: String| vec![(String::new(), message)];
    match outcome {
        Ok(reply) if !answer.success => {
            one(format!("the client takes the documented error {} for success ({})", answer.status, reply.status))
        }
        Err(failure) if answer.success => {
            let status = failure.status.map_or_else(String::new, |status| format!(" ({status})"));
            one(format!("the client fails on a documented success{status}: {}", failure.message))
        }
        Ok(reply) => status(answer, Some(reply.status)).unwrap_or_else(|| match (&answer.body, &reply.body) {
            (Body::Json(expected), ReplyBody::Json(actual)) => compared(expected, actual),
            (Body::Bytes(expected), ReplyBody::Bytes(actual)) if expected == actual => Vec::new(),
            (Body::Empty, ReplyBody::Empty) => Vec::new(),
            // A client may well have no type for a body without a schema.
            (Body::Json(expected), ReplyBody::Bytes(actual))
                if serde_json::from_slice::<Value>(actual).is_ok_and(|value| value == *expected) =>
            {
                Vec::new()
            }
            _ => one("the client hands on another kind of body than was answered".to_owned()),
        }),
        Err(failure) => status(answer, failure.status).unwrap_or_else(|| match (&answer.body, &failure.body) {
            (Body::Json(expected), Some(actual)) => compared(expected, actual),
            (Body::Json(_), None) => {
                one(format!("the client does not hand on the typed error body: {}", failure.message))
            }
            _ => Vec::new(),
        }),
    }
}

fn status(answer: &Answer, actual: Option<u16>) -> Option<Vec<(String, String)>> {
    let (expected, actual) = (answer.status, actual.unwrap_or_default());
    (expected != actual).then(|| vec![(String::new(), format!("the client hands on status {actual} for {expected}"))])
}

fn compared(expected: &Value, actual: &Value) -> Vec<(String, String)> {
    let told = |difference: crate::equality::Difference| {
        (difference.pointer, format!("in what the client hands on, the value {}", difference.what))
    };
    differences(expected, actual).into_iter().map(told).collect()
}

/// What an operation is called with: every parameter, and each documented request body.
pub(super) fn arguments(contract: &Contract, operation: &Operation) -> Vec<Arguments> {
    let document = contract.document();
    let mut arguments = Arguments::default();
    for parameter in operation.parameters.iter().filter(|parameter| contract.security().is_argument(parameter)) {
        let key = (parameter.location.as_str(), parameter.name.clone());
        arguments.parameters.insert(key, sample::parameter(document, parameter));
    }
    let Some(content) = operation.request.as_ref().and_then(Request::preferred) else {
        return vec![arguments];
    };
    let made = || match &content.schema {
        Some(schema) => Some(sample::value(document, schema, Direction::Request)),
        None if content.is_value() => Some(Value::Object(Map::new())),
        None => Some("sample".into()),
    };
    let mut bodies: Vec<_> = content.examples.iter().map(|example| Some(example.value.clone())).collect();
    if bodies.is_empty() {
        bodies.push(made());
    }
    if !content.is_value() && !content.is_multipart() {
        // Bytes travel as they are; a schema's sample of them is text at best.
        let text = |body: Value| body.as_str().map_or_else(|| Value::String(body.to_string()), Value::from);
        bodies = bodies.into_iter().map(|body| body.map(text)).collect();
    }
    bodies.into_iter().map(|body| Arguments { body, ..arguments.clone() }).collect()
}

/// What the calls exercised. That an operation was never called is found whatever is asked for.
fn coverage(work: &Work<'_>, exercise: Exercise<'_>, report: &mut ProviderReport) {
    report.coverage = exercise.share(work.operations.iter().copied());
    let called: BTreeSet<&str> =
        report.coverage.tree.iter().filter(|one| one.called).map(|one| one.operation.as_str()).collect();
    let never = work.operations.iter().filter(|operation| !called.contains(operation.id.as_str()));
    let findings = never.map(|operation| {
        let finding = Finding::new(checks::GI005, "the operation was never called");
        finding.operation(&operation.id).at(work.contract.document(), &operation.pointer)
    });
    let findings: Vec<_> = findings.collect();
    findings.into_iter().for_each(|finding| report.report(finding));
}
