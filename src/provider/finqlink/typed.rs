//! FinqLink for the conformance suite: the typed client, and the domain behind its answers.

use obkit_runtime::typed_client::{Arguments, Failure, Part, Reply, TypedClient};
use serde_json::Value;

#[cfg(feature = "webhooks")]
use super::webhook;
use super::{FinqLink, map, payment_links, refresh_jobs};
use crate::provider::mapping::to_json;

impl TypedClient for FinqLink {
    fn provider(&self) -> &'static str {
        "finqlink"
    }

    fn round_trip(&self, operation_id: &str, part: Part, json: &str) -> Option<Result<String, String>> {
        self.api().round_trip(operation_id, part, json)
    }

    fn to_domain(&self, operation_id: &str, json: &str) -> Option<Result<Value, String>> {
        Some(match operation_id {
            "listProviders" => to_json(json, map::institutions),
            "getProvider" => to_json(json, map::institution_answer),
            "createConsent" => to_json(json, map::created_consent),
            "getConsent" => to_json(json, map::consent),
            "listAccounts" => to_json(json, map::accounts),
            "listBalances" => to_json(json, map::balances),
            "listTransactions" => to_json(json, map::transactions),
            "createLink" => to_json(json, payment_links::created),
            "getLink" => to_json(json, payment_links::link),
            "listLinks" => to_json(json, payment_links::links),
            "createDataRefreshJob" | "getDataRefreshJob" => to_json(json, |source| Ok(refresh_jobs::job(source))),
            #[cfg(feature = "webhooks")]
            "onConsentStatusUpdate" => to_json(json, |source| Ok(webhook::consent_status(source))),
            #[cfg(feature = "webhooks")]
            "onJobStatusUpdate" => to_json(json, |source| Ok(webhook::job_status(source))),
            #[cfg(feature = "webhooks")]
            "onLinkStatusUpdate" => to_json(json, |source| Ok(webhook::link_status(source))),
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
