//! Calls whose requests are seen as they arrive.

use obkit_codegen::spec::Operation;

use super::super::in_time;
use super::recorder::Recorder;
use crate::contract::Contract;
use crate::coverage::Exercise;
use crate::exchange::Request;
use crate::typed_client::{Arguments, Failure, Reply, TypedClient};

/// A client, and the server that it calls.
pub(super) struct Caller<'c> {
    pub(super) contract: &'c Contract,
    pub(super) client: &'c dyn TypedClient,
    pub(super) recorder: &'c Recorder,
    /// What the values that are sent exercise.
    pub(super) exercise: &'c Exercise<'c>,
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
        let outcome = in_time::call(self.client, &operation.id, arguments).await;
        Called { outcome, arrived: self.recorder.take() }
    }
}
