//! Which answer is given: by `Accept`, by `Prefer`, by seed, and by chance.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod wire;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use obkit_codegen::{Document, Spec};
use obkit_conformance::server::ContractServer;
use obkit_conformance::{Contract, Direction};
use serde_json::{Value, json};
use wire::{SPEC, get, send, server, set_up};

#[tokio::test]
async fn the_most_welcome_media_type_is_answered() {
    let server = server().await;
    for (accept, expected) in [
        ("", "application/json"),
        ("accept: */*\r\n", "application/json"),
        ("accept: text/csv, application/json;q=0.9\r\n", "text/csv"),
        ("accept: text/*;q=0.4\r\naccept: application/*;q=0.3\r\n", "text/csv"),
        ("accept: nonsense\r\n", "application/json"),
    ] {
        assert_eq!(get(&server, "/things?n=1", accept).await.field("content-type"), Some(expected), "{accept}");
    }
    assert_eq!(get(&server, "/things?n=1", "accept: text/csv\r\n").await.body, b"a;b");
}

#[tokio::test]
async fn a_status_and_an_example_can_be_preferred() {
    let server = server().await;
    let answer = get(&server, "/things?n=1", "prefer: code=200, example=two\r\n").await;
    assert_eq!((answer.status, answer.json()), (200, json!([1, 2])));
    assert_eq!(answer.field("preference-applied"), Some("code=200, example=two"));
    // A range and `default` answer every status that is theirs.
    let answer = get(&server, "/things?n=1", "prefer: code=418\r\n").await;
    assert_eq!((answer.status, answer.json()), (418, json!({"code": 1})));
    assert_eq!(get(&server, "/things?n=1", "prefer: code=503\r\n").await.status, 503);
    let answer = get(&server, "/things/1", "prefer: example=gone\r\n").await;
    assert_eq!((answer.status, answer.json()), (404, json!({"gone": true})));
    assert_eq!(send(&server, "DELETE", "/things/1", "", "").await.status, 204);
}

#[tokio::test]
async fn a_preference_that_cannot_be_met_is_said() {
    let server = server().await;
    let answer = get(&server, "/things/1", "prefer: code=299, example=none, seed=x, respond-async\r\n").await;
    assert_eq!((answer.status, answer.field("preference-applied")), (200, None));
    let unmet = answer.fields("obkit-preference-unmet");
    assert_eq!(unmet.len(), 3, "{unmet:?}");
    assert!(unmet.contains(&"code;reason=\"the operation documents no 299\""), "{unmet:?}");
    let strict = get(&server, "/things/1", "prefer: code=299, handling=strict\r\n").await;
    assert_eq!((strict.status, strict.field("preference-applied")), (400, Some("handling=strict")));
    assert_eq!(strict.json()["violations"][0]["keyword"], "code");
    assert_eq!(get(&server, "/things/1", "prefer: code=404, handling=strict\r\n").await.status, 404);
    for (preferences, unmet) in
        [("dynamic=true, example=gone", "dynamic"), ("seed=7", "seed"), ("dynamic=false, code=404, seed=7", "seed")]
    {
        let answer = get(&server, "/things/1", &format!("prefer: {preferences}\r\n")).await;
        assert!(answer.field("obkit-preference-unmet").unwrap().starts_with(unmet), "{answer:?}");
    }
    let answer = send(&server, "POST", "/things", GOOD, "{\"a\": 1}").await;
    assert_eq!(answer.status, 201);
    let answer = send(&server, "POST", "/things", &format!("{GOOD}prefer: dynamic=false\r\n"), "{\"a\": 1}").await;
    assert_eq!(answer.field("obkit-preference-unmet"), Some("dynamic;reason=\"there is no example\""));
}

const GOOD: &str = "content-type: application/json\r\nauthorization: Bearer t\r\n";

