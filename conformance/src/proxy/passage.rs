//! One exchange, from the request to the end of the answer.

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::{Instant, SystemTime};

use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Method, Version};

use super::body::{Copy, Passing, Slot};
use super::upstream::Failure;
use super::{Passed, Shared, hop, redact};
use crate::exchange::{MAX_BODY, Request, Response, told_method};
use crate::listen::{HangUp, Service};
use crate::server::Breach;
use crate::server::breach::breaches;
use crate::server::connection::refused;
use crate::server::receive::receive;
use crate::server::refusal::Refusal;
use crate::server::reply::Reply;
use crate::traffic::{Exchange, Judged, Recorded, Verdict, coding};

type Answer = hyper::Response<Passing>;

/// What answers at the proxy.
pub(super) struct Door(pub(super) Arc<Shared>);

impl Service for Door {
    type Answer = Passing;

    async fn respond(&self, request: hyper::Request<Incoming>) -> Result<Answer, HangUp> {
        let (parts, body) = request.into_parts();
        if let Some(reply) = unforwardable(&self.0, &parts) {
            return Ok(answer(reply));
        }
        let mut passage = Passage::new(Arc::clone(&self.0), &parts);
        let body = if self.0.enforce {
            match receive(parts.clone(), body, MAX_BODY).await {
                Ok((request, _)) => {
                    passage.sent(request.body.clone());
                    Passing::ready(Bytes::from(request.body))
                }
                Err(unread) => return Ok(answer(refused(unread))),
            }
        } else {
            Passing::request(body, Arc::clone(&passage.sent))
        };
        if let Some(reply) = passage.refusal() {
            return Ok(answer(reply));
        }
        Ok(forward(passage, parts, body).await)
    }
}

/// What is said to a request that no upstream could be asked.
fn unforwardable(shared: &Shared, parts: &Parts) -> Option<Reply> {
    let problem = |status, detail| Some(Reply::problem(status, detail, &[]));
    if parts.method == Method::CONNECT {
        return problem(501, "this proxy stands before one server, and makes no tunnels");
    }
    // Of another server, as programs ask that take this for a proxy to everywhere: what they send there is not for this upstream.
    if let Some(authority) = parts.uri.authority() {
        let own = [shared.address.to_string(), format!("localhost:{}", shared.address.port())];
        if !own.iter().any(|own| authority.as_str().eq_ignore_ascii_case(own)) {
            return problem(421, "this proxy stands before one server, and the request is for another");
        }
    }
    if parts.uri.path() == "*" {
        return problem(501, "requests about the server as a whole are not forwarded");
    }
    None
}

async fn forward(mut passage: Passage, parts: Parts, body: Passing) -> Answer {
    let mut request = hyper::Request::new(body);
    *request.method_mut() = parts.method;
    *request.uri_mut() = parts.uri;
    *request.headers_mut() = parts.headers;
    let headers = request.headers_mut();
    hop::strip(headers);
    // The upstream's is set where the request is sent.
    headers.remove(header::HOST);
    if passage.shared.uncompressed {
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    }
    let via = if parts.version == Version::HTTP_10 { "1.0 obkit" } else { "1.1 obkit" };
    headers.append(header::VIA, HeaderValue::from_static(via));
    passage.forwarded = true;
    let answered = match passage.shared.forwarder.forward(request).await {
        Ok(answered) => answered,
        Err(failure) => return answer(failed(&failure)),
    };
    let (mut parts, body) = answered.into_parts();
    passage.response =
        Some(Response { status: parts.status.as_u16(), headers: fields(&parts.headers), body: Vec::new() });
    hop::strip(&mut parts.headers);
    let mut answer = hyper::Response::new(Passing::response(body, passage));
    *answer.status_mut() = parts.status;
    *answer.headers_mut() = parts.headers;
    answer
}

fn failed(failure: &Failure) -> Reply {
    match failure {
        Failure::Target => Reply::problem(400, "the target of the request is none that can be forwarded", &[]),
        Failure::Unreachable(reason) => Reply::problem(502, &format!("the upstream cannot be reached: {reason}"), &[]),
        Failure::Broken => Reply::problem(502, "the upstream broke off the connection, or does not speak HTTP", &[]),
        Failure::Late => Reply::problem(504, "the upstream did not begin to answer in time", &[]),
    }
}

