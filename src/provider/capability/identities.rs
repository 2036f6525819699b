//! Who holds the accounts.

use crate::domain::{ConsentReference, Identity};
use crate::provider::Reply;

capability! {
    /// Reads who holds the accounts.
    pub trait Identities: Send + Sync {
        /// The person or organisation behind a consent.
        fn identity<'a>(&'a self, consent: &'a ConsentReference) -> Reply<'a, Identity>;
    }
}
