//! Calls by method and path, on the wire.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../runtime/tests/server/mod.rs"]
mod server;

use std::fmt::Write as _;
use std::time::Duration;

use obkit::provider::candescent::User;
use obkit::provider::{Provider, candescent, fena, finqlink, wych, yapily};
use obkit::runtime::reqwest::Method;
use obkit::runtime::{RawCalls as _, RetryPolicy, Sensitive};
use server::{Answer, Server, answer};

const SECRET: &str = "secret-9d2e";

fn at_once() -> RetryPolicy {
    RetryPolicy::default().max_attempts(3).base_delay(Duration::ZERO)
}

fn yapily_at(server: &Server) -> Box<dyn Provider> {
    obkit::connect(&yapily::Config::new("key", SECRET).base_url(server.base_url()).retry(at_once()).into()).unwrap()
}

fn not_found() -> Answer {
    answer("404 Not Found", &["content-type: application/json"], r#"{"found":false}"#)
}

#[tokio::test]
async fn every_connection_makes_raw_calls_with_its_credentials() {
    let server = Server::start(vec![not_found()]).await;
    let url = server.base_url();
    let bearer = format!("authorization: Bearer {SECRET}\r\n");
    let connections = [
        (yapily::Config::new("key", SECRET).base_url(&url).into(), "authorization: Basic a2V5OnNlY3JldC05ZDJl\r\n"),
        (fena::Config::new(&url, "key", SECRET).into(), "client_secret: secret-9d2e\r\n"),
        (finqlink::Config::new("id", SECRET).base_url(&url).into(), bearer.as_str()),
        (candescent::Config::new(SECRET, User::OfToken).base_url(&url).into(), bearer.as_str()),
        (wych::Config::new("acme", "budget", "key-1", SECRET).base_url(&url).into(), bearer.as_str()),
    ];
    for (config, credentials) in connections {
        let provider = obkit::connect(&config).unwrap();
        let call = provider.raw(Method::PUT, "/new/thing?a=1").unwrap().query("b", "2 & 3").json(&["x"]);
        let answer = call.send().await.unwrap();
        // An answer is an answer, whatever it is.
        assert_eq!((answer.status().as_u16(), answer.call().attempts), (404, 1));
        assert_eq!(answer.bytes().await.unwrap(), r#"{"found":false}"#);
        let request = server.requests().pop().unwrap();
        assert!(request.starts_with("PUT /new/thing?a=1&b=2+%26+3 HTTP/1.1\r\n"), "{request}");
        assert!(request.contains(credentials), "{}: {request}", provider.name());
        assert!(request.contains("content-type: application/json\r\n") && request.ends_with(r#"["x"]"#), "{request}");
    }
}

#[tokio::test]
async fn a_raw_call_is_repeated_when_that_can_do_no_harm() {
    let bad_gateway = || answer("502 Bad Gateway", &[], "");
    let attempts = async |method: Method, key: Option<&str>| {
        let server = Server::start(vec![bad_gateway()]).await;
        let provider = yapily_at(&server);
        let mut call = provider.raw(method, "/payments").unwrap().body("text/plain", "pay");
        if let Some(key) = key {
            call = call.header("idempotency-key", key);
        }
        let answer = call.send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 502);
        assert!(server.requests().iter().all(|request| request.ends_with("\r\n\r\npay")));
        server.requests().len()
    };
    assert_eq!(attempts(Method::GET, None).await, 3);
    assert_eq!(attempts(Method::POST, None).await, 1, "a payment without a key");
    assert_eq!(attempts(Method::POST, Some("k-1")).await, 3);
}

#[tokio::test]
async fn a_raw_call_goes_to_no_other_server() {
    let server = Server::start(vec![not_found()]).await;
    let provider = yapily_at(&server);
    for path in [
        "",
        "accounts",
        ".elsewhere.example/",
        "@elsewhere.example/",
        "//elsewhere.example/",
        "https://elsewhere.example/",
    ] {
        let error = provider.raw(Method::GET, path).unwrap().send().await.unwrap_err();
        assert!(!error.may_have_been_sent(), "{path}");
        assert!(error.to_string().starts_with("raw: invalid request: the path"), "{error}");
    }
    assert!(server.requests().is_empty());
    provider.raw(Method::GET, "/../../a").unwrap().send().await.unwrap();
    assert!(server.requests()[0].starts_with("GET /a HTTP/1.1"), "it is the path that is resolved");
}

#[tokio::test]
async fn a_raw_call_shows_no_secret() {
    let server = Server::start(vec![answer("200 OK", &["x-secret: header-77"], "body-88")]).await;
    let gone = Server::start(vec![]).await.base_url();
    let mut shown = String::new();
    for url in [server.base_url(), gone] {
        let config = yapily::Config::new("key", SECRET).base_url(url).retry(at_once());
        let yapily = yapily::Yapily::connect(&config).unwrap();
        // The typed client has the same way out.
        let call = yapily.api().raw(Method::GET, "/accounts/11397104").header("consent", &Sensitive::from("token-66"));
        let call = call.query("iban", "DE89").body("text/plain", "body-99");
        write!(shown, "{call:?}").unwrap();
        match call.send().await {
            Ok(answer) => write!(shown, "{answer:?} {:?}", answer.call()).unwrap(),
            Err(error) => write!(shown, "{error} {error:?}").unwrap(),
        }
    }
    assert!(server.requests()[0].contains("consent: token-66\r\n"), "the secrets were on the wire");
    let refused = yapily_at(&server);
    let refused = refused.raw(Method::GET, "/").unwrap().header("consent", &Sensitive::from("token-66\r\nx: y"));
    let error = refused.send().await.unwrap_err();
    write!(shown, "{error} {error:?}").unwrap();
    assert!(error.to_string().contains("consent") && !error.may_have_been_sent());
    for secret in [SECRET, "11397104", "token-66", "DE89", "header-77", "body-88", "body-99"] {
        assert!(!shown.contains(secret), "{secret} is shown: {shown}");
    }
}
