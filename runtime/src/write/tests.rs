//! The examples of OpenAPI 3.0.4, and what they leave open.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};

use super::*;
use crate::{Decimal, Sensitive};

fn request() -> Request {
    Request::new(reqwest::Method::GET, "https://bank.example/a".parse().unwrap())
}

fn in_query(style: Style, value: &Value) -> String {
    let mut request = request();
    query(&mut request, "color", value, style).unwrap();
    request.url().query().unwrap_or_default().to_owned()
}

fn in_path(style: Style, value: &Value) -> String {
    segment("color", value, style).unwrap_or_else(|error| error.to_string())
}

#[test]
fn the_table_of_styles() {
    let (empty, text, list) = (json!(""), json!("blue"), json!(["blue", "black", "brown"]));
    let object = json!({ "B": 150, "G": 200, "R": 100 });
    let refused = "color: is empty, and a segment of a path cannot be";
    // In the order of the alphabet, which is that of a `Value` in every build.
    for (style, expected) in [
        (Style::MATRIX, [";color", ";color=blue", ";color=blue,black,brown", ";color=B,150,G,200,R,100"]),
        (
            Style::MATRIX.exploded(),
            [";color", ";color=blue", ";color=blue;color=black;color=brown", ";B=150;G=200;R=100"],
        ),
        (Style::LABEL, [refused, ".blue", ".blue,black,brown", ".B,150,G,200,R,100"]),
        (Style::LABEL.exploded(), [refused, ".blue", ".blue.black.brown", ".B=150.G=200.R=100"]),
        (Style::SIMPLE, [refused, "blue", "blue,black,brown", "B,150,G,200,R,100"]),
        (Style::SIMPLE.exploded(), [refused, "blue", "blue,black,brown", "B=150,G=200,R=100"]),
        // `collectionFormat` of Swagger 2.0.
        (Style::PIPE_DELIMITED, [refused, "blue", "blue%7Cblack%7Cbrown", "B%7C150%7CG%7C200%7CR%7C100"]),
    ] {
        assert_eq!([&empty, &text, &list, &object].map(|value| in_path(style, value)), expected, "{style:?}");
    }
    for (style, expected) in [
        (Style::FORM, ["color=", "color=blue", "color=blue,black,brown", "color=B,150,G,200,R,100"]),
        (Style::FORM.exploded(), ["color=", "color=blue", "color=blue&color=black&color=brown", "B=150&G=200&R=100"]),
        (
            Style::SPACE_DELIMITED,
            ["color=", "color=blue", "color=blue%20black%20brown", "color=B%20150%20G%20200%20R%20100"],
        ),
        (
            Style::PIPE_DELIMITED,
            ["color=", "color=blue", "color=blue%7Cblack%7Cbrown", "color=B%7C150%7CG%7C200%7CR%7C100"],
        ),
        (
            Style::DEEP_OBJECT,
            [
                "color=",
                "color=blue",
                "color=blue&color=black&color=brown",
                "color%5BB%5D=150&color%5BG%5D=200&color%5BR%5D=100",
            ],
        ),
    ] {
        assert_eq!([&empty, &text, &list, &object].map(|value| in_query(style, value)), expected, "{style:?}");
    }
}

#[test]
fn what_the_table_leaves_open() {
    let nested = json!({ "a": { "b": [1, { "c": true }], "d": null }, "e": "x" });
    assert_eq!(
        in_query(Style::DEEP_OBJECT, &nested),
        "color%5Ba%5D%5Bb%5D=1&color%5Ba%5D%5Bb%5D=%7B%22c%22%3Atrue%7D&color%5Be%5D=x"
    );
    assert_eq!(
        in_query(Style::FORM.exploded(), &nested),
        "a=%7B%22b%22%3A%5B1%2C%7B%22c%22%3Atrue%7D%5D%2C%22d%22%3Anull%7D&e=x"
    );
    assert_eq!(in_query(Style::FORM, &json!([null, 1, null, 2])), "color=1,2");
    assert_eq!(in_query(Style::TAB_DELIMITED, &json!(["a", "b c"])), "color=a%09b%20c");
    assert_eq!(in_query(Style::JSON, &json!({ "a": 1 })), "color=%7B%22a%22%3A1%7D");
    assert_eq!(in_path(Style::JSON, &json!({ "a": 1 })), "%7B%22a%22%3A1%7D");
    for nothing in [json!(null), json!([]), json!({})] {
        assert_eq!(in_query(Style::FORM.exploded(), &nothing), "");
        assert_eq!(in_path(Style::MATRIX, &nothing), "color: is empty, and a segment of a path cannot be");
    }
}

