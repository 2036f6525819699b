//! What is known about a call beside its request and its answer.

use reqwest::header::HeaderMap;
use reqwest::{Response, Url};

/// Which operation a request is for, and which server may learn the credentials. Made by generated code.
///
/// ```
/// use obkit_runtime::Call;
///
/// let call = Call::new("getAccounts", "https://api.bank.example/v1");
/// assert!(call.trusts(&"https://api.bank.example/accounts".parse()?));
/// assert!(!call.trusts(&"https://api.bank.example.elsewhere.example/".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Call<'c> {
    pub(crate) operation_id: &'static str,
    base_url: &'c str,
    elsewhere: Option<&'c str>,
    pub(crate) open: bool,
}

impl<'c> Call<'c> {
    /// A call of the operation with this `operationId`, by a client of the server at `base_url`.
    pub fn new(operation_id: &'static str, base_url: &'c str) -> Self {
        Self { operation_id, base_url, elsewhere: None, open: false }
    }

    /// A further server that whoever made the client named: credentials may go there, too.
    pub fn or_at(mut self, base_url: Option<&'c str>) -> Self {
        self.elsewhere = base_url;
        self
    }

    /// The operation says that it takes no credentials, so it is given none.
    pub fn open(mut self) -> Self {
        self.open = true;
        self
    }

    /// Whether a URL has the origin (scheme, host and port; RFC 6454, section 4) of a server that the client was
    /// made for.
    #[must_use]
    pub fn trusts(&self, url: &Url) -> bool {
        [Some(self.base_url), self.elsewhere]
            .into_iter()
            .flatten()
            .filter_map(|base| Url::parse(base).ok())
            .any(|base| base.origin().is_tuple() && base.origin() == url.origin())
    }
}

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
    /// The idempotency key that every attempt carried: in a header, or in the body where the transport knows its place.
    pub idempotency_key: Option<String>,
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
