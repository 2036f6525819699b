//! The command line.

use std::path::PathBuf;

use crate::Failure;

pub(crate) const USAGE: &str = "\
usage: corpus DIR [--json FILE] [--only SUBSTRING] [--work DIR]
  DIR               a folder with specs/ and, for round trips, payloads/
  --json FILE       writes the table, and each payload that changed, as JSON
  --only SUBSTRING  takes only the documents whose file name contains it
  --work DIR        where the crates are written (default: obkit-corpus in the folder for temporary files)
Crates are built in CARGO_TARGET_DIR, else in `target` of the work folder.";

/// What to do.
pub(crate) struct Args {
    /// The corpus.
    pub(crate) corpus: PathBuf,
    /// Where the report goes.
    pub(crate) json: Option<PathBuf>,
    /// What the file names of documents must contain.
    pub(crate) only: Option<String>,
    /// Where the crates are written. It stays from run to run, so that only what changed is built again.
    pub(crate) work: PathBuf,
}

impl Args {
    /// Reads the command line; nothing when it asks for help.
    pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> Result<Option<Self>, Failure> {
        let (mut corpus, mut json, mut only, mut work) = (None, None, None, None);
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{word} wants a value\n{USAGE}"));
            match word.as_str() {
                "--help" | "-h" => return Ok(None),
                "--json" => json = Some(PathBuf::from(value()?)),
                "--only" => only = Some(value()?),
                "--work" => work = Some(PathBuf::from(value()?)),
                _ if word.starts_with('-') || corpus.is_some() => {
                    return Err(format!("`{word}` means nothing here\n{USAGE}").into());
                }
                _ => corpus = Some(PathBuf::from(word)),
            }
        }
        let corpus = corpus.ok_or_else(|| format!("which corpus?\n{USAGE}"))?;
        let work = work.unwrap_or_else(|| std::env::temp_dir().join("obkit-corpus"));
        Ok(Some(Self { corpus, json, only, work }))
    }
}
