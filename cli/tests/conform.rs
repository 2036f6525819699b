//! The main job and the other verbs, on the workspace as it is committed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod command;

use command::{Copy, obkit, repository};
use serde_json::Value;

#[test]
fn everything_about_every_provider_agrees() {
    let run = obkit(&repository(), &["conform", "--quiet", "--format", "json", "--fail-on", "info"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    let report: Value = serde_json::from_str(&run.out).unwrap();
    let providers = report["providers"].as_array().unwrap();
    let names: Vec<_> = providers.iter().map(|p| p["provider"].as_str().unwrap()).collect();
    assert_eq!(names, ["yapily", "fena", "finqlink", "candescent", "wych"]);
    for provider in providers {
        assert!(provider["findings"].as_array().unwrap().is_empty(), "{provider}");
        let coverage = &provider["coverage"];
        assert_eq!(coverage["operations"]["done"], provider["operations"], "every operation is called");
        assert_eq!(coverage["responses"]["done"], coverage["responses"]["of"], "every response is given");
        assert!(provider["examples"].as_u64() >= Some(28), "{provider}");
        assert!(provider["round_trips"].as_u64() >= Some(28), "{provider}");
    }
    for mapped in &providers[..2] {
        assert!(mapped["mapped"].as_u64() >= Some(8), "{mapped}");
    }
}

#[test]
fn the_table_is_for_people_and_progress_goes_to_standard_error() {
    let run = obkit(&repository(), &["conform", "--provider", "fena"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert!(run.err.contains("fena: calling operations (18 operations)"), "{}", run.err);
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots/cli");
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| insta::assert_snapshot!("conform_fena", run.out));
}

#[test]
fn generated_code_is_fresh_and_specs_have_no_warnings() {
    assert_eq!(obkit(&repository(), &["generate", "--check"]).code, 0);
    for provider in ["yapily", "fena", "finqlink", "candescent", "wych"] {
        let spec = format!("specs/{provider}/openapi.yaml");
        let run = obkit(&repository(), &["lint", &spec, "--fail-on", "warning", "--min-severity", "warning"]);
        assert_eq!(run.code, 0, "{}", run.out);
    }
}

#[test]
fn a_crate_is_generated_from_any_document() {
    let copy = Copy::new();
    let arguments = [
        "generate",
        "--spec",
        "specs/fena/openapi.yaml",
        "--out",
        "client",
        "--name",
        "bank",
        "--report",
        "notes.json",
    ];
    let run = copy.run(&arguments);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(copy.path().join("client/src/lib.rs").exists());
    let notes: Value = serde_json::from_str(&std::fs::read_to_string(copy.path().join("notes.json")).unwrap()).unwrap();
    let note = &notes.as_array().unwrap()[0];
    for member in ["rule", "severity", "pointer", "line", "column", "message", "lossy", "remedy"] {
        assert!(!note[member].is_null(), "{member} is missing: {note}");
    }
}

#[test]
fn a_document_that_cannot_be_generated_says_where_and_why() {
    let copy = Copy::new();
    copy.write(
        "cookie.yaml",
        "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get:\n      operationId: a\n      parameters:\n        - {name: session, in: cookie, schema: {type: string}}\n      responses: {'200': {description: ok}}\n",
    );
    let run = copy.run(&["generate", "--spec", "cookie.yaml", "--out", "client", "--name", "bank"]);
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(run.err.contains("cookie.yaml:8:11: error[cookie-parameter]"), "{}", run.err);
    assert!(!copy.path().join("client").exists(), "nothing is written");
}

#[test]
fn the_providers_are_listed() {
    let run = obkit(&repository(), &["providers", "--format", "json"]);
    let rows: Value = serde_json::from_str(&run.out).unwrap();
    let operations: Vec<_> = rows.as_array().unwrap().iter().map(|row| row["operations"].as_u64().unwrap()).collect();
    assert_eq!(operations, [92, 18, 16, 4, 17]);
    assert_eq!(rows[1]["inferred"], 16);
    let readme = std::fs::read_to_string(repository().join("README.md")).unwrap();
    let table = obkit(&repository(), &["providers", "--format", "markdown"]).out;
    assert!(readme.contains(table.trim()), "the table in README.md is out of date; it should be:\n{table}");
}

#[test]
fn every_verb_has_help_with_an_example() {
    for verb in ["conform", "generate", "lint", "validate", "providers"] {
        let run = obkit(&repository(), &[verb, "--help"]);
        assert_eq!(run.code, 0);
        assert!(run.out.contains("Example") && run.out.contains(&format!("obkit {verb}")), "{}", run.out);
    }
    assert_eq!(obkit(&repository(), &["frobnicate"]).code, 2);
    assert_eq!(obkit(&repository(), &[]).code, 2);
}
