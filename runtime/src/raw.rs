//! Calls that no document describes.

use std::fmt;

use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Method, Request, Url};
use serde::Serialize;

use crate::client::ClientInfo;
use crate::{ByteStream, Call, Error, Param, ResponseValue, Transport, header_value};

/// The name of such a call where that of an operation stands: in errors and spans.
const OPERATION: &str = "raw";

/// The way out of every generated client, for what its document leaves out: a call by method and path.
///
/// It is no method of the client itself, whose names belong to the operations of the document.
pub trait RawCalls: ClientInfo<Transport> {
    /// A call of a path of this server, such as `/accounts?limit=10`: with the client's credentials, retries, timeouts, rate limit and
    /// spans. Ids in the path go through [`path_segment`](crate::path_segment).
    fn raw(&self, method: Method, path: &str) -> RawCall<'_> {
        RawCall::new(self.inner(), self.baseurl(), method, path)
    }
}

impl<C: ClientInfo<Transport>> RawCalls for C {}

/// A call by method and path.
///
/// It goes to the server of the client and to no other. What holds for operations holds for it: it is repeated when its method
/// is idempotent or it carries an idempotency key in a header, and neither it nor its answer shows a path, a header or a body.
///
/// ```no_run
/// # async fn example(client: impl obkit_runtime::client::ClientInfo<obkit_runtime::Transport>) -> Result<(), obkit_runtime::Error> {
/// use obkit_runtime::RawCalls as _;
/// use obkit_runtime::reqwest::Method;
///
/// let call = client.raw(Method::POST, "/v2/new-thing").header("idempotency-key", "5f1c").json(&[1, 2, 3]);
/// let answer = call.send().await?;
/// let (status, body) = (answer.status(), answer.bytes().await?);
/// # Ok(())
/// # }
/// ```
#[must_use]
pub struct RawCall<'c> {
    transport: &'c Transport,
    base_url: &'c str,
    request: Result<Request, Error>,
}

impl<'c> RawCall<'c> {
    /// A call of a path of the server at `base_url`.
    pub fn new(transport: &'c Transport, base_url: &'c str, method: Method, path: &str) -> Self {
        let request = url(base_url, path).map(|url| {
            let mut request = Request::new(method, url);
            request.headers_mut().insert(ACCEPT, HeaderValue::from_static("*/*"));
            request
        });
        Self { transport, base_url, request }
    }

    /// Adds a parameter to the query.
    pub fn query(self, name: &str, value: &(impl Param + ?Sized)) -> Self {
        self.with(|request| {
            request.url_mut().query_pairs_mut().append_pair(name, &value.to_param());
            Ok(())
        })
    }

    /// Sets a header. Credentials need none: they are the client's.
    pub fn header(self, name: &str, value: &(impl Param + ?Sized)) -> Self {
        self.with(|request| {
            let name = HeaderName::try_from(name).map_err(|_| Error::invalid_request("a header has no such name"))?;
            let value = header_value(value).map_err(|error| Error::invalid_request(format!("{name}: {error}")))?;
            request.headers_mut().insert(name, value);
            Ok(())
        })
    }

    /// Sets the body and its media type.
    pub fn body(self, media_type: &str, body: impl Into<Bytes>) -> Self {
        self.header(CONTENT_TYPE.as_str(), media_type).with(|request| {
            *request.body_mut() = Some(body.into().into());
            Ok(())
        })
    }

    /// Sets a body of JSON.
    pub fn json(self, body: &(impl Serialize + ?Sized)) -> Self {
        match serde_json::to_vec(body) {
            Ok(body) => self.body("application/json", body),
            // The error of a serialiser may show what it could not write.
            Err(_) => self.with(|_| Err(Error::invalid_request("the body cannot be written as JSON"))),
        }
    }

    /// Makes the call. An answer of any status is an answer; it is not decoded, and arrives as it is read.
    ///
    /// # Errors
    ///
    /// The request cannot be made of what was given, there are no credentials, or there is no answer.
    pub async fn send(self) -> Result<ResponseValue<ByteStream>, Error> {
        let request = self.request.map_err(|error| error.with_operation(OPERATION))?;
        let call = Call::new(OPERATION, self.base_url);
        self.transport.execute(request, call).await.map(ResponseValue::stream)
    }

    fn with(mut self, change: impl FnOnce(&mut Request) -> Result<(), Error>) -> Self {
        self.request = self.request.and_then(|mut request| change(&mut request).map(|()| request));
        self
    }
}

/// The path at the server. A path that began otherwise could change the host, as `.elsewhere.example` would.
fn url(base_url: &str, path: &str) -> Result<Url, Error> {
    let refused = || Error::invalid_request("the path does not begin with a single `/`, or is none");
    if !path.starts_with('/') || path.starts_with("//") {
        return Err(refused());
    }
    let base_url = base_url.trim_end_matches('/');
    let url = Url::parse(&format!("{base_url}{path}")).map_err(|_| refused())?;
    if Call::new(OPERATION, base_url).trusts(&url) { Ok(url) } else { Err(refused()) }
}

impl fmt::Debug for RawCall<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let method = self.request.as_ref().ok().map(Request::method);
        f.debug_struct("RawCall").field("method", &method).finish_non_exhaustive()
    }
}
