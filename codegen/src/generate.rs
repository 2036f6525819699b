//! Generation: a document in, the files of a crate out; and whether a folder holds just those.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use crate::load::{Document, LoadError};
use crate::lower::{self, lower};
use crate::note::Note;
use crate::providers::{Provider, Providers};
use crate::spec::Spec;
use crate::{client, emit, lint, polish};

/// The version of this generator, as it stands in generated files.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A generated crate, in memory.
#[derive(Clone, Debug)]
pub struct Generated {
    /// Its files by their paths in the crate, in order.
    pub files: BTreeMap<PathBuf, String>,
    /// What is to be said about it.
    pub notes: Vec<Note>,
}

/// Why nothing was generated.
#[derive(Debug)]
pub enum GenerateError {
    /// The document cannot be used.
    Load(LoadError),
    /// The document breaks rules that stop generation.
    Lint {
        /// The document.
        file: PathBuf,
        /// The notes of severity `error`.
        errors: Vec<Note>,
    },
    /// The generator failed on a document that passed the rules: a bug of obkit.
    Internal(String),
    /// A file could not be read or written.
    Io {
        /// The file.
        file: PathBuf,
        /// What happened.
        error: std::io::Error,
    },
}

impl fmt::Display for GenerateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Load(error) => error.fmt(f),
            Self::Lint { file, errors } => {
                for (index, note) in errors.iter().enumerate() {
                    let separator = if index == 0 { "" } else { "\n" };
                    write!(f, "{separator}{}:{note}\n  help: {}", file.display(), note.remedy)?;
                }
                Ok(())
            }
            Self::Internal(reason) => write!(f, "{reason}\n  help: this is a bug of obkit; please report the document"),
            Self::Io { file, error } => {
                write!(f, "{}: {error}\n  help: make the path readable and writable", file.display())
            }
        }
    }
}

impl std::error::Error for GenerateError {}

impl From<LoadError> for GenerateError {
    fn from(error: LoadError) -> Self {
        Self::Load(error)
    }
}

/// Where a crate stands and what it is called.
#[derive(Clone, Debug)]
pub struct Target {
    /// The package name.
    pub name: String,
    /// The provider's name in spans and reports.
    pub provider: String,
    /// The document as generated files name it.
    pub source: String,
    /// Where `obkit-runtime` is found.
    pub runtime: Runtime,
}

/// Where a generated crate finds `obkit-runtime`.
#[derive(Clone, Debug)]
pub enum Runtime {
    /// In a folder: relative to the crate, or absolute.
    Path(PathBuf),
    /// In the registry.
    Registry,
}

/// Generates a crate from a document.
///
/// # Errors
/// The document breaks a rule that stops generation, or the generator has a bug.
pub fn generate(spec: &Spec, target: &Target) -> Result<Generated, GenerateError> {
    let lowered = lower(spec);
    let mut notes = lint::check(spec);
    let errors: Vec<Note> = notes.iter().chain(&lowered.notes).filter(|note| lint::stops(note)).cloned().collect();
    if !errors.is_empty() {
        return Err(GenerateError::Lint { file: spec.document().file().to_owned(), errors });
    }
    notes.extend(lowered.notes.iter().cloned());
    let model = &lowered.model;
    let (mut document, replacements) = lower::document::render(model);
    let tokens = client::generate(&document, &replacements).map_err(GenerateError::Internal)?;
    let internal = |e: syn::Error| GenerateError::Internal(format!("progenitor's output is not Rust: {e}"));
    let client = polish::polish(syn::parse2(tokens).map_err(internal)?, model).map_err(GenerateError::Internal)?;

    let origin = format!("by obkit {VERSION} from {} sha256:{}", target.source, spec.document().sha256());
    document["x-obkit-generated"] = format!("@generated {origin}; do not edit.").into();
    let rust = |body: String| format!("// @generated {origin}; do not edit.\n\n{body}");
    let options = emit::CrateOptions {
        name: target.name.clone(),
        provider: target.provider.clone(),
        runtime: match &target.runtime {
            Runtime::Path(path) => format!("path = \"{}\", version = \"{VERSION}\"", path.display()),
            Runtime::Registry => format!("version = \"{VERSION}\""),
        },
        package: format!(
            "version = \"{VERSION}\"\nedition = \"2024\"\nrust-version = \"1.88\"\nlicense = \"MIT OR Apache-2.0\"\n"
        ),
        sha256: spec.document().sha256().to_owned(),
    };
    let json = serde_json::to_string_pretty(&document).map_err(|e| GenerateError::Internal(e.to_string()))?;
    let files = [
        ("Cargo.toml", format!("# @generated {origin}; do not edit.\n\n{}", emit::manifest(model, &options))),
        ("README.md", format!("<!-- @generated {origin}; do not edit. -->\n\n{}", emit::readme(model, &options))),
        ("lowered.json", format!("{json}\n")),
        ("src/lib.rs", rust(emit::lib_rs(model, &options))),
        ("src/client.rs", rust(prettyplease::unparse(&client))),
        ("src/types.rs", rust(emit::types(model))),
        ("src/typed_client.rs", rust(emit::typed_client(model))),
    ];
    Ok(Generated { files: files.into_iter().map(|(path, text)| (PathBuf::from(path), text)).collect(), notes })
}

