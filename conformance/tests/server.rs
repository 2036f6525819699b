//! The contract server over HTTP.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod spec_client;

use std::sync::Arc;

use obkit_codegen::spec::StatusKey;
use obkit_codegen::{Document, Spec};
use obkit_conformance::Contract;
use obkit_conformance::answer::{Answer, Body};
use obkit_conformance::server::ContractServer;
use serde_json::{Value, json};
use spec_client::exchange;

const SPEC: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /things:
    get:
      operationId: getThings
      parameters: [{name: n, in: query, required: true, schema: {type: integer}}]
      responses:
        '200':
          description: ok
          content:
            application/json:
              examples: {one: {value: [1]}, two: {value: [1, 2]}}
        4XX: {description: bad, content: {application/problem+json: {example: {code: 1}}}}
        default: {description: other}
  /file: {get: {operationId: getFile, responses: {'200': {description: ok, content: {application/pdf: {}}}}}}
";

async fn server() -> ContractServer {
    let spec = Spec::read(Document::parse("s", SPEC).unwrap()).unwrap();
    ContractServer::start(Arc::new(Contract::new("t", spec).unwrap())).await.unwrap()
}

async fn get(server: &ContractServer, target: &str) -> (u16, Option<String>, Vec<u8>) {
    exchange(&server.base_url(), "GET", target, &[], b"").await
}

fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

#[tokio::test]
async fn the_first_success_is_answered_unless_scripted() {
    let server = server().await;
    let (status, media_type, body) = get(&server, "/things?n=1").await;
    assert_eq!((status, media_type.as_deref(), json(&body)), (200, Some("application/json"), json!([1])));
    assert!(server.script("getThings", StatusKey::Code(200), Some("two")).is_some());
    assert_eq!(json(&get(&server, "/things?n=1").await.2), json!([1, 2]));
    assert_eq!(server.script("getThings", StatusKey::Range(4), None).unwrap().status, 400);
    let (status, media_type, body) = get(&server, "/things?n=1").await;
    assert_eq!(
        (status, media_type.as_deref(), json(&body)),
        (400, Some("application/problem+json"), json!({"code": 1}))
    );
    server.script("getThings", StatusKey::Default, None).unwrap();
    assert_eq!(get(&server, "/things?n=1").await, (500, None, Vec::new()));
    assert!(server.script("getThings", StatusKey::Code(201), None).is_none());
    assert!(server.script("getThings", StatusKey::Code(200), Some("three")).is_none());
    assert!(server.take_findings().is_empty());
}

#[tokio::test]
async fn an_answer_can_depend_on_what_is_asked_and_on_what_was() {
    let server = server().await;
    let documented = server.script("getThings", StatusKey::Code(200), None).unwrap();
    let mut faults = 1;
    server.answer_by("getThings", move |asked| {
        if faults > 0 {
            faults -= 1;
            return Answer::of_status(503);
        }
        let n = asked.parameter("query", "n").cloned().unwrap();
        Answer { body: Body::Json(json!([n])), ..documented.clone() }
    });
    assert_eq!(get(&server, "/things?n=x").await.0, 400, "what breaks the contract is not answered by it");
    assert_eq!(get(&server, "/things?n=7").await, (503, None, Vec::new()));
    let (status, _, body) = get(&server, "/things?n=7").await;
    assert_eq!((status, json(&body)), (200, json!([7])));
    server.forget("getThings");
    assert_eq!(json(&get(&server, "/things?n=7").await.2), json!([1]), "the document's own again");
    let asked: Vec<_> = server.take_received().into_iter().map(|(_, asked)| asked).collect();
    assert_eq!(asked.len(), 4, "what was refused was received, too");
}

#[tokio::test]
async fn what_is_binary_is_answered_with_bytes() {
    let server = server().await;
    let (status, media_type, body) = get(&server, "/file").await;
    assert_eq!((status, media_type.as_deref()), (200, Some("application/pdf")));
    assert!(body.starts_with(b"%PDF-1.4"));
}

#[tokio::test]
async fn a_wrong_request_is_refused_and_recorded() {
    let server = server().await;
    let (status, _, body) = get(&server, "/things?n=x").await;
    assert_eq!(status, 400);
    assert_eq!(json(&body)["obkit"]["findings"][0]["rule"], "RT050/type");
    assert_eq!(get(&server, "/nowhere").await.0, 404);
    let rules: Vec<_> = server.take_findings().into_iter().map(|finding| finding.rule.to_string()).collect();
    assert_eq!(rules, ["RT050/type", "RT001"]);
    assert!(server.take_findings().is_empty());
    assert_eq!(server.called().into_iter().collect::<Vec<_>>(), ["getThings"]);
}

#[tokio::test]
async fn dropping_the_server_ends_it() {
    let server = server().await;
    let address = server.base_url().replace("http://", "");
    drop(server);
    for _ in 0..100 {
        if tokio::net::TcpStream::connect(&address).await.is_err() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("it still listens");
}
