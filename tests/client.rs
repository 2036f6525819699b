//! The generated clients on the wire, with the runtime in between.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../runtime/tests/server/mod.rs"]
mod server;

use std::time::Duration;

use obkit::runtime::{Auth, Phase, RetryPolicy, Transport};
use server::{Server, answer};

const KEY: &str = "application-key-5f1c";
const SECRET: &str = "application-secret-9d2e";
const CONSENT: &str = "consent-token-77aa";
const HTML: &str = "<html><body>502 Bad Gateway: account 11397104</body></html>";

fn at_once() -> RetryPolicy {
    RetryPolicy::default().max_attempts(3).base_delay(Duration::ZERO)
}

fn yapily_at(base_url: &str) -> obkit_yapily::Client {
    let transport = Transport::builder("yapily").auth(Auth::basic(KEY, SECRET)).retry(at_once()).build().unwrap();
    obkit_yapily::Client::new(base_url, transport)
}

fn payment() -> obkit_yapily::types::PaymentRequest {
    serde_json::from_value(serde_json::json!({
        "type": "DOMESTIC_PAYMENT",
        "paymentIdempotencyId": "1d54cf71bfe44b1b8e67247aed455d96",
        "amount": { "amount": 8.70, "currency": "GBP" },
        "payee": {
            "name": "BILLS COFFEE LTD",
            "accountIdentifications": [{ "type": "ACCOUNT_NUMBER", "identification": "11397104" }],
        },
    }))
    .unwrap()
}

#[tokio::test]
async fn the_hook_fires_on_every_call() {
    let server = Server::start(vec![answer("200 OK", &["content-type: application/json"], "[]")]).await;
    yapily_at(&server.base_url()).get_users().send().await.unwrap();
    let fena = obkit_fena::Client::new(
        &server.base_url(),
        Transport::builder("fena").auth(obkit_fena::header_auth("the-id", "the-secret")).build().unwrap(),
    );
    fena.get_providers().send().await.unwrap();

    let requests = server.requests();
    // application-key-5f1c:application-secret-9d2e
    assert!(requests[0].contains("authorization: Basic YXBwbGljYXRpb24ta2V5LTVmMWM6YXBwbGljYXRpb24tc2VjcmV0LTlkMmU="));
    assert!(requests[1].contains("client_id: the-id\r\n") && requests[1].contains("client_secret: the-secret\r\n"));
}

#[tokio::test]
async fn a_request_is_what_the_document_says_and_nothing_more() {
    let server = Server::start(vec![answer("200 OK", &["content-type: application/json"], r#"{"data":[]}"#)]).await;
    let client = yapily_at(&format!("{}/", server.base_url()));
    client
        .get_transactions()
        .account_id("a/b?c=..")
        .consent(CONSENT)
        .limit(100)
        .with(vec!["merchant".to_owned(), "categorisation".to_owned()])
        .send()
        .await
        .unwrap();
    let request = &server.requests()[0];
    let (line, headers) = request.split_once("\r\n").unwrap();
    assert!(line.starts_with("GET /accounts/a%2Fb%3Fc=../transactions?"), "{line}");
    assert!(line.contains("with=merchant&with=categorisation") && line.contains("limit=100"), "{line}");
    assert!(headers.contains(&format!("consent: {CONSENT}\r\n")));
    assert!(!headers.contains("api-version"), "the header of another framework: {headers}");
    assert!(!headers.contains("psu-id"), "an optional header that was not set: {headers}");
}

#[tokio::test]
async fn a_bad_gateway_is_retried_for_a_get_and_keeps_its_status() {
    let server = Server::start(vec![answer("502 Bad Gateway", &["content-type: text/html"], HTML)]).await;
    let error = yapily_at(&server.base_url()).get_institutions().send().await.unwrap_err();
    assert_eq!(server.requests().len(), 3);
    assert_eq!(error.status().unwrap().as_u16(), 502);
    assert_eq!(error.attempts(), Some(3));
    assert_eq!(error.operation(), Some("getInstitutions"));
    assert!(error.body().is_none() && error.is_retryable() && error.may_have_been_sent());
    assert_eq!(error.raw_body(), HTML.as_bytes());
}

#[tokio::test]
async fn a_payment_without_its_key_is_sent_once() {
    let server = Server::start(vec![answer("502 Bad Gateway", &["content-type: text/html"], HTML)]).await;
    let client = yapily_at(&server.base_url());
    let error = client.create_payment().consent(CONSENT).body(payment()).send().await.unwrap_err();
    assert_eq!(server.requests().len(), 1);
    assert_eq!(error.status().unwrap().as_u16(), 502);
    assert_eq!(error.phase(), Phase::Answered);
}

#[tokio::test]
async fn a_documented_error_has_its_type() {
    let body = r#"{"error":{"code":401,"status":"UNAUTHORIZED","message":"Invalid token","tracingId":"t-1"}}"#;
    let server = Server::start(vec![answer("401 Unauthorized", &["content-type: application/json"], body)]).await;
    let error = yapily_at(&server.base_url()).get_institutions().send().await.unwrap_err();
    let typed = error.body().unwrap().error.as_ref().unwrap();
    assert_eq!(typed.status.as_deref(), Some("UNAUTHORIZED"));
    assert_eq!(error.message(), Some("Invalid token"));
    assert_eq!(error.request_id(), Some("t-1"));
}

#[tokio::test]
async fn what_no_type_holds_is_checked_before_anything_is_sent() {
    let server = Server::start(vec![answer("200 OK", &[], "")]).await;
    let client = yapily_at(&server.base_url());
    let twice = vec!["user-1".to_owned(), "user-1".to_owned()];
    let error = client.get_users().filter_application_user_id(twice).send().await.unwrap_err();
    assert_eq!(error.to_string(), "invalid request: filter[applicationUserId]: two items are equal");
    assert!(!error.may_have_been_sent());
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_call_without_an_answer_says_which_call_it_was() {
    let gone = Server::start(vec![answer("200 OK", &[], "")]).await.base_url();
    let error = yapily_at(&gone).get_institutions().send().await.unwrap_err();
    assert_eq!(error.operation(), Some("getInstitutions"));
    assert_eq!(error.phase(), Phase::BeforeSending);
}

#[tokio::test]
async fn a_missing_argument_is_named_and_nothing_is_sent() {
    let server = Server::start(vec![answer("200 OK", &[], "")]).await;
    let error = yapily_at(&server.base_url()).get_accounts().send().await.unwrap_err();
    assert!(error.to_string().contains("consent is required"), "{error}");
    assert!(!error.may_have_been_sent());
    assert!(server.requests().is_empty());
}
