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

#[test]
fn a_profile_decides_what_counts_in_traffic() {
    let spec = "openapi: 3.0.3\ninfo: {title: Bank, version: '1'}\nservers: [{url: 'https://api.bank.example'}]\npaths:\n  /things:\n    \
                post:\n      operationId: add\n      parameters: [{name: n, in: query, schema: {type: integer, maximum: 9}}]\n      \
                requestBody: {content: {application/json: {schema: &thing {type: object, properties: {name: {type: string, maxLength: 3}}}}}}\n      \
                responses: {'200': {description: ok, content: {application/json: {schema: *thing}}}}\n";
    let folder = tempfile::tempdir().unwrap();
    let write = |file: &str, text: &str| std::fs::write(folder.path().join(file), text).unwrap();
    write("spec.yaml", spec);
    let exchange = |n: &str, sent: &Value, answered: &Value| {
        let headers = json!({"content-type": "application/json"});
        let url = format!("https://api.bank.example/things?n={n}");
        let request = json!({"method": "POST", "url": url, "headers": headers, "body": sent.to_string()});
        json!({"request": request, "response": {"status": 200, "headers": headers, "body": answered.to_string()}})
    };
    let (fits, long, more, unreadable) =
        (json!({"name": "a"}), json!({"name": "long"}), json!({"colour": "red"}), json!({"name": 7}));
    let rules = |arguments: &[&str], exchange: &Value| {
        write("exchanges.ndjson", &format!("{exchange}\n"));
        let validate = ["validate", "--spec", "spec.yaml", "--exchanges", "exchanges.ndjson", "--format", "json"];
        let run = command::obkit(folder.path(), &[&validate, arguments].concat());
        let report: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}", run.err));
        let findings = report["providers"][0]["findings"].as_array().unwrap().iter();
        let errors = findings.filter(|finding| finding["severity"] == "error");
        (run.code, errors.map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect::<Vec<_>>())
    };
    let none = Vec::<String>::new;
    // An exchange, and what is wrong with it for a strict and for a lenient reader.
    let broken: [(_, &[&str], &[&str]); 6] = [
        (exchange("1", &fits, &fits), &[], &[]),
        (exchange("10", &fits, &fits), &["RT050/maximum"], &[]),
        (exchange("1", &long, &fits), &["RT030/maxLength"], &[]),
        (exchange("1", &fits, &long), &["RT030/maxLength"], &[]),
        (exchange("x", &fits, &fits), &["RT050/type"], &["RT050/type"]),
        (exchange("1", &fits, &unreadable), &["RT030/type"], &["RT030/type"]),
    ];
    for (exchange, strict, lenient) in broken {
        for (profile, expected) in [("strict", strict), ("closed", strict), ("all", strict), ("lenient", lenient)] {
            let expected = (i32::from(!expected.is_empty()), expected.iter().map(|rule| (*rule).to_owned()).collect());
            assert_eq!(rules(&["--profile", profile], &exchange), expected, "{profile}: {exchange}");
        }
    }
    for exchange in [exchange("1", &more, &fits), exchange("1", &fits, &more)] {
        for (profile, expected) in
            [("strict", none()), ("lenient", none()), ("closed", vec!["RT033/property".to_owned()])]
        {
            assert_eq!(rules(&["--profile", profile], &exchange).1, expected, "{profile}: {exchange}");
        }
        // What the file says, and what an argument says before it.
        write("obkit.toml", "[gate]\nprofile = 'closed'\n");
        assert_eq!(rules(&[], &exchange), (1, vec!["RT033/property".to_owned()]));
        assert_eq!(rules(&["--profile", "strict"], &exchange), (0, none()));
        std::fs::remove_file(folder.path().join("obkit.toml")).unwrap();
    }
}
