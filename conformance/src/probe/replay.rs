//! Failures, asked again.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::case::{Capture, Case, Expects};
use super::credentials::{Credentials, Presents};
use super::failure::{Replay, Step};
use super::judge;
use super::links;
use super::pace::Pace;
use super::send::{Answer, NoAnswer, Sender};
use super::target::Target;
use crate::contract::Contract;
use crate::exchange::{Request, Response};
use crate::finding::Finding;
use crate::parameter::escape;

/// What is said where credentials are missing or too old: what was found may be there or not.
const UNAUTHORIZED: &str =
    "nothing is proved: the answer is 401\n  help: give the credentials that the operation asks for";

/// Where failures are asked again.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The server.
    pub target: Target,
    /// The credentials.
    pub credentials: Credentials,
    /// How long an answer is waited for.
    pub timeout: Duration,
}

/// What became of a failure.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// What was found again.
    pub again: Option<Finding>,
    /// All that was found.
    pub findings: Vec<Finding>,
    /// The status of the last answer; none without an answer.
    pub status: Option<u16>,
}

/// The failure of an id, or of the beginning of one, in a report of [`run`](super::run) as JSON.
///
/// # Errors
/// The report is none, or has no such failure, or several.
pub fn replay_of(report: &str, id: &str) -> Result<Replay, String> {
    #[derive(Deserialize)]
    struct Report {
        failures: Vec<Recorded>,
    }
    #[derive(Deserialize)]
    struct Recorded {
        replay: Replay,
    }
    let report: Report = serde_json::from_str(report).map_err(|error| {
        format!("this is no report that a failure can be asked again from: {error}\n  help: `obkit probe --format json -o FILE` writes one; `--report` leaves the requests out")
    })?;
    let mut found =
        report.failures.into_iter().map(|one| one.replay).filter(|one| !id.is_empty() && one.id.starts_with(id));
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => Err(format!("the report has no failure `{id}`\n  help: the ids stand under `failures`")),
        (Some(_), Some(_)) => Err(format!("`{id}` is the beginning of several ids\n  help: write more of it")),
    }
}

/// Sends the requests of a failure again. What a server calls a new resource takes the place of what it was called then.
///
/// # Errors
/// The document is another one, or has no such operation any more, no server answers, or nothing is proved: a request before the last fares otherwise
/// than it did, or the last is answered with what says nothing of the failure, such as 401 for want of credentials, or 500.
pub async fn ask_again(contract: &Contract, asked: &Asked, replay: &Replay) -> Result<Replayed, String> {
    if !replay.provider.is_empty() && replay.provider != contract.provider() {
        let (own, other) = (contract.provider(), &replay.provider);
        return Err(format!(
            "the failure is of `{other}`, and the document is `{own}`\n  help: name the document that was probed"
        ));
    }
    let sender = Sender::new(asked.target.clone(), asked.credentials.clone(), Pace::new(None, None), asked.timeout)?;
    let mut renamed = Vec::new();
    let (last, before) = replay.requests.split_last().ok_or("the failure has no requests")?;
    for step in before {
        let request = rewritten(step, &renamed);
        let (_, answer) = send(contract, &sender, step, &request, Presents::Given).await?;
        let answer =
            answer.map_err(|error| format!("nothing is proved: `{}`, which goes before: {error}", step.operation))?;
        renamed.extend(names(step, &answer)?);
    }
    let request = rewritten(last, &renamed);
    let (operation, answer) = send(contract, &sender, last, &request, replay.presents).await?;
    let case =
        Case::plain(replay.phase, operation, expects(contract, &replay.expects), request).presenting(replay.presents);
    let findings = judge::judge(contract, &case, &answer, replay.max_response_ms.map(Duration::from_millis), None);
    let again = findings.iter().find(|finding| finding.fingerprint == replay.id).cloned();
    if again.is_none() {
        is_proof(contract, &case, &answer)?;
    }
    Ok(Replayed { again, findings, status: answer.ok().map(|answer| answer.response.status) })
}

