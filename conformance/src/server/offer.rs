//! The documented answers of an operation, written once and sent as often as they are asked for.

use std::cmp::Reverse;
use std::sync::Arc;

use hyper::body::Bytes;
use hyper::header::{HeaderName, HeaderValue};
use obkit_codegen::spec::{Content, Operation, Response, StatusKey, essence};
use serde_json::Value;

use super::accept::Accept;
use crate::answer::{Body, concrete, given, made};
use crate::contract::{Contract, concrete_status, is_success};
use crate::exchange::PROBLEM;
use crate::generate::{Generator, Mode};
use crate::sample;
use crate::schema::Direction;

/// An answer that can be given.
#[derive(Debug)]
pub(super) struct Offer {
    /// The response it belongs to.
    pub(super) key: StatusKey,
    /// A status that the response covers.
    pub(super) status: u16,
    /// Whether it stands for success.
    pub(super) success: bool,
    /// The media type; none when there is no body.
    pub(super) media: Option<Media>,
    /// The name of the example, which is empty where it has none; none when it is no example.
    pub(super) example: Option<String>,
    /// Whether the body fits its schema, as far as that is known before it is made.
    pub(super) fits: bool,
    pub(super) body: Source,
    /// The header fields that the response documents and that have an example, or are required.
    pub(super) headers: Arc<[(HeaderName, HeaderValue)]>,
}

#[derive(Debug)]
pub(super) struct Media {
    pub(super) field: HeaderValue,
    essence: String,
    json: bool,
}

/// Where a body comes from.
#[derive(Debug)]
pub(super) enum Source {
    /// It is there; and whether it is JSON.
    Given(Bytes, bool),
    /// It is generated for the schema at this pointer.
    Schema(String),
}

impl Offer {
    /// Whether its body is problem details.
    pub(super) fn is_problem(&self) -> bool {
        self.media.as_ref().is_some_and(|media| media.essence == PROBLEM)
    }
}

/// All answers of an operation: for each media type of each response its examples, and what is made of its schema.
pub(super) fn offers(contract: &Contract, operation: &Operation) -> Vec<Offer> {
    let mut offers = Vec::new();
    // What is answered in between is no answer.
    let is_final = |response: &&Response| !matches!(response.status, StatusKey::Code(100..=199) | StatusKey::Range(1));
    for response in operation.responses.iter().filter(is_final) {
        let headers = headers(contract, response);
        let mut offer = |content: Option<&Content>, example: Option<String>, body: Source| {
            offers.push(Offer {
                key: response.status,
                status: concrete_status(operation, response.status),
                success: is_success(operation, response.status),
                media: content.and_then(|content| Media::of(content, &body)),
                fits: content.is_none_or(|content| fits(contract, content, &body)),
                example,
                body,
                headers: Arc::clone(&headers),
            });
        };
        if response.content.is_empty() {
            offer(None, None, Source::of(&Body::Empty));
        }
        for content in &response.content {
            for example in &content.examples {
                let body = Source::of(&given(content, &example.value));
                offer(Some(content), Some(example.name.clone()), body);
            }
            match &content.schema {
                Some(schema) if content.is_json() => offer(Some(content), None, Source::Schema(schema.clone())),
                _ if content.examples.is_empty() => {
                    offer(Some(content), None, Source::of(&made(contract, content)));
                }
                _ => {}
            }
        }
    }
    offers
}

/// Whether what is given for a content is what its schema takes; what is generated is.
fn fits(contract: &Contract, content: &Content, body: &Source) -> bool {
    let (Some(schema), Source::Given(text, true)) = (&content.schema, body) else { return true };
    let check = contract.validators().check(Direction::Response, schema);
    let value = serde_json::from_slice::<Value>(text);
    check.is_ok_and(|check| value.is_ok_and(|value| check.is_valid(&value)))
}

impl Source {
    fn of(body: &Body) -> Self {
        Self::Given(written(body), matches!(body, Body::Json(_)))
    }
}

impl Media {
    fn of(content: &Content, body: &Source) -> Option<Self> {
        let is_json = matches!(body, Source::Schema(_) | Source::Given(_, true));
        let text = concrete(&content.media_type, is_json);
        let field = HeaderValue::from_str(&text).ok()?;
        Some(Self { field, essence: essence(&text), json: content.is_json() })
    }
}

