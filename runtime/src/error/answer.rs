//! Errors that are answers.

use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Response, StatusCode};

use super::provider::Details;
use super::{Error, ErrorBody, Phase, Reason};
use crate::CallInfo;
use crate::body::{MAX_ERROR_BODY, MAX_RAW_BODY, read_response};

impl<E: ErrorBody> Error<E> {
    /// The error of a response that is not a success, with its body read and decoded as far as it goes. Called by
    /// generated code.
    ///
    /// It cannot fail: a page of HTML, a body that breaks off or one of more than 1 MiB still leaves the status.
    pub async fn from_response(response: Response) -> Self {
        let status = response.status();
        let headers = response.headers().clone();
        let call = CallInfo::of(&response);
        let body = read_response(response, MAX_ERROR_BODY).await;

        Self::of_answer(status, headers, call, &body.read, body.failure.is_some())
    }

    /// The error of an answer that is not a success and did not come through a [`Transport`](crate::Transport): of a provider
    /// within the program, such as one for tests. The body is decoded as that of any other answer.
    ///
    /// ```
    /// use obkit_runtime::reqwest::{StatusCode, header::HeaderMap};
    ///
    /// let body = r#"{"code": "CONSENT_EXPIRED"}"#;
    /// let error: obkit_runtime::Error = obkit_runtime::Error::from_answer(StatusCode::FORBIDDEN, HeaderMap::new(), body);
    /// assert_eq!((error.status(), error.code()), (Some(StatusCode::FORBIDDEN), Some("CONSENT_EXPIRED")));
    /// ```
    #[must_use]
    pub fn from_answer(status: StatusCode, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        Self::of_answer(status, headers, CallInfo::default(), &body.into(), false)
    }

    fn of_answer(status: StatusCode, headers: HeaderMap, call: CallInfo, body: &Bytes, breaks_off: bool) -> Self {
        let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let typed = if breaks_off { None } else { E::decode_error(status, content_type, body) };
        let mut error = Self::answered(status, headers, call, body, Reason::Status);
        error.0.raw_body_is_truncated |= breaks_off;

        let details = Details::of(body);
        let own = |text: &str| text.to_owned();
        error.0.code = typed.as_ref().and_then(E::code).map(own).or(details.code);
        error.0.message = typed.as_ref().and_then(E::message).map(own).or(details.message);
        error.0.request_id = error.0.request_id.or(details.request_id);
        error.0.body = typed;
        error
    }
}

impl<E> Error<E> {
    pub(super) fn answered(
        status: StatusCode,
        headers: HeaderMap,
        call: CallInfo,
        body: &Bytes,
        reason: Reason,
    ) -> Self {
        let mut error = Self::new(Phase::Answered, reason);
        let kept = body.len().min(MAX_RAW_BODY);
        error.0.status = Some(status);
        error.0.headers = headers;
        // A copy, because a slice would keep the whole body in memory.
        error.0.raw_body = Bytes::copy_from_slice(&body[..kept]);
        error.0.raw_body_is_truncated = kept < body.len();
        error.0.operation = Some(call.operation_id).filter(|id| !id.is_empty());
        error.0.attempts = Some(call.attempts).filter(|attempts| *attempts > 0);
        error.0.request_id = call.request_id;
        error.0.idempotency_key = call.idempotency_key;
        error
    }
}
