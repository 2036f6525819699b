#![allow(clippy::unwrap_used)]

use serde::Deserialize;

use super::*;
use crate::Decimal;

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
struct Page {
    data: Vec<BTreeMap<String, Transaction>>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
struct Transaction {
    amount: Decimal,
    kind: Kind,
}

#[derive(Debug, Deserialize)]
enum Kind {
    #[serde(rename = "DEBIT")]
    Debit,
}

fn failure(body: &str) -> DecodeError {
    decode_json::<Page>(body.as_bytes()).unwrap_err()
}

#[test]
fn knows_where_and_how_a_body_is_wrong() {
    for (body, category, path) in [
        ("", Category::Eof, ""),
        ("<html>", Category::Syntax, ""),
        (r#"{"data":[]} {}"#, Category::Syntax, ""),
        (r#"{"data":[{"a":{"amount":1,"#, Category::Eof, "data[0].a"),
        (r#"{"data":7}"#, Category::Data, "data"),
        ("{}", Category::Data, ""),
        (r#"{"data":[{},{"a":{"amount":"1"}}]}"#, Category::Data, "data[1].a.amount"),
        (r#"{"data":[{"a":{"amount":1,"kind":"s3cret"}}]}"#, Category::Data, "data[0].a.kind"),
    ] {
        let error = failure(body);
        assert_eq!((error.category(), error.path()), (category, path), "{body}");
    }
}

#[test]
fn shows_no_value_and_no_key_that_looks_like_one() {
    let error = failure(r#"{"data":[{"GB33BUKB20201555555555":{"amount":1,"kind":"s3cret"}}]}"#);
    let shown = format!("{error} {error:?} {error:#?}");
    assert!(!shown.contains("s3cret") && !shown.contains("GB33"), "{shown}");
    assert_eq!(error.path(), "data[0][*].kind");
    assert!(error.source().is_none());
    assert!(error.cause().to_string().contains("s3cret"));
    assert_eq!(error.line(), 1);
    assert!(error.column() > 0);
}

#[test]
fn text_is_text_and_json_text_is_json() {
    let decode = |content_type, body: &[u8]| String::decode(StatusCode::OK, content_type, body);
    assert_eq!(decode(Some("text/plain"), b"\"a\"").unwrap(), "\"a\"");
    assert_eq!(decode(None, b"a").unwrap(), "a");
    assert_eq!(decode(Some("application/json;charset=UTF-8"), b"\"a\"").unwrap(), "a");
    assert_eq!(decode(Some("application/problem+json"), b"\"a\"").unwrap(), "a");
    assert_eq!(decode(Some("text/plain"), b"\xff").unwrap_err().category(), Category::Syntax);
}

#[test]
fn collections_and_numbers_decode() {
    let ok = StatusCode::OK;
    assert_eq!(Vec::<i32>::decode(ok, None, b"[1,2]").unwrap(), [1, 2]);
    assert_eq!(Decimal::decode(ok, None, b"100.20").unwrap().to_string(), "100.20");
    assert_eq!(HashMap::<String, bool>::decode(ok, None, br#"{"a":true}"#).unwrap().len(), 1);
    assert!(<()>::decode(ok, None, b"whatever").is_ok());
}
