//! What is told about each request.

use std::fmt;

use serde::Serialize;

use super::breach::Breach;

/// What became of one request. It holds no values of the request and nothing of its body: the path is the document's
/// template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The method.
    pub method: String,
    /// The path template; none when the path is not documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The operation's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// The status that was answered.
    pub status: u16,
    /// What the answer rests on.
    pub basis: Basis,
    /// What breaks the contract.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub violations: Vec<Breach>,
    /// What is noted about the request and is no reason to refuse it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Breach>,
    /// Preferences that could not be met, with the reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unmet: Vec<String>,
    /// The fault that was injected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// How long it took to judge the request and to make the answer, without injected delays, in microseconds.
    pub micros: u64,
}

/// What an answer rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Basis {
    /// A documented example, or a documented response without a body.
    Documented,
    /// A body that was generated from its schema.
    Generated,
    /// What [`ContractServer::promise`](super::ContractServer::promise) said.
    Promised,
    /// The request was refused.
    Refused,
    /// The methods of a path, which no document needs to speak of.
    Methods,
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Documented => "documented",
            Self::Generated => "generated",
            Self::Promised => "promised",
            Self::Refused => "refused",
            Self::Methods => "methods",
        })
    }
}
