//! Why a document could not be used.

use std::fmt;
use std::path::{Path, PathBuf};

use super::{MAX_DEPTH, Position};
use crate::note::Rule;

/// Why a document could not be used: a message with file, place and remedy, and all others that could be found at once.
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
    /// What else is wrong with the document, in the order of its text.
    pub more: Vec<LoadError>,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(Position { line, column }) = self.position {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}\n  help: {}", self.message, self.remedy)?;
        self.more.iter().try_for_each(|error| write!(f, "\n{error}"))
    }
}

impl std::error::Error for LoadError {}

/// Something wrong with a document that did not stop it from being read on: lint names it beside all else, and nothing
/// is generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) rule: &'static Rule,
    /// The JSON pointer of the place in its file, in the author's terms.
    pub(crate) pointer: String,
    pub(crate) error: Box<LoadError>,
}

impl Fault {
    /// Puts faults into the order of the text, each once.
    pub(crate) fn sort(faults: &mut Vec<Self>, root: &Path) {
        let place = |fault: &Self| (fault.error.file != root, fault.error.file.clone(), fault.error.position);
        faults.sort_by(|a, b| (place(a), &a.error.message).cmp(&(place(b), &b.error.message)));
        faults.dedup_by(|a, b| a.error == b.error);
    }

    /// Faults, and what in the end stopped the document from being read, as one error.
    pub(crate) fn before(faults: &[Self], last: LoadError) -> LoadError {
        match Self::all(faults) {
            Some(mut first) => {
                first.more.push(last);
                first
            }
            None => last,
        }
    }

    /// All faults as one error; none where there are none.
    pub(crate) fn all(faults: &[Self]) -> Option<LoadError> {
        let (first, more) = faults.split_first()?;
        Some(LoadError {
            more: more.iter().map(|fault| LoadError::clone(&fault.error)).collect(),
            ..LoadError::clone(&first.error)
        })
    }
}

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
            more: Vec::new(),
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
