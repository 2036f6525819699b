//! The main job: does everything about a provider agree?
//!
//! [`run`] takes a contract, a typed client and a server that both stand on the same document, and
//! looks at all of it: that every schema can be enforced and rejects something, that every example
//! is valid, survives the generated types and maps to the domain, and that the client sends what
//! the document asks for and understands every answer it promises.

mod arrival;
mod calls;
#[cfg(feature = "workspace")]
pub mod capabilities;
mod examples;
mod round_trips;
mod schemas;

use std::collections::{BTreeSet, HashSet};

pub use examples::examples;
use serde::Serialize;

use crate::contract::Contract;
use crate::finding::{Finding, Severity};
use crate::server::ContractServer;
use crate::typed_client::TypedClient;

/// How far a run has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress<'p> {
    /// The provider.
    pub provider: &'p str,
    /// What is being done.
    pub stage: Stage,
    /// The operation it is done to.
    pub operation: Option<&'p str>,
    /// How many operations the stage is through with.
    pub done: usize,
    /// How many it has to do.
    pub of: usize,
}

/// A part of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Schemas are compiled and tried with mutants.
    Schemas,
    /// Examples are validated.
    Examples,
    /// Examples go through the generated types and the domain.
    RoundTrips,
    /// The client calls the server.
    Calls,
    /// Capabilities are called through the domain.
    Capabilities,
}

/// How many of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// How many.
    pub done: usize,
    /// Of how many.
    pub of: usize,
}

/// What of the document was exercised by calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Operations that the client called.
    pub operations: Tally,
    /// Documented responses that the client was given and handed on; a range or `default` counts
    /// as one.
    pub responses: Tally,
}

/// What a run did and found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ProviderReport {
    /// The provider.
    pub provider: String,
    /// Operations of the document.
    pub operations: usize,
    /// Examples that were validated.
    pub examples: usize,
    /// Examples that went through their generated type and back.
    pub round_trips: usize,
    /// Examples that were mapped to the domain.
    pub mapped: usize,
    /// Calls that were to be answered with success.
    pub calls: usize,
    /// Calls that were to be answered with a documented error.
    pub error_calls: usize,
    /// Calls of the provider's capabilities, through the domain.
    pub domain_calls: usize,
    /// Methods of declared capabilities that the provider says it lacks.
    pub unsupported: BTreeSet<String>,
    /// Body schemas that say nothing, and therefore cannot reject anything.
    pub free_form_schemas: usize,
    /// Formats that nobody knows, and that are therefore not checked.
    pub unknown_formats: Vec<String>,
    /// What was found, the worst first.
    pub findings: Vec<Finding>,
    /// What was exercised.
    pub coverage: Coverage,
    /// Whether nothing at all was checked: a run that proves nothing must not pass.
    pub nothing_checked: bool,
}

impl ProviderReport {
    pub(crate) fn report(&mut self, finding: Finding) {
        self.findings.push(finding.provider(&self.provider));
    }

    /// Sorts the findings and drops those that were made more than once.
    fn finish(mut self) -> Self {
        self.nothing_checked = self.examples + self.round_trips + self.calls + self.error_calls == 0;
        let mut seen = HashSet::new();
        self.findings.retain(|finding| {
            seen.insert((finding.fingerprint.clone(), finding.line, finding.instance_pointer.clone()))
        });
        self.findings.sort_by(|a, b| {
            let key = |finding: &Finding| {
                // A wrong example is why what is made from it goes wrong.
                let consequence = !finding.rule.as_str().starts_with("EX");
                (
                    consequence,
                    finding.rule.to_string(),
                    finding.file.clone(),
                    finding.line,
                    finding.instance_pointer.clone(),
                )
            };
            b.severity.cmp(&a.severity).then_with(|| key(a).cmp(&key(b)))
        });
        self
    }

    /// The worst severity found.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }
}

/// Who is told how far a run has come.
pub type Observer<'o> = dyn FnMut(Progress<'_>) + Send + 'o;

/// Runs the whole suite. The server must stand on the same contract, and the client must have been
/// made with the server's base URL and credentials of the documented form. Needs a tokio runtime
/// with its timer enabled.
pub async fn run(
    contract: &Contract,
    client: &dyn TypedClient,
    server: &ContractServer,
    progress: &mut Observer<'_>,
) -> ProviderReport {
    let mut report = offline(contract, progress);
    round_trips::run(contract, client, &mut report, progress);
    calls::run(contract, client, server, &mut report, progress).await;
    report.finish()
}

/// The part of [`run`] that needs no client: schemas and examples.
#[must_use]
pub fn run_without_client(contract: &Contract, progress: &mut Observer<'_>) -> ProviderReport {
    offline(contract, progress).finish()
}

fn offline(contract: &Contract, progress: &mut Observer<'_>) -> ProviderReport {
    let mut report = ProviderReport {
        provider: contract.provider().to_owned(),
        operations: contract.spec().operations().len(),
        unknown_formats: contract.validators().unknown_formats().keys().cloned().collect(),
        ..ProviderReport::default()
    };
    schemas::run(contract, &mut report, progress);
    let of = contract.spec().operations().len();
    progress(Progress { provider: contract.provider(), stage: Stage::Examples, operation: None, done: 0, of });
    let (examples, findings) = examples(contract);
    report.examples = examples;
    report.findings.extend(findings);
    report
}
