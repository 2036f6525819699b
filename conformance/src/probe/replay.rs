//! Failures, asked again.

use std::time::Duration;

use obkit_codegen::spec::StatusKey;
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
use crate::exchange::Request;
use crate::finding::Finding;
use crate::parameter::{escape, unescape};

/// What to do where credentials are missing or too old: what was found may be there or not.
const UNAUTHORIZED: &str = "give the credentials that the operation asks for";

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
/// The document is another one, or has no such operation any more, no server answers, or nothing is proved: a request before the last succeeded
/// and no longer does, or names nothing to be asked for, or the last is answered with what says nothing of the failure, such as 401 for want of credentials, or 500.
pub async fn ask_again(contract: &Contract, asked: &Asked, replay: &Replay) -> Result<Replayed, String> {
    if !replay.provider.is_empty() && replay.provider != contract.provider() {
        let (own, other) = (contract.provider(), &replay.provider);
        return Err(format!(
            "the failure is of `{other}`, and the document is `{own}`\n  help: name the document that was probed"
        ));
    }
    let sender = Sender::new(asked.target.clone(), asked.credentials.clone(), Pace::new(None, None), asked.timeout)?;
    let mut named = Vec::new();
    let (last, before) = replay.requests.split_last().ok_or("the failure has no requests")?;
    for step in before {
        let request = rewritten(step, &named);
        let (_, answer) = send(contract, &sender, step, &request, Presents::Given).await?;
        let answer =
            answer.map_err(|error| format!("nothing is proved: `{}`, which goes before: {error}", step.operation))?;
        named.extend(renamed(step, &answer)?);
    }
    let request = rewritten(last, &named);
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
    let unproved = |help: &str| Err(format!("nothing is proved: the answer is {status}\n  help: {help}"));
    let operation = contract.spec().operations().get(case.operation);
    let documents = |code| operation.is_some_and(|one| one.responses.iter().any(|response| response.status == code));
    match status {
        401 | 403 if case.presents == Presents::Given => unproved(UNAUTHORIZED),
        // By `default` or `4XX`, a wrong base URL is documented, too.
        404 if case.expects != Expects::Gone && !documents(StatusKey::Code(404)) => {
            unproved("it is documented by no status of its own: check the base URL")
        }
        408 | 425 | 429 => unproved("try again later"),
        500.. => unproved("see to it that the server works"),
        _ => Ok(()),
    }
}

/// What the answer to a request before the last calls what later ones ask for.
fn renamed(step: &Step, answer: &Answer) -> Result<Vec<Renamed>, String> {
    let response = &answer.response;
    let succeeded = step.status.is_some_and(|then| (200..300).contains(&then));
    let unproved = |what: &str, help: &str| {
        let (operation, status) = (&step.operation, response.status);
        format!("nothing is proved: `{operation}`, which goes before, is answered {status}{what}\n  help: {help}")
    };
    if succeeded && !response.is_success() {
        let help = if response.status == 401 { UNAUTHORIZED } else { "see to it that it succeeds, or probe anew" };
        return Err(unproved(", and succeeded then", help));
    }
    let body: Option<Value> = serde_json::from_slice(&response.body).ok();
    let now = |capture: &Capture| match &capture.pointer {
        Some(pointer) => links::text(body.as_ref()?.pointer(pointer)?),
        None => links::id(response, &[]).map(|capture| capture.value),
    };
    let named = step.captures.iter().map(|capture| {
        let nameless = || unproved(", and names nothing that could be asked for", "probe anew");
        Ok(Renamed { then: capture.clone(), now: now(capture).ok_or_else(nameless)? })
    });
    named.collect()
}

/// A resource, as it was called then, and as it is now.
struct Renamed {
    then: Capture,
    now: String,
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

/// A request with resources as they are called now: in segments of its path, or in the parameter of the query or the header that they were put into.
fn rewritten(step: &Step, renamed: &[Renamed]) -> Request {
    let mut request = step.request();
    // What was named last was put there last.
    let now = |parameter: Option<&str>, is: &dyn Fn(&str) -> bool| {
        let mut named = renamed.iter().rev();
        let found = named.find(|one| one.then.parameter.as_deref() == parameter && is(&one.then.value))?;
        Some(found.now.clone())
    };
    let segments = request.path.split('/').map(|segment| {
        let now = now(None, &|then| escape(then) == segment);
        now.map_or_else(|| segment.to_owned(), |now| escape(&now))
    });
    request.path = segments.collect::<Vec<_>>().join("/");
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=')?;
        let now = now(Some(&unescape(name).ok()?), &|then| escape(then) == value)?;
        Some(format!("{name}={}", escape(&now)))
    };
    let query = request.query.map(|query| {
        let pairs = query.split('&').map(|text| pair(text).unwrap_or_else(|| text.to_owned()));
        pairs.collect::<Vec<_>>().join("&")
    });
    request.query = query;
    for (name, value) in &mut request.headers {
        if let Some(now) = now(Some(name), &|then| then == value.as_str()) {
            *value = now;
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
