//! What is written, and what is shown.

#![allow(clippy::panic, clippy::unwrap_used)]

use std::future::Future as _;
use std::task::{Context, Poll, Waker};

use reqwest::header::{AUTHORIZATION, COOKIE, HeaderValue};

use super::*;

fn request() -> reqwest::Request {
    reqwest::Request::new(reqwest::Method::GET, "https://bank.example/".parse().unwrap())
}

/// Known credentials are written without waiting.
fn apply(auth: &Auth, request: &mut reqwest::Request) -> Result<(), AuthError> {
    let transport = crate::Transport::builder("test").build().unwrap();
    let mut written = std::pin::pin!(auth.apply(request, transport.http()));
    match written.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result.map(drop),
        Poll::Pending => panic!("waited"),
    }
}

#[test]
fn writes_the_headers_of_each_scheme() {
    let key = HeaderName::from_static("x-api-key");
    for (auth, name, value) in [
        (Auth::basic("Aladdin", "open sesame"), AUTHORIZATION, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        (Auth::bearer("t0ken"), AUTHORIZATION, "Bearer t0ken"),
        (Auth::headers([(key.clone(), "k3y".into())]), key, "k3y"),
    ] {
        let mut request = request();
        apply(&auth, &mut request).unwrap();
        apply(&auth, &mut request).unwrap();
        let values: Vec<_> = request.headers().get_all(name).iter().collect();
        assert_eq!(values.len(), 1);
        assert_eq!(values[0], value);
        assert!(values[0].is_sensitive());
    }
}

#[test]
fn credentials_stand_beside_each_other() {
    let key = HeaderName::from_static("x-api-key");
    let auth = Auth::headers([(key.clone(), "k3y".into())]).and(Auth::bearer("t0ken"));
    let mut request = request();
    apply(&auth, &mut request).unwrap();
    assert_eq!(request.headers()[key], "k3y");
    assert_eq!(request.headers()[AUTHORIZATION], "Bearer t0ken");
    assert_eq!(format!("{auth:?}"), "Auth::Headers{\"x-api-key\": \"[redacted]\"} and Auth::Bearer([redacted])");
}

#[test]
fn keys_stand_in_the_query_and_in_cookies_once() {
    let auth = Auth::query([("api key", "k&y".into())]).and(Auth::cookie([("session", "YQ==".into())]));
    let mut request = request();
    *request.url_mut() = "https://bank.example/?a=1&api+key=old&b=2".parse().unwrap();
    request.headers_mut().insert(COOKIE, HeaderValue::from_static("session=old; other=1"));
    apply(&auth, &mut request).unwrap();
    apply(&auth, &mut request).unwrap();
    assert_eq!(request.url().query(), Some("a=1&b=2&api%20key=k%26y"));
    assert_eq!(request.headers()[COOKIE], "other=1; session=YQ==");
    assert!(request.headers()[COOKIE].is_sensitive());
    let shown = r#"Auth::Query{"api key": "[redacted]"} and Auth::Cookie{"session": "[redacted]"}"#;
    assert_eq!(format!("{auth:?}"), shown);
}

#[test]
fn none_leaves_the_request_alone() {
    let mut request = request();
    apply(&Auth::none(), &mut request).unwrap();
    assert!(request.headers().is_empty());
}

#[test]
fn refuses_what_cannot_be_sent_without_showing_it() {
    for auth in [
        Auth::basic("a:b", "s3cret"),
        Auth::bearer("s3cret\n"),
        Auth::cookie([("session", "s3cret; x=y".into())]),
        Auth::headers([(HeaderName::from_static("x-api-key"), "s3cret\r\nx: y".into())]),
    ] {
        let error = apply(&auth, &mut request()).unwrap_err();
        assert!(!format!("{error} {error:?} {auth:?}").contains("s3cret"));
    }
}
