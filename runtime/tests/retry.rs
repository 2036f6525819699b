//! Which requests are sent again, and what the caller gets.

#![allow(clippy::unwrap_used)]

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http_body::Frame;
use obkit_runtime::bytes::Bytes;
use obkit_runtime::reqwest::header::{HeaderName, HeaderValue};
use obkit_runtime::reqwest::{Body, Method, Request, Response, StatusCode};
use obkit_runtime::{Auth, Call, CallInfo, Error, Phase, RetryPolicy, Transport};

mod server;

use server::{Answer, Server, answer, last_answer};

const HTML: &str = "<html><body>Bad Gateway</body></html>";

fn bad_gateway() -> Answer {
    answer("502 Bad Gateway", &["content-type: text/html", "x-request-id: req-1"], HTML)
}

fn ok() -> Answer {
    answer("200 OK", &["content-type: application/json"], "{}")
}

fn transport(policy: RetryPolicy) -> Transport {
    Transport::builder("test").auth(Auth::bearer("t0ken")).retry(policy.base_delay(Duration::ZERO)).build().unwrap()
}

fn keyed(mut request: Request, name: &'static str) -> Request {
    request.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static("key-1"));
    *request.body_mut() = Some(r#"{"amount":100.20}"#.into());
    request
}

async fn execute(transport: &Transport, request: Request) -> Result<Response, Error> {
    let origin = request.url().origin().ascii_serialization();
    transport.execute(request, Call::new("getAccounts", &origin)).await
}

async fn status_of(server: &Server, request: Request) -> (StatusCode, usize) {
    let response = execute(&transport(RetryPolicy::default()), request).await.unwrap();
    let call = response.extensions().get::<CallInfo>().unwrap().clone();
    assert_eq!(call.operation_id, "getAccounts");
    assert_eq!(call.attempts as usize, server.requests().len());
    (response.status(), server.requests().len())
}

#[tokio::test]
async fn a_get_is_tried_again_and_its_last_status_kept() {
    let server = Server::start(vec![bad_gateway()]).await;
    let request = server.request(Method::GET, "/accounts");
    let response = execute(&transport(RetryPolicy::default()), request).await.unwrap();
    let error = Error::<()>::from_response(response).await;

    assert_eq!(server.requests().len(), 3);
    assert_eq!((error.status(), error.attempts()), (Some(StatusCode::BAD_GATEWAY), Some(3)));
    assert_eq!((error.phase(), error.is_retryable()), (Phase::Answered, true));
    assert_eq!(error.raw_body(), HTML.as_bytes());
    assert_eq!(error.to_string(), "getAccounts: answered 502 Bad Gateway after 3 attempts (request id req-1)");
    for request in server.requests() {
        assert!(request.contains("authorization: Bearer t0ken"), "{request}");
    }
}

#[tokio::test]
async fn the_first_good_answer_ends_the_call() {
    let server = Server::start(vec![bad_gateway(), ok()]).await;
    assert_eq!(status_of(&server, server.request(Method::GET, "/")).await, (StatusCode::OK, 2));
}

#[tokio::test]
async fn other_statuses_are_final() {
    let server = Server::start(vec![answer("500 Internal Server Error", &[], "")]).await;
    assert_eq!(status_of(&server, server.request(Method::GET, "/")).await, (StatusCode::INTERNAL_SERVER_ERROR, 1));
}

#[tokio::test]
async fn redirects_are_answers() {
    let server = Server::start(vec![answer("302 Found", &["location: http://127.0.0.1:1/"], "")]).await;
    assert_eq!(status_of(&server, server.request(Method::GET, "/")).await, (StatusCode::FOUND, 1));
}

#[tokio::test]
async fn a_payment_without_a_key_is_sent_once() {
    let server = Server::start(vec![bad_gateway()]).await;
    assert_eq!(status_of(&server, server.request(Method::POST, "/payments")).await, (StatusCode::BAD_GATEWAY, 1));

    let silent = Server::start(vec![Answer::Silence]).await;
    let error =
        execute(&transport(RetryPolicy::default()), silent.request(Method::POST, "/payments")).await.unwrap_err();
    assert_eq!((error.phase(), error.may_have_been_sent()), (Phase::MaybeSent, true));
    assert_eq!(silent.requests().len(), 1);
}

