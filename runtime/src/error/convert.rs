//! Errors of the layers below.

use std::convert::Infallible;

use reqwest::header::InvalidHeaderValue;

use super::{Error, Phase, Reason};
use crate::transport::never_sent;
use crate::{ConstraintError, FormatError, InvalidHeader, StyleError};

/// There was no answer. The URL is dropped: it may hold an account number.
impl<E> From<reqwest::Error> for Error<E> {
    fn from(error: reqwest::Error) -> Self {
        let phase = if never_sent(&error) { Phase::BeforeSending } else { Phase::MaybeSent };
        Self::new(phase, Reason::Transport(error.without_url()))
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
