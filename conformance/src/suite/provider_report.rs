//! What a run did for a provider, and what it found.

use std::collections::{BTreeSet, HashSet};

use serde::{Deserialize, Serialize};

use super::client::Tried;
use crate::coverage::Coverage;
use crate::finding::{Finding, Severity};

/// What a run did and found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderReport {
    /// The provider.
    pub provider: String,
    /// A hash of the document, which tells whether two reports speak of the same.
    pub document: String,
    /// Operations of the document.
    pub operations: usize,
    /// Examples that were validated.
    pub examples: usize,
    /// Examples that went through their generated type and back.
    pub round_trips: usize,
    /// Examples that were mapped to the domain.
    pub mapped: usize,
    /// What the client was tried with beyond the examples.
    pub tried: Tried,
    /// Calls that were to be answered with success.
    pub calls: usize,
    /// Calls that were to be answered with a documented error.
    pub error_calls: usize,
    /// Calls of the provider's capabilities, through the domain.
    pub domain_calls: usize,
    /// Payloads that were given to be judged.
    pub payloads: usize,
    /// Recorded exchanges that were judged.
    #[serde(default)]
    pub exchanges: usize,
    /// Methods of declared capabilities that the provider says it lacks.
    pub unsupported: BTreeSet<String>,
    /// Body schemas that say nothing, and therefore cannot reject anything.
    pub free_form_schemas: usize,
    /// Formats that nobody knows, and that are therefore not checked.
    pub unknown_formats: BTreeSet<String>,
    /// What was found, the worst first.
    pub findings: Vec<Finding>,
    /// What was exercised.
    pub coverage: Coverage,
    /// Whether nothing at all was checked: a run that proves nothing must not pass.
    pub nothing_checked: bool,
}

impl ProviderReport {
    /// Adds a finding about this provider.
    pub fn report(&mut self, finding: Finding) {
        self.findings.push(finding.provider(&self.provider));
    }

    /// Puts the findings into an order of their own, whatever order they were made in, and drops those that were made more than
    /// once.
    #[must_use]
    pub fn finish(mut self) -> Self {
        self.nothing_checked =
            self.examples + self.round_trips + self.calls + self.error_calls + self.payloads + self.exchanges == 0;
        self.sort();
        self
    }

    /// The order of the findings, each once.
    pub(crate) fn sort(&mut self) {
        self.findings.sort_by(|a, b| {
            let key = |finding: &Finding| {
                let words =
                    [&finding.file, &finding.instance_pointer, &finding.operation, &finding.status].map(Clone::clone);
                (finding.line, words, finding.media_type.clone(), finding.message.clone(), finding.fingerprint.clone())
            };
            let rank =
                |finding: &Finding| (std::cmp::Reverse(finding.severity), cause(finding), finding.rule.to_string());
            rank(a).cmp(&rank(b)).then_with(|| key(a).cmp(&key(b)))
        });
        let mut seen = HashSet::new();
        self.findings.retain(|finding| {
            seen.insert((finding.fingerprint.clone(), finding.line, finding.instance_pointer.clone()))
        });
    }

    /// Takes in what another part of the same run did and found.
    pub(crate) fn absorb(&mut self, other: Self) {
        self.operations += other.operations;
        self.examples += other.examples;
        self.round_trips += other.round_trips;
        self.mapped += other.mapped;
        self.tried.add(&other.tried);
        self.calls += other.calls;
        self.error_calls += other.error_calls;
        self.domain_calls += other.domain_calls;
        self.payloads += other.payloads;
        self.exchanges += other.exchanges;
        self.free_form_schemas += other.free_form_schemas;
        self.unsupported.extend(other.unsupported);
        self.unknown_formats.extend(other.unknown_formats);
        self.findings.extend(other.findings);
        self.coverage.absorb(other.coverage);
    }

    /// The worst severity found that counts.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().filter(|finding| finding.counts()).map(|finding| finding.severity).max()
    }
}

/// What stands in a document is why what is made from it goes wrong, and comes first.
fn cause(finding: &Finding) -> u8 {
    match finding.rule.check().id() {
        _ if finding.rule.check().is_lint() => 0,
        id if id.starts_with("EX") => 1,
        _ => 2,
    }
}
