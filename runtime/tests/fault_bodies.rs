//! Answers whose bodies are not what they say, or are made to do harm.

#![allow(clippy::unwrap_used)]

use obkit_runtime::reqwest::StatusCode;
use obkit_runtime::serde_json::{Value, json};
use obkit_runtime::{Body, ByteStream, Decimal, Error, Phase, ResponseValue, Undeclared, json_body};

mod fault;

use fault::{ALL, Asked, Faults, SECRET, Step, answer, builder, call, head, judgement, send};

#[derive(Debug)]
struct Booking {
    amount: Decimal,
    count: i64,
    text: Option<String>,
    rest: Undeclared,
}

obkit_runtime::members!(Booking { amount = "amount", count: Whole = "count", text ?= "text"; ..rest });
json_body!(Booking);

const JSON: &str = "content-type: application/json";

/// The answer of a server that gives this one, and how much of it was sent.
async fn answered<T: Body>(script: Vec<Step>) -> (Result<ResponseValue<T>, Error>, usize) {
    let server = Faults::start(vec![script]).await;
    let outcome = call(&builder().build().unwrap(), &server.base_url, Asked::Pay).await;
    assert_eq!(server.requests().len(), 1, "an answer is not asked for twice");
    (outcome, server.sent())
}

async fn read<T: Body>(head: &[&str], body: impl AsRef<[u8]>) -> Result<T, Error> {
    answered(vec![Step::Read, answer("200 OK", head, body)]).await.0.map(ResponseValue::into_inner)
}

/// The answer is a success that cannot be read: the error keeps its status and says why.
fn assert_undecodable(error: &Error, words: &str) {
    let expected = format!("call: answered 200 OK, but the body is {words}");
    assert_eq!(judgement(error), (Phase::Answered, false, expected));
    assert_eq!(error.status(), Some(StatusCode::OK));
}

