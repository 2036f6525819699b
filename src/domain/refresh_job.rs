//! Jobs that fetch the data of a consent anew.

use schemars::JsonSchema;
use serde::Serialize;

use super::code::codes;
use super::{Coded, Source};

/// A job that fetches the data of a consent from the institution.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct RefreshJob {
    /// The provider's id of the job.
    pub id: String,
    /// The consent whose data is fetched, where the provider says it.
    pub consent_id: Option<String>,
    /// How far it is.
    pub status: Coded<RefreshJobStatus>,
    /// The provider's own value.
    #[serde(skip)]
    pub source: Source,
}

codes! {
    /// How far a job is; ISO 20022 has no codes for it. A job can fail, in a word that no provider publishes.
    pub enum RefreshJobStatus {
        /// It runs.
        Started,
        /// Its data can be read.
        Completed,
    }
}
