//! What passes through the proxy, what is found, and what is recorded.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use obkit_codegen::{Document, Spec};
use obkit_conformance::base_url::BaseUrls;
use obkit_conformance::coverage::Dimension;
use obkit_conformance::proxy::{Passed, Proxy, ProxyBuilder, Recording, Upstream};
use obkit_conformance::traffic::{Judgement, Options, validate_har};
use obkit_conformance::{Contract, Profile, Severity};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::timeout;

const SPEC: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
servers: [{url: 'https://api.bank.example/v1'}]
security: [{bearer: []}]
paths:
  /accounts/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string, maxLength: 12}}]
    get:
      operationId: read
      parameters:
        - {name: kind, in: query, schema: {type: string, enum: [all, some]}}
        - {name: token, in: query, schema: {type: string}}
        - {name: X-Trace, in: header, schema: {type: string, format: uuid}}
      responses:
        '200':
          description: ok
          headers: {X-Next: {schema: {type: string, format: uuid}}}
          content: {application/json: {schema: {$ref: '#/components/schemas/Account'}}}
        '204': {description: none}
    put:
      operationId: write
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Account'}}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Account'}}}}}
  /file: {post: {operationId: upload, security: [], requestBody: {content: {application/octet-stream: {}}}, responses: {'200': {description: ok, content: {application/octet-stream: {}}}}}}
components:
  securitySchemes: {bearer: {type: http, scheme: bearer}}
  schemas:
    Account:
      type: object
      required: [kind]
      properties:
        kind: {type: string, enum: [current, savings]}
        iban: {type: string, pattern: '^[A-Z0-9-]+$', x-sensitive: true}
        note: {type: string}
        access_token: {type: string}
        pin: {type: string, writeOnly: true}
";

const LIMIT: Duration = Duration::from_secs(20);

fn contract() -> Arc<Contract> {
    Arc::new(Contract::new("bank", Spec::read(Document::parse("s.yaml", SPEC).unwrap()).unwrap()))
}

/// A server that answers each connection with the next of its answers, and gives what it was sent.
struct Server {
    url: String,
    sent: mpsc::UnboundedReceiver<Vec<u8>>,
}

impl Server {
    /// `length` is how many bytes a request has after its head.
    async fn start(answers: Vec<Vec<u8>>, length: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (sender, sent) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            for answer in answers {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = Vec::new();
                loop {
                    let head = request.windows(4).position(|window| window == b"\r\n\r\n");
                    if head.is_some_and(|head| request.len() >= head + 4 + length) {
                        break;
                    }
                    if stream.read_buf(&mut request).await.unwrap() == 0 {
                        break;
                    }
                }
                sender.send(request).unwrap();
                stream.write_all(&answer).await.unwrap();
                // Closed with the answer.
            }
        });
        Self { url, sent }
    }

    async fn sent(&mut self) -> (String, Vec<u8>) {
        let bytes = timeout(LIMIT, self.sent.recv()).await.expect("nothing is forwarded").unwrap();
        let head = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
        (String::from_utf8(bytes[..head + 2].to_vec()).unwrap(), bytes[head + 4..].to_vec())
    }
}

async fn proxy(url: &str, settings: impl FnOnce(ProxyBuilder) -> ProxyBuilder) -> Proxy {
    settings(Proxy::builder(contract(), Upstream::new(url).unwrap())).start().await.unwrap()
}

/// What is answered until the connection ends.
async fn ask(proxy: &Proxy, request: impl AsRef<[u8]>) -> (String, Vec<u8>) {
    let mut stream = TcpStream::connect(proxy.address()).await.unwrap();
    stream.write_all(request.as_ref()).await.unwrap();
    let mut bytes = Vec::new();
    timeout(LIMIT, stream.read_to_end(&mut bytes)).await.expect("the proxy hangs").unwrap();
    let head = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or_else(|| panic!("{bytes:?}"));
    (String::from_utf8(bytes[..head + 2].to_vec()).unwrap(), bytes[head + 4..].to_vec())
}

async fn over(proxy: Proxy) -> Judgement {
    let (judgement, recorded) = proxy.shutdown().await;
    recorded.unwrap();
    judgement
}

