//! One answer, before it is given.

use std::fmt::Display;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};

use super::{Example, Gate};

/// What the server does about a request.
#[derive(Clone)]
pub(super) struct Answer {
    pub(super) ending: Ending,
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    /// What it waits for.
    pub(super) gate: Option<Gate>,
}

/// How an answer ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// With its last byte.
    Whole,
    /// Within its body.
    BrokenOff,
    /// Before its first byte.
    Nothing,
}

impl Answer {
    pub(super) fn new(status: u16, media_type: Option<&str>, body: Result<Bytes, String>) -> Self {
        match Self::checked(status, media_type, body) {
            Ok(answer) => answer,
            Err(message) => Self::text(StatusCode::NOT_IMPLEMENTED, format!("the stub cannot be answered: {message}")),
        }
    }

    fn checked(status: u16, media_type: Option<&str>, body: Result<Bytes, String>) -> Result<Self, String> {
        let status = StatusCode::from_u16(status).ok().filter(|status| (200..=599).contains(&status.as_u16()));
        let status = status.ok_or("the status of an answer is 200 to 599")?;
        let media_type =
            media_type.map(HeaderValue::from_str).transpose().map_err(|_| "the media type is no header")?;
        let headers = media_type.map(|value| (CONTENT_TYPE, value)).into_iter().collect();
        Ok(Self { ending: Ending::Whole, status, headers, body: body?, gate: None })
    }

    /// A message of the server itself.
    pub(super) fn text(status: StatusCode, message: impl Display) -> Self {
        let headers = [(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"))].into_iter().collect();
        Self { ending: Ending::Whole, status, headers, body: Bytes::from(message.to_string()), gate: None }
    }

    pub(super) fn hang_up() -> Self {
        let (headers, body) = (HeaderMap::new(), Bytes::new());
        Self { ending: Ending::Nothing, status: StatusCode::OK, headers, body, gate: None }
    }

    /// Adds a header, or says in its place why there can be no such header.
    pub(super) fn with_header(self, name: &str, value: &str) -> Self {
        let Ok((name, value)) = name
            .parse::<HeaderName>()
            .map_err(drop)
            .and_then(|name| HeaderValue::from_str(value).map(|value| (name, value)).map_err(drop))
        else {
            return Self::new(200, None, Err("a header has a name or a value that none can have".to_owned()));
        };
        let mut answer = self;
        answer.headers.append(name, value);
        answer
    }
}

impl From<Example> for Answer {
    fn from(example: Example) -> Self {
        Self::new(example.status, example.media_type, Ok(Bytes::from_static(example.body.as_bytes())))
    }
}
