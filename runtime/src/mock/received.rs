//! What the server was asked.

use std::fmt;

use bytes::Bytes;
use reqwest::header::HeaderMap;
use reqwest::{Method, Url};
use serde::de::DeserializeOwned;

use super::Route;
use crate::{DecodeError, decode_json};

/// A request that the server received.
///
/// Its methods show everything. Its `Debug` and the messages of [`Unmet`](super::Unmet) show credentials and payload as little as
/// those of the client do: the names of headers and of the query, and no values.
#[derive(Clone)]
pub struct Received {
    pub(super) route: Option<Route>,
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) query: Option<String>,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Received {
    /// The id of the operation it was for; none when the document has no such operation.
    #[must_use]
    pub fn operation_id(&self) -> Option<&'static str> {
        self.route.map(|route| route.operation_id)
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The path, percent-encoded as it was sent.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The query, percent-encoded as it was sent.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.query.as_deref()
    }

    /// The names and values of the query, decoded, in order.
    #[must_use]
    pub fn query_pairs(&self) -> Vec<(String, String)> {
        // Only the query is read of this URL.
        let url = Url::parse(&format!("http://localhost/?{}", self.query.as_deref().unwrap_or_default()));
        url.iter().flat_map(Url::query_pairs).map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
    }

    /// The first value of this name in the query, decoded.
    #[must_use]
    pub fn query_value(&self, name: &str) -> Option<String> {
        self.query_pairs().into_iter().find(|(found, _)| found == name).map(|(_, value)| value)
    }

    /// The headers, with whatever credentials they carry.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The first value of a header, where it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body; empty when there was none.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body as the value that its JSON stands for.
    ///
    /// # Errors
    /// The body is not JSON, or not of the type.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        decode_json(&self.body)
    }
}

/// The method, and the path as far as it is no payload: of an operation, its template.
impl fmt::Display for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.route {
            Some(route) => f.write_str(&route.words()),
            None => write!(f, "{} {} (no operation of the document)", self.method, self.path),
        }
    }
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let query: Vec<_> = self.query_pairs().into_iter().map(|(name, _)| name).collect();
        let headers: Vec<_> = self.headers.keys().map(reqwest::header::HeaderName::as_str).collect();
        f.debug_struct("Received")
            .field("request", &format_args!("{self}"))
            .field("query", &query)
            .field("headers", &headers)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish()
    }
}
