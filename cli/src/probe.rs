//! `obkit probe`: a server, asked what its document says of it.

mod args;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use obkit_codegen::spelling::counted;
use obkit_codegen::{Providers, Spec};
use obkit_conformance::Contract;
use obkit_conformance::config::{self, FailOn};
use obkit_conformance::finding::Finding;
use obkit_conformance::probe::{
    self, Asked, Credentials, Options, Phase, Planned, ProbeReport, Secret, Selection, Target, ask_again, replay_of,
    test_of,
};
use obkit_conformance::report::visible;
use obkit_conformance::verdict::{Run, today};

pub(crate) use self::args::Probe;
use crate::args::Format;
use crate::config::policy;
use crate::exit::{Exit, Outcome};
use crate::output::{tell, unwritable};
use crate::spec::{load, title};
use crate::{output, report};

pub(crate) fn run(arguments: &Probe) -> Outcome {
    let file = arguments.output.output.as_deref();
    let config = arguments.judged.config(Run::Probe)?;
    let read = arguments.spec.iter().chain(&arguments.overlay).chain(&arguments.from).map(PathBuf::as_path);
    output::must_be_writable(report::files(file, &arguments.copies.files), read.chain(config.files()))?;
    if let Some(folder) = arguments.emit_tests.as_ref().filter(|_| !arguments.dry_run) {
        fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
    }
    let (contract, spec) = contract(arguments)?;
    let options = options(arguments, &config.probe)?;
    let credentials = credentials(arguments, contract.spec())?;
    if arguments.dry_run {
        let planned = probe::plan(&contract, &options, !credentials.is_empty())?;
        output::write(file, &plan_text(arguments.output.format, &planned)?)?;
        return Ok(Exit::Clean);
    }
    let base = arguments.base_url.as_deref().ok_or("no server is named\n  help: give its URL with `--base-url`")?;
    let target = Target::new(base, &arguments.allow_host).map_err(|error| error.to_string())?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("no asynchronous runtime could be started: {error}"))?;
    if let Some(id) = &arguments.replay {
        let asked = Asked { target, credentials, timeout: options.timeout };
        let fail_on = config.gate.fail_on.unwrap_or_default();
        return runtime.block_on(replay(arguments, &contract, &asked, id, fail_on));
    }
    let mut probed = runtime.block_on(probe::run(Arc::new(contract), target, credentials, options))?;
    if let Some(policy) = policy(&config, Run::Probe) {
        probed.judge(policy, today());
    }
    report::write(None, &arguments.copies.files, &probed.as_report())?;
    let text = match arguments.output.format {
        Format::Text => probed.to_text(),
        Format::Json => probed.to_json().map_err(|error| error.to_string())?,
    };
    output::write(file, &text)?;
    if let Some(folder) = &arguments.emit_tests {
        emit(folder, &spec, &probed)?;
    }
    Ok(exit(&probed, config.gate.fail_on.unwrap_or_default()))
}

/// The document: a file of its own, or that of a provider of the workspace.
fn contract(arguments: &Probe) -> Result<(Contract, String), String> {
    let (name, file, document) = match (&arguments.spec, &arguments.provider) {
        (Some(file), _) => {
            let document = load(file, &arguments.overlay)?;
            (title(&document), file.clone(), document)
        }
        (None, Some(provider)) => {
            let providers = Providers::load(arguments.root.strip_prefix(".").unwrap_or(&arguments.root));
            let providers = providers.map_err(|error| error.to_string())?;
            let rows = providers.select(std::slice::from_ref(provider))?;
            let row = rows.first().ok_or("no provider is named")?;
            let document = providers.document(row).map_err(|error| error.to_string())?;
            (provider.clone(), document.file().to_owned(), document)
        }
        (None, None) => return Err("no document is named\n  help: give `--spec FILE` or `--provider P`".to_owned()),
    };
    let spec = Spec::read(document).map_err(|error| error.to_string())?;
    let contract = Contract::new(name, spec);
    let file = file.canonicalize().unwrap_or(file);
    Ok((contract, file.display().to_string()))
}

/// What is probed, and how: what the arguments say, and else what the file says.
fn options(arguments: &Probe, file: &config::Probe) -> Result<Options, String> {
    let or_file = |own: &[String], file: &[String]| if own.is_empty() { file.to_vec() } else { own.to_vec() };
    let defaults = Options::default();
    let phases = arguments.phases.iter().map(|phase| (*phase).into()).collect::<Vec<Phase>>();
    Ok(Options {
        phases: if phases.is_empty() { defaults.phases } else { phases },
        seed: arguments.seed,
        max_time: arguments.max_time.or(file.max_time).map(|time| time.0),
        rate: arguments.rate.or(file.rate).map(|rate| rate.0),
        workers: arguments.workers,
        fuzz_cases: arguments.fuzz_cases,
        max_response_time: arguments.max_response_time.map(|time| time.0),
        timeout: arguments.timeout.0,
        operations: Selection {
            include: or_file(&arguments.include, &file.include),
            exclude: or_file(&arguments.exclude, &file.exclude),
        },
        ..defaults
    })
}

