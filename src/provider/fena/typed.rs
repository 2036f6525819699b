//! Fena for the conformance suite: the typed client, and the domain behind its answers.

use obkit_fena::types as fena;
use obkit_runtime::typed_client::{Arguments, Failure, Part, Reply, TypedClient};
use serde_json::Value;

use super::{Fena, mandates, map, webhook};
use crate::provider::mapping::to_json;

impl TypedClient for Fena {
    fn provider(&self) -> &'static str {
        "fena"
    }

    fn round_trip(&self, operation_id: &str, part: Part, json: &str) -> Option<Result<String, String>> {
        self.api().round_trip(operation_id, part, json)
    }

    fn to_domain(&self, operation_id: &str, json: &str) -> Option<Result<Value, String>> {
        Some(match operation_id {
            "getProviders" | "getVrpProviders" => {
                to_json(json, |source: &Vec<fena::Provider>| Ok(map::institutions(source)))
            }
            "getProvider" => to_json(json, |source: &fena::Provider| Ok(map::institution(source))),
            "createAccountAccessConsent" => {
                to_json(json, |source: &fena::CreateConsentResponse| Ok(map::created_consent(source)))
            }
            "getAccountAccessConsent" => to_json(json, map::consent),
            "getAccounts" => to_json(json, map::accounts),
            "getBalances" => to_json(json, map::balances),
            "getTransactions" => to_json(json, map::transactions),
            "createVrpConsent" => to_json(json, mandates::created),
            "getVrpConsent" => to_json(json, mandates::mandate),
            "createVrpPayment" => to_json(json, mandates::created_payment),
            "getVrpPayment" => to_json(json, mandates::payment),
            "getWebhook" => to_json(json, |source| Ok(webhook::registration(source))),
            "accountDataEvent" => to_json(json, |source| Ok(webhook::event(source))),
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
