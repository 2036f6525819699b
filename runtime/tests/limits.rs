//! How long a call takes, how often, under which key, and who watches.

#![allow(clippy::unwrap_used)]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use obkit_runtime::reqwest::header::{HeaderName, HeaderValue};
use obkit_runtime::reqwest::{Method, Request, Response, StatusCode};
use obkit_runtime::uuid::Uuid;
use obkit_runtime::{
    Attempt, AttemptAnswer, Auth, Call, CallInfo, Error, Observer, Phase, RateLimit, RetryPolicy, TokenFuture,
    TokenSource, Tokens, Transport, TransportBuilder, reqwest,
};

mod server;

use server::{Answer, Server, answer};

const KEY: HeaderName = HeaderName::from_static("idempotency-key");

fn ok() -> Answer {
    answer("200 OK", &[], "{}")
}

fn bad_gateway() -> Answer {
    answer("502 Bad Gateway", &[], "")
}

fn builder() -> TransportBuilder {
    Transport::builder("test").retry(RetryPolicy::default().base_delay(Duration::ZERO))
}

async fn send(builder: &TransportBuilder, server: &Server, request: Request) -> Result<Response, Error> {
    builder.clone().build().unwrap().execute(request, Call::new("pay", &server.base_url())).await
}

/// The values of the idempotency header, one for each request.
fn keys(server: &Server) -> Vec<Option<String>> {
    let key =
        |request: String| request.lines().find_map(|line| line.strip_prefix("idempotency-key: ").map(str::to_owned));
    server.requests().into_iter().map(key).collect()
}

#[tokio::test]
async fn a_payment_is_given_one_key_for_all_attempts() {
    for method in [Method::POST, Method::PATCH] {
        let server = Server::start(vec![bad_gateway(), Answer::Silence, ok()]).await;
        let transport = builder().mint_idempotency_keys(KEY);
        let response = send(&transport, &server, server.request(method.clone(), "/payments")).await.unwrap();
        let info = response.extensions().get::<CallInfo>().unwrap();
        assert_eq!((response.status(), info.attempts), (StatusCode::OK, 3));
        assert_eq!(info.idempotency_key.as_ref().unwrap().parse::<Uuid>().unwrap().get_version_num(), 4);
        assert_eq!(keys(&server), vec![info.idempotency_key.clone(); 3]);

        send(&transport, &server, server.request(method, "/payments")).await.unwrap();
        assert_ne!(keys(&server)[3], keys(&server)[0], "each call has a key of its own");
    }
}

#[tokio::test]
async fn the_key_is_in_the_error() {
    let refused = Server::start(vec![answer("400 Bad Request", &[], "{}")]).await;
    let transport = builder().mint_idempotency_keys(KEY);
    let response = send(&transport, &refused, refused.request(Method::POST, "/")).await.unwrap();
    let error = Error::<()>::from_response(response).await;
    assert_eq!(keys(&refused), [error.idempotency_key().map(str::to_owned)]);
    assert!(error.idempotency_key().is_some());

    let silent = Server::start(vec![Answer::Silence]).await;
    let error = send(&transport, &silent, silent.request(Method::POST, "/")).await.unwrap_err();
    assert_eq!(keys(&silent), vec![error.idempotency_key().map(str::to_owned); 3]);
    assert_eq!(error.without_body::<u8>().idempotency_key().map(str::to_owned), keys(&silent)[0]);
}

#[tokio::test]
async fn a_key_of_the_caller_stays_and_no_other_method_is_given_one() {
    let server = Server::start(vec![ok()]).await;
    let transport = builder().mint_idempotency_keys(KEY);
    let mut request = server.request(Method::POST, "/");
    request.headers_mut().insert(KEY, HeaderValue::from_static("mine"));
    let response = send(&transport, &server, request).await.unwrap();
    assert_eq!(response.extensions().get::<CallInfo>().unwrap().idempotency_key.as_deref(), Some("mine"));
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        send(&transport, &server, server.request(method, "/")).await.unwrap();
    }
    send(&builder(), &server, server.request(Method::POST, "/")).await.unwrap();
    assert_eq!(keys(&server), [Some("mine".to_owned()), None, None, None, None]);
}

/// Gives no token, ever.
struct Never;