#[tokio::test]
async fn truncated_json_is_incomplete() {
    let (count, text) = (r#"{"amount":1.0,"count":"#.to_owned(), format!(r#"{{"text":"{SECRET}"#));
    for (body, place) in [(count, "count (line 1, column 22)"), (text, "text (line 1, column 15)")] {
        let error = read::<Booking>(&[JSON], &body).await.unwrap_err();
        assert_undecodable(&error, &format!("incomplete at {place}"));
        assert_eq!(error.raw_body(), body.as_bytes());
    }
    assert_undecodable(&read::<Booking>(&[JSON], "").await.unwrap_err(), "incomplete (line 1, column 0)");
}

#[tokio::test]
async fn a_page_in_place_of_json_is_malformed_whatever_its_type() {
    let page = format!("<html><body>{SECRET}</body></html>");
    for content_type in ["content-type: text/html", JSON, "x-none: 1", "content-type: \u{fc}"] {
        let error = read::<Booking>(&[content_type], &page).await.unwrap_err();
        assert_undecodable(&error, "malformed (line 1, column 1)");
        assert_eq!(error.raw_body(), page.as_bytes());
    }
}

#[tokio::test]
async fn json_of_another_content_type_is_read() {
    for content_type in ["content-type: text/plain", "content-type: text/html", "x-none: 1", "content-type: ;;;"] {
        let booking: Booking = read(&[content_type], r#"{"amount":1.10,"count":1e2}"#).await.unwrap();
        assert_eq!((booking.amount.to_string().as_str(), booking.count), ("1.10", 100));
    }
}

#[tokio::test]
async fn a_compressed_answer_is_refused_and_nothing_is_inflated() {
    // Ten empty bytes by gzip; a bomb differs in nothing but what it would become.
    let gzip = b"\x1f\x8b\x08\0\0\0\0\0\x02\xff\x63\x80\x01\0\xd3\xb5\xb0\xf3\x0a\0\0\0";
    for encoding in ["gzip", "br", "zstd", "deflate", "identity, gzip", SECRET] {
        let head = [JSON, &format!("content-encoding: {encoding}")];
        let error = read::<Value>(&head, gzip).await.unwrap_err();
        assert_undecodable(&error, "compressed, which was not asked for");
        assert_eq!(error.raw_body(), gzip);
        let error = read::<String>(&["content-type: text/csv", head[1]], "text").await.unwrap_err();
        assert_undecodable(&error, "compressed, which was not asked for");
    }
    assert_eq!(read::<Value>(&["content-encoding: Identity"], "[1]").await.unwrap(), json!([1]));

    let server = Faults::start(vec![vec![Step::Read, answer("200 OK", &["content-encoding: gzip"], gzip)]]).await;
    let response = head(&builder().build().unwrap(), &server.base_url, Asked::List).await.unwrap();
    let error = ResponseValue::<ByteStream>::stream(response).bytes().await.unwrap_err();
    assert_undecodable(&error, "compressed, which was not asked for");
    assert!(!server.requests()[0].contains("accept-encoding"));
}

#[tokio::test]
async fn a_hundred_megabytes_are_refused_before_they_are_read() {
    const MEGABYTE: usize = 1 << 20;
    let announced = send(format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", 100 * MEGABYTE));
    let flood = || Step::Flood(vec![b' '; MEGABYTE]);
    let chunk = [format!("{MEGABYTE:x}\r\n").into_bytes(), vec![b' '; MEGABYTE], b"\r\n".to_vec()].concat();
    let chunked = send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
    for (script, most) in [
        (vec![Step::Read, announced, flood()], 16 * MEGABYTE),
        (vec![Step::Read, chunked, Step::Flood(chunk)], 80 * MEGABYTE),
        (vec![Step::Read, send("HTTP/1.1 200 OK\r\n\r\n"), flood()], 80 * MEGABYTE),
    ] {
        let (outcome, sent) = answered::<Value>(script).await;
        let error = outcome.unwrap_err();
        let words = "call: answered 200 OK, but the body is longer than 67108864 bytes".to_owned();
        assert_eq!(judgement(&error), (Phase::Answered, false, words));
        assert_eq!((error.raw_body().len(), error.raw_body_is_truncated()), (64 << 10, true));
        assert!(sent < most, "{sent} bytes were sent");
    }
}

#[tokio::test]
async fn an_error_page_without_end_keeps_its_status() {
    let flood = Step::Flood(SECRET.repeat(100_000).into_bytes());
    let (outcome, sent) =
        answered::<Value>(vec![Step::Read, send("HTTP/1.1 500 Internal Server Error\r\n\r\n"), flood]).await;
    let error = outcome.unwrap_err();
    assert_eq!(judgement(&error), (Phase::Answered, false, "call: answered 500 Internal Server Error".to_owned()));
    assert_eq!((error.raw_body().len(), error.raw_body_is_truncated()), (64 << 10, true));
    assert!(sent < 16 << 20, "{sent} bytes were sent");
}

#[tokio::test]
async fn a_body_longer_than_announced_ends_where_it_says() {
    let body = r#"{"amount":1,"count":1}"#;
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}{SECRET}", body.len());
    let (outcome, _) = answered::<Booking>(vec![Step::Read, send(head)]).await;
    assert_eq!(outcome.unwrap().count, 1);
}

#[tokio::test]
async fn json_that_is_no_utf_8_is_malformed() {
    for body in [&b"{\"text\":\"caf\xe9\"}"[..], b"\xff\xfe{\0}\0", b"{\"amount\":1,\"count\":1,\"\xc3\x28\":1}"] {
        let error = read::<Booking>(&[JSON], body).await.unwrap_err();
        assert_eq!((error.phase(), error.is_retryable(), error.raw_body()), (Phase::Answered, false, body));
        assert!(error.to_string().contains("the body is malformed"), "{error}");
    }
}

#[tokio::test]
async fn a_byte_order_mark_is_skipped() {
    let booking: Booking = read(&[JSON], "\u{feff}{\"amount\":1.10,\"count\":1,\"text\":\"\u{feff}\"}").await.unwrap();
    assert_eq!((booking.amount.to_string().as_str(), booking.text.as_deref()), ("1.10", Some("\u{feff}")));
    assert_undecodable(&read::<Value>(&[JSON], "\u{feff}").await.unwrap_err(), "incomplete (line 1, column 0)");

    let refused = answer("400 Bad Request", &[JSON], "\u{feff}{\"code\":\"E7\"}");
    let server = Faults::start(vec![vec![Step::Read, refused]]).await;
    let response = head(&builder().build().unwrap(), &server.base_url, Asked::Pay).await.unwrap();
    let error = Error::<Value>::from_response(response).await;
    assert_eq!((error.code(), error.body()), (Some("E7"), Some(&json!({"code": "E7"}))));
}

#[tokio::test]
async fn json_nested_without_end_is_refused_or_kept_as_text() {
    const LEVELS: usize = 100_000;
    let nested = format!("{}{}", "[".repeat(LEVELS), "]".repeat(LEVELS));
    let error = read::<Value>(&[JSON], &nested).await.unwrap_err();
    assert_undecodable(&error, &format!("malformed at {}.. (line 1, column 128)", "[0]".repeat(16)));
    let objects = format!("{}1{}", r#"{"a":"#.repeat(LEVELS), "}".repeat(LEVELS));
    assert!(read::<Value>(&[JSON], &objects).await.unwrap_err().to_string().contains("malformed"));

    // What the document does not name is kept as it is, and not looked into before somebody asks.
    let body = format!(r#"{{"amount":1,"count":1,"more":{nested}}}"#);
    let booking: Booking = read(&[JSON], &body).await.unwrap();
    assert_eq!((booking.rest.len(), booking.rest.get("more")), (1, None));
    assert_eq!(obkit_runtime::serde_json::to_string(&booking).unwrap(), body);

    let (outcome, _) = answered::<Value>(vec![Step::Read, answer("400 Bad Request", &[JSON], &nested)]).await;
    let words = "call: answered 400 Bad Request".to_owned();
    assert_eq!(judgement(&outcome.unwrap_err()), (Phase::Answered, false, words));
}

#[tokio::test]
async fn huge_numbers_are_kept_or_refused() {
    let digits = "9".repeat(100_000);
    for number in [&digits, "1e999999999", "-1E-999999999", &format!("0.{digits}"), "1e99999999999999999999"] {
        let booking: Booking = read(&[JSON], format!(r#"{{"amount":{number},"count":1}}"#)).await.unwrap();
        assert_eq!((booking.amount.to_string().as_str(), booking.amount.to_decimal()), (number, None));
        assert_eq!(booking.amount, number.parse().unwrap());
    }
    for number in [&digits, "1e999999999", "9223372036854775808", "1e19", "-1e19"] {
        let body = format!(r#"{{"amount":1,"count":{number}}}"#);
        let error = read::<Booking>(&[JSON], body).await.unwrap_err();
        assert!(error.to_string().contains(" at count (line 1, column "), "{error}");
        assert_eq!((error.phase(), error.is_retryable()), (Phase::Answered, false));
    }
}

/// Whatever is wrong with the body of a success, the call has been made, and is not made again.
#[tokio::test]
async fn an_unreadable_success_is_not_asked_for_again() {
    for asked in ALL {
        for (head, body) in [(JSON, "{"), (JSON, "<html>"), ("content-encoding: gzip", "x"), ("content-length: 9", "x")]
        {
            let server = Faults::start(vec![vec![Step::Read, answer("200 OK", &[head], body)]]).await;
            let error = call::<Value>(&builder().build().unwrap(), &server.base_url, asked).await.unwrap_err();
            assert!(error.may_have_been_sent() && error.status() == Some(StatusCode::OK));
            assert_eq!(error.idempotency_key(), (asked == Asked::PayOnce).then_some("key-1"));
            assert_eq!(server.requests().len(), 1, "{asked:?} {head}");
        }
    }
}
