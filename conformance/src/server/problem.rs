//! Problem details that are generated, with the meaning that RFC 9457 gives to their members.

use hyper::body::Bytes;
use serde_json::{Value, json};

use crate::contract::Contract;
use crate::schema::Direction;

/// Problem details that say the status that they are sent with, and whose references are references, as far as their schema has room for that.
pub(super) fn meant(contract: &Contract, schema: &str, status: u16, body: Bytes) -> Bytes {
    let Ok(check) = contract.validators().check(Direction::Response, schema) else { return body };
    let Ok(mut problem) = serde_json::from_slice::<Value>(&body) else { return body };
    for (name, meant) in [("status", json!(status)), ("type", json!("about:blank")), ("instance", json!("/"))] {
        let Some(member) = problem.get_mut(name) else { continue };
        let made = std::mem::replace(member, meant);
        if !check.is_valid(&problem) {
            problem[name] = made;
        }
    }
    problem.to_string().into()
}