/// The text of a body.
pub(super) fn written(body: &Body) -> Bytes {
    match body {
        Body::Empty => Bytes::new(),
        Body::Json(value) => Bytes::from(value.to_string()),
        Body::Bytes(bytes) => Bytes::from(bytes.clone()),
    }
}

fn headers(contract: &Contract, response: &Response) -> Arc<[(HeaderName, HeaderValue)]> {
    let document = contract.document();
    let field = |header: &obkit_codegen::spec::Header| {
        // What frames the message is not for a document to say.
        let name: HeaderName = header.name.parse().ok()?;
        let frames = ["connection", "content-length", "content-type", "transfer-encoding", "upgrade", "date"];
        let owner = header.schema.as_deref()?.strip_suffix("/schema")?;
        let example = document
            .at(&format!("{owner}/example"))
            .or_else(|| document.at(&format!("{owner}/examples"))?.as_object()?.values().next()?.get("value"));
        if frames.contains(&name.as_str()) {
            return None;
        }
        let schema = format!("{owner}/schema");
        let stated = document.at(&format!("{schema}/example")).is_some();
        let sample = || sample::value(document, &schema, Direction::Response);
        let value = example.cloned().or_else(|| (header.required || stated).then(sample))?;
        let value = fitting(contract, &schema, value);
        Some((name, HeaderValue::from_str(&simple(&value)).ok()?))
    };
    response.headers.iter().filter_map(field).collect()
}

/// A value that fits its schema: this one, or else what is generated, or else this one all the same.
fn fitting(contract: &Contract, schema: &str, value: Value) -> Value {
    let Ok(check) = contract.validators().check(Direction::Response, schema) else { return value };
    if check.is_valid(&value) {
        return value;
    }
    let generated = |mode| {
        let made = Generator::new(contract, Direction::Response, schema).ok()?.payloads(mode, 0, 8).ok()?;
        made.into_iter().map(|made| made.value).find(|value| HeaderValue::from_str(&simple(value)).is_ok())
    };
    [Mode::Minimal, Mode::Maximal, Mode::Random].into_iter().find_map(generated).unwrap_or(value)
}

/// A value in the style `simple`, which is that of all headers.
fn simple(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(simple).collect::<Vec<_>>().join(","),
        Value::Object(members) => {
            members.iter().map(|(name, value)| format!("{name},{}", simple(value))).collect::<Vec<_>>().join(",")
        }
        other => other.to_string(),
    }
}

/// The response that answers what nobody asked for specially: a success with an example before one without, and where
/// nothing stands for success, the response that comes nearest to it.
pub(super) fn preferred(offers: &[Offer]) -> Option<StatusKey> {
    let rank = |offer: &&Offer| (!offer.success, offer.example.is_none(), if offer.success { 0 } else { offer.status });
    offers.iter().min_by_key(rank).map(|offer| offer.key)
}

/// An example of a response, whether it fits its schema or not, for where nothing can be generated.
pub(super) fn shown<'o>(offers: &'o [Offer], key: StatusKey, accept: &Accept) -> Option<&'o Offer> {
    offers.iter().find(|offer| {
        let is_welcome = offer.media.as_ref().is_none_or(|media| accept.quality(&media.essence) > 0);
        offer.key == key && offer.example.is_some() && is_welcome
    })
}

/// Of the answers of one response, the one in the most welcome media type: of several, JSON before others, and then an
/// example that fits its schema, unless what is generated is wanted.
pub(super) fn choose<'o>(
    offers: &'o [Offer],
    key: StatusKey,
    example: Option<&str>,
    generated: bool,
    accept: &Accept,
) -> Option<&'o Offer> {
    let wanted = |offer: &&Offer| offer.key == key && (example.is_none() || offer.example.as_deref() == example);
    let ranked = offers.iter().filter(wanted).filter_map(|offer| {
        let Some(media) = &offer.media else { return Some(((1000, true, true, true), offer)) };
        let quality = accept.quality(&media.essence);
        let is_example = offer.example.is_some();
        (quality > 0).then_some(((quality, media.json, offer.fits, is_example != generated), offer))
    });
    ranked.min_by_key(|(rank, _)| Reverse(*rank)).map(|(_, offer)| offer)
}
