//! `obkit validate --har` and `--exchanges`, and `obkit proxy`, as processes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod command;
mod serving;

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use command::obkit;
use serving::Serving;

const SPEC: &str = "\
openapi: 3.0.3
info: {title: Bank, version: '1'}
servers: [{url: 'https://api.bank.example/v1'}]
paths:
  /things:
    get:
      operationId: list
      parameters: [{name: n, in: query, schema: {type: integer}}]
      responses: {'200': {description: ok, content: {application/json: {schema: {type: array, items: {type: integer}}}}}}
";

fn entry(url: &str, body: &str) -> String {
    let content = serde_json::json!({"size": body.len(), "mimeType": "application/json", "text": body});
    let headers = serde_json::json!([{"name": "content-type", "value": "application/json"}]);
    let response = serde_json::json!({"status": 200, "headers": headers, "content": content});
    serde_json::json!({"request": {"method": "GET", "url": url, "headers": []}, "response": response}).to_string()
}

fn har(entries: &[String]) -> String {
    format!("{{\"log\": {{\"version\": \"1.2\", \"entries\": [\n{}\n]}}}}\n", entries.join(",\n"))
}

const URL: &str = "https://api.bank.example/v1/things";

fn folder(entries: &[String]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("spec.yaml"), SPEC).unwrap();
    fs::write(folder.path().join("t.har"), har(entries)).unwrap();
    folder
}

fn validate(folder: &Path, arguments: &[&str]) -> command::Run {
    obkit(folder, &[&["validate", "--spec", "spec.yaml"], arguments].concat())
}

