//! The contract server over HTTP.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod wire;

use obkit_codegen::spec::StatusKey;
use obkit_conformance::answer::{Answer, Body};
use serde_json::json;
use wire::{SPEC, get, send, server, set_up};

#[tokio::test]
async fn the_first_success_is_answered_unless_scripted() {
    let server = server().await;
    let answer = get(&server, "/things?n=1", "").await;
    assert_eq!(
        (answer.status, answer.field("content-type"), answer.json()),
        (200, Some("application/json"), json!([1]))
    );
    assert!(server.script("getThings", StatusKey::Code(200), Some("two")).is_some());
    assert_eq!(get(&server, "/things?n=1", "").await.json(), json!([1, 2]));
    assert_eq!(server.script("getThings", StatusKey::Range(4), None).unwrap().status, 400);
    let answer = get(&server, "/things?n=1", "").await;
    assert_eq!(
        (answer.status, answer.field("content-type"), answer.json()),
        (400, Some("application/problem+json"), json!({"code": 1}))
    );
    server.script("getThings", StatusKey::Default, None).unwrap();
    let answer = get(&server, "/things?n=1", "").await;
    assert_eq!((answer.status, answer.field("content-type"), answer.body.len()), (500, None, 0));
    assert!(server.script("getThings", StatusKey::Code(201), None).is_none());
    assert!(server.script("getThings", StatusKey::Code(200), Some("three")).is_none());
    assert!(server.take_findings().is_empty());
    server.forget("getThings");
    assert_eq!(get(&server, "/things?n=1", "").await.json(), json!([1]));
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
    let refused = get(&server, "/things?n=x", "").await;
    assert_eq!(refused.status, 400, "what breaks the contract is not answered by it");
    let failed = get(&server, "/things?n=7", "").await;
    assert_eq!((failed.status, failed.field("content-type"), failed.body.len()), (503, None, 0));
    let answer = get(&server, "/things?n=7", "").await;
    assert_eq!((answer.status, answer.json()), (200, json!([7])));
    server.forget("getThings");
    assert_eq!(get(&server, "/things?n=7", "").await.json(), json!([1]), "the document's own again");
    let asked: Vec<_> = server.take_received().into_iter().map(|(_, asked)| asked).collect();
    assert_eq!(asked.len(), 4, "what was refused was received, too");
}

#[tokio::test]
async fn what_is_binary_is_answered_with_bytes() {
    let server = server().await;
    let answer = get(&server, "/file", "").await;
    assert_eq!((answer.status, answer.field("content-type")), (200, Some("application/pdf")));
    assert!(answer.body.starts_with(b"%PDF-1.4"));
}

#[tokio::test]
async fn what_is_wrong_is_recorded() {
    let server = server().await;
    get(&server, "/things?n=x", "").await;
    get(&server, "/nowhere", "").await;
    let rules: Vec<_> = server.take_findings().into_iter().map(|finding| finding.rule.to_string()).collect();
    assert_eq!(rules, ["RT050/type", "RT001"]);
    assert!(server.take_findings().is_empty());
    assert_eq!(server.called().into_iter().collect::<Vec<_>>(), ["getThings"]);
    assert_eq!(server.take_received().len(), 1);
    let silent = set_up(SPEC, |builder| builder.record(false)).await;
    get(&silent, "/things?n=x", "").await;
    assert!(silent.take_findings().is_empty() && silent.called().is_empty() && silent.take_received().is_empty());
}

