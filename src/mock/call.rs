//! Calls: what was asked, and how an answer comes about.

use std::any::Any;

use super::InMemory;
use super::state::State;
use crate::domain::{ConsentReference, IdempotencyKey, Source};
use crate::error::{Error, Unsupported};
use crate::provider::{Capability, Reply};

/// A call that a program made, whether it went well or not. A request that was refused before it was sent is none.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Call {
    /// The capability.
    pub capability: Capability,
    /// The method of the capability's trait, such as `submit`.
    pub operation: &'static str,
    /// The id of the consent or mandate that it was made under.
    pub consent_id: Option<String>,
    /// The id of what it is about: of an account, a payment, a consent.
    pub id: Option<String>,
    /// The idempotency key.
    pub idempotency_key: Option<String>,
    /// What was asked for: `call.request.get::<PaymentRequest>()`.
    pub request: Source,
}

impl Call {
    pub(super) fn new(capability: Capability, operation: &'static str) -> Self {
        let request = Source::default();
        Self { capability, operation, consent_id: None, id: None, idempotency_key: None, request }
    }

    pub(super) fn under(mut self, consent: &ConsentReference) -> Self {
        self.consent_id = Some(consent.id.clone());
        self
    }

    pub(super) fn about(mut self, id: &str) -> Self {
        self.id = Some(id.to_owned());
        self
    }

    pub(super) fn keyed(mut self, key: &IdempotencyKey) -> Self {
        self.idempotency_key = Some(key.as_str().to_owned());
        self
    }

    pub(super) fn asking<T: Any + Clone + Send + Sync>(mut self, request: &T) -> Self {
        self.request = Source::of(request.clone());
        self
    }

    /// The error, with what is known of the call.
    fn failed(&self, error: Error) -> Error {
        let Error::Call(error) = error else { return error };
        let error = error.with_operation(self.operation);
        Error::Call(match &self.idempotency_key {
            Some(key) => error.with_idempotency_key(key.clone()),
            None => error,
        })
    }
}

impl InMemory {
    /// The calls so far, in order.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.state().calls.clone()
    }

    /// The calls of a capability so far, in order.
    #[must_use]
    pub fn calls_of(&self, capability: Capability) -> Vec<Call> {
        let mut calls = self.calls();
        calls.retain(|call| call.capability == capability);
        calls
    }

    /// Answers a call: it is kept, takes its time, and goes wrong where the test wants it.
    pub(super) fn answer<'a, T: Send + 'a>(
        &'a self,
        call: Call,
        act: impl FnOnce(&mut State) -> Result<T, Error> + Send + 'a,
    ) -> Reply<'a, T> {
        Box::pin(async move {
            let (fault, latency) = {
                let mut state = self.state();
                if !state.offered.contains(&call.capability) {
                    return Err(Unsupported { provider: state.name, what: call.capability.words() }.into());
                }
                state.calls.push(call.clone());
                (state.faults.take(call.capability), state.latency)
            };
            if !latency.is_zero() {
                tokio::time::sleep(latency).await;
            }
            let mut state = self.state();
            state.lapse();
            let answer = match fault {
                None => act(&mut state),
                Some(fault) => {
                    if fault.acts() {
                        act(&mut state).map_err(|error| call.failed(error))?;
                    }
                    Err(fault.into_error(state.name, call.capability))
                }
            };
            answer.map_err(|error| call.failed(error))
        })
    }
}
