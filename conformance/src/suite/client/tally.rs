//! What a client was tried with.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How much of a document was looked for in the client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ledger {
    /// Operations, by calling them.
    pub operations: usize,
    /// Parameters, in the requests that arrived.
    pub parameters: usize,
    /// Bodies of operations and webhooks, each of which has a type.
    pub bodies: usize,
    /// Named schemas that some operation leads to.
    pub schemas: usize,
}

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
    /// Properties and listed values that were looked for among what a type knows by name.
    pub names: usize,
    /// What else of the document was looked for in the client.
    pub ledger: Ledger,
    /// Calls whose requests were compared, byte for byte, with what the document says of their arguments.
    pub requests: usize,
    /// Texts of every kind that were given as arguments.
    pub texts: usize,
    /// Those of them that were refused, because the place cannot carry them.
    pub refused_texts: usize,
    /// Calls with marks in their arguments and answers, which were then looked for in all that is printed.
    pub secrets: usize,
    /// Answers that no document has.
    pub undocumented: usize,
    /// Answers that sent the client to another server.
    pub redirects: usize,
    /// Mutants that were taken because the client is wider than the schema by design, by what they break. For example: `received pattern`.
    pub wider_by_design: BTreeMap<String, usize>,
}

impl Tried {
    /// Adds what else was tried.
    pub(crate) fn add(&mut self, other: &Self) {
        self.payloads += other.payloads;
        self.mutants += other.mutants;
        self.refused += other.refused;
        self.additions += other.additions;
        self.names += other.names;
        self.ledger.operations += other.ledger.operations;
        self.ledger.parameters += other.ledger.parameters;
        self.ledger.bodies += other.ledger.bodies;
        self.ledger.schemas += other.ledger.schemas;
        self.secrets += other.secrets;
        self.requests += other.requests;
        self.texts += other.texts;
        self.refused_texts += other.refused_texts;
        self.undocumented += other.undocumented;
        self.redirects += other.redirects;
        for (what, count) in &other.wider_by_design {
            *self.wider_by_design.entry(what.clone()).or_default() += count;
        }
    }
}