fn answer(reply: Reply) -> Answer {
    let mut answer = hyper::Response::new(Passing::ready(reply.body));
    *answer.status_mut() = reply.status;
    *answer.headers_mut() = reply.headers;
    answer
}

fn fields(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

/// An exchange that is on its way. When it is over, however it ends, it is judged and recorded.
pub(super) struct Passage {
    shared: Arc<Shared>,
    number: u64,
    began: (SystemTime, Instant),
    request: Request,
    pub(super) sent: Slot,
    response: Option<Response>,
    received: Recorded,
    forwarded: bool,
}

impl Passage {
    fn new(shared: Arc<Shared>, parts: &Parts) -> Self {
        let request = Request {
            method: parts.method.as_str().to_owned(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().map(str::to_owned),
            headers: fields(&parts.headers),
            body: Vec::new(),
        };
        let number = shared.numbers.fetch_add(1, Ordering::Relaxed) + 1;
        let began = (SystemTime::now(), Instant::now());
        let (sent, received) = (Slot::default(), Recorded::Cut);
        Self { shared, number, began, request, sent, response: None, received, forwarded: false }
    }

    /// The body of the request, where it was read before it is forwarded.
    fn sent(&mut self, body: Vec<u8>) {
        *self.sent.lock().unwrap_or_else(PoisonError::into_inner) = Copy { bytes: body, known: Recorded::Whole };
    }

    /// The copy of the answer's body.
    pub(super) fn answered(&mut self, copy: Copy) {
        self.received = copy.known;
        if let Some(response) = &mut self.response {
            let codings = response.header("content-encoding");
            (response.body, self.received) = coding::undo(codings.as_deref(), copy.bytes, copy.known);
        }
    }

    /// What the proxy itself says to a request that breaks the document, if it is to.
    fn refusal(&self) -> Option<Reply> {
        if !self.shared.enforce {
            return None;
        }
        let checked = self.shared.judge().check(&self.exchange());
        let refusal = Refusal::of(&checked.findings)?;
        let violations = breaches(&checked);
        let detail = violations.first().map_or("the request breaks the document", |breach| &breach.message);
        Some(Reply::problem(refusal.status(), detail, &violations))
    }

    /// The exchange as far as it is known.
    fn exchange(&self) -> Exchange {
        let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        let mut request = self.request.clone();
        let codings = request.header("content-encoding");
        let (body, request_body) = coding::undo(codings.as_deref(), sent.bytes.clone(), sent.known);
        request.body = body;
        Exchange {
            origin: self.shared.forwarder.upstream.origin.clone(),
            request_body,
            request,
            response: self.response.clone(),
            response_body: self.received,
        }
    }

    fn passed(&self, judged: Option<&Judged<'_>>) -> Passed {
        let operation = judged.and_then(|judged| judged.request.operation);
        let request = judged.map(|judged| judged.request.placed().map(|(finding, place)| Breach::of(finding, place)));
        let response = judged.map(|judged| judged.response.iter().map(Breach::of_answer).collect());
        Passed {
            method: told_method(&self.request.method).to_owned(),
            path: operation.map(|operation| operation.path.clone()),
            operation: operation.map(|operation| operation.id.clone()),
            status: self.response.as_ref().map(|response| response.status),
            forwarded: self.forwarded,
            request: request.map(Iterator::collect).unwrap_or_default(),
            response: response.unwrap_or_default(),
            micros: u64::try_from(self.began.1.elapsed().as_micros()).unwrap_or(u64::MAX),
        }
    }
}

impl Drop for Passage {
    fn drop(&mut self) {
        let exchange = self.exchange();
        let judge = self.shared.judge();
        let recording = self.shared.recording.as_ref().filter(|_| self.forwarded);
        let recording = recording.map(|recording| (recording, exchange.clone()));
        let verdict = if self.forwarded { judge.judge(exchange) } else { judge.judge_refused(&exchange) };
        let judged = match &verdict {
            Verdict::Foreign | Verdict::Preflight => None,
            Verdict::Judged(judged) => Some(&**judged),
        };
        let passed = self.passed(judged);
        if let Some(((recording, exchange), judged)) = recording.zip(judged) {
            let base = self.shared.forwarder.upstream.base();
            let entry =
                redact::entry(&self.shared.contract, &self.shared.base_urls, judged, &exchange, &base, self.began);
            recording.add(&entry);
        }
        self.shared.tally().count(self.number, "outside of the base path", verdict);
        if let Some(observer) = &self.shared.observer {
            observer(&passed);
        }
    }
}
