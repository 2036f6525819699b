//! A thread that ends the run when a case does not end by itself.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Watches the case that is running, if one is.
pub(crate) struct Watchdog(Arc<Mutex<Option<(u64, Instant)>>>);

impl Watchdog {
    /// Watches until it is dropped.
    pub(crate) fn start(seed: u64, limit: Duration) -> Self {
        let running = Arc::new(Mutex::new(None::<(u64, Instant)>));
        let watched = Arc::downgrade(&running);
        std::thread::spawn(move || {
            while let Some(running) = watched.upgrade() {
                if let Some((case, _)) = running.lock().unwrap().filter(|(_, start)| start.elapsed() > limit) {
                    eprintln!("case {case} takes longer than {limit:?}: OBKIT_FUZZ_SEED={seed} OBKIT_FUZZ_CASE={case}");
                    std::process::exit(1);
                }
                drop(running);
                std::thread::sleep(Duration::from_millis(200));
            }
        });
        Self(running)
    }

    pub(crate) fn begin(&self, case: u64) {
        *self.0.lock().unwrap() = Some((case, Instant::now()));
    }

    pub(crate) fn end(&self) {
        *self.0.lock().unwrap() = None;
    }
}