/// What was found. That programs send fields and cookies of their own is found as well, and is the matter of other tests.
fn rules(judgement: &Judgement) -> Vec<String> {
    let rules = judgement.report.findings.iter().map(|finding| finding.rule.to_string());
    rules.filter(|rule| !["RT033/header", "RT033/cookie"].contains(&rule.as_str())).collect()
}

fn answer(fields: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nconnection: close\r\n{fields}content-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

const JSON: &str = "content-type: application/json\r\n";
const GOOD: &str = r#"{"kind":  "current"}"#;
const BEARER: &str = "host: proxy\r\nconnection: close\r\nauthorization: Bearer t\r\n";

const NONE: [&str; 0] = [];

#[tokio::test]
async fn a_request_and_its_answer_pass_as_they_are() {
    let mut server = Server::start(vec![answer(&format!("{JSON}x-own: A b,c\r\nx-own: d\r\n"), GOOD)], 0).await;
    let proxy = proxy(&format!("{}/v1/", server.url), |builder| builder).await;
    let target = "/accounts/a'%2e%2e%20b?kind=all&token='%zz";
    let (head, body) =
        ask(&proxy, format!("GET {target} HTTP/1.1\r\n{BEARER}X-Odd: a  b\r\nx-odd: c\r\naccept: */*\r\n\r\n")).await;
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    assert!(head.contains("x-own: A b,c\r\n") && head.contains("x-own: d\r\n"), "{head}");
    assert_eq!(body, GOOD.as_bytes());
    let (head, body) = server.sent().await;
    let mut lines: Vec<_> = head.lines().collect();
    assert_eq!(lines.remove(0), format!("GET /v1{target} HTTP/1.1"));
    lines.sort_unstable();
    let host = format!("host: {}", server.url.strip_prefix("http://").unwrap());
    let mut expected = ["accept: */*", "authorization: Bearer t", &host, "via: 1.1 obkit", "x-odd: a  b", "x-odd: c"];
    expected.sort_unstable();
    assert_eq!((lines, body.len()), (expected.to_vec(), 0));
    let judgement = over(proxy).await;
    // The token is not well encoded, and that is how it was forwarded.
    assert_eq!(rules(&judgement), ["RT050/encoding"]);
    assert_eq!((judgement.exchanges, judgement.judged), (1, 1));
}

#[tokio::test]
async fn chunked_bodies_pass_byte_for_byte_in_both_directions() {
    let bytes: Vec<u8> = (0..200_000_u32).map(|at| (at % 251) as u8).collect();
    let chunked = |bytes: &[u8]| -> Vec<u8> {
        let mut text = Vec::new();
        for chunk in bytes.chunks(7_001) {
            text.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
            text.extend_from_slice(chunk);
            text.extend_from_slice(b"\r\n");
        }
        text.extend_from_slice(b"0\r\n\r\n");
        text
    };
    let octets = "content-type: application/octet-stream\r\ntransfer-encoding: chunked\r\n";
    let mut reply = format!("HTTP/1.1 200 OK\r\nconnection: close\r\n{octets}\r\n").into_bytes();
    reply.extend(chunked(&bytes));
    let mut server = Server::start(vec![reply], bytes.len()).await;
    let proxy = proxy(&server.url, |builder| builder).await;
    let mut request = format!("POST /file HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{octets}\r\n").into_bytes();
    request.extend(chunked(&bytes));
    let (head, body) = ask(&proxy, request).await;
    assert!(head.contains("transfer-encoding: chunked") && !head.contains("content-length"), "{head}");
    assert_eq!(dechunked(&body), bytes);
    let (head, _) = server.sent().await;
    assert!(head.contains("transfer-encoding: chunked") && !head.contains("content-length"), "{head}");
    assert_eq!(rules(&over(proxy).await), NONE);
}

fn dechunked(mut body: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    loop {
        let end = body.windows(2).position(|window| window == b"\r\n").unwrap();
        let length = usize::from_str_radix(std::str::from_utf8(&body[..end]).unwrap(), 16).unwrap();
        if length == 0 {
            return whole;
        }
        whole.extend_from_slice(&body[end + 2..end + 2 + length]);
        body = &body[end + 4 + length..];
    }
}

#[tokio::test]
async fn a_large_body_passes_while_it_comes_and_is_not_held() {
    const PIECE: usize = 1024 * 1024;
    const PIECES: usize = 24;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (go, mut gone) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            stream.read_buf(&mut head).await.unwrap();
        }
        let length = PIECE * PIECES;
        let head =
            format!("HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ncontent-length: {length}\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        for piece in 0..PIECES {
            stream.write_all(&vec![u8::try_from(piece).unwrap(); PIECE]).await.unwrap();
            // No piece is sent before the one before it was received at the other end.
            if gone.recv().await.is_none() {
                return;
            }
        }
    });
    let proxy = proxy(&url, |builder| builder).await;
    let mut stream = TcpStream::connect(proxy.address()).await.unwrap();
    stream.write_all(b"POST /file HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n").await.unwrap();
    let mut bytes = Vec::new();
    let mut head = None;
    for piece in 0..PIECES {
        loop {
            head = head.or_else(|| bytes.windows(4).position(|window| window == b"\r\n\r\n").map(|at| at + 4));
            if head.is_some_and(|head| bytes.len() >= head + (piece + 1) * PIECE) {
                break;
            }
            assert!(timeout(LIMIT, stream.read_buf(&mut bytes)).await.expect("it is held back").unwrap() > 0);
        }
        go.send(()).unwrap();
    }
    let body = &bytes[head.unwrap()..];
    assert!(body.chunks(PIECE).enumerate().all(|(at, piece)| piece.iter().all(|byte| usize::from(*byte) == at)));
    drop(stream);
    let judgement = over(proxy).await;
    // It is longer than what is copied, and so nobody judged it.
    assert_eq!(rules(&judgement), ["GI012/cut"]);
}

