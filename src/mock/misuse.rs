//! What a test asks of the provider and cannot be.

use std::fmt;

use crate::domain::{IllegalTransition, PaymentLinkStatus, PaymentStatus};

/// What the test asked for cannot happen. Its `Debug` is its message, so that a failed test shows it.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Misuse {
    /// There is nothing of this id that could change so.
    Unknown(String),
    /// No consent or mandate goes from the one state to the other.
    Consent(IllegalTransition),
    /// The payment of this id has come to its end.
    Payment(String, PaymentStatus),
    /// The payment link of this id has come to its end.
    Link(String, PaymentLinkStatus),
}

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(id) => write!(f, "there is no `{id}` that could change so"),
            Self::Consent(error) => error.fmt(f),
            Self::Payment(id, status) => write!(f, "payment {id} is {status:?} and stays so"),
            Self::Link(id, status) => write!(f, "payment link {id} is {status:?} and stays so"),
        }
    }
}

impl fmt::Debug for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Misuse {}
