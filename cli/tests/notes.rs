//! Notes on a document, for people and for programs, and what their rules mean.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod command;

use command::{Copy, Run, obkit, repository};
use serde_json::Value;

/// A document with warnings, one of them lossy, and notes.
const SPEC: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /a:
    post:
      operationId: createA
      requestBody:
        content:
          application/json: {schema: {$ref: '#/components/schemas/A'}}
      responses:
        '200': {description: Ok}
components:
  schemas:
    A: {}
    Colour: {type: string, enum: [red, green]}
";

/// The same, with a parameter of its path that is not declared.
fn broken() -> String {
    SPEC.replace("  /a:", "  /a/{id}:")
}

fn parsed(text: &str) -> Vec<Value> {
    serde_json::from_str(text).unwrap()
}

fn lint(text: &str, arguments: &[&str]) -> Run {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("openapi.yaml"), text).unwrap();
    obkit(folder.path(), &[&["lint", "openapi.yaml"], arguments].concat())
}

#[test]
fn the_exit_code_says_whether_there_are_notes_that_matter() {
    for (text, arguments, code) in [
        (SPEC.to_owned(), &[][..], 0),
        (SPEC.to_owned(), &["--fail-on", "warning"], 1),
        (SPEC.to_owned(), &["--fail-on", "never"], 0),
        (broken(), &[], 1),
        (broken(), &["--fail-on", "never"], 0),
        ("a: 1".to_owned(), &["--fail-on", "never"], 2),
    ] {
        let run = lint(&text, arguments);
        assert_eq!(run.code, code, "{arguments:?}: {}{}", run.out, run.err);
    }
}

#[test]
fn nothing_is_quoted_of_a_file_that_is_no_part_of_the_document() {
    let folder = tempfile::tempdir().unwrap();
    let write = |file: &str, text: &str| std::fs::write(folder.path().join(file), text).unwrap();
    write(".env", "KEY=s3cret\n");
    write("more.yaml", "A: s3cret\n");
    for reference in [".env", "more.yaml#/A"] {
        write("openapi.yaml", &SPEC.replace("    A: {}", &format!("    A: {{$ref: '{reference}'}}")));
        let run = obkit(folder.path(), &["lint", "openapi.yaml"]);
        assert!(run.out.contains("is a text, and must be a schema"), "{}{}", run.out, run.err);
        assert!(!run.out.contains("s3cret") && !run.err.contains("s3cret"), "{}{}", run.out, run.err);
    }
}

#[test]
fn notes_are_counted_in_words() {
    let last = |text: &str| lint(text, &[]).out.lines().last().unwrap_or_default().to_owned();
    assert!(last(SPEC).starts_with("0 errors, 2 warnings, "), "{}", last(SPEC));
    assert!(last(&broken()).starts_with("1 error, "), "{}", last(&broken()));
}

/// A note says where, what, whether something is lost and what to do, by names that stay.
fn assert_notes(notes: &[Value]) {
    let members = ["rule", "severity", "pointer", "line", "column", "message", "lossy", "remedy"];
    for note in notes {
        assert_eq!(note.as_object().unwrap().keys().collect::<Vec<_>>(), members, "{note}");
    }
    let note = notes.iter().find(|note| note["rule"] == "untyped-schema").unwrap();
    assert_eq!(note["severity"], "warning");
    assert_eq!(note["pointer"], "/components/schemas/A");
    assert_eq!((note["line"].as_u64(), note["column"].as_u64()), (Some(14), Some(5)));
    assert_eq!(note["lossy"], true);
    assert!(note["message"].as_str().unwrap().contains("any JSON"), "{note}");
    assert!(note["remedy"].as_str().unwrap().contains("`type`"), "{note}");
    assert!(notes.iter().any(|note| note["rule"] == "response-error-missing" && note["lossy"] == false));
}

#[test]
fn lint_gives_notes_to_programs() {
    let all = parsed(&lint(SPEC, &["--format", "json"]).out);
    assert_notes(&all);
    let severe = parsed(&lint(SPEC, &["--format", "json", "--min-severity", "warning"]).out);
    assert!(severe.len() < all.len() && severe.iter().all(|note| note["severity"] == "warning"));
}

#[test]
fn generate_reports_the_same_notes() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("openapi.yaml"), SPEC).unwrap();
    let arguments = ["generate", "--spec", "openapi.yaml", "--out", "out", "--name", "a", "--report", "notes.json"];
    let run = obkit(folder.path(), &arguments);
    assert_eq!(run.code, 0, "{}", run.err);
    let notes = parsed(&std::fs::read_to_string(folder.path().join("notes.json")).unwrap());
    assert_notes(&notes);
    assert_eq!(notes, parsed(&lint(SPEC, &["--format", "json"]).out));
    assert!(run.out.contains("openapi.yaml:14:5: warning[untyped-schema, lossy]: "), "{}", run.out);
    assert!(!run.out.contains("response-error-missing]"), "what is not lossy is only counted: {}", run.out);
}

#[test]
fn a_report_of_the_workspace_names_the_providers() {
    let copy = Copy::new();
    let run = copy.run(&["generate", "--check", "--provider", "fena", "--report", "notes.json"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let report: Value =
        serde_json::from_str(&std::fs::read_to_string(copy.path().join("notes.json")).unwrap()).unwrap();
    assert!(report["fena"].as_array().is_some_and(|notes| !notes.is_empty()) && report.get("yapily").is_none());
}

#[test]
fn a_rule_is_explained_with_a_document_that_fires_it() {
    let run = obkit(&repository(), &["lint", "--explain", "path-parameter-undeclared"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        run.out.starts_with("## path-parameter-undeclared\n\nerror, lossy\n\nThe path has a variable"),
        "{}",
        run.out
    );
    assert!(
        run.out.contains("Remedy: ") && run.out.contains("error[path-parameter-undeclared, lossy]: "),
        "{}",
        run.out
    );
    let run = obkit(&repository(), &["lint", "--explain", "path-parameter-undeclared", "--format", "json"]);
    let rule: Value = serde_json::from_str(&run.out).unwrap();
    let fired = lint(rule["fires"].as_str().unwrap(), &["--format", "json"]);
    assert_eq!(fired.code, 1);
    assert!(parsed(&fired.out).iter().any(|note| note["rule"] == "path-parameter-undeclared"));
    assert_eq!(lint(rule["silent"].as_str().unwrap(), &[]).code, 0);
}

#[test]
fn all_rules_are_listed() {
    let text = obkit(&repository(), &["lint", "--rules"]);
    let json = parsed(&obkit(&repository(), &["lint", "--rules", "--format", "json"]).out);
    assert_eq!((text.code, text.out.lines().count()), (0, json.len()));
    for (line, rule) in text.out.lines().zip(&json) {
        assert!(line.starts_with(rule["id"].as_str().unwrap()), "{line}");
        assert!(line.contains(rule["severity"].as_str().unwrap()), "{line}");
    }
}

#[test]
fn lint_speaks_about_one_thing() {
    for (arguments, about) in [
        (&["lint"][..], "required"),
        (&["lint", "a.yaml", "--rules"], "cannot be used with"),
        (&["lint", "--rules", "--overlay", "a.yaml"], "cannot be used with"),
        (&["lint", "--explain", "open-enm"], "a similar value exists: 'open-enum'"),
    ] {
        let run = obkit(&repository(), arguments);
        assert_eq!(run.code, 2, "{arguments:?}");
        assert!(run.err.contains(about), "{arguments:?}: {}", run.err);
    }
}