/// Generates a provider's crate.
///
/// # Errors
/// As [`generate`], and when the provider's document cannot be read.
pub fn generate_provider(providers: &Providers, provider: &Provider) -> Result<Generated, GenerateError> {
    let spec = Spec::read(Document::load(providers.root().join(&provider.spec))?)?;
    let up: PathBuf = provider.generated.components().map(|_| "..").collect();
    let target = Target {
        name: provider.crate_name.clone(),
        provider: provider.name.clone(),
        source: provider.spec.to_string_lossy().replace('\\', "/"),
        runtime: Runtime::Path(up.join("runtime")),
    };
    generate(&spec, &target)
}

/// How a file in a folder differs from what is generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Drift {
    /// It is not there.
    Missing(PathBuf),
    /// It is another text, from this line on.
    Differs(PathBuf, usize),
    /// It is not generated.
    Extra(PathBuf),
}

impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(path) => write!(f, "{}: is missing", path.display()),
            Self::Differs(path, line) => write!(f, "{}:{line}: differs from here on", path.display()),
            Self::Extra(path) => write!(f, "{}: is not generated", path.display()),
        }
    }
}

impl Generated {
    /// Compares a folder with what is generated. Line endings may differ, nothing else.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn drift(&self, folder: &Path) -> Result<Vec<Drift>, GenerateError> {
        let mut drift = Vec::new();
        for (path, text) in &self.files {
            let file = folder.join(path);
            match std::fs::read(&file) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => drift.push(Drift::Missing(file)),
                Err(error) => return Err(GenerateError::Io { file, error }),
                Ok(found) => {
                    let found = String::from_utf8_lossy(&found).replace("\r\n", "\n");
                    if found != *text {
                        let same = found.lines().zip(text.lines()).take_while(|(a, b)| a == b).count();
                        drift.push(Drift::Differs(file, same + 1));
                    }
                }
            }
        }
        drift.extend(self.extra(folder)?.into_iter().map(Drift::Extra));
        Ok(drift)
    }

    /// Writes what differs into a folder and removes what is not generated any more.
    ///
    /// # Errors
    /// The folder cannot be read or written.
    pub fn write(&self, folder: &Path) -> Result<Vec<Drift>, GenerateError> {
        let drift = self.drift(folder)?;
        let io = |file: &Path| {
            let file = file.to_owned();
            move |error| GenerateError::Io { file, error }
        };
        for item in &drift {
            match item {
                Drift::Extra(file) => std::fs::remove_file(file).map_err(io(file))?,
                Drift::Missing(file) | Drift::Differs(file, _) => {
                    if let Some(parent) = file.parent() {
                        std::fs::create_dir_all(parent).map_err(io(parent))?;
                    }
                    let text = file.strip_prefix(folder).ok().and_then(|path| self.files.get(path));
                    std::fs::write(file, text.map(String::as_str).unwrap_or_default()).map_err(io(file))?;
                }
            }
        }
        Ok(drift)
    }

    /// Files in the crate's source folder that are not generated.
    fn extra(&self, folder: &Path) -> Result<Vec<PathBuf>, GenerateError> {
        let source = folder.join("src");
        let entries = match std::fs::read_dir(&source) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(GenerateError::Io { file: source, error }),
            Ok(entries) => entries,
        };
        let mut extra: Vec<PathBuf> = entries
            .filter_map(Result::ok)
            .map(|entry| entry.path())
            .filter(|path| path.strip_prefix(folder).is_ok_and(|path| !self.files.contains_key(path)))
            .collect();
        extra.sort();
        Ok(extra)
    }
}
