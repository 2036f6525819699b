//! The server: a listener on the loopback interface, and the record of what it was asked.

use std::fmt;
use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use reqwest::StatusCode;
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

use super::answer::Answer;
use super::respond::{HangUp, Written, read, respond};
use super::route::{Matched, Routes};
use super::script::Script;
use super::verify::{Unmet, verify};
use super::{Received, Route};

/// An HTTP server on a free port of the loopback interface. Dropping it ends it, with its connections.
pub struct Server {
    base_url: String,
    shared: Arc<Shared>,
    serving: JoinHandle<()>,
}

struct Shared {
    table: &'static [Route],
    routes: Routes,
    record: Mutex<Record>,
}

struct Record {
    scripts: Vec<Script>,
    received: Vec<Received>,
}

impl Shared {
    fn record(&self) -> MutexGuard<'_, Record> {
        // Whoever panicked while holding it left whole values behind.
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Server {
    /// Starts a server of these operations; it runs on the current tokio runtime.
    ///
    /// # Errors
    /// No port can be had.
    pub async fn start(table: &'static [Route]) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let base_url = format!("http://{}", listener.local_addr()?);
        let scripts = table.iter().map(|_| Script::default()).collect();
        let record = Mutex::new(Record { scripts, received: Vec::new() });
        let shared = Arc::new(Shared { table, routes: Routes::new(table), record });
        let serving = tokio::spawn(serve(listener, Arc::clone(&shared)));
        Ok(Self { base_url, shared, serving })
    }

    /// The URL to give to a client, without a slash at its end.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Every request so far, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<Received> {
        self.shared.record().received.clone()
    }

    /// Compares what was asked with what was expected ([`Stub::expect`](super::Stub::expect)).
    ///
    /// # Errors
    /// An operation was asked more or less often than it expects, or a request was for no operation of the document. The
    /// message names each, and everything that was received.
    pub fn verify(&self) -> Result<(), Unmet> {
        let record = self.shared.record();
        let expected = self.shared.table.iter().zip(&record.scripts);
        verify(expected.filter_map(|(route, script)| Some((route, script.expected?))), &record.received)
    }

    pub(super) fn route(&self, index: usize) -> Option<&'static Route> {
        self.shared.table.get(index)
    }

    pub(super) fn script(&self, index: usize, change: impl FnOnce(&mut Script, &Route)) {
        if let (Some(route), Some(script)) = (self.route(index), self.shared.record().scripts.get_mut(index)) {
            change(script, route);
        }
    }

    pub(super) fn requests_of(&self, index: usize) -> Vec<Received> {
        let id = self.route(index).map(|route| route.operation_id);
        let mut requests = self.requests();
        requests.retain(|request| id.is_some() && request.operation_id() == id);
        requests
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let received = self.shared.record().received.len();
        f.debug_struct("Server").field("base_url", &self.base_url).field("received", &received).finish_non_exhaustive()
    }
}

/// Takes connections until it is aborted; the set ends those that are open then.
async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        while connections.try_join_next().is_some() {}
        let shared = Arc::clone(&shared);
        connections.spawn(async move {
            let service = service_fn(|request| answer(&shared, request));
            // A connection that ends in an error is what some stubs are for.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer(shared: &Shared, request: hyper::Request<Incoming>) -> Result<hyper::Response<Written>, HangUp> {
    let (parts, body) = request.into_parts();
    let Some(body) = read(body).await else { return Err(HangUp) };
    let found = shared.routes.find(shared.table, parts.method.as_str(), parts.uri.path());
    let route = match found {
        Matched::Operation(index) => shared.table.get(index).copied(),
        Matched::OtherMethod | Matched::Nothing => None,
    };
    let received = Received {
        route,
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().map(str::to_owned),
        method: parts.method,
        headers: parts.headers,
        body,
    };
    let answer = next(&mut shared.record(), found, received);
    respond(answer).await
}

/// Keeps a request, and takes the answer to it.
fn next(record: &mut Record, found: Matched, received: Received) -> Answer {
    let script = match found {
        Matched::Operation(index) => record.scripts.get_mut(index),
        Matched::OtherMethod | Matched::Nothing => None,
    };
    let answer = match (script, &received.route) {
        (Some(script), Some(route)) => script.next(route),
        _ if found == Matched::OtherMethod => Answer::text(StatusCode::METHOD_NOT_ALLOWED, &received),
        _ => Answer::text(StatusCode::NOT_FOUND, &received),
    };
    record.received.push(received);
    answer
}
