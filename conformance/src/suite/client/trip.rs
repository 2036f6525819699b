//! A payload through a generated type and back.

use serde_json::Value;

use super::bodies::Body;
use crate::equality::{Difference, differences};
use crate::typed_client::TypedClient;

/// How many differences of one payload are told.
const MAX_TOLD: usize = 4;

/// What became of a payload.
pub(super) enum Trip {
    /// The type cannot read it.
    Refused(String),
    /// It came back.
    Back {
        /// As what.
        value: Value,
        /// What is other than it was.
        differences: Vec<Difference>,
    },
}

/// Sends a payload through the type of a body; none when the body has no type.
pub(super) fn trip(client: &dyn TypedClient, body: &Body<'_>, payload: &Value, text: &str) -> Option<Trip> {
    let outcome = client.round_trip(&body.operation.id, body.part(), text)?;
    Some(match outcome.map(|text| serde_json::from_str::<Value>(&text)) {
        Err(reason) => Trip::Refused(reason),
        Ok(Err(_)) => Trip::Refused("what it wrote is no JSON".to_owned()),
        Ok(Ok(value)) => {
            let mut differences = differences(payload, &value);
            differences.truncate(MAX_TOLD);
            Trip::Back { value, differences }
        }
    })
}
