//! Cargo as a process, and what it says about each crate.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::Failure;
use crate::workspace::Workspace;

/// What cargo said.
#[derive(Default)]
pub(crate) struct Said {
    /// Errors and warnings, in order.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The folders of the crates that were built.
    pub(crate) built: BTreeSet<PathBuf>,
    /// The program that was built, if one was.
    pub(crate) executable: Option<PathBuf>,
    /// The last thing that cargo said for people.
    pub(crate) last_words: String,
}

/// An error or a warning of the compiler.
pub(crate) struct Diagnostic {
    /// The folder of the crate.
    pub(crate) folder: PathBuf,
    /// Whether it is an error.
    pub(crate) is_error: bool,
    /// The file, relative to the workspace.
    pub(crate) file: String,
    /// What is wrong, in a line.
    pub(crate) text: String,
}

/// Runs cargo in the workspace.
pub(crate) fn run(workspace: &Workspace, arguments: &[&str]) -> Result<Said, Failure> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(arguments)
        .args(["--offline", "--message-format=json"])
        .current_dir(&workspace.root)
        .env("CARGO_TARGET_DIR", &workspace.target)
        .output()?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    let mut errors = stderr.lines().filter(|line| line.starts_with("error"));
    let mut said = Said { last_words: errors.next_back().unwrap_or_default().to_owned(), ..Said::default() };
    if !output.status.success() && output.stdout.is_empty() {
        // Nothing was built: the manifest or the lock file is wrong, and the whole text says how.
        return Err(format!("cargo {}: {}", arguments.join(" "), stderr.trim()).into());
    }
    for line in output.stdout.split(|byte| *byte == b'\n').filter(|line| line.starts_with(b"{")) {
        said.hear(&serde_json::from_slice(line)?);
    }
    Ok(said)
}

impl Said {
    fn hear(&mut self, message: &Value) {
        let manifest = message["manifest_path"].as_str().map(PathBuf::from);
        let Some(folder) = manifest.and_then(|manifest| Some(manifest.parent()?.to_owned())) else { return };
        match message["reason"].as_str() {
            Some("compiler-artifact") => {
                self.built.insert(folder);
                self.executable = message["executable"].as_str().map(PathBuf::from).or(self.executable.take());
            }
            Some("compiler-message") => self.diagnostics.extend(diagnostic(folder, &message["message"])),
            _ => {}
        }
    }
}

fn diagnostic(folder: PathBuf, message: &Value) -> Option<Diagnostic> {
    let level = message["level"].as_str()?;
    let is_error = level.starts_with("error");
    // The rest are notes, and the summaries that close a compilation, which have no place.
    let span = message["spans"].as_array()?.iter().find(|span| span["is_primary"] == true);
    if !is_error && (level != "warning" || span.is_none()) {
        return None;
    }
    // Where a macro complains, the place is the call and not the macro.
    let mut span = span.unwrap_or(&Value::Null);
    while let inner @ Value::Object(_) = &span["expansion"]["span"] {
        span = inner;
    }
    let file = span["file_name"].as_str().unwrap_or_default().to_owned();
    let first_line = message["message"].as_str()?.lines().next()?;
    let text = match file.is_empty() {
        true => format!("{level}: {first_line}"),
        false => format!("{file}:{}: {level}: {first_line}", span["line_start"]),
    };
    Some(Diagnostic { folder, is_error, file, text })
}
