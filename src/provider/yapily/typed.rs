//! Yapily for the conformance suite: the typed client, and the domain behind its answers.

use obkit_runtime::typed_client::{Arguments, Failure, Part, Reply, TypedClient};
use serde_json::Value;

use super::{Yapily, map};
use crate::provider::mapping::to_json;

impl TypedClient for Yapily {
    fn provider(&self) -> &'static str {
        "yapily"
    }

    fn round_trip(&self, operation_id: &str, part: Part, json: &str) -> Option<Result<String, String>> {
        self.api().round_trip(operation_id, part, json)
    }

    fn to_domain(&self, operation_id: &str, json: &str) -> Option<Result<Value, String>> {
        Some(match operation_id {
            "getInstitutions" => to_json(json, map::institutions),
            "getInstitution" => to_json(json, map::institution),
            "initiateAccountRequest" => to_json(json, map::created_consent),
            "getConsents" => to_json(json, map::consents),
            "createConsentWithCode" | "getConsentBySingleAccessConsent" => to_json(json, map::consent),
            "getConsentById" => to_json(json, map::consent_answer),
            "getAccounts" => to_json(json, map::accounts),
            "getAccount" => to_json(json, map::account_answer),
            "getAccountBalances" => to_json(json, map::balances),
            "getTransactions" => to_json(json, |source| map::transactions(source, "account", 0)),
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
