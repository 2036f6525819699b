//! Pages of a list.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where the next page of a list begins. Opaque: it means something to the provider that gave it,
/// and to the query it was given for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Cursor(pub(crate) String);

/// What the cursors begin with that count items.
const OFFSET: &str = "offset:";

impl Cursor {
    /// The place after so many items of the list: the one kind of cursor that is known to all. Pages by offset are read with
    /// more care ([`Pages`](crate::provider::Pages)), because a list that grows in between moves under them.
    #[must_use]
    pub fn offset(items: u64) -> Self {
        Self(format!("{OFFSET}{items}"))
    }

    /// After how many items of the list it is, if it counts them.
    #[must_use]
    pub fn as_offset(&self) -> Option<u64> {
        // `parse` would take a plus sign, too.
        self.0.strip_prefix(OFFSET).filter(|digits| digits.starts_with(|c: char| c.is_ascii_digit()))?.parse().ok()
    }

    /// The cursor as text, to be kept across processes.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Cursor {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// A part of a list.
///
/// A page may be empty while more follow: only `next` says that the list has ended.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Page<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// Where the next page begins; absent on the last one.
    pub next: Option<Cursor>,
    /// How many items the whole list has, where the provider says so.
    pub total: Option<u64>,
}

impl<T> Page<T> {
    /// The only page of a list.
    #[must_use]
    pub fn single(items: Vec<T>) -> Self {
        Self { total: Some(items.len() as u64), items, next: None }
    }
}
