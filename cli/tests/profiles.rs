//! `obkit validate --profile`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod command;

use command::Copy;
use serde_json::{Value, json};

const FENA: &str = "specs/fena/openapi.yaml";

#[test]
fn a_profile_decides_the_verdict_and_the_exit_code() {
    let copy = Copy::new();
    let provider =
        json!({"id": "ob-monzo", "name": "Monzo", "active": true, "sortCodeRange": "[40003,40006)", "colour": "red"});
    let line = json!({"kind": "response", "op": "getProvider", "status": "200", "value": provider});
    copy.write("payloads.jsonl", &format!("{line}\n"));
    let run =
        |profile: &[&str]| copy.run(&[&["validate", "--spec", FENA, "--payloads", "payloads.jsonl"], profile].concat());
    for (profile, code) in [("strict", 0), ("lenient", 0), ("closed", 1), ("all", 1)] {
        let done = run(&["--profile", profile]);
        assert_eq!(done.code, code, "{profile}: {}{}", done.out, done.err);
    }
    assert_eq!(run(&[]).out, run(&["--profile", "strict"]).out);
    let verdict: Value = serde_json::from_str(&run(&["--profile", "all"]).out).unwrap();
    assert_eq!(verdict["refused_by"], json!(["closed"]));
    assert_eq!(
        (&verdict["errors"][0]["keyword"], &verdict["errors"][0]["instance_path"]),
        (&json!("undeclared"), &json!("/colour"))
    );
    let refused = run(&["--profile", "loose"]);
    assert_eq!(refused.code, 2, "{}", refused.err);
    assert!(refused.err.contains("[possible values: strict, lenient, closed, all]"), "{}", refused.err);

    // A report tells it in any profile, once.
    let told = |profile: &str| {
        assert!(run(&["--profile", profile, "--report", "json=report.json"]).code <= 1);
        let text = std::fs::read_to_string(copy.path().join("report.json")).unwrap();
        let report: Value = serde_json::from_str(&text).unwrap();
        let findings = report["providers"][0]["findings"].as_array().unwrap().clone();
        findings.iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for profile in ["strict", "lenient", "closed", "all"] {
        assert_eq!(told(profile), ["RT033/property"], "{profile}");
    }
}
