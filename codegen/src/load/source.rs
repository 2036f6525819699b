//! One file: its text read and parsed, with the position of each node.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::error::{Fault, LoadError, SyntaxError};
use super::positions::{Node, Positions};
use super::{MAX_BYTES, json, yaml};
use crate::note;

/// A parsed file.
#[derive(Debug)]
pub(crate) struct Source {
    /// The file, as messages name it.
    pub(crate) file: PathBuf,
    pub(crate) root: Value,
    pub(crate) marks: Marks,
    /// The keys that stand twice.
    pub(crate) faults: Vec<Fault>,
}

/// What a text says beside its value.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    /// Where each node starts.
    pub(crate) positions: Positions,
    /// The numbers that are written otherwise than they are shown, such as `007`, `1e3` and `1.10`: how they are shown, and
    /// how they are written.
    pub(crate) numbers: HashMap<String, (String, String)>,
}

impl Marks {
    /// Notes how a number is written, if that says more than its value.
    pub(super) fn number(&mut self, node: Node, value: &Value, text: &str) {
        let Value::Number(number) = value else { return };
        let shown = number.to_string();
        if shown != text {
            self.numbers.insert(self.positions.pointer(node), (shown, text.to_owned()));
        }
    }
}

/// A parsed text.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) root: Value,
    pub(crate) marks: Marks,
    /// The keys that stand twice in one object, by their pointers.
    pub(crate) repeated: Vec<(String, SyntaxError)>,
}

impl Source {
    /// Parses a text; JSON when it begins as an object of JSON does, YAML otherwise.
    pub(crate) fn parse(file: &Path, text: &str) -> Result<Self, LoadError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let parsed = if is_json(text) { json::parse(text) } else { yaml::parse(text) };
        let Parsed { root, marks, repeated } = parsed.map_err(|error: SyntaxError| error.of(file))?;
        let fault = |(pointer, error): (String, SyntaxError)| Fault {
            rule: note::KEY_REPEATED,
            pointer,
            error: Box::new(error.of(file)),
        };
        Ok(Self { file: file.to_owned(), root, marks, faults: repeated.into_iter().map(fault).collect() })
    }
}

/// Whether a text begins as an object of JSON does; a flow mapping of YAML may begin with a key that is not quoted.
fn is_json(text: &str) -> bool {
    let rest = text.trim_start().strip_prefix('{').map(str::trim_start);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['"', '}']))
}

/// The text of a file of at most `limit` bytes, which are what is left of [`MAX_BYTES`].
pub(crate) fn text(file: &Path, limit: u64) -> Result<String, LoadError> {
    let fail = |message: String, remedy: &str| LoadError {
        file: file.to_owned(),
        position: None,
        message,
        remedy: remedy.to_owned(),
        more: Vec::new(),
    };
    let unreadable = |error: std::io::Error| {
        fail(format!("cannot be read: {error}"), "name an existing, readable OpenAPI document (YAML or JSON)")
    };
    let opened = File::open(file).map_err(unreadable)?;
    let size = opened.metadata().map_or(0, |metadata| metadata.len().min(limit));
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    // One more than there may be, whatever the file system says about the size.
    opened.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > limit {
        let whole = if limit == MAX_BYTES { "the file is" } else { "the files of the document are together" };
        return Err(fail(
            format!("{whole} larger than {MAX_BYTES} bytes"),
            "split the document, or remove embedded data from it",
        ));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        fail(format!("is not UTF-8 (first bad byte at {at})"), "save the document as UTF-8")
    })
}
