//! Reports in files, in parts, and put together again.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod command;

use command::{Copy, obkit, repository};
use serde_json::Value;

fn read(copy: &Copy, file: &str) -> String {
    std::fs::read_to_string(copy.path().join(file)).unwrap()
}

/// A copy of the workspace with wrong examples, a warning, and a crate that is out of date.
fn broken() -> Copy {
    let copy = Copy::new();
    copy.edit("specs/fena/openapi.yaml", "active: true", "active: yes please");
    copy.edit("specs/fena/openapi.yaml", "Status: Enabled", "Status: Somehow");
    copy.edit("specs/fena/openapi.yaml", "summary: ", "sumary: ");
    copy
}

#[test]
fn a_run_is_told_in_several_formats_at_once() {
    let copy = broken();
    let formats = ["json", "ndjson", "junit", "sarif", "markdown", "github", "html", "tap"];
    let asked: Vec<String> = formats.iter().map(|format| format!("{format}=out.{format}")).collect();
    let mut arguments = vec!["conform", "--quiet", "--provider", "fena"];
    asked.iter().for_each(|asked| arguments.extend(["--report", asked]));
    let run = copy.run(&arguments);
    assert_eq!(run.code, 4, "{}", run.err);
    assert!(run.out.starts_with("provider "), "{}", run.out);
    let json: Value = serde_json::from_str(&read(&copy, "out.json")).unwrap();
    let findings = json["providers"][0]["findings"].as_array().unwrap();
    assert!(findings.iter().any(|finding| finding["rule"] == "GI006"), "{findings:#?}");
    let sarif: Value = serde_json::from_str(&read(&copy, "out.sarif")).unwrap();
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), findings.len());
    assert_eq!(read(&copy, "out.github").lines().count(), findings.len());
    // What a run before said does not stay.
    let nothing = copy.run(&["conform", "--provider", "fena", "--checks", "GI007", "--report", "github=out.github"]);
    assert_eq!((nothing.code, read(&copy, "out.github").as_str()), (0, ""), "{}", nothing.out);
    assert_eq!(read(&copy, "out.html").matches("<article ").count(), findings.len());
    assert!(read(&copy, "out.junit").starts_with("<?xml") && read(&copy, "out.tap").starts_with("TAP"));
    assert!(read(&copy, "out.markdown").starts_with("## Conformance: "));
}

#[test]
fn the_reports_of_all_parts_are_the_report_of_the_whole() {
    let copy = broken();
    let providers = ["--provider", "candescent", "--provider", "fena"];
    let conform =
        |more: &[&str]| copy.run(&[&["conform", "--quiet", "--format", "json"], &providers[..], more].concat());
    let whole = conform(&["-o", "whole.json"]);
    assert_eq!(whole.code, 4, "{}", whole.err);
    for shard in ["1/3", "2/3", "3/3"] {
        let run = conform(&["--shard", shard, "-o", &format!("{}.json", &shard[..1])]);
        assert!([0, 1, 4].contains(&run.code), "{}", run.err);
    }
    conform(&["--shard", "3/3", "--seed", "2", "-o", "seed.json"]);
    let merge = |files: &[&str]| copy.run(&[&["report", "merge", "--format", "json"], files].concat());
    let merged = merge(&["3.json", "1.json", "2.json"]);
    assert_eq!(merged.code, 4, "{}", merged.err);
    assert_eq!(merged.out, read(&copy, "whole.json"));
    for (files, said) in [
        (&["1.json", "2.json"][..], "the part 3/3 is missing"),
        (&["1.json", "2.json", "2.json", "3.json"], "the part 2/3 is there twice"),
        (&["whole.json", "1.json"], "are not parts of one run"),
        (&["1.json", "2.json", "seed.json"], "another with `--seed 2`"),
        (&["whole.json", "whole.json"], "is in two reports"),
        (&["gone.json"], "gone.json: "),
        (&["specs/providers.toml"], "specs/providers.toml: expected"),
    ] {
        let run = merge(files);
        assert_eq!(run.code, 2, "{}", run.out);
        assert!(run.err.contains(said) && run.err.contains("help: "), "{}", run.err);
    }
}

#[test]
fn what_payloads_violate_is_told_as_a_report() {
    let copy = Copy::new();
    let line = r#"{"kind":"response","op":"getProvider","status":"200","content_type":"application/json","value":{"id":7,"x":"<&>"}}"#;
    copy.write("payloads.jsonl", &format!("{line}\n{line}\n"));
    let run = copy.run(&[
        "validate",
        "--spec",
        "specs/fena/openapi.yaml",
        "--payloads",
        "payloads.jsonl",
        "--report",
        "json=found.json",
        "--report",
        "junit=found.xml",
    ]);
    assert_eq!((run.code, run.out.lines().count()), (1, 2), "{}", run.err);
    let report: Value = serde_json::from_str(&read(&copy, "found.json")).unwrap();
    let provider = &report["providers"][0];
    assert_eq!((&provider["payloads"], &provider["nothing_checked"]), (&2.into(), &false.into()));
    let finding = &provider["findings"][0];
    assert!(finding["rule"].as_str().unwrap().starts_with("RT030/"), "{finding}");
    assert!(finding["message"].as_str().unwrap().starts_with("payload line 1: "), "{finding}");
    assert_eq!((&finding["operation"], &finding["status"]), (&"getProvider".into(), &"200".into()));
    assert!(finding["line"].is_u64() && finding["file"].as_str().unwrap().ends_with("specs/fena/openapi.yaml"));
    let rules: Vec<_> =
        provider["findings"].as_array().unwrap().iter().map(|finding| &finding["fingerprint"]).collect();
    assert_eq!(rules.iter().collect::<std::collections::HashSet<_>>().len(), rules.len(), "each is told once");
}

#[test]
fn what_cannot_be_told_is_said_before_anything_is_done() {
    for (arguments, said) in [
        (&["--report", "xml=a"][..], "the formats are text, json"),
        (&["--report", "junit"], "such as junit=report.xml"),
        (&["--report", "junit="], "name the file"),
        (&["--report", "junit=a", "-o", "a"], "is named twice"),
        (&["--report", "junit=specs/providers.toml/a"], "cannot be written"),
        (&["--format", "jsn"], "a similar value exists: 'json'"),
        (&["--shard", "3/2"], "such as 2/5"),
    ] {
        let copy = Copy::new();
        let run = copy.run(&[&["conform", "--provider", "fena"], arguments].concat());
        assert_eq!(run.code, 2, "{}", run.out);
        assert!(run.err.contains(said) && run.out.is_empty(), "{}", run.err);
    }
}

#[test]
fn the_schema_of_reports_is_published() {
    let schema: Value = serde_json::from_str(&obkit(&repository(), &["report", "schema"]).out).unwrap();
    assert_eq!(schema["title"], "A report of obkit");
}
