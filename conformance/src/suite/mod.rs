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
pub mod client;
mod examples;
mod in_time;
mod provider_report;
mod round_trips;
mod schemas;

pub use examples::examples;
use obkit_codegen::spec::Operation;
pub use provider_report::ProviderReport;
use serde::Serialize;

use crate::contract::Contract;
use crate::server::ContractServer;
use crate::shard::Shard;
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
    /// Payloads made from schemas go through the generated types.
    Types,
    /// Requests are made with all kinds of arguments.
    Requests,
    /// The client calls the server.
    Calls,
    /// Capabilities are called through the domain.
    Capabilities,
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
    run_shard(contract, client, server, Shard::WHOLE, progress).await
}

/// Runs a part of the suite, as [`run`] does the whole.
pub async fn run_shard(
    contract: &Contract,
    client: &dyn TypedClient,
    server: &ContractServer,
    shard: Shard,
    progress: &mut Observer<'_>,
) -> ProviderReport {
    let work = Work { contract, shard, operations: held(contract, shard) };
    let mut report = offline(&work, progress);
    round_trips::run(&work, client, &mut report, progress);
    calls::run(&work, client, server, &mut report, progress).await;
    report.finish()
}

/// The part of [`run`] that needs no client: schemas and examples.
#[must_use]
pub fn run_without_client(contract: &Contract, progress: &mut Observer<'_>) -> ProviderReport {
    let shard = Shard::WHOLE;
    offline(&Work { contract, shard, operations: held(contract, shard) }, progress).finish()
}

/// What is to be done.
struct Work<'c> {
    contract: &'c Contract,
    shard: Shard,
    /// The operations that it is to be done to.
    operations: Vec<&'c Operation>,
}

impl Work<'_> {
    /// Whether a unit is among what is to be done.
    fn holds(&self, unit: &str) -> bool {
        self.shard.holds(self.contract.provider(), unit)
    }
}

fn held(contract: &Contract, shard: Shard) -> Vec<&Operation> {
    let operations = contract.spec().operations().iter();
    operations.filter(|operation| shard.holds(contract.provider(), &operation.id)).collect()
}

fn offline(work: &Work<'_>, progress: &mut Observer<'_>) -> ProviderReport {
    let (contract, of) = (work.contract, work.operations.len());
    let mut report = ProviderReport {
        provider: contract.provider().to_owned(),
        document: contract.fingerprint(),
        operations: of,
        ..ProviderReport::default()
    };
    if work.holds(Shard::DOCUMENT) {
        report.unknown_formats = contract.validators().unknown_formats().keys().cloned().collect();
    }
    schemas::run(work, &mut report, progress);
    progress(Progress { provider: contract.provider(), stage: Stage::Examples, operation: None, done: 0, of });
    let (examples, findings) = examples::of(work);
    report.examples = examples;
    report.findings.extend(findings);
    report
}
