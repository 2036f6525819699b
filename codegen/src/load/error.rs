//! Why a document could not be used.

use std::fmt;
use std::path::{Path, PathBuf};

use super::{MAX_DEPTH, Position};

/// Why a document could not be used. One message with file, place and remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadError {
    /// The file, as it was named.
    pub file: PathBuf,
    /// The place in the file, where one is known.
    pub position: Option<Position>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(Position { line, column }) = self.position {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}\n  help: {}", self.message, self.remedy)
    }
}

impl std::error::Error for LoadError {}

/// What is wrong with a text; [`SyntaxError::of`] adds the file.
#[derive(Debug)]
pub(crate) struct SyntaxError {
    pub(crate) position: Option<Position>,
    pub(crate) message: String,
    pub(crate) remedy: &'static str,
}

impl SyntaxError {
    /// The error as one of a file.
    pub(super) fn of(self, file: &Path) -> LoadError {
        LoadError {
            file: file.to_owned(),
            position: self.position,
            message: self.message,
            remedy: self.remedy.to_owned(),
        }
    }

    /// A text that is nested deeper than is read.
    pub(super) fn too_deep(at: Option<Position>) -> Self {
        Self {
            position: at,
            message: format!("is nested deeper than {MAX_DEPTH} levels here, and no deeper is read"),
            remedy: "make a component of what is inside, and refer to it",
        }
    }

    /// A key that an object has twice: readers disagree on which one counts.
    pub(super) fn repeated(key: &str, first: Option<Position>, again: Position) -> Self {
        let first = first.map_or_else(String::new, |at| format!("; it stands at {}:{} already", at.line, at.column));
        Self {
            position: Some(again),
            message: format!("the key `{key}` is repeated in one object{first}"),
            remedy: "keep one of the two; readers disagree on which one counts",
        }
    }
}
