//! An answer before it is sent.

use hyper::StatusCode;
use hyper::body::Bytes;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};

use super::breach::Breach;
use super::offer::{Offer, written};
use super::refusal::problem;
use crate::answer::Answer;
use crate::exchange::PROBLEM;

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Whether the body says what is wrong with the request.
    pub(super) tells: bool,
}

impl Reply {
    pub(super) fn new(status: u16, body: Bytes) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { status, headers: HeaderMap::new(), body, tells: false }
    }

    pub(crate) fn problem(status: u16, detail: &str, breaches: &[Breach]) -> Self {
        let mut reply = Self::new(status, Bytes::new());
        reply.body = Bytes::from(problem(reply.status, detail, breaches));
        reply.tells = !breaches.is_empty();
        reply.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM));
        reply
    }

    pub(super) fn of_offer(offer: &Offer, status: u16, body: Bytes) -> Self {
        let mut reply = Self::new(status, body);
        for (name, value) in offer.headers.iter() {
            reply.headers.append(name, value.clone());
        }
        if let Some(media) = &offer.media {
            reply.headers.insert(header::CONTENT_TYPE, media.field.clone());
        }
        reply
    }

    pub(super) fn of_answer(answer: &Answer) -> Self {
        let mut reply = Self::new(answer.status, written(&answer.body));
        let media_type = answer.media_type.as_deref().and_then(|media_type| HeaderValue::from_str(media_type).ok());
        reply.headers.extend(media_type.map(|media_type| (header::CONTENT_TYPE, media_type)));
        reply
    }

    /// Adds a field, unless its text is none that a field can have.
    pub(crate) fn field(&mut self, name: HeaderName, text: &str) {
        if let Ok(value) = HeaderValue::from_bytes(text.as_bytes()) {
            self.headers.append(name, value);
        }
    }
}
