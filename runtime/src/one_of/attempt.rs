//! Finding the alternative that a value is, by trial.
//!
//! Where unions stand within unions, every alternative of the outer tries every alternative of the inner again, so
//! that a value made for it could take a time that doubles with every level. The work is bounded instead, by a multiple
//! of the length of the outermost value.

use std::cell::Cell;

use serde::Serialize;
use serde::de::{DeserializeOwned, Error};

use super::json::Json;
use super::tree::Tree;

/// How often each byte of the outermost value may be read. Ten alternatives within ten are below it.
const READS_PER_BYTE: usize = 256;

/// What may be read of a short value.
const LEAST_READS: usize = 1 << 20;

thread_local! {
    /// How many bytes may still be read; none where no union is being read.
    static LEFT: Cell<Option<usize>> = const { Cell::new(None) };
}

/// The bound on the work of the outermost union; gone when that union has been read.
struct Budget {
    outermost: bool,
}

impl Budget {
    fn open(length: usize) -> Self {
        let outermost = LEFT.get().is_none();
        if outermost {
            LEFT.set(Some(length.saturating_mul(READS_PER_BYTE).max(LEAST_READS)));
        }
        Self { outermost }
    }

    /// Whether so many bytes may be read.
    fn spend(length: usize) -> bool {
        let left = LEFT.get().unwrap_or_default();
        LEFT.set(Some(left.saturating_sub(length)));
        left > length
    }
}

impl Drop for Budget {
    fn drop(&mut self) {
        if self.outermost {
            LEFT.set(None);
        }
    }
}

/// An alternative that a value was read as, and the text that the alternative gives back.
type Attempt<T> = Option<(T, String)>;

impl Json<'_> {
    /// Tries one alternative.
    pub fn attempt<T: DeserializeOwned + Serialize, U>(&self, variant: impl FnOnce(T) -> U) -> Attempt<U> {
        let value: T = serde_json::from_str(&self.0).ok()?;
        let given_back = serde_json::to_string(&value).ok()?;
        Some((variant(value), given_back))
    }

    /// The alternative that gives back most of the value; the first of equals.
    ///
    /// # Errors
    /// The value is none of them, or takes too long to tell.
    pub fn best<T, E: Error>(&self, attempts: &[fn(&Self) -> Attempt<T>], name: &str) -> Result<T, E> {
        let _budget = Budget::open(self.0.len());
        let mut received = None;
        let mut best: Option<(T, usize)> = None;
        for attempt in attempts {
            if !Budget::spend(self.0.len()) {
                return Err(E::custom(format_args!("too much to try for the alternatives of {name}")));
            }
            let Some((value, given_back)) = attempt(self) else { continue };
            if given_back == *self.0 {
                return Ok(value);
            }
            let received = received.get_or_insert_with(|| Tree::of(&self.0));
            let (Some(received), Some(given_back)) = (received, Tree::of(&given_back)) else { continue };
            if given_back == *received {
                return Ok(value);
            }
            let kept = given_back.common(received);
            if best.as_ref().is_none_or(|(_, most)| kept > *most) {
                best = Some((value, kept));
            }
        }
        best.map(|(value, _)| value).ok_or_else(|| E::custom(format_args!("not one of the alternatives of {name}")))
    }
}
