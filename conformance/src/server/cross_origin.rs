//! Answers that scripts of any web page may read (Fetch, section 3.3, CORS protocol).

use hyper::header::{self, HeaderMap, HeaderValue};

use super::reply::Reply;

/// What every answer says.
pub(super) fn open(headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("*"));
}

/// What a browser is told that asks before it sends: all that it wants to send may be sent.
pub(super) fn preflight(reply: &mut Reply, asked: &HeaderMap, methods: &str) {
    reply.field(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
    for fields in asked.get_all(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        reply.headers.append(header::ACCESS_CONTROL_ALLOW_HEADERS, fields.clone());
    }
    reply.headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
}
