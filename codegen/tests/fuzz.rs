//! Broken documents in great number: each is generated from, or refused with its place and a remedy.
//!
//! A small number of cases, always the same, runs with every test. The long run is asked for:
//!
//! ```sh
//! OBKIT_FUZZ_SECONDS=600 cargo test -p obkit-codegen --test fuzz --release -- --ignored --nocapture
//! ```
//!
//! It prints its seed, counts and memory, and for each failure the smallest document that shows it.
//! `OBKIT_FUZZ_SEED=S` repeats a run, and `OBKIT_FUZZ_CASE=N` beside it only one case.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod fuzzing;

use std::time::{Duration, Instant, SystemTime};

use fuzzing::Fuzz;

/// How many cases every test run tries.
const CASES: u64 = 200;

fn variable(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

#[test]
fn broken_documents_are_generated_or_refused() {
    let mut fuzz = Fuzz::new(1);
    (0..CASES).for_each(|case| fuzz.try_case(case));
    fuzz.finish();
}

#[test]
#[ignore = "runs as long as OBKIT_FUZZ_SECONDS says"]
fn for_a_while() {
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap();
    let mut fuzz = Fuzz::new(variable("OBKIT_FUZZ_SEED").unwrap_or(now.as_secs()));
    match variable("OBKIT_FUZZ_CASE") {
        Some(case) => {
            println!("{}", fuzz.text(case));
            fuzz.try_case(case);
        }
        None => {
            let limit = Duration::from_secs(variable("OBKIT_FUZZ_SECONDS").unwrap_or(60));
            let start = Instant::now();
            (0..).take_while(|_| start.elapsed() < limit).for_each(|case| fuzz.try_case(case));
        }
    }
    fuzz.finish();
}
