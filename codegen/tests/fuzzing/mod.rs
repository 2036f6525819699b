//! The fuzzer: cases by number, one verdict each, failures by what they say.

mod case;
mod mutation;
mod seeds;
mod shrink;
mod verdict;
mod watchdog;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use case::Case;
use seeds::Seeds;
use verdict::{Verdict, judge};
use watchdog::Watchdog;

/// A case that takes longer is a failure.
const SLOW: Duration = Duration::from_secs(20);

/// A run: what has been tried and what has failed.
pub(crate) struct Fuzz {
    seed: u64,
    seeds: Seeds,
    watchdog: Watchdog,
    start: Instant,
    slowest: (Duration, u64),
    counts: BTreeMap<&'static str, u64>,
    failures: BTreeMap<String, Failure>,
}

/// Cases that fail alike.
struct Failure {
    count: u64,
    first: u64,
    smallest: String,
}

impl Fuzz {
    pub(crate) fn new(seed: u64) -> Self {
        println!("seed {seed}");
        Self {
            seed,
            seeds: Seeds::load(),
            watchdog: Watchdog::start(seed, SLOW),
            start: Instant::now(),
            slowest: (Duration::ZERO, 0),
            counts: BTreeMap::new(),
            failures: BTreeMap::new(),
        }
    }

    /// The text of a case; the same for the same seed.
    pub(crate) fn text(&self, case: u64) -> String {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&self.seed.to_le_bytes());
        bytes[8..16].copy_from_slice(&case.to_le_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        Case::strategy().new_tree(&mut runner).unwrap().current().text(&self.seeds)
    }

    pub(crate) fn try_case(&mut self, case: u64) {
        let text = self.text(case);
        self.watchdog.begin(case);
        let start = Instant::now();
        let verdict = judge(&text);
        self.slowest = self.slowest.max((start.elapsed(), case));
        self.watchdog.end();
        *self.counts.entry(verdict.name()).or_default() += 1;
        if let Verdict::Failed(how) = verdict {
            let failure = self.failures.entry(how.clone()).or_insert_with(|| {
                let smallest = shrink::shrink(&text, |text| judge(text) == Verdict::Failed(how.clone()));
                Failure { count: 0, first: case, smallest }
            });
            failure.count += 1;
        }
    }

    /// Says what has happened, and fails if anything has failed.
    pub(crate) fn finish(self) {
        let cases: u64 = self.counts.values().sum();
        let seconds = self.start.elapsed().as_secs_f64();
        println!("{cases} cases in {seconds:.1} s: {:?}", self.counts);
        println!("slowest: case {} in {:?}; peak memory: {}", self.slowest.1, self.slowest.0, peak_memory());
        let mut report = String::new();
        for (how, Failure { count, first, smallest }) in &self.failures {
            report.push_str(&format!("\n{count} times, first in case {first}: {how}\n{smallest}\n"));
        }
        assert!(report.is_empty(), "seed {}\n{report}", self.seed);
    }
}

/// The most memory that the process has had, as Linux tells it.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or("not known".to_owned(), |line| line.trim().to_owned())
}
