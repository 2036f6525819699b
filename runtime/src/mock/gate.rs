//! Answers that wait for the test.

use std::sync::Arc;

use tokio::sync::watch;

/// Holds answers back until the test opens it: for what has to happen while a call is under way.
///
/// ```
/// use obkit_runtime::mock::Gate;
///
/// let gate = Gate::closed();
/// assert!(!gate.is_open());
/// gate.open();
/// assert!(gate.is_open());
/// ```
#[derive(Clone, Debug)]
pub struct Gate(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    open: watch::Sender<bool>,
    reached: watch::Sender<usize>,
}

impl Gate {
    /// A gate that lets nothing through yet.
    #[must_use]
    pub fn closed() -> Self {
        Self(Arc::new(Inner { open: watch::Sender::new(false), reached: watch::Sender::new(0) }))
    }

    /// Lets through what waits and what will come.
    pub fn open(&self) {
        self.0.open.send_replace(true);
    }

    /// Whether it was opened.
    #[must_use]
    pub fn is_open(&self) -> bool {
        *self.0.open.borrow()
    }

    /// Waits until so many requests have come to the gate: they have been received, and none of them has an answer yet.
    pub async fn reached(&self, requests: usize) {
        // The sender lives as long as the gate, so this ends by the number alone.
        let _ = self.0.reached.subscribe().wait_for(|reached| *reached >= requests).await;
    }

    pub(super) async fn pass(&self) {
        self.0.reached.send_modify(|reached| *reached += 1);
        let _ = self.0.open.subscribe().wait_for(|open| *open).await;
    }
}