#[test]
fn a_clean_recording_is_0_and_a_breach_is_1_in_every_format() {
    let clean = folder(&[entry(URL, "[1]"), entry("https://cdn.example/x", "")]);
    let run = validate(clean.path(), &["--har", "t.har"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert!(run.out.starts_with("provider") && run.out.contains("RT003"), "{}", run.out);
    let head: Vec<_> = run.out.lines().next().unwrap().split_whitespace().collect();
    assert_eq!(head, ["provider", "operations", "exchanges", "findings", "coverage"], "nothing that no traffic has");
    assert!(run.err.contains("2 exchanges: 1 judged, 1 foreign\n  foreign: cdn.example 1\n"), "{}", run.err);

    let broken = folder(&[entry(URL, "[1]"), entry(URL, "[\"SECRET\"]")]);
    let arguments = ["--har", "t.har", "--format", "json", "--report", "junit=r.xml", "--report", "sarif=r.sarif"];
    let run = validate(broken.path(), &arguments);
    assert_eq!(run.code, 1, "{}{}", run.out, run.err);
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let provider = &report["providers"][0];
    assert_eq!((&provider["exchanges"], &provider["coverage"]["totals"]["operations"]["done"]), (&2.into(), &1.into()));
    assert!(provider["findings"][0]["message"].as_str().unwrap().starts_with("entry 2: response body"), "{provider}");
    for file in ["r.xml", "r.sarif"] {
        let text = fs::read_to_string(broken.path().join(file)).unwrap();
        assert!(text.contains("RT030") && !text.contains("SECRET"), "{text}");
    }
    assert!(!(run.out + &run.err).contains("SECRET"));
    assert_eq!(validate(broken.path(), &["--har", "t.har", "--fail-on", "never"]).code, 0);
}

#[test]
fn input_that_proves_nothing_is_2_with_a_message() {
    let foreign = folder(&[entry("https://cdn.example/x", "")]);
    let run = validate(foreign.path(), &["--har", "t.har"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("nothing was checked") && run.err.contains("--base-url"), "{}", run.err);
    assert_eq!(
        validate(foreign.path(), &["--har", "t.har", "--base-url", "https://cdn.example"]).code,
        1,
        "no such path"
    );

    let cut = folder(&[entry(URL, "[1]"), entry(URL, "[1]")]);
    let text = fs::read_to_string(cut.path().join("t.har")).unwrap();
    fs::write(cut.path().join("t.har"), &text[..text.len() - 30]).unwrap();
    let run = validate(cut.path(), &["--har", "t.har"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("t.har:3:") && run.err.contains("breaks off (after 1 entry)"), "{}", run.err);
    assert!(run.err.contains("2 exchanges: 1 judged") || run.err.contains("1 exchange: 1 judged"), "{}", run.err);

    for (arguments, about) in [
        (&["--har", "none.har"][..], "none.har: cannot be read"),
        (&["--har", "spec.yaml"], "this is no HAR"),
        (&["--har", "t.har", "--exchanges", "t.har"], "cannot be used with"),
        (&["--har", "t.har", "--base-url", "nonsense"], "a base URL cannot be used: it is no URL of a server"),
        (&["--har", "t.har", "--base-url", "https://u:s3cret@x.example"], "credentials do not belong into a URL"),
        (&["--har", "t.har", "--base-url", "https://x.example/?k=s3cret"], "a query stands in it"),
        (&["--payloads", "t.har", "--format", "json"], "are ndjson"),
        (&[], "<--payloads <FILE.jsonl>|--har <FILE.har>|--exchanges <FILE.ndjson>>"),
    ] {
        let run = validate(cut.path(), arguments);
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.err);
        assert!(run.err.contains(about) && !run.err.contains("s3cret"), "{arguments:?}: {}", run.err);
    }
}

#[test]
fn a_bad_line_is_a_message_and_the_others_are_judged() {
    let folder = folder(&[]);
    let good =
        format!("{{\"request\": {{\"method\": \"GET\", \"url\": \"{URL}\"}}, \"response\": {{\"status\": 200}}}}");
    let mut process = Command::new(env!("CARGO_BIN_EXE_obkit"))
        .args(["validate", "--spec", "spec.yaml", "--exchanges", "-"])
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    process.stdin.take().unwrap().write_all(format!("{good}\nSECRET\n{good}\n").as_bytes()).unwrap();
    let output = process.wait_with_output().unwrap();
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(2), "{out}{err}");
    assert!(err.contains("error: -:2:1: entry 2: it is not JSON") && err.contains("3 exchanges: 2 judged"), "{err}");
    assert!(out.contains("GI012/missing") && !(out + &err).contains("SECRET"));
}

#[cfg(unix)]
#[test]
fn a_proxy_tells_its_report_when_it_is_interrupted_and_its_recording_is_read_again() {
    let folder = folder(&[]);
    // What stands behind the proxy has another document.
    let other =
        SPEC.replace("integer", "string").replace("{schema: {type: array", "{example: [SECRET], schema: {type: array");
    fs::write(folder.path().join("other.yaml"), other).unwrap();
    let upstream = Serving::start(folder.path(), &["mock", "--spec", "other.yaml", "--base-path", "servers"]);
    let arguments = ["--base-path", "servers", "--record", "r.har", "--log", "json", "--report", "json=r.json"];
    let proxy = ["proxy", "--spec", "spec.yaml", "--upstream", &upstream.url()];
    let proxy = Serving::start(folder.path(), &[&proxy, &arguments[..]].concat());
    let answer = proxy.get("/v1/things?n=SECRET");
    assert!(answer.ends_with("[\"SECRET\"]"), "{answer}");
    let (code, report, log) = proxy.stop("-INT");
    assert_eq!(code, Some(1), "{report}{log}");
    assert!(report.contains("RT030/type") && report.contains("RT050/type"), "{report}");
    let passed: serde_json::Value = serde_json::from_str(log.lines().next().unwrap()).unwrap();
    assert_eq!((&passed["path"], &passed["status"]), (&"/things".into(), &200.into()));
    let recorded = fs::read_to_string(folder.path().join("r.har")).unwrap();
    let copy = fs::read_to_string(folder.path().join("r.json")).unwrap();
    assert!(!format!("{report}{log}{recorded}{copy}").contains("SECRET"));

    let run =
        validate(folder.path(), &["--har", "r.har", "--redacted", "--base-url", &format!("{}/v1", upstream.url())]);
    assert_eq!(run.code, 0, "what was wrong is redacted: {}{}", run.out, run.err);
    assert!(run.err.contains("1 exchange: 1 judged, 0 foreign"), "{}", run.err);
}

#[test]
fn a_proxy_that_cannot_start_is_2() {
    let folder = folder(&[]);
    for (arguments, about) in [
        (&["--spec", "none.yaml", "--upstream", "http://127.0.0.1:1"][..], "none.yaml"),
        (&["--spec", "spec.yaml", "--upstream", "nonsense"], "the upstream cannot be used"),
        (&["--spec", "spec.yaml"], "--upstream"),
        (
            &["--spec", "spec.yaml", "--upstream", "http://127.0.0.1:1", "--record", "spec.yaml/r.har"],
            "spec.yaml/r.har: cannot be written",
        ),
    ] {
        let run = obkit(folder.path(), &[&["proxy"], arguments].concat());
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}: {}", run.err);
        assert!(run.err.contains(about), "{arguments:?}: {}", run.err);
    }
}
