//! `obkit.toml` and waivers, from the command line.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod command;

use command::Copy;
use serde_json::Value;

/// A copy of the workspace with a generated file that was edited by hand.
fn broken() -> Copy {
    let copy = Copy::new();
    copy.edit("generated/candescent/src/lib.rs", "// @generated", "// Mine.\n// @generated");
    copy
}

/// A day that is soon.
fn soon() -> String {
    let today = obkit_conformance::verdict::today();
    today.checked_add_days(chrono::Days::new(30)).unwrap().to_string()
}

fn conform(copy: &Copy, more: &[&str]) -> command::Run {
    copy.run(&[&["conform", "--quiet", "--provider", "candescent"], more].concat())
}

#[test]
fn what_is_waived_does_not_fail_the_run_and_is_told() {
    let copy = broken();
    assert_eq!(conform(&copy, &[]).code, 4);
    let expires = soon();
    copy.write(
        "obkit.toml",
        &format!(
            "[reports]\nsarif = 'out.sarif'\n\n[[waivers]]\ncheck = 'GI006'\nprovider = 'candescent'\nreason = 'later'\nowner = 'us'\nexpires = {expires}\n"
        ),
    );
    let run = conform(&copy, &[]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert!(
        run.out.contains("waived[GI006] candescent")
            && run.out.contains(&format!("waived: later (us, until {expires})")),
        "{}",
        run.out
    );
    let sarif: Value = serde_json::from_str(&std::fs::read_to_string(copy.path().join("out.sarif")).unwrap()).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["suppressions"][0]["status"], "accepted");
    // A waiver that is over fails the run, and what it took comes back.
    copy.edit("obkit.toml", &format!("expires = {expires}"), "expires = 2020-01-31");
    let run = conform(&copy, &[]);
    assert_eq!(run.code, 4, "{}", run.err);
    assert!(run.out.contains("error[GI004/expired]\n  --> obkit.toml:4 at "), "{}", run.out);
}

#[test]
fn a_template_is_ready_to_be_pasted() {
    let copy = broken();
    conform(&copy, &["--format", "json", "-o", "report.json"]);
    let template = copy.run(&["waivers", "template", "report.json"]);
    assert_eq!(template.code, 0, "{}", template.err);
    assert!(template.out.contains("[[waivers]]\ncheck = \"GI006\"\nfingerprint = "), "{}", template.out);
    copy.write("obkit.toml", &template.out);
    let run = conform(&copy, &[]);
    assert!(run.out.contains("error[GI004/incomplete]"), "{}", run.out);
    copy.write("obkit.toml", &template.out.replace("\"\"", "\"known\""));
    assert_eq!(conform(&copy, &[]).code, 0);
}

