//! What of a document was exercised by calls.

use serde::{Deserialize, Serialize};

/// How many of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// How many.
    pub done: usize,
    /// Of how many.
    pub of: usize,
}

/// What of the document was exercised by calls.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Operations that the client called.
    pub operations: Tally,
    /// Documented responses that the client was given and handed on; a range or `default` counts
    /// as one.
    pub responses: Tally,
    /// Each operation, by path and method.
    pub tree: Vec<OperationCoverage>,
}

/// What of an operation was exercised.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct OperationCoverage {
    /// Its path template.
    pub path: String,
    /// Its method.
    pub method: String,
    /// Its id.
    pub operation: String,
    /// Whether the client called it.
    pub called: bool,
    /// Its documented responses.
    pub responses: Vec<ResponseCoverage>,
}

/// Whether a response was exercised.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ResponseCoverage {
    /// The status, as documented.
    pub status: String,
    /// Whether the client was given it and handed it on.
    pub given: bool,
}

impl Coverage {
    /// Counts what is in a tree, and sorts it.
    #[must_use]
    pub fn new(mut tree: Vec<OperationCoverage>) -> Self {
        tree.sort();
        let tally = |done: Vec<bool>| Tally { done: done.iter().filter(|done| **done).count(), of: done.len() };
        Self {
            operations: tally(tree.iter().map(|operation| operation.called).collect()),
            responses: tally(
                tree.iter().flat_map(|operation| &operation.responses).map(|response| response.given).collect(),
            ),
            tree,
        }
    }
}
