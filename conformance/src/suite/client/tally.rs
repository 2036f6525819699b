//! What a client was tried with.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How much a client was tried with, beyond the examples of its document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tried {
    /// Valid payloads that went through a generated type and back.
    pub payloads: usize,
    /// Payloads that their schema refuses, given to a generated type.
    pub mutants: usize,
    /// Those of them that the type refused, or the client before sending.
    pub refused: usize,
    /// Answers with a value, a member or an alternative that the document does not name.
    pub additions: usize,
    /// Those that were taken because the client is wider than the schema by design, by what they break. For example: `received pattern`.
    pub wider_by_design: BTreeMap<String, usize>,
}

impl Tried {
    /// Adds what else was tried.
    pub(crate) fn add(&mut self, other: &Self) {
        self.payloads += other.payloads;
        self.mutants += other.mutants;
        self.refused += other.refused;
        self.additions += other.additions;
        for (what, count) in &other.wider_by_design {
            *self.wider_by_design.entry(what.clone()).or_default() += count;
        }
    }
}