#[tokio::test]
async fn the_same_request_and_seed_get_the_same_generated_body() {
    let server = set_up(SPEC, |builder| builder.dynamic(true).seed(1)).await;
    let other = set_up(SPEC, |builder| builder.dynamic(true).seed(1)).await;
    let ask = async |server: &ContractServer, path: &str, prefer: &str| get(server, path, prefer).await.json();
    let first = ask(&server, "/things/1", "").await;
    assert!(first["id"].as_str().unwrap().chars().count() >= 3, "{first}");
    assert_eq!(first, ask(&server, "/things/1", "").await);
    assert_eq!(first, ask(&other, "/things/1", "").await);
    assert_eq!(first, ask(&server, "/things/1", "prefer: seed=1\r\n").await);
    let mut all = vec![first.to_string()];
    for index in 2..40 {
        all.push(ask(&server, &format!("/things/{index}"), "").await.to_string());
        all.push(ask(&server, "/things/1", &format!("prefer: seed={index}\r\n")).await.to_string());
    }
    all.sort();
    all.dedup();
    assert!(all.len() > 20, "{all:?}");
    assert_eq!(ask(&server, "/things/1", "prefer: dynamic=false\r\n").await["id"], "given");
    let answer = get(&server, "/things/1", "prefer: dynamic, seed=9\r\n").await;
    assert_eq!(answer.field("preference-applied"), Some("dynamic=true, seed=9"));
}

#[tokio::test(start_paused = true)]
async fn an_answer_waits_as_it_is_asked_to_and_as_the_server_is_told_to() {
    let server = server().await;
    let began = tokio::time::Instant::now();
    let answer = get(&server, "/things?n=1", "prefer: wait=2.5\r\n").await;
    assert_eq!(answer.field("preference-applied"), Some("wait=2.5"));
    assert!(began.elapsed() >= Duration::from_millis(2500) && began.elapsed() < Duration::from_secs(5));
    let server = set_up(SPEC, |builder| builder.latency("3s..4s".parse().unwrap())).await;
    let began = tokio::time::Instant::now();
    get(&server, "/things?n=1", "").await;
    assert!(began.elapsed() >= Duration::from_secs(3) && began.elapsed() < Duration::from_secs(6));
}

#[tokio::test]
async fn a_status_is_injected_as_it_is_documented() {
    let server = set_up(SPEC, |builder| builder.faults("status=418:1".parse().unwrap())).await;
    let answer = get(&server, "/things?n=1", "").await;
    assert_eq!((answer.status, answer.json()), (418, json!({"code": 1})));
    let answer = get(&server, "/things/1", "").await;
    assert_eq!((answer.status, answer.field("content-type")), (418, Some("application/problem+json")));
}

#[tokio::test]
async fn connections_are_reset_and_bodies_broken_off() {
    let server = set_up(SPEC, |builder| builder.faults("reset:1".parse().unwrap())).await;
    let mut stream = wire::connect(&server).await;
    wire::write(&mut stream, "GET /things?n=1 HTTP/1.1\r\nhost: x\r\n\r\n").await;
    let mut bytes = Vec::new();
    let error = tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut bytes).await.unwrap_err();
    assert_eq!((error.kind(), bytes.len()), (std::io::ErrorKind::ConnectionReset, 0));

    let server = set_up(SPEC, |builder| builder.faults("truncate:1".parse().unwrap())).await;
    let answer = get(&server, "/things?n=1", "").await;
    assert_eq!((answer.status, answer.field("content-length"), answer.body.as_slice()), (200, Some("3"), &b"["[..]));
}

#[tokio::test(start_paused = true)]
async fn bodies_come_slowly() {
    let server = set_up(SPEC, |builder| builder.faults("slow:1".parse().unwrap())).await;
    let began = tokio::time::Instant::now();
    assert_eq!(get(&server, "/things/1", "").await.json()["id"], "given");
    assert!(began.elapsed() >= Duration::from_millis(800), "{:?}", began.elapsed());
}

