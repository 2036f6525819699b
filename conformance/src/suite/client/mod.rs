//! The generated client, tried with more than any document has examples of.
//!
//! Everything is made from the document: payloads that its schemas accept and payloads that they refuse, values that
//! nobody listed, and requests with few, all and unusual arguments.

mod additions;
mod bodies;
mod caller;
mod credentials;
mod design;
mod effort;
mod expected;
mod ledger;
mod mutants;
mod payloads;
mod recorder;
mod refusals;
mod requests;
mod secrets;
mod statuses;
mod tally;
mod texts;
mod trip;

use std::collections::HashSet;
use std::{io, thread};

use self::bodies::{Body, Group, groups};
use self::caller::Caller;
pub use self::design::{Liberty, WIDER_BY_DESIGN, Way};
pub use self::effort::Effort;
use self::recorder::Recorder;
pub use self::tally::{Ledger, Tried};
use obkit_codegen::spec::Operation;

use super::{Observer, Progress, ProviderReport, Stage};
use crate::contract::Contract;
use crate::coverage::{Exercise, Marks};
use crate::finding::Finding;
use crate::generate::{Generator, Mutant};
use crate::shard::Shard;
use crate::typed_client::TypedClient;

/// What connects the client to a server, by its base URL.
pub type Connect<'c> = dyn Fn(&str) -> Option<Box<dyn TypedClient>> + 'c;

/// Tries a client. `connect` makes it: with credentials of the documented form, and so that a call is one request. What
/// is found is added to the report. Needs a tokio runtime with its timer enabled.
///
/// # Errors
/// No server could be started.
pub async fn run(
    contract: &Contract,
    connect: &Connect<'_>,
    shard: Shard,
    effort: Effort,
    mut report: ProviderReport,
    progress: &mut Observer<'_>,
) -> io::Result<ProviderReport> {
    let (recorder, elsewhere) = (Recorder::start().await?, Recorder::start().await?);
    let Some(client) = connect(&recorder.base_url()) else { return Ok(report) };
    let marks = Marks::new(contract);
    let exercise = marks.of(contract);
    let caller = Caller { contract, client: &*client, recorder: &recorder, exercise: &exercise };
    let operations = contract.spec().operations();
    let mut tell = |stage, operation, done| {
        progress(Progress { provider: contract.provider(), stage, operation, done, of: operations.len() });
    };
    tell(Stage::Types, None, 0);
    let mut found = types(&exercise, contract, &*client, shard, effort);
    let unsure = std::mem::take(&mut found.unsure);
    refusals::bodies(&caller, &unsure, &mut found).await;
    let held = |operation: &&Operation| shard.holds(contract.provider(), &operation.id);
    for (done, operation) in operations.iter().filter(held).enumerate() {
        tell(Stage::Requests, Some(&operation.id), done);
        ledger::operation(&caller, operation, &mut found).await;
        requests::run(&caller, operation, effort, &mut found).await;
        texts::run(&caller, operation, &mut found).await;
        refusals::parameters(&caller, operation, effort, &mut found).await;
        statuses::run(&caller, operation, &mut found).await;
        secrets::run(&caller, operation, effort, &mut found).await;
        credentials::run(&caller, &elsewhere, operation, &mut found).await;
    }
    report.tried.add(&found.tried);
    report.coverage.absorb(exercise.share([]));
    for finding in found.findings {
        report.report(finding);
    }
    Ok(report.finish())
}

/// Tries the types of all bodies, on all processors.
fn types<'c>(
    exercise: &Exercise<'_>,
    contract: &'c Contract,
    client: &dyn TypedClient,
    shard: Shard,
    effort: Effort,
) -> Found<'c> {
    let groups = groups(contract);
    let generators = generators(contract, effort, &groups);
    let workers = thread::available_parallelism().map_or(1, |count| count.get().min(8));
    let work = &|worker: usize| {
        let held = |(_, (group, _)): &(usize, (&Group<'_>, _))| shard.holds(contract.provider(), &group.unit());
        let own = groups.iter().zip(&generators).enumerate().filter(held).skip(worker).step_by(workers);
        // What cannot be enforced is a finding of the schemas.
        let own = own.filter_map(|(index, (group, generator))| Some((index, group, generator.as_ref()?)));
        own.map(|(index, group, generator)| (index, of_group(exercise, contract, client, effort, group, generator)))
            .collect::<Vec<_>>()
    };
    let mut tried: Vec<(usize, Found<'_>)> = thread::scope(|scope| {
        let others: Vec<_> = (1..workers).map(|worker| scope.spawn(move || work(worker))).collect();
        let mut all = work(0);
        for other in others {
            match other.join() {
                Ok(more) => all.extend(more),
                // Code under test must not panic; that it did is not hidden.
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    });
    tried.sort_by_key(|(index, _)| *index);
    let mut all = Found::default();
    if shard.holds(contract.provider(), Shard::DOCUMENT) {
        ledger::schemas(contract, client, &groups, &mut all);
    }
    for (_, found) in tried {
        all.tried.add(&found.tried);
        all.findings.extend(found.findings);
        all.unsure.extend(found.unsure);
    }
    all
}

/// What was tried of a schema, and found.
#[derive(Debug, Default)]
struct Found<'c> {
    tried: Tried,
    findings: Vec<Finding>,
    unsure: Vec<Unsure<'c>>,
}

/// A payload that the type of a request takes and its schema refuses.
#[derive(Debug)]
struct Unsure<'c> {
    body: Body<'c>,
    mutant: Mutant,
}

/// What makes the payloads of each group. A schema that several are made of is broken in the first.
fn generators<'c>(contract: &'c Contract, effort: Effort, groups: &[Group<'_>]) -> Vec<Option<Generator<'c>>> {
    let mut taken = HashSet::new();
    let mut generator = |group: &Group<'_>| {
        let generator = Generator::new(contract, group.direction, &group.schema).ok()?;
        let generator = generator.depth(effort.depth).values(effort.values);
        if effort.everywhere {
            return Some(generator);
        }
        let is_new = |schema: &&str| taken.insert((group.direction, group.is_sent(), (*schema).to_owned()));
        let own: Vec<String> = generator.schemas().filter(is_new).map(str::to_owned).collect();
        Some(generator.only(own))
    };
    groups.iter().map(&mut generator).collect()
}

fn of_group<'c>(
    exercise: &Exercise<'_>,
    contract: &Contract,
    client: &dyn TypedClient,
    effort: Effort,
    group: &Group<'c>,
    generator: &Generator<'_>,
) -> Found<'c> {
    let mut found = Found::default();
    payloads::run(exercise, contract, client, effort, group, generator, &mut found);
    mutants::run(contract, client, effort, group, generator, &mut found);
    additions::run(contract, client, effort, group, generator, &mut found);
    ledger::names::run(exercise, contract, client, effort, group, generator, &mut found);
    found
}