#[test]
fn an_argument_goes_before_the_file() {
    let copy = broken();
    copy.write("obkit.toml", "[gate]\nproviders = ['fena']\nchecks = ['EX001']\n\n[reports]\ntap = 'file.tap'\n");
    // What the file says: nothing of candescent, and no check that finds something.
    let run = copy.run(&["conform", "--quiet"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("\nfena ") && !run.out.contains("\ncandescent "), "{}", run.out);
    assert!(copy.path().join("file.tap").exists());
    std::fs::remove_file(copy.path().join("file.tap")).unwrap();
    // What the arguments say.
    let run = conform(&copy, &["--checks", "GI006,EX001", "--report", "tap=argument.tap"]);
    assert_eq!(run.code, 4, "{}", run.err);
    assert!(run.out.contains("\ncandescent ") && !run.out.contains("\nfena "), "{}", run.out);
    assert!(copy.path().join("argument.tap").exists() && !copy.path().join("file.tap").exists());
    // `never` in a file that is named, and `error` in an argument.
    copy.write("other.toml", "[gate]\nfail-on = 'never'\nexclude-checks = ['RT30']\n");
    assert_eq!(conform(&copy, &["--config", "other.toml", "--exclude-checks", "GI006"]).code, 0);
    // A name in the file is found with what else is found, and one in an argument before anything is done.
    let run = conform(&copy, &["--config", "other.toml", "--checks", "GI00*"]);
    assert!(run.out.contains("error[GI003/check]") && run.out.contains("help: did you mean `RT030`?"), "{}", run.out);
    assert!(run.out.contains("/gate/exclude-checks/RT30"), "{}", run.out);
    let row = run.out.lines().find(|line| line.starts_with("configuration ")).unwrap();
    assert_eq!(row.split_whitespace().collect::<Vec<_>>(), ["configuration", "1"]);
    for (name, help) in
        [("RT30", "did you mean `RT030`?"), ("RT030/requird", "did you mean `RT030/required`?"), ("", "")]
    {
        for argument in ["--checks", "--exclude-checks"] {
            let run = conform(&copy, &[argument, name]);
            assert_eq!(run.code, 2, "{}", run.out);
            assert!(run.err.contains(help) && run.out.is_empty(), "{}", run.err);
        }
    }
}

#[test]
fn a_gate_that_could_not_fail_is_refused_before_anything_is_done() {
    let copy = Copy::new();
    let spec = ["--spec", "specs/fena/openapi.yaml"];
    let har: &[&str] = &["validate", "--har", "none.har"];
    let probe: &[&str] = &["probe", "--base-url", "http://127.0.0.1:1", "--dry-run"];
    for (verb, selection) in [(har, ["--exclude-checks", "RT*,GI*"]), (probe, ["--checks", "lint/*,CL001"])] {
        let run = copy.run(&[verb, &spec, &selection].concat());
        assert!(run.code == 2 && run.out.is_empty(), "{}{}", run.out, run.err);
        assert!(run.err.contains("`--checks` and `--exclude-checks` leave no check"), "{}", run.err);
    }
    assert_eq!(copy.run(&[probe, &spec, &["--checks", "RT030"]].concat()).code, 0);
    copy.write("obkit.toml", "[gate]\nchecks = ['CL*']\n");
    let run = copy.run(&[probe, &spec].concat());
    assert!(run.code == 2 && run.err.contains("`checks` and `exclude-checks` of obkit.toml leave"), "{}", run.err);
}

#[test]
fn a_part_does_not_say_what_only_the_whole_can() {
    let copy = Copy::new();
    copy.write("obkit.toml", &format!("[gate]\nfail-on = 'warning'\n\n[[waivers]]\ncheck = 'CL001'\nprovider = 'candescent'\nreason = 'known'\nowner = 'us'\nexpires = {}\n", soon()));
    for shard in ["1/2", "2/2"] {
        let run = conform(&copy, &["--shard", shard, "--format", "json", "-o", &format!("{}.json", &shard[..1])]);
        assert_eq!(run.code, 0, "{}", run.err);
    }
    let run = copy.run(&["report", "merge", "1.json", "2.json"]);
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(run.out.contains("error[GI004/unused]"), "{}", run.out);
    assert_eq!(copy.run(&["report", "merge", "1.json", "2.json", "--fail-on", "never"]).code, 0);
}

#[test]
fn payloads_and_probes_are_judged_by_the_file() {
    let copy = Copy::new();
    let line =
        r#"{"kind":"response","op":"getProvider","status":"200","content_type":"application/json","value":{"id":7}}"#;
    copy.write("payloads.jsonl", &format!("{line}\n"));
    let validate = ["validate", "--spec", "specs/fena/openapi.yaml", "--payloads", "payloads.jsonl"];
    assert_eq!(copy.run(&validate).code, 1);
    // A waiver of something else is not called unused: the payloads are not all there is.
    let waiver = |check: &str| {
        format!("[[waivers]]\ncheck = '{check}'\nreason = 'known'\nowner = 'us'\nexpires = {}\n\n", soon())
    };
    copy.write("obkit.toml", &(waiver("RT030/*") + &waiver("CL001")));
    let run = copy.run(&validate);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("\"valid\":false"), "{}", run.out);
    copy.write("obkit.toml", &waiver("RT30/*"));
    let run = copy.run(&validate);
    assert!(run.code == 1 && run.err.contains("error[GI003/check] "), "{}", run.err);
    let plan = |more: &[&str]| {
        let probe = ["probe", "--spec", "specs/fena/openapi.yaml", "--dry-run"];
        copy.run(&[&probe[..], more].concat()).out
    };
    let all = plan(&[]);
    copy.write("obkit.toml", "[probe]\ninclude = ['getProvider']\n");
    let one = plan(&[]);
    assert!(one.contains("getProvider: ") && one.contains("1 operation, ") && one != all, "{one}");
    assert!(plan(&["--include", "*"]) == all);
}

