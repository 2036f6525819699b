//! What becomes of an answer: a value, or an error that keeps what was learned.

#![allow(clippy::unwrap_used)]

use std::error::Error as _;

use obkit_runtime::reqwest::header::HeaderMap;
use obkit_runtime::reqwest::{Response, StatusCode};
use obkit_runtime::{ByteStream, Decimal, Effect, Error, Phase, ResponseValue, json_body, json_error_body};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
struct Balance {
    amount: Decimal,
}

#[derive(Debug, PartialEq, Deserialize)]
struct ApiError {
    code: i32,
}

json_body!(Balance);
json_error_body!(ApiError);

fn response(status: u16, body: impl Into<obkit_runtime::reqwest::Body>) -> Response {
    let response = http::Response::builder()
        .status(status)
        .header("content-type", "application/json")
        .header("tracing-id", "trace-1")
        .body(body.into())
        .unwrap();
    Response::from(response)
}

#[tokio::test]
async fn a_success_is_a_value_with_its_envelope() {
    let value =
        ResponseValue::<Balance>::from_response::<ApiError>(response(200, r#"{"amount":100.20}"#)).await.unwrap();
    assert_eq!(value.amount.to_string(), "100.20");
    assert_eq!(value.status(), StatusCode::OK);
    assert_eq!(value.headers()["content-type"], "application/json");
    assert_eq!(value.call().request_id.as_deref(), Some("trace-1"));
    assert!(!format!("{value:?}").contains("100.20"));
    assert_eq!(value.map(|balance| balance.amount).into_inner(), "100.2".parse().unwrap());
}

#[tokio::test]
async fn an_undecodable_success_keeps_its_status_and_cause() {
    let error =
        ResponseValue::<Balance>::from_response::<ApiError>(response(201, r#"{"amount":"s3cret"}"#)).await.unwrap_err();
    assert_eq!((error.phase(), error.status()), (Phase::Answered, Some(StatusCode::CREATED)));
    assert!(error.may_have_been_sent() && !error.is_retryable());
    assert_eq!(error.raw_body(), br#"{"amount":"s3cret"}"#);
    assert_eq!(error.source().unwrap().to_string(), "not of the documented type at amount (line 1, column 19)");
    assert!(error.to_string().starts_with("answered 201 Created, but the body is not of the documented type"));
    assert!(!format!("{error} {error:?} {error:#?}").contains("s3cret"));
}

#[tokio::test]
async fn an_answer_says_whether_the_request_had_an_effect() {
    let answered =
        |status| Error::<()>::from_answer(StatusCode::from_u16(status).unwrap(), HeaderMap::new(), "").effect();
    for status in [400, 401, 402, 403, 404, 405, 410, 413, 415, 422, 429, 451, 499] {
        assert_eq!(answered(status), Effect::None, "{status}");
    }
    for status in [302, 408, 409, 500, 501, 502, 503, 504, 599] {
        assert_eq!(answered(status), Effect::Unknown, "{status}");
    }
    let unreadable = ResponseValue::<Balance>::from_response::<ApiError>(response(201, "{")).await.unwrap_err();
    assert_eq!(unreadable.effect(), Effect::Done);
    assert_eq!(Error::<()>::invalid_request("an amount is missing").effect(), Effect::None);
    assert_eq!(Error::<()>::lost("timed out").effect(), Effect::Unknown);
}

#[tokio::test]
async fn bodies_without_a_type() {
    assert_eq!(ResponseValue::empty(response(204, "")).status(), StatusCode::NO_CONTENT);
    let pdf = ResponseValue::<ByteStream>::stream(response(200, vec![0xff; 3]));
    assert_eq!(pdf.bytes().await.unwrap(), vec![0xff; 3]);
}

#[tokio::test]
async fn a_success_of_more_than_64_mib_is_refused() {
    let error =
        ResponseValue::<ByteStream>::stream(response(200, vec![b'x'; (64 << 20) + 1])).bytes().await.unwrap_err();
    assert_eq!(error.to_string(), "answered 200 OK, but the body is longer than 67108864 bytes (request id trace-1)");
    assert!(error.raw_body_is_truncated() && !error.is_retryable());
    assert_eq!(error.raw_body().len(), 64 << 10);
}

#[tokio::test]
async fn a_documented_error_is_typed() {
    let error = Error::<ApiError>::from_response(response(400, r#"{"code":7,"message":"No."}"#)).await;
    assert_eq!(error.body(), Some(&ApiError { code: 7 }));
    assert_eq!((error.code(), error.message()), (Some("7"), Some("No.")));
    assert_eq!((error.status(), error.is_retryable()), (Some(StatusCode::BAD_REQUEST), false));
    assert_eq!((error.request_id(), error.attempts(), error.operation()), (Some("trace-1"), None, None));

    let untyped = error.into_untyped();
    assert_eq!((untyped.code(), untyped.status()), (Some("7"), Some(StatusCode::BAD_REQUEST)));
}

#[tokio::test]
async fn an_error_of_another_shape_keeps_everything_else() {
    for (status, body) in [(502, "<html>"), (500, ""), (404, "[]"), (503, r#"{"code":"#)] {
        let error = Error::<ApiError>::from_response(response(status, body)).await;
        assert_eq!((error.status().unwrap().as_u16(), error.body()), (status, None));
        assert_eq!((error.raw_body(), error.raw_body_is_truncated()), (body.as_bytes(), false));
    }
}

#[tokio::test]
async fn a_long_error_body_is_decoded_whole_and_kept_in_part() {
    let body = format!(r#"{{"code":7,"details":"{}"}}"#, "x".repeat(100 << 10));
    let error = Error::<ApiError>::from_response(response(400, body)).await;
    assert_eq!(error.body(), Some(&ApiError { code: 7 }));
    assert_eq!((error.raw_body().len(), error.raw_body_is_truncated()), (64 << 10, true));

    let endless = Error::<ApiError>::from_response(response(500, "x".repeat(2 << 20))).await;
    assert_eq!((endless.status(), endless.body()), (Some(StatusCode::INTERNAL_SERVER_ERROR), None));
    assert!(endless.raw_body_is_truncated());
}

#[test]
fn what_is_not_sent_says_so() {
    let refused = Error::<ApiError>::refused("no token");
    assert_eq!((refused.phase(), refused.to_string()), (Phase::BeforeSending, "not sent: no token".to_owned()));

    let invalid = Error::<ApiError>::invalid_request("limit: less than 1");
    assert_eq!(invalid.to_string(), "invalid request: limit: less than 1");
    assert!(!invalid.may_have_been_sent() && !invalid.is_retryable());
}

#[test]
fn an_error_is_one_pointer_wide() {
    assert_eq!(size_of::<Error<ApiError>>(), size_of::<usize>());
    fn is_send<T: Send + Sync + 'static>() {}
    is_send::<Error<ApiError>>();
}
