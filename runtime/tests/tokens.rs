//! Tokens are fetched once, kept, replaced in time, and replaced when they are refused.

#![allow(clippy::unwrap_used)]

use std::collections::VecDeque;
use std::error::Error as _;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, SystemTime};

use obkit_runtime::reqwest::header::HeaderName;
use obkit_runtime::reqwest::{self, Method, Request, Response, StatusCode};
use obkit_runtime::secrecy::ExposeSecret;
use obkit_runtime::{
    Auth, AuthError, Call, CallInfo, Error, Phase, RetryPolicy, Token, TokenError, TokenFuture, TokenSource, Tokens,
    Transport,
};
use tokio::sync::Semaphore;

mod server;

use server::{Answer, Server, answer};

/// Gives `token-1`, `token-2` and so on, each good for 1000 seconds, or the planned failures before.
#[derive(Clone)]
struct Source(Arc<Plan>);

struct Plan {
    failures: Mutex<VecDeque<Option<TokenError>>>,
    fetches: Mutex<u32>,
    lifetime: Option<Duration>,
    /// Each fetch takes one before it ends.
    permits: Semaphore,
    /// Each fetch adds one when it begins.
    begun: Semaphore,
}

impl Source {
    fn new(lifetime: Option<u64>) -> Self {
        Self(Arc::new(Plan {
            failures: Mutex::default(),
            fetches: Mutex::default(),
            lifetime: lifetime.map(Duration::from_secs),
            permits: Semaphore::new(1000),
            begun: Semaphore::new(0),
        }))
    }

    /// A source whose fetches end when they are let.
    fn held(lifetime: u64) -> Self {
        let source = Self::new(Some(lifetime));
        source.0.permits.forget_permits(1000);
        source
    }

    /// What becomes of the next fetches.
    fn plan(&self, failures: impl IntoIterator<Item = Option<TokenError>>) {
        self.0.failures.lock().unwrap().extend(failures);
    }

    fn fetches(&self) -> u32 {
        *self.0.fetches.lock().unwrap()
    }

    async fn begun(&self) {
        self.0.begun.acquire().await.unwrap().forget();
    }
}

impl TokenSource for Source {
    fn fetch<'s>(&'s self, _: &'s reqwest::Client) -> TokenFuture<'s> {
        Box::pin(async move {
            let number = {
                let mut fetches = self.0.fetches.lock().unwrap();
                *fetches += 1;
                *fetches
            };
            self.0.begun.add_permits(1);
            self.0.permits.acquire().await.unwrap().forget();
            if let Some(Some(failure)) = self.0.failures.lock().unwrap().pop_front() {
                return Err(failure);
            }
            let token = Token::new(format!("token-{number}"));
            Ok(self.0.lifetime.map_or(token.clone(), |lifetime| token.expires_in(lifetime)))
        })
    }
}

/// A clock that stands still.
#[derive(Clone)]
struct Clock(Arc<Mutex<SystemTime>>);

impl Clock {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000))))
    }

    fn pass(&self, seconds: u64) {
        *self.0.lock().unwrap() += Duration::from_secs(seconds);
    }
}

impl obkit_runtime::Clock for Clock {
    fn now(&self) -> SystemTime {
        *self.0.lock().unwrap()
    }
}

fn tokens(source: &Source) -> (Tokens, Clock) {
    let clock = Clock::new();
    (Tokens::with_clock(source.clone(), clock.clone()), clock)
}

/// The sources here have no use for an HTTP client.
static UNUSED: LazyLock<Transport> = LazyLock::new(|| transport(Auth::none()));

async fn token(tokens: &Tokens) -> Result<String, String> {
    let token = tokens.token(UNUSED.http()).await;
    token.map(|token| token.expose_secret().to_owned()).map_err(|error| error.to_string())
}

/// Calls of one token that wait for it, each in a task of its own.
async fn waiting(tokens: &Tokens, count: usize) -> Vec<tokio::task::JoinHandle<Result<String, String>>> {
    let calls = (0..count).map(|_| {
        let tokens = tokens.clone();
        tokio::spawn(async move { token(&tokens).await })
    });
    let calls = calls.collect();
    // On the one thread of a test every task runs until it waits.
    tokio::task::yield_now().await;
    calls
}

async fn results(calls: Vec<tokio::task::JoinHandle<Result<String, String>>>) -> Vec<Result<String, String>> {
    let mut results = Vec::new();
    for call in calls {
        results.push(call.await.unwrap());
    }
    results
}

