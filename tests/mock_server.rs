//! A generated server stands in for the provider: for the generated client, and for the domain over it.

#![cfg(feature = "fena")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::Duration;

use obkit::domain::{ConsentReference, TransactionQuery};
use obkit::provider::{Transactions, fena};
use obkit::runtime::mock::Gate;
use obkit::runtime::{Phase, RetryPolicy, Transport};
use obkit_fena::mock::MockServer;
use obkit_fena::types;

#[tokio::test]
async fn without_a_word_an_operation_answers_the_documents_example() {
    let server = MockServer::start().await.unwrap();
    let client = server.client().unwrap();
    let answer = client.get_transactions().consent_id("c/1").account_id("a").send().await.unwrap();
    assert_eq!(answer.into_inner(), server.get_transactions().example().unwrap());
    let [request] = &server.get_transactions().requests()[..] else { panic!() };
    assert_eq!(request.path(), "/data/transactions/c%2F1/a");
    assert_eq!(request.operation_id(), Some("getTransactions"));
}

#[tokio::test]
async fn the_most_specific_path_answers() {
    let server = MockServer::start().await.unwrap();
    let client = server.client().unwrap();
    server.get_vrp_providers().expect(1);
    server.get_provider().expect(1);
    client.get_vrp_providers().send().await.unwrap();
    client.get_provider().provider_id("ob-chase").send().await.unwrap();
    server.verify().unwrap();
}

#[tokio::test]
async fn answers_have_the_types_of_their_statuses() {
    let server = MockServer::start().await.unwrap();
    let client = server.client().unwrap();
    let mut body = server.get_transactions().example().unwrap();
    body.data.transaction.truncate(1);
    let problem: types::ErrorResponse = serde_json::from_str(r#"{"message":"down"}"#).unwrap();
    server.get_transactions().answers::<200>(&body).answers::<500>(&problem);
    let call = || client.get_transactions().consent_id("c").account_id("a");
    assert_eq!(call().send().await.unwrap().data.transaction.len(), 1);
    let error = call().send().await.unwrap_err();
    assert_eq!((error.status().map(|status| status.as_u16()), error.body()), (Some(500), Some(&problem)));
}

#[tokio::test]
async fn a_storm_passes_and_the_program_repeats() {
    let server = MockServer::start().await.unwrap();
    let retries = RetryPolicy::default().max_attempts(4).base_delay(Duration::ZERO);
    let auth = obkit_fena::header_auth("the-client", "the-secret");
    let client = server.client_with(Transport::builder("fena").auth(auth).retry(retries).build().unwrap());
    server.get_providers().answers_status(503).times(2).hangs_up().expect(4);
    let body = server.get_providers().example().unwrap();
    server.get_providers().answers::<200>(&body);
    let answer = client.get_providers().send().await.unwrap();
    assert_eq!(answer.call().attempts, 4);
    server.verify().unwrap();
    let requests = server.requests();
    assert_eq!(requests[3].header("client_secret"), Some("the-secret"));
    assert!(!format!("{requests:?} {server:?}").contains("the-secret"));
}

#[tokio::test]
async fn an_answer_that_breaks_off_or_waits_is_what_the_client_meets() {
    let server = MockServer::start().await.unwrap();
    let client = server.client().unwrap();
    server.get_providers().breaking_off().times(1);
    let error = client.get_providers().send().await.unwrap_err();
    assert_eq!((error.phase(), error.is_retryable()), (Phase::Answered, true), "{error}");

    let gate = Gate::closed();
    server.get_providers().after(&gate);
    let call = client.get_providers();
    let (answer, ()) = tokio::join!(call.send(), async {
        gate.reached(1).await;
        gate.open();
    });
    answer.unwrap();
}

#[tokio::test]
async fn what_was_sent_is_read_as_its_type() {
    let server = MockServer::start().await.unwrap();
    let client = server.client().unwrap();
    let body = types::CreateConsentRequest::new(types::AccountProvider::ObChase);
    client.create_account_access_consent().body(body.clone()).send().await.unwrap();
    let [request] = &server.create_account_access_consent().requests()[..] else { panic!() };
    assert_eq!(request.json::<types::CreateConsentRequest>().unwrap(), body);
}

#[tokio::test]
async fn the_domain_reads_what_the_server_answers() {
    let server = MockServer::start().await.unwrap();
    let provider = fena::Fena::connect(&fena::Config::new(server.base_url(), "id", "secret")).unwrap();
    let mut body = server.get_transactions().example().unwrap();
    let count = body.data.transaction.len();
    let again = body.data.transaction.clone();
    body.data.transaction.extend(again);
    server.get_transactions().answers::<200>(&body);
    let access = ConsentReference { id: "c".to_owned(), token: None };
    let page = provider.page(&access, "a", &TransactionQuery::default()).await.unwrap();
    assert_eq!(page.items.len(), 2 * count);
}
