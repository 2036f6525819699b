//! The memory of what was accepted.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

type Digest = [u8; 32];

/// Remembers the last notices, for a while. Only what was verified comes here, so that strangers cannot push out what
/// the provider has sent.
pub(super) struct ReplayMemory {
    window: Duration,
    capacity: usize,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    /// When each notice came, by a number that rises; the order of `arrivals`.
    numbers: HashMap<Digest, u64>,
    arrivals: VecDeque<(Digest, u64, Instant)>,
    next: u64,
}

impl ReplayMemory {
    pub(super) fn new(window: Duration, capacity: usize) -> Self {
        Self { window, capacity, seen: Mutex::default() }
    }

    /// Whether the notice is new. It no longer is from then on: of two that come at the same time, one is.
    pub(super) fn remember(&self, digest: Digest, now: Instant) -> bool {
        let mut seen = self.lock();
        while seen.arrivals.front().is_some_and(|(_, _, at)| now.saturating_duration_since(*at) >= self.window) {
            seen.drop_oldest();
        }
        if seen.numbers.contains_key(&digest) {
            return false;
        }
        let number = seen.next;
        seen.next += 1;
        seen.numbers.insert(digest, number);
        seen.arrivals.push_back((digest, number, now));
        while seen.arrivals.len() > self.capacity {
            seen.drop_oldest();
        }
        true
    }

    /// Takes the notice for new once more.
    pub(super) fn forget(&self, digest: &Digest) {
        self.lock().numbers.remove(digest);
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        // Nothing panics while it is held, and what is in it is whole at every step.
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    fn drop_oldest(&mut self) {
        if let Some((digest, number, _)) = self.arrivals.pop_front() {
            // A notice that was forgotten and came again has a later place in the order.
            if self.numbers.get(&digest) == Some(&number) {
                self.numbers.remove(&digest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_and_the_capacity_bound_the_memory() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let memory = ReplayMemory::new(Duration::from_secs(10), 2);
        assert!(memory.remember([1; 32], at(0)));
        assert!(!memory.remember([1; 32], at(9)));
        assert!(memory.remember([1; 32], at(10)), "the window has passed");
        assert!(memory.remember([2; 32], at(10)));
        assert!(memory.remember([3; 32], at(10)));
        assert!(memory.remember([1; 32], at(10)), "the oldest made room");
        assert!(!memory.remember([3; 32], at(10)));
    }

    #[test]
    fn what_is_forgotten_and_comes_again_is_remembered_from_then_on() {
        let now = Instant::now();
        let memory = ReplayMemory::new(Duration::from_secs(10), 2);
        assert!(memory.remember([1; 32], now));
        memory.forget(&[1; 32]);
        assert!(memory.remember([1; 32], now));
        assert!(memory.remember([2; 32], now), "the first arrival of 1 makes room");
        assert!(!memory.remember([1; 32], now), "the second one stays");
    }
}
