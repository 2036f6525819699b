//! One exchange, whatever it was recorded as.

use std::ops::RangeInclusive;

use super::bad::Unreadable;
use crate::base_url::{Origin, Url};
use crate::exchange::{Request, Response};

/// A request, where it went, and what was answered.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// Who it is with.
    pub origin: Origin,
    /// The request; its path is the whole one, as it stands in the URL.
    pub request: Request,
    /// Whether its body is known.
    pub request_body: Recorded,
    /// The answer; none where none came.
    pub response: Option<Response>,
    /// Whether its body is known.
    pub response_body: Recorded,
}

/// Whether a body is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// It is; an empty one was empty.
    Whole,
    /// It was not recorded.
    Missing,
    /// Not to its end.
    Cut,
    /// In a coding that is not undone here, such as `br`.
    Coded,
}

impl Recorded {
    /// Why a body is not known.
    pub(crate) const UNKNOWN: [Self; 3] = [Self::Coded, Self::Cut, Self::Missing];

    /// What the findings call it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Missing => "missing",
            Self::Cut => "cut",
            Self::Coded => "coded",
        }
    }
}

/// What a status can be (RFC 9110, section 15); those from 600 on are wrong, and are answered all the same.
pub(super) const STATUSES: RangeInclusive<u16> = 100..=999;

/// The URL of a recorded request.
pub(super) fn url(text: &str) -> Result<Url<'_>, Unreadable> {
    Url::of(text).ok_or_else(|| Unreadable::new("its URL is none"))
}