/// Whether an answer that does not show what was found before says that it is gone.
fn is_proof(contract: &Contract, case: &Case, answer: &Result<Answer, NoAnswer>) -> Result<(), String> {
    let status = match answer {
        Ok(answer) => answer.response.status,
        Err(error) => {
            return Err(format!("nothing is proved: {error}\n  help: try again, or give more time by `--timeout`"));
        }
    };
    let operation = contract.spec().operations().get(case.operation);
    let is_documented = || operation.is_some_and(|operation| operation.response(status).is_some());
    match status {
        401 if case.presents == Presents::Given => Err(UNAUTHORIZED.to_owned()),
        404 if case.expects != Expects::Gone && !is_documented() => {
            Err("nothing is proved: the answer is 404, which is not documented\n  help: check the base URL".to_owned())
        }
        500.. => Err(format!("nothing is proved: the answer is {status}\n  help: see to it that the server works")),
        _ => Ok(()),
    }
}

/// What the answer to a request before the last calls what later ones ask for, behind what it was called then.
fn names(step: &Step, answer: &Answer) -> Result<Vec<(String, String)>, String> {
    let response = &answer.response;
    let fares_otherwise = step
        .status
        .is_some_and(|then| Response { status: then, ..Response::default() }.is_success() != response.is_success());
    if fares_otherwise && response.status == 401 {
        return Err(UNAUTHORIZED.to_owned());
    }
    let unproved = |what: &str| {
        let Step { operation, status, .. } = step;
        let then = status.map(|status| format!(", and was {status} then")).unwrap_or_default();
        format!(
            "nothing is proved: `{operation}`, which goes before, is answered {}{then}{what}\n  help: see to it that it succeeds, or probe anew",
            response.status
        )
    };
    if fares_otherwise {
        return Err(unproved(""));
    }
    let body: Option<Value> = serde_json::from_slice(&response.body).ok();
    let now = |capture: &Capture| match &capture.pointer {
        Some(pointer) => links::text(body.as_ref()?.pointer(pointer)?),
        None => links::id(response, &[]).map(|capture| capture.value),
    };
    let named = step.captures.iter().map(|capture| {
        let now = now(capture).ok_or_else(|| unproved(", and names nothing that could be asked for"))?;
        Ok((capture.value.clone(), now))
    });
    named.collect()
}

async fn send(
    contract: &Contract,
    sender: &Sender,
    step: &Step,
    request: &Request,
    presents: Presents,
) -> Result<(usize, Result<Answer, NoAnswer>), String> {
    let operations = contract.spec().operations();
    let index = operations
        .iter()
        .position(|one| one.id == step.operation)
        .ok_or_else(|| format!("the document has no operation `{}` any more", step.operation))?;
    let answer = sender.send(contract, &operations[index], request, presents).await;
    if matches!(answer, Err(NoAnswer::Unreachable)) {
        return Err(sender.target.silent());
    }
    Ok((index, answer))
}

/// A request with resources as they are called now: in segments of its path, values of its query, and header fields.
fn rewritten(step: &Step, renamed: &[(String, String)]) -> Request {
    let mut request = step.request();
    for (then, now) in renamed {
        let (escaped, replacement) = (escape(then), escape(now));
        let named = |text: &'_ str| if text == escaped { replacement.clone() } else { text.to_owned() };
        request.path = request.path.split('/').map(named).collect::<Vec<_>>().join("/");
        let pair = |pair: &str| match pair.split_once('=') {
            Some((name, value)) => format!("{name}={}", named(value)),
            None => pair.to_owned(),
        };
        request.query = request.query.map(|query| query.split('&').map(pair).collect::<Vec<_>>().join("&"));
        for (_, value) in request.headers.iter_mut().filter(|(_, value)| value == then) {
            value.clone_from(now);
        }
    }
    request
}

/// Expectations of places that are no longer there are those of the whole.
fn expects(contract: &Contract, expects: &Expects) -> Expects {
    match expects {
        Expects::Refusal { keyword, pointer, instance, message } if contract.document().at(pointer).is_none() => {
            Expects::Refusal {
                keyword: keyword.clone(),
                pointer: String::new(),
                instance: instance.clone(),
                message: message.clone(),
            }
        }
        other => other.clone(),
    }
}
