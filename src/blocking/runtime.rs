//! The runtime of a connection.

use std::io;

use tokio::runtime::{Builder, Handle};
use tokio::task::yield_now;

use crate::error::Error;

/// A runtime that runs on the thread that waits. It is there until it is dropped.
pub(super) struct Runtime(Option<tokio::runtime::Runtime>);

impl Runtime {
    pub(super) fn new() -> io::Result<Self> {
        Builder::new_current_thread().enable_all().build().map(|runtime| Self(Some(runtime)))
    }

    /// Waits, unless this thread is one of an async runtime.
    pub(super) fn wait<F: Future>(&self, future: F) -> Result<F::Output, Error> {
        let Some(runtime) = self.0.as_ref().filter(|_| Handle::try_current().is_err()) else {
            return Err(Error::WithinRuntime);
        };
        Ok(runtime.block_on(async {
            // Between calls nothing runs, so a connection that the server has closed meanwhile does not know it yet. A
            // request would be sent into it, and a payment fail that need not. The first turn reads what has come in,
            // the second one wakes the connections, in the third one they have closed.
            for _ in 0..3 {
                yield_now().await;
            }
            future.await
        }))
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        // To wait for the end of a runtime is a panic within another one. There is nothing to wait for.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