impl TokenSource for Never {
    fn fetch<'s>(&'s self, _: &'s reqwest::Client) -> TokenFuture<'s> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn a_call_ends_in_time_whatever_it_waits_for() {
    let short = builder().call_timeout(Duration::from_millis(50));
    // Nobody accepts: the kernel completes the connection and no answer ever comes.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let transport = short.clone().build().unwrap();
    let request = Request::new(Method::GET, base.parse().unwrap());
    let error = transport.execute(request, Call::new("pay", &base)).await.unwrap_err();
    assert_eq!((error.phase(), error.to_string()), (Phase::MaybeSent, "pay: timed out".to_owned()));

    let server = Server::start(vec![ok()]).await;
    let waiting = short.clone().auth(Auth::tokens(Tokens::new(Never)));
    let error = send(&waiting, &server, server.request(Method::GET, "/")).await.unwrap_err();
    assert_eq!(error.to_string(), "pay: not sent: no token: no token arrived in time");

    let none = builder().call_timeout(Duration::ZERO);
    let error = send(&none, &server, server.request(Method::GET, "/")).await.unwrap_err();
    assert_eq!(error.to_string(), "pay: not sent: the call has no time left");
    assert!(error.is_retryable() && !error.may_have_been_sent());
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_pause_beyond_the_end_of_the_call_is_not_taken() {
    let server = Server::start(vec![answer("503 Service Unavailable", &["retry-after: 20"], "")]).await;
    let transport = builder().call_timeout(Duration::from_secs(10));
    let response = send(&transport, &server, server.request(Method::GET, "/")).await.unwrap();
    assert_eq!((response.status(), server.requests().len()), (StatusCode::SERVICE_UNAVAILABLE, 1));
}

#[tokio::test]
async fn attempts_wait_for_the_rate_limit() {
    let server = Server::start(vec![bad_gateway(), ok()]).await;
    let pace = Duration::from_millis(30);
    let transport = builder().rate_limit(RateLimit::new(1, pace));
    let began = std::time::Instant::now();
    send(&transport, &server, server.request(Method::GET, "/")).await.unwrap();
    assert!(began.elapsed() >= pace, "the second attempt waits, too");
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_call_whose_turn_comes_too_late_is_not_sent() {
    let server = Server::start(vec![ok()]).await;
    let limit = RateLimit::new(1, Duration::from_secs(3600));
    for transport in [
        builder().rate_limit(limit.clone()).call_timeout(Duration::from_secs(60)),
        builder().rate_limit(RateLimit::new(1, Duration::from_secs(3600))),
    ] {
        send(&transport, &server, server.request(Method::GET, "/")).await.unwrap();
        let error = send(&transport, &server, server.request(Method::GET, "/")).await.unwrap_err();
        assert_eq!(error.to_string(), "pay: not sent: the rate limit has no room in time");
        assert!(error.is_retryable() && !error.may_have_been_sent());
    }
    assert_eq!(server.requests().len(), 2);
}

#[derive(Default)]
struct Log(Mutex<Vec<String>>);

impl Observer for Log {
    fn on_attempt(&self, attempt: &Attempt<'_>) {
        let Attempt { provider, operation_id, method, number, .. } = attempt;
        self.0.lock().unwrap().push(format!("{provider} {operation_id} {method} {number}"));
    }

    fn on_answer(&self, attempt: &Attempt<'_>, answer: &AttemptAnswer) {
        let status = answer.status.map_or(0, |status| status.as_u16());
        self.0.lock().unwrap().push(format!("{} {:?} {status}", attempt.number, answer.phase));
    }
}

#[tokio::test]
async fn an_observer_is_told_of_every_attempt() {
    let server = Server::start(vec![bad_gateway(), Answer::Silence, ok()]).await;
    let log = Arc::new(Log::default());
    let transport = builder().observer(log.clone());
    send(&transport, &server, server.request(Method::GET, "/")).await.unwrap();
    let expected =
        ["test pay GET 1", "1 Answered 502", "test pay GET 2", "2 MaybeSent 0", "test pay GET 3", "3 Answered 200"];
    assert_eq!(*log.0.lock().unwrap(), expected);
}

#[tokio::test]
async fn a_key_in_the_body_makes_that_operation_repeatable() {
    let paying = |body: &'static str, server: &Server| {
        let mut request = server.request(Method::POST, "/payments");
        *request.body_mut() = Some(body.into());
        request
    };
    let transport = builder().idempotency_member("pay", "/payment/key");
    let keyed = Server::start(vec![bad_gateway(), bad_gateway(), ok()]).await;
    let response = send(&transport, &keyed, paying(r#"{"payment":{"key":"k1"}}"#, &keyed)).await.unwrap();
    let info = response.extensions().get::<CallInfo>().unwrap();
    assert_eq!((info.attempts, info.idempotency_key.as_deref()), (3, Some("k1")));

    let silent = Server::start(vec![Answer::Silence]).await;
    let error = send(&transport, &silent, paying(r#"{"payment":{"key":"k1"}}"#, &silent)).await.unwrap_err();
    assert_eq!((silent.requests().len(), error.idempotency_key()), (3, Some("k1")));

    for body in [r#"{"payment":{}}"#, r#"{"payment":{"key":""}}"#, r#"{"payment":{"key":1}}"#, r#"{"key":"k1"}"#, "k1"]
    {
        let server = Server::start(vec![bad_gateway()]).await;
        let response = send(&transport, &server, paying(body, &server)).await.unwrap();
        assert_eq!((server.requests().len(), response.status().as_u16()), (1, 502), "{body}");
    }
    let other = Server::start(vec![bad_gateway()]).await;
    let elsewhere = builder().idempotency_member("refund", "/payment/key");
    send(&elsewhere, &other, paying(r#"{"payment":{"key":"k1"}}"#, &other)).await.unwrap();
    assert_eq!(other.requests().len(), 1, "the setting is of one operation");
}