#[test]
fn what_payloads_and_traffic_exercise_is_held_to_what_the_file_asks_for() {
    let copy = Copy::new();
    let value = r#"{"id":"a","name":"b","active":true,"sortCodeRange":"c"}"#;
    let line = format!(r#"{{"kind":"response","op":"getProvider","status":"200","value":{value}}}"#);
    copy.write("payloads.jsonl", &format!("{line}\n"));
    let exchange = r#"{"request":{"method":"GET","url":"https://x.example/nothing"},"response":{"status":404}}"#;
    copy.write("traffic.ndjson", &format!("{exchange}\n"));
    let spec = ["validate", "--spec", "specs/fena/openapi.yaml"];
    let payloads = |more: &[&str]| {
        copy.run(&[&spec[..], &["--payloads", "payloads.jsonl", "--report", "json=r.json"], more].concat())
    };
    let traffic = ["--exchanges", "traffic.ndjson", "--base-url", "https://x.example", "--exclude-checks", "RT001"];
    let traffic = || copy.run(&[&spec[..], &traffic].concat());
    assert_eq!((payloads(&[]).code, traffic().code), (0, 0));
    copy.write("obkit.toml", "[coverage]\nat-least = { operations = 2 }\n");
    let run = payloads(&[]);
    assert_eq!(run.code, 0, "one of eighteen is more than two percent: {}", run.err);
    let run = traffic();
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(
        run.out.contains("error[GI011/operations]") && run.out.contains("0/18 operations were exercised"),
        "{}",
        run.out
    );
    copy.write("obkit.toml", "[coverage]\nat-least = { operations = 90 }\n");
    let run = payloads(&[]);
    assert!(run.code == 1 && run.err.contains("error[GI011/operations] 1/18 operations"), "{}", run.err);
    let report: Value = serde_json::from_str(&std::fs::read_to_string(copy.path().join("r.json")).unwrap()).unwrap();
    assert_eq!(report["providers"][0]["coverage"]["totals"]["operations"], serde_json::json!({"done": 1, "of": 18}));
    // What is known, and what is asked of other runs.
    let waiver = format!("[[waivers]]\ncheck = 'GI011'\nreason = 'known'\nowner = 'us'\nexpires = {}\n", soon());
    copy.write("other.toml", &format!("[coverage]\nat-least = {{ operations = 90 }}\n{waiver}"));
    assert_eq!(payloads(&["--config", "other.toml"]).code, 0);
    copy.write("obkit.toml", "[coverage]\nruns = ['conform', 'probe']\nat-least = { operations = 90 }\n");
    assert_eq!((payloads(&[]).code, traffic().code), (0, 0));
}

#[test]
fn the_profile_of_the_file_holds_where_no_argument_says_another() {
    let copy = Copy::new();
    let value = r#"{"id":"a","name":"b","active":true,"sortCodeRange":"c","colour":"red"}"#;
    let line = format!(r#"{{"kind":"response","op":"getProvider","status":"200","value":{value}}}"#);
    copy.write("payloads.jsonl", &format!("{line}\n"));
    let validate = |more: &[&str]| {
        let arguments = ["validate", "--spec", "specs/fena/openapi.yaml", "--payloads", "payloads.jsonl"];
        copy.run(&[&arguments[..], more].concat())
    };
    assert_eq!(validate(&[]).code, 0);
    copy.write("obkit.toml", "[gate]\nprofile = 'closed'\n");
    let run = validate(&[]);
    assert!(run.code == 1 && run.out.contains("undeclared"), "{}{}", run.out, run.err);
    assert_eq!(validate(&["--profile", "strict"]).code, 0);
    copy.write("obkit.toml", "[gate]\nprofile = 'strct'\n");
    let run = validate(&[]);
    assert!(
        run.code == 2 && run.err.contains("obkit.toml:2:11: ") && run.err.contains("did you mean `strict`?"),
        "{}",
        run.err
    );
}

#[test]
fn what_is_wrong_in_the_file_stops_the_run() {
    let copy = Copy::new();
    copy.write("obkit.toml", "[gate]\nfail_on = 'error'\n");
    let run = conform(&copy, &[]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(
        run.err.contains("obkit.toml:2:1: unknown field `fail_on`") && run.err.contains("did you mean `fail-on`?"),
        "{}",
        run.err
    );
    assert_eq!(conform(&copy, &["--config", "gone.toml"]).code, 2);
    let schema = copy.run(&["config", "schema"]);
    assert_eq!(schema.code, 0, "{}", schema.err);
    assert_eq!(serde_json::from_str::<Value>(&schema.out).unwrap()["title"], "obkit.toml");
}
