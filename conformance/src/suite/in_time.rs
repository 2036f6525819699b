//! Calls that end, whatever the client does.

use std::time::Duration;

use tokio::time::timeout;

use crate::typed_client::{Arguments, Failure, Reply, TypedClient};

/// How long one call may take; a gate must end.
pub(super) const MAX_WAIT: Duration = Duration::from_secs(30);

/// Calls an operation by its id.
pub(super) async fn call(client: &dyn TypedClient, id: &str, arguments: &Arguments) -> Result<Reply, Failure> {
    match timeout(MAX_WAIT, client.call(id, arguments)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Failure::local(format!("the call did not end within {} s", MAX_WAIT.as_secs()))),
    }
}
