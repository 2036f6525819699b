//! Exchanges as JSON lines.

use std::borrow::Cow;
use std::io::BufRead;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::MAX_ENTRY;
use super::bad::{Broken, Object, Unreadable, read_item};
use super::coding::undo_recorded;
use super::cut::{Cut, Cutter};
use super::exchange::{Exchange, Recorded, STATUSES, url};
use super::fields::Fields;
use crate::base_url::Url;
use crate::exchange::{Request, Response};
use crate::payload::{Read, read_line};

/// The lines of a text.
pub(super) struct Lines<R> {
    lines: R,
    line: Vec<u8>,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(lines: R) -> Self {
        Self { lines, line: Vec::new(), number: 0 }
    }
}

impl<R: BufRead> Cutter for Lines<R> {
    fn next(&mut self, bytes: &mut Vec<u8>) -> Result<Option<Cut>, Broken> {
        loop {
            let read = read_line(&mut self.lines, &mut self.line, MAX_ENTRY).map_err(|error| Broken {
                line: self.number + 1,
                column: 1,
                entries: self.number,
                message: format!("the file cannot be read on: {error}"),
            })?;
            let Some(read) = read else { return Ok(None) };
            self.number += 1;
            let too_large = matches!(read, Read::TooLong);
            let line = self.line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.line);
            if !too_large && line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            if !too_large {
                bytes.extend_from_slice(line);
            }
            return Ok(Some(Cut { number: self.number, line: self.number, column: 1, too_large }));
        }
    }
}

#[derive(Debug, Deserialize)]
struct Line<'l> {
    #[serde(borrow)]
    request: Object<LineRequest<'l>>,
    #[serde(borrow, default)]
    response: Option<Object<LineResponse<'l>>>,
}

#[derive(Debug, Deserialize)]
struct LineRequest<'l> {
    #[serde(borrow)]
    method: Cow<'l, str>,
    #[serde(borrow)]
    url: Cow<'l, str>,
    #[serde(borrow, default)]
    headers: Fields<'l>,
    #[serde(borrow, default)]
    body: Option<Cow<'l, str>>,
    #[serde(borrow, default)]
    base64: Option<Cow<'l, str>>,
}

#[derive(Debug, Deserialize)]
struct LineResponse<'l> {
    status: u16,
    #[serde(borrow, default)]
    headers: Fields<'l>,
    #[serde(borrow, default)]
    body: Option<Cow<'l, str>>,
    #[serde(borrow, default)]
    base64: Option<Cow<'l, str>>,
}

/// Reads a line.
pub(super) fn exchange(bytes: &[u8]) -> Result<Exchange, Unreadable> {
    let Line { request: Object(request), response } = read_item(bytes, "exchange")?;
    let Url { origin, path, query } = url(&request.url)?;
    let (path, query) = (path.to_owned(), query.map(str::to_owned));
    let (method, headers) = (request.method.into_owned(), request.headers.owned());
    let (body, request_body) = read(request.body, request.base64, &headers)?;
    let request = Request { method, path, query, headers, body };
    let (response, response_body) = match response {
        None => (None, Recorded::Missing),
        Some(Object(LineResponse { status, .. })) if !STATUSES.contains(&status) => {
            return Err(Unreadable::new("it is no exchange: `response.status` should be from 100 to 999"));
        }
        Some(Object(LineResponse { status, headers, body, base64 })) => {
            let headers = headers.owned();
            let (body, known) = read(body, base64, &headers)?;
            (Some(Response { status, headers, body }), known)
        }
    };
    Ok(Exchange { origin, request, request_body, response, response_body })
}

fn read(
    text: Option<Cow<'_, str>>,
    base64: Option<Cow<'_, str>>,
    headers: &[(String, String)],
) -> Result<(Vec<u8>, Recorded), Unreadable> {
    match (text, base64) {
        (Some(_), Some(_)) => Err(Unreadable::new("a body is given twice, as `body` and as `base64`")),
        (Some(text), None) => Ok((text.into_owned().into_bytes(), Recorded::Whole)),
        (None, Some(text)) => match STANDARD.decode(text.as_bytes()) {
            Ok(bytes) => Ok(undo_recorded(headers, bytes, Recorded::Whole)),
            Err(_) => Err(Unreadable::new("the Base64 of a body is malformed")),
        },
        (None, None) => Ok((Vec::new(), Recorded::Missing)),
    }
}
