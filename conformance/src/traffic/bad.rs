//! What is wrong with a recording itself.

use std::fmt;

/// How many wrong entries are told; the others are counted.
pub(super) const MAX_TOLD: usize = 20;

/// An entry that cannot be read; the others are judged all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadEntry {
    /// Which, from one.
    pub number: u64,
    /// The line of the file, from one.
    pub line: u64,
    /// The column, from one.
    pub column: u64,
    /// What is wrong. No value of the entry is in it.
    pub message: String,
}

/// Why a recording could not be read to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The line of the file, from one.
    pub line: u64,
    /// The column, from one.
    pub column: u64,
    /// How many entries came before.
    pub entries: u64,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (after {} entries)", self.message, self.entries)
    }
}

/// Why an item is no exchange: in words, and where in it.
#[derive(Debug)]
pub(super) struct Unreadable {
    pub(super) message: String,
    /// Line and column within the item, from one.
    pub(super) at: Option<(u64, u64)>,
}

impl Unreadable {
    pub(super) fn new(message: &str) -> Self {
        Self { message: message.to_owned(), at: None }
    }

    /// What serde says is told as where only: its words may quote a value.
    pub(super) fn of_json(error: &serde_json::Error, lacks: &str) -> Self {
        let message = if error.is_data() { lacks } else { "it is not JSON" };
        Self { message: message.to_owned(), at: Some((error.line() as u64, error.column() as u64)) }
    }
}
