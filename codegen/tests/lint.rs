//! What lint says of small documents, word by word: the place, the rule and the message.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod fixtures;

use obkit_codegen::lint;

/// A document with these operations under `/a` and these schemas, in flow style.
fn document(version: &str, operations: &str, schemas: &str) -> String {
    format!(
        "openapi: {version}\ninfo: {{title: T, version: '1'}}\npaths:\n  /a: {operations}\n\
         components:\n  schemas: {schemas}\n"
    )
}

/// An operation that answers a schema.
fn answers(schema: &str) -> String {
    format!(
        "{{get: {{operationId: read, responses: {{'200': {{description: Ok, content: {{application/json: {{schema: {schema}}}}}}}, \
         '400': {{description: Bad}}}}}}}}"
    )
}

/// What is said by rules of these names.
fn said(text: &str, rules: &[&str]) -> Vec<String> {
    let notes = lint(&fixtures::read("lint", text));
    notes.iter().filter(|note| rules.contains(&note.rule)).map(ToString::to_string).collect()
}

#[test]
fn an_enum_without_values_is_not_null() {
    let text = document("3.0.3", &answers("{type: string, enum: []}"), "{}");
    assert_eq!(said(&text, &["nullable-body", "enum-not-text", "untyped-schema"]), [""; 0]);
    let text = document("3.0.3", &answers("{type: string, enum: [null], nullable: true}"), "{}");
    assert_eq!(said(&text, &["nullable-body"]).len(), 1);
}

#[test]
fn a_blank_operation_id_is_none() {
    let text = document("3.0.3", &answers("{type: string}").replace("operationId: read", "operationId: ' '"), "{}");
    let expected = "4:14: warning[operation-id-missing]: `GET /a` has no operationId; `get_a` is used";
    assert_eq!(said(&text, &["operation-id-missing"]), [expected]);
}