#[tokio::test]
async fn a_payment_with_a_key_is_repeated_with_the_same_key_and_body() {
    for name in ["idempotency-key", "x-idempotency-key"] {
        let server = Server::start(vec![bad_gateway(), Answer::Silence, ok()]).await;
        let request = keyed(server.request(Method::POST, "/payments"), name);
        assert_eq!(status_of(&server, request).await, (StatusCode::OK, 3));
        for request in server.requests() {
            assert!(request.contains(&format!("{name}: key-1")), "{request}");
            assert!(request.ends_with(r#"{"amount":100.20}"#), "{request}");
        }
    }
}

#[tokio::test]
async fn the_key_is_that_of_the_provider() {
    let own = HeaderName::from_static("payment-key");
    for (name, attempts) in [("payment-key", 2), ("idempotency-key", 1)] {
        let server = Server::start(vec![bad_gateway()]).await;
        let transport = Transport::builder("test")
            .idempotency_header(Some(own.clone()))
            .retry(RetryPolicy::default().max_attempts(2).base_delay(Duration::ZERO))
            .build()
            .unwrap();
        let request = keyed(server.request(Method::PATCH, "/payments"), name);
        assert_eq!(execute(&transport, request).await.unwrap().status(), StatusCode::BAD_GATEWAY);
        assert_eq!(server.requests().len(), attempts, "{name}");
    }
}

#[tokio::test]
async fn a_stream_is_sent_once() {
    let server = Server::start(vec![bad_gateway()]).await;
    let mut request = server.request(Method::PUT, "/statements");
    *request.body_mut() = Some(Body::wrap(Once(Some(Bytes::from_static(b"once")))));
    assert_eq!(status_of(&server, request).await, (StatusCode::BAD_GATEWAY, 1));
}

/// A body that `reqwest` cannot clone.
struct Once(Option<Bytes>);

impl http_body::Body for Once {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Poll::Ready(self.0.take().map(|bytes| Ok(Frame::data(bytes))))
    }
}

#[tokio::test]
async fn the_servers_wait_is_kept_or_the_call_ends() {
    for (wait, attempts) in [
        ("retry-after: 0", 3),
        ("retry-after: Sun, 06 Nov 1994 08:49:37 GMT", 3),
        ("retry-after: 3600", 1),
        ("retry-after: Fri, 31 Dec 9999 23:59:59 GMT", 1),
    ] {
        let server = Server::start(vec![answer("429 Too Many Requests", &[wait], "")]).await;
        let response = execute(&transport(RetryPolicy::default()), server.request(Method::GET, "/")).await.unwrap();
        let error = Error::<()>::from_response(response).await;
        assert_eq!(server.requests().len(), attempts, "{wait}");
        assert_eq!(error.retry_after().unwrap() > Duration::from_secs(1800), attempts == 1, "{wait}");
    }
}

#[tokio::test]
async fn no_policy_is_one_attempt() {
    let server = Server::start(vec![bad_gateway()]).await;
    let response = execute(&transport(RetryPolicy::none()), server.request(Method::GET, "/")).await.unwrap();
    assert_eq!((response.status(), server.requests().len()), (StatusCode::BAD_GATEWAY, 1));
}

#[tokio::test]
async fn an_unreachable_server_was_never_asked() {
    let server = Server::start(vec![last_answer("204 No Content", &[], "")]).await;
    let transport = transport(RetryPolicy::default());
    assert!(execute(&transport, server.request(Method::GET, "/")).await.is_ok());

    let error = execute(&transport, server.request(Method::GET, "/")).await.unwrap_err();
    assert_eq!((error.phase(), error.may_have_been_sent()), (Phase::BeforeSending, false));
    assert!(error.is_retryable());
    assert_eq!((error.operation(), error.attempts()), (Some("getAccounts"), Some(3)));
    assert_eq!(error.to_string(), "getAccounts: could not connect after 3 attempts");
}

#[tokio::test]
async fn a_later_failure_to_connect_does_not_hide_that_the_request_was_sent() {
    let server = Server::start(vec![last_answer("503 Service Unavailable", &[], "busy")]).await;
    let request = keyed(server.request(Method::POST, "/payments"), "idempotency-key");
    let response = execute(&transport(RetryPolicy::default()), request).await.unwrap();
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(response.extensions().get::<CallInfo>().unwrap().attempts, 3);
    let error = Error::<()>::from_response(response).await;
    assert_eq!(error.raw_body(), b"busy");
}

#[tokio::test]
async fn an_attempt_that_takes_too_long_may_have_been_sent() {
    // Nobody accepts: the kernel completes the connection and no answer ever comes.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let transport = Transport::builder("test")
        .attempt_timeout(Duration::from_millis(50))
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    let error = execute(&transport, Request::new(Method::POST, url.parse().unwrap())).await.unwrap_err();
    assert_eq!((error.phase(), error.to_string()), (Phase::MaybeSent, "getAccounts: timed out".to_owned()));
}

#[tokio::test]
async fn a_call_can_move_between_threads() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    let server = Server::start(vec![bad_gateway()]).await;
    let transport = transport(RetryPolicy::none());
    let response =
        is_send(transport.execute(server.request(Method::GET, "/"), Call::new("getAccounts", &server.base_url())))
            .await
            .unwrap();
    assert_eq!(is_send(Error::<()>::from_response(response)).await.status(), Some(StatusCode::BAD_GATEWAY));
}
