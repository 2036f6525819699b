//! Errors of the layers below.

use std::convert::Infallible;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, InvalidHeaderValue};

use super::{Error, Phase, Reason};
use crate::body::ReadError;
use crate::call::request_id;
use crate::transport::never_sent;
use crate::{CallInfo, Category, ConstraintError, DecodeError, FormatError, InvalidHeader, StyleError};

/// There was no answer. The URL is dropped: it may hold an account number.
impl<E> From<reqwest::Error> for Error<E> {
    fn from(error: reqwest::Error) -> Self {
        let phase = if never_sent(&error) { Phase::BeforeSending } else { Phase::MaybeSent };
        Self::new(phase, Reason::Transport(error.without_url()))
    }
}

/// The errors that a client's hooks give back.
impl<E> From<progenitor_client::Error<E>> for Error<E> {
    fn from(error: progenitor_client::Error<E>) -> Self {
        use progenitor_client::Error as Lower;

        match error {
            Lower::InvalidRequest(message) => Self::invalid_request(message),
            Lower::Custom(message) => Self::new(Phase::BeforeSending, Reason::Refused(message)),
            Lower::CommunicationError(error) => error.into(),
            Lower::InvalidUpgrade(error) | Lower::ResponseBodyError(error) => {
                let mut answered =
                    Self::new(Phase::Answered, Reason::Unreadable(ReadError::Connection(error.without_url())));
                answered.0.raw_body_is_truncated = true;
                answered
            }
            Lower::InvalidResponsePayload(body, error) => {
                let failure = DecodeError::new(Category::Data, error);
                let mut answered = Self::new(Phase::Answered, Reason::Undecodable(failure));
                answered.0.raw_body_is_truncated = !body.is_empty();
                answered
            }
            Lower::ErrorResponse(value) => {
                let mut answered = Self::from_head(value.status(), value.headers().clone());
                answered.0.body = Some(value.into_inner());
                answered
            }
            Lower::UnexpectedResponse(response) => {
                let call = CallInfo::of(&response);
                let headers = response.headers().clone();
                Self::answered(response.status(), headers, call, &Bytes::new(), Reason::Status)
            }
        }
    }
}

impl<E> Error<E> {
    fn from_head(status: StatusCode, headers: HeaderMap) -> Self {
        let call = CallInfo { request_id: request_id(&headers), ..CallInfo::default() };
        Self::answered(status, headers, call, &Bytes::new(), Reason::Status)
    }
}

macro_rules! from_refused_argument {
    ($($error:ty),*) => {$(
        impl<E> From<$error> for Error<E> {
            fn from(error: $error) -> Self {
                Self::invalid_request(error.to_string())
            }
        }
    )*};
}
from_refused_argument!(InvalidHeader, InvalidHeaderValue, ConstraintError, FormatError, StyleError);

impl<E> From<Infallible> for Error<E> {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}
