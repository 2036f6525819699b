//! What a gate waits for when it asks about one payload: `obkit validate` as a whole process, from reading the
//! document on.
//!
//! `cargo bench -p obkit-cli --bench cold`

#![allow(clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The document of a provider, and a payload line that fits it.
const CASES: [(&str, &str); 2] = [
    (
        "yapily",
        r#"{"kind":"response","op":"getAccounts","status":"200","content_type":"application/json","value":{"data":[{"id":"a"}]}}"#,
    ),
    (
        "fena",
        r#"{"kind":"response","op":"getAccountAccessConsent","status":"500","content_type":"application/json","value":{}}"#,
    ),
];

const RUNS: usize = 41;

fn main() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for (provider, line) in CASES {
        let spec = format!("{}/../specs/{provider}/openapi.yaml", env!("CARGO_MANIFEST_DIR"));
        let payloads = folder.path().join(format!("{provider}.ndjson"));
        std::fs::write(&payloads, line).expect("the payload can be written");
        // The first finds nothing in the caches of the platform.
        run(&spec, &payloads);
        let mut times: Vec<Duration> = (0..RUNS).map(|_| run(&spec, &payloads)).collect();
        times.sort_unstable();
        let [least, median, most] = [0, RUNS / 2, RUNS - 1].map(|at| times[at].as_secs_f64() * 1000.0);
        println!("{provider}: median of {RUNS} {median:.1} ms, least {least:.1}, most {most:.1}");
    }
}

fn run(spec: &str, payloads: &Path) -> Duration {
    let mut command = Command::new(env!("CARGO_BIN_EXE_obkit"));
    command.args(["validate", "--spec", spec, "--payloads"]).arg(payloads).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let status = command.status().expect("obkit runs");
    let time = start.elapsed();
    assert_eq!(status.code(), Some(0), "the payload of {spec} is valid");
    time
}
