//! Pages by offset of a list that moves.

use std::collections::VecDeque;
use std::hash::{BuildHasher, Hash, RandomState};

/// How many items are remembered: several pages of most providers.
const REMEMBERED: usize = 4096;

/// How often in turn a page may be the one before it, at a further offset. A list that grows by a page between two calls
/// looks like that, but not that often.
const STANDSTILL: usize = 64;

/// What an item is known by, as a hash.
type Key<'a, T> = Box<dyn Fn(&T) -> Option<u64> + Send + 'a>;

/// The items that were given last, by a hash of what each is known by.
pub(super) struct Overlap<'a, T> {
    key: Key<'a, T>,
    given: VecDeque<Option<u64>>,
    /// The page before, and how often in turn it came.
    page: Vec<Option<u64>>,
    again: usize,
}

impl<'a, T> Overlap<'a, T> {
    pub(super) fn new<K: Hash>(key: impl Fn(&T) -> Option<K> + Send + 'a) -> Self {
        let hasher = RandomState::new();
        let key: Key<'a, T> = Box::new(move |item| key(item).map(|key| hasher.hash_one(key)));
        Self { key, given: VecDeque::new(), page: Vec::new(), again: 0 }
    }

    /// Remembers the items of a page. Of one that was asked for by an offset, those are taken away that were given before.
    pub(super) fn pass(&mut self, items: &mut Vec<T>, by_offset: bool) {
        let keys: Vec<_> = items.iter().map(&self.key).collect();
        let repeated = if by_offset { self.repeated(&keys) } else { 0 };
        items.drain(..repeated);
        self.given.extend(&keys[repeated..]);
        self.given.drain(..self.given.len().saturating_sub(REMEMBERED));
        let is_known = !keys.is_empty() && keys.iter().all(Option::is_some);
        self.again = if by_offset && is_known && keys == self.page { self.again + 1 } else { 0 };
        self.page = keys;
    }

    /// Whether further offsets lead nowhere: the provider overlooks them, or gives its last page for all that are too far.
    pub(super) fn stands_still(&self) -> bool {
        self.again >= STANDSTILL
    }

    /// How many items at the beginning are, in the same order, the last ones that were given; or all, when even more
    /// were given after them.
    fn repeated(&self, keys: &[Option<u64>]) -> usize {
        let Some(first @ Some(_)) = keys.first() else { return 0 };
        let mut places = self.given.iter().enumerate().filter(|(_, key)| *key == first).map(|(place, _)| place);
        let (Some(place), None) = (places.next(), places.next()) else { return 0 };
        let again = self.given.len().min(place + keys.len()) - place;
        let same = self.given.range(place..).zip(&keys[..again]).all(|(given, key)| given.is_some() && given == key);
        if same { again } else { 0 }
    }
}
