//! What goes wrong because the test wants it.

use std::collections::VecDeque;

use super::InMemory;
use super::codes::refusal;
use crate::error::{Error, Unsupported};
use crate::provider::Capability;

/// What goes wrong with a call. An [`Error`] is one, too.
#[derive(Debug)]
pub struct Fault {
    cause: Cause,
    acts: bool,
}

#[derive(Debug)]
enum Cause {
    Error(Error),
    Unsupported,
}

impl Fault {
    /// The provider answers a status that is no success. 408, 429, 502, 503 and 504 are retryable.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::from(refusal(status, "FAULT"))
    }

    /// No answer comes. The provider may have acted, as far as the caller can know; it did not, unless
    /// [`after_acting`](Self::after_acting) says so.
    #[must_use]
    pub fn timeout() -> Self {
        Self::from(Error::from(obkit_runtime::Error::<()>::lost("timed out")))
    }

    /// The provider does not offer it after all.
    #[must_use]
    pub fn unsupported() -> Self {
        Self { cause: Cause::Unsupported, acts: false }
    }

    /// The provider does what is asked, and the caller does not learn it: the answer is lost on its way.
    #[must_use]
    pub fn after_acting(mut self) -> Self {
        self.acts = true;
        self
    }

    /// Whether the provider does what is asked all the same.
    pub(super) fn acts(&self) -> bool {
        self.acts
    }

    pub(super) fn into_error(self, provider: &'static str, capability: Capability) -> Error {
        match self.cause {
            Cause::Error(error) => error,
            Cause::Unsupported => Unsupported { provider, what: capability.words() }.into(),
        }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self { cause: Cause::Error(error), acts: false }
    }
}

/// The faults of the calls to come, by capability: the first place is the next call.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<(Capability, VecDeque<Option<Fault>>)>);

impl Faults {
    fn of(&mut self, capability: Capability) -> &mut VecDeque<Option<Fault>> {
        let found = self.0.iter().position(|(of, _)| *of == capability);
        let at = found.unwrap_or_else(|| {
            self.0.push((capability, VecDeque::new()));
            self.0.len() - 1
        });
        &mut self.0[at].1
    }

    pub(super) fn take(&mut self, capability: Capability) -> Option<Fault> {
        self.of(capability).pop_front().flatten()
    }
}

impl InMemory {
    /// Lets the next call of a capability fail; said again, the one after it, too.
    pub fn fail_next(&self, capability: Capability, fault: impl Into<Fault>) {
        let mut state = self.state();
        let places = state.faults.of(capability);
        let fault = Some(fault.into());
        match places.iter_mut().find(|place| place.is_none()) {
            Some(place) => *place = fault,
            None => places.push_back(fault),
        }
    }

    /// Lets one of the calls of a capability to come fail: the first of them is 1, and 0 stands for none.
    pub fn fail_nth(&self, capability: Capability, nth: usize, fault: impl Into<Fault>) {
        let mut state = self.state();
        let places = state.faults.of(capability);
        if places.len() < nth {
            places.resize_with(nth, || None);
        }
        if let Some(place) = nth.checked_sub(1).and_then(|at| places.get_mut(at)) {
            *place = Some(fault.into());
        }
    }
}
