//! Calls whose requests are seen as they arrive.

use std::time::Duration;

use obkit_codegen::spec::Operation;
use tokio::time::timeout;

use super::recorder::Recorder;
use crate::contract::Contract;
use crate::exchange::Request;
use crate::typed_client::{Arguments, Failure, Reply, TypedClient};

/// How long one call may take; a gate must end.
const MAX_WAIT: Duration = Duration::from_secs(30);

/// A client, and the server that it calls.
pub(super) struct Caller<'c> {
    pub(super) contract: &'c Contract,
    pub(super) client: &'c dyn TypedClient,
    pub(super) recorder: &'c Recorder,
}

/// What became of a call.
pub(super) struct Called {
    pub(super) outcome: Result<Reply, Failure>,
    /// The requests that arrived.
    pub(super) arrived: Vec<Request>,
}

impl Caller<'_> {
    /// Calls an operation.
    pub(super) async fn call(&self, operation: &Operation, arguments: &Arguments) -> Called {
        let call = timeout(MAX_WAIT, self.client.call(&operation.id, arguments)).await;
        let outcome = call.unwrap_or_else(|_| {
            let message = format!("the call did not end within {} s", MAX_WAIT.as_secs());
            Err(Failure::local(message))
        });
        Called { outcome, arrived: self.recorder.take() }
    }
}
