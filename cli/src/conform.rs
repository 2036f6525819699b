//! `obkit conform`: the main job.

use std::io::{IsTerminal, Write};

use obkit_codegen::Providers;
use obkit_conformance::config::Config;
use obkit_conformance::report::visible;
use obkit_conformance::suite::client::Effort;
use obkit_conformance::suite::{Progress, Stage};
use obkit_conformance::verdict::{Run, today};
use obkit_conformance::workspace::conform_shard;

use crate::args::Conform;
use crate::config::policy;
use crate::exit::{Exit, Outcome};
use crate::output::{self, tell};
use crate::report::{self, Copy};

pub(crate) fn run(arguments: &Conform) -> Outcome {
    let mut config = arguments.judged.config(Run::Conform)?;
    let copies = copies(arguments, &config);
    output::must_be_writable(report::files(arguments.told.output.as_deref(), &copies), config.files())?;
    let providers = Providers::load(arguments.workspace.root()).map_err(|e| e.to_string())?;
    let mut rows = providers.select(&arguments.workspace.provider)?;
    if arguments.workspace.provider.is_empty() {
        rows.retain(|row| config.gate.takes_provider(&row.name));
    } else {
        config.gate.providers.clear();
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("no asynchronous runtime could be started: {error}"))?;
    let effort = if arguments.thorough { Effort::THOROUGH } else { Effort::QUICK }.seed(arguments.seed);
    let mut shown = Shown::new(arguments.quiet);
    let mut observe = |progress: Progress<'_>| shown.progress(progress);
    let mut conformance = runtime.block_on(conform_shard(&providers, &rows, arguments.shard, effort, &mut observe));
    shown.finish();

    let report = &mut conformance.report;
    if let Some(mut policy) = policy(&config, Run::Conform) {
        let judged = |name: &str| report.providers.iter().any(|provider| provider.provider == name);
        let names = providers.all().iter().map(|row| row.name.clone());
        policy.left_out = names.filter(|name| !judged(name)).collect();
        report.judge(policy, today());
    }
    report::write(Some(&arguments.told), &copies, report)?;
    for (provider, error) in &conformance.failures {
        tell!("error: {provider}: {error}");
    }
    // Until input can be judged, what else was found may be its consequence.
    if !conformance.failures.is_empty() {
        return Ok(Exit::BadInput);
    }
    Ok(report::exit(&conformance.report, config.gate.fail_on.unwrap_or_default()))
}

/// The reports that are written besides: those that the arguments name, and else those of the file.
fn copies(arguments: &Conform, config: &Config) -> Vec<Copy> {
    if !arguments.copies.files.is_empty() {
        return arguments.copies.files.clone();
    }
    config.reports.iter().map(|(format, file)| Copy { format: *format, file: file.clone() }).collect()
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
            let operation = visible(progress.operation.unwrap_or_default());
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
            let _ = write!(std::io::stderr(), "\r\u{1b}[2K");
        }
    }
}
