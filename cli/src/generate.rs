//! `obkit generate`: documents to crates.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use obkit_codegen::generate::Drift;
use obkit_codegen::{GenerateError, Generated, Note, Providers, Runtime, Target, generate, generate_provider};

use crate::args::Generate;
use crate::exit::{Exit, Outcome};
use crate::output::tell;
use crate::spec::read_spec;
use crate::{output, paths};

pub(crate) fn run(arguments: &Generate) -> Outcome {
    // Before anything is written: a report that cannot be is wrong input, and no half of a result.
    let read = arguments.spec.iter().chain(&arguments.overlay).map(PathBuf::as_path);
    output::must_be_writable(arguments.report.as_deref(), read)?;
    match (&arguments.spec, &arguments.out, &arguments.name) {
        (Some(spec), Some(out), Some(name)) => one(arguments, spec, out, name),
        _ => workspace(arguments),
    }
}

/// Generates every selected provider; one that fails does not stop the others.
fn workspace(arguments: &Generate) -> Outcome {
    let providers = Providers::load(arguments.workspace.root()).map_err(|e| e.to_string())?;
    let rows = providers.select(&arguments.workspace.provider)?;
    let mut notes = BTreeMap::new();
    let mut exit = Exit::Clean;
    let mut text = String::new();
    for row in rows {
        let folder = providers.root().join(&row.generated);
        let done = generate_provider(&providers, row).and_then(|generated| {
            let drift = if arguments.check { generated.drift(&folder) } else { generated.write(&folder) }?;
            Ok((generated, drift))
        });
        match done {
            Ok((generated, drift)) => {
                let state = state(&generated, &drift, arguments.check);
                text.push_str(&format!("{}: {state}\n", row.name));
                if arguments.check && !drift.is_empty() {
                    drift.iter().for_each(|drift| tell!("error: {}: {drift}", row.name));
                    exit = if exit == Exit::Clean { Exit::Stale } else { exit };
                }
                say(&mut text, &row.spec, &generated.notes, arguments.verbose);
                notes.insert(row.name.clone(), generated.notes);
            }
            Err(error) => {
                tell!("error: {}: {error}", row.name);
                exit = failure(&error);
            }
        }
    }
    output::write(None, &text)?;
    if exit == Exit::Stale {
        tell!("  help: run `obkit generate` and commit the result");
    }
    report(arguments.report.as_deref(), &notes)?;
    Ok(exit)
}

fn state(generated: &Generated, drift: &[Drift], check: bool) -> String {
    match (drift.len(), check) {
        (0, _) => format!("{} files, up to date", generated.files.len()),
        (count, true) => format!("{count} of {} files out of date", generated.files.len()),
        (count, false) => format!("{count} of {} files written", generated.files.len()),
    }
}

/// Generates a crate from any document.
fn one(arguments: &Generate, file: &Path, out: &Path, name: &str) -> Outcome {
    let spec = read_spec(file, &arguments.overlay)?;
    let runtime = match &arguments.runtime_path {
        Some(path) => Runtime::Path(paths::between(out, path)?),
        None => Runtime::Registry,
    };
    let source = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned();
    let target = Target { name: name.to_owned(), provider: name.to_owned(), source, runtime };
    let done = generate(&spec, &target).and_then(|generated| {
        let drift = if arguments.check { generated.drift(out) } else { generated.write(out) }?;
        Ok((generated, drift))
    });
    let (generated, drift) = match done {
        Ok(done) => done,
        Err(error) => {
            tell!("error: {error}");
            return Ok(failure(&error));
        }
    };
    let mut text = format!("{name}: {}\n", state(&generated, &drift, arguments.check));
    say(&mut text, file, &generated.notes, arguments.verbose);
    output::write(None, &text)?;
    report(arguments.report.as_deref(), &generated.notes)?;
    if arguments.check && !drift.is_empty() {
        drift.iter().for_each(|drift| tell!("error: {drift}"));
        return Ok(Exit::Stale);
    }
    Ok(Exit::Clean)
}

fn failure(error: &GenerateError) -> Exit {
    match error {
        GenerateError::Internal(_) => Exit::Bug,
        _ => Exit::BadInput,
    }
}

/// Says how many notes there are of each rule, and what is lossy in full.
fn say(text: &mut String, file: &Path, notes: &[Note], verbose: bool) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for note in notes {
        *counts.entry(note.rule).or_default() += 1;
        if note.lossy || verbose {
            text.push_str(&format!("  {}:{note}\n    help: {}\n", note.file(file).display(), note.remedy));
        }
    }
    let counts: Vec<_> = counts.iter().map(|(rule, count)| format!("{rule} {count}")).collect();
    if !counts.is_empty() {
        text.push_str(&format!("  notes: {}\n", counts.join(", ")));
    }
}

fn report<T: serde::Serialize>(file: Option<&Path>, notes: &T) -> Result<(), String> {
    match file {
        Some(file) => output::write(Some(file), &output::json(notes)?),
        None => Ok(()),
    }
}
