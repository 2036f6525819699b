//! A provider in the same process: it answers what the document promises, and minds what is asked.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::{Body as HttpBody, Bytes, to_bytes};
use axum::extract::State;
use axum::http::{HeaderValue, Request as HttpRequest, Response, StatusCode, header};
use obkit_codegen::spec::{Operation, StatusKey};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::answer::{Answer, Body, answers};
use crate::contract::Contract;
use crate::exchange::{self, Request};
use crate::finding::Finding;
use crate::typed_client::Arguments;

/// The largest request body that is read, in bytes.
const MAX_BODY: usize = 16 * 1024 * 1024;

/// An HTTP server on a free port of the loopback interface.
///
/// Every request is checked against the contract; what is found is kept for
/// [`ContractServer::take_findings`]. A request that breaks the contract is answered `400` with the
/// findings, an unknown route `404`; any other gets the scripted answer, or else the first success
/// the document gives an example for. Dropping the server ends it.
#[derive(Debug)]
pub struct ContractServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    // Dropped with the server, which tells the task to end.
    _stop: oneshot::Sender<()>,
}

#[derive(Debug)]
struct Shared {
    contract: Arc<Contract>,
    state: Mutex<Record>,
}

/// What an operation answers to what it is asked.
type Script = Box<dyn FnMut(&Arguments) -> Answer + Send>;

#[derive(Default)]
struct Record {
    scripts: HashMap<String, Script>,
    findings: Vec<Finding>,
    called: BTreeSet<String>,
    received: Vec<(String, Arguments)>,
}

/// What was received is payload, so it is counted and not shown.
impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("scripts", &self.scripts.keys())
            .field("findings", &self.findings)
            .field("called", &self.called)
            .field("received", &self.received.len())
            .finish()
    }
}

impl Shared {
    fn record(&self) -> MutexGuard<'_, Record> {
        // Whoever panicked while holding it left whole values behind.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ContractServer {
    /// Starts a server; it runs on the current tokio runtime.
    ///
    /// # Errors
    /// No port can be had.
    pub async fn start(contract: Arc<Contract>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared { contract, state: Mutex::default() });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&shared));
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = axum::serve(listener, router).with_graceful_shutdown(async {
            // An error says that the sender is gone, which is what is waited for.
            let _ = stopped.await;
        });
        tokio::spawn(serving.into_future());
        Ok(Self { address, shared, _stop: stop })
    }

    /// The URL to give to a client, without a slash at its end.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Decides the next answers of an operation, until scripted otherwise: the named example of a
    /// response, or its first. Gives the answer, or none when the document promises no such thing.
    pub fn script(&self, operation_id: &str, status: StatusKey, example: Option<&str>) -> Option<Answer> {
        let contract = &self.shared.contract;
        let operation = contract.spec().operation(operation_id)?;
        let wanted = |answer: &Answer| {
            answer.key == status && example.is_none_or(|name| answer.example.as_deref() == Some(name))
        };
        let answer = answers(contract, operation).into_iter().find(wanted)?;
        self.promise(operation_id, answer.clone());
        Some(answer)
    }

    /// Decides the next answers of an operation, until decided otherwise.
    pub fn promise(&self, operation_id: &str, answer: Answer) {
        self.answer_by(operation_id, move |_| answer.clone());
    }

    /// Decides the next answers of an operation by what it is asked, until decided otherwise: pages of a list, a state that
    /// moves on, a fault before a success ([`Answer::of_status`]). The server waits for `script`, which must not call it.
    pub fn answer_by(&self, operation_id: &str, script: impl FnMut(&Arguments) -> Answer + Send + 'static) {
        self.shared.record().scripts.insert(operation_id.to_owned(), Box::new(script));
    }

    /// Leaves the next answers of an operation to the document again.
    pub fn forget(&self, operation_id: &str) {
        self.shared.record().scripts.remove(operation_id);
    }

    /// Takes what was found since the last time.
    #[must_use]
    pub fn take_findings(&self) -> Vec<Finding> {
        std::mem::take(&mut self.shared.record().findings)
    }

    /// Takes what was received since the last time, by operation id. This is payload.
    #[must_use]
    pub fn take_received(&self) -> Vec<(String, Arguments)> {
        std::mem::take(&mut self.shared.record().received)
    }

    /// The ids of the operations that were called, rightly or wrongly.
    #[must_use]
    pub fn called(&self) -> BTreeSet<String> {
        self.shared.record().called.clone()
    }
}

async fn answer(State(shared): State<Arc<Shared>>, request: HttpRequest<HttpBody>) -> Response<HttpBody> {
    let Some(request) = read(request).await else {
        return plain(StatusCode::PAYLOAD_TOO_LARGE);
    };
    let checked = exchange::check(&shared.contract, &request);
    let refused = checked.is_refused();
    let mut record = shared.record();
    record.findings.extend(checked.findings.iter().cloned());
    let Some(operation) = checked.operation else {
        return findings(StatusCode::NOT_FOUND, &checked.findings);
    };
    record.called.insert(operation.id.clone());
    let scripted = match record.scripts.get_mut(&operation.id) {
        Some(script) if !refused => Some(script(&checked.received)),
        _ => None,
    };
    record.received.push((operation.id.clone(), checked.received));
    drop(record);
    if refused {
        return findings(StatusCode::BAD_REQUEST, &checked.findings);
    }
    scripted
        .or_else(|| first_success(&shared.contract, operation))
        .map_or_else(|| plain(StatusCode::NOT_IMPLEMENTED), |answer| written(&answer))
}

async fn read(request: HttpRequest<HttpBody>) -> Option<Request> {
    let (parts, body) = request.into_parts();
    let body: Bytes = to_bytes(body, MAX_BODY).await.ok()?;
    let header = |(name, value): (&header::HeaderName, &HeaderValue)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    Some(Request {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().map(str::to_owned),
        headers: parts.headers.iter().map(header).collect(),
        body: body.to_vec(),
    })
}

/// The answer nobody asked for specially: a success with an example before one without.
fn first_success(contract: &Contract, operation: &Operation) -> Option<Answer> {
    let mut successes: Vec<_> = answers(contract, operation).into_iter().filter(|answer| answer.success).collect();
    let first = successes.iter().position(|answer| answer.example.is_some()).unwrap_or(0);
    (!successes.is_empty()).then(|| successes.swap_remove(first))
}

fn written(answer: &Answer) -> Response<HttpBody> {
    let body = match &answer.body {
        Body::Empty => HttpBody::empty(),
        Body::Json(value) => HttpBody::from(value.to_string()),
        Body::Bytes(bytes) => HttpBody::from(bytes.clone()),
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Some(media_type) = answer.media_type.as_deref().and_then(|media_type| HeaderValue::from_str(media_type).ok())
    {
        response.headers_mut().insert(header::CONTENT_TYPE, media_type);
    }
    response
}

fn findings(status: StatusCode, findings: &[Finding]) -> Response<HttpBody> {
    let mut response = Response::new(HttpBody::from(json!({"obkit": {"findings": findings}}).to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn plain(status: StatusCode) -> Response<HttpBody> {
    let mut response = Response::new(HttpBody::empty());
    *response.status_mut() = status;
    response
}
