//! `obkit validate`: payload lines in, verdict lines out.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};

use obkit_conformance::payload::{self, Summary};
use obkit_conformance::report::Format;
use obkit_conformance::suite::ProviderReport;
use obkit_conformance::verdict::{Policy, Run, today};
use obkit_conformance::{Contract, Finding, Report, checks};

use crate::args::Validate;
use crate::config::policy;
use crate::exit::{Exit, Outcome};
use crate::output::tell;
use crate::{output, report, spec, traffic};

pub(crate) fn run(arguments: &Validate) -> Outcome {
    match &arguments.payloads {
        Some(payloads) => of_payloads(arguments, payloads),
        None => traffic::run(arguments),
    }
}

fn of_payloads(arguments: &Validate, payloads: &Path) -> Outcome {
    if arguments.output.format.is_some_and(|format| format != Format::Ndjson) {
        return Err(
            "verdicts on payloads are ndjson\n  help: ask for a report besides, with `--report FORMAT=FILE`".to_owned()
        );
    }
    let output = arguments.output.output.as_deref();
    let config = arguments.judged.config(Run::Payloads)?;
    let own = [arguments.spec.as_path(), payloads].into_iter().chain(arguments.overlay.iter().map(PathBuf::as_path));
    output::must_be_writable(report::files(output, &arguments.copies.files), own.chain(config.files()))?;
    let profile = arguments.profile.or(config.gate.profile).unwrap_or_default();
    let policy = policy(&config, Run::Payloads);
    // The process ends with the verdicts; taking the document apart before would be a fifth of its time.
    let contract = ManuallyDrop::new(contract(&arguments.spec, &arguments.overlay)?);
    let lines = read(payloads)?;
    let mut verdicts = output::open(output)?;
    let reports = policy.is_some() || !arguments.copies.files.is_empty();
    let mut found = ProviderReport {
        provider: contract.provider().to_owned(),
        document: if reports { contract.fingerprint() } else { String::new() },
        ..ProviderReport::default()
    };
    let mut report_one = |finding: Finding| found.report(finding);
    let judged = if reports {
        payload::validate_reporting(&contract, profile, lines, &mut verdicts, &mut report_one)
    } else {
        payload::validate_by(&contract, profile, lines, &mut verdicts)
    };
    let summary = match judged.and_then(|summary| verdicts.flush().map(|()| summary)) {
        Ok(summary) => summary,
        Err(error) => return Err(format!("{}: {error}", payloads.display())),
    };
    found.payloads = summary.valid + summary.invalid;
    found.operations = contract.spec().operations().len();
    found.coverage.clone_from(&summary.coverage);
    let mut report = Report { providers: vec![found.finish()], ..Report::default() };
    let mut fails = summary.invalid > 0;
    if let Some(policy) = policy {
        let fail_on = policy.fail_on;
        // Payloads are what somebody has, and not all there is.
        report.judge(Policy { partial: true, providers: Vec::new(), ..policy }, today());
        fails = fail_on.severity().is_some_and(|severity| report.fails_on(severity));
        // Lines that cannot be read are told one by one below.
        let is_of_lines = |finding: &Finding| finding.rule.check() == checks::GI001 || finding.rule == "GI012/line";
        let of_gate = report.findings().filter(|one| one.rule.check().id().starts_with("GI") && !is_of_lines(one));
        of_gate.for_each(|finding| {
            tell!("{}[{}] {}\n  help: {}", finding.severity, finding.rule, finding.message, finding.remedy);
        });
    }
    report::write(None, &arguments.copies.files, &report)?;
    Ok(sum_up(payloads, &summary, fails))
}

/// The document, under its own title.
pub(crate) fn contract(file: &Path, overlays: &[PathBuf]) -> Result<Contract, String> {
    let document = spec::load(file, overlays)?;
    Contract::read(spec::title(&document), document).map_err(|error| error.to_string())
}

/// What stands in a file, or comes from standard input.
pub(crate) fn read(file: &Path) -> Result<Box<dyn BufRead>, String> {
    if file == Path::new("-") {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    match File::open(file) {
        Ok(opened) => Ok(Box::new(BufReader::new(opened))),
        Err(error) => Err(format!("{}: cannot be read: {error}\n  help: name a readable file", file.display())),
    }
}

fn sum_up(payloads: &Path, summary: &Summary, fails: bool) -> Exit {
    let Summary { valid, invalid, skipped, bad_lines, bad_input, .. } = summary;
    for bad in bad_input {
        tell!("error: {}:{}: {}\n  help: {}", payloads.display(), bad.line, bad.message, bad.remedy);
    }
    if *bad_lines > bad_input.len() {
        tell!("error: {}: and {} more lines", payloads.display(), bad_lines - bad_input.len());
    }
    tell!("{valid} valid, {invalid} invalid, {skipped} skipped");
    if *bad_lines > 0 {
        return Exit::BadInput;
    }
    if valid + invalid == 0 {
        tell!("error: {}: nothing was checked\n  help: give at least one payload line", payloads.display());
        return Exit::BadInput;
    }
    if fails { Exit::Findings } else { Exit::Clean }
}
