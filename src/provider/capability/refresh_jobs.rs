//! The capability to have data fetched anew.

use crate::domain::{ConsentReference, RefreshJob};
use crate::provider::Reply;

capability! {
    /// Has the data of a consent fetched from the institution, where the provider keeps a copy.
    pub trait RefreshJobs: Send + Sync {
        /// Starts a job.
        fn refresh<'a>(&'a self, consent: &'a ConsentReference) -> Reply<'a, RefreshJob>;

        /// The state of a job; see [`until_final`](crate::provider::until_final).
        fn refresh_job<'a>(&'a self, id: &'a str) -> Reply<'a, RefreshJob>;
    }
}
