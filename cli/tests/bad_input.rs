//! Wrong input: one clear message with file, line and remedy, the right exit code, nothing lost.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod command;

use command::{Copy, Run};

const FENA: &str = "specs/fena/openapi.yaml";
const PROVIDER: &str = r#"{"id":"ob-monzo","name":"Monzo","active":true,"sortCodeRange":"[40003,40006)"}"#;

/// One message that names the place and a remedy.
fn assert_message(run: &Run, code: i32, place: &str, about: &str) {
    assert_eq!(run.code, code, "{}{}", run.out, run.err);
    assert!(run.err.contains(place), "the place {place} is missing: {}", run.err);
    assert!(run.err.contains(about), "{about} is missing: {}", run.err);
    assert!(run.err.contains("help: "), "a remedy is missing: {}", run.err);
}

#[test]
fn a_spec_that_is_not_openapi() {
    let copy = Copy::new();
    copy.write("not.yaml", "name: a thing\nkind: other\n");
    for arguments in [
        &["lint", "not.yaml"][..],
        &["validate", "--spec", "not.yaml", "--payloads", "-"],
        &["generate", "--spec", "not.yaml", "--out", "out", "--name", "thing"],
    ] {
        assert_message(&copy.run(arguments), 2, "not.yaml:1:1", "is not an OpenAPI document");
    }
    copy.write(FENA, "name: a thing\n");
    assert_message(&copy.run(&["conform", "-q"]), 2, &format!("{FENA}:1:1"), "fena");
}

#[test]
fn one_provider_that_cannot_be_read_does_not_stop_the_others() {
    let copy = Copy::new();
    copy.write(FENA, "name: a thing\n");
    let run = copy.run(&["conform", "-q"]);
    assert!(run.out.contains("yapily"), "{}", run.out);
    let run = copy.run(&["generate", "--check"]);
    assert_eq!(run.code, 2);
    assert!(run.out.contains("files, up to date"), "{}", run.out);
}

#[test]
fn a_dangling_reference() {
    let copy = Copy::new();
    copy.edit(FENA, "schemas/CreateConsentRequest'", "schemas/CreateConsentRequst'");
    let place = format!("{FENA}:{}:", copy.line(FENA, "CreateConsentRequst'"));
    for arguments in [&["conform", "-q", "--provider", "fena"][..], &["generate"]] {
        let run = copy.run(arguments);
        assert_message(&run, 2, &place, "points at nothing");
        assert!(run.err.contains("did you mean `#/components/schemas/CreateConsentRequest`?"), "{}", run.err);
    }
}

#[test]
fn all_that_is_wrong_is_said_in_one_run() {
    let copy = Copy::new();
    let before = copy.run(&["lint", FENA]).out;
    copy.edit(FENA, "schemas/CreateConsentRequest'", "schemas/CreateConsentRequst'");
    copy.edit(FENA, "\npaths:\n", "\nsecurity: [{gone: []}]\npaths:\n  /odd: {get: {parameters: [{in: query}]}}\n");
    let run = copy.run(&["lint", FENA]);
    assert_eq!(run.code, 1, "they are findings: {}{}", run.out, run.err);
    let generated = copy.run(&["generate", "--spec", FENA, "--out", "out", "--name", "thing"]);
    assert_eq!(generated.code, 2);
    for about in ["error[reference-unresolved]: ", "error[part-unreadable]: the query parameter has no name"] {
        assert!(run.out.contains(about) && generated.err.contains(about), "{about}: {}{}", run.out, generated.err);
    }
    assert!(run.out.contains("did you mean `#/components/schemas/CreateConsentRequest`?"), "{}", run.out);
    assert!(run.out.contains("asks for the scheme `gone`"), "{}", run.out);
    assert!(run.out.lines().count() > before.lines().count(), "the rules are asked about the rest");
}

