//! Generation in the build script of somebody else's crate: a module instead of a crate.
//!
//! ```no_run
//! // build.rs
//! fn main() -> Result<(), obkit_codegen::BuildError> {
//!     obkit_codegen::Builder::new("openapi.yaml").overlay("overlays/010-names.yaml").name("bank").generate()?;
//!     Ok(())
//! }
//! ```
//!
//! ```ignore
//! // src/lib.rs
//! /// The client of the bank.
//! pub mod bank {
//!     include!(concat!(env!("OUT_DIR"), "/bank.rs"));
//! }
//! ```
//!
//! Names of the document in other scripts may look like others. rustc has that allowed for a whole crate only, so a crate
//! that uses such a document says `#![allow(confusable_idents, mixed_script_confusables)]` itself.
//!
//! The module is what the generated crate is, without its `typed-client`. It uses `obkit-runtime`,
//! `reqwest` and `serde_json`, so the crate depends on them; `examples/build-script` of the repository is such a crate.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::emit;
use crate::generate::{GenerateError, Generated, Runtime, Target, generate};
use crate::load::Document;
use crate::note::Severity;
use crate::overlay::Overlay;
use crate::spec::Spec;

/// Generates the client of a document when the crate that uses it is built.
#[derive(Clone, Debug)]
#[must_use = "nothing is generated before `generate` or `generate_into`"]
pub struct Builder {
    spec: PathBuf,
    overlays: Vec<PathBuf>,
    name: Option<String>,
}

/// Why nothing was generated, with file, line and remedy.
///
/// Its `Debug` is its message, because that is what cargo shows of an error that a build script's
/// `main` returns.
pub struct BuildError(GenerateError);

impl BuildError {
    /// What went wrong.
    #[must_use]
    pub fn reason(&self) -> &GenerateError {
        &self.0
    }
}

impl fmt::Debug for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl std::error::Error for BuildError {}

impl Builder {
    /// Generates from this document; a relative path starts at the crate's folder.
    pub fn new(spec: impl Into<PathBuf>) -> Self {
        Self { spec: spec.into(), overlays: Vec::new(), name: None }
    }

    /// Corrects the document by this overlay, after those that were named before.
    pub fn overlay(mut self, file: impl Into<PathBuf>) -> Self {
        self.overlays.push(file.into());
        self
    }

    /// Names the module, its file and the provider in spans; without it, they are called after the
    /// document's file.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Writes `<name>.rs` into the `OUT_DIR` that cargo gives to build scripts, as
    /// [`Builder::generate_into`] does.
    ///
    /// # Errors
    /// As [`Builder::generate_into`], and when it is not a build script that calls this.
    pub fn generate(&self) -> Result<PathBuf, BuildError> {
        match std::env::var_os("OUT_DIR") {
            Some(folder) => self.generate_into(PathBuf::from(folder)),
            None => Err(BuildError(GenerateError::Io {
                file: PathBuf::from("OUT_DIR"),
                error: std::io::Error::other("cargo has not set it; call this from a build script"),
            })),
        }
    }

    /// Writes `<name>.rs` into a folder, and tells cargo what it depends on and what is lossy.
    ///
    /// # Errors
    /// The document or an overlay cannot be used, the document breaks a rule that stops generation,
    /// or the file cannot be written.
    pub fn generate_into(&self, folder: impl AsRef<Path>) -> Result<PathBuf, BuildError> {
        // Before anything can fail: whoever mends the document is to see that it is read again.
        for file in [&self.spec].into_iter().chain(&self.overlays) {
            println!("cargo:rerun-if-changed={}", file.display());
        }
        let (generated, file) = self.write(folder.as_ref()).map_err(BuildError)?;
        // The document itself was named above; the others are those that it refers to.
        for file in generated.sources.iter().skip(1) {
            println!("cargo:rerun-if-changed={}", file.display());
        }
        for warning in self.warnings(&generated) {
            println!("cargo:warning={warning}");
        }
        Ok(file)
    }

