//! Requests that mean harm: each gets an answer or the end of its connection, and the server goes on.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod wire;

use wire::{SPEC, get, raw, server, set_up};

/// Sends bytes, gives the status of the answer (none when there is none), and sees that the server still serves.
async fn outcome(bytes: impl AsRef<[u8]>) -> Option<u16> {
    let server = server().await;
    let answer = raw(&server, bytes).await;
    assert_eq!(get(&server, "/things?n=1", "").await.status, 200);
    String::from_utf8_lossy(&answer).split(' ').nth(1).map(|status| status.parse().unwrap())
}

fn request(target: &str, fields: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{fields}\r\n")
}

fn post(fields: &str, body: &str) -> String {
    let known = "host: x\r\nconnection: close\r\nauthorization: Bearer t\r\ncontent-type: application/json\r\n";
    format!("POST /things HTTP/1.1\r\n{known}{fields}\r\n{body}")
}

#[tokio::test]
async fn heads_that_are_too_large() {
    let huge = "a".repeat(100_000);
    assert_eq!(outcome(request("/things?n=1", &format!("x-huge: {huge}\r\n"))).await, Some(431));
    assert_eq!(outcome(request(&format!("/{huge}"), "")).await.map(|status| status / 100), Some(4));
    assert_eq!(outcome(request("/things?n=1", &"x-many: 1\r\n".repeat(500))).await, Some(431));
}

#[tokio::test]
async fn paths_that_are_no_text() {
    for path in
        ["/things/%FF%FE", "/things/%zz", "/things/%", "/things/%00", "/%2e%2e/things?n=1", "//things", "/things/"]
    {
        let status = outcome(request(path, "")).await.unwrap();
        assert!((400..500).contains(&status) || status == 200, "{path}: {status}");
    }
    let mut bytes = b"GET /things/\xff\xfe HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".to_vec();
    assert_eq!(outcome(&bytes).await.map(|status| status / 100), Some(4));
    bytes[4] = 0;
    assert_eq!(outcome(&bytes).await, Some(400));
}

#[tokio::test]
async fn a_path_leads_nowhere_else_by_its_dots_or_its_encoding() {
    for path in ["/things/../file", "/things/%2e%2e/file", "/x/..%2ffile", "/../etc/passwd", "/things%2F1"] {
        assert_eq!(outcome(request(path, "")).await, Some(404), "{path}");
    }
    assert_eq!(outcome(request("/th%69ngs?n=1", "")).await, Some(200));
    assert_eq!(outcome(request("http://elsewhere.example/things?n=1", "")).await, Some(200));
}

#[tokio::test]
async fn queries_and_fields_that_are_malformed() {
    for target in
        ["/things?n=%ff", "/things?n=1&n=2", "/things?n=1&%ff=%ff&&&==&", "/things?n=99999999999999999999e999"]
    {
        let status = outcome(request(target, "")).await.unwrap();
        assert!(status == 400 || status == 200, "{target}: {status}");
    }
    for fields in [
        "accept: ,;q=,\"\r\n",
        "prefer: ,;=\"\\\r\n",
        "cookie: ;;==;\r\n",
        "authorization:\r\n",
        "accept: \u{fc}\r\n",
        "x-a: 1\r\nx-a: 2\r\nX-A: 3\r\n",
    ] {
        assert_eq!(outcome(request("/things?n=1", fields)).await, Some(200), "{fields}");
    }
}

#[tokio::test]
async fn lengths_that_are_absurd() {
    assert_eq!(outcome(post("content-length: 99999999999\r\n", "{}")).await, Some(413));
    assert_eq!(outcome(post("content-length: 99999999999999999999999\r\n", "{}")).await, Some(400));
    assert_eq!(outcome(post("content-length: -1\r\n", "{}")).await, Some(400));
    assert_eq!(outcome(post("content-length: 2\r\ncontent-length: 9\r\n", "{}")).await, Some(400));
    assert_eq!(
        outcome(post("content-length: 2\r\ntransfer-encoding: chunked\r\n", "0\r\n\r\n")).await.map(|s| s / 100),
        Some(4)
    );
    assert_eq!(outcome(post("transfer-encoding: chunked, gzip\r\n", "{}")).await.map(|status| status / 100), Some(4));
}

#[tokio::test]
async fn a_body_larger_than_what_is_read_is_413_however_it_is_framed() {
    let server = set_up(SPEC, |builder| builder.max_body(8)).await;
    for (fields, body) in [
        ("content-length: 9\r\n", "{\"a\": 12}"),
        ("transfer-encoding: chunked\r\n", "9\r\n{\"a\": 12}\r\n0\r\n\r\n"),
        // Refused before the rest of it is there.
        ("transfer-encoding: chunked\r\n", "9\r\n{\"a\": 12}\r\n"),
        ("content-length: 1000000\r\nexpect: 100-continue\r\n", ""),
    ] {
        let answer = raw(&server, post(fields, body)).await;
        assert!(String::from_utf8_lossy(&answer).starts_with("HTTP/1.1 413"), "{answer:?}");
    }
    let answer = raw(&server, post("content-length: 8\r\n", "{\"a\": 1}")).await;
    assert!(String::from_utf8_lossy(&answer).starts_with("HTTP/1.1 201"), "{answer:?}");
}

#[tokio::test]
async fn chunks_that_are_garbage() {
    for body in ["zz\r\n{}\r\n0\r\n\r\n", "FFFFFFFFFFFFFFFFF\r\n", "-1\r\n", "2\r\n{}XX0\r\n\r\n"] {
        let status = outcome(post("transfer-encoding: chunked\r\n", body)).await;
        assert!(status.is_none_or(|status| status / 100 == 4), "{body:?}: {status:?}");
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_no_request() {
    let server = server().await;
    let mut stream = wire::connect(&server).await;
    wire::write(&mut stream, post("content-length: 100\r\n", "{\"a\"")).await;
    tokio::io::AsyncWriteExt::shutdown(&mut stream).await.unwrap();
    let answer = wire::rest(&mut stream).await;
    assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 400"), "{answer:?}");
    assert!(server.called().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_head_or_a_body_that_never_ends_is_waited_for_half_a_minute() {
    let server = server().await;
    let mut head = wire::connect(&server).await;
    wire::write(&mut head, "GET /things?n=1 HTTP/1.1\r\nx-slow: ").await;
    let mut body = wire::connect(&server).await;
    wire::write(&mut body, post("content-length: 100\r\n", "{")).await;
    wire::rest(&mut head).await;
    assert!(wire::rest(&mut body).await.starts_with(b"HTTP/1.1 408"));
}

#[tokio::test]
async fn what_is_no_http_at_all() {
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"\r\n\r\n\r\n\0",
        b"GET\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        let server = server().await;
        let mut stream = wire::connect(&server).await;
        wire::write(&mut stream, bytes).await;
        tokio::io::AsyncWriteExt::shutdown(&mut stream).await.unwrap();
        wire::rest(&mut stream).await;
        assert_eq!(get(&server, "/things?n=1", "").await.status, 200);
    }
}

#[tokio::test]
async fn json_that_is_nested_without_end() {
    let nested = format!("{{\"a\": {}", "[".repeat(100_000));
    assert_eq!(outcome(post(&format!("content-length: {}\r\n", nested.len()), &nested)).await, Some(422));
}
