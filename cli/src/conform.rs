//! `obkit conform`: the main job.

use std::io::{IsTerminal, Write};

use obkit_codegen::Providers;
use obkit_conformance::Severity;
use obkit_conformance::suite::{Progress, Stage};
use obkit_conformance::workspace::{Conformance, conform};

use crate::args::{Conform, FailOn, Format};
use crate::exit::{Exit, Outcome};
use crate::output;

pub(crate) fn run(arguments: &Conform) -> Outcome {
    output::must_be_writable(arguments.output.output.as_deref())?;
    let providers = Providers::load(arguments.workspace.root()).map_err(|e| e.to_string())?;
    let rows = providers.select(&arguments.workspace.provider)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("no asynchronous runtime could be started: {error}"))?;
    let mut shown = Shown::new(arguments.quiet);
    let conformance = runtime.block_on(conform(&providers, &rows, &mut |progress| shown.progress(progress)));
    shown.finish();

    let file = arguments.output.output.as_deref();
    let text = match arguments.output.format {
        Format::Text => conformance.report.to_text(output::colour(file)),
        Format::Json => conformance.report.to_json().map_err(|error| error.to_string())?,
    };
    output::write(file, &text)?;
    for (provider, error) in &conformance.failures {
        eprintln!("error: {provider}: {error}");
    }
    Ok(exit(&conformance, arguments.fail_on))
}

/// Input that could not be judged comes first, then code that is out of date: until both are put
/// right, what else was found may be their consequence.
fn exit(conformance: &Conformance, fail_on: FailOn) -> Exit {
    if !conformance.failures.is_empty() {
        return Exit::BadInput;
    }
    let stale = conformance.stale();
    if !stale.is_empty() {
        eprintln!("error: generated code is out of date: {}\n  help: run `obkit generate`", stale.join(", "));
        return Exit::Stale;
    }
    if severity(fail_on).is_some_and(|severity| conformance.report.fails_on(severity)) {
        return Exit::Findings;
    }
    if conformance.report.nothing_checked() {
        eprintln!("error: nothing was checked\n  help: name a provider whose spec has operations and examples");
        return Exit::BadInput;
    }
    Exit::Clean
}

fn severity(fail_on: FailOn) -> Option<Severity> {
    match fail_on {
        FailOn::Error => Some(Severity::Error),
        FailOn::Warning => Some(Severity::Warning),
        FailOn::Info => Some(Severity::Info),
        FailOn::Never => None,
    }
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
