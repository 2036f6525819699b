//! Reading an OpenAPI document: text in, JSON value and source positions out.
//!
//! However a document is written, the outcome is one OpenAPI 3.0 or 3.1 document in JSON: YAML and
//! JSON give the same [`Document`], Swagger 2.0 is converted (`swagger`), and what stands in other
//! files is brought in (`bundle`). Every JSON pointer of it can be traced back to a file, a line
//! and a column ([`Document::origin`]), so that whatever is said about a document later says where.

mod bundle;
mod digest;
mod error;
mod json;
mod origin;
mod positions;
pub(crate) mod references;
pub(crate) mod shape;
mod source;
mod swagger;
mod version;
mod yaml;

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use serde_json::Value;

pub use self::error::LoadError;
pub(crate) use self::error::{Fault, SyntaxError};
pub use self::origin::Origin;
use self::origin::Sources;
pub(crate) use self::positions::Positions;
pub(crate) use self::source::{Source, text};
use self::version::Dialect;
pub use self::version::Version;
use crate::note::{self, Rule};
use crate::overlay::Overlay;

/// The most that is read of a document and the files it refers to, in bytes. A bound, not a target:
/// the largest public financial API document known to the authors is under 5 MB.
pub const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// The most files that one document is read from.
pub const MAX_FILES: usize = 1000;

/// The deepest nesting that is read.
pub(crate) const MAX_DEPTH: usize = 120;

/// A place in a source text; both numbers count from one, columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// An OpenAPI document with its source positions. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Document {
    root: Arc<Value>,
    version: Version,
    sha256: Arc<OnceLock<String>>,
    sources: Arc<Sources>,
    /// What is wrong with it, in the order of the text.
    faults: Vec<Fault>,
    /// Whether it was read from a file, and so are those that it refers to.
    follows_files: bool,
}

impl Document {
    /// Reads a document from a file; JSON when it begins as an object of JSON does, YAML otherwise.
    ///
    /// References to other files are followed, relative to the file that holds them; those to the
    /// network are not (see [`Document::external`]).
    ///
    /// # Errors
    /// A file cannot be read, is not UTF-8, is neither YAML nor JSON, or repeats a key; the files
    /// are larger than [`MAX_BYTES`] or more than [`MAX_FILES`]; or the document is none of Swagger
    /// 2.0, OpenAPI 3.0 and OpenAPI 3.1.
    pub fn load(file: impl AsRef<Path>) -> Result<Self, LoadError> {
        Self::load_with(file, &[])
    }

    /// Reads a document from a file as [`Document::load`] does, and makes the changes of overlays to what its author
    /// wrote, one overlay after the other.
    ///
    /// # Errors
    /// As [`Document::load`], and when an overlay no longer fits the document.
    pub fn load_with(file: impl AsRef<Path>, overlays: &[Overlay]) -> Result<Self, LoadError> {
        Self::survey(file, overlays)?.faultless()
    }

    /// Reads a document from a file as [`Document::load_with`] does, and goes on where it can when something is wrong: keys
    /// that stand twice, references that lead nowhere, or a document without paths.
    ///
    /// What is wrong is what [`lint`](crate::lint()) says beside all else, and what stops
    /// [`generate`](crate::generate()), once the operations are read by [`Spec::survey`](crate::Spec::survey).
    ///
    /// # Errors
    /// Nothing can be read: as [`Document::load_with`], but for what is named above.
    pub fn survey(file: impl AsRef<Path>, overlays: &[Overlay]) -> Result<Self, LoadError> {
        let file = file.as_ref();
        let text = source::text(file, MAX_BYTES)?;
        let others = bundle::Others::below(MAX_BYTES.saturating_sub(text.len() as u64));
        Self::of(Source::parse(file, &text)?, overlays, others)
    }

    /// Reads a document from text; `file` only names it in messages, and no other file is read.
    ///
    /// # Errors
    /// As [`Document::load`], but for reading the file.
    pub fn parse(file: impl AsRef<Path>, text: &str) -> Result<Self, LoadError> {
        Self::parse_with(file, text, &[])
    }

    /// Reads a document from text as [`Document::parse`] does, and makes the changes of overlays to it.
    ///
    /// # Errors
    /// As [`Document::parse`], and when an overlay does not fit the document.
    pub fn parse_with(file: impl AsRef<Path>, text: &str, overlays: &[Overlay]) -> Result<Self, LoadError> {
        Self::survey_text(file, text, overlays)?.faultless()
    }

    /// Reads a document from text as [`Document::parse_with`] does, and goes on where it can as [`Document::survey`] does.
    ///
    /// # Errors
    /// As [`Document::survey`], but for reading the file.
    pub fn survey_text(file: impl AsRef<Path>, text: &str, overlays: &[Overlay]) -> Result<Self, LoadError> {
        Self::of(Source::parse(file.as_ref(), text)?, overlays, bundle::Others::none())
    }

    fn of(mut source: Source, overlays: &[Overlay], others: bundle::Others) -> Result<Self, LoadError> {
        overlays.iter().try_for_each(|overlay| overlay.apply(&mut source))?;
        let file = source.file.clone();
        let (dialect, fault) = Dialect::of(&source.root, &source.marks.positions)
            .map_err(|error| Fault::before(&source.faults, error.of(&file)))?;
        let follows_files = others.may_be_read();
        let (root, mut sources, mut faults) = bundle::bundle(source, dialect, others);
        let fault = fault.map(|error| Box::new(error.of(&file)));
        faults.extend(fault.map(|error| Fault { rule: note::PART_UNREADABLE, pointer: "/paths".to_owned(), error }));
        Fault::sort(&mut faults, &file);
        let (root, version) = match dialect {
            Dialect::OpenApi(version) => (root, version),
            Dialect::Swagger => {
                let (root, moves) = swagger::convert(&root);
                sources.converted = moves;
                (root, Version::V3_0)
            }
        };
        Ok(Self {
            sha256: Arc::default(),
            root: Arc::new(root),
            version,
            sources: Arc::new(sources),
            faults,
            follows_files,
        })
    }

