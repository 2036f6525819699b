//! Institutions.

use schemars::JsonSchema;
use serde::Serialize;

use super::Source;

/// A bank or other account servicer that a provider reaches.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Institution {
    /// The provider's id, which a consent request takes.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// Where it serves accounts: ISO 3166-1 alpha-2 codes.
    pub countries: Vec<String>,
    /// Where its logo is.
    pub logo_url: Option<String>,
    /// Whether it can be used now, where the provider says so.
    pub active: Option<bool>,
    /// What the provider offers for it, in the provider's words.
    pub features: Vec<String>,
    /// The provider's own value.
    #[serde(skip)]
    pub source: Source,
}
