//! Finding the alternative that a value is, by trial.
//!
//! Where unions stand within unions, every alternative of the outer tries every alternative of the inner again, so
//! that a value made for it could take a time that doubles with every level. The work is bounded instead, by a multiple
//! of the length of the outermost value. So is the stack: `serde_json` counts its levels anew with every text, so that
//! those of the outermost value are counted here.

use std::cell::{Cell, OnceCell};

use serde::Serialize;
use serde::de::Error;

use super::json::Json;
use super::tag::Tag;
use super::tree::Tree;
use super::{Unlisted, unknown};

/// How often each byte of the outermost value may be read. Ten alternatives within ten are below it.
const READS_PER_BYTE: usize = 256;

/// What may be read of a short value.
const LEAST_READS: usize = 1 << 20;

/// How many unions may be read within one another: some for each level of the deepest value. Those that hold one another
/// with nothing in between would be read without end.
const MOST_UNIONS: usize = 4 * MOST_LEVELS;

/// How deep a value may be nested: as deep as `serde_json` reads a text.
const MOST_LEVELS: usize = 128;

thread_local! {
    /// How many bytes may still be read; none where no union is being read.
    static LEFT: Cell<Option<usize>> = const { Cell::new(None) };
    /// How many unions are being read within one another.
    static OPEN: Cell<usize> = const { Cell::new(0) };
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
        if OPEN.get() == MOST_UNIONS {
            return Err(E::custom(format_args!("more than {MOST_UNIONS} unions within one another")));
        }
        OPEN.set(OPEN.get() + 1);
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
        OPEN.set(OPEN.get().saturating_sub(1));
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

/// One of the shapes of a union.
#[doc(hidden)]
pub struct Alternative<T> {
    /// Whether a value of the tag stands for it; none where no value is known to.
    pub stands: Option<fn(&Tag<'_>) -> bool>,
    /// Reads a value as it.
    pub read: fn(&Json<'_>) -> Result<T, serde_json::Error>,
}

/// What became of a value that was read as an alternative.
struct Attempt<T> {
    value: T,
    /// How many of the values in it are given back.
    kept: usize,
    /// How much of it the alternative does not know.
    unknown: usize,
}

impl<T> Attempt<T> {
    fn is_better_than(&self, other: &Self) -> bool {
        (self.kept, other.unknown) > (other.kept, self.unknown)
    }
}

impl<'de> Json<'de> {
    /// Reads the value as one of the alternatives, or as none of them.
    ///
    /// # Errors
    /// The tag names an alternative, and the value is none such; or the value, or what it is read as, is nested too deep.
    pub fn choose<T: Serialize, E: Error>(
        self,
        tag: Option<&'static str>,
        alternatives: &[Alternative<T>],
        none: fn(Unlisted) -> T,
    ) -> Result<T, E> {
        let _bounds = Bounds::of(&self.0)?;
        let tag = tag.and_then(|name| self.member(name));
        let tag = tag.as_ref().and_then(Tag::of);
        let named = |tag: Tag<'_>| alternatives.iter().find(|one| one.stands.is_some_and(|stands| stands(&tag)));
        if let Some(named) = tag.and_then(named) {
            return (named.read)(&self).map_err(E::custom);
        }
        let open = |one: &&Alternative<T>| tag.is_none() || one.stands.is_none();
        match self.best(alternatives.iter().filter(open)) {
            Some(best) => {
                unknown::count(best.unknown);
                Ok(best.value)
            }
            None => {
                unknown::count(unknown::UNNAMED);
                self.unlisted().map(none)
            }
        }
    }

    /// The alternative that gives back most of the value, and of these the one that knows most of it; the first of
    /// equals. None when it is none of them, or takes too long to tell.
    fn best<'a, T: Serialize + 'a>(
        &self,
        alternatives: impl Iterator<Item = &'a Alternative<T>>,
    ) -> Option<Attempt<T>> {
        let received = OnceCell::new();
        let mut best: Option<Attempt<T>> = None;
        for alternative in alternatives {
            if !Bounds::spend(self.0.len()) {
                break;
            }
            let Some(attempt) = self.attempt(alternative, &received) else { continue };
            if attempt.kept == usize::MAX && attempt.unknown == 0 {
                return Some(attempt);
            }
            if best.as_ref().is_none_or(|best| attempt.is_better_than(best)) {
                best = Some(attempt);
            }
        }
        best
    }

    /// Tries one alternative; all that is given back counts as more than any part of it.
    fn attempt<'a, T: Serialize>(
        &'a self,
        alternative: &Alternative<T>,
        received: &OnceCell<Option<Tree<'a>>>,
    ) -> Option<Attempt<T>> {
        let (value, unknown) = unknown::of(|| (alternative.read)(self));
        let value = value.ok()?;
        let given_back = serde_json::to_string(&value).ok()?;
        if given_back == *self.0 {
            return Some(Attempt { value, kept: usize::MAX, unknown });
        }
        let received = received.get_or_init(|| Tree::of(&self.0)).as_ref()?;
        let given_back = Tree::of(&given_back)?;
        let kept = if given_back == *received { usize::MAX } else { given_back.common(received) };
        Some(Attempt { value, kept, unknown })
    }
}
