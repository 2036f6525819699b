//! The catalogue of checks on the command line.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod command;

use command::{obkit, repository};
use serde_json::{Value, json};

#[test]
fn the_checks_are_listed_and_explained() {
    let text = obkit(&repository(), &["checks", "list"]).out;
    assert!(text.contains("RT022                           error   A body is missing\n"), "{text}");
    assert!(text.contains("lint/header-name "), "{text}");
    let list: Value = serde_json::from_str(&obkit(&repository(), &["checks", "list", "--format", "json"]).out).unwrap();
    assert_eq!(list.as_array().unwrap().len(), text.lines().count());
    for member in ["id", "title", "severity", "meaning", "reason", "standard", "remedy", "fires", "silent"] {
        assert!(!list[0][member].is_null(), "{member} is missing: {}", list[0]);
    }
    let one = obkit(&repository(), &["checks", "explain", "RT022"]).out;
    assert!(one.starts_with("## RT022\n\nA body is missing (error).\n") && one.contains("POST /payments"), "{one}");
    let json = |id: &str| -> Value {
        let run = obkit(&repository(), &["checks", "explain", id, "--format", "json"]);
        serde_json::from_str(&run.out).unwrap()
    };
    assert_eq!(json("RT022")["id"], "RT022");
    assert_eq!((&json("RT022")["parts"], &json("RT032")["parts"]), (&Value::Null, &json!(["readOnly", "writeOnly"])));
    let parted = obkit(&repository(), &["checks", "explain", "RT032"]).out;
    assert!(parted.contains("\nParts: `readOnly`, `writeOnly`.\n") && !one.contains("Parts:"), "{parted}");
    let all = obkit(&repository(), &["checks", "explain", "--all"]).out;
    assert!(all.starts_with("# Checks\n") && all.contains(&one), "{all}");
    for (arguments, expected) in [
        (&["explain", "RT02"][..], "did you mean `RT0"),
        (&["explain", "RT030/requird"], "did you mean `RT030/required`?"),
        (&["explain"], "required"),
        (&[], "Usage"),
    ] {
        let run = obkit(&repository(), &[&["checks"], arguments].concat());
        assert_eq!(run.code, 2, "{}", run.out);
        assert!(run.err.contains(expected), "{}", run.err);
    }
}

#[test]
fn an_id_of_a_report_is_explained_by_its_check() {
    let explain = |arguments: &[&str]| obkit(&repository(), &[&["checks", "explain"], arguments].concat());
    let part = explain(&["RT030/required"]);
    assert_eq!(part.code, 0, "{}", part.err);
    let said = "`RT030/required` is the part `required` of this check.\n\n";
    assert_eq!(part.out, format!("{said}{}", explain(&["RT030"]).out));
    let json: Value = serde_json::from_str(&explain(&["RT030/required", "--format", "json"]).out).unwrap();
    assert_eq!((&json["id"], &json["part"]), (&"RT030".into(), &"required".into()));
    assert_eq!(explain(&["lint/header-name"]).code, 0);
    for (id, said) in [
        ("RT003O/type", "there is no check `RT003O/type`: did you mean `RT003`?"),
        ("lint/header-nam", "did you mean `lint/header-name`?"),
        ("nothing-like-it", "`obkit checks list` says which there are"),
    ] {
        let run = explain(&[id]);
        assert!(run.code == 2 && run.err.contains(said) && run.err.lines().count() < 5, "{}", run.err);
    }
}
