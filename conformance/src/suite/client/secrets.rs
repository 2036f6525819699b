//! What nobody may see is not shown: in no error, no span, and no value that is printed.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use obkit_codegen::spec::{Operation, Response};
use serde_json::Value;
use tracing::field::{Field, Visit};
use tracing::instrument::WithSubscriber as _;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::Found;
use super::caller::Caller;
use super::effort::Effort;
use super::recorder::RawAnswer;
use super::texts::is_text;
use crate::checks;
use crate::contract::{Contract, concrete_status, is_success};
use crate::exchange::Request;
use crate::finding::Finding;
use crate::generate::Generator;
use crate::schema::Direction;
use crate::security::{MIN_SECRET, forms};
use crate::suite::calls;
use crate::typed_client::Arguments;

/// What stands for an argument, for a text of a body, and for one that the document calls sensitive. None is an id, as which
/// errors show what names a call: those are one word.
const ARGUMENT: &str = "canary argument 7316";
const PLAIN: &str = "canary plain 7316";
const SECRET: &str = "canary secret 7316";

/// Calls an operation with marks in all arguments and answers, and looks for them in all that a program may print.
pub(super) async fn run(caller: &Caller<'_>, operation: &Operation, effort: Effort, found: &mut Found<'_>) {
    let Some(arguments) = arguments(caller, operation, effort) else { return };
    let success = operation.responses.iter().find(|response| is_success(operation, response.status));
    let error = operation.responses.iter().find(|response| !is_success(operation, response.status));
    for response in success.into_iter().chain(error) {
        caller.recorder.answer(answer(caller, operation, response, effort));
        let spans = Spans::default();
        let called = caller.call(operation, &arguments).with_subscriber(spans.clone()).await;
        found.tried.secrets += 1;
        let mut hidden = vec![ARGUMENT.to_owned(), PLAIN.to_owned(), SECRET.to_owned()];
        hidden.extend(called.arrived.iter().flat_map(|request| credentials(caller.contract, request)));
        let (told, shown) = match called.outcome {
            Ok(reply) => (reply.told, reply.shown),
            Err(failure) => (format!("{} {}", failure.message, failure.told), failure.shown),
        };
        let shows = |text: &str, marks: &[String]| marks.iter().any(|mark| text.contains(mark.as_str()));
        let mut tell = |what: &str| {
            let finding = Finding::new(checks::CL009, format!("{what} show what nobody may see"));
            let finding = finding.operation(&operation.id).status(response.status);
            found.findings.push(finding.at(caller.contract.document(), &response.pointer));
        };
        if shows(&told, &hidden) {
            tell("the response, or the error, and its messages");
        }
        if shows(&spans.text(), &hidden) {
            tell("the spans and events of the call");
        }
        // What a document does not call sensitive may be printed.
        hidden.retain(|mark| mark != PLAIN && mark != ARGUMENT);
        if shows(&shown, &hidden) {
            tell("the values of the body");
        }
    }
    caller.recorder.answer(RawAnswer::refusal());
}

/// Arguments that are marks wherever they may be any text.
fn arguments(caller: &Caller<'_>, operation: &Operation, effort: Effort) -> Option<Arguments> {
    let mut arguments = calls::arguments(caller.contract, operation).into_iter().next()?;
    for parameter in operation.parameters.iter().filter(|parameter| is_text(caller, parameter)) {
        if let Some(value) = arguments.parameters.get_mut(&(parameter.location.as_str(), parameter.name.clone())) {
            *value = ARGUMENT.into();
        }
    }
    let content =
        operation.request.as_ref().and_then(|request| request.preferred()).filter(|content| content.is_value());
    let marked = content.and_then(|content| marked(caller, Direction::Request, content.schema.as_deref()?, effort));
    arguments.body = marked.or(arguments.body);
    if let Some(body) = &mut arguments.body {
        name_keys(body);
    }
    Some(arguments)
}

/// Gives the keys by which a program names its calls names that may be shown.
fn name_keys(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) if name.to_ascii_lowercase().contains("idempotency") => {
                        "key-1".clone_into(text)
                    }
                    member => name_keys(member),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(name_keys),
        _ => {}
    }
}

fn answer(caller: &Caller<'_>, operation: &Operation, response: &Response, effort: Effort) -> RawAnswer {
    let status = concrete_status(operation, response.status);
    let content = response.content.iter().find(|content| content.is_json());
    let body = content.and_then(|content| marked(caller, Direction::Response, content.schema.as_deref()?, effort));
    let headers = content.map(|content| ("content-type", content.media_type.clone())).into_iter().collect();
    RawAnswer { status, headers, body: body.map(|body| body.to_string().into_bytes()).unwrap_or_default() }
}

fn marked(caller: &Caller<'_>, direction: Direction, schema: &str, effort: Effort) -> Option<Value> {
    let generator = Generator::new(caller.contract, direction, schema).ok()?.depth(effort.depth).values(effort.values);
    generator.marked(effort.seed, PLAIN, SECRET).ok()
}

/// The credentials that a request carries, in all forms that they may be told in.
fn credentials(contract: &Contract, request: &Request) -> Vec<String> {
    let secrets = contract.security().secrets(request).into_iter().map(|(_, secret)| secret);
    let telling = secrets.filter(|secret| secret.len() >= MIN_SECRET);
    telling.flat_map(|secret| forms(&secret).map(Cow::into_owned).collect::<Vec<_>>()).collect()
}

/// Keeps every field of every span and event.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<String>>);

impl Spans {
    fn text(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Visit for &Spans {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let mut text = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        text.push_str(&format!("{field}={value:?}\n"));
    }
}

impl Subscriber for Spans {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut &*self);
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut &*self);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut &*self);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_a_span_says_is_kept() {
        let spans = Spans::default();
        let call = async {
            let span = tracing::info_span!("call", account = "a-1", status = tracing::field::Empty);
            span.record("status", 200);
            tracing::trace!(body = ?["b-1"], "sent");
        };
        call.with_subscriber(spans.clone()).await;
        for told in ["account=\"a-1\"", "status=200", "body=[\"b-1\"]", "sent"] {
            assert!(spans.text().contains(told), "{told}");
        }
    }
}
