//! Requests that break the contract: with which status and which body they are refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod wire;

use std::io::Write as _;

use serde_json::{Value, json};
use wire::{SPEC, get, send, server, set_up};

const JSON: &str = "content-type: application/json\r\n";
const GOOD: &str = "content-type: application/json\r\nauthorization: Bearer t\r\n";

fn violation(answer: &wire::Answer, index: usize) -> Value {
    assert_eq!(answer.field("content-type"), Some("application/problem+json"));
    let violation = &answer.json()["violations"][index];
    assert!(!violation["message"].as_str().unwrap().is_empty(), "{violation}");
    json!([violation["location"], violation["pointer"], violation["keyword"], violation["schema"]])
}

#[tokio::test]
async fn a_documented_error_is_answered_with_its_body_and_the_violations_stand_in_a_field() {
    let server = server().await;
    let answer = get(&server, "/things?n=x", "").await;
    assert_eq!((answer.status, answer.json()), (400, json!({"code": 1})));
    let field = answer.field("obkit-violations").unwrap();
    assert!(field.starts_with("query;pointer=\"/n\";keyword=\"type\";message=\""), "{field}");
}

#[tokio::test]
async fn credentials_that_are_missing_are_asked_for() {
    let server = server().await;
    let answer = send(&server, "POST", "/things", JSON, "{\"a\": 1}").await;
    assert_eq!((answer.status, answer.json()), (401, json!({"error": "unauthorised"})));
    assert_eq!(answer.fields("www-authenticate"), ["Basic realm=\"mock\"", "bearer"]);
    assert!(answer.field("obkit-violations").unwrap().starts_with("security;"));
}

#[tokio::test]
async fn a_body_that_does_not_fit_is_refused_without_a_body_where_the_document_has_none() {
    let server = server().await;
    for (body, keyword) in [("{\"a\": \"SECRET\"}", "type"), ("{", "syntax")] {
        // What is no JSON is not of this status, unless the document has no other.
        let answer = send(&server, "POST", "/things", GOOD, body).await;
        assert_eq!((answer.status, answer.body.len(), answer.field("content-type")), (422, 0, None));
        let told = answer.field("obkit-violations").unwrap();
        assert!(told.contains(&format!("keyword=\"{keyword}\"")) && !told.contains("SECRET"), "{told}");
    }
}

#[tokio::test]
async fn a_body_that_does_not_fit_is_a_problem_with_violations_where_the_document_has_no_refusal() {
    let spec = SPEC.replace("        '422': {description: no}\n", "");
    let server = set_up(&spec, |builder| builder).await;
    let answer = send(&server, "POST", "/things", GOOD, "{\"a\": \"SECRET\"}").await;
    assert_eq!(answer.status, 400);
    let schema = "/paths/~1things/post/requestBody/content/application~1json/schema/properties/a/type";
    assert_eq!(violation(&answer, 0), json!(["body", "/a", "type", schema]));
    let problem = answer.json();
    assert_eq!((&problem["type"], &problem["title"]), (&json!("about:blank"), &json!("Bad Request")));
    assert_eq!(problem["status"], 400);
    assert_eq!(answer.field("obkit-violations"), None);
    assert!(!problem.to_string().contains("SECRET"), "{problem}");
}

#[tokio::test]
async fn without_any_documented_error_a_body_that_does_not_fit_is_400() {
    let spec = SPEC.replace("        '422': {description: no}\n", "");
    let server = set_up(&spec, |builder| builder).await;
    let answer = send(&server, "POST", "/things", GOOD, "{}").await;
    assert_eq!((answer.status, &violation(&answer, 0)[2]), (400, &json!("required")));
}

#[tokio::test]
async fn with_400_and_422_each_has_its_own() {
    let spec = SPEC.replace(
        "        '422': {description: no}\n",
        "        '400': {description: no}\n        '422': {description: no}\n",
    );
    let server = set_up(&spec, |builder| builder).await;
    assert_eq!(send(&server, "POST", "/things", GOOD, "{}").await.status, 422);
    assert_eq!(send(&server, "POST", "/things", GOOD, "{").await.status, 400);
}

#[tokio::test]
async fn a_path_that_is_not_documented_is_404() {
    let server = server().await;
    let answer = get(&server, "/nowhere", "").await;
    assert_eq!(answer.status, 404);
    assert_eq!(violation(&answer, 0), json!(["path", "", "paths", null]));
}

#[tokio::test]
async fn a_method_that_is_not_documented_is_405_and_names_the_others() {
    let server = server().await;
    let answer = send(&server, "PATCH", "/things", "", "").await;
    assert_eq!((answer.status, answer.field("allow")), (405, Some("GET, HEAD, OPTIONS, POST")));
    assert_eq!(violation(&answer, 0)[0], "method");
    assert_eq!(
        send(&server, "FROBNICATE", "/things/1", "", "").await.field("allow"),
        Some("DELETE, GET, HEAD, OPTIONS")
    );
}

#[tokio::test]
async fn a_media_type_that_is_not_documented_is_415() {
    let server = server().await;
    let fields = "content-type: text/plain\r\nauthorization: Bearer t\r\n";
    let answer = send(&server, "POST", "/things", fields, "{\"a\": 1}").await;
    assert_eq!(answer.status, 415);
    let schema = "/paths/~1things/post/requestBody/content";
    assert_eq!(violation(&answer, 0), json!(["header", "/content-type", "contentType", schema]));
}

#[tokio::test]
async fn an_accept_that_nothing_meets_is_406() {
    let server = server().await;
    assert_eq!(get(&server, "/things/1", "accept: image/png, application/json;q=0\r\n").await.status, 406);
}

