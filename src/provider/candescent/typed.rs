//! Candescent for the conformance suite: the typed client, and the domain behind its answers.

use obkit_runtime::typed_client::{Arguments, Failure, Part, Reply, TypedClient};
use serde_json::Value;

use super::{Candescent, map};
use crate::provider::mapping::to_json;

impl TypedClient for Candescent {
    fn provider(&self) -> &'static str {
        "candescent"
    }

    fn round_trip(&self, operation_id: &str, part: Part, json: &str) -> Option<Result<String, String>> {
        self.api().round_trip(operation_id, part, json)
    }

    fn to_domain(&self, operation_id: &str, json: &str) -> Option<Result<Value, String>> {
        Some(match operation_id {
            "listAccountsV1" => to_json(json, map::accounts),
            "getAccountV1" => to_json(json, map::account),
            _ => return None,
        })
    }

    fn call<'a>(
        &'a self,
        operation_id: &'a str,
        arguments: &'a Arguments,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<Reply, Failure>> + Send + 'a>> {
        self.api().call(operation_id, arguments)
    }
}
