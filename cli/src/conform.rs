//! `obkit conform`: the main job.

use std::io::{IsTerminal, Write};

use obkit_codegen::Providers;
use obkit_conformance::suite::client::Effort;
use obkit_conformance::suite::{Progress, Stage};
use obkit_conformance::workspace::conform_shard;

use crate::args::Conform;
use crate::exit::{Exit, Outcome};
use crate::report;

pub(crate) fn run(arguments: &Conform) -> Outcome {
    report::must_be_writable(Some(&arguments.told), &arguments.copies.files)?;
    let providers = Providers::load(arguments.workspace.root()).map_err(|e| e.to_string())?;
    let rows = providers.select(&arguments.workspace.provider)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("no asynchronous runtime could be started: {error}"))?;
    let effort = if arguments.thorough { Effort::THOROUGH } else { Effort::QUICK }.seed(arguments.seed);
    let mut shown = Shown::new(arguments.quiet);
    let mut observe = |progress: Progress<'_>| shown.progress(progress);
    let conformance = runtime.block_on(conform_shard(&providers, &rows, arguments.shard, effort, &mut observe));
    shown.finish();

    report::write(Some(&arguments.told), &arguments.copies.files, &conformance.report)?;
    for (provider, error) in &conformance.failures {
        eprintln!("error: {provider}: {error}");
    }
    // Until input can be judged, what else was found may be its consequence.
    if !conformance.failures.is_empty() {
        return Ok(Exit::BadInput);
    }
    Ok(report::exit(&conformance.report, arguments.fail_on))
}

/// Progress on standard error: one line that is written over on a terminal, else a line per stage.
struct Shown {
    quiet: bool,
    terminal: bool,
    last: Option<(String, Stage)>,
}

impl Shown {
    fn new(quiet: bool) -> Self {
        Self { quiet, terminal: std::io::stderr().is_terminal(), last: None }
    }

    fn progress(&mut self, progress: Progress<'_>) {
        if self.quiet {
            return;
        }
        let stage = match progress.stage {
            Stage::Schemas => "trying schemas",
            Stage::Examples => "validating examples",
            Stage::RoundTrips => "round trips",
            Stage::Types => "trying types",
            Stage::Requests => "trying requests",
            Stage::Calls => "calling operations",
            Stage::Capabilities => "calling capabilities",
        };
        let now = (progress.provider.to_owned(), progress.stage);
        let mut stderr = std::io::stderr().lock();
        // Progress that cannot be shown is no reason to fail.
        let _ = if self.terminal {
            let operation = progress.operation.unwrap_or_default();
            write!(stderr, "\r\u{1b}[2K{}: {stage} {}/{} {operation}", now.0, progress.done, progress.of)
        } else if self.last.as_ref() != Some(&now) {
            writeln!(stderr, "{}: {stage} ({} operations)", now.0, progress.of)
        } else {
            Ok(())
        };
        let _ = stderr.flush();
        self.last = Some(now);
    }

    fn finish(&self) {
        if self.terminal && !self.quiet {
            eprint!("\r\u{1b}[2K");
        }
    }
}
