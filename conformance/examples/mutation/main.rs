//! How many faults of a server the probe finds: right servers of all providers, then one fault at a time.
//!
//! ```sh
//! cargo run --release -p obkit-conformance --example mutation -- --faults 200 --seed 1
//! cargo run --release -p obkit-conformance --example mutation -- --list
//! cargo run --release -p obkit-conformance --example mutation -- --serve 17 --port 8080
//! ```
//!
//! `--serve` serves fault number N (0: the right server of `--provider`) on a port, such that other tools can be asked what they find;
//! every scheme's secret is `user:obkit-secret`. Exits with 1 when a right server is blamed, or fewer than `--goal` percent are found.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "../../tests/faulty/mod.rs"]
mod faulty;
mod seeds;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use faulty::{Fault, Faulty, SECRET};
use obkit_codegen::{Document, Spec};
use obkit_conformance::Contract;
use obkit_conformance::probe::{self, Credentials, Options, ProbeReport, Secret, Selection, Target};
use seeds::{Seeded, seeded};

const PROVIDERS: [&str; 5] = ["yapily", "fena", "finqlink", "candescent", "wych"];

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(run())
}

fn argument(name: &str) -> Option<String> {
    let mut arguments = std::env::args().skip_while(|argument| argument != name);
    arguments.next()?;
    arguments.next()
}

fn number(name: &str, other: u64) -> u64 {
    argument(name).map_or(other, |text| text.parse().unwrap_or_else(|_| panic!("{name} takes a number")))
}

fn contracts() -> Vec<Arc<Contract>> {
    let read = |provider: &&str| {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../specs/{provider}/openapi.yaml"));
        let spec = Spec::read(Document::load(file).unwrap()).unwrap();
        Arc::new(Contract::new(*provider, spec))
    };
    PROVIDERS.iter().map(read).collect()
}

async fn run() -> ExitCode {
    let contracts = contracts();
    let (count, seed) = (number("--faults", 200), number("--seed", 1));
    let faults = seeded(&contracts, count as usize, seed);
    if std::env::args().any(|argument| argument == "--list") {
        let mut out = std::io::stdout().lock();
        for (index, Seeded { kind, contract, fault, .. }) in faults.iter().enumerate() {
            let provider = contracts[*contract].provider();
            // Whoever reads it may have read enough.
            if writeln!(out, "{} {provider} {kind}: {fault:?}", index + 1).is_err() {
                break;
            }
        }
        return ExitCode::SUCCESS;
    }
    if argument("--serve").is_some() {
        return serve(&contracts, &faults).await;
    }
    let began = Instant::now();
    let mut blamed = 0;
    for contract in &contracts {
        let report = probed(contract, Fault::None, Selection::default()).await;
        let asked = report.operations - report.never_succeeded.len();
        println!(
            "{}: a right server: {} requests, {:.0} a second, {asked}/{} operations with success, {} findings",
            contract.provider(),
            report.requests,
            report.requests as f64 / report.seconds,
            report.operations,
            report.failures.len()
        );
        for failure in &report.failures {
            println!(
                "  {}[{}] {:?}: {}",
                failure.finding.severity, failure.finding.rule, failure.finding.operation, failure.finding.message
            );
        }
        blamed += report.failures.len();
    }
    let mut kinds: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (index, Seeded { kind, contract, fault, operations }) in faults.iter().enumerate() {
        let selection = Selection { include: operations.clone(), ..Selection::default() };
        let report = probed(&contracts[*contract], fault.clone(), selection).await;
        let tally = kinds.entry(kind).or_default();
        tally.1 += 1;
        if report.failures.is_empty() {
            println!("missed {}: {} {kind}: {fault:?}", index + 1, contracts[*contract].provider());
        } else {
            tally.0 += 1;
        }
    }
    println!("\n| fault | found | of |\n|---|---:|---:|");
    for (kind, (found, of)) in &kinds {
        println!("| {kind} | {found} | {of} |");
    }
    let (found, of) = kinds.values().fold((0, 0), |(a, b), (found, of)| (a + found, b + of));
    let share = found as f64 * 100.0 / (of as f64).max(1.0);
    println!(
        "| all | {found} | {of} |\n\n{share:.1} % found in {:.0} s; right servers blamed {blamed} times",
        began.elapsed().as_secs_f64()
    );
    if blamed == 0 && share >= number("--goal", 95) as f64 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn probed(contract: &Arc<Contract>, fault: Fault, operations: Selection) -> ProbeReport {
    let server = Faulty::start(Arc::clone(contract), fault).await;
    let mut credentials = Credentials::default();
    credentials.any(Secret::new(SECRET.to_owned()));
    let target = Target::new(&server.base_url(), &[]).unwrap();
    let options = Options { operations, shrink_budget: 0, fuzz_cases: 40, ..Options::default() };
    probe::run(Arc::clone(contract), target, credentials, options).await.unwrap()
}

async fn serve(contracts: &[Arc<Contract>], faults: &[Seeded]) -> ExitCode {
    let index = number("--serve", 0) as usize;
    let port = u16::try_from(number("--port", 8080)).unwrap();
    let named = argument("--provider").unwrap_or_else(|| "fena".to_owned());
    let (contract, fault) = match index.checked_sub(1).and_then(|index| faults.get(index)) {
        Some(seeded) => (&contracts[seeded.contract], seeded.fault.clone()),
        None => (contracts.iter().find(|contract| contract.provider() == named).unwrap(), Fault::None),
    };
    let server = Faulty::start_at(Arc::clone(contract), fault.clone(), port).await;
    println!("{} at {}: {fault:?}", contract.provider(), server.base_url());
    std::future::pending::<()>().await;
    ExitCode::SUCCESS
}