#[tokio::test]
async fn faults_are_the_same_for_the_same_seed_and_a_repeated_request_may_fare_better() {
    let mut runs = Vec::new();
    for seed in [4, 4, 5] {
        let server = set_up(SPEC, |builder| builder.seed(seed).faults("status=503:0.5".parse().unwrap())).await;
        let mut statuses = Vec::new();
        for _ in 0..32 {
            statuses.push(get(&server, "/things?n=1", "").await.status);
        }
        assert!(statuses.contains(&200) && statuses.contains(&503), "{statuses:?}");
        runs.push(statuses);
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
}

#[tokio::test]
async fn where_there_is_no_example_the_body_has_all_that_is_optional() {
    let server = server().await;
    let body = send(&server, "POST", "/things", GOOD, "{\"a\": 1}").await.json();
    let names: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["id", "tags", "amount"], "what is only written is not answered");
}

fn documents() -> Vec<PathBuf> {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs");
    let folders = std::fs::read_dir(specs).unwrap().map(|entry| entry.unwrap().path().join("openapi.yaml"));
    folders.filter(|file| file.is_file()).collect()
}

/// Whatever is generated for any operation of the workspace's documents is what the document promises.
#[tokio::test]
async fn every_generated_answer_is_valid() {
    let documents = documents();
    assert_eq!(documents.len(), 5);
    let mut judged = 0;
    for file in documents {
        let contract = Arc::new(Contract::new("t", Spec::read(Document::load(&file).unwrap()).unwrap()));
        // What is asked is not what is tested here.
        let builder = ContractServer::builder(Arc::clone(&contract)).dynamic(true).lenient(true).record(false);
        let server = builder.start().await.unwrap();
        for operation in contract.spec().operations() {
            for response in &operation.responses {
                let status = obkit_conformance::contract::concrete_status(operation, response.status);
                let Some(content) = response.content.iter().find(|content| content.is_json()) else { continue };
                let path = operation.path.replace(['{', '}'], "");
                for seed in 0..3 {
                    let prefer = format!("prefer: code={status}, seed={seed}\r\n");
                    let answer = send(&server, &operation.method, &path, &prefer, "").await;
                    assert_eq!(answer.status, status, "{} {status}: {answer:?}", operation.id);
                    let Some(schema) = &content.schema else { continue };
                    assert_eq!(answer.field("obkit-preference-unmet"), None, "{} {status}", operation.id);
                    let value: Value = answer.json();
                    let violations = contract.validators().validate(Direction::Response, schema, &value).unwrap();
                    assert!(violations.is_empty(), "{} {status}: {violations:?}", operation.id);
                    judged += 1;
                }
            }
        }
    }
    assert!(judged > 500, "{judged}");
}

const UNFIT: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /second: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: integer}, examples: {no: {value: text}, yes: {value: 7}}}}}}}}
  /none: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: integer, minimum: 3, maximum: 3}, example: text}}}}}}
  /never: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: integer, minimum: 3, maximum: 2}, example: text}}}}}}
";

#[tokio::test]
async fn an_example_that_breaks_its_schema_is_passed_over_unless_it_is_asked_for_or_nothing_else_is_there() {
    let told = Arc::new(std::sync::Mutex::new(Vec::new()));
    let notes = Arc::clone(&told);
    let observe = move |verdict: &obkit_conformance::server::Verdict| {
        let messages = verdict.notes.iter().map(|note| note.message.clone());
        notes.lock().unwrap().extend(messages);
    };
    let server = set_up(UNFIT, |builder| builder.observe(observe)).await;
    assert_eq!(get(&server, "/second", "").await.json(), json!(7));
    let message = "the documented example `no` does not fit its schema, and is passed over";
    assert_eq!(*told.lock().unwrap(), [message], "it is told in the log");
    assert_eq!(get(&server, "/second", "prefer: example=no\r\n").await.json(), json!("text"));
    assert_eq!(get(&server, "/none", "").await.json(), json!(3));
    assert_eq!(get(&server, "/never", "").await.json(), json!("text"));
}
