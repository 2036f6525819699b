//! Who may draw from an account.

use crate::domain::{ConsentReference, DirectDebit};
use crate::provider::Reply;

capability! {
    /// Reads direct debits.
    pub trait DirectDebits: Send + Sync {
        /// The direct debits of an account.
        fn direct_debits<'a>(&'a self, consent: &'a ConsentReference, account_id: &'a str) -> Reply<'a, Vec<DirectDebit>>;
    }
}
