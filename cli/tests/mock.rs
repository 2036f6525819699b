//! `obkit mock` as a process.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod command;
mod serving;

use std::fs;

use command::{obkit, repository};
use serving::Serving;

const SPEC: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
servers: [{url: /v1}]
paths:
  /things:
    get:
      parameters: [{name: n, in: query, schema: {type: integer}}]
      responses: {'200': {description: ok, content: {application/json: {example: [1]}}}}
";

fn serve(arguments: &[&str]) -> Serving {
    Serving::start(&repository(), &[&["mock"], arguments].concat())
}

#[cfg(unix)]
#[test]
fn the_address_is_the_first_line_and_a_signal_ends_it_cleanly() {
    for signal in ["-INT", "-TERM"] {
        let mock = serve(&["--spec", "specs/fena/openapi.yaml"]);
        assert!(mock.address.starts_with("127.0.0.1:"), "{}", mock.address);
        assert!(mock.get("/nowhere").starts_with("HTTP/1.1 404 "));
        assert_eq!(mock.stop(signal), (Some(0), String::new(), String::new()));
    }
}

#[cfg(unix)]
#[test]
fn flags_reach_the_server_and_the_log_tells_verdicts() {
    let folder = tempfile::tempdir().unwrap();
    let spec = folder.path().join("spec.yaml");
    fs::write(&spec, SPEC).unwrap();
    let spec = spec.to_str().unwrap();
    let mock = serve(&["--spec", spec, "--base-path", "servers", "--cors", "--lenient", "--log", "json"]);
    assert!(mock.get("/things").starts_with("HTTP/1.1 404 "));
    let answer = mock.get("/v1/things?n=SECRET");
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("[1]"), "{answer}");
    assert!(
        answer.contains("access-control-allow-origin: *") && answer.contains("obkit-violations: query;"),
        "{answer}"
    );
    let (_, _, log) = mock.stop("-INT");
    let verdicts: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(verdicts.len(), 2, "{log}");
    assert_eq!((&verdicts[1]["status"], &verdicts[1]["violations"][0]["pointer"]), (&200.into(), &"/n".into()));
    assert!(!log.contains("SECRET"), "{log}");

    let mock = serve(&["--spec", spec, "--fault", "status=503:1", "--latency", "1ms", "--seed", "4", "--log", "text"]);
    assert!(mock.get("/things").starts_with("HTTP/1.1 503 "));
    let (_, _, log) = mock.stop("-INT");
    assert!(log.starts_with("GET /things 503 (refused, fault status=503, "), "{log}");
}

#[cfg(unix)]
#[test]
fn what_is_wrong_with_one_operation_costs_only_that() {
    let folder = tempfile::tempdir().unwrap();
    let spec = folder.path().join("spec.yaml");
    fs::write(&spec, format!("{SPEC}  /bad: {{get: {{responses: {{abc: {{}}}}}}}}\n")).unwrap();
    let mock = serve(&["--spec", spec.to_str().unwrap()]);
    assert!(mock.get("/things").ends_with("[1]"));
    let (code, _, err) = mock.stop("-INT");
    assert_eq!(code, Some(0));
    assert!(err.starts_with("warning: ") && err.contains("`abc` is not a response status"), "{err}");
}

#[test]
fn input_that_cannot_be_served_is_exit_code_2() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("spec.yaml"), SPEC).unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    for (arguments, expected) in [
        (&["--spec", "none.yaml"][..], "none.yaml"),
        (&["--spec", "spec.yaml", "--port", &port], "help: name a free port"),
        // An address for documentation (RFC 5737), which no machine has.
        (&["--spec", "spec.yaml", "--host", "192.0.2.1"], "help: name an address of this machine with `--host`"),
        (&["--spec", "spec.yaml", "--fault", "fire:1"], "`fire:1` is no fault"),
        (&["--spec", "spec.yaml", "--latency", "2h"], "`2h` is no time"),
        (&["--spec", "spec.yaml", "--base-path", "/a?b"], "it is no path"),
        (&["--spec", "spec.yaml", "--base-path", "/a#b"], "it is no path"),
        (&["--spec", "spec.yaml", "--base-path", "http://a/b"], "it is no path"),
    ] {
        let run = obkit(folder.path(), &[&["mock"], arguments].concat());
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}");
        assert!(run.err.contains(expected), "{}", run.err);
    }
    // What is no document is known only once it is read, and the address is known before.
    fs::write(folder.path().join("none.yaml"), "a: 1\n").unwrap();
    let run = obkit(folder.path(), &["mock", "--spec", "none.yaml"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("is not an OpenAPI document"), "{}", run.err);
}
