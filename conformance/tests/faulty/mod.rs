//! A server that does what its document says, except for one fault.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, dead_code, unreachable_pub)]

use std::collections::BTreeSet;
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::body::{Body as _, Bytes, Frame, Incoming, SizeHint};
use hyper::header::{HeaderName, HeaderValue};
use hyper::service::service_fn;
use hyper::{Request as HttpRequest, Response as HttpResponse, StatusCode};
use hyper_util::rt::TokioIo;
use obkit_codegen::spec::{Operation, StatusKey};
use obkit_conformance::answer::{Body, answers};
use obkit_conformance::exchange::{self, Checked, Request, Response, check_response};
use obkit_conformance::{Contract, Direction, Finding, Severity, sample};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// The secret of every scheme.
pub const SECRET: &str = "user:obkit-secret";

/// What the server gets wrong.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Fault {
    #[default]
    None,
    /// The answer of an operation is changed.
    Answers(String, When, Change),
    /// A violation is not seen: the rule, or its check, and where it stands.
    Overlooks(String, String, Option<String>),
    /// A bound is one too far.
    OneTooFar(String, String),
    /// A right request is refused.
    Refuses(String, Met),
    /// A request is answered 500.
    Fails(String, Met),
    /// No credentials are asked for.
    NoCredentials(String),
    /// No credentials are asked for by an operation; at other paths than this, nothing is found.
    Opens(String, String),
    /// Any credentials are taken.
    AnyCredentials(String),
    /// What is deleted stays.
    KeepsDeleted(String),
    /// What is created is not there.
    ForgetsCreated(String),
    /// Every method of a path is taken.
    AnyMethod(String),
    /// `Allow` is missing.
    NoAllow(String),
    /// The connection is closed.
    HangsUp(String),
    /// The key is told in every refusal.
    TellsKey(String),
    /// Another place is named.
    Redirects(String, String),
}

/// Which answers are changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    Success,
    Refusal,
}

/// How an answer is changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    Put(String, Value),
    Remove(String),
    Rename(String, String),
    Status(u16),
    ContentType(Option<String>),
    Text(String),
    NoHeader(String),
    /// The body is said to be in a coding, and is in gzip.
    Coded(String),
}

/// What a request is like.
#[derive(Clone, Debug, PartialEq)]
pub enum Met {
    /// Any that breaks the document.
    Wrong,
    /// It has a parameter.
    Parameter(String),
    /// A parameter has a value.
    ParameterIs(String, Value),
    /// The body has a value at a place.
    BodyIs(String, Value),
    /// The body has a member at a place.
    BodyHas(String),
    /// The object at a place lacks a member.
    BodyLacks(String, String),
}

struct Shared {
    contract: Arc<Contract>,
    fault: Fault,
    deleted: Mutex<BTreeSet<String>>,
    forgotten: Mutex<BTreeSet<String>>,
    seen: Mutex<Vec<Request>>,
}

/// A server under way; it ends when it is dropped.
pub struct Faulty {
    address: SocketAddr,
    shared: Arc<Shared>,
    /// They end with the server.
    _connections: JoinSet<()>,
}

impl Faulty {
    pub async fn start(contract: Arc<Contract>, fault: Fault) -> Self {
        Self::start_at(contract, fault, 0).await
    }

