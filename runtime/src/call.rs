//! What is known about a call beside its answer.

use reqwest::Response;
use reqwest::header::HeaderMap;

/// How a call went: for logs, support requests and metrics.
///
/// [`Transport::execute`](crate::Transport::execute) attaches it to the response.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallInfo {
    /// The `operationId` of the provider's document; empty when the response did not come through a `Transport`.
    pub operation_id: &'static str,
    /// How many attempts were made; zero when the response did not come through a `Transport`.
    pub attempts: u32,
    /// The id under which the provider finds the call, from the first header of its kind.
    pub request_id: Option<String>,
}

impl CallInfo {
    /// What the transport attached, or what the headers alone tell.
    pub(crate) fn of(response: &Response) -> Self {
        response
            .extensions()
            .get::<Self>()
            .cloned()
            .unwrap_or_else(|| Self { request_id: request_id(response.headers()), ..Self::default() })
    }
}

/// The names by which providers and their gateways say which call an answer belongs to.
const REQUEST_ID: [&str; 9] = [
    "x-request-id",
    "request-id",
    "tracing-id",
    "tracingid",
    "x-tracing-id",
    "x-fapi-interaction-id",
    "x-correlation-id",
    "x-amzn-requestid",
    "x-amzn-trace-id",
];

/// The first request id among the headers, if it is short and printable enough for a log line.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<String> {
    REQUEST_ID.iter().find_map(|name| presentable_id(headers.get(*name)?.to_str().ok()?))
}

/// The text, if it looks like an id and not like a payload.
pub(crate) fn presentable_id(text: &str) -> Option<String> {
    const LONGEST: usize = 128;
    (1..=LONGEST)
        .contains(&text.len())
        .then_some(text)
        .filter(|text| text.bytes().all(|byte| byte.is_ascii_graphic()))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use reqwest::header::HeaderValue;

    use super::*;

    #[test]
    fn takes_the_first_presentable_id() {
        let mut headers = HeaderMap::new();
        assert_eq!(request_id(&headers), None);
        headers.insert("x-amzn-requestid", HeaderValue::from_static("gateway"));
        assert_eq!(request_id(&headers).unwrap(), "gateway");
        headers.insert("tracing-id", HeaderValue::from_static("provider"));
        assert_eq!(request_id(&headers).unwrap(), "provider");
        headers.insert("x-request-id", HeaderValue::from_static("two words"));
        assert_eq!(request_id(&headers).unwrap(), "provider");
    }
}
