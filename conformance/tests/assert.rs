//! `assert_conforms!`: what it takes, where it fails, and what it tells.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use hyper::{Request, Response};
use obkit_codegen::{Document, Spec};
use obkit_conformance::{Contract, Severity, assert_conforms, exchange};
use serde_json::json;

const SPEC: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
servers: [{url: 'https://bank.example/v1'}]
paths:
  /accounts/{id}:
    put:
      operationId: rename
      parameters: [{name: id, in: path, required: true, schema: {type: string, maxLength: 8}}]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Name'}}}}
      responses:
        '200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Name'}}}}
        '204': {description: done}
components:
  schemas:
    Name: {type: object, required: [name], properties: {name: {type: string, maxLength: 8}}}
";

fn contract() -> Contract {
    Contract::new("bank", Spec::read(Document::parse("openapi.yaml", SPEC).unwrap()).unwrap())
}

/// What an assertion panics with.
fn failure(assertion: impl FnOnce()) -> String {
    *catch_unwind(AssertUnwindSafe(assertion)).expect_err("it passes").downcast::<String>().unwrap()
}

fn request(path: &str, body: &str) -> Request<String> {
    Request::put(path).header("content-type", "application/json").body(body.to_owned()).unwrap()
}

fn response(status: u16, body: &str) -> Response<Vec<u8>> {
    let builder = Response::builder().status(status).header("content-type", "application/json");
    builder.body(body.as_bytes().to_vec()).unwrap()
}

#[test]
fn what_conforms_passes_in_every_form() {
    let contract = contract();
    let (asked, answered) = (request("/accounts/7", r#"{"name": "a"}"#), response(200, r#"{"name": "a"}"#));
    assert_conforms!(contract, request: &asked);
    assert_conforms!(contract, request: asked.clone(), response: &answered);
    assert_conforms!(contract, operation: "rename", response: answered);
    assert_conforms!(contract, operation: "PUT /accounts/{id}", payload: &json!({"name": "a"}));
    assert_conforms!(contract, operation: "rename", status: 200, payload: &json!({"name": "a"}), deny: Severity::Info);
    assert_conforms!(contract, request: request("https://bank.example/v1/accounts/7", r#"{"name": "a"}"#), deny: Severity::Warning);
    let plain = exchange::Response { status: 204, ..exchange::Response::default() };
    assert_conforms!(contract, operation: "rename", response: plain);
}

#[test]
fn what_does_not_is_told_as_a_report_tells_it_and_without_its_values() {
    let contract = contract();
    let told = failure(
        || assert_conforms!(contract, request: request("/accounts/canary-73", r#"{"name": "canary 73 is too long"}"#)),
    );
    for part in [
        "the request, by bank (openapi.yaml), does not conform",
        "error[RT050/maxLength] bank rename",
        "error[RT030/maxLength] bank rename",
        "--> openapi.yaml:8:",
        "at /name",
        "help: send a body that fits its schema",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(!told.contains("canary"), "{told}");

    let told =
        failure(|| assert_conforms!(contract, operation: "rename", response: response(200, r#"{"name": null}"#)));
    assert!(told.contains("error[RT030/type] bank rename 200"), "{told}");
    let (asked, answered) = (request("/accounts/7", r#"{"name": 1}"#), response(418, "{}"));
    let told = failure(|| assert_conforms!(contract, request: asked, response: answered));
    assert!(told.contains("RT030/type") && told.contains("RT010"), "both sides of an exchange: {told}");
    let told = failure(|| assert_conforms!(contract, operation: "rename", payload: &json!({})));
    assert!(told.contains("error[RT030/required] bank rename\n"), "{told}");
}

#[test]
fn a_name_that_the_document_does_not_have_is_no_pass() {
    let contract = contract();
    for told in [
        failure(|| assert_conforms!(contract, operation: "delete", response: response(200, "{}"))),
        failure(|| assert_conforms!(contract, operation: "delete", payload: &json!({}))),
    ] {
        assert!(told.contains("RT002") && told.contains("no operation `delete`"), "{told}");
    }
    let told = failure(|| assert_conforms!(contract, operation: "rename", status: 204, payload: &json!({})));
    assert!(told.contains("RT021"), "{told}");
    let told = failure(|| assert_conforms!(contract, operation: "rename", status: 500, payload: &json!({})));
    assert!(told.contains("RT010"), "{told}");
    let told =
        failure(|| assert_conforms!(contract, request: request("/nowhere", "{}"), response: response(200, "{}")));
    assert!(told.contains("RT001"), "{told}");
}

#[test]
fn warnings_fail_where_they_are_denied_and_are_told_where_something_else_does() {
    let contract = contract();
    let elsewhere = || request("https://other.example/v1/accounts/7", r#"{"name": "a", "age": 7}"#);
    assert_conforms!(contract, request: elsewhere());
    let told = failure(|| assert_conforms!(contract, request: elsewhere(), deny: Severity::Warning));
    assert!(told.contains("warning[RT003]") && told.contains("warning[RT033/property]"), "{told}");
    let told = failure(|| assert_conforms!(contract, operation: "rename", payload: &json!({"age": 7})));
    assert!(told.find("error[").unwrap() < told.find("warning[RT033/property]").unwrap(), "the worst first: {told}");
}

#[test]
fn an_assertion_fails_where_it_stands() {
    let places = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&places);
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        seen.lock().unwrap().extend(info.location().map(|at| (at.file().to_owned(), at.line())));
    }));
    let line = line!() + 1;
    let _ = catch_unwind(|| assert_conforms!(contract(), operation: "rename", payload: &json!(7)));
    std::panic::set_hook(before);
    // Other tests panic meanwhile.
    let places = places.lock().unwrap();
    assert!(
        places.iter().any(|(file, at)| file.ends_with("assert.rs") && *at == line),
        "{line} is not among {places:?}"
    );
}
