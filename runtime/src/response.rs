//! The answer of a successful call.

use std::fmt;
use std::ops::{Deref, DerefMut};

use bytes::Bytes;
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Response, StatusCode};

use crate::body::{MAX_BODY, read, read_response};
use crate::{ByteStream, CallInfo, Error};

mod decode;

pub use decode::{Body, Category, DecodeError, decode_json};

/// A decoded body with its status, headers and call.
///
/// It dereferences to the body, so a field is one dot away. Its `Debug` shows neither body nor headers.
pub struct ResponseValue<T> {
    value: T,
    status: StatusCode,
    headers: HeaderMap,
    call: CallInfo,
}

impl<T> ResponseValue<T> {
    /// A response from its parts, for tests of code that takes one.
    pub fn new(value: T, status: StatusCode, headers: HeaderMap) -> Self {
        Self { value, status, headers, call: CallInfo::default() }
    }

    /// The body, without the rest.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// How the call went: operation, attempts, request id.
    pub fn call(&self) -> &CallInfo {
        &self.call
    }

    /// The same answer with another body.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> ResponseValue<U> {
        ResponseValue { value: change(self.value), status: self.status, headers: self.headers, call: self.call }
    }

    fn split(response: Response, take: impl FnOnce(Response) -> T) -> Self {
        let status = response.status();
        let headers = response.headers().clone();
        let call = CallInfo::of(&response);
        Self { value: take(response), status, headers, call }
    }
}

impl<T: Body> ResponseValue<T> {
    /// Reads and decodes a response of a documented, successful status. Called by generated code.
    ///
    /// # Errors
    ///
    /// When the connection fails within the body, when the body is longer than 64 MiB, when it is compressed, or when it is
    /// not what the document says. Each keeps the status and is [`Phase::Answered`](crate::Phase::Answered).
    pub async fn from_response<E>(response: Response) -> Result<Self, Error<E>> {
        let parts = ResponseValue::split(response, |response| response);
        let ResponseValue { value: response, status, headers, call } = parts;
        match read_response(response, MAX_BODY).await.whole() {
            Err((body, failure)) => Err(Error::unreadable(status, headers, call, &body, failure)),
            Ok(body) => {
                let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
                match plain(&headers).and_then(|()| T::decode(status, content_type, &body)) {
                    Ok(value) => Ok(Self { value, status, headers, call }),
                    Err(failure) => Err(Error::undecodable(status, headers, call, &body, failure)),
                }
            }
        }
    }
}

/// Whether a body is what it stands for, and not an encoding of it: none was asked for, and none is undone.
fn plain(headers: &HeaderMap) -> Result<(), DecodeError> {
    let is_identity = |value: &HeaderValue| value.as_bytes().trim_ascii().eq_ignore_ascii_case(b"identity");
    if headers.get_all(CONTENT_ENCODING).iter().all(is_identity) {
        return Ok(());
    }
    Err(DecodeError::new(Category::Encoded, "the answer has a Content-Encoding"))
}

impl ResponseValue<()> {
    /// A response without a body, or whose body has no meaning. Called by generated code.
    #[must_use]
    pub fn empty(response: Response) -> Self {
        Self::split(response, drop)
    }
}

impl ResponseValue<ByteStream> {
    /// A response whose body is not decoded: a statement as PDF, an export. Called by generated code.
    #[must_use]
    pub fn stream(response: Response) -> Self {
        Self::split(response, ByteStream::from)
    }

    /// The whole body in memory.
    ///
    /// # Errors
    ///
    /// When the connection fails within the body, when it is longer than 64 MiB, or when it is compressed.
    pub async fn bytes(self) -> Result<Bytes, Error> {
        let Self { value, status, headers, call } = self;
        match (read(value, MAX_BODY).await.whole(), plain(&headers)) {
            (Err((body, failure)), _) => Err(Error::unreadable(status, headers, call, &body, failure)),
            (Ok(body), Err(failure)) => Err(Error::undecodable(status, headers, call, &body, failure)),
            (Ok(body), Ok(())) => Ok(body),
        }
    }
}

impl<T> Deref for ResponseValue<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for ResponseValue<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T> AsRef<T> for ResponseValue<T> {
    fn as_ref(&self) -> &T {
        &self.value
    }
}

impl<T> fmt::Debug for ResponseValue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseValue").field("status", &self.status).field("call", &self.call).finish_non_exhaustive()
    }
}
