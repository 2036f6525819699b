//! The generated client makes the calls that the document describes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread::{JoinHandle, spawn};

use obkit_example_build_script::payments::{Auth, Client, Transport, types};

const PAYMENT: &str = r#"{"id":"p-1","status":"SETTLED","amount":10.50,"currency":"GBP"}"#;

/// A server that gives one answer, and then what it was asked.
fn server(status: &str, body: &str) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answer = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let served = spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        let mut buffer = [0; 4096];
        while !is_whole(&request) {
            let read = stream.read(&mut buffer).unwrap();
            assert!(read > 0, "the request ends early");
            request.extend_from_slice(&buffer[..read]);
        }
        stream.write_all(answer.as_bytes()).unwrap();
        String::from_utf8(request).unwrap()
    });
    (url, served)
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    body.len() >= length.unwrap_or(0)
}

fn client(url: &str) -> Client {
    Client::new(url, Transport::builder("payments").auth(Auth::bearer("the-token")).build().unwrap())
}

#[tokio::test]
async fn a_payment_is_made() {
    let (url, served) = server("201 Created", PAYMENT);
    let order = r#"{"amount":10.50,"currency":"GBP","creditor":{"name":"A","iban":"GB33BUKB20201555555555"}}"#;
    let order: types::NewPayment = serde_json::from_str(order).unwrap();
    assert!(!format!("{order:?}").contains("GB33BUKB"), "what is sensitive does not show");
    let payment = client(&url).create_payment().idempotency_key("order-1").body(order).send().await.unwrap();
    assert_eq!(payment.amount.to_string(), "10.50", "to the digit");
    assert_eq!(payment.status.as_str(), "SETTLED", "a status that nobody listed");
    let request = served.join().unwrap();
    assert!(request.starts_with("POST /payments HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("authorization: Bearer the-token\r\n"), "{request}");
    assert!(request.contains("idempotency-key: order-1\r\n"), "{request}");
    assert!(request.contains(r#""amount":10.50"#) && request.contains("GB33BUKB20201555555555"), "{request}");
}

#[tokio::test]
async fn the_overlay_has_named_the_operation() {
    let (url, served) = server("404 Not Found", r#"{"title":"There is no such payment."}"#);
    let error = client(&url).get_payment().id("p/2").send().await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 404);
    assert_eq!(error.body().unwrap().title, "There is no such payment.");
    assert_eq!(error.operation(), Some("getPayment"));
    assert!(served.join().unwrap().starts_with("GET /payments/p%2F2 HTTP/1.1\r\n"));
}

#[tokio::test]
async fn a_payment_that_breaks_the_document_is_not_sent() {
    let order = r#"{"amount":-1,"currency":"GBP","creditor":{"name":"A","iban":"x"}}"#;
    let order: types::NewPayment = serde_json::from_str(order).unwrap();
    let client = client("http://127.0.0.1:9");
    let error = client.create_payment().idempotency_key("order-2").body(order).send().await.unwrap_err();
    assert!(!error.may_have_been_sent(), "{error}");
}
