//! What failed, such that it can be asked again.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::Probe;
use super::case::{Capture, Case, Earlier, Expects};
use super::credentials::{Place, Presents, within_quotes};
use super::options::Phase;
use super::send::Sender;
use crate::contract::Contract;
use crate::exchange::Request;
use crate::finding::Finding;

/// A finding, and the requests that lead to it.
#[derive(Clone, Debug, Serialize)]
pub struct Failure {
    /// What was found.
    pub finding: Finding,
    /// How many answers showed it.
    pub count: u64,
    /// The requests, the last of which is answered wrongly, as a `curl` line. Variables stand for the secrets.
    pub curl: String,
    /// How to ask again.
    pub replay: Replay,
}

/// Requests that led to a finding, and what was expected of the last answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replay {
    /// The id: the fingerprint of the finding. It stays the same from run to run.
    pub id: String,
    /// What the document is called.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub provider: String,
    /// The seed of the run.
    pub seed: u64,
    /// The phase.
    pub phase: Phase,
    /// What was expected.
    pub expects: Expects,
    /// Which credentials the last request carries.
    pub presents: Presents,
    /// How long the answer might take, in milliseconds, where that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_response_ms: Option<u64>,
    /// The requests, in order.
    pub requests: Vec<Step>,
}

/// One request of a replay, without credentials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The operation's id.
    pub operation: String,
    /// The method.
    pub method: String,
    /// The path below the base URL, percent-encoded.
    pub path: String,
    /// The query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// The header fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// The body, where it is text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The body in Base64, where it is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base64: Option<String>,
    /// What it was answered; none of the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// What later requests use of the answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub captures: Vec<Capture>,
}

impl Step {
    fn new(contract: &Contract, operation: usize, request: &Request) -> Self {
        let operation = contract.spec().operations().get(operation).map(|operation| operation.id.clone());
        let Request { method, path, query, headers, body } = request.clone();
        let (body, base64) = match String::from_utf8(body) {
            Ok(text) if text.is_empty() => (None, None),
            Ok(text) => (Some(text), None),
            Err(error) => (None, Some(STANDARD.encode(error.as_bytes()))),
        };
        let operation = operation.unwrap_or_default();
        Self { operation, method, path, query, headers, body, base64, status: None, captures: Vec::new() }
    }

    fn before(contract: &Contract, earlier: &Earlier) -> Self {
        let Earlier { operation, request, status, captures } = earlier;
        Self { status: Some(*status), captures: captures.clone(), ..Self::new(contract, *operation, request) }
    }

    /// The request.
    pub(crate) fn request(&self) -> Request {
        let bytes = self.base64.as_ref().and_then(|text| STANDARD.decode(text).ok());
        Request {
            method: self.method.clone(),
            path: self.path.clone(),
            query: self.query.clone(),
            headers: self.headers.clone(),
            body: bytes.or_else(|| self.body.clone().map(String::into_bytes)).unwrap_or_default(),
        }
    }
}

impl Failure {
    pub(super) fn new(probe: &Probe, finding: Finding, case: &Case, count: u64) -> Self {
        let Probe { contract, sender, options, .. } = probe;
        let mut requests: Vec<Step> = case.before.iter().map(|earlier| Step::before(contract, earlier)).collect();
        requests.push(Step::new(contract, case.operation, &case.request));
        let last = requests.len() - 1;
        let lines = requests
            .iter()
            .enumerate()
            .map(|(at, step)| curl(contract, sender, step, if at == last { case.presents } else { Presents::Given }));
        let curl = lines.collect::<Vec<_>>().join("\n");
        let replay = Replay {
            id: finding.fingerprint.clone(),
            provider: contract.provider().to_owned(),
            seed: options.seed,
            phase: case.phase,
            expects: case.expects.clone(),
            presents: case.presents,
            max_response_ms: options.max_response_time.map(|time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX)),
            requests,
        };
        Self { finding, count, curl, replay }
    }
}

/// The request for a shell. Secrets stand in it as variables.
fn curl(contract: &Contract, sender: &Sender, step: &Step, presents: Presents) -> String {
    let operation = contract.spec().operation(&step.operation);
    let presented = operation.map(|operation| sender.credentials.of(contract.document(), operation, presents));
    let presented = presented.unwrap_or_default();
    let mut url = format!("{}{}", sender.target.base(), step.path);
    let mut query = step.query.iter().map(|query| quoted(query)).collect::<Vec<_>>();
    let mut words = vec!["curl -sS -i".to_owned()];
    words.push(if step.method == "HEAD" { "-I".to_owned() } else { format!("-X {}", step.method) });
    for (name, value) in &step.headers {
        words.push(format!("-H {}", quoted(&format!("{name}: {value}"))));
    }
    for part in &presented {
        match part.place {
            Place::Header => words.push(format!("-H \"{}: {}\"", within_quotes(&part.name), part.shown)),
            Place::Cookie => words.push(format!("-b \"{}={}\"", within_quotes(&part.name), part.shown)),
            Place::Query => query.push(format!("\"{}={}\"", within_quotes(&part.name), part.shown)),
        }
    }
    if let Some(body) = &step.body {
        words.push(format!("--data-raw {}", quoted(body)));
    }
    url = quoted(&url);
    if !query.is_empty() {
        url = format!("{url}'?'{}", query.join("'&'"));
    }
    words.push(format!("--path-as-is {url}"));
    let line = words.join(" ");
    match &step.base64 {
        Some(text) => format!("printf %s {} | base64 -d | {line} --data-binary @-", quoted(text)),
        None => line,
    }
}

/// A word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