#[tokio::test]
async fn answers_without_a_body_have_none() {
    let head_only =
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 20\r\nconnection: close\r\n\r\n"
            .to_vec();
    let none = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n".to_vec();
    let mut server = Server::start(vec![head_only, none], 0).await;
    let proxy = proxy(&server.url, |builder| builder).await;
    let (head, body) = ask(&proxy, format!("HEAD /accounts/a HTTP/1.1\r\n{BEARER}\r\n")).await;
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n") && head.contains("content-length: 20\r\n"), "{head}");
    assert_eq!(body, b"");
    assert!(server.sent().await.0.starts_with("HEAD /accounts/a HTTP/1.1\r\n"));
    let (head, body) = ask(&proxy, format!("GET /accounts/a HTTP/1.1\r\n{BEARER}\r\n")).await;
    assert!(head.starts_with("HTTP/1.1 204 No Content\r\n") && !head.contains("content-length"), "{head}");
    assert_eq!(body, b"");
    let judgement = over(proxy).await;
    assert_eq!((rules(&judgement), judgement.judged, judgement.unjudged), (vec![], 2, 0));
}

#[tokio::test]
async fn what_belongs_to_a_connection_is_not_forwarded() {
    let fields = "connection: close, X-Hop\r\nkeep-alive: timeout=5\r\nx-hop: 1\r\nproxy-authenticate: Basic\r\nupgrade: h2c\r\nx-kept: 1\r\n";
    let mut server = Server::start(vec![answer(&format!("{JSON}{fields}"), GOOD)], 0).await;
    let proxy = proxy(&server.url, |builder| builder.uncompressed(true)).await;
    let fields = "connection: x-mine, close\r\nx-mine: 1\r\nte: trailers\r\nproxy-authorization: Basic YTpi\r\nproxy-connection: close\r\n\
                  keep-alive: 1\r\nupgrade: websocket\r\naccept-encoding: gzip\r\nx-kept: 1\r\n";
    let (head, _) =
        ask(&proxy, format!("GET /accounts/a HTTP/1.1\r\nhost: x\r\nauthorization: Bearer t\r\n{fields}\r\n")).await;
    let names = |head: &str| {
        head.lines().skip(1).filter_map(|line| Some(line.split_once(':')?.0.to_owned())).collect::<Vec<_>>()
    };
    let mut answered = names(&head);
    answered.sort_unstable();
    // `date` and `connection` are the proxy's own.
    answered.retain(|name| name != "date" && name != "connection");
    assert_eq!(answered, ["content-length", "content-type", "x-kept"], "{head}");
    let (head, _) = server.sent().await;
    let mut sent = names(&head);
    sent.sort_unstable();
    assert_eq!(sent, ["accept-encoding", "authorization", "host", "via", "x-kept"], "{head}");
    assert!(head.contains("accept-encoding: identity\r\n"), "{head}");
    drop(proxy);
}

