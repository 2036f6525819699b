//! The files of a corpus.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::Failure;

/// A corpus on disk.
pub(crate) struct Corpus {
    /// Its documents, by file name.
    pub(crate) specs: Vec<SpecFile>,
    payloads: PathBuf,
}

/// A document on disk.
pub(crate) struct SpecFile {
    pub(crate) path: PathBuf,
    /// The name of the file.
    pub(crate) name: String,
    /// The name of its crate.
    pub(crate) package: String,
}

impl Corpus {
    /// Lists the documents of a corpus.
    pub(crate) fn open(folder: &Path, only: Option<&str>) -> Result<Self, Failure> {
        let specs = folder.join("specs");
        let entries = std::fs::read_dir(&specs).map_err(|error| format!("{}: {error}", specs.display()))?;
        let mut files = Vec::new();
        for entry in entries {
            let path = entry?.path();
            let extension = path.extension().and_then(|extension| extension.to_str());
            if let (Some("yaml" | "yml" | "json"), Some(name)) = (extension, path.file_name()) {
                files.push((name.to_string_lossy().into_owned(), path.clone()));
            }
        }
        files.sort();
        // Names are given before any document is left out, so that a crate keeps its name.
        let mut taken = BTreeSet::new();
        let mut specs = Vec::new();
        for (name, path) in files {
            let package = package(&name, &mut taken);
            specs.push(SpecFile { path, name, package });
        }
        specs.retain(|spec| only.is_none_or(|only| spec.name.contains(only)));
        if specs.is_empty() {
            return Err(format!("{}: no such document", folder.join("specs").display()).into());
        }
        Ok(Self { specs, payloads: folder.join("payloads") })
    }

    /// The payloads of a document: the name and the text of their file.
    pub(crate) fn payloads(&self, spec: &str) -> Result<Option<(String, String)>, Failure> {
        let name = format!("{spec}.jsonl");
        Ok(optional(&self.payloads.join(&name))?.map(|text| (name, text)))
    }

    /// The file and the line of each payload that is valid.
    pub(crate) fn valid(&self) -> Result<BTreeSet<(String, usize)>, Failure> {
        let file = self.payloads.join("VERDICTS.tsv");
        let text = optional(&file)?.unwrap_or_default();
        let mut lines = text.lines();
        let columns: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
        let column = |name: &str| columns.iter().position(|column| *column == name);
        let (Some(name), Some(line), Some(verdict)) = (column("file"), column("line"), column("verdict")) else {
            return if text.is_empty() {
                Ok(BTreeSet::new())
            } else {
                Err(format!("{}: has no columns file, line and verdict", file.display()).into())
            };
        };
        let mut valid = BTreeSet::new();
        for row in lines {
            let cells: Vec<&str> = row.split('\t').collect();
            if let (Some(name), Some(line), Some(&"valid")) = (cells.get(name), cells.get(line), cells.get(verdict)) {
                valid.insert(((*name).to_owned(), line.parse()?));
            }
        }
        Ok(valid)
    }
}

/// The text of a file that need not be there.
fn optional(file: &Path) -> Result<Option<String>, Failure> {
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("{}: {error}", file.display()).into()),
    }
}

/// A package name that nobody has yet, from the name of a file. The prefix keeps it apart from the packages
/// that crates depend on.
fn package(file: &str, taken: &mut BTreeSet<String>) -> String {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_ascii_lowercase();
    let words: Vec<&str> = stem.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let name = format!("corpus-{}", words.join("-"));
    let names = (2..).map(|number| format!("{name}-{number}"));
    let name = std::iter::once(name.clone()).chain(names).find(|name| !taken.contains(name)).unwrap_or_default();
    taken.insert(name.clone());
    name
}
