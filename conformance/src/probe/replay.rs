//! Failures, asked again.

use serde::Deserialize;
use serde_json::Value;

use super::case::{Case, Expects};
use super::credentials::{Credentials, Presents};
use super::failure::{Replay, Step};
use super::judge;
use super::links;
use super::pace::Pace;
use super::send::{NoAnswer, Sender};
use super::target::Target;
use crate::contract::Contract;
use crate::exchange::Request;
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
    pub timeout: std::time::Duration,
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
/// The document has no such operation any more, no server answers, or what was asked with credentials is answered 401 for want of right ones.
pub async fn ask_again(contract: &Contract, asked: &Asked, replay: &Replay) -> Result<Replayed, String> {
    let sender = Sender::new(asked.target.clone(), asked.credentials.clone(), Pace::new(None, None), asked.timeout)?;
    let mut renamed: Vec<(String, String)> = Vec::new();
    let (last, before) = replay.requests.split_last().ok_or("the failure has no requests")?;
    for step in before {
        let request = rewritten(step, &renamed);
        let (_, answer) = send(contract, &sender, step, &request, Presents::Given).await?;
        let Ok(answer) = answer else { continue };
        if answer.response.status == 401 {
            return Err(UNAUTHORIZED.to_owned());
        }
        let Some(capture) = &step.capture else { continue };
        let now = match &capture.pointer {
            Some(pointer) => serde_json::from_slice::<Value>(&answer.response.body)
                .ok()
                .and_then(|body| body.pointer(pointer).and_then(links::text)),
            None => links::id(&answer.response, &[]).map(|capture| capture.value),
        };
        renamed.extend(now.map(|now| (escape(&capture.value), escape(&now))));
    }
    let request = rewritten(last, &renamed);
    let (operation, answer) = send(contract, &sender, last, &request, replay.presents).await?;
    if matches!(answer, Err(NoAnswer::Unreachable)) {
        return Err(asked.target.silent());
    }
    let case =
        Case::plain(replay.phase, operation, expects(contract, &replay.expects), request).presenting(replay.presents);
    let findings = judge::judge(contract, &case, &answer, None, None);
    let again = findings.iter().find(|finding| finding.fingerprint == replay.id).cloned();
    let refused = answer.as_ref().is_ok_and(|answer| answer.response.status == 401);
    if refused && again.is_none() && replay.presents == Presents::Given {
        return Err(UNAUTHORIZED.to_owned());
    }
    Ok(Replayed { again, findings, status: answer.ok().map(|answer| answer.response.status) })
}

async fn send(
    contract: &Contract,
    sender: &Sender,
    step: &Step,
    request: &Request,
    presents: Presents,
) -> Result<(usize, Result<super::send::Answer, NoAnswer>), String> {
    let operations = contract.spec().operations();
    let index = operations
        .iter()
        .position(|one| one.id == step.operation)
        .ok_or_else(|| format!("the document has no operation `{}` any more", step.operation))?;
    Ok((index, sender.send(contract, &operations[index], request, presents).await))
}

/// A request with resources as they are called now.
fn rewritten(step: &Step, renamed: &[(String, String)]) -> Request {
    let mut request = step.request();
    for (then, now) in renamed {
        let segments = request.path.split('/').map(|segment| if segment == then { now } else { segment });
        request.path = segments.collect::<Vec<_>>().join("/");
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
