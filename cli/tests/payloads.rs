//! Verdicts on payloads, as a gate sees them: by the exit code, in reports, and when nobody reads what is printed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod command;

use std::io::pipe;
use std::process::{Command, Stdio};

use command::obkit;
use tempfile::TempDir;

const SPEC: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /a:
    get:
      operationId: a
      responses:
        '200': {description: d, content: {application/json: {schema: {type: object}}}}
        '201': {description: d, content: {application/json: {schema: {type: string, pattern: '(['}}}}
";

fn folder(lines: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("s.yaml"), SPEC).unwrap();
    std::fs::write(folder.path().join("p.jsonl"), lines.join("\n")).unwrap();
    folder
}

const VALIDATE: [&str; 5] = ["validate", "--spec", "s.yaml", "--payloads", "p.jsonl"];
const VALID: &str = r#"{"kind":"response","op":"a","status":"200","content_type":"application/json","value":{}}"#;
const INVALID: &str = r#"{"kind":"response","op":"a","status":"200","content_type":"application/json","value":[]}"#;
const UNENFORCEABLE: &str =
    r#"{"kind":"response","op":"a","status":"201","content_type":"application/json","value":"x"}"#;

#[test]
fn a_schema_that_cannot_be_enforced_is_a_finding_of_every_report() {
    let folder = folder(&[VALID, UNENFORCEABLE]);
    let reports = ["--report", "json=r.json", "--report", "junit=r.xml"];
    let run = obkit(folder.path(), &[&VALIDATE[..], &reports].concat());
    assert_eq!(run.code, 2, "{}", run.err);
    let text = |file| std::fs::read_to_string(folder.path().join(file)).unwrap();
    assert!(text("r.json").contains("\"GI001\""), "{}", text("r.json"));
    assert!(text("r.xml").contains("GI001") && !text("r.xml").contains("failures=\"0\""), "{}", text("r.xml"));

    // A pointer to no schema is a mistake of the line.
    let nowhere = r##"{"kind":"schema","schema_pointer":"#/components/schemas/A","value":1}"##;
    std::fs::write(folder.path().join("p.jsonl"), format!("{VALID}\n{nowhere}")).unwrap();
    assert_eq!(obkit(folder.path(), &[&VALIDATE[..], &reports].concat()).code, 2);
    assert!(!text("r.json").contains("\"GI001\""), "{}", text("r.json"));
}

#[test]
fn a_line_that_cannot_be_read_is_a_finding_of_every_report() {
    let reports = ["--report", "json=r.json", "--report", "junit=r.xml"];
    let unknown = VALID.replace("\"a\"", "\"b\"");
    let nowhere = r##"{"kind":"schema","schema_pointer":"#/components/schemas/A","value":1}"##;
    for line in ["{", "[1]", &unknown, nowhere] {
        let folder = folder(&[VALID, line, "{"]);
        assert_eq!(obkit(folder.path(), &[&VALIDATE[..], &reports].concat()).code, 2);
        let text = |file| std::fs::read_to_string(folder.path().join(file)).unwrap();
        assert!(text("r.json").contains("\"GI012/line\""), "{line}: {}", text("r.json"));
        assert!(text("r.xml").contains("payload line 2, and 1 more: "), "{line}: {}", text("r.xml"));
    }
    let folder = folder(&[VALID]);
    assert_eq!(obkit(folder.path(), &[&VALIDATE[..], &reports].concat()).code, 0);
    assert!(!std::fs::read_to_string(folder.path().join("r.json")).unwrap().contains("GI012"));
}

#[test]
fn a_line_that_cannot_be_judged_is_told_once() {
    let folder = folder(&[VALID, UNENFORCEABLE, "{"]);
    std::fs::write(folder.path().join("obkit.toml"), "[gate]\nfail-on = 'warning'\n").unwrap();
    let run = obkit(folder.path(), &VALIDATE);
    assert_eq!(run.code, 2, "{}", run.err);
    assert_eq!(run.err.matches("error").count(), 2, "{}", run.err);
}

#[test]
fn the_exit_code_is_the_same_when_nobody_reads() {
    let many = [&[VALID; 2000][..], &[INVALID]].concat();
    for (lines, code) in [(&[VALID][..], 0), (&[INVALID], 1), (&["{"], 2), (&many, 1)] {
        let folder = folder(lines);
        let closed = || Stdio::from(pipe().unwrap().1);
        let run = |out: Stdio, err: Stdio| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_obkit"));
            command.args(VALIDATE).current_dir(folder.path()).stdout(out).stderr(err).status().unwrap().code()
        };
        assert_eq!(run(closed(), Stdio::null()), Some(code));
        assert_eq!(run(Stdio::null(), closed()), Some(code));
        assert_eq!(run(closed(), closed()), Some(code));
    }
}
