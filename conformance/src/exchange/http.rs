//! Messages of the `http` crate.

use hyper::HeaderMap;

use super::{Request, Response};

impl<B: AsRef<[u8]>> From<&hyper::Request<B>> for Request {
    /// A URL with a host stays whole as the path, for [`check`](super::check) to find its server.
    fn from(request: &hyper::Request<B>) -> Self {
        let uri = request.uri();
        let path = match (uri.scheme_str(), uri.authority()) {
            (Some(scheme), Some(authority)) => format!("{scheme}://{authority}{}", uri.path()),
            _ => uri.path().to_owned(),
        };
        Self {
            method: request.method().to_string(),
            path,
            query: uri.query().map(str::to_owned),
            headers: fields(request.headers()),
            body: request.body().as_ref().to_vec(),
        }
    }
}

impl<B: AsRef<[u8]>> From<hyper::Request<B>> for Request {
    fn from(request: hyper::Request<B>) -> Self {
        Self::from(&request)
    }
}

impl<B: AsRef<[u8]>> From<&hyper::Response<B>> for Response {
    fn from(response: &hyper::Response<B>) -> Self {
        let body = response.body().as_ref().to_vec();
        Self { status: response.status().as_u16(), headers: fields(response.headers()), body }
    }
}

impl<B: AsRef<[u8]>> From<hyper::Response<B>> for Response {
    fn from(response: hyper::Response<B>) -> Self {
        Self::from(&response)
    }
}

/// Header fields as they are; bytes that are no UTF-8 are not what any schema is about.
fn fields(headers: &HeaderMap) -> Vec<(String, String)> {
    let field = |(name, value): (&hyper::header::HeaderName, &hyper::header::HeaderValue)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    headers.iter().map(field).collect()
}
