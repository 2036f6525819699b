//! `obkit report`, and how the verbs that find something tell it.

use std::path::{Path, PathBuf};

use obkit_conformance::Report;
use obkit_conformance::config::FailOn;
use obkit_conformance::report::{Format, SCHEMA};

use crate::args::{Merge, Reports, Told};
use crate::config::load;
use crate::exit::{Exit, Outcome};
use crate::output::{self, tell};

/// A format, and the file that it is written to.
#[derive(Clone, Debug)]
pub(crate) struct Copy {
    pub(crate) format: Format,
    pub(crate) file: PathBuf,
}

/// Reads `FORMAT=FILE`.
pub(crate) fn copy(text: &str) -> Result<Copy, String> {
    let (format, file) = text.split_once('=').ok_or("write a format and a file, such as junit=report.xml")?;
    if file.is_empty() {
        return Err(format!("name the file, such as {format}=report"));
    }
    Ok(Copy { format: format.parse().map_err(|unknown| format!("{unknown}"))?, file: file.into() })
}

pub(crate) fn run(arguments: &Reports) -> Outcome {
    match arguments {
        Reports::Merge(arguments) => merge(arguments),
        Reports::Schema(arguments) => output::write(arguments.output.as_deref(), SCHEMA).map(|()| Exit::Clean),
    }
}

/// The whole fails by what is asked of the whole: a part that was told never to fail only left that to this.
fn merge(arguments: &Merge) -> Outcome {
    let config = load(arguments.config.as_deref())?;
    let written = files(arguments.told.output.as_deref(), &arguments.copies.files);
    output::must_be_writable(written, arguments.reports.iter().map(PathBuf::as_path).chain(config.files()))?;
    let configured = config.gate.fail_on;
    let fail_on = arguments.fail_on.map(Into::into).or(configured).unwrap_or_default();
    let reports = arguments.reports.iter().map(|file| read(file)).collect::<Result<_, _>>()?;
    let mut report = Report::merge(reports).map_err(|error| {
        format!("{error}\n  help: give each part of one run once, made by the same obkit from the same documents")
    })?;
    if let Some(verdict) = &mut report.verdict {
        verdict.policy.fail_on = fail_on;
    }
    write(Some(&arguments.told), &arguments.copies.files, &report)?;
    Ok(exit(&report, fail_on))
}

pub(crate) fn read(file: &Path) -> Result<Report, String> {
    let unreadable = |error: &dyn std::fmt::Display| {
        format!("{}: {error}\n  help: give one that `--report json=FILE` has written", file.display())
    };
    let text = std::fs::read_to_string(file).map_err(|error| unreadable(&error))?;
    Report::read(&text).map_err(|error| unreadable(&error))
}

/// The files that a report is told in.
pub(crate) fn files<'f>(output: Option<&'f Path>, copies: &'f [Copy]) -> impl Iterator<Item = &'f Path> {
    output.into_iter().chain(copies.iter().map(|copy| copy.file.as_path()))
}

/// Tells a report in every format and place that is asked for.
pub(crate) fn write(told: Option<&Told>, copies: &[Copy], report: &Report) -> Result<(), String> {
    for Copy { format, file } in copies {
        output::write(Some(file), &report.render(*format))?;
    }
    let Some(told) = told else { return Ok(()) };
    let file = told.output.as_deref();
    let text =
        if told.format == Format::Text { report.to_text(output::colour(file)) } else { report.render(told.format) };
    output::write(file, &text)
}

/// Code that is out of date comes first: until it is put right, what else was found may be its consequence.
pub(crate) fn exit(report: &Report, fail_on: FailOn) -> Exit {
    let stale = report.stale();
    if !stale.is_empty() {
        tell!("error: generated code is out of date: {}\n  help: run `obkit generate`", stale.join(", "));
        return Exit::Stale;
    }
    if fail_on.severity().is_some_and(|severity| report.fails_on(severity)) {
        return Exit::Findings;
    }
    if report.nothing_checked() {
        tell!("error: nothing was checked\n  help: name a provider whose spec has operations and examples");
        return Exit::BadInput;
    }
    Exit::Clean
}
