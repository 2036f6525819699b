//! What a program may watch.

use std::time::Duration;

use reqwest::{Method, StatusCode};

use crate::Phase;

/// Something that counts and measures attempts: the way to a program's metrics.
///
/// Both methods are called on the way of a request, so they must be quick and must not block. They learn
/// no URL, header or body.
pub trait Observer: Send + Sync {
    /// An attempt begins. Tokens and the rate limit have been waited for.
    fn on_attempt(&self, attempt: &Attempt<'_>) {
        let _ = attempt;
    }

    /// An attempt ended: with an answer, of which the head has been read, or without. Not called when the call is given up
    /// meanwhile.
    fn on_answer(&self, attempt: &Attempt<'_>, answer: &AttemptAnswer) {
        let _ = (attempt, answer);
    }
}

/// One request of a call.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// The name of the provider.
    pub provider: &'static str,
    /// The `operationId` of the provider's document.
    pub operation_id: &'static str,
    /// The method of the request.
    pub method: &'a Method,
    /// The how-manieth attempt of the call it is, from 1.
    pub number: u32,
}

/// What became of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AttemptAnswer {
    /// How far the attempt came.
    pub phase: Phase,
    /// The status of the answer, if there is one.
    pub status: Option<StatusCode>,
    /// The time from the beginning of the attempt.
    pub duration: Duration,
}
