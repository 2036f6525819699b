//! What every request needs before it is sent: what cannot be asked is refused while nothing has moved.

use super::mapping::invalid_request;
use crate::domain::{MandateRequest, Money};
use crate::error::{Error, Unsupported};

/// Writes requests of one provider.
#[derive(Clone, Copy)]
pub(crate) struct Writer {
    pub(crate) provider: &'static str,
}

impl Writer {
    /// The provider cannot express what was asked for.
    pub(crate) fn unsupported(self, what: &'static str) -> Error {
        Unsupported { provider: self.provider, what }.into()
    }

    /// A text that the provider bounds, counted in characters.
    pub(crate) fn at_most(self, longest: usize, text: &str, what: &'static str) -> Result<String, Error> {
        if text.chars().count() > longest { Err(self.unsupported(what)) } else { Ok(text.to_owned()) }
    }
}

/// An amount that can be paid: more than zero, and in whole minor units of its currency. Nothing is rounded.
pub(crate) fn payable(amount: &Money) -> Result<&Money, Error> {
    match amount.minor() {
        None => Err(invalid_request("the amount is not one of whole minor units of its currency")),
        Some(minor) if minor <= 0 => Err(invalid_request("the amount of a payment must be more than zero")),
        Some(_) => Ok(amount),
    }
}

/// Limits that can hold: each payable, none for a period twice, all in one currency, and an end after the beginning.
pub(crate) fn valid_limits(mandate: &MandateRequest) -> Result<(), Error> {
    payable(&mandate.max_per_payment)?;
    let mut seen = Vec::new();
    for limit in mandate.limits() {
        payable(&limit.amount)?;
        if limit.amount.currency != mandate.max_per_payment.currency {
            return Err(invalid_request("the limits are in different currencies"));
        }
        if seen.contains(&(limit.period, limit.alignment)) {
            return Err(invalid_request("a period has two limits"));
        }
        seen.push((limit.period, limit.alignment));
    }
    match (mandate.valid_from, mandate.valid_to) {
        (Some(from), Some(to)) if to <= from => Err(invalid_request("the mandate ends before it begins")),
        _ => Ok(()),
    }
}
