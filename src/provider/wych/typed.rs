//! Wych for the conformance suite: the typed client, and the domain behind its answers.

use obkit_runtime::typed_client::{Arguments, Failure, Part, Reply, TypedClient};
use serde_json::Value;

use super::Wych;

impl TypedClient for Wych {
    fn provider(&self) -> &'static str {
        "wych"
    }

    fn round_trip(&self, operation_id: &str, part: Part, json: &str) -> Option<Result<String, String>> {
        self.api().round_trip(operation_id, part, json)
    }

    fn to_domain(&self, _operation_id: &str, _json: &str) -> Option<Result<Value, String>> {
        None
    }

    fn call<'a>(
        &'a self,
        operation_id: &'a str,
        arguments: &'a Arguments,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<Reply, Failure>> + Send + 'a>> {
        self.api().call(operation_id, arguments)
    }
}
