//! Yapily for the conformance suite: the typed client, and the domain behind its answers.

use obkit_runtime::typed_client::{Arguments, Failure, Part, Reply, TypedClient};
use serde_json::Value;

use super::{
    Yapily, bulk_payments, direct_debit, identity, mandates, map, payee, payment_links, payments, scheduled_payment,
    standing_order, statement, user, webhook,
};
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
            "getTransactions" => to_json(json, |source| map::transactions(source, "account", Some(0))),
            "getIdentity" => to_json(json, identity::identity_answer),
            "getBeneficiaries" => to_json(json, |source| Ok(payee::payees(source, "account"))),
            "getAccountPeriodicPayments" => to_json(json, |source| standing_order::standing_orders(source, "account")),
            "getAccountScheduledPayments" => {
                to_json(json, |source| scheduled_payment::scheduled_payments(source, "account"))
            }
            "getAccountDirectDebits" => to_json(json, |source| direct_debit::direct_debits(source, "account")),
            "getStatements" => to_json(json, |source| statement::statements(source, "account", 0)),
            "getStatement" => to_json(json, |source| statement::statement_answer(source, "account")),
            "getUsers" => to_json(json, |source: &Vec<_>| user::users(source)),
            "getUser" | "addUser" => to_json(json, user::user),
            "deleteUser" => to_json(json, user::deleted),
            "createPaymentAuthorisation" | "createBulkPaymentAuthorisation" => to_json(json, payments::authorisation),
            "createPayment" | "createBulkPayment" => to_json(json, payments::payment_answer),
            "getPayments" => to_json(json, payments::payment_details),
            "createSweepingAuthorisation" | "getSweepingVrpConsentById" => to_json(json, mandates::sweeping),
            "createNonSweepingAuthorisation" | "getNonSweepingVrpConsentById" => to_json(json, mandates::commercial),
            "createVrpFundsConfirmation" => to_json(json, mandates::funds),
            "createVrpPayment" | "getVrpPaymentDetails" => to_json(json, mandates::mandate_payment),
            "createHostedPaymentRequestLink" => to_json(json, payment_links::created),
            "getHostedPaymentRequest" => to_json(json, payment_links::link),
            "getBulkPaymentStatus" => to_json(json, bulk_payments::bulk_status),
            "getWebhookEventsCategories" => to_json(json, webhook::event_types),
            "getRegisteredWebhooks" => to_json(json, webhook::registrations),
            "registerWebhook" | "webhookSecretReset" => to_json(json, webhook::with_secret),
            "onWebhookEvent" => to_json(json, |source| Ok(webhook::event(source))),
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
