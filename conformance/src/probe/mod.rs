//! Servers, asked what their document says of them.
//!
//! [`run`] sends a server requests that are made from its document, right ones and wrong ones, and judges each answer: by the
//! document ([`exchange::check_response`](crate::exchange::check_response)) and by what is expected of a server (the checks
//! `BH001` and on). What a request is worth is decided by the document alone: a right request has been accepted by
//! [`exchange::check`](crate::exchange::check), a wrong one refused.
//!
//! Every finding comes with the smallest request that was found to show it, as a `curl` line and as a [`Replay`].
//!
//! A probe creates, changes and deletes, and can make payments. It sends to its [`Target`] and to nowhere else, follows no
//! redirect, uses no proxy, and a host other than this machine has to be allowed by name.

mod case;
mod credentials;
mod draft;
mod emit;
mod failure;
mod judge;
mod links;
mod maker;
mod options;
mod pace;
mod plan;
mod queue;
mod replay;
mod report;
mod send;
mod shrink;
mod stateful;
mod stock;
mod target;

use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

pub use self::case::{Capture, Expects};
pub use self::credentials::{Credentials, Presents, Secret};
pub use self::emit::test_of;
pub use self::failure::{Failure, Replay, Step};
pub use self::options::{Options, Phase, Selection};
pub use self::replay::{Asked, Replayed, ask_again, replay_of};
pub use self::report::{Planned, ProbeReport};
pub use self::target::{Target, TargetError};

use self::case::Case;
use self::maker::Maker;
use self::pace::Pace;
use self::plan::Plan;
use self::queue::Job;
use self::send::{Answer, NoAnswer, Sender};
use self::stock::Stocks;
use crate::contract::Contract;
use crate::coverage::Marks;
use crate::exchange::check_breaches;
use crate::finding::{Finding, Untold};

/// After how many requests in a row that reach no server a probe gives up.
const UNREACHABLE: u64 = 16;

/// How many failures are kept. A server may answer with ever new names.
const MAX_FAILURES: usize = 10_000;

/// How many of them, the worst first, are made smaller.
const MAX_SHRUNK: usize = 100;

/// Where a case stands in a run: what is found first is told.
pub(crate) type Place = (usize, usize);

/// A probe under way.
#[derive(Debug)]
struct Probe {
    contract: Arc<Contract>,
    sender: Sender,
    options: Options,
    stocks: Stocks,
    record: Mutex<Record>,
    marks: Marks,
    unreachable: AtomicU64,
    answered: AtomicBool,
    /// Whether something was left undone.
    stopped: AtomicBool,
}

/// What was seen.
#[derive(Debug, Default)]
struct Record {
    found: BTreeMap<String, Found>,
    /// Operations that no request could be made for, and why.
    skipped: BTreeMap<String, String>,
    /// How often an operation answered a status.
    statuses: BTreeMap<String, BTreeMap<u16, u64>>,
    phases: BTreeMap<Phase, u64>,
    untold: Untold,
}

#[derive(Debug)]
struct Found {
    place: Place,
    finding: Finding,
    case: Case,
    count: u64,
}

/// Probes a server. Needs a tokio runtime with its drivers enabled; several threads of it are used.
///
/// # Errors
/// No HTTP client can be made, an operation is named that is not there, or no server answers.
pub async fn run(
    contract: Arc<Contract>,
    target: Target,
    credentials: Credentials,
    options: Options,
) -> Result<ProbeReport, String> {
    options.operations.check(contract.spec())?;
    let began = Instant::now();
    let pace = Pace::new(options.max_time, options.rate);
    let sender = Sender::new(target, credentials, pace, options.timeout)?;
    let stocks = Stocks::new(options.seed, random(&options));
    let marks = Marks::new(&contract);
    let probe = Probe {
        contract,
        sender,
        options,
        stocks,
        record: Mutex::default(),
        marks,
        unreachable: AtomicU64::new(0),
        answered: AtomicBool::new(false),
        stopped: AtomicBool::new(false),
    };
    let probe = Arc::new(probe);
    let (others, deleting) = probe.jobs();
    queue::work(&probe, others).await;
    if probe.options.phases.contains(&Phase::Stateful) {
        probe.walk().await;
    }
    queue::work(&probe, deleting).await;
    if !probe.answered.load(Ordering::Relaxed) && probe.sender.sent() > 0 {
        return Err(probe.sender.target.silent());
    }
    // That the time is over before failures are as small as they can be leaves nothing unasked.
    let cut_short = probe.stopped.load(Ordering::Relaxed) || probe.sender.pace.is_spent();
    let failures = probe.failures().await;
    Ok(probe.report(failures, began.elapsed(), cut_short))
}

/// How many values by chance are kept of a schema.
fn random(options: &Options) -> usize {
    if options.phases.contains(&Phase::Fuzz) { options.fuzz_cases.clamp(1, 64) } else { 0 }
}

/// What a run would send, without sending it. What is created, read and deleted in turn depends on the answers and is not
/// counted.
///
/// # Errors
/// An operation is named that is not there.
pub fn plan(contract: &Contract, options: &Options, has_credentials: bool) -> Result<Vec<Planned>, String> {
    options.operations.check(contract.spec())?;
    let stocks = Stocks::new(options.seed, random(options));
    let plan = Plan { contract, stocks: &stocks, seed: options.seed, fuzz_cases: options.fuzz_cases, has_credentials };
    let operations = contract.spec().operations().iter().enumerate();
    let selected = operations.filter(|(_, operation)| options.operations.takes(operation));
    Ok(selected
        .map(|(index, operation)| {
            let mut planned = Planned { operation: operation.id.clone(), ..Planned::default() };
            // What is made for a phase is there for the others.
            let _stocks = plan.stocks(index);
            for phase in options.phases.iter().copied().filter(|phase| *phase != Phase::Stateful) {
                match Maker::new(&plan, Job { place: 0, phase, operation: index }) {
                    Ok(mut maker) => {
                        let cases = std::iter::from_fn(|| maker.next(&plan, || false));
                        planned.requests.insert(phase, cases.count());
                    }
                    Err(why) => planned.skipped = Some(why),
                }
            }
            planned
        })
        .collect())
}

