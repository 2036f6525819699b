//! When requests are sent: as many a second as allowed, and until the time is over.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Decides when requests are sent.
#[derive(Debug)]
pub(super) struct Pace {
    end: Option<Instant>,
    interval: Option<Duration>,
    next: Mutex<Instant>,
    /// Whether a turn was asked for that is behind the end: the time is over for all who wait for one.
    is_spent: AtomicBool,
}

impl Pace {
    pub(super) fn new(max_time: Option<Duration>, rate: Option<f64>) -> Self {
        let now = Instant::now();
        let interval = rate.filter(|rate| *rate > 0.0).and_then(|rate| Duration::try_from_secs_f64(1.0 / rate).ok());
        Self {
            end: max_time.and_then(|time| now.checked_add(time)),
            interval,
            next: Mutex::new(now),
            is_spent: AtomicBool::new(false),
        }
    }

    /// Whether a turn was refused.
    pub(super) fn is_spent(&self) -> bool {
        self.is_spent.load(Ordering::Relaxed)
    }

    /// Whether the time is over.
    pub(super) fn is_over(&self) -> bool {
        self.is_spent() || self.end.is_some_and(|end| Instant::now() >= end)
    }

    /// Waits for the next turn; whether there is one.
    pub(super) async fn turn(&self) -> bool {
        let Some(interval) = self.interval else {
            let is_over = self.is_over();
            self.is_spent.fetch_or(is_over, Ordering::Relaxed);
            return !is_over;
        };
        let turn = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let turn = (*next).max(Instant::now());
            *next = turn + interval;
            turn
        };
        if self.end.is_some_and(|end| turn >= end) {
            self.is_spent.store(true, Ordering::Relaxed);
            return false;
        }
        sleep_until(turn).await;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn no_more_are_sent_in_a_second_than_allowed_and_none_when_the_time_is_over() {
        let pace = Pace::new(Some(Duration::from_secs(2)), Some(10.0));
        let began = Instant::now();
        let mut sent = 0;
        while pace.turn().await {
            sent += 1;
            assert!(began.elapsed() >= Duration::from_millis(100) * (sent - 1));
        }
        assert_eq!(sent, 20);
        // The turn after the last would come at the end, which is not there yet.
        assert!(began.elapsed() < Duration::from_secs(2) && pace.is_over());
        assert!(Pace::new(None, None).turn().await);
    }
}