#[tokio::test]
async fn a_token_is_kept_until_a_minute_before_its_end() {
    let source = Source::new(Some(1000));
    let (tokens, clock) = tokens(&source);
    for (seconds, expected) in
        [(0, "token-1"), (939, "token-1"), (1, "token-2"), (939, "token-2"), (100_000, "token-3")]
    {
        clock.pass(seconds);
        assert_eq!(token(&tokens).await.unwrap(), expected);
    }
}

#[tokio::test]
async fn a_short_token_is_kept_for_half_of_its_life_and_an_endless_one_for_ever() {
    let source = Source::new(Some(30));
    let (short, clock) = tokens(&source);
    for (seconds, expected) in [(0, "token-1"), (14, "token-1"), (1, "token-2")] {
        clock.pass(seconds);
        assert_eq!(token(&short).await.unwrap(), expected);
    }
    for lifetime in [None, Some(u64::MAX)] {
        let source = Source::new(lifetime);
        let (endless, clock) = tokens(&source);
        for _ in 0..3 {
            assert_eq!(token(&endless).await.unwrap(), "token-1");
            clock.pass(1_000_000_000);
        }
    }
}

#[tokio::test]
async fn the_early_replacement_can_be_set() {
    let source = Source::new(Some(1000));
    let (tokens, clock) = tokens(&source);
    let tokens = tokens.early(Duration::from_secs(300));
    for (seconds, expected) in [(0, "token-1"), (699, "token-1"), (1, "token-2")] {
        clock.pass(seconds);
        assert_eq!(token(&tokens).await.unwrap(), expected);
    }
}

#[tokio::test]
async fn a_hundred_calls_fetch_one_token() {
    let source = Source::held(1000);
    let (tokens, _) = tokens(&source);
    let calls = waiting(&tokens, 100).await;
    source.0.permits.add_permits(100);
    assert_eq!(results(calls).await, vec![Ok("token-1".to_owned()); 100]);
    assert_eq!(source.fetches(), 1);
}

#[tokio::test]
async fn a_hundred_calls_share_a_token_that_ends_at_once() {
    let source = Source::held(0);
    let (tokens, _) = tokens(&source);
    let calls = waiting(&tokens, 100).await;
    source.0.permits.add_permits(100);
    assert_eq!(results(calls).await, vec![Ok("token-1".to_owned()); 100]);
    assert_eq!(source.fetches(), 1);
    assert_eq!(token(&tokens).await.unwrap(), "token-2");
}

#[tokio::test]
async fn a_failure_is_that_of_all_who_wait_and_of_nobody_after() {
    let source = Source::held(1000);
    let (tokens, _) = tokens(&source);
    source.plan([Some(TokenError::new("out of order"))]);
    let calls = waiting(&tokens, 100).await;
    source.0.permits.add_permits(100);
    assert_eq!(results(calls).await, vec![Err("out of order".to_owned()); 100]);
    assert_eq!(source.fetches(), 1);
    assert_eq!(token(&tokens).await.unwrap(), "token-2");
}

#[tokio::test]
async fn when_the_call_that_fetches_is_given_up_another_one_fetches() {
    let source = Source::held(1000);
    let (tokens, _) = tokens(&source);
    let mut calls = waiting(&tokens, 10).await;
    source.begun().await;
    let leader = calls.remove(0);
    leader.abort();
    assert!(leader.await.unwrap_err().is_cancelled());
    source.begun().await;
    source.0.permits.add_permits(100);
    assert_eq!(results(calls).await, vec![Ok("token-2".to_owned()); 9]);
    assert_eq!(source.fetches(), 2);
}

#[tokio::test]
async fn a_good_token_is_used_while_it_is_replaced_and_when_that_fails() {
    let source = Source::new(Some(1000));
    let (tokens, clock) = tokens(&source);
    assert_eq!(token(&tokens).await.unwrap(), "token-1");
    clock.pass(950);
    source.0.permits.forget_permits(1000);
    source.plan([Some(TokenError::new("out of order"))]);

    let replacing = waiting(&tokens, 1).await;
    source.begun().await;
    assert_eq!(token(&tokens).await.unwrap(), "token-1");
    source.0.permits.add_permits(100);
    assert_eq!(results(replacing).await, [Ok("token-1".to_owned())]);
    assert_eq!(token(&tokens).await.unwrap(), "token-1");
    assert_eq!(source.fetches(), 2, "a failed early replacement is not repeated at once");
    clock.pass(5);
    assert_eq!(token(&tokens).await.unwrap(), "token-3");
}