impl Probe {
    fn record(&self) -> MutexGuard<'_, Record> {
        // Whoever panicked while holding it left whole values behind.
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn plan(&self) -> Plan<'_> {
        Plan {
            contract: &self.contract,
            stocks: &self.stocks,
            seed: self.options.seed,
            fuzz_cases: self.options.fuzz_cases,
            has_credentials: !self.sender.credentials.is_empty(),
        }
    }

    /// The parts of the run; those of operations that delete stand by themselves, as they take away what others ask for.
    fn jobs(&self) -> (Vec<Job>, Vec<Job>) {
        let mut jobs = Vec::new();
        for phase in Phase::ALL.into_iter().filter(|phase| self.options.phases.contains(phase)) {
            for (operation, one) in self.contract.spec().operations().iter().enumerate() {
                if self.options.operations.takes(one) {
                    jobs.push((Job { place: jobs.len(), phase, operation }, one.method == "DELETE"));
                }
            }
        }
        let (deleting, others): (Vec<_>, Vec<_>) = jobs.into_iter().partition(|(_, deletes)| *deletes);
        let jobs = |all: Vec<(Job, bool)>| all.into_iter().map(|(job, _)| job).collect();
        (jobs(others), jobs(deleting))
    }

    /// Makes the requests of a part; none, where that cannot be done.
    fn maker(&self, job: Job) -> Option<Maker> {
        let made = Maker::new(&self.plan(), job);
        made.map_err(|why| {
            if let Some(operation) = self.contract.spec().operations().get(job.operation) {
                self.record().skipped.insert(operation.id.clone(), why);
            }
        })
        .ok()
    }

    /// Whether nothing more is sent.
    fn is_over(&self) -> bool {
        self.sender.pace.is_over() || self.unreachable.load(Ordering::Relaxed) >= UNREACHABLE
    }

    /// The same, asked by whoever would send more: then something is left undone.
    fn stops(&self) -> bool {
        let is_over = self.is_over();
        self.stopped.fetch_or(is_over, Ordering::Relaxed);
        is_over
    }

    async fn ask(&self, case: &Case) -> Result<Answer, NoAnswer> {
        let Some(operation) = self.contract.spec().operations().get(case.operation) else {
            return Err(NoAnswer::NotSent);
        };
        let answer = self.sender.send(&self.contract, operation, &case.request, case.presents).await;
        match &answer {
            Ok(_) => {
                self.answered.store(true, Ordering::Relaxed);
                self.unreachable.store(0, Ordering::Relaxed);
            }
            Err(NoAnswer::Unreachable) => _ = self.unreachable.fetch_add(1, Ordering::Relaxed),
            Err(_) => {}
        }
        answer
    }

    fn judged(&self, case: &Case, answer: &Result<Answer, NoAnswer>, marks: Option<&Marks>) -> Vec<Finding> {
        judge::judge(&self.contract, case, answer, self.options.max_response_time, marks)
    }

    /// Sends a case and keeps what is found.
    async fn probe(&self, place: Place, case: Case) -> Result<Answer, NoAnswer> {
        let answer = self.ask(&case).await;
        let found = self.judged(&case, &answer, Some(&self.marks));
        if answer.is_ok() && !case.is_to_be_refused() {
            // A server need not have looked at what it refuses.
            check_breaches(&self.contract, &case.request, Some(&self.marks));
        }
        let mut record = self.record();
        if !matches!(answer, Err(NoAnswer::NotSent)) {
            *record.phases.entry(case.phase).or_default() += 1;
        }
        let operation = self.contract.spec().operations().get(case.operation);
        if let (Ok(answer), Some(operation)) = (&answer, operation)
            && case.expects != Expects::RefusalOfMethod
        {
            let statuses = record.statuses.entry(operation.id.clone()).or_default();
            *statuses.entry(answer.response.status).or_default() += 1;
        }
        let mut told = HashSet::new();
        for finding in found {
            // Of a list, many items may show the same: one answer counts once.
            if !told.insert(finding.fingerprint.clone()) {
                continue;
            }
            if record.found.len() >= MAX_FAILURES && !record.found.contains_key(&finding.fingerprint) {
                record.untold.count(finding.severity);
                continue;
            }
            let new = || Found { place, finding: finding.clone(), case: case.clone(), count: 0 };
            let known = record.found.entry(finding.fingerprint.clone()).or_insert_with(new);
            known.count += 1;
            if place < known.place {
                (known.place, known.finding, known.case) = (place, finding, case.clone());
            }
        }
        answer
    }

    /// What was found, each with the smallest request that shows it; in the order in which it would be found by one worker.
    async fn failures(&self) -> Vec<Failure> {
        let found = std::mem::take(&mut self.record().found);
        let mut found: Vec<Found> = found.into_values().collect();
        found.sort_by(|a, b| b.finding.severity.cmp(&a.finding.severity).then(a.place.cmp(&b.place)));
        let mut failures = Vec::new();
        for (number, Found { finding, case, count, .. }) in found.into_iter().enumerate() {
            // What a state leads to is not asked for again in another state.
            let shrinks = number < MAX_SHRUNK && case.before.is_empty();
            let case = if shrinks { self.shrink(&finding, case).await } else { case };
            failures.push(Failure::new(self, finding, &case, count));
        }
        failures
    }
}