    /// What cargo is to show, a line each: what the document says and the module does not. What is merely wider than
    /// the document is left to lint, as it would be said at each build.
    fn warnings(&self, generated: &Generated) -> Vec<String> {
        let told = generated.notes.iter().filter(|note| note.lossy && note.severity >= Severity::Warning);
        let lines = told.map(|note| format!("{}:{note}; help: {}", note.file(&self.spec).display(), note.remedy));
        lines.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }

    fn write(&self, folder: &Path) -> Result<(Generated, PathBuf), GenerateError> {
        let overlays = self.overlays.iter().map(Overlay::load).collect::<Result<Vec<_>, _>>()?;
        let spec = Spec::survey(Document::survey(&self.spec, &overlays)?);
        let name = self.name.clone().unwrap_or_else(|| self.stem());
        let target = Target {
            name: name.clone(),
            provider: name.clone(),
            source: self.spec.to_string_lossy().replace('\\', "/"),
            runtime: Runtime::Registry,
        };
        let generated = generate(&spec, &target)?;
        let text = emit::module(&generated.files).map_err(GenerateError::Internal)?;
        let file = folder.join(format!("{name}.rs"));
        std::fs::create_dir_all(folder)
            .and_then(|()| std::fs::write(&file, text))
            .map_err(|error| GenerateError::Io { file: file.clone(), error })?;
        Ok((generated, file))
    }

    /// The name of the document's file.
    fn stem(&self) -> String {
        self.spec.file_stem().unwrap_or_default().to_string_lossy().into_owned()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    const SPEC: &str = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get:\n      operationId: readA\n      \
                        responses: {'200': {description: Ok, content: {application/json: {schema: {}}}}}\n";

    #[test]
    fn one_file_holds_all_modules_and_what_is_lossy_is_warned_about() {
        let folder = tempfile::tempdir().unwrap();
        let spec = folder.path().join("my-bank.yaml");
        std::fs::write(&spec, SPEC).unwrap();
        let builder = Builder::new(&spec);
        let (generated, file) = builder.write(folder.path()).unwrap();
        assert_eq!(file, folder.path().join("my-bank.rs"), "called after the document");
        let text = std::fs::read_to_string(file).unwrap();
        assert!(text.starts_with("// @generated by obkit "), "{text}");
        let parsed = syn::parse_file(&text).unwrap();
        assert!(parsed.attrs.is_empty(), "`include!` takes no inner attributes");
        let modules = parsed.items.iter().filter_map(|item| match item {
            syn::Item::Mod(module) => Some((module.ident.to_string(), module.content.is_some())),
            _ => None,
        });
        assert_eq!(modules.collect::<Vec<_>>(), [("client".to_owned(), true), ("types".to_owned(), true)]);
        let warnings = builder.warnings(&generated);
        let expected = format!("{}:7:73: warning[untyped-schema, lossy]: ", spec.display());
        assert!(warnings.len() == 1 && warnings[0].starts_with(&expected), "{warnings:?}");
        assert!(warnings[0].contains("; help: "), "{warnings:?}");
    }

    #[test]
    fn an_error_names_the_place_even_when_main_returns_it() {
        let folder = tempfile::tempdir().unwrap();
        let spec = folder.path().join("openapi.yaml");
        std::fs::write(&spec, SPEC.replace("schema: {}", "schema: {$ref: '#/a'}")).unwrap();
        let error = Builder::new(&spec).generate_into(folder.path()).unwrap_err();
        let expected = format!("{}:7:82: error[reference-unresolved]: `$ref: #/a` points at nothing", spec.display());
        assert!(format!("{error:?}").starts_with(&expected) && error.to_string().contains("help: "), "{error}");
        assert!(matches!(error.reason(), GenerateError::Lint { .. }));
        let error = Builder::new(&spec).overlay("nowhere.yaml").generate_into(folder.path()).unwrap_err();
        assert!(error.to_string().starts_with("nowhere.yaml: cannot be read"), "{error}");
        std::fs::write(&spec, SPEC).unwrap();
        let error = Builder::new(&spec).name("../bank").generate_into(folder.path()).unwrap_err();
        assert!(error.to_string().contains("is not the name of a package"), "{error}");
    }
}
