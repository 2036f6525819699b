//! Finding and reading the file.

use std::fmt;
use std::path::{Path, PathBuf};

use obkit_codegen::spelling;
use serde::de::DeserializeOwned;
use toml::Spanned;

use super::Config;
use super::sections::{File, WaiversFile};
use crate::verdict::{PlacedWaiver, Waiver};

/// What the file is called.
pub const FILE: &str = "obkit.toml";

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The file.
    pub file: PathBuf,
    /// The line and the column, both from one; none when it is about the file as a whole.
    pub place: Option<(usize, usize)>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some((line, column)) = self.place {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}\n  help: {}", self.message, self.remedy)
    }
}

impl std::error::Error for ConfigError {}

/// The JSON Schema of the file, made of the types that it is read into.
#[must_use]
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(File).to_value()
}

impl Config {
    /// Reads the file of a folder, or of the nearest folder above it that has one; what is set where there is none, otherwise. The file is called as it
    /// is seen from the folder: what is told of it is the same on every machine.
    ///
    /// # Errors
    /// The file cannot be read, or says what nobody knows.
    pub fn find(folder: &Path) -> Result<Self, ConfigError> {
        let whole = folder.join(".").canonicalize().unwrap_or_else(|_| folder.to_owned());
        let up = whole.ancestors().position(|folder| folder.join(FILE).exists());
        up.map_or_else(|| Ok(Self::default()), |up| Self::load(&folder.join("../".repeat(up) + FILE)))
    }

    /// The files that were read.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.file.iter().chain(&self.gate.waivers_file).map(PathBuf::as_path)
    }

    /// Reads a file, and that of the waivers which it names.
    ///
    /// # Errors
    /// One of them cannot be read, or says what nobody knows.
    pub fn load(file: &Path) -> Result<Self, ConfigError> {
        let mut config = Self::parse(file, &text(file)?)?;
        if let Some(file) = config.gate.waivers_file.clone() {
            let text = text(&file)?;
            config.waivers.extend(placed(&file, &text, read::<WaiversFile>(&file, &text)?.waivers));
        }
        Ok(config)
    }

    /// Reads the text of a file; the file of the waivers is left alone.
    ///
    /// # Errors
    /// It says what nobody knows.
    pub fn parse(file: impl AsRef<Path>, text: &str) -> Result<Self, ConfigError> {
        let file = file.as_ref();
        let File { mut gate, reports, coverage, probe, waivers } = read(file, text)?;
        let folder = file.parent().unwrap_or(Path::new(""));
        gate.waivers_file = gate.waivers_file.map(|file| folder.join(file));
        Ok(Self {
            gate,
            reports: reports.into_iter().map(|(format, file)| (format, folder.join(file))).collect(),
            coverage,
            probe,
            waivers: placed(file, text, waivers),
            file: Some(file.to_owned()),
        })
    }
}

fn text(file: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(file).map_err(|error| ConfigError {
        file: file.to_owned(),
        place: None,
        message: format!("cannot be read: {error}"),
        remedy: "name a readable file".to_owned(),
    })
}

fn placed(file: &Path, text: &str, waivers: Vec<Spanned<Waiver>>) -> Vec<PlacedWaiver> {
    let placed = |waiver: Spanned<Waiver>| PlacedWaiver {
        file: file.display().to_string(),
        line: place(text, waiver.span().start).0,
        waiver: waiver.into_inner(),
    };
    waivers.into_iter().map(placed).collect()
}

fn read<T: DeserializeOwned>(file: &Path, text: &str) -> Result<T, ConfigError> {
    toml::from_str(text).map_err(|error| {
        let message = in_words(error.message().trim_end());
        ConfigError {
            file: file.to_owned(),
            place: error.span().map(|span| place(text, span.start)),
            remedy: remedy(&message),
            message,
        }
    })
}

/// A message of the parser, which calls numbers by their types in Rust.
fn in_words(message: &str) -> String {
    ["u32", "u64"].iter().fold(message.to_owned(), |message, kind| {
        message.replace(&format!("expected {kind}"), "expected a whole number, zero or more")
    })
}

/// What may have been meant. The parser says what is wrong and what there is as words in quotes: first the one, then the others.
fn remedy(message: &str) -> String {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    match quoted.split_first() {
        Some((word, known)) if message.starts_with("unknown ") => spelling::nearest(word, known.iter().copied())
            .map_or_else(
                || "`obkit config schema` says what there is".to_owned(),
                |name| format!("did you mean `{name}`?"),
            ),
        _ => "`obkit config schema` says what can stand there".to_owned(),
    }
}

/// The line and the column of a byte, both from one; a column is a character.
fn place(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
}