#[tokio::test]
async fn a_schema_that_cannot_be_enforced_lets_nothing_pass() {
    let server = server().await;
    assert_eq!(send(&server, "POST", "/broken", JSON, "1").await.status, 500);
}

#[tokio::test]
async fn parameters_are_named_by_location_and_pointer() {
    let server = server().await;
    let answer = get(&server, "/things/123456789", "").await;
    assert_eq!(answer.status, 400);
    let schema = "/paths/~1things~1{id}/get/parameters/0/schema/maxLength";
    assert_eq!(violation(&answer, 0), json!(["path", "/id", "maxLength", schema]));
}

#[tokio::test]
async fn a_lenient_server_answers_with_success_and_says_what_is_wrong() {
    let server = set_up(SPEC, |builder| builder.lenient(true)).await;
    let answer = get(&server, "/things?n=x", "").await;
    assert_eq!((answer.status, answer.json()), (200, json!([1])));
    assert!(answer.field("obkit-violations").unwrap().contains("keyword=\"type\""));
    assert_eq!(get(&server, "/nowhere", "").await.status, 404);
    assert_eq!(server.take_findings().len(), 2);
}

#[tokio::test]
async fn where_nothing_can_be_answered_that_is_said() {
    let server = server().await;
    let answer = get(&server, "/silent", "").await;
    assert_eq!((answer.status, &answer.json()["detail"]), (501, &json!("the operation documents no response")));
    let answer = get(&server, "/impossible", "").await;
    assert_eq!(answer.status, 501);
    assert!(answer.json()["detail"].as_str().unwrap().contains("nothing fits"), "{answer:?}");
}

const STRICT: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /funds:
    post:
      security: [{token: []}]
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses:
        '200': {description: ok, content: {application/json: {example: {}}}}
        '401':
          description: no
          headers:
            X-Interaction: {required: true, schema: {type: string, pattern: '^[0-9]{4}-[a-f]{2}$'}}
            WWW-Authenticate: {required: true, schema: {type: string, pattern: '^Bearer .+'}}
        '415': {description: no, headers: {X-Interaction: {required: true, example: shown, schema: {type: string}}}}
  /file: {get: {responses: {'200': {description: ok, content: {'*/*': {schema: {type: string, format: binary}}}}}}}
  /value: {get: {responses: {'200': {description: ok, content: {'*/*': {schema: {type: object, properties: {a: {type: integer}}}}}}}}}
components: {securitySchemes: {token: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://b.example/t', scopes: {}}}}}}
";

#[tokio::test]
async fn a_documented_refusal_has_its_header_fields_and_no_body_where_none_is_documented() {
    let server = set_up(STRICT, |builder| builder).await;
    let answer = send(&server, "POST", "/funds", JSON, "{}").await;
    assert_eq!((answer.status, answer.body.len(), answer.field("content-type")), (401, 0, None), "{answer:?}");
    let id = answer.field("x-interaction").unwrap();
    assert!(id.len() == 7 && id[..4].parse::<u16>().is_ok() && &id[4..5] == "-", "it fits its pattern: {id}");
    assert_eq!(answer.fields("www-authenticate"), ["Bearer realm=\"mock\""]);
    assert!(answer.field("obkit-violations").unwrap().starts_with("security;"));
    let text = "content-type: text/csv\r\nauthorization: Bearer t\r\n";
    let answer = send(&server, "POST", "/funds", text, "a;b").await;
    assert_eq!((answer.status, answer.body.len(), answer.field("x-interaction")), (415, 0, Some("shown")));
}

#[tokio::test]
async fn where_any_media_type_will_do_it_is_that_of_the_body() {
    let server = set_up(STRICT, |builder| builder).await;
    let answer = get(&server, "/file", "").await;
    assert_eq!((answer.status, answer.field("content-type")), (200, Some("application/octet-stream")));
    let answer = get(&server, "/value", "").await;
    assert_eq!(answer.field("content-type"), Some("application/json"));
    assert!(answer.json()["a"].is_i64(), "{answer:?}");
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn a_compressed_body_is_judged_as_what_it_stands_for() {
    let server = server().await;
    for (coding, body, status) in [
        ("gzip", gzip("{\"a\": 1}"), 201),
        ("gzip", gzip("{\"a\": \"x\"}"), 422),
        ("br", b"whatever".to_vec(), 415),
        ("gzip", gzip(&" ".repeat(17 * 1024 * 1024)), 413),
    ] {
        let head = format!(
            "POST /things HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{GOOD}content-encoding: {coding}\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        let answer = wire::Answer::of(&wire::raw(&server, [head.as_bytes(), &body].concat()).await);
        assert_eq!(answer.status, status, "{coding}: {answer:?}");
        assert_eq!(answer.field("accept-encoding"), (status == 415 || status == 413).then_some("gzip, deflate"));
    }
}

#[tokio::test]
async fn generated_problem_details_say_the_status_that_they_come_with() {
    const PROBLEMS: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /things:
    get:
      operationId: things
      responses:
        '200': {description: ok}
        '404': {description: no, content: {application/problem+json: {schema: {type: object, required: [type, title, status], properties: {type: {type: string}, title: {type: string}, status: {type: integer}}}}}}
        '409': {description: no, content: {application/problem+json: {schema: {type: object, required: [status], properties: {status: {type: string, enum: [conflict]}}}}}}
";
    let server = set_up(PROBLEMS, |builder| builder).await;
    let answer = get(&server, "/things", "prefer: code=404\r\n").await;
    assert_eq!((&answer.json()["status"], &answer.json()["type"]), (&json!(404), &json!("about:blank")));
    // A schema that is against the RFC is the one that counts.
    assert_eq!(get(&server, "/things", "prefer: code=409\r\n").await.json()["status"], json!("conflict"));
}
