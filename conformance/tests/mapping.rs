//! The mappings are total and lose nothing: whatever a schema allows becomes domain values, or an error that names the
//! field.
//!
//! `OBKIT_PAYLOADS` says how many payloads each mapping gets; 1000, where nothing is said.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "mapping/traces.rs"]
mod traces;

use std::path::Path;

use obkit_codegen::spec::{Content, Operation};
use obkit_codegen::{Document, Spec};
use obkit_conformance::contract::{concrete_status, is_success};
use obkit_conformance::equality::differences;
use obkit_conformance::generate::{Payload, Payloads, payloads_of, requests_of};
use obkit_conformance::typed_client::{Part, TypedClient};
use obkit_conformance::{Contract, workspace};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use serde_json::Value;

use traces::{Sums, dates, ids, is_written_in, sums, texts, words};

/// Sums that have no place in the domain, by provider and what their place in the answer holds. They stay reachable in
/// the provider's own value.
const WITHOUT_A_PLACE: [(&str, &str); 29] = [
    // What an account costs and owes beside its balances.
    ("candescent", ".calculatedPayOffAmount"),
    ("candescent", ".currentPrincipalBalance"),
    ("candescent", ".escrowBalance"),
    ("candescent", ".interest"),
    ("candescent", ".lastPrincipalPaymentAmount"),
    ("candescent", ".lineOfCreditLimit"),
    ("candescent", ".minimumPayment"),
    ("candescent", ".nextPaymentAmount"),
    ("candescent", ".originalLoanAmount"),
    ("candescent", ".payOffAmount"),
    // The answer of the bank behind Fena, as it was; and what was exchanged.
    ("fena", ".providerData"),
    // The mandate beside a payment under it.
    ("fena", ".vrpConsent."),
    ("fena", ".CurrencyExchange.InstructedAmount"),
    ("wych", ".original."),
    // The same list once more.
    ("yapily", ".paging.data[]"),
    // The same balances of all accounts of a holder, and that which an institution finds most important.
    ("yapily", ".consolidatedAccountInformation"),
    ("yapily", ".mainBalanceAmount"),
    ("yapily", ".grossAmount"),
    // One of them stands for both.
    ("yapily", "[].amount"),
    ("yapily", "data.amount"),
    ("yapily", ".bulkAmountSum"),
    ("yapily", ".charge"),
    // Instalments, in answers about single payments; one of two alike in standing orders.
    ("yapily", ".finalPaymentAmount"),
    ("yapily", ".firstPaymentAmount"),
    ("yapily", ".nextPaymentAmount"),
    ("yapily", ".previousPaymentAmount"),
    ("yapily", ".initialPayment"),
    ("yapily", ".maxCumulativeAmount"),
    ("yapily", ".paymentRequestDetails"),
];

/// What leaves an account: an amount in these has no direction beside it, and its sign says nothing.
const OUTGOING: [&str; 5] = [
    "getAccountDirectDebits",
    "getAccountPeriodicPayments",
    "getAccountScheduledPayments",
    "getDirectDebits",
    "getScheduledPayments",
];

/// Words that the operation says, and not its answer.
const SAID_BY_OPERATION: [&str; 2] = ["sweeping", "non-sweeping"];

fn count() -> u32 {
    std::env::var("OBKIT_PAYLOADS").ok().and_then(|count| count.parse().ok()).unwrap_or(1000)
}

fn contract(provider: &str) -> Contract {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs").join(provider).join("openapi.yaml");
    Contract::new(provider, Spec::read(Document::load(file).unwrap()).unwrap())
}

/// A mapping: an operation whose successful answers become domain values, or a webhook whose body becomes one.
struct Mapping<'m> {
    client: &'m dyn TypedClient,
    operation: &'m Operation,
    part: Part,
}

impl<'m> Mapping<'m> {
    fn of(client: &'m dyn TypedClient, operation: &'m Operation) -> Option<Self> {
        let _mapped_or_not = client.to_domain(&operation.id, "null")?;
        let mut responses = operation.responses.iter().filter(|response| is_success(operation, response.status));
        let response = responses.find(|response| response.content.iter().any(Content::is_json))?;
        Some(Self { client, operation, part: Part::Response(concrete_status(operation, response.status)) })
    }

    fn of_webhook(client: &'m dyn TypedClient, webhook: &'m Operation) -> Option<Self> {
        let _mapped_or_not = client.to_domain(&webhook.id, "null")?;
        Some(Self { client, operation: webhook, part: Part::Request })
    }