    pub async fn start_at(contract: Arc<Contract>, fault: Fault, port: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (deleted, forgotten, seen) = (Mutex::default(), Mutex::default(), Mutex::default());
        let shared = Arc::new(Shared { contract, fault, deleted, forgotten, seen });
        let mut connections = JoinSet::new();
        connections.spawn(accept(listener, Arc::clone(&shared)));
        Self { address, shared, _connections: connections }
    }

    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What arrived since the last time.
    pub fn take_seen(&self) -> Vec<Request> {
        std::mem::take(&mut *self.shared.seen.lock().unwrap())
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let shared = Arc::clone(&shared);
        connections.spawn(async move {
            let service = service_fn(|request| answer(&shared, request));
            // How a connection ends is its client's business.
            let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

/// An answer; an error closes the connection.
async fn answer(shared: &Shared, request: HttpRequest<Incoming>) -> Result<HttpResponse<Whole>, std::fmt::Error> {
    let (parts, mut body) = request.into_parts();
    let mut bytes = Vec::new();
    while let Some(frame) = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        bytes.extend_from_slice(&frame.unwrap().into_data().unwrap_or_default());
    }
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let request = Request {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().map(str::to_owned),
        headers: parts.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect(),
        body: bytes,
    };
    shared.seen.lock().unwrap().push(request.clone());
    let response = shared.answer(&request).ok_or(std::fmt::Error)?;
    let mut written = HttpResponse::new(Whole(Some(response.body.into())));
    *written.status_mut() = StatusCode::from_u16(response.status).unwrap();
    for (name, value) in response.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        written.headers_mut().append(name, HeaderValue::from_str(&value).unwrap());
    }
    Ok(written)
}

/// A body in one piece.
struct Whole(Option<Bytes>);

impl hyper::body::Body for Whole {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Poll::Ready(self.0.take().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.as_ref().is_none_or(Bytes::is_empty)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}

fn status(status: u16) -> Response {
    Response { status, ..Response::default() }
}

impl Shared {
    /// The answer; none where the connection is closed.
    fn answer(&self, request: &Request) -> Option<Response> {
        let checked = exchange::check(&self.contract, request);
        let Some(operation) = checked.operation else { return Some(self.unknown(request, &checked)) };
        if let Fault::HangsUp(id) = &self.fault
            && *id == operation.id
        {
            return None;
        }
        let asked = self.asked(operation, request, &checked);
        Some(match &self.fault {
            Fault::Redirects(id, to) if *id == operation.id => {
                Response { status: 307, headers: vec![("location".to_owned(), to.clone())], body: Vec::new() }
            }
            Fault::TellsKey(id) if *id == operation.id && !asked.is_success() => {
                Response { body: request.header("x-key").unwrap_or_default().into_owned().into(), ..asked }
            }
            Fault::Answers(id, When::Success, change) if *id == operation.id && asked.is_success() => {
                changed(asked, change)
            }
            Fault::Answers(id, When::Refusal, change) if *id == operation.id && !asked.is_success() => {
                changed(asked, change)
            }
            _ => asked,
        })
    }

    fn unknown(&self, request: &Request, checked: &Checked<'_>) -> Response {
        if checked.findings.iter().any(|finding| finding.rule == "RT001") {
            return status(404);
        }
        let operations = self.contract.spec().operations();
        let has_method = |method: &&str| {
            let other = Request { method: (**method).to_owned(), path: request.path.clone(), ..Request::default() };
            exchange::check(&self.contract, &other).operation.is_some()
        };
        let methods: Vec<&str> = ["GET", "PUT", "POST", "PATCH", "DELETE"].into_iter().filter(has_method).collect();
        let at = |path: &str| {
            let other = Request { method: methods[0].to_owned(), path: request.path.clone(), ..Request::default() };
            let found = exchange::check(&self.contract, &other).operation.map(|operation| operation.path.clone());
            operations.iter().any(|operation| operation.path == path) && found.as_deref() == Some(path)
        };
        match &self.fault {
            Fault::AnyMethod(path) if at(path) => status(200),
            Fault::NoAllow(path) if at(path) => status(405),
            _ => Response { headers: vec![("allow".to_owned(), methods.join(", "))], ..status(405) },
        }
    }

    fn asked(&self, operation: &Operation, request: &Request, checked: &Checked<'_>) -> Response {
        let wrong: Vec<&Finding> = checked
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error && !self.overlooks(operation, finding, checked))
            .collect();
        let (credentials, wrong): (Vec<_>, Vec<_>) = wrong.into_iter().partition(|finding| finding.rule == "RT060");
        if let Fault::Opens(id, path) = &self.fault
            && *id == operation.id
            && *path != request.path
        {
            return self.refused(operation, 404);
        }
        if !self.is_known(operation, request, credentials.is_empty()) {
            return self.refused(operation, 401);
        }
        if let Fault::Fails(id, met) = &self.fault
            && *id == operation.id
            && is_met(met, checked, !wrong.is_empty())
        {
            return status(500);
        }
        if !wrong.is_empty() {
            return self.refused(operation, 400);
        }
        if let Fault::Refuses(id, met) = &self.fault
            && *id == operation.id
            && is_met(met, checked, false)
        {
            return self.refused(operation, 400);
        }
        let is = |set: &Mutex<BTreeSet<String>>| set.lock().unwrap().contains(&request.path);
        let under =
            |set: &Mutex<BTreeSet<String>>| set.lock().unwrap().iter().any(|path| request.path.starts_with(path));
        if request.method == "GET" && is(&self.deleted) {
            return self.refused(operation, 404);
        }
        if request.method == "GET" && under(&self.forgotten) {
            return self.refused(operation, 404);
        }
        match (request.method.as_str(), &self.fault) {
            ("DELETE", Fault::KeepsDeleted(id)) if *id == operation.id => {}
            ("DELETE", _) => _ = self.deleted.lock().unwrap().insert(request.path.clone()),
            ("POST", Fault::ForgetsCreated(id)) if *id == operation.id => {
                self.forgotten.lock().unwrap().insert(format!("{}/", request.path));
            }
            ("POST", _) => {
                let above = format!("{}/", request.path);
                self.deleted.lock().unwrap().retain(|path| !path.starts_with(&above));
            }
            _ => {}
        }
        success(&self.contract, operation).unwrap_or_else(|| status(501))
    }

    /// Whether a violation is not seen.
    fn overlooks(&self, operation: &Operation, finding: &Finding, checked: &Checked<'_>) -> bool {
        match &self.fault {
            Fault::Overlooks(id, rule, pointer) => {
                *id == operation.id
                    && (finding.rule == rule.as_str() || finding.rule.check().id() == rule)
                    && pointer.as_ref().is_none_or(|pointer| finding.schema_pointer.as_ref() == Some(pointer))
            }
            Fault::OneTooFar(id, pointer) => {
                *id == operation.id
                    && finding.schema_pointer.as_ref() == Some(pointer)
                    && self.is_next(pointer, finding, checked)
            }
            _ => false,
        }
    }

    /// Whether a value is the first beyond a bound.
    fn is_next(&self, pointer: &str, finding: &Finding, checked: &Checked<'_>) -> bool {
        let bound = self.contract.document().at(pointer).and_then(Value::as_f64).unwrap();
        let step = if pointer.contains("/max") { 1.0 } else { -1.0 };
        let body = checked.received.body.as_ref();
        let instance = finding.instance_pointer.as_deref().unwrap_or_default();
        let of_body = body.and_then(|body| body.pointer(instance));
        let values = checked.received.parameters.values().chain(of_body);
        let size = |value: &Value| match value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => Some(text.chars().count() as f64),
            Value::Array(items) => Some(items.len() as f64),
            _ => None,
        };
        let is_next = |value: &Value| size(value) == Some(bound + step);
        if finding.rule.check().id() == "RT030" {
            of_body.is_some_and(is_next)
        } else {
            values.into_iter().any(is_next)
        }
    }

    /// Whether the credentials are the right ones.
    fn is_known(&self, operation: &Operation, request: &Request, is_formed: bool) -> bool {
        if operation.security.is_empty() || operation.security.iter().any(Vec::is_empty) {
            return true;
        }
        match &self.fault {
            Fault::NoCredentials(id) | Fault::Opens(id, _) if *id == operation.id => return true,
            Fault::AnyCredentials(id) if *id == operation.id => return is_formed,
            _ => {}
        }
        // `user:obkit-secret` in Base64.
        let carries = |text: &str| text.ends_with(SECRET) || text.ends_with("dXNlcjpvYmtpdC1zZWNyZXQ=");
        is_formed && request.headers.iter().any(|(_, value)| carries(value))
    }

    fn refused(&self, operation: &Operation, wanted: u16) -> Response {
        let fitting = |status: u16| {
            let key = operation.response(status)?.status;
            let found = documented(&self.contract, operation, key)?;
            Some(Response { status, ..found })
        };
        fitting(wanted).unwrap_or_else(|| status(wanted))
    }
}

/// An answer of a key that fits the document.
pub fn documented(contract: &Contract, operation: &Operation, key: StatusKey) -> Option<Response> {
    let response = operation.responses.iter().find(|response| response.status == key)?;
    let headers: Vec<(String, String)> = response
        .headers
        .iter()
        .map(|header| {
            let schema = header.schema.as_deref().unwrap_or_default();
            let value = sample::value(contract.document(), schema, Direction::Response);
            (header.name.to_ascii_lowercase(), value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        })
        .collect();
    answers(contract, operation).into_iter().filter(|answer| answer.key == key).find_map(|answer| {
        let mut headers = headers.clone();
        headers.extend(answer.media_type.clone().map(|value| ("content-type".to_owned(), value)));
        let body = match answer.body {
            Body::Empty => Vec::new(),
            Body::Json(value) => value.to_string().into_bytes(),
            Body::Bytes(bytes) => bytes,
        };
        let response = Response { status: answer.status, headers, body };
        check_response(contract, operation, &response).is_empty().then_some(response)
    })
}

/// The first success that fits the document.
pub fn success(contract: &Contract, operation: &Operation) -> Option<Response> {
    let keys = operation.responses.iter().map(|response| response.status);
    keys.filter(|key| obkit_conformance::contract::is_success(operation, *key))
        .find_map(|key| documented(contract, operation, key))
}

fn is_met(met: &Met, checked: &Checked<'_>, is_wrong: bool) -> bool {
    let parameter =
        |name: &str| checked.received.parameters.iter().find(|((_, own), _)| own == name).map(|(_, value)| value);
    let body = |at: &str| checked.received.body.as_ref().map(|body| places(body, at)).unwrap_or_default();
    if *met == Met::Wrong {
        return is_wrong;
    }
    !is_wrong
        && match met {
            Met::Wrong => false,
            Met::Parameter(name) => parameter(name).is_some(),
            Met::ParameterIs(name, value) => parameter(name) == Some(value),
            Met::BodyIs(at, value) => body(at).contains(&value),
            Met::BodyHas(at) => !body(at).is_empty(),
            Met::BodyLacks(at, name) => {
                body(at).iter().any(|value| value.as_object().is_some_and(|object| !object.contains_key(name)))
            }
        }
}

/// The values at a pointer whose `*` stand for any index.
pub fn places<'v>(value: &'v Value, at: &str) -> Vec<&'v Value> {
    let Some(rest) = at.strip_prefix('/') else { return vec![value] };
    let (token, rest) = rest.find('/').map_or((rest, ""), |end| rest.split_at(end));
    match value {
        Value::Array(items) if token == "*" => items.iter().flat_map(|item| places(item, rest)).collect(),
        Value::Object(members) => members
            .get(&token.replace("~1", "/").replace("~0", "~"))
            .map(|value| places(value, rest))
            .unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// A changed answer.
pub fn changed(mut response: Response, change: &Change) -> Response {
    let body = || serde_json::from_slice::<Value>(&response.body).ok();
    match change {
        Change::Status(status) => response.status = *status,
        Change::ContentType(value) => {
            response.headers.retain(|(name, _)| name != "content-type");
            response.headers.extend(value.clone().map(|value| ("content-type".to_owned(), value)));
        }
        Change::NoHeader(name) => response.headers.retain(|(own, _)| !own.eq_ignore_ascii_case(name)),
        Change::Coded(coding) => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(&response.body).unwrap();
            response.body = encoder.finish().unwrap();
            response.headers.push(("content-encoding".to_owned(), coding.clone()));
        }
        Change::Text(text) => response.body = text.clone().into_bytes(),
        Change::Put(at, value) => {
            if let Some(mut body) = body() {
                if let Some(slot) = body.pointer_mut(at) {
                    *slot = value.clone();
                }
                response.body = body.to_string().into_bytes();
            }
        }
        Change::Remove(at) => {
            if let Some(mut body) = body() {
                taken(&mut body, at);
                response.body = body.to_string().into_bytes();
            }
        }
        Change::Rename(at, name) => {
            if let Some(mut body) = body() {
                if let Some(value) = taken(&mut body, at) {
                    let above = at.rsplit_once('/').unwrap().0;
                    body.pointer_mut(above).unwrap()[name] = value;
                }
                response.body = body.to_string().into_bytes();
            }
        }
    }
    response
}

fn taken(body: &mut Value, at: &str) -> Option<Value> {
    let (above, name) = at.rsplit_once('/')?;
    let name = name.replace("~1", "/").replace("~0", "~");
    body.pointer_mut(above)?.as_object_mut()?.remove(&name)
}