    /// The document, if nothing is wrong with it.
    fn faultless(self) -> Result<Self, LoadError> {
        Fault::all(&self.faults).map_or(Ok(self), Err)
    }

    pub(crate) fn follows_files(&self) -> bool {
        self.follows_files
    }

    pub(crate) fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// The file the document came from, as it was named.
    #[must_use]
    pub fn file(&self) -> &Path {
        self.files().first().map_or(Path::new(""), PathBuf::as_path)
    }

    /// All files that were read, the root first: what a build depends on.
    #[must_use]
    pub fn files(&self) -> &[PathBuf] {
        &self.sources.files
    }

    /// The whole document as JSON.
    #[must_use]
    pub fn root(&self) -> &Value {
        &self.root
    }

    /// The version whose rules its schemas follow.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// SHA-256 of what can be generated from the document, in lower-case hexadecimal: its JSON in
    /// the author's order, without examples. Layout, comments and examples do not change it.
    #[must_use]
    pub fn sha256(&self) -> &str {
        self.sha256.get_or_init(|| digest::sha256(&self.root))
    }

    /// The value at a JSON pointer (RFC 6901), with or without a leading `#`.
    #[must_use]
    pub fn at(&self, pointer: &str) -> Option<&Value> {
        locate(&self.root, plain(pointer))
    }

    /// Where a JSON pointer of the document starts in its file; the nearest existing ancestor when
    /// the pointer itself is not there, so that "this is missing" has a place too.
    #[must_use]
    pub fn position(&self, pointer: &str) -> Option<Position> {
        self.sources.position(&self.sources.place(plain(pointer)))
    }

    /// The file and the pointer that a JSON pointer of the document stands for in its author's
    /// terms. They differ from the document's own when it was converted from Swagger 2.0 or put
    /// together from several files.
    #[must_use]
    pub fn origin(&self, pointer: &str) -> Origin {
        self.sources.origin(plain(pointer))
    }

    /// What stands in the place of references to the network, which are not followed: the pointers
    /// of empty components, and the addresses that were referred to.
    #[must_use]
    pub fn external(&self) -> Vec<(String, String)> {
        bundle::placeholders(&self.root)
    }

    /// An error about this document, placed at a JSON pointer.
    #[must_use]
    pub fn error(&self, pointer: &str, message: impl Into<String>, remedy: impl Into<String>) -> LoadError {
        let Origin { file, position, .. } = self.origin(pointer);
        LoadError { file, position, message: message.into(), remedy: remedy.into(), more: Vec::new() }
    }

    /// Something wrong with this document, placed at a JSON pointer.
    pub(crate) fn fault(
        &self,
        rule: &'static Rule,
        pointer: &str,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Fault {
        let error = Box::new(self.error(pointer, message, remedy));
        Fault { rule, pointer: self.origin(pointer).pointer, error }
    }

    /// A value as its author wrote it, on one line: a number with all its digits.
    #[cfg(feature = "generate")]
    pub(crate) fn written(&self, pointer: &str, value: &Value) -> String {
        let shown = value.to_string();
        let number = value.is_number().then(|| self.sources.number(pointer, &shown)).flatten();
        number.map_or(shown.clone(), str::to_owned)
    }
}

fn plain(pointer: &str) -> &str {
    pointer.strip_prefix('#').unwrap_or(pointer)
}

/// What stands at a JSON pointer (RFC 6901). `Value::pointer` does the same, and copies every token twice to unescape it;
/// this one only those that are escaped, as schemas are looked up with every value that is judged.
#[must_use]
pub fn locate<'v>(root: &'v Value, pointer: &str) -> Option<&'v Value> {
    let Some(tokens) = pointer.strip_prefix('/') else { return pointer.is_empty().then_some(root) };
    tokens.split('/').try_fold(root, |value, token| match value {
        Value::Object(members) => members.get(&*unescape_token(token)),
        // An index has no sign and no zero in front (RFC 6901, section 4).
        Value::Array(_) if token.starts_with('+') || (token.starts_with('0') && token.len() > 1) => None,
        Value::Array(items) => items.get(token.parse::<usize>().ok()?),
        _ => None,
    })
}

/// Whether a value is one that others stand in.
pub(crate) fn is_container(value: &Value) -> bool {
    value.is_object() || value.is_array()
}

/// Escapes one reference token of a JSON pointer (RFC 6901, section 3).
#[must_use]
pub fn escape_token(token: &str) -> Cow<'_, str> {
    if !token.contains(['~', '/']) {
        return Cow::Borrowed(token);
    }
    token.replace('~', "~0").replace('/', "~1").into()
}

/// Undoes [`escape_token`].
#[must_use]
pub fn unescape_token(token: &str) -> Cow<'_, str> {
    if !token.contains('~') {
        return Cow::Borrowed(token);
    }
    token.replace("~1", "/").replace("~0", "~").into()
}

#[cfg(test)]
mod tests;