#[tokio::test]
async fn dropping_the_server_ends_it() {
    let server = server().await;
    let address = server.address();
    // It waits for the next request, and is closed under it.
    let mut kept = wire::connect(&server).await;
    drop(server);
    assert!(wire::rest(&mut kept).await.is_empty());
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_server_that_shuts_down_sends_the_answers_that_are_on_their_way() {
    let server = server().await;
    let address = server.address();
    let mut idle = wire::connect(&server).await;
    let mut asking = wire::connect(&server).await;
    let (heard, mut hears) = tokio::sync::mpsc::channel(1);
    let slow = set_up(SPEC, move |builder| builder.observe(move |_| heard.try_send(()).unwrap())).await;
    let mut waiting = wire::connect(&slow).await;
    wire::write(&mut waiting, "GET /things?n=1 HTTP/1.1\r\nhost: x\r\nprefer: wait=0.05\r\n\r\n").await;
    hears.recv().await.unwrap();
    slow.shutdown().await;
    let answer = wire::rest(&mut waiting).await;
    assert!(String::from_utf8_lossy(&answer).starts_with("HTTP/1.1 200 OK"), "{answer:?}");

    wire::write(&mut asking, "GET /things?n=1 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    assert!(String::from_utf8_lossy(&wire::rest(&mut asking).await).starts_with("HTTP/1.1 200 OK"));
    server.shutdown().await;
    assert!(wire::rest(&mut idle).await.is_empty());
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_connection_answers_one_request_after_the_other() {
    let server = server().await;
    let mut stream = wire::connect(&server).await;
    let chunked = "POST /things HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nauthorization: Bearer t\r\n\
                   transfer-encoding: chunked\r\n\r\n6\r\n{\"a\": \r\n2\r\n1}\r\n0\r\n\r\n";
    for request in ["GET /things?n=1 HTTP/1.1\r\nhost: x\r\n\r\n", chunked, chunked] {
        wire::write(&mut stream, request).await;
        let status = wire::one(&mut stream).await.status;
        assert!(status == 200 || status == 201, "{status}");
    }
    assert!(server.take_findings().is_empty());
}

#[tokio::test]
async fn head_is_get_without_its_body() {
    let server = server().await;
    let (head, get) = (send(&server, "HEAD", "/things?n=1", "", "").await, get(&server, "/things?n=1", "").await);
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.field("content-length"), get.field("content-length"));
    assert_eq!(head.field("content-type"), get.field("content-type"));
    assert!(server.take_findings().is_empty());
}

#[tokio::test]
async fn options_tells_the_methods_of_a_path() {
    let server = server().await;
    let answer = send(&server, "OPTIONS", "/things", "", "").await;
    assert_eq!((answer.status, answer.field("allow")), (204, Some("GET, HEAD, OPTIONS, POST")));
    assert_eq!(answer.field("access-control-allow-origin"), None);
    assert_eq!(send(&server, "OPTIONS", "*", "", "").await.status, 204);
    assert_eq!(send(&server, "OPTIONS", "/nowhere", "", "").await.status, 404);
    assert_eq!(send(&server, "OPTIONS", "/own", "", "").await.json(), json!({"own": true}));
}

#[tokio::test]
async fn scripts_of_other_pages_may_read_answers_where_that_is_said() {
    let server = set_up(SPEC, |builder| builder.cors(true)).await;
    let answer = get(&server, "/things?n=1", "origin: https://a.example\r\n").await;
    assert_eq!(answer.field("access-control-allow-origin"), Some("*"));
    let asked = "origin: https://a.example\r\naccess-control-request-method: POST\r\n\
                 access-control-request-headers: x-a, authorization\r\n";
    let answer = send(&server, "OPTIONS", "/things", asked, "").await;
    assert_eq!(answer.status, 204);
    assert_eq!(answer.field("access-control-allow-methods"), Some("GET, HEAD, OPTIONS, POST"));
    assert_eq!(answer.field("access-control-allow-headers"), Some("x-a, authorization"));
    assert_eq!(get(&server, "/nowhere", "").await.field("access-control-allow-origin"), Some("*"));
}

#[tokio::test]
async fn paths_stand_below_those_of_the_servers() {
    let server = set_up(SPEC, |builder| builder.base_path_of_servers().base_path("extra/")).await;
    for (path, status) in
        [("/v1/things?n=1", 200), ("/extra/things?n=1", 200), ("/things?n=1", 404), ("/v10/things?n=1", 404)]
    {
        assert_eq!(get(&server, path, "").await.status, status, "{path}");
    }
    // One of the servers has the root, and nothing is required of a path.
    let spec = SPEC.replace("servers: [", "servers: [{url: 'https://other.example'}, ");
    let server = set_up(&spec, |builder| builder.base_path_of_servers()).await;
    for path in ["/v1/things?n=1", "/things?n=1"] {
        assert_eq!(get(&server, path, "").await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn header_fields_are_those_of_the_response() {
    let server = server().await;
    let answer = get(&server, "/things?n=1", "").await;
    assert_eq!(answer.field("x-total"), Some("7"));
    assert_eq!(answer.field("x-list"), Some("a,b"));
    assert_eq!(answer.field("x-optional"), None);
    assert_eq!(answer.fields("content-length").len(), 1);
}

#[tokio::test]
async fn who_asks_is_told_what_became_of_each_request_and_nothing_of_its_values() {
    let (told, mut hears) = tokio::sync::mpsc::unbounded_channel();
    let server = set_up(SPEC, move |builder| {
        builder.observe(move |verdict| told.send(serde_json::to_value(verdict).unwrap()).unwrap())
    })
    .await;
    send(&server, "POST", "/things", "content-type: application/json\r\n", "{\"a\": \"SECRET\"}").await;
    let verdict = hears.recv().await.unwrap();
    assert_eq!((&verdict["status"], &verdict["basis"]), (&json!(401), &json!("refused")));
    assert_eq!((&verdict["method"], &verdict["path"]), (&json!("POST"), &json!("/things")));
    assert_eq!(verdict["operation"], "postThings");
    assert_eq!(verdict["violations"].as_array().unwrap().len(), 2);
    get(&server, "/things/SECRET?n=1&extra=SECRET", "prefer: code=299\r\nauthorization: Bearer SECRET\r\n").await;
    get(&server, "/SECRET", "").await;
    let all = format!("{verdict}{}{}", hears.recv().await.unwrap(), hears.recv().await.unwrap());
    assert!(!all.contains("SECRET"), "{all}");
    assert!(all.contains("\"notes\":[{") && all.contains("code: the operation documents no 299"), "{all}");
}
