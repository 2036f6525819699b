//! Lists: where the next page begins, and whether an answer has them whole.

use obkit_yapily::types as yapily;

use super::MAPPER;
use crate::domain::Cursor;
use crate::error::MapError;

/// Where the page begins that follows `count` items from `offset` on. A list by offsets is over when nothing
/// stands at an offset.
pub(in super::super) fn next_offset(offset: u64, count: usize) -> Option<Cursor> {
    (count > 0).then(|| Cursor::offset(offset.saturating_add(count as u64)))
}

/// The most items that Yapily puts into one answer.
pub(in super::super) const MOST: i64 = 1000;

/// Makes sure that an answer has the whole of a list that can be limited, but of which no further pages can be asked
/// for. What is left out would be missed by nobody.
pub(in super::super) fn all_of<T>(data: &[T], meta: Option<&yapily::ResponseListMeta>) -> Result<(), MapError> {
    let total = total(meta.and_then(|meta| meta.pagination.as_ref()));
    if total.is_some_and(|total| total > data.len() as u64) {
        return Err(
            MAPPER.error("meta.pagination.totalCount", "is more than this answer has, and no call has the rest")
        );
    }
    Ok(())
}

/// How many items a list has over all pages.
pub(in super::super) fn total(pagination: Option<&yapily::Pagination>) -> Option<u64> {
    u64::try_from(pagination?.total_count?).ok()
}
