//! Finding the alternative that a value is, by trial.
//!
//! Where unions stand within unions, every alternative of the outer tries every alternative of the inner again, so
//! that a value made for it could take a time that doubles with every level. The work is bounded instead, by a multiple
//! of the length of the outermost value. So is the stack: `serde_json` counts its levels anew with every text, so that
//! those of the outermost value are counted here.

use std::cell::Cell;

use serde::Serialize;
use serde::de::{DeserializeOwned, Error};

use super::json::Json;
use super::tree::Tree;

/// How often each byte of the outermost value may be read. Ten alternatives within ten are below it.
const READS_PER_BYTE: usize = 256;

/// What may be read of a short value.
const LEAST_READS: usize = 1 << 20;

/// How deep a value may be nested: as deep as `serde_json` reads a text.
const MOST_LEVELS: usize = 128;

thread_local! {
    /// How many bytes may still be read; none where no union is being read.
    static LEFT: Cell<Option<usize>> = const { Cell::new(None) };
}

/// The bounds on the outermost union; gone when that union has been read.
struct Bounds {
    outermost: bool,
}

impl Bounds {
    /// The bounds within which a union is read.
    fn of<E: Error>(json: &str) -> Result<Self, E> {
        let outermost = LEFT.get().is_none();
        if outermost {
            if levels(json) > MOST_LEVELS {
                return Err(E::custom(format_args!("nested deeper than {MOST_LEVELS} levels")));
            }
            LEFT.set(Some(json.len().saturating_mul(READS_PER_BYTE).max(LEAST_READS)));
        }
        Ok(Self { outermost })
    }

    /// Whether so many bytes may be read.
    fn spend(length: usize) -> bool {
        let left = LEFT.get().unwrap_or_default();
        LEFT.set(Some(left.saturating_sub(length)));
        left > length
    }
}

impl Drop for Bounds {
    fn drop(&mut self) {
        if self.outermost {
            LEFT.set(None);
        }
    }
}

/// How deep the lists and objects of a JSON text are nested.
fn levels(json: &str) -> usize {
    let (mut level, mut deepest) = (0_usize, 0);
    let mut bytes = json.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'[' | b'{' => {
                level += 1;
                deepest = deepest.max(level);
            }
            b']' | b'}' => level = level.saturating_sub(1),
            b'"' => skip_text(&mut bytes),
            _ => {}
        }
    }
    deepest
}

/// Skips a text, its closing quotation mark included.
fn skip_text(bytes: &mut impl Iterator<Item = u8>) {
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => return,
            b'\\' => {
                bytes.next();
            }
            _ => {}
        }
    }
}

/// An alternative that a value was read as, and the text that the alternative gives back.
type Attempt<T> = Option<(T, String)>;

impl Json<'_> {
    /// Reads the value as one alternative.
    ///
    /// # Errors
    /// It is none, or nested too deep.
    pub fn read<T: DeserializeOwned, E: Error>(&self) -> Result<T, E> {
        let _bounds = Bounds::of(&self.0)?;
        serde_json::from_str(&self.0).map_err(E::custom)
    }

    /// Tries one alternative.
    pub fn attempt<T: DeserializeOwned + Serialize, U>(&self, variant: impl FnOnce(T) -> U) -> Attempt<U> {
        let value: T = serde_json::from_str(&self.0).ok()?;
        let given_back = serde_json::to_string(&value).ok()?;
        Some((variant(value), given_back))
    }

    /// The alternative that gives back most of the value; the first of equals.
    ///
    /// # Errors
    /// The value is none of them, is nested too deep, or takes too long to tell.
    pub fn best<T, E: Error>(&self, attempts: &[fn(&Self) -> Attempt<T>], name: &str) -> Result<T, E> {
        let _bounds = Bounds::of(&self.0)?;
        let mut received = None;
        let mut best: Option<(T, usize)> = None;
        for attempt in attempts {
            if !Bounds::spend(self.0.len()) {
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