/// The credentials. Those of the environment never stand on the command line, where every process can read them.
fn credentials(arguments: &Probe, spec: &Spec) -> Result<Credentials, String> {
    let mut credentials = Credentials::default();
    for header in &arguments.header {
        let (name, value) = header
            .split_once(':')
            .map(|(name, value)| (name.trim(), value.trim()))
            .filter(|(name, value)| !name.is_empty() && !value.is_empty())
            .ok_or("a header field is malformed\n  help: write it as `Name: value`, or `Name: $VARIABLE`")?;
        let secret = match value.strip_prefix('$') {
            Some(variable) => Secret::from_env(variable)?,
            None => Secret::called(name, value.to_owned()),
        };
        credentials.header(name, secret);
    }
    for variable in &arguments.auth_env {
        match variable.split_once('=') {
            Some((scheme, variable)) => credentials.scheme(spec, scheme, Secret::from_env(variable)?)?,
            None => credentials.any(Secret::from_env(variable)?),
        }
    }
    Ok(credentials)
}

fn plan_text(format: Format, planned: &[Planned]) -> Result<String, String> {
    if format == Format::Json {
        return output::json(&planned);
    }
    let mut text = String::new();
    let mut all = 0;
    for one in planned {
        let phases: Vec<_> = one.requests.iter().map(|(phase, count)| format!("{phase} {count}")).collect();
        all += one.requests.values().sum::<usize>();
        let skipped = one.skipped.as_ref().map(|why| format!("not probed: {why}"));
        text.push_str(&format!("{}: {}\n", one.operation, skipped.unwrap_or_else(|| phases.join(", "))));
    }
    let (operations, requests) = (counted(planned.len(), "operation"), counted(all, "request"));
    text.push_str(&format!("{operations}, {requests}; nothing was sent\n"));
    Ok(text)
}

async fn replay(arguments: &Probe, contract: &Contract, asked: &Asked, id: &str, fail_on: FailOn) -> Outcome {
    if arguments.output.format != Format::Text {
        return Err("what becomes of a failure is told as text\n  help: leave out `--format`".to_owned());
    }
    let from = arguments.from.as_deref().ok_or("no report is named\n  help: give it with `--from`")?;
    let text = fs::read_to_string(from).map_err(|error| format!("{}: {error}", from.display()))?;
    let replay = replay_of(&text, id).map_err(|error| format!("{}: {error}", from.display()))?;
    let replayed = ask_again(contract, asked, &replay).await?;
    let status = replayed.status.map_or_else(|| "nothing".to_owned(), |status| status.to_string());
    let mut told = format!(
        "{}: answered {status}, {}\n",
        replay.id,
        if replayed.again.is_some() { "found again" } else { "not found again" }
    );
    for finding in &replayed.findings {
        told.push_str(&format!("{}[{}] {}\n", finding.severity, finding.rule, visible(&finding.message)));
    }
    output::write(arguments.output.output.as_deref(), &told)?;
    let fails = |finding: &Finding| fail_on.severity().is_some_and(|severity| finding.severity >= severity);
    Ok(if replayed.again.as_ref().is_some_and(fails) { Exit::Findings } else { Exit::Clean })
}

/// Writes each failure as a Rust test.
fn emit(folder: &Path, spec: &str, report: &ProbeReport) -> Result<(), String> {
    for failure in &report.failures {
        let test = test_of(failure, spec, &report.base_url).map_err(|error| error.to_string())?;
        fs::write(folder.join(format!("probe_{}.rs", failure.replay.id)), test)
            .map_err(|error| unwritable(folder, &error))?;
    }
    Ok(())
}

fn exit(report: &ProbeReport, fail_on: FailOn) -> Exit {
    let unproved = report.nothing_proved();
    if let Some(why) = &unproved {
        tell!("error: {why}");
    }
    match unproved {
        // Whatever is then asked for was not exercised, and that is no finding about the server.
        Some(_) if report.requests == 0 => Exit::BadInput,
        _ if fail_on.severity().is_some_and(|severity| report.fails_on(severity)) => Exit::Findings,
        Some(_) => Exit::BadInput,
        None => Exit::Clean,
    }
}
