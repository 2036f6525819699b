//! The action and the hooks that the repository offers: they are read as their runners read them, and run.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod command;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use command::{Copy, obkit, repository};
use obkit_codegen::Document;
use serde_json::Value;

const FENA: &str = "specs/fena/openapi.yaml";

/// A file of YAML.
fn yaml(file: &str) -> Value {
    let text = fs::read_to_string(repository().join(file)).unwrap();
    let indented: String = text.lines().map(|line| format!("  {line}\n")).collect();
    // The reader of documents reads any YAML under a name of one's own.
    let head = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\nx-file:\n";
    Document::parse(file, &format!("{head}{indented}")).unwrap().at("/x-file").unwrap().clone()
}

fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(members) => members.values().for_each(|member| texts(member, found)),
        _ => {}
    }
}

/// The flags of a text that obkit is run with, whatever the verb.
fn flags(text: &str) -> BTreeSet<String> {
    let of_others = ["--release", "--locked", "--manifest-path", "--package", "--target-dir", "--git"];
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    let is_flag =
        |word: &&str| word.strip_prefix("--").is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()));
    let flags = words.filter(is_flag).filter(|word| !of_others.contains(word));
    flags.map(str::to_owned).collect()
}

#[test]
fn every_flag_that_is_used_exists() {
    let root = repository();
    let help = |verb: &[&str]| obkit(&root, &[verb, &["--help"]].concat()).out;
    let verbs: &[&[&str]] =
        &[&["conform"], &["validate"], &["probe"], &["report", "merge"], &["lint"], &["generate"], &[]];
    let known: BTreeSet<String> =
        verbs.iter().flat_map(|verb| flags(&help(verb))).chain(["--version".to_owned()]).collect();
    let mut used = Vec::new();
    for file in ["action.yml", ".pre-commit-hooks.yaml"] {
        texts(&yaml(file), &mut used);
    }
    used.push(fs::read_to_string(root.join("docs/ci.md")).unwrap());
    let used: BTreeSet<String> = used.iter().flat_map(|text| flags(text)).collect();
    assert!(used.len() > 8, "{used:?}");
    let unknown: Vec<_> = used.difference(&known).collect();
    assert!(unknown.is_empty(), "no verb has {unknown:?}");
    // What the action asks of the verbs that write reports.
    for verb in [&["conform"][..], &["validate"], &["report", "merge"]] {
        assert!(help(verb).contains("--report <FORMAT=FILE>"), "{verb:?}");
    }
}

#[test]
fn every_input_and_output_is_described_and_used() {
    let action = yaml("action.yml");
    let text = fs::read_to_string(repository().join("action.yml")).unwrap();
    let page = fs::read_to_string(repository().join("docs/ci.md")).unwrap();
    for (name, input) in action["inputs"].as_object().unwrap() {
        assert!(input["description"].is_string() && input["default"].is_string(), "{name}");
        assert!(text.contains(&format!("${{{{ inputs.{name} }}}}")), "nothing reads `{name}`");
        assert!(page.contains(&format!("`{name}`")), "docs/ci.md does not tell of `{name}`");
    }
    for (name, output) in action["outputs"].as_object().unwrap() {
        assert_eq!(output["value"], format!("${{{{ steps.run.outputs.{name} }}}}"));
        assert!(page.contains(&format!("`{name}`")), "docs/ci.md does not tell of `{name}`");
    }
    // Nothing of an input stands in a script: it would be run.
    for step in action["runs"]["steps"].as_array().unwrap() {
        assert!(!step["run"].as_str().unwrap().contains("${{"), "{step}");
        assert_eq!(step["shell"], "bash");
    }
}

/// What became of the action.
struct Done {
    code: i32,
    log: String,
    summary: String,
    outputs: BTreeMap<String, String>,
}

