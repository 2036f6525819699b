//! Servers that answer errors without end: each call ends, in its time, and says what it got.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use obkit_runtime::serde_json::Value;
use obkit_runtime::{
    Auth, Phase, RetryPolicy, Token, TokenError, TokenFuture, TokenSource, Tokens, Transport, reqwest,
};

mod fault;

use fault::{ALL, Asked, Faults, SECRET, Step, answer, builder, call, judgement};

fn transport() -> Transport {
    builder().build().unwrap()
}

fn storm(status: &str, head: &[&str]) -> Vec<Vec<Step>> {
    let page = format!("<html><body>{SECRET}</body></html>");
    let head = [&["content-type: text/html", "connection: close"], head].concat();
    vec![vec![Step::Read, answer(status, &head, page)]]
}

#[tokio::test]
async fn a_storm_of_errors_ends_with_the_last_of_them() {
    for (status, head, repeated) in [
        ("500 Internal Server Error", "x: 1", false),
        ("501 Not Implemented", "x: 1", false),
        ("408 Request Timeout", "x: 1", true),
        ("502 Bad Gateway", "x: 1", true),
        ("503 Service Unavailable", "x: 1", true),
        ("504 Gateway Timeout", "x: 1", true),
        ("429 Too Many Requests", "x: 1", true),
        ("429 Too Many Requests", "retry-after: 0", true),
        ("429 Too Many Requests", "retry-after: Sun, 06 Nov 1994 08:49:37 GMT", true),
        ("503 Service Unavailable", "retry-after: soon", true),
    ] {
        for asked in ALL {
            let server = Faults::start(storm(status, &[head])).await;
            let error = call::<Value>(&transport(), &server.base_url, asked).await.unwrap_err();
            let attempts = if repeated && asked != Asked::Pay { 3 } else { 1 };
            assert_eq!(server.requests().len(), attempts, "{asked:?} {status}");
            let after = if attempts > 1 { " after 3 attempts" } else { "" };
            assert_eq!(judgement(&error), (Phase::Answered, repeated, format!("call: answered {status}{after}")));
            assert_eq!(error.raw_body(), format!("<html><body>{SECRET}</body></html>").as_bytes());
        }
    }
}

#[tokio::test]
async fn a_wait_longer_than_the_call_is_left_to_the_caller() {
    for head in ["retry-after: 31", "retry-after: 99999999999999999999", "retry-after: Fri, 31 Dec 9999 23:59:59 GMT"] {
        for asked in ALL {
            let server = Faults::start(storm("429 Too Many Requests", &[head])).await;
            let error = call::<Value>(&transport(), &server.base_url, asked).await.unwrap_err();
            assert_eq!((server.requests().len(), error.is_retryable()), (1, true));
            assert!(error.retry_after().unwrap() > Duration::from_secs(30));
        }
    }
}

#[tokio::test]
async fn a_call_in_a_storm_ends_in_its_time_however_many_attempts_it_has() {
    let server = Faults::start(storm("503 Service Unavailable", &[])).await;
    let endless = RetryPolicy::default().max_attempts(u32::MAX).base_delay(Duration::ZERO);
    let transport = builder().retry(endless).call_timeout(Duration::from_millis(500)).build().unwrap();
    let error = call::<Value>(&transport, &server.base_url, Asked::PayOnce).await.unwrap_err();
    // The last attempt was answered, or cut off by the end of the call.
    let (phase, retryable, _) = judgement(&error);
    assert!(retryable && phase != Phase::BeforeSending);
    let attempts = error.attempts().unwrap() as usize;
    assert!(attempts > 1 && attempts.abs_diff(server.requests().len()) <= 1, "{attempts}");
}

/// Gives the first token and then none: it fails, or never comes.
struct Once {
    fetches: Arc<AtomicU32>,
    fails: bool,
}

impl TokenSource for Once {
    fn fetch<'s>(&'s self, _: &'s reqwest::Client) -> TokenFuture<'s> {
        Box::pin(async move {
            match (self.fetches.fetch_add(1, Ordering::SeqCst), self.fails) {
                (0, _) => Ok(Token::new(format!("{SECRET}-token"))),
                (_, true) => Err(TokenError::new("the vault is closed")),
                (_, false) => {
                    // Nothing but time goes on from here.
                    tokio::time::pause();
                    std::future::pending().await
                }
            }
        })
    }
}

#[tokio::test]
async fn a_token_that_does_not_come_ends_with_the_call_and_the_refusal_is_the_answer() {
    for fails in [true, false] {
        let server = Faults::start(storm("401 Unauthorized", &[])).await;
        let fetches = Arc::new(AtomicU32::new(0));
        let tokens = Tokens::new(Once { fetches: Arc::clone(&fetches), fails });
        let call_timeout = Duration::from_secs(5);
        let transport = builder().auth(Auth::tokens(tokens)).call_timeout(call_timeout).build().unwrap();
        let began = tokio::time::Instant::now();
        let error = call::<Value>(&transport, &server.base_url, Asked::Pay).await.unwrap_err();
        assert_eq!(judgement(&error), (Phase::Answered, false, "call: answered 401 Unauthorized".to_owned()));
        assert_eq!((server.requests().len(), fetches.load(Ordering::SeqCst)), (1, 2));
        if !fails {
            // Paused, the clock goes from one timer to the next: the one that was waited for is that of the call.
            assert!(began.elapsed() >= Duration::from_secs(4) && began.elapsed() < Duration::from_secs(10));
            tokio::time::resume();
        }
    }
}

#[tokio::test]
async fn a_redirect_takes_no_credentials_anywhere() {
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"] {
        for asked in ALL {
            let elsewhere = Faults::start(storm("200 OK", &[])).await;
            let location = format!("location: {}/{SECRET}?iban={SECRET}", elsewhere.base_url);
            let server = Faults::start(storm(status, &[&location])).await;
            let error = call::<Value>(&transport(), &server.base_url, asked).await.unwrap_err();
            assert_eq!((error.phase(), error.is_retryable()), (Phase::Answered, false));
            assert!(error.status().unwrap().is_redirection());
            assert_eq!((server.requests().len(), elsewhere.requests().len()), (1, 0), "{asked:?} {status}");
        }
    }
}
