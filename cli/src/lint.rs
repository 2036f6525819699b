//! `obkit lint`: what in a document does not mean what it says.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use obkit_codegen::spelling::counted;
use obkit_codegen::{Note, Severity, lint};

use crate::args::{FailOn, Format, Lint, Subject};
use crate::exit::{Exit, Outcome};
use crate::spec::read_spec;
use crate::{output, rules};

pub(crate) fn run(arguments: &Lint) -> Outcome {
    let read = arguments.subject.file.iter().chain(&arguments.overlay).map(PathBuf::as_path);
    output::must_be_writable(arguments.output.output.as_deref(), read)?;
    match &arguments.subject {
        Subject { file: Some(file), .. } => document(arguments, file),
        Subject { explain: Some(rule), .. } => rules::explain(arguments, rule).map(|()| Exit::Clean),
        _ => rules::list(arguments).map(|()| Exit::Clean),
    }
}

fn document(arguments: &Lint, file: &Path) -> Outcome {
    let spec = read_spec(file, &arguments.overlay)?;
    let notes = lint(&spec);
    let shown: Vec<&Note> = notes.iter().filter(|note| at_least(note.severity, arguments.min_severity)).collect();
    let text = match arguments.output.format {
        Format::Json => output::json(&shown)?,
        Format::Text => text(file, &notes, &shown),
    };
    output::write(arguments.output.output.as_deref(), &text)?;
    let failed = notes.iter().any(|note| at_least(note.severity, arguments.fail_on));
    Ok(if failed { Exit::Findings } else { Exit::Clean })
}

fn text(file: &Path, notes: &[Note], shown: &[&Note]) -> String {
    let mut text = String::new();
    for note in shown {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}:{note}\n  help: {}", note.file(file).display(), note.remedy);
    }
    let count = |severity| notes.iter().filter(|note| note.severity == severity).count();
    let (errors, warnings, infos) = (count(Severity::Error), count(Severity::Warning), count(Severity::Info));
    let (errors, warnings, infos) = (counted(errors, "error"), counted(warnings, "warning"), counted(infos, "note"));
    let _ = writeln!(text, "{errors}, {warnings}, {infos}");
    text
}

fn at_least(severity: Severity, wanted: FailOn) -> bool {
    match wanted {
        FailOn::Error => severity >= Severity::Error,
        FailOn::Warning => severity >= Severity::Warning,
        FailOn::Info => true,
        FailOn::Never => false,
    }
}
