//! How many requests a provider takes.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The rate of requests that a provider allows: a bucket of tokens that is filled evenly.
///
/// Every attempt takes a token, and waits for one in the order of asking. A clone shares the bucket, so transports to one
/// provider can keep its limit together.
///
/// ```
/// use std::time::Duration;
/// use obkit_runtime::{RateLimit, Transport};
///
/// // 100 requests a minute, ten of them at once.
/// let limit = RateLimit::new(100, Duration::from_secs(60)).burst(10);
/// let transport = Transport::builder("bank").rate_limit(limit).build()?;
/// # Ok::<(), obkit_runtime::TransportError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct RateLimit {
    /// The time that fills the bucket by one token.
    interval: Duration,
    /// How far ahead of an even pace requests may be.
    tolerance: Duration,
    /// When the next request would go at an even pace.
    next: Arc<Mutex<Option<Instant>>>,
}

impl RateLimit {
    /// So many requests in a time. All of them may be sent at once, and are then refilled evenly; see
    /// [`burst`](Self::burst). Zero requests count as one.
    pub fn new(requests: u32, per: Duration) -> Self {
        let interval = per / requests.max(1);
        Self { interval, tolerance: Duration::ZERO, next: Arc::default() }.burst(requests)
    }

    /// How many requests may be sent at once: the size of the bucket. One, or zero, spreads all of them evenly.
    pub fn burst(self, requests: u32) -> Self {
        let tolerance = self.interval.saturating_mul(requests.saturating_sub(1));
        Self { tolerance, ..self }
    }

    /// Takes a token: how long to wait for it, or `None` when that would take longer than `patience`.
    pub(super) fn take(&self, now: Instant, patience: Duration) -> Option<Duration> {
        // A time is one word and is replaced whole, so a panic elsewhere leaves it intact.
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let even = next.map_or(now, |next| next.max(now));
        let wait = even.duration_since(now).saturating_sub(self.tolerance);
        if wait > patience {
            return None;
        }
        *next = even.checked_add(self.interval);
        Some(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn the_bucket_is_emptied_at_once_and_filled_evenly() {
        let limit = RateLimit::new(4, 2 * SECOND);
        let now = Instant::now();
        let waits: Vec<_> = (0..6).filter_map(|_| limit.take(now, 60 * SECOND)).map(|wait| wait.as_millis()).collect();
        assert_eq!(waits, [0, 0, 0, 0, 500, 1000]);
        assert_eq!(limit.clone().take(now + 2 * SECOND, SECOND), Some(Duration::ZERO), "a clone shares the bucket");
    }

    #[test]
    fn who_has_no_patience_takes_no_token() {
        let limit = RateLimit::new(1, SECOND);
        let now = Instant::now();
        assert_eq!(limit.take(now, SECOND), Some(Duration::ZERO));
        for _ in 0..3 {
            assert_eq!(limit.take(now, SECOND / 2), None);
        }
        assert_eq!(limit.take(now, SECOND), Some(SECOND));
    }

    #[test]
    fn a_long_rest_fills_no_more_than_the_bucket() {
        let limit = RateLimit::new(10, SECOND).burst(2);
        let now = Instant::now() + 1000 * SECOND;
        let waits = [(); 3].map(|()| limit.take(now, SECOND).unwrap_or_default().as_millis());
        assert_eq!(waits, [0, 0, 100]);
        let even = RateLimit::new(10, SECOND).burst(0);
        assert_eq!([(); 3].map(|()| even.take(now, SECOND).unwrap_or_default().as_millis()), [0, 100, 200]);
        assert_eq!(RateLimit::new(0, SECOND).take(now, SECOND), Some(Duration::ZERO));
    }
}
