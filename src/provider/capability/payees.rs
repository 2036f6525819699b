//! Whom an account holder has stored to pay.

use crate::domain::{ConsentReference, Payee};
use crate::provider::Reply;

capability! {
    /// Reads stored payees.
    pub trait Payees: Send + Sync {
        /// The stored payees of an account.
        fn payees<'a>(&'a self, consent: &'a ConsentReference, account_id: &'a str) -> Reply<'a, Vec<Payee>>;
    }
}
