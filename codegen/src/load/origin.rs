//! Where each pointer of a document comes from.
//!
//! A document is not always what its author wrote: a Swagger 2.0 document is converted, and a
//! document of several files is put together. What is said about it is said in the author's terms,
//! so every move is kept, as a prefix of pointers and what stood there before.

use std::collections::HashMap;
use std::path::PathBuf;

use super::Position;
use super::source::Marks;

/// Where something stands in the files that a document was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The file, as messages name it.
    pub file: PathBuf,
    /// The JSON pointer in that file.
    pub pointer: String,
    /// Where that is in the text; the nearest ancestor's place when the pointer is not in the file.
    pub position: Option<Position>,
}

/// Where the parts of a document stood before they were moved: prefixes of pointers, and what they
/// were. The longest prefix counts; what has none has not moved.
pub(super) type Moves<T> = HashMap<String, T>;

/// A place in a numbered file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Place {
    pub(super) file: usize,
    pub(super) pointer: String,
}

/// The files of a document, and the way back into them.
#[derive(Debug, Default)]
pub(super) struct Sources {
    /// The files, the root first.
    pub(super) files: Vec<PathBuf>,
    /// Where each pointer of each file starts, and how its numbers are written.
    pub(super) marks: Vec<Marks>,
    /// What came from which file; the rest is from the root.
    pub(super) bundled: Moves<Place>,
    /// What a conversion has moved, after bundling.
    pub(super) converted: Moves<String>,
}

impl Sources {
    /// Goes back from a pointer of the document to what its author wrote.
    pub(super) fn place(&self, pointer: &str) -> Place {
        let pointer = match nearest(&self.converted, pointer) {
            Some((before, rest)) => format!("{before}{rest}"),
            None => pointer.to_owned(),
        };
        match nearest(&self.bundled, &pointer) {
            Some((place, rest)) => Place { file: place.file, pointer: format!("{}{rest}", place.pointer) },
            None => Place { file: 0, pointer },
        }
    }

    pub(super) fn position(&self, place: &Place) -> Option<Position> {
        let marks = self.marks.get(place.file)?;
        marks.positions.nearest(&place.pointer)
    }

    /// How a number is written, where that is not how it is shown.
    #[cfg(feature = "generate")]
    pub(super) fn number(&self, pointer: &str, shown: &str) -> Option<&str> {
        let place = self.place(pointer);
        let (value, written) = self.marks.get(place.file)?.numbers.get(&place.pointer)?;
        // An overlay may have changed it.
        (value == shown).then_some(written.as_str())
    }

    pub(super) fn origin(&self, pointer: &str) -> Origin {
        let place = self.place(pointer);
        let position = self.position(&place);
        let file = self.files.get(place.file).cloned().unwrap_or_default();
        Origin { file, pointer: place.pointer, position }
    }
}

/// The entry of the longest prefix of a pointer, and the rest of the pointer.
pub(super) fn nearest<'m, 'p, T>(entries: &'m HashMap<String, T>, pointer: &'p str) -> Option<(&'m T, &'p str)> {
    if entries.is_empty() {
        return None;
    }
    let mut end = pointer.len();
    loop {
        if let Some(entry) = entries.get(&pointer[..end]) {
            return Some((entry, &pointer[end..]));
        }
        end = pointer[..end].rfind('/')?;
    }
}