/// Runs the steps of the action as a runner does: with the inputs given, and else their defaults.
fn act(copy: &Copy, given: &[(&str, &str)]) -> Done {
    let action = yaml("action.yml");
    let defaults = action["inputs"].as_object().unwrap().iter();
    let mut known: BTreeMap<String, String> = defaults
        .map(|(name, input)| (format!("inputs.{name}"), input["default"].as_str().unwrap().to_owned()))
        .collect();
    known.insert("inputs.binary".to_owned(), env!("CARGO_BIN_EXE_obkit").to_owned());
    known.extend(given.iter().map(|(name, value)| (format!("inputs.{name}"), (*value).to_owned())));
    known.insert("github.action_path".to_owned(), repository().display().to_string());
    let resolve = |known: &BTreeMap<String, String>, text: &str| match text
        .strip_prefix("${{ ")
        .and_then(|rest| rest.strip_suffix(" }}"))
    {
        Some(name) => known[name].clone(),
        None => text.to_owned(),
    };
    let [output, summary] = ["output.txt", "summary.txt"].map(|file| copy.path().join(file));
    let mut log = String::new();
    for step in action["runs"]["steps"].as_array().unwrap() {
        fs::write(&output, "").unwrap();
        let mut bash = Command::new("bash");
        bash.args(["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"].as_str().unwrap()]);
        let folder =
            step["working-directory"].as_str().map_or_else(|| ".".to_owned(), |folder| resolve(&known, folder));
        bash.current_dir(copy.path().join(folder)).env("GITHUB_OUTPUT", &output).env("GITHUB_STEP_SUMMARY", &summary);
        for (name, value) in step["env"].as_object().unwrap() {
            bash.env(name, resolve(&known, value.as_str().unwrap()));
        }
        let done = bash.output().unwrap();
        log.push_str(&String::from_utf8(done.stdout).unwrap());
        log.push_str(&String::from_utf8(done.stderr).unwrap());
        for line in fs::read_to_string(&output).unwrap().lines() {
            let (name, value) = line.split_once('=').unwrap();
            known.insert(format!("steps.{}.outputs.{name}", step["id"].as_str().unwrap()), value.to_owned());
        }
        let code = done.status.code().unwrap();
        let is_last = step["id"] == "run";
        assert!(is_last || code == 0, "{log}");
        if is_last {
            let outputs = action["outputs"].as_object().unwrap().iter();
            let outputs =
                outputs.map(|(name, output)| (name.clone(), resolve(&known, output["value"].as_str().unwrap())));
            let summary = fs::read_to_string(&summary).unwrap_or_default();
            return Done { code, log, summary, outputs: outputs.collect() };
        }
    }
    panic!("the action runs nothing");
}

#[test]
fn the_action_runs_and_tells_what_it_found() {
    let copy = Copy::new();
    let done = act(&copy, &[("args", "--quiet\n--provider candescent")]);
    assert_eq!((done.code, done.outputs["exit-code"].as_str()), (0, "0"), "{}", done.log);
    assert!(done.log.contains("candescent") && done.summary.contains("candescent"), "{}", done.summary);

    copy.write(
        "payloads.jsonl",
        "{\"kind\":\"response\",\"op\":\"getProvider\",\"status\":\"200\",\"value\":{\"id\":7}}\n",
    );
    let given =
        [("command", "validate"), ("spec", FENA), ("args", "--payloads payloads.jsonl"), ("reports", "out/here")];
    let done = act(&copy, &given);
    assert_eq!((done.code, done.outputs["exit-code"].as_str()), (1, "1"), "{}", done.log);
    assert!(done.log.contains("::error ") && done.log.contains(FENA), "annotations: {}", done.log);
    assert!(done.summary.contains("RT030/type"), "{}", done.summary);
    let read = |output: &str| -> Value {
        serde_json::from_slice(&fs::read(copy.path().join(&done.outputs[output])).unwrap()).unwrap()
    };
    assert_eq!(read("sarif")["version"], "2.1.0");
    assert!(read("json")["providers"][0]["findings"].as_array().is_some_and(|findings| !findings.is_empty()));

    // The parts of a run, merged.
    for part in ["1/2", "2/2"] {
        let reports = format!("part-{}", &part[..1]);
        let given = [
            ("args", &*format!("-q --provider candescent --shard {part}")),
            ("reports", &*reports),
            ("summary", "false"),
        ];
        assert_eq!(act(&copy, &given).code, 0);
    }
    let merged = act(&copy, &[("command", "report merge"), ("args", "part-1/obkit.json part-2/obkit.json")]);
    assert_eq!(merged.code, 0, "{}", merged.log);
    let lost = act(&copy, &[("command", "report merge"), ("args", "part-1/obkit.json")]);
    assert_eq!((lost.code, lost.outputs["exit-code"].as_str()), (2, "2"), "{}", lost.log);
}

/// The pipeline of docs/ci.md: shares that never fail, and a whole that does.
#[test]
fn shares_that_may_not_fail_make_a_whole_that_does() {
    let page = fs::read_to_string(repository().join("docs/ci.md")).unwrap();
    assert!(page.contains("'--shard ${{ matrix.share }} --fail-on never'"), "the page tells of another pipeline");
    let copy = Copy::new();
    copy.edit("specs/fena/openapi.yaml", "Status: Enabled", "Status: Somehow");
    for share in ["1/2", "2/2"] {
        let args = format!("-q --provider fena --shard {share} --fail-on never --exclude-checks GI006");
        let reports = format!("shares/share-{}", &share[..1]);
        let done = act(&copy, &[("args", &*args), ("reports", &*reports), ("summary", "false")]);
        assert_eq!(done.code, 0, "{}", done.log);
    }
    let merge = |more: &str| {
        let args = format!("shares/share-1/obkit.json shares/share-2/obkit.json {more}");
        act(&copy, &[("command", "report merge"), ("args", &*args)])
    };
    let whole = merge("");
    assert_eq!((whole.code, whole.outputs["exit-code"].as_str()), (1, "1"), "{}", whole.log);
    assert!(whole.log.contains("::error "), "{}", whole.log);
    let text = fs::read_to_string(copy.path().join(&whole.outputs["json"])).unwrap();
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["verdict"]["policy"]["fail_on"], "error", "the report says by what the whole was judged");
    // What is asked of the whole, and else what its file says.
    assert_eq!(merge("--fail-on never").code, 0);
    copy.write("obkit.toml", "[gate]\nfail-on = 'never'\n");
    assert_eq!((merge("").code, merge("--fail-on error").code), (0, 1));
    copy.write("strict.toml", "[gate]\nfail-on = 'info'\n");
    assert_eq!(merge("--config strict.toml").code, 1);
}

