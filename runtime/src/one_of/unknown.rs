//! How much of a value its type does not know.
//!
//! Types take members, values of enums and alternatives that nobody named. So a value can often be read as any
//! alternative of a union, and is the one that has to take the least of it for unknown.

use std::cell::Cell;

/// What counts for a member that the document does not name, or a value that it does not list.
pub(crate) const UNNAMED: usize = 2;

/// What counts for a member of an object whose members may have any name.
pub(crate) const OF_ANY_NAME: usize = 1;

/// What counts for text that is not in its format.
pub(crate) const UNFORMATTED: usize = 1;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
    static IS_COUNTED: Cell<bool> = const { Cell::new(false) };
}

/// Whether an alternative is being tried, so that the count matters.
pub(crate) fn is_counted() -> bool {
    IS_COUNTED.get()
}

/// Counts something that was read and is not known.
pub(crate) fn count(how_much: usize) {
    COUNT.set(COUNT.get().saturating_add(how_much));
}

/// Runs a reader, and gives what it counted; outside, it counts for nothing.
pub(crate) fn of<T>(read: impl FnOnce() -> T) -> (T, usize) {
    let (before, was_counted) = (COUNT.replace(0), IS_COUNTED.replace(true));
    let value = read();
    IS_COUNTED.set(was_counted);
    (value, COUNT.replace(before))
}
