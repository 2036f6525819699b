//! Requests as they come in, with bounds on how large they are and how long they take.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use hyper::HeaderMap;
use hyper::body::{Body, Incoming};
use hyper::http::request::Parts;
use tokio::time::timeout;

use crate::exchange::Request;
use crate::listen::MAX_HEAD;

/// How long a request body may take to arrive.
const MAX_TIME: Duration = Duration::from_secs(30);

/// Why a request was not read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    /// Its head is larger than what is read.
    HeadTooLarge,
    /// Its body is larger than what is read.
    TooLarge,
    /// Its body takes too long.
    TooSlow,
    /// Its body breaks off, or is not framed as it says.
    Broken,
}

/// Reads a request to its end.
pub(crate) async fn receive(parts: Parts, body: Incoming, max_body: usize) -> Result<(Request, HeaderMap), Unread> {
    // What is read at once may be more than what hyper is told to read.
    let fields = parts.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4);
    if fields.sum::<usize>() + parts.uri.path().len() + parts.uri.query().map_or(0, str::len) > MAX_HEAD {
        return Err(Unread::HeadTooLarge);
    }
    let body = timeout(MAX_TIME, read(body, max_body)).await.map_err(|_| Unread::TooSlow)??;
    // Fields whose values are no text are judged by what is left of them.
    let headers = parts
        .headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
    let request = Request {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().map(str::to_owned),
        headers: headers.collect(),
        body,
    };
    Ok((request, parts.headers))
}

async fn read(mut body: Incoming, max: usize) -> Result<Vec<u8>, Unread> {
    // What is announced as too large is not waited for.
    if body.size_hint().lower() > max as u64 {
        return Err(Unread::TooLarge);
    }
    let mut read = Vec::new();
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let Ok(data) = frame.map_err(|_| Unread::Broken)?.into_data() else { continue };
        if read.len().saturating_add(data.len()) > max {
            return Err(Unread::TooLarge);
        }
        read.extend_from_slice(&data);
    }
    Ok(read)
}
