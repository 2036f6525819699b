//! Lines in, verdicts out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use obkit_codegen::{Document, Spec};
use obkit_conformance::payload::{self, Summary};
use obkit_conformance::{Contract, Finding, Profile, Profiles, Severity};
use serde_json::{Value, json};

const SPEC: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /pets:
    post:
      operationId: addPet
      requestBody:
        content:
          application/json: {schema: {$ref: '#/components/schemas/Pet'}}
      responses:
        '201':
          description: ok
          content:
            application/json: {schema: {$ref: '#/components/schemas/Pet'}}
        4XX:
          description: bad
          content:
            application/*: {schema: {type: object, required: [code]}}
        default: {description: other}
components:
  schemas:
    Pet: {type: object, required: [id, name], properties: {id: {type: integer, readOnly: true}, name: {type: string}}}
    Broken: {type: nonsense}
";

fn judge(text: &[u8]) -> (Vec<Value>, Summary) {
    let contract = Contract::new("t", Spec::read(Document::parse("s", SPEC).unwrap()).unwrap());
    let mut out = Vec::new();
    let summary = payload::validate(&contract, text, &mut out).unwrap();
    let verdicts = String::from_utf8(out).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (verdicts, summary)
}

fn one(line: Value) -> Value {
    judge(line.to_string().as_bytes()).0.remove(0)
}

#[test]
fn operation_status_and_content_type_decide() {
    assert_eq!(
        one(json!({"kind": "request", "op": "POST /pets", "content_type": "application/json", "value": {"name": "a"}})),
        json!({"line": 1, "valid": true})
    );
    assert_eq!(one(json!({"kind": "request", "op": "addPet", "value": {"name": "a"}}))["valid"], true);
    assert_eq!(
        one(json!({"kind": "response", "op": "POST /pets", "status": "201", "value": {"name": "a"}})),
        json!({"line": 1, "valid": false, "errors": [{"keyword": "required", "instance_path": "", "schema_pointer": "/components/schemas/Pet/required", "message": "the property \"id\" is required"}]}),
    );
    for status in [json!(404), json!("404"), json!("4XX"), json!("4xx")] {
        let verdict = one(
            json!({"kind": "response", "op": "POST /pets", "status": status, "content_type": "Application/Problem+JSON; a=b", "value": {}}),
        );
        assert_eq!(verdict["errors"][0]["keyword"], "required", "{verdict}");
    }
}

#[test]
fn a_schema_pointer_decides_and_the_kind_gives_the_direction() {
    let line = |kind: &str, value: Value| {
        one(json!({"kind": kind, "op": "GET /nowhere", "schema_pointer": "#/components/schemas/Pet", "value": value}))["valid"].clone()
    };
    assert_eq!(line("request", json!({"name": "a"})), true);
    assert_eq!(line("response", json!({"name": "a"})), false);
    assert_eq!(line("schema", json!({"name": "a", "id": 1})), true);
    assert_eq!(line("schema", json!(null)), false);
}

#[test]
fn what_an_operation_does_not_document_breaks_the_contract() {
    let verdict =
        one(json!({"kind": "response", "op": "POST /pets", "status": 201, "content_type": "text/json", "value": {}}));
    assert_eq!(verdict["errors"][0]["keyword"], "contentType");
    let verdict = one(json!({"kind": "response", "op": "POST /pets", "status": "500", "value": {}}));
    assert_eq!(verdict["errors"][0]["keyword"], "contentType", "default documents no body");
    let verdict = one(json!({"kind": "response", "op": "POST /pets", "status": "2XX", "value": {}}));
    assert_eq!(verdict["errors"][0]["keyword"], "status");
}

#[test]
fn what_is_not_json_is_skipped_and_no_bad_input() {
    let (verdicts, summary) = judge(
        br#"{"kind": "response", "op": "addPet", "status": 404, "content_type": "application/jwt", "value": "x"}"#,
    );
    assert_eq!(verdicts[0]["skipped"], "not JSON: application/jwt");
    assert_eq!((summary.skipped, summary.bad_input.len()), (1, 0));
    // What no response has is wrong whatever it is.
    for media_type in ["application/jwt", "text/csv"] {
        let verdict = one(
            json!({"kind": "response", "op": "addPet", "status": 201, "content_type": media_type, "value": {"id": "1"}}),
        );
        assert_eq!(verdict["errors"][0]["keyword"], "contentType", "{verdict}");
    }
}

#[test]
fn nothing_is_told_of_a_payload_but_what_names_its_schema() {
    let line = json!({"kind": "response", "op": "addPet", "status": 201, "content_type": "Bearer s3cr3t", "value": {}});
    let verdict = one(line).to_string();
    assert!(verdict.contains("`Content-Type` is no media type") && !verdict.contains("s3cr3t"), "{verdict}");
    let other =
        json!({"kind": "schema", "schema_pointer": "#/components/schemas/Pet", "content_type": "s3cr3t", "value": 1});
    let verdict = one(other).to_string();
    assert!(verdict.contains("`content_type` is no media type") && !verdict.contains("s3cr3t"), "{verdict}");
    let (verdicts, summary) = judge("nonsense\n".repeat(1_500).as_bytes());
    assert_eq!((verdicts.len(), summary.bad_lines, summary.bad_input.len()), (1_500, 1_500, 1_000));
}

#[test]
fn what_many_lines_have_in_common_is_one_finding_that_of_the_first() {
    let contract = Contract::new("t", Spec::read(Document::parse("s", SPEC).unwrap()).unwrap());
    let wrong = r#"{"kind":"request","op":"addPet","value":{"name":7}}"#;
    let right = r#"{"kind":"request","op":"addPet","value":{"name":"a"}}"#;
    let lines: Vec<_> = (1..=12).map(|line| if line == 2 || line == 10 { wrong } else { right }).collect();
    let (mut out, mut told) = (Vec::new(), Vec::new());
    let mut report = |finding: Finding| told.push(finding.message);
    let text = lines.join("\n");
    payload::validate_reporting(&contract, Profiles::default(), text.as_bytes(), &mut out, &mut report).unwrap();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("payload line 2: "), "{told:?}");
}

#[test]
fn a_wrong_line_does_not_take_the_others_with_it() {
    let good = r#"{"kind":"request","op":"addPet","value":{"name":"a"}}"#;
    let wrong = [
        "nonsense",
        "[1]",
        r#"{"kind":"request","op":"addPet"}"#,
        r#"{"op":"addPet","value":1}"#,
        r#"{"kind":"x","value":1}"#,
        r#"{"kind":"request","op":"GET /none","value":1}"#,
        r#"{"kind":"response","op":"addPet","value":1}"#,
        r#"{"kind":"schema","value":1}"#,
        r##"{"kind":"schema","schema_pointer":"#/components/schemas/None","value":1}"##,
        r##"{"kind":"schema","schema_pointer":"#/components/schemas/Broken","value":1}"##,
        r#"{"kind":1,"value":1}"#,
        // What else is wrong with a line comes before what is wrong with its value.
        r#"{"kind":"request","op":"GET /none","value":{"name":"a","name":"b"}}"#,
        r#"{"kind":"request","op":"addPet","value":{"name":"a","name":"b"},"kind":"request"}"#,
    ];
    let text = format!("\u{feff}{good}\n\n{}\n{good}", wrong.join("\r\n"));
    let mut bytes = text.into_bytes();
    bytes.extend_from_slice(b"\n\xff\xfe\n");
    let (verdicts, summary) = judge(&bytes);
    assert_eq!(verdicts.len(), wrong.len() + 3);
    assert_eq!((summary.valid, summary.invalid, summary.skipped), (2, 0, wrong.len() + 1));
    let lines: Vec<_> = summary.bad_input.iter().map(|bad| bad.line).collect();
    assert_eq!(lines, (3..3 + wrong.len()).chain([wrong.len() + 4]).collect::<Vec<_>>());
    for bad in &summary.bad_input {
        assert!(!bad.remedy.is_empty() && verdicts.iter().any(|v| v["skipped"] == bad.message.as_str()));
    }
}

/// A body that a HAR would have, and that is no line of another kind.
#[test]
fn a_value_in_which_a_name_stands_twice_is_invalid() {
    let contract = Contract::new("t", Spec::read(Document::parse("s", SPEC).unwrap()).unwrap());
    let twice = r#"{"SECRET":[{"name":"a","name":"b"}]}"#;
    let judged = |line: &str| {
        let (mut out, mut rules) = (Vec::new(), Vec::new());
        let mut report = |finding: Finding| rules.push((finding.rule.to_string(), finding.severity));
        let profile = Profiles::Only(Profile::Lenient);
        let summary = payload::validate_reporting(&contract, profile, line.as_bytes(), &mut out, &mut report).unwrap();
        (serde_json::from_slice::<Value>(&out).unwrap(), summary, rules)
    };
    let line = format!(r#"{{"kind":"request","op":"addPet","value":{twice},"more":1}}"#);
    let (verdict, summary, rules) = judged(&line);
    assert_eq!((summary.invalid, summary.skipped, summary.bad_input.len()), (1, 0, 0));
    assert_eq!((&verdict["valid"], &verdict["errors"][0]["keyword"]), (&false.into(), &"json".into()));
    assert_eq!(rules, [("RT023".to_owned(), Severity::Error)]);
    let message = verdict["errors"][0]["message"].as_str().unwrap();
    assert!(
        message.contains("a name stands twice in an object") && !verdict.to_string().contains("SECRET"),
        "{message}"
    );
    let pointed = format!(r##"{{"kind":"schema","schema_pointer":"#/components/schemas/Pet","value":{twice}}}"##);
    assert_eq!(judged(&pointed).0["valid"], false);
    // What is documented nowhere, or is not JSON, stays that.
    let line = |status: u16, media_type: &str| {
        format!(
            r#"{{"kind":"response","op":"addPet","status":{status},"content_type":"{media_type}","value":{twice}}}"#
        )
    };
    assert_eq!(judged(&line(201, "a/json")).0["errors"][0]["keyword"], "contentType");
    assert!(judged(&line(404, "application/jwt")).0["skipped"].as_str().unwrap().starts_with("not JSON: "));
}

#[test]
fn a_line_that_cannot_be_read_is_told_why() {
    let nested = format!(r#"{{"kind":"request","op":"addPet","value":{}{}}}"#, "[".repeat(200), "]".repeat(200));
    for (line, reason) in [
        (nested.as_str(), "it is nested deeper than 127 levels (column "),
        (r#"{"kind":"request","op":"addPet","value":1e999}"#, "a number is beyond the range of binary64 (column "),
        (r#"{"kind":"request"#, "it is not JSON (column "),
    ] {
        let (verdicts, summary) = judge(line.as_bytes());
        assert!(verdicts[0]["skipped"].as_str().unwrap().starts_with(reason), "{}", verdicts[0]);
        assert_eq!(summary.bad_input.len(), 1);
    }
}

#[test]
fn a_line_beyond_the_limit_is_skipped_and_the_next_is_read() {
    let long = format!(
        "{{\"a\": \"{}\"}}\n{{\"kind\":\"request\",\"op\":\"addPet\",\"value\":{{\"name\":\"a\"}}}}",
        "x".repeat(payload::MAX_LINE)
    );
    let (verdicts, summary) = judge(long.as_bytes());
    assert!(verdicts[0]["skipped"].as_str().unwrap().contains("longer than"));
    assert_eq!(verdicts[1], json!({"line": 2, "valid": true}));
    assert_eq!(summary.bad_input.len(), 1);
}
