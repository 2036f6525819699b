//! One request of a connection, from its first byte to the answer, with the faults and delays that are set.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use hyper::Response;
use hyper::body::{Bytes, Incoming};
use hyper::header;
use tokio::time::sleep;

use super::chance::{Chance, Fault};
use super::outgoing::Outgoing;
use super::receive::{Unread, receive};
use super::refusal::Refusal;
use super::reply::Reply;
use super::respond::Answered;
use super::verdict::{Basis, Verdict};
use super::{Shared, cross_origin};
use crate::exchange::told_method;
use crate::listen::{HangUp, Service};

impl Service for Shared {
    type Answer = Outgoing;

    async fn respond(&self, request: hyper::Request<Incoming>) -> Result<Response<Outgoing>, HangUp> {
        let mut chance = Chance::of(self.settings.seed, self.turns.fetch_add(1, Ordering::Relaxed));
        let fault = self.settings.faults.draw(&mut chance);
        let delay = self.settings.latency.map(|latency| latency.draw(&mut chance)).unwrap_or_default();
        let status = match fault {
            Some(Fault::Status(status)) => Some(status),
            _ => None,
        };
        let (parts, body) = request.into_parts();
        let method = parts.method.clone();
        let received = receive(parts, body, self.settings.max_body).await;
        let began = Instant::now();
        let answered = match received {
            Ok((request, headers)) => self.answer(request, &headers, status),
            Err(unread) => unreadable(unread),
        };
        if let Some(observer) = &self.settings.observer {
            observer(&verdict(method.as_str(), &answered, fault, began.elapsed()));
        }
        let delay = delay + answered.wait;
        if !delay.is_zero() {
            sleep(delay).await;
        }
        respond_with(self, answered.reply, fault)
    }
}

fn respond_with(shared: &Shared, mut reply: Reply, fault: Option<Fault>) -> Result<Response<Outgoing>, HangUp> {
    if shared.settings.cors {
        cross_origin::open(&mut reply.headers);
    }
    // These have no body, whatever a document says.
    let is_bare = matches!(reply.status.as_u16(), 204 | 304);
    let body = if is_bare { Bytes::new() } else { reply.body };
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
        method: told_method(method).to_owned(),
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
