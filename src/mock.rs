//! A provider in memory, for the tests of programs that use obkit (feature `mock`).
//!
//! [`InMemory`] is a [`Provider`](crate::provider::Provider) like any other, without a network and without a bank. It behaves as
//! one: a consent has to be authorised and can expire, lists have pages, a payment is executed once whatever is repeated, a
//! mandate keeps its limits. What a person or a bank does meanwhile, the test does, and it decides what goes wrong.
//!
//! ```
//! use obkit::domain::{ConsentRequest, TransactionQuery};
//! use obkit::mock::{Fault, InMemory};
//! use obkit::provider::{Capability, Provider};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let bank = InMemory::sample();
//! let provider: &dyn Provider = &bank;
//!
//! let consent = provider.consents()?.create(&ConsentRequest::new("sample-bank")).await?;
//! bank.authorise(&consent.id)?; // what the account holder does at the bank
//! let access = provider.consents()?.consent(&consent.id).await?.reference();
//!
//! bank.fail_next(Capability::Transactions, Fault::status(503));
//! let query = TransactionQuery::default().page_size(5);
//! let transactions = provider.transactions()?;
//! assert!(transactions.page(&access, "current", &query).await.unwrap_err().is_retryable());
//! assert_eq!(transactions.page(&access, "current", &query).await?.items.len(), 5);
//!
//! bank.revoke(&consent.id)?;
//! let error = transactions.page(&access, "current", &query).await.unwrap_err();
//! assert_eq!(error.call().and_then(|call| call.code()), Some("CONSENT_REVOKED"));
//! # Ok(())
//! # }
//! ```
//!
//! Its errors are those of a provider that answers: [`Error::Call`](crate::Error::Call) with a status and a
//! [`code`](obkit_runtime::Error::code), which is one of [`codes`].
//!
//! Nothing here reads a clock. The time of the provider stands still until the test moves it ([`InMemory::pass_time`]), and
//! its latency is time of tokio, which a test can pause.

mod access;
mod call;
pub mod codes;
mod control;
mod fault;
mod limits;
mod links;
mod mandates;
mod misuse;
mod offer;
mod page;
mod payments;
mod progress;
mod reading;
mod sample;
mod seed;
mod state;
mod webhooks;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use call::Call;
pub use fault::Fault;
pub use misuse::Misuse;

use self::state::State;

/// A provider in memory. A clone is the same provider: give one to the program, and keep one.
#[derive(Clone)]
pub struct InMemory(Arc<Mutex<State>>);

impl InMemory {
    /// A provider that offers everything and has nothing.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(State::default())))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Whoever panicked while holding it left whole values behind.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for InMemory {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for InMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        f.debug_struct("InMemory")
            .field("name", &state.name)
            .field("offered", &state.offered)
            .field("now", &state.now)
            .field("calls", &state.calls.len())
            .finish_non_exhaustive()
    }
}