#[test]
fn a_payload_line_that_is_not_json_and_an_unknown_operation() {
    let copy = Copy::new();
    let good = format!(
        r#"{{"kind":"response","op":"getProvider","status":"200","content_type":"application/json","value":{PROVIDER}}}"#
    );
    let wrong = good.replace("\"active\":true", "\"active\":\"yes\"");
    let unknown = good.replace("getProvider", "getNothing");
    copy.write("payloads.jsonl", &format!("{good}\n{{\"kind\":\n{wrong}\n{unknown}\n{good}\n"));
    let run = copy.run(&["validate", "--spec", FENA, "--payloads", "payloads.jsonl"]);
    assert_message(&run, 2, "payloads.jsonl:2:", "JSON");
    assert_message(&run, 2, "payloads.jsonl:4:", "getNothing");
    let verdicts: Vec<serde_json::Value> = run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let lines: Vec<_> = verdicts.iter().map(|verdict| verdict["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, [1, 2, 3, 4, 5]);
    assert_eq!(verdicts[0]["valid"], true);
    assert!(verdicts[1]["skipped"].is_string());
    assert_eq!(verdicts[2]["valid"], false);
    assert_eq!(verdicts[2]["errors"][0]["keyword"], "type");
    assert_eq!(verdicts[2]["errors"][0]["instance_path"], "/active");
    assert!(verdicts[3]["skipped"].is_string());
    assert_eq!(verdicts[4]["valid"], true);
}

#[test]
fn an_unreadable_file() {
    let copy = Copy::new();
    for arguments in [
        &["lint", "nowhere.yaml"][..],
        &["validate", "--spec", "nowhere.yaml", "--payloads", "-"],
        &["validate", "--spec", FENA, "--payloads", "nowhere.yaml"],
        &["generate", "--spec", "nowhere.yaml", "--out", "out", "--name", "thing"],
    ] {
        assert_message(&copy.run(arguments), 2, "nowhere.yaml", "cannot be read");
    }
    assert_message(&copy.run(&["conform", "--root", "nowhere"]), 2, "nowhere/specs/providers.toml", "cannot be read");
    let run = copy.run(&["providers", "-o", "specs/providers.toml/file"]);
    assert_message(&run, 2, "specs/providers.toml/file", "cannot be written");
}

#[test]
fn a_provider_that_does_not_exist() {
    let run = Copy::new().run(&["conform", "--provider", "phena"]);
    assert_message(&run, 2, "phena", "the providers are yapily, fena, ");
}

#[test]
fn payloads_are_not_overwritten_by_their_verdicts() {
    let copy = Copy::new();
    copy.write("payloads.jsonl", "{}\n");
    let run = copy.run(&["validate", "--spec", FENA, "--payloads", "payloads.jsonl", "-o", "payloads.jsonl"]);
    assert_message(&run, 2, "payloads.jsonl", "both read and written");
    assert_eq!(std::fs::read_to_string(copy.path().join("payloads.jsonl")).unwrap(), "{}\n");
}

#[test]
fn no_result_takes_the_place_of_what_is_read_or_of_another() {
    let copy = Copy::new();
    for file in ["in.har", "spec.yaml", "report.json"] {
        copy.write(file, "{}\n");
    }
    copy.write("obkit.toml", "\n");
    for arguments in [
        &["validate", "--spec", FENA, "--har", "in.har", "--report", "json=in.har"][..],
        &["validate", "--spec", FENA, "--exchanges", "in.har", "-o", "./in.har"],
        &["validate", "--spec", "spec.yaml", "--har", "in.har", "-o", "spec.yaml"],
        &["lint", "spec.yaml", "-o", "specs/../spec.yaml"],
        &["report", "merge", "report.json", "-o", "report.json"],
        &["waivers", "template", "report.json", "-o", "report.json"],
        &["waivers", "template", "report.json", "-o", "obkit.toml"],
        &["probe", "--spec", "spec.yaml", "--base-url", "http://127.0.0.1:1", "-o", "obkit.toml"],
        &[
            "proxy",
            "--spec",
            FENA,
            "--upstream",
            "http://127.0.0.1:1",
            "--overlay",
            "spec.yaml",
            "--record",
            "spec.yaml",
        ],
        &["probe", "--spec", "spec.yaml", "--base-url", "http://127.0.0.1:1", "-o", "spec.yaml"],
        &["proxy", "--spec", "spec.yaml", "--upstream", "http://127.0.0.1:1", "--record", "spec.yaml"],
    ] {
        assert_message(&copy.run(arguments), 2, "", "both read and written");
    }
    for arguments in [
        &["validate", "--spec", FENA, "--har", "in.har", "--report", "json=a", "--report", "html=./a"][..],
        &["proxy", "--spec", FENA, "--upstream", "http://127.0.0.1:1", "--record", "a", "-o", "a"],
    ] {
        assert_message(&copy.run(arguments), 2, "", "is named twice");
    }
    for file in ["in.har", "spec.yaml", "report.json"] {
        assert_eq!(std::fs::read_to_string(copy.path().join(file)).unwrap(), "{}\n", "{file}");
    }
}

#[test]
fn a_server_that_does_not_come_is_not_announced() {
    let copy = Copy::new();
    copy.write("spec.yaml", "");
    let run = copy.run(&["mock", "--spec", "spec.yaml"]);
    assert_message(&run, 2, "spec.yaml", "is empty");
    assert_eq!(run.out, "");
}

#[test]
fn no_time_is_no_time_to_answer() {
    let probe = ["probe", "--spec", FENA, "--base-url", "http://127.0.0.1:1", "--timeout", "0s"];
    let run = Copy::new().run(&probe);
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(run.err.contains("--timeout") && run.err.contains("longer than zero"), "{}", run.err);
}

#[test]
fn nothing_to_judge_is_no_success() {
    let copy = Copy::new();
    copy.write("payloads.jsonl", "\n");
    // What was asked to be exercised is no finding, where nothing was.
    for config in ["", "[coverage]\nat-least = {properties = 85}\n"] {
        copy.write("obkit.toml", config);
        let run = copy.run(&["validate", "--spec", FENA, "--payloads", "payloads.jsonl"]);
        assert_message(&run, 2, "payloads.jsonl", "nothing was checked");
        let run = copy.run(&["probe", "--spec", FENA, "--base-url", "http://127.0.0.1:1", "--max-time", "0s"]);
        assert_message(&run, 2, "nothing was checked", "allow more time");
    }
}

#[test]
fn one_byte_of_a_generated_file() {
    let copy = Copy::new();
    copy.edit("generated/fena/src/types.rs", "pub struct", "pub  struct");
    assert_stale(&copy, "generated/fena/src/types.rs", &[], &["candescent", "finqlink", "wych", "yapily"]);
}

#[test]
fn one_field_of_a_spec() {
    for (from, to) in [
        ("summary: Create an account access consent", "summary: Creates an account access consent"),
        ("operationId: getProviders", "operationId: listProviders"),
        ("        - ob-monzo\n", "        - ob-monzo\n        - ob-brand-new\n"),
    ] {
        let copy = Copy::new();
        copy.edit(FENA, from, to);
        assert_stale(&copy, "generated/fena", &NEIGHBOURS, &["candescent"]);
    }
}

/// Fena, and another provider that must not be blamed for it: all five take their time.
const NEIGHBOURS: [&str; 4] = ["--provider", "fena", "--provider", "candescent"];

fn assert_stale(copy: &Copy, place: &str, of: &[&str], fresh: &[&str]) {
    let run = |verb: &[&str]| copy.run(&[verb, of].concat());
    let check = run(&["generate", "--check"]);
    assert_message(&check, 4, place, "fena");
    let conform = run(&["conform", "-q"]);
    assert_message(&conform, 4, "fena", "generated code is out of date");
    assert!(conform.out.contains("GI006") && conform.out.contains(place), "{}", conform.out);
    for provider in fresh {
        assert!(!check.err.contains(provider) && !conform.err.contains(provider), "{provider} is fresh");
    }
    assert_eq!(run(&["generate"]).code, 0);
    assert_eq!(run(&["generate", "--check"]).code, 0, "generating mends it");
}

#[test]
fn a_broken_example() {
    for (what, from, to, keyword, instance) in [
        ("a wrong type", "active: true", "active: yes please", "type", "/0/active"),
        ("a missing required field", "- id: ob-monzo\n                      name", "- name", "required", "/0"),
        ("an unknown status", "Status: Enabled", "Status: Somehow", "enum", "/Data/Account/0/Status"),
    ] {
        let copy = Copy::new();
        let broken_at = copy.line(FENA, from);
        copy.edit(FENA, from, to);
        // The crate's mock server answers with examples, so that the crate is made anew before the gate is asked.
        assert_eq!(copy.run(&["generate", "--provider", "fena"]).code, 0);
        let run = copy.run(&[&["conform", "-q", "--format", "json"], &NEIGHBOURS[..]].concat());
        assert_eq!(run.code, 1, "{what}: {}{}", run.out, run.err);
        let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        let of = |provider: &str| {
            let reports = report["providers"].as_array().unwrap();
            reports.iter().find(|report| report["provider"] == provider).unwrap()["findings"].as_array().unwrap()
        };
        let findings = of("fena");
        let finding = findings.iter().find(|f| f["rule"].as_str().unwrap().starts_with("EX001")).unwrap();
        assert_eq!(finding["file"], FENA, "{what}");
        assert!(
            finding["rule"].as_str().unwrap().contains(keyword)
                || finding["message"].as_str().unwrap().contains(keyword),
            "{what}: {finding}"
        );
        assert_eq!(finding["instance_pointer"], instance, "{what}");
        let line = finding["line"].as_u64().unwrap() as usize;
        assert!(line.abs_diff(broken_at) <= 4, "{what}: line {line}, broken at {broken_at}");
        assert!(of("candescent").is_empty(), "it is untouched");
    }
}

#[test]
fn a_report_that_cannot_be_written_is_found_before_anything_is_done() {
    let copy = Copy::new();
    let arguments =
        ["generate", "--spec", FENA, "--out", "new", "--name", "thing", "--report", "specs/providers.toml/notes.json"];
    assert_message(&copy.run(&arguments), 2, "specs/providers.toml/notes.json", "cannot be written");
    assert!(!copy.path().join("new").exists(), "nothing is generated");
    let run = copy.run(&["conform", "--provider", "fena", "-o", "specs/providers.toml/report.txt"]);
    assert_message(&run, 2, "specs/providers.toml/report.txt", "cannot be written");
    assert!(!run.err.contains("fena"), "nothing is done: {}", run.err);
    assert_message(&copy.run(&["lint", FENA, "-o", "specs"]), 2, "specs: cannot be written", "help");
    // A file that is there is kept until there is something to put into it.
    copy.write("kept.json", "before");
    let arguments = ["generate", "--spec", "gone.yaml", "--out", "new", "--name", "thing", "--report"];
    for (report, there) in [("kept.json", true), ("fresh.json", false)] {
        assert_eq!(copy.run(&[&arguments[..], &[report]].concat()).code, 2);
        assert_eq!(copy.path().join(report).exists(), there, "{report}");
    }
    assert_eq!(std::fs::read_to_string(copy.path().join("kept.json")).unwrap(), "before");
}

#[test]
fn a_crate_finds_the_runtime_beside_it() {
    let copy = Copy::new();
    std::fs::create_dir(copy.path().join("runtime")).unwrap();
    let arguments =
        ["generate", "--spec", FENA, "--out", "clients/new", "--name", "thing", "--runtime-path", "runtime"];
    let run = copy.run(&arguments);
    assert_eq!(run.code, 0, "{}", run.err);
    let manifest = std::fs::read_to_string(copy.path().join("clients/new/Cargo.toml")).unwrap();
    assert!(manifest.contains("path = \"../../runtime\""), "{manifest}");
}
