//! What fits a document and is yet to be said of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use obkit_codegen::{Document, Spec};
use obkit_conformance::exchange::{self, Request, Response, check_response};
use obkit_conformance::{Contract, Severity};

const SPEC: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
servers:
  - {url: 'https://api.bank.example/v1/'}
  - {url: 'https://{bank}.sandbox.example/{base}', variables: {bank: {default: a}, base: {default: api/v2, enum: [x]}}}
  - {url: /relative}
paths:
  /accounts:
    post:
      operationId: open
      security: [{key: []}]
      parameters:
        - {name: X-Trace, in: header, schema: {type: string}}
        - {name: theme, in: cookie, schema: {type: string}}
        - {name: view, in: cookie, schema: {type: object, properties: {size: {type: integer}}}, explode: true}
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Account'}}}}
      responses:
        '200':
          description: ok
          headers: {X-Limit: {schema: {type: integer}}}
          content: {application/json: {schema: {$ref: '#/components/schemas/Account'}}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  schemas:
    Account:
      type: object
      properties:
        kind: {anyOf: [{type: string, enum: [CURRENT, SAVINGS]}, {type: string}]}
        state: {type: string, x-extensible-enum: [open, closed]}
        closed: {type: string, enum: [booked, pending]}
        count: {type: integer}
        small: {type: integer, format: int32}
        long: {type: integer, format: int64}
        amount: {type: number}
        booked: {type: string, format: date-time}
        local: {type: string, format: iso8601}
        name: {type: string}
        inner: {type: array, items: {type: object, properties: {amount: {type: number}}}}
";

fn contract() -> Contract {
    Contract::new("t", Spec::read(Document::parse("s.yaml", SPEC).unwrap()).unwrap())
}

/// The rules of what is found about a body, each with its place.
fn found(body: &str) -> Vec<String> {
    let contract = contract();
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    let response = Response { status: 200, headers: headers.clone(), body: body.as_bytes().to_vec() };
    let told = |finding: &obkit_conformance::Finding| {
        format!("{} {}", finding.rule, finding.instance_pointer.as_deref().unwrap_or_default())
    };
    let of_answer: Vec<_> =
        check_response(&contract, &contract.spec().operations()[0], &response).iter().map(told).collect();
    let headers = headers.into_iter().chain([("x-key".to_owned(), "k".to_owned())]).collect();
    let request = Request {
        method: "POST".to_owned(),
        path: "/accounts".to_owned(),
        headers,
        body: body.as_bytes().to_vec(),
        query: None,
    };
    let of_request: Vec<_> = exchange::check(&contract, &request).findings.iter().map(told).collect();
    assert_eq!(of_answer, of_request, "a body is the same whichever way it travels");
    of_answer
}

#[test]
fn each_kind_of_drift_is_found_where_it_stands_and_its_neighbour_is_not() {
    let nothing: [&str; 0] = [];
    for (body, expected) in [
        (r#"{"kind": "CURRENT", "state": "open", "closed": "booked"}"#, &nothing[..]),
        (r#"{"kind": "Current"}"#, &["RT034/case /kind"]),
        (r#"{"kind": "LOAN"}"#, &["RT034/unlisted /kind"]),
        (r#"{"state": " Open"}"#, &["RT034/case /state"]),
        (r#"{"state": "frozen"}"#, &["RT034/unlisted /state"]),
        (r#"{"closed": "BOOKED"}"#, &["RT030/enum /closed"]),
        (r#"{"count": 9007199254740991, "long": 9007199254740993, "amount": 1.0, "small": 7}"#, &nothing),
        (r#"{"count": 1.0}"#, &["RT036/form /count"]),
        (r#"{"count": 1e3}"#, &["RT036/form /count"]),
        (r#"{"count": -9007199254740992}"#, &["RT036/range /count"]),
        (r#"{"count": 123456789012345678901234567890}"#, &["RT036/range /count"]),
        (r#"{"count": 1.5}"#, &["RT030/type /count"]),
        (r#"{"count": "1"}"#, &["RT030/type /count"]),
        (r#"{"small": 2147483648}"#, &["RT030/format /small"]),
        (r#"{"name": null}"#, &["RT030/type /name"]),
        (r#"{"inner": [{"amount": 100.10}, {"amount": 1234567890123456.789}]}"#, &["RT037/precision /inner/1/amount"]),
        (r#"{"booked": "2026-01-31T10:00:00+01:00", "local": "2026-01-31T10:00:00Z"}"#, &nothing),
        (r#"{"booked": "2016-12-31T23:59:60Z"}"#, &["RT038/leap-second /booked"]),
        (r#"{"booked": "2026-01-31T10:00:00-00:00"}"#, &["RT038/unknown-offset /booked"]),
        (r#"{"booked": "2026-01-31T10:00:00"}"#, &["RT030/format /booked"]),
        (r#"{"local": "2026-01-31T10:00:00"}"#, &["RT038/no-offset /local"]),
        (r#"{"local": "2026-01-31 10:00:00Z"}"#, &["RT038/separator /local"]),
        (r#"{"colour": "red"}"#, &["RT033/property /colour"]),
        (r#"{"inner": [{"amount": 1, "sign": "+"}]}"#, &["RT033/property /inner/0/sign"]),
    ] {
        assert_eq!(found(body), expected, "{body}");
    }
}

#[test]
fn a_refused_value_says_what_was_nearly_right() {
    let message = |body: &str| {
        let contract = contract();
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        let response = Response { status: 200, headers, body: body.as_bytes().to_vec() };
        check_response(&contract, &contract.spec().operations()[0], &response).remove(0).message
    };
    assert!(message(r#"{"closed": "BOOKED"}"#).ends_with("; it differs from \"booked\" only by case"));
    assert!(message(r#"{"booked": "2026-01-31T10:00:00"}"#).ends_with("`date-time`: it has no offset from UTC"));
    assert!(message(r#"{"booked": "31.01.2026"}"#).ends_with("`date-time`"));
}

#[test]
fn header_fields_and_cookies_that_nobody_documented() {
    let contract = contract();
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let headers = vec![
        header("x-key", "k"),
        header("User-Agent", "a"),
        header("x-forwarded-for", "::1"),
        header("X-TRACE", "a"),
        header("X-Other", "a"),
        header("Cookie", "theme=a; size=1; session=b; DE89370400440532013000=c"),
    ];
    let request = Request { method: "POST".to_owned(), path: "/accounts".to_owned(), headers, ..Request::default() };
    let findings = exchange::check(&contract, &request).findings;
    let rules: Vec<_> = findings
        .iter()
        .map(|finding| (finding.rule.as_str(), finding.instance_pointer.as_deref().unwrap_or_default()))
        .collect();
    assert_eq!(rules, [("RT033/header", "/X-Other"), ("RT033/cookie", "/session"), ("RT033/cookie", "")]);
    assert!(findings.iter().all(|finding| finding.severity == Severity::Warning && !finding.message.contains("8937")));

    let headers = vec![
        header("content-type", "application/json"),
        header("x-limit", "1"),
        header("x-cost", "1"),
        header("etag", "a"),
    ];
    let response = Response { status: 200, headers, body: b"{}".to_vec() };
    let findings = check_response(&contract, &contract.spec().operations()[0], &response);
    let rules: Vec<_> = findings.iter().map(|finding| (finding.rule.as_str(), finding.severity)).collect();
    assert_eq!(rules, [("RT033/header", Severity::Info)], "gateways add header fields");
}

#[test]
fn a_url_is_of_a_declared_server_or_of_none() {
    let contract = contract();
    let found = |url: &str| -> Vec<String> {
        let headers = vec![("x-key".to_owned(), "k".to_owned())];
        let request = Request { method: "POST".to_owned(), path: url.to_owned(), headers, ..Request::default() };
        exchange::check(&contract, &request).findings.iter().map(|finding| finding.rule.to_string()).collect()
    };
    for own in [
        "HTTPS://API.bank.example:443/v1/accounts",
        "https://b.sandbox.example/x/accounts",
        "https://b.sandbox.example/api/v2/accounts",
        "https://api.bank.example/v1/accounts#fragment",
        "https://anywhere.example/relative/accounts",
        "/accounts",
    ] {
        assert!(found(own).is_empty(), "{own}");
    }
    for (url, rules) in [
        ("https://api.bank.example/v1/accounts?a=b#c", &["RT033/query"][..]),
        ("https://api.bank.example/v1", &["RT001"]),
        ("/accounts://v1", &["RT001"]),
        // Of another server, and judged all the same: below a base path that the document has, or below none.
        ("https://other.example/v1/accounts", &["RT003"]),
        ("http://api.bank.example/v1/accounts", &["RT003"]),
        ("http://api.bank.example:443/v1/accounts", &["RT003"]),
        ("https://api.bank.example:8443/v1/accounts", &["RT003"]),
        ("https://api.bank.example/v10/accounts", &["RT003", "RT001"]),
    ] {
        assert_eq!(found(url), rules, "{url}");
    }
    let request = |path: &str| Request { method: "GET".to_owned(), path: path.to_owned(), ..Request::default() };
    for (servers, rules) in [("", &[][..]), ("    servers: [{url: 'https://a.example'}]\n", &["RT003"])] {
        let text = format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n  /b:\n{servers}    get: {{responses: {{}}}}\n"
        );
        let anywhere = Contract::new("t", Spec::read(Document::parse("s.yaml", &text).unwrap()).unwrap());
        let findings = exchange::check(&anywhere, &request("https://b.example/b")).findings;
        assert_eq!(findings.iter().map(|finding| finding.rule.as_str()).collect::<Vec<_>>(), rules, "{servers}");
    }
}
