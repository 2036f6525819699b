//! Connections, from the first byte to the last.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use hyper::Response;
use hyper::body::{Body, Bytes, Incoming};
use hyper::header;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::chance::{Chance, Fault};
use super::outgoing::Outgoing;
use super::receive::{MAX_HEAD, Unread, receive};
use super::refusal::Refusal;
use super::respond::{Answered, Reply};
use super::verdict::{Basis, Verdict};
use super::{Shared, cross_origin};

/// How long a connection may be silent before and within the head of a request.
const MAX_SILENCE: Duration = Duration::from_secs(30);

/// How many connections are open at most; others wait.
const MAX_CONNECTIONS: usize = 1000;

/// How long connections have to end when the server shuts down.
const GRACE: Duration = Duration::from_secs(10);

/// The connection is closed without an answer. hyper closes it when it gets an error.
#[derive(Debug)]
pub(crate) struct HangUp;

impl fmt::Display for HangUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection is reset, as the faults have it")
    }
}

impl Error for HangUp {}

/// What answers the requests of connections.
pub(crate) trait Service: Send + Sync + 'static {
    /// The bodies of its answers.
    type Answer: Body<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static;

    /// Answers a request, or closes the connection.
    fn respond(
        &self,
        request: hyper::Request<Incoming>,
    ) -> impl Future<Output = Result<Response<Self::Answer>, HangUp>> + Send;
}

impl Service for Shared {
    type Answer = Outgoing;

    async fn respond(&self, request: hyper::Request<Incoming>) -> Result<Response<Outgoing>, HangUp> {
        respond(self, request).await
    }
}

/// Takes connections until it is told to stop, and then waits for those that are open.
pub(crate) async fn serve<S: Service>(listener: TcpListener, service: Arc<S>, mut stop: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let accepted = tokio::select! {
            // An error says that nobody is left to stop it.
            _ = stop.wait_for(|stop| *stop) => break,
            _ = connections.join_next(), if connections.len() >= MAX_CONNECTIONS => continue,
            accepted = listener.accept(), if connections.len() < MAX_CONNECTIONS => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                connections.spawn(connection(stream, Arc::clone(&service), stop.clone()));
            }
            // Too many open files, for one, pass.
            Err(_) => sleep(Duration::from_millis(50)).await,
        }
    }
    drop(listener);
    // Those that take longer end with the set.
    let _ = timeout(GRACE, async { while connections.join_next().await.is_some() {} }).await;
}

async fn connection<S: Service>(stream: TcpStream, service: Arc<S>, mut stop: watch::Receiver<bool>) {
    // Answers go out as they are; a failure only makes them slower.
    let _ = stream.set_nodelay(true);
    let hung_up = AtomicBool::new(false);
    let service = service_fn(|request| {
        let (service, hung_up) = (&service, &hung_up);
        async move {
            let answer = service.respond(request).await;
            hung_up.store(answer.is_err(), Ordering::Relaxed);
            answer
        }
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(MAX_SILENCE)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    // How a connection ends is its client's business.
    let has_ended = tokio::select! {
        _ = &mut connection => true,
        _ = stop.wait_for(|stop| *stop) => false,
    };
    if !has_ended {
        Pin::new(&mut connection).graceful_shutdown();
        let _ = (&mut connection).await;
    }
    if hung_up.load(Ordering::Relaxed) {
        // Closed at once and with nothing sent, it is reset.
        let _ = connection.into_parts().io.into_inner().set_zero_linger();
    }
}

async fn respond(shared: &Shared, request: hyper::Request<Incoming>) -> Result<Response<Outgoing>, HangUp> {
    let mut chance = Chance::of(shared.settings.seed, shared.turns.fetch_add(1, Ordering::Relaxed));
    let fault = shared.settings.faults.draw(&mut chance);
    let delay = shared.settings.latency.map(|latency| latency.draw(&mut chance)).unwrap_or_default();
    let status = match fault {
        Some(Fault::Status(status)) => Some(status),
        _ => None,
    };
    let (parts, body) = request.into_parts();
    let method = parts.method.clone();
    let received = receive(parts, body, shared.settings.max_body).await;
    let began = Instant::now();
    let answered = match received {
        Ok((request, headers)) => shared.answer(request, &headers, status),
        Err(unread) => unreadable(unread),
    };
    if let Some(observer) = &shared.settings.observer {
        observer(&verdict(method.as_str(), &answered, fault, began.elapsed()));
    }
    let delay = delay + answered.wait;
    if !delay.is_zero() {
        sleep(delay).await;
    }
    respond_with(shared, answered.reply, fault)
}

fn respond_with(shared: &Shared, mut reply: Reply, fault: Option<Fault>) -> Result<Response<Outgoing>, HangUp> {
    if shared.settings.cors {
        cross_origin::open(&mut reply.headers);
    }
    // These have no body, whatever a document says.
    let is_bare = matches!(reply.status.as_u16(), 204 | 304);
    let body = if is_bare { hyper::body::Bytes::new() } else { reply.body };
    let body = match fault {
        Some(Fault::Reset) => return Err(HangUp),
        Some(Fault::Truncate) if is_bare => return Err(HangUp),
        Some(Fault::Truncate) => Outgoing::truncated(&body),
        Some(Fault::Slow) => Outgoing::slow(body),
        Some(Fault::Status(_)) | None => Outgoing::whole(body),
    };
    if is_bare {
        reply.headers.remove(header::CONTENT_TYPE);
    }
    let mut response = Response::new(body);
    *response.status_mut() = reply.status;
    *response.headers_mut() = reply.headers;
    Ok(response)
}

fn unreadable<'s>(unread: Unread) -> Answered<'s> {
    Answered::new(refused(unread), Basis::Refused)
}

/// What is answered to a request that was not read to its end.
pub(crate) fn refused(unread: Unread) -> Reply {
    let (refusal, detail) = match unread {
        Unread::HeadTooLarge => (Refusal::HeadTooLarge, "the head is larger than what is read"),
        Unread::TooLarge => (Refusal::TooLarge, "the body is larger than what is read"),
        Unread::TooSlow => (Refusal::TooSlow, "the body takes too long to arrive"),
        Unread::Broken => (Refusal::Malformed, "the body breaks off, or is not framed as it says"),
    };
    let mut reply = Reply::problem(refusal.status(), detail, &[]);
    // What is left of the body would be taken for the next request.
    reply.field(header::CONNECTION, "close");
    reply
}

fn verdict(method: &str, answered: &Answered<'_>, fault: Option<Fault>, took: Duration) -> Verdict {
    let unmet = answered.unmet.iter().map(|unmet| format!("{}: {}", unmet.name, unmet.reason));
    Verdict {
        method: method.to_owned(),
        path: answered.operation.map(|operation| operation.path.clone()),
        operation: answered.operation.map(|operation| operation.id.clone()),
        status: answered.reply.status.as_u16(),
        basis: answered.basis,
        violations: answered.violations.clone(),
        notes: answered.notes.clone(),
        unmet: unmet.collect(),
        fault: fault.map(|fault| fault.to_string()),
        micros: u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
    }
}