#[tokio::test]
async fn an_upstream_that_fails_is_a_502_that_says_why() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nowhere = format!("http://{}", taken.local_addr().unwrap());
    drop(taken);
    let server = Server::start(vec![Vec::new(), b"nonsense\r\n\r\n".to_vec()], 0).await;
    for (url, about) in [(&nowhere, "cannot be reached"), (&server.url, "broke off"), (&server.url, "broke off")] {
        let proxy = proxy(url, |builder| builder).await;
        let (head, body) = ask(&proxy, format!("GET /accounts/a HTTP/1.1\r\n{BEARER}\r\n")).await;
        assert!(head.starts_with("HTTP/1.1 502 ") && head.contains("application/problem+json"), "{head}");
        let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert!(problem["detail"].as_str().unwrap().contains(about), "{problem}");
        let judgement = over(proxy).await;
        assert_eq!((rules(&judgement), judgement.judged), (vec!["GI012/answer".to_owned()], 1));
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_breaks_off_here_too() {
    let broken = format!("HTTP/1.1 200 OK\r\n{JSON}content-length: 1000\r\n\r\n{GOOD}").into_bytes();
    let server = Server::start(vec![broken], 0).await;
    let proxy = proxy(&server.url, |builder| builder).await;
    let mut stream = TcpStream::connect(proxy.address()).await.unwrap();
    stream.write_all(format!("GET /accounts/a HTTP/1.1\r\n{BEARER}\r\n").as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    let _ = timeout(LIMIT, stream.read_to_end(&mut bytes)).await.expect("the proxy hangs");
    assert!(bytes.ends_with(GOOD.as_bytes()), "{bytes:?}");
    assert_eq!(rules(&over(proxy).await), ["GI012/cut"]);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_does_not_begin_is_a_504() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy =
        proxy(&format!("http://{}", listener.local_addr().unwrap()), |builder| builder.timeout(Duration::from_secs(1)))
            .await;
    let mut stream = TcpStream::connect(proxy.address()).await.unwrap();
    stream.write_all(format!("GET /accounts/a HTTP/1.1\r\n{BEARER}\r\n").as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    assert!(bytes.starts_with(b"HTTP/1.1 504 "), "{}", String::from_utf8_lossy(&bytes));
}

#[tokio::test]
async fn breaches_pass_and_are_found_and_told() {
    let passed: Arc<Mutex<Vec<Passed>>> = Arc::default();
    let told = Arc::clone(&passed);
    let mut server = Server::start(vec![answer(JSON, r#"{"kind": "SECRET"}"#)], 19).await;
    let proxy = proxy(&server.url, |builder| builder.observe(move |one| told.lock().unwrap().push(one.clone()))).await;
    let body = r#"{"kind": "SECRET"} "#;
    let request = format!("PUT /accounts/a HTTP/1.1\r\n{BEARER}{JSON}content-length: 19\r\n\r\n{body}");
    assert_eq!(ask(&proxy, request).await.1, br#"{"kind": "SECRET"}"#);
    assert_eq!(server.sent().await.1, body.as_bytes());
    let judgement = over(proxy).await;
    assert_eq!(rules(&judgement), ["RT030/enum", "RT030/enum"]);
    assert!(judgement.report.findings.iter().all(|finding| finding.message.starts_with("exchange 1: ")));
    let passed = passed.lock().unwrap();
    let one = &passed[0];
    assert_eq!(
        (one.method.as_str(), one.path.as_deref(), one.status, one.forwarded),
        ("PUT", Some("/accounts/{id}"), Some(200), true)
    );
    assert_eq!((one.request[0].keyword.as_str(), one.response[0].pointer.as_str()), ("enum", "/kind"));
    assert!(!format!("{passed:?}{:?}", judgement.report).contains("SECRET"));
}

#[tokio::test]
async fn the_profile_says_what_is_found() {
    const NEW: &str = r#"{"kind": "new"}"#;
    const MORE: &str = r#"{"kind": "current", "more": 1}"#;
    for (profile, body, found) in [
        (Profile::Strict, NEW, vec!["RT030/enum"]),
        (Profile::Lenient, NEW, vec![]),
        (Profile::Strict, MORE, vec![]),
        (Profile::Closed, MORE, vec!["RT033/property"]),
    ] {
        let server = Server::start(vec![answer(JSON, body)], 0).await;
        let proxy = proxy(&server.url, |builder| builder.profile(profile)).await;
        ask(&proxy, format!("GET /accounts/a HTTP/1.1\r\n{BEARER}\r\n")).await;
        let findings = over(proxy).await.report.findings;
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
        let errors: Vec<_> = errors.map(|finding| finding.rule.to_string()).collect();
        assert_eq!(errors, found, "{profile:?} of {body}");
    }
}

#[tokio::test]
async fn a_proxy_that_enforces_answers_breaches_itself() {
    let mut server = Server::start(vec![answer(JSON, GOOD)], GOOD.len()).await;
    let proxy = proxy(&server.url, |builder| builder.enforce(true)).await;
    for (request, status) in [
        (format!("PUT /accounts/a HTTP/1.1\r\n{BEARER}{JSON}content-length: 2\r\n\r\n{{}}"), 400),
        ("GET /accounts/a HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".to_owned(), 401),
        (format!("GET /nowhere HTTP/1.1\r\n{BEARER}\r\n"), 404),
        (format!("DELETE /accounts/a HTTP/1.1\r\n{BEARER}\r\n"), 405),
    ] {
        let (head, body) = ask(&proxy, request).await;
        assert!(
            head.starts_with(&format!("HTTP/1.1 {status} ")) && head.contains("application/problem+json"),
            "{head}"
        );
        let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert!(!problem["violations"].as_array().unwrap().is_empty(), "{problem}");
    }
    let request = format!("PUT /accounts/a HTTP/1.1\r\n{BEARER}{JSON}content-length: {}\r\n\r\n{GOOD}", GOOD.len());
    assert_eq!(ask(&proxy, request).await.1, GOOD.as_bytes());
    // Of all of them, this one alone arrived.
    let (head, body) = server.sent().await;
    assert!(head.starts_with("PUT /accounts/a "), "{head}");
    assert_eq!(body, GOOD.as_bytes());
    let judgement = over(proxy).await;
    assert_eq!((judgement.exchanges, judgement.judged), (5, 5));
    let exercised = |dimension| judgement.report.coverage.of(dimension).to_string();
    assert_eq!((exercised(Dimension::Operations), exercised(Dimension::MediaTypes)), ("1/3".into(), "2/5".into()));
    let mut found = rules(&judgement);
    found.sort();
    assert_eq!(found, ["RT001", "RT002", "RT030/required", "RT060"]);
}

#[tokio::test]
async fn what_is_for_somebody_else_is_not_forwarded() {
    let mut server = Server::start(vec![answer(JSON, GOOD)], 0).await;
    let proxy = proxy(&server.url, |builder| builder).await;
    for (request, status) in [
        (format!("GET http://other.example/accounts/a HTTP/1.1\r\n{BEARER}\r\n"), 421),
        (format!("CONNECT other.example:443 HTTP/1.1\r\n{BEARER}\r\n"), 501),
        (format!("OPTIONS * HTTP/1.1\r\n{BEARER}\r\n"), 501),
    ] {
        assert!(ask(&proxy, request).await.0.starts_with(&format!("HTTP/1.1 {status} ")));
    }
    assert!(server.sent.try_recv().is_err());
}

#[tokio::test]
async fn paths_outside_of_the_base_are_forwarded_and_foreign() {
    let mut server = Server::start(vec![answer(JSON, GOOD), answer(JSON, "{}")], 0).await;
    let proxy = proxy(&server.url, ProxyBuilder::base_path_of_servers).await;
    assert_eq!(ask(&proxy, format!("GET /v1/accounts/a HTTP/1.1\r\n{BEARER}\r\n")).await.1, GOOD.as_bytes());
    assert_eq!(ask(&proxy, format!("GET /health HTTP/1.1\r\n{BEARER}\r\n")).await.1, b"{}");
    assert!(server.sent().await.0.starts_with("GET /v1/accounts/a "));
    assert!(server.sent().await.0.starts_with("GET /health "));
    let judgement = over(proxy).await;
    assert_eq!((rules(&judgement), judgement.judged), (vec!["RT003".to_owned()], 1));
}

/// Whatever may be a secret, wherever it may stand.
const SECRETS: &str = "host: x\r\nconnection: close\r\nauthorization: Bearer SECRET-1\r\ncookie: s=SECRET-2; SECRET-3=1\r\nx-trace: SECRET-4\r\n\
                       x-api-key: SECRET-5\r\nuser-agent: SECRET-6\r\n";

#[tokio::test]
async fn a_recording_holds_no_secret_and_is_judged_as_the_traffic_was() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("traffic.har");
    let body = r#"{"kind": "current", "iban": "SECRET-A", "note": "shown", "access_token": "SECRET-X", "pin": "SECRET-Y", "SECRET-B": "SECRET-C", "more": {"SECRET-D": ["SECRET-E"]}}"#;
    let wrong = r#"{"iban": "SECRET-F", "note": 7}"#;
    let fields = "set-cookie: SECRET-G=SECRET-H\r\nx-next: SECRET-I\r\nlocation: /SECRET-J\r\n";
    let text = b"HTTP/1.1 200 SECRET-K\r\ncontent-type: text/plain; x=SECRET-L\r\ncontent-length: 8\r\nconnection: close\r\n\r\nSECRET-M".to_vec();
    let answers = vec![answer(&format!("{JSON}{fields}"), body), answer(JSON, wrong), text.clone(), text];
    let server = Server::start(answers, 0).await;
    let recording = Recording::create(&file).unwrap();
    let proxy = proxy(&server.url, |builder| builder.record(recording)).await;
    let put = format!("PUT /accounts/SECRET-N HTTP/1.1\r\n{SECRETS}{JSON}content-length: {}\r\n\r\n{body}", body.len());
    for request in [
        format!("GET /accounts/SECRET-O?kind=all&token=SECRET-P&SECRET-Q=SECRET-R&SECRET-S HTTP/1.1\r\n{SECRETS}\r\n"),
        put,
        format!("GET /SECRET-T?SECRET-U HTTP/1.1\r\n{SECRETS}\r\n"),
        format!("SECRETV /accounts/SECRET-W HTTP/1.1\r\n{SECRETS}\r\n"),
    ] {
        assert!(ask(&proxy, request).await.0.starts_with("HTTP/1.1 200 "));
    }
    let live = over(proxy).await;

    let recorded = std::fs::read_to_string(&file).unwrap();
    assert!(!recorded.contains("SECRET"), "{recorded}");
    let har: serde_json::Value = serde_json::from_str(&recorded).unwrap();
    let entries = har["log"]["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 4);
    assert_eq!(
        entries[0]["request"]["url"],
        format!(
            "{}/accounts/%5Bredacted%5D?kind=all&token=%5Bredacted%5D&%5Bredacted%5D=%5Bredacted%5D&%5Bredacted%5D=%5Bredacted%5D",
            server.url
        )
    );
    let content: serde_json::Value =
        serde_json::from_str(entries[0]["response"]["content"]["text"].as_str().unwrap()).unwrap();
    assert_eq!(
        (&content["kind"], &content["note"], &content["iban"]),
        (&"current".into(), &"shown".into(), &"[redacted]".into())
    );

    let contract = contract();
    let base_urls = BaseUrls::of_urls(&[&server.url]).unwrap();
    let options = Options { base_urls, redacted: true, ..Options::of(&contract) };
    let again = validate_har(&contract, &options, recorded.as_bytes());
    assert_eq!((again.broken.as_ref(), again.bad_entries, again.judged), (None, 0, 4));
    // What was judged by a value that is gone is no longer found; the rest is.
    let live_rules = rules(&live);
    assert!(
        live_rules.contains(&"RT040/format".to_owned()) && live_rules.contains(&"RT050/format".to_owned()),
        "{live_rules:?}"
    );
    let mut again = rules(&again);
    again.sort();
    assert_eq!(again, ["RT001", "RT002", "RT030/required"]);
}

#[tokio::test]
async fn a_credential_that_the_answer_shows_is_not_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("traffic.har");
    let note = |note: &str| answer(JSON, &format!(r#"{{"kind": "current", "note": "{note}"}}"#));
    let answers =
        vec![note("SECRET/1"), note("the token SECRET/1 has expired, log in at /?t=SECRET%2F1"), note("no SECRET")];
    let server = Server::start(answers, 0).await;
    let recording = Recording::create(&file).unwrap();
    let proxy = proxy(&server.url, |builder| builder.record(recording)).await;
    for _ in 0..3 {
        let request =
            "GET /accounts/a HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer SECRET/1\r\n\r\n";
        assert!(ask(&proxy, request).await.0.starts_with("HTTP/1.1 200 "));
    }
    assert_eq!(rules(&over(proxy).await), ["RT091"]);
    let recorded = std::fs::read_to_string(&file).unwrap();
    assert!(!recorded.contains("SECRET/1") && !recorded.contains("SECRET%2F1"), "{recorded}");
    assert!(recorded.contains("no SECRET"), "the word alone is no secret: {recorded}");
}

#[tokio::test]
async fn a_recording_is_whole_after_every_entry() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("traffic.har");
    let recording = Recording::create(&file).unwrap();
    let entries = || {
        let text = std::fs::read_to_string(&file).unwrap();
        serde_json::from_str::<serde_json::Value>(&text).unwrap()["log"]["entries"].as_array().unwrap().len()
    };
    assert_eq!(entries(), 0);
    let server = Server::start(vec![answer(JSON, GOOD); 3], 0).await;
    let (told, mut passed) = mpsc::unbounded_channel();
    let observe = move |_: &Passed| told.send(()).unwrap();
    let proxy = proxy(&server.url, |builder| builder.record(recording).observe(observe)).await;
    for number in 1..=3 {
        ask(&proxy, format!("GET /accounts/a HTTP/1.1\r\n{BEARER}\r\n")).await;
        timeout(LIMIT, passed.recv()).await.unwrap();
        // Nobody has closed it: this is what a process leaves that is killed.
        assert_eq!(entries(), number);
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[tokio::test]
async fn compressed_answers_pass_as_they_are_and_are_judged_as_what_they_stand_for() {
    for (body, expected) in [(GOOD, &NONE[..]), ("{}", &["RT030/required"])] {
        let body = gzip(body);
        let mut sent = answer(&format!("{JSON}content-encoding: gzip\r\n"), "");
        sent.truncate(sent.len() - "content-length: 0\r\n\r\n".len());
        sent.extend_from_slice(format!("content-length: {}\r\n\r\n", body.len()).as_bytes());
        sent.extend_from_slice(&body);
        let server = Server::start(vec![sent], 0).await;
        let proxy = proxy(&server.url, |builder| builder).await;
        assert_eq!(ask(&proxy, format!("GET /accounts/a HTTP/1.1\r\n{BEARER}\r\n")).await.1, body);
        let judgement = over(proxy).await;
        assert_eq!((rules(&judgement), judgement.unjudged), (expected.iter().map(ToString::to_string).collect(), 0));
    }
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn answers_in_other_codings_are_not_judged_and_that_is_said() {
    let server = Server::start(vec![answer(&format!("{JSON}content-encoding: br\r\n"), "{}")], 0).await;
    let proxy = proxy(&server.url, |builder| builder).await;
    assert_eq!(ask(&proxy, format!("GET /accounts/a HTTP/1.1\r\n{BEARER}\r\n")).await.1, b"{}");
    let judgement = over(proxy).await;
    assert_eq!((rules(&judgement), judgement.unjudged), (vec!["GI012/coded".to_owned()], 1));
}
