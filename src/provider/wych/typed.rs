//! Wych for the conformance suite: the typed client, and the domain behind its answers.

use obkit_runtime::typed_client::{Arguments, Failure, Part, Reply, TypedClient};
use serde_json::Value;

use super::{Wych, direct_debit, map, payee, scheduled_payment, user};
use crate::provider::mapping::to_json;

impl TypedClient for Wych {
    fn provider(&self) -> &'static str {
        "wych"
    }

    fn round_trip(&self, operation_id: &str, part: Part, json: &str) -> Option<Result<String, String>> {
        self.api().round_trip(operation_id, part, json)
    }

    fn to_domain(&self, operation_id: &str, json: &str) -> Option<Result<Value, String>> {
        Some(match operation_id {
            "listDataHolders" => to_json(json, |source: &Vec<_>| Ok(map::institutions(source))),
            "createConnection" | "getConnection" => to_json(json, |source| Ok(map::consent(source))),
            "listConnections" => to_json(json, |source: &Vec<_>| Ok(map::consents(source))),
            "getAccounts" => to_json(json, |source: &Vec<_>| map::accounts(source)),
            "getAccountBalances" => to_json(json, |source: &Vec<_>| map::balances(source)),
            "getAccountTransactions" => to_json(json, |source: &Vec<_>| map::transactions(source)),
            "getPayees" => to_json(json, |source: &Vec<_>| Ok(payee::payees(source, "account"))),
            "getScheduledPayments" => {
                to_json(json, |source: &Vec<_>| scheduled_payment::scheduled_payments(source, "account"))
            }
            "getDirectDebits" => to_json(json, |source: &Vec<_>| direct_debit::direct_debits(source, "account")),
            "listUsers" => to_json(json, |source: &Vec<_>| Ok(user::users(source))),
            "createOrFindUser" => to_json(json, |source| Ok(user::user(source))),
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