#[test]
fn what_an_earlier_step_found_is_not_told_again() {
    let copy = Copy::new();
    copy.write(
        "payloads.jsonl",
        "{\"kind\":\"response\",\"op\":\"getProvider\",\"status\":\"200\",\"value\":{\"id\":7}}\n",
    );
    let validate = |args: &str| act(&copy, &[("command", "validate"), ("spec", FENA), ("args", args)]);
    let first = validate("--payloads payloads.jsonl");
    assert!(first.code == 1 && first.log.contains("::error "), "{}", first.log);
    // Nothing is written where the arguments are wrong, whatever stands there already.
    for args in ["--payloads gone.jsonl", "--nonsense"] {
        fs::write(copy.path().join("summary.txt"), "").unwrap();
        let second = validate(args);
        assert_eq!(second.code, 2, "{}", second.log);
        assert!(!second.log.contains("::error ") && second.summary.is_empty(), "{}{}", second.log, second.summary);
        assert_eq!((second.outputs["sarif"].as_str(), second.outputs["json"].as_str()), ("", ""));
        assert_eq!(fs::read_dir(copy.path().join("target/obkit")).unwrap().count(), 0, "{args}");
        validate("--payloads payloads.jsonl");
    }
    // What stands there may be what is put together.
    let merged = act(&copy, &[("command", "report merge"), ("args", "target/obkit/obkit.json")]);
    assert_eq!((merged.code, merged.outputs["json"].as_str()), (1, "target/obkit/obkit.json"), "{}", merged.log);
}

#[test]
fn the_action_runs_what_writes_no_report_and_nothing_else() {
    let copy = Copy::new();
    let done = act(&copy, &[("command", "lint"), ("spec", FENA)]);
    assert_eq!((done.code, done.outputs["sarif"].as_str()), (0, ""), "{}", done.log);
    copy.edit("generated/fena/src/lib.rs", "pub", "pub  ");
    assert_eq!(act(&copy, &[("command", "generate --check")]).code, 4);
    // Arguments are words, and no commands.
    let done = act(&copy, &[("command", "lint"), ("args", "$(touch made) `touch made` ; touch made * && touch made")]);
    assert_eq!(done.code, 2, "{}", done.log);
    assert!(!Path::new(&copy.path().join("made")).exists());
}

/// The hooks, with the obkit that was built in the place of the one of the PATH.
#[test]
fn the_hooks_run() {
    let copy = Copy::new();
    let folder = Path::new(env!("CARGO_BIN_EXE_obkit")).parent().unwrap();
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    let run = |hook: &Value, files: &[&str]| {
        let files = if hook["pass_filenames"] == false { &[][..] } else { files };
        let line = format!("{} \"$@\"", hook["entry"].as_str().unwrap());
        let mut bash = Command::new("bash");
        let done =
            bash.args(["-c", &line, "hook"]).args(files).current_dir(copy.path()).env("PATH", &path).output().unwrap();
        done.status.code().unwrap()
    };
    let hooks = yaml(".pre-commit-hooks.yaml");
    let hook = |id: &str| hooks.as_array().unwrap().iter().find(|hook| hook["id"] == id).unwrap();
    let files = [FENA, "specs/wych/openapi.yaml"];
    assert_eq!(run(hook("obkit-lint"), &files), 0);
    assert_eq!(run(hook("obkit-generate"), &files), 0);
    copy.edit(FENA, "openapi: 3", "openapi: 9");
    assert_ne!(run(hook("obkit-lint"), &files), 0, "the first of two files counts");
    assert_ne!(run(hook("obkit-generate"), &files), 0);
    assert_ne!(run(hook("obkit-conform"), &files), 0);
    for hook in hooks.as_array().unwrap() {
        for member in ["id", "name", "description", "entry", "language", "files"] {
            assert!(hook[member].is_string(), "{member} of {hook}");
        }
    }
}
