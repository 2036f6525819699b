//! Overlays: corrections to a document that somebody else owns (OpenAPI Overlay 1.0 and 1.1).
//!
//! The document stays as its owner publishes it, and each correction says why it is made. An overlay
//! that no longer fits is an error: a target that matches nothing means that the document has
//! changed, and so the correction is to be looked at again.
//!
//! ```
//! use obkit_codegen::{Document, Overlay};
//!
//! let spec = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {/a: {get: {responses: {}}}}\n";
//! let overlay = "\
//! overlay: 1.0.0
//! info: {title: Names for operations, version: 1.0.0}
//! actions:
//!   - target: $.paths['/a'].get
//!     description: The document names no operation.
//!     update: {operationId: readA}
//! ";
//! let overlays = [Overlay::parse("010-names.yaml", overlay)?];
//! let document = Document::parse_with("openapi.yaml", spec, &overlays)?;
//! assert_eq!(document.at("/paths/~1a/get/operationId"), Some(&"readA".into()));
//!
//! let error = Document::parse_with("openapi.yaml", &spec.replace("/a", "/b"), &overlays).unwrap_err();
//! assert!(error.to_string().starts_with("010-names.yaml:4:5: the target `$.paths['/a'].get` matches nothing"));
//! # Ok::<(), obkit_codegen::LoadError>(())
//! ```

mod apply;
mod read;

use std::path::{Path, PathBuf};

use serde_json::Value;
use serde_json_path::JsonPath;

use crate::load::{self, Fault, LoadError, MAX_BYTES, Positions, Source};

/// A list of changes to be made to a document, in order.
#[derive(Clone, Debug)]
pub struct Overlay {
    file: PathBuf,
    positions: Positions,
    version: Version,
    actions: Vec<Action>,
}

/// The version of the specification that an overlay follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Version {
    /// 1.0: an update of a list is one more item, whatever it is.
    V1_0,
    /// 1.1: an update of a list by a list joins the two, and what is no object or list is replaced. Its `copy` is
    /// not supported.
    V1_1,
}

/// One change, made everywhere its target matches.
#[derive(Clone, Debug)]
struct Action {
    /// Where it stands in the overlay.
    pointer: String,
    /// The target as it is written.
    target: String,
    path: JsonPath,
    change: Change,
}

#[derive(Clone, Debug)]
enum Change {
    /// Merged into an object, or added to a list; since 1.1 it may also replace text, a number, a boolean or null.
    Update(Value),
    Remove,
}

impl Overlay {
    /// Reads an overlay from a file, YAML or JSON.
    ///
    /// # Errors
    /// The file cannot be read, or is not an OpenAPI Overlay 1.0 or 1.1 document each of whose actions has a
    /// valid target, a reason and one change.
    pub fn load(file: impl AsRef<Path>) -> Result<Self, LoadError> {
        let file = file.as_ref();
        Self::parse(file, &load::text(file, MAX_BYTES)?)
    }

    /// Reads an overlay from text; `file` only names it in messages.
    ///
    /// # Errors
    /// As [`Overlay::load`], but for reading the file.
    pub fn parse(file: impl AsRef<Path>, text: &str) -> Result<Self, LoadError> {
        let file = file.as_ref();
        let Source { file, root, marks, faults } = Source::parse(file, text)?;
        if let Some(error) = Fault::all(&faults) {
            return Err(error);
        }
        let mut overlay = Self { file, positions: marks.positions, version: Version::V1_0, actions: Vec::new() };
        (overlay.version, overlay.actions) = overlay.read(&root)?;
        Ok(overlay)
    }

    /// The file the overlay came from, as it was named.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// An error about this overlay, placed at a JSON pointer.
    fn error(&self, pointer: &str, message: impl Into<String>, remedy: &str) -> LoadError {
        LoadError {
            file: self.file.clone(),
            position: self.positions.nearest(pointer),
            message: message.into(),
            remedy: remedy.to_owned(),
            more: Vec::new(),
        }
    }
}
