//! Bits that many set at once.

use std::sync::atomic::{AtomicU64, Ordering};

/// As many bits as there are things to be marked.
#[derive(Debug, Default)]
pub(super) struct Bits(Vec<AtomicU64>);

impl Bits {
    pub(super) fn new(length: usize) -> Self {
        Self(std::iter::repeat_with(AtomicU64::default).take(length.div_ceil(64)).collect())
    }

    /// Sets a bit. One that is set is only read, which costs others that read it nothing.
    pub(super) fn set(&self, index: usize) {
        if let Some(word) = self.0.get(index / 64) {
            let bit = 1 << (index % 64);
            if word.load(Ordering::Relaxed) & bit == 0 {
                word.fetch_or(bit, Ordering::Relaxed);
            }
        }
    }

    pub(super) fn is_set(&self, index: usize) -> bool {
        self.0.get(index / 64).is_some_and(|word| word.load(Ordering::Relaxed) >> (index % 64) & 1 == 1)
    }
}
