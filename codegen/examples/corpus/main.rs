//! Takes a whole corpus of OpenAPI documents through the generator, the compiler and their payloads.
//!
//! ```sh
//! cargo run --release -p obkit-codegen --example corpus -- DIR [--json FILE] [--only SUBSTRING] [--work DIR]
//! ```
//!
//! `DIR` holds `specs/*.{yaml,yml,json}` and, where there are payloads, `payloads/<spec>.jsonl` with
//! `payloads/VERDICTS.tsv`. Each document is generated; all crates are checked in one workspace, where a
//! warning counts like an error; and each payload that is valid is decoded into the Rust type of its schema
//! and encoded again. A table says what became of each; the exit code is 0 when every crate was generated
//! and compiles, and nearly all payloads came back as they were.

mod args;
mod cargo;
mod check;
mod corpus;
mod equal;
mod generation;
mod harness;
mod payload;
mod report;
mod workspace;

use std::process::ExitCode;

use self::args::Args;
use self::corpus::Corpus;
use self::report::Report;
use self::workspace::Workspace;

/// Whatever stops the run itself; what is wrong with a document is reported instead.
type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::from(2)
        }
    }
}

/// Whether all is well.
fn run() -> Result<bool, Failure> {
    let Some(args) = Args::parse(std::env::args().skip(1))? else {
        println!("{}", args::USAGE);
        return Ok(true);
    };
    let corpus = Corpus::open(&args.corpus, args.only.as_deref())?;
    let workspace = Workspace::open(&args.work)?;
    eprintln!("generating {} crates into {}", corpus.specs.len(), workspace.root.display());
    let cases = generation::all(&corpus.specs, &workspace)?;
    workspace.write(&cases, None)?;
    eprintln!("checking them");
    let verdicts = check::all(&workspace, &cases)?;
    let payloads = payload::all(&corpus, &cases)?;
    eprintln!("taking {} payloads through their types", payloads.len());
    let outcomes = harness::round_trips(&workspace, &cases, &verdicts, &payloads)?;
    let report = Report::new(&cases, &verdicts, &payloads, &outcomes);
    print!("{report}");
    if let Some(file) = &args.json {
        std::fs::write(file, serde_json::to_string_pretty(&report)? + "\n")?;
    }
    Ok(report.is_good())
}