#[tokio::test]
async fn a_failure_without_a_good_token_is_the_calls() {
    let source = Source::new(Some(1000));
    let (tokens, clock) = tokens(&source);
    assert_eq!(token(&tokens).await.unwrap(), "token-1");
    clock.pass(1000);
    source.plan([Some(TokenError::new("out of order"))]);
    assert_eq!(token(&tokens).await.unwrap_err(), "out of order");
    assert_eq!(token(&tokens).await.unwrap(), "token-3");
}

fn ok() -> Answer {
    answer("200 OK", &[], "{}")
}

fn unauthorized() -> Answer {
    answer("401 Unauthorized", &["x-request-id: req-1"], "{}")
}

fn transport(auth: Auth) -> Transport {
    Transport::builder("test").auth(auth).retry(RetryPolicy::none()).build().unwrap()
}

async fn send(transport: &Transport, server: &Server, request: Request) -> Result<Response, Error> {
    transport.execute(request, Call::new("createPayment", &server.base_url())).await
}

fn payment(server: &Server) -> Request {
    let mut request = server.request(Method::POST, "/payments");
    *request.body_mut() = Some(r#"{"amount":100.20}"#.into());
    request
}

/// The values of a header, one for each request.
fn sent(server: &Server, name: &str) -> Vec<String> {
    let value = |request: String| {
        let line = request.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ").map(str::to_owned));
        line.unwrap_or_default()
    };
    server.requests().into_iter().map(value).collect()
}

#[tokio::test]
async fn a_refused_token_is_replaced_and_the_call_made_once_more() {
    let server = Server::start(vec![ok(), unauthorized(), ok()]).await;
    let source = Source::new(Some(1000));
    let transport = transport(Auth::tokens(tokens(&source).0));
    for (attempts, _) in [(1, "token-1"), (2, "token-2"), (1, "token-2")] {
        let response = send(&transport, &server, payment(&server)).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.extensions().get::<CallInfo>().unwrap().attempts, attempts);
    }
    let expected = ["Bearer token-1", "Bearer token-1", "Bearer token-2", "Bearer token-2"];
    assert_eq!(sent(&server, "authorization"), expected);
    assert!(server.requests().iter().all(|request| request.ends_with(r#"{"amount":100.20}"#)));
}

#[tokio::test]
async fn a_call_is_refused_twice_at_most_and_no_storm_of_tokens_follows() {
    let server = Server::start(vec![unauthorized()]).await;
    let source = Source::new(Some(1000));
    let (tokens, clock) = tokens(&source);
    let transport = transport(Auth::tokens(tokens));
    let response = send(&transport, &server, payment(&server)).await.unwrap();
    let error = Error::<()>::from_response(response).await;
    assert_eq!((error.status(), error.attempts()), (Some(StatusCode::UNAUTHORIZED), Some(2)));
    assert_eq!((server.requests().len(), source.fetches()), (2, 2));
    for _ in 0..10 {
        assert_eq!(send(&transport, &server, payment(&server)).await.unwrap().status(), StatusCode::UNAUTHORIZED);
    }
    assert_eq!((server.requests().len(), source.fetches()), (12, 2));
    clock.pass(5);
    send(&transport, &server, payment(&server)).await.unwrap();
    assert_eq!((server.requests().len(), source.fetches()), (14, 3));
}

#[tokio::test]
async fn however_late_it_is_a_call_has_one_new_token() {
    let server = Server::start(vec![unauthorized()]).await;
    let source = Source::new(None);
    let clock = Clock::new();
    let hurried = clock.clone();
    // Ten seconds pass between any two looks at the clock.
    let tokens = Tokens::with_clock(source.clone(), move || {
        hurried.pass(10);
        obkit_runtime::Clock::now(&hurried)
    });
    let response = send(&transport(Auth::tokens(tokens)), &server, payment(&server)).await.unwrap();
    assert_eq!((response.status(), server.requests().len()), (StatusCode::UNAUTHORIZED, 2));
}

#[tokio::test]
async fn a_late_refusal_of_an_old_token_leaves_the_new_one() {
    let server = Server::start(vec![unauthorized(), unauthorized(), ok()]).await;
    let source = Source::new(Some(1000));
    let transport = transport(Auth::tokens(tokens(&source).0));
    // Both are sent with the first token; the second refusal comes when it has been dropped already.
    let (one, two) =
        tokio::join!(send(&transport, &server, payment(&server)), send(&transport, &server, payment(&server)),);
    assert_eq!((one.unwrap().status(), two.unwrap().status()), (StatusCode::OK, StatusCode::OK));
    assert_eq!(source.fetches(), 2);
}

#[tokio::test]
async fn static_credentials_are_not_tried_twice() {
    let server = Server::start(vec![unauthorized()]).await;
    let response = send(&transport(Auth::bearer("t0ken")), &server, payment(&server)).await.unwrap();
    assert_eq!((response.status(), server.requests().len()), (StatusCode::UNAUTHORIZED, 1));
}

#[tokio::test]
async fn when_there_is_no_new_token_the_refusal_is_the_answer() {
    let server = Server::start(vec![unauthorized()]).await;
    let source = Source::new(Some(1000));
    source.plan([None, Some(TokenError::new("out of order"))]);
    let transport = transport(Auth::tokens(tokens(&source).0));
    let response = send(&transport, &server, payment(&server)).await.unwrap();
    assert_eq!(response.extensions().get::<CallInfo>().unwrap().attempts, 1);
    assert_eq!((response.status(), server.requests().len()), (StatusCode::UNAUTHORIZED, 1));
}

#[tokio::test]
async fn without_a_token_nothing_is_sent() {
    let server = Server::start(vec![ok()]).await;
    let source = Source::new(Some(1000));
    source.plan([Some(TokenError::new("out of order"))]);
    let transport = transport(Auth::tokens(tokens(&source).0));
    let error = send(&transport, &server, payment(&server)).await.unwrap_err();
    assert_eq!((error.phase(), error.attempts(), error.is_retryable()), (Phase::BeforeSending, None, false));
    assert_eq!(error.to_string(), "createPayment: not sent: no token: out of order");
    let cause = error.source().unwrap().downcast_ref::<AuthError>().unwrap();
    assert!(matches!(cause, AuthError::Token(error) if error.to_string() == "out of order"));
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_token_that_never_comes_is_waited_for_as_long_as_an_attempt() {
    let server = Server::start(vec![ok()]).await;
    let transport = transport(Auth::tokens(tokens(&Source::held(1000)).0));
    tokio::time::pause();
    let error = send(&transport, &server, payment(&server)).await.unwrap_err();
    assert_eq!(error.to_string(), "createPayment: not sent: no token: no token arrived in time");
    assert!(error.is_retryable() && !error.may_have_been_sent());
}

#[tokio::test]
async fn a_fetched_key_stands_in_its_header_beside_a_token() {
    let server = Server::start(vec![unauthorized(), ok()]).await;
    let (key, token) = (Source::new(None), Source::new(None));
    let auth = Auth::key_from(HeaderName::from_static("x-api-key"), tokens(&key).0).and(Auth::tokens(tokens(&token).0));
    let shown = r#"Auth::Headers{"x-api-key": Tokens([redacted])} and Auth::Bearer(Tokens([redacted]))"#;
    assert_eq!(format!("{auth:?}"), shown);
    send(&transport(auth), &server, payment(&server)).await.unwrap();
    assert_eq!(sent(&server, "x-api-key"), ["token-1", "token-2"]);
    assert_eq!(sent(&server, "authorization"), ["Bearer token-1", "Bearer token-2"]);
}

#[tokio::test]
async fn a_token_that_no_header_carries_is_not_shown() {
    let server = Server::start(vec![ok()]).await;
    struct Broken;
    impl TokenSource for Broken {
        fn fetch<'s>(&'s self, _: &'s reqwest::Client) -> TokenFuture<'s> {
            Box::pin(async { Ok(Token::new("s3cret\r\nx: y")) })
        }
    }
    let error = send(&transport(Auth::tokens(Tokens::new(Broken))), &server, payment(&server)).await.unwrap_err();
    assert!(!format!("{error} {error:?} {:?}", error.source()).contains("s3cret"));
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn credentials_go_to_the_server_of_the_client_alone() {
    let (own, other) = (Server::start(vec![ok()]).await, Server::start(vec![ok()]).await);
    let transport = Transport::builder("test")
        .auth(Auth::bearer("t0ken"))
        .auth_for("getToken", Auth::basic("id", "secret"))
        .build()
        .unwrap();
    let base = own.base_url();
    for (operation, basic) in [("getAccounts", ""), ("getToken", "Basic aWQ6c2VjcmV0")] {
        let call = Call::new(operation, &base);
        transport.execute(other.request(Method::GET, "/"), call).await.unwrap();
        assert_eq!(sent(&other, "authorization").last().unwrap(), basic);
    }
    let elsewhere = other.base_url();
    for (call, token) in [
        (Call::new("getAccounts", &base), ""),
        (Call::new("getAccounts", &base).or_at(Some(&elsewhere)), "Bearer t0ken"),
        (Call::new("getAccounts", &base).or_at(Some(&elsewhere)).open(), ""),
    ] {
        transport.execute(other.request(Method::GET, "/"), call).await.unwrap();
        assert_eq!(sent(&other, "authorization").last().unwrap(), token);
    }
}