#[test]
fn a_segment_stays_one() {
    assert_eq!(in_path(Style::SIMPLE, &json!(["a/b", "?", "."])), "a%2Fb,%3F,.");
    let dots = "color: would be a segment of dots, which a path cannot carry as a value";
    assert_eq!(in_path(Style::LABEL, &json!(".")), dots);
    assert_eq!(in_path(Style::SIMPLE, &json!([".."])), dots);
    assert_eq!(in_path(Style::LABEL, &json!("a.b")), ".a.b");
}

#[test]
fn reserved_characters_stay_where_they_are_allowed() {
    let url = json!("https://a.example/b?c=d&e=f+g#h%20i%j[k] ä");
    assert_eq!(
        in_query(Style::FORM.reserved(), &url),
        "color=https://a.example/b?c=d%26e=f%2Bg%23h%20i%25j%5Bk%5D%20%C3%A4"
    );
    assert_eq!(in_query(Style::FORM, &json!("a:b")), "color=a%3Ab");
}

#[test]
fn numbers_keep_their_digits_and_members_their_order() {
    #[derive(serde::Serialize)]
    struct Range {
        to: Decimal,
        from: Decimal,
    }
    let range = Range { to: "100.20".parse().unwrap(), from: "123456789012345678901.10".parse().unwrap() };
    let mut request = request();
    query(&mut request, "range", &range, Style::DEEP_OBJECT).unwrap();
    query(&mut request, "range", &range, Style::FORM).unwrap();
    assert_eq!(
        request.url().query().unwrap(),
        "range%5Bto%5D=100.20&range%5Bfrom%5D=123456789012345678901.10&range=to,100.20,from,123456789012345678901.10"
    );
}

#[test]
fn headers_are_lists_and_may_be_sensitive() {
    let value = header(&json!(["a b", 1]), Style::SIMPLE).unwrap();
    assert_eq!((value.to_str().unwrap(), value.is_sensitive()), ("a b,1", false));
    assert_eq!(header(&json!({ "a": 1 }), Style::SIMPLE.exploded()).unwrap(), "a=1");
    assert_eq!(header(&json!({ "a": 1 }), Style::JSON).unwrap(), r#"{"a":1}"#);
    assert_eq!(header(&json!(["a", 1]), Style::PIPE_DELIMITED).unwrap(), "a|1");
    assert_eq!(header(&json!(["a", 1]), Style::TAB_DELIMITED).unwrap(), "a\t1");
    assert!(header(&[Sensitive::from("s3cret")], Style::SIMPLE.sensitive()).unwrap().is_sensitive());
    assert_eq!(header(&json!(["a\r\nx: y"]), Style::SIMPLE), Err(StyleError::InvalidHeader));
}

#[test]
fn cookies_share_one_header() {
    let mut request = request();
    cookie(&mut request, "session", &"YQ==;", Style::FORM.exploded()).unwrap();
    cookie(&mut request, "ids", &[1, 2], Style::FORM).unwrap();
    cookie(&mut request, "tags", &["a", "b,c"], Style::FORM.exploded()).unwrap();
    cookie(&mut request, "none", &None::<String>, Style::FORM).unwrap();
    let value = &request.headers()[COOKIE];
    assert_eq!(value, "session=YQ==%3B; ids=1,2; tags=a; tags=b%2Cc");
    assert!(value.is_sensitive());
}

fn sent(request: &Request) -> (&str, &str) {
    let body = request.body().unwrap().as_bytes().unwrap();
    (request.headers()[CONTENT_TYPE].to_str().unwrap(), std::str::from_utf8(body).unwrap())
}

#[test]
fn forms_repeat_lists_and_write_objects_as_json() {
    let mut request = request();
    let body = json!({ "a b": "c d&é", "list": [1, 2], "none": null, "object": { "x": [1] }, "styled": { "x": [1] } });
    form(&mut request, &body, &[("styled", Style::DEEP_OBJECT)]).unwrap();
    assert_eq!(
        sent(&request),
        (
            "application/x-www-form-urlencoded",
            "a+b=c+d%26%C3%A9&list=1&list=2&object=%7B%22x%22%3A%5B1%5D%7D&styled%5Bx%5D=1"
        )
    );
    assert_eq!(form(&mut request, &[1], &[]), Err(StyleError::NotAnObject));
}

#[test]
fn bodies_have_their_media_type() {
    let mut request = request();
    json(&mut request, "application/json-patch+json", &json!([{ "op": "remove" }])).unwrap();
    assert_eq!(sent(&request), ("application/json-patch+json", r#"[{"op":"remove"}]"#));
    raw(&mut request, "application/jwt", &"a.b.c".into()).unwrap();
    assert_eq!(sent(&request), ("application/jwt", "a.b.c"));
    assert_eq!(raw(&mut request, "a\n", &"b".into()), Err(StyleError::InvalidHeader));
    assert_eq!(json(&mut request, "a/b", &BTreeMap::from([(vec![1], 1)])), Err(StyleError::NotJson));
}
