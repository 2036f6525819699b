//! Pages of lists, and cursors that belong to one list and one query.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::codes::{CURSOR, refusal};
use crate::domain::{Cursor, Page};
use crate::error::Error;

/// How many items a page has when nobody asks for a number.
const USUAL: usize = 100;

/// One page of a list. `query` is what the list depends on, beside its pages.
pub(super) fn page<T>(
    all: Vec<T>,
    query: impl Hash,
    size: Option<u32>,
    cursor: Option<&Cursor>,
) -> Result<Page<T>, Error> {
    let mut digest = DefaultHasher::new();
    query.hash(&mut digest);
    let digest = format!("{:016x}", digest.finish());
    let start = match cursor {
        None => 0,
        Some(cursor) => offset(cursor, &digest).ok_or_else(|| refusal(400, CURSOR))?,
    };
    // A page without items would be followed by itself for ever.
    let size = size.map_or(USUAL, |size| usize::try_from(size).unwrap_or(usize::MAX)).max(1);
    let total = all.len();
    let end = start.saturating_add(size);
    let next = (end < total).then(|| Cursor::from(format!("{end}-{digest}")));
    Ok(Page { items: all.into_iter().skip(start).take(size).collect(), next, total: Some(total as u64) })
}

fn offset(cursor: &Cursor, digest: &str) -> Option<usize> {
    let (offset, of) = cursor.as_str().split_once('-')?;
    if of == digest { offset.parse().ok() } else { None }
}
