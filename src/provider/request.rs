//! What every request needs before it is sent: what cannot be asked is refused while nothing has moved.

use obkit_runtime as runtime;

use crate::domain::Money;
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

/// An amount that can be paid: more than zero.
pub(crate) fn payable(amount: &Money) -> Result<&Money, Error> {
    if amount.amount.is_zero() || amount.amount.is_sign_negative() {
        return Err(invalid("the amount of a payment must be more than zero"));
    }
    Ok(amount)
}

/// A request that no provider could execute. The message names the member and never its value.
pub(crate) fn invalid(message: &'static str) -> Error {
    Error::Call(runtime::Error::invalid_request(message))
}
