//! Reading a state until it is final.

use std::time::Duration;

use tokio::time::Instant;

use super::Reply;
use crate::domain::{Coded, Consent, ConsentStatus, Mandate, Payment, PaymentLink, RefreshJob, RefreshJobStatus};
use crate::error::Error;

/// Something that comes to an end by itself.
pub trait Progress {
    /// Whether waiting for another state is in vain. A state that nobody knows is not final.
    fn is_final(&self) -> bool;
}

impl Progress for Payment {
    fn is_final(&self) -> bool {
        self.status.as_ref().and_then(|status| status.code()).is_some_and(|status| status.is_final())
    }
}

fn succeeded(payment: &Payment) -> bool {
    payment.status.as_ref().and_then(|status| status.code()).is_some_and(|status| status.is_success())
}

/// An unused link is final when its time is over, too; and any link with a payment that succeeded. After one that failed,
/// the payer can try again.
impl Progress for PaymentLink {
    fn is_final(&self) -> bool {
        let status = self.status.as_ref().and_then(|status| status.code());
        let lapsed = self.is_expired == Some(true);
        status.is_some_and(|status| status.is_final() || (lapsed && status.is_unused()))
            || self.payments.iter().any(succeeded)
    }
}

/// It waits for the holder, who authorises it, refuses it or lets it lapse. Which it was, the status says; an authorised one
/// can come to its end later, and that is nothing to wait for.
impl Progress for Consent {
    fn is_final(&self) -> bool {
        is_decided(self.status.as_ref())
    }
}

/// It waits for the payer, as a consent for the holder.
impl Progress for Mandate {
    fn is_final(&self) -> bool {
        is_decided(self.status.as_ref())
    }
}

fn is_decided(status: Option<&Coded<ConsentStatus>>) -> bool {
    status.and_then(Coded::code).is_some_and(|status| status != ConsentStatus::AwaitingAuthorisation)
}

impl Progress for RefreshJob {
    fn is_final(&self) -> bool {
        self.status.code() == Some(RefreshJobStatus::Completed)
    }
}

/// How often a state is read, and how long.
///
/// ```
/// use std::time::Duration;
/// use obkit::provider::Polling;
///
/// let patient = Polling::default().first_pause(Duration::from_secs(5)).deadline(Duration::from_secs(3600));
/// assert_ne!(patient, Polling::default());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Polling {
    first_pause: Duration,
    longest_pause: Duration,
    deadline: Duration,
}

/// After one second, then after twice the pause before, at most 30 seconds; five minutes in all.
impl Default for Polling {
    fn default() -> Self {
        Self {
            first_pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(30),
            deadline: Duration::from_secs(300),
        }
    }
}

impl Polling {
    /// The pause after the first reading; it doubles with every further one. At least one millisecond.
    #[must_use]
    pub fn first_pause(mut self, pause: Duration) -> Self {
        self.first_pause = pause.max(Duration::from_millis(1));
        self
    }

    /// The longest pause.
    #[must_use]
    pub fn longest_pause(mut self, pause: Duration) -> Self {
        self.longest_pause = pause.max(Duration::from_millis(1));
        self
    }

    /// How long to read in all. A pause that would end later is not taken.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }
}

/// How the waiting ended.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub enum Polled<T> {
    /// The state is final.
    Final(T),
    /// The time is over; this is the last state that was read. Nothing is known to have failed: read it again later.
    Unfinished(T),
}

/// Reads a state until it is final or the time is over. It needs the timer of a tokio runtime.
///
/// An error that may pass ([`Error::is_retryable`]) is tried again within the same time: a state that cannot be read for a
/// moment is not a state that failed.
///
/// ```no_run
/// # async fn example(provider: &dyn obkit::provider::Provider, consent: &obkit::domain::ConsentReference) -> Result<(), obkit::Error> {
/// use obkit::provider::{Polled, Polling, until_final};
///
/// let payments = provider.payments()?;
/// match until_final(&Polling::default(), || payments.payment(consent, "payment-id")).await? {
///     Polled::Final(payment) => println!("{:?}", payment.status),
///     Polled::Unfinished(payment) => println!("still {:?}", payment.status),
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// A reading failed for good, or every way until the time was over.
pub async fn until_final<'a, T: Progress>(
    polling: &Polling,
    mut read: impl FnMut() -> Reply<'a, T>,
) -> Result<Polled<T>, Error> {
    let started = Instant::now();
    let mut pause = polling.first_pause;
    let mut last = None;
    loop {
        let failure = match read().await {
            Ok(state) if state.is_final() => return Ok(Polled::Final(state)),
            Ok(state) => {
                last = Some(state);
                None
            }
            Err(error) if error.is_retryable() => Some(error),
            Err(error) => return Err(error),
        };
        if started.elapsed().saturating_add(pause) > polling.deadline {
            return match (last, failure) {
                (Some(state), _) => Ok(Polled::Unfinished(state)),
                (None, Some(error)) => Err(error),
                // A reading either gives a state or fails.
                (None, None) => Err(super::mapping::invalid_request("nothing was read")),
            };
        }
        tokio::time::sleep(pause).await;
        pause = pause.saturating_mul(2).min(polling.longest_pause);
    }
}

#[cfg(test)]
mod tests;