    fn payloads<'c>(&self, contract: &'c Contract) -> Payloads<'c> {
        match self.part {
            Part::Request => requests_of(contract, &self.operation.id).unwrap(),
            Part::Response(status) => payloads_of(contract, &self.operation.id, status).unwrap(),
        }
    }

    fn check(&self, payload: &Payload) -> Result<(), TestCaseError> {
        let json = payload.value.to_string();
        self.survives(payload, &json)?;
        match self.client.to_domain(&self.operation.id, &json).unwrap() {
            Ok(domain) => self.is_faithful(&payload.value, &domain),
            Err(message) => self.names_a_field(payload, &message),
        }
    }

    /// Whatever the domain has no place for is in the typed value: unlisted words, extreme numbers, every text.
    fn survives(&self, payload: &Payload, json: &str) -> Result<(), TestCaseError> {
        let Some(back) = self.client.round_trip(&self.operation.id, self.part, json) else { return Ok(()) };
        let back = back.map_err(TestCaseError::fail)?;
        let lost = differences(&payload.value, &serde_json::from_str(&back).unwrap());
        let lost: Vec<String> = lost.iter().map(|lost| format!("{} {}", lost.pointer, lost.what)).collect();
        proptest::prop_assert!(lost.is_empty(), "{}: {:?}", self.operation.id, lost);
        Ok(())
    }

    fn is_faithful(&self, source: &Value, domain: &Value) -> Result<(), TestCaseError> {
        let name = &self.operation.id;
        let provider = self.client.provider();
        // Fena's payments are in pounds, and do not say so.
        let given = Sums::of_source(source, (provider == "fena").then_some("GBP"));
        let kept = sums(domain);
        // Whether a balance of Candescent is owed follows from the kind of its account.
        let signed = provider != "candescent" && !OUTGOING.contains(&name.as_str());
        for sum in &kept {
            proptest::prop_assert!(given.has(sum, signed), "{name}: {sum:?} is not in the answer");
            proptest::prop_assert!(sum.direction.is_none() || !sum.is_negative(), "{name}: {sum:?} has two signs");
        }
        let has_a_place =
            |at: &str| !WITHOUT_A_PLACE.iter().any(|(of, part)| *of == provider && format!("{at}.").contains(part));
        let lost = given.lost(&kept, has_a_place);
        proptest::prop_assert!(lost.is_empty(), "{name}: {lost:?} are lost");
        let known = texts(source);
        // Of an answer, some ids are those that it was asked with.
        for id in ids(domain).into_iter().filter(|_| self.part == Part::Request) {
            proptest::prop_assert!(known.contains(&id), "{name}: nothing has the id {id}");
        }
        for date in dates(domain) {
            let written = known.iter().any(|text| is_written_in(date, text));
            proptest::prop_assert!(written, "{name}: nothing says {date}");
        }
        for word in words(domain) {
            let derived = provider == "candescent" || SAID_BY_OPERATION.contains(&word);
            // Fena has lists that stand as JSON within text.
            let listed = |text: &&str| provider == "fena" && text.contains(&format!("\"{word}\""));
            let said = derived || known.contains(&word) || known.iter().any(listed);
            proptest::prop_assert!(said, "{name}: nobody says {word}");
        }
        Ok(())
    }

    fn names_a_field(&self, payload: &Payload, message: &str) -> Result<(), TestCaseError> {
        let prefix = format!("{}: `", self.client.provider());
        let field = message.strip_prefix(&prefix).and_then(|rest| rest.split_once("` "));
        proptest::prop_assert!(field.is_some_and(|(field, _)| !field.is_empty()), "{}: {message}", self.operation.id);
        let shown = texts(&payload.value).into_iter().find(|text| text.len() > 11 && message.contains(text));
        proptest::prop_assert!(shown.is_none(), "{}: a value is shown: {message}", self.operation.id);
        Ok(())
    }
}

fn every_answer_maps(provider: &str) {
    let contract = contract(provider);
    let client = workspace::client(provider, "http://127.0.0.1:9").unwrap();
    let spec = contract.spec();
    let answers = spec.operations().iter().filter_map(|operation| Mapping::of(&*client, operation));
    let webhooks = spec.webhooks().iter().filter_map(|webhook| Mapping::of_webhook(&*client, webhook));
    let (answers, webhooks) = (answers.collect::<Vec<_>>(), webhooks.collect::<Vec<_>>());
    let notified = match provider {
        "finqlink" => 3,
        "fena" | "yapily" => 1,
        _ => 0,
    };
    assert!(!answers.is_empty() && webhooks.len() == notified);
    for mapping in answers.into_iter().chain(webhooks) {
        let payloads = mapping.payloads(&contract);
        for payloads in [payloads.clone(), payloads.lenient()] {
            let config = Config { cases: count() / 2, failure_persistence: None, ..Config::default() };
            let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
            let mut runner = TestRunner::new_with_rng(config, rng);
            let outcome = runner.run(&payloads, |payload| mapping.check(&payload));
            outcome.unwrap_or_else(|error| panic!("{provider}: {error}"));
        }
    }
}

#[test]
fn every_answer_of_yapily_maps_or_names_a_field() {
    every_answer_maps("yapily");
}

#[test]
fn every_answer_of_fena_maps_or_names_a_field() {
    every_answer_maps("fena");
}

#[test]
fn every_answer_of_finqlink_maps_or_names_a_field() {
    every_answer_maps("finqlink");
}

#[test]
fn every_answer_of_candescent_maps_or_names_a_field() {
    every_answer_maps("candescent");
}

#[test]
fn every_answer_of_wych_maps_or_names_a_field() {
    every_answer_maps("wych");
}
