//! `obkit probe`, against a server that answers everything the same way.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod command;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::Command;
use std::sync::{Arc, Mutex};

use command::{Run, obkit};

const SPEC: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
security: [{key: []}]
paths:
  /accounts:
    get:
      operationId: list
      parameters: [{name: limit, in: query, schema: {type: integer, maximum: 10}}]
      responses: {'200': {description: ok, content: {application/json: {schema: {type: array}}}}, '404': {description: none}}
components: {securitySchemes: {key: {type: http, scheme: bearer}}}
";

/// A server that answers `[]` to everything that carries the token; what arrived, as text.
fn server() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let seen = Arc::new(Mutex::new(Vec::new()));
    let record = Arc::clone(&seen);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let record = Arc::clone(&record);
            std::thread::spawn(move || {
                let mut stream = BufReader::new(stream.unwrap());
                while let Some(head) = head(&mut stream) {
                    let answer = match () {
                        () if head.contains(" /nowhere/") => "404 Not Found\r\ncontent-length: 0\r\n\r\n",
                        () if head.contains(" /moved/") => "302 Found\r\nlocation: /\r\ncontent-length: 0\r\n\r\n",
                        () if !head.contains("Bearer s3cret") => "401 Unauthorized\r\ncontent-length: 0\r\n\r\n",
                        () if !head.starts_with("GET ") => {
                            "405 Method Not Allowed\r\nallow: GET\r\ncontent-length: 0\r\n\r\n"
                        }
                        () => "200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n[]",
                    };
                    record.lock().unwrap().push(head);
                    stream.get_mut().write_all(format!("HTTP/1.1 {answer}").as_bytes()).unwrap();
                }
            });
        }
    });
    (base, seen)
}

/// The head of a request; its body is read and forgotten.
fn head(stream: &mut BufReader<std::net::TcpStream>) -> Option<String> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    stream.read_exact(&mut vec![0; length.unwrap_or(0)]).ok()?;
    Some(head)
}

fn run(folder: &std::path::Path, arguments: &[&str]) -> Run {
    with_verb("probe", folder, arguments)
}

fn with_verb(verb: &str, folder: &std::path::Path, arguments: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_obkit"));
    let output =
        command.arg(verb).args(arguments).current_dir(folder).env("BANK_TOKEN", "s3cret-token").output().unwrap();
    Run {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn to_prove_a_server_that_runs_elsewhere_is_to_probe_it() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("openapi.yaml"), SPEC).unwrap();
    let (base, seen) = server();
    for base in [vec!["--base-url".to_owned(), base.clone()], vec![format!("--base-url={base}")]] {
        let mut arguments = vec!["--spec", "openapi.yaml", "--auth-env", "BANK_TOKEN", "--format", "json"];
        arguments.extend(base.iter().map(String::as_str));
        let run = with_verb("conform", folder.path(), &arguments);
        let sent = std::mem::take(&mut *seen.lock().unwrap()).len();
        assert!(run.out.contains("\"failures\"") && sent > 10, "{sent} requests\n{}{}", run.out, run.err);
    }
    // A document is named for that alone: what is missing is the server.
    let run = with_verb("conform", folder.path(), &["--spec", "openapi.yaml"]);
    assert!(run.code == 2 && run.err.contains("required") && run.err.contains("--base-url <URL>"), "{}", run.err);
}

#[test]
fn a_server_is_probed_and_a_failure_is_asked_again_and_written_as_a_test() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("bank.yaml"), SPEC).unwrap();
    let (base, seen) = server();
    let common = ["--spec", "bank.yaml", "--base-url", &base, "--auth-env", "BANK_TOKEN"];
    let with = |more: &[&str]| run(folder.path(), &[&common, more].concat());

    let found = with(&["--format", "json", "-o", "report.json", "--emit-tests", "tests", "--seed", "7"]);
    assert_eq!((found.code, found.err.as_str()), (1, ""), "{}", found.out);
    let text = std::fs::read_to_string(folder.path().join("report.json")).unwrap();
    assert!(!text.contains("s3cret"), "no secret stands in a report");
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    let failures = report["failures"].as_array().unwrap();
    let rules: Vec<&str> = failures.iter().map(|one| one["finding"]["rule"].as_str().unwrap()).collect();
    // Made up credentials begin with another word, and are refused; a limit that is too large is not.
    assert!(!rules.is_empty() && rules.iter().all(|rule| rule.starts_with("BH002/")), "{rules:?}");
    assert!(failures[0]["curl"].as_str().unwrap().contains("-H \"authorization: Bearer $BANK_TOKEN\""), "{text}");

    assert_eq!(failures[0]["finding"]["provider"], "T", "a document is called what it calls itself, as everywhere");

    let id = failures[0]["replay"]["id"].as_str().unwrap();
    let again = with(&["--replay", &id[..8], "--from", "report.json"]);
    assert_eq!(again.code, 1, "{} {}", again.out, again.err);
    assert!(again.out.contains("found again"), "{}", again.out);
    let never = with(&["--replay", id, "--from", "report.json", "--fail-on", "never"]);
    assert!(never.code == 0 && never.out.contains("found again"), "{} {}", never.out, never.err);
    let made = with(&["--fail-on", "never", "--max-time", "1ms", "-o", "a/folder/report.txt"]);
    assert!(folder.path().join("a/folder").is_dir(), "{} {}", made.out, made.err);
    assert!(folder.path().join(format!("tests/probe_{id}.rs")).is_file());
    assert_eq!(with(&["--fail-on", "never"]).code, 0);

    std::fs::write(folder.path().join("gate.toml"), "[coverage]\nat-least = { responses = 100 }\n").unwrap();
    let asked =
        ["--config", "gate.toml", "--exclude-checks", "BH*", "--report", "json=r.json", "--report", "html=r.html"];
    let short = with(&asked);
    assert!(short.code == 1 && short.out.contains("error[GI011/responses]"), "{}{}", short.out, short.err);
    let read = |file: &str| std::fs::read_to_string(folder.path().join(file)).unwrap();
    let report: serde_json::Value = serde_json::from_str(&read("r.json")).unwrap();
    assert!(report["providers"][0]["coverage"]["totals"]["parameters"]["done"].as_u64() > Some(0), "{report}");
    assert!(read("r.html").contains("<h3>Coverage</h3>"));

    seen.lock().unwrap().clear();
    let dry = with(&["--dry-run"]);
    assert!(dry.code == 0 && dry.out.ends_with("nothing was sent\n"), "{}", dry.out);
    assert!(seen.lock().unwrap().is_empty());
}

#[test]
fn a_server_that_answers_nothing_with_success_does_not_pass() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("bank.yaml"), SPEC).unwrap();
    let (base, _) = server();
    let probed = |path: &str, more: &[&str]| {
        let base = format!("{base}{path}");
        let common = ["--spec", "bank.yaml", "--base-url", &base, "--exclude-checks", "RT010"];
        run(folder.path(), &[&common, more].concat())
    };
    let token = ["--auth-env", "BANK_TOKEN"];
    for (path, more, status, remedy) in [
        ("", &[][..], "the answers were 401 (", "check the credentials"),
        ("/nowhere", &token, "the answers were 404 (", "check the base URL"),
        ("/moved", &token, "the answers were 302 (", "check the base URL"),
    ] {
        let run = probed(path, more);
        assert_eq!(run.code, 2, "{path}: {}{}", run.out, run.err);
        assert!(run.out.contains("0/1 operations answered with success, 0 findings"), "{}", run.out);
        let said = ["nothing was proved: no operation was answered with success", status, remedy];
        assert!(said.iter().all(|said| run.err.contains(said)), "{path}: {}", run.err);
        assert_eq!(probed(path, &[more, &["--fail-on", "never"]].concat()).code, 2);
    }
    assert_eq!(probed("", &[&token[..], &["--phases", "examples,fuzz", "--fail-on", "never"]].concat()).code, 0);
}

#[test]
fn what_cannot_be_probed_is_said_with_a_remedy() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("bank.yaml"), SPEC).unwrap();
    for (arguments, said) in [
        (vec!["--base-url", "https://api.bank.example"], "--allow-host api.bank.example"),
        (vec!["--base-url", "http://127.0.0.1:1", "--include", "lst"], "did you mean `list`?"),
        (vec!["--base-url", "http://127.0.0.1:1", "--auth-env", "keu=BANK_TOKEN"], "did you mean `key`?"),
        (vec!["--base-url", "http://127.0.0.1:1", "--auth-env", "NO_SUCH_VARIABLE_HERE"], "help: set it"),
        (
            vec!["--base-url", "http://127.0.0.1:1", "--auth-env", "s3cret.token"],
            "the environment variable that is named",
        ),
        (
            vec!["--base-url", "http://127.0.0.1:1", "--replay", "1", "--from", "r.json", "--dry-run"],
            "cannot be used with",
        ),
        (
            vec!["--base-url", "http://127.0.0.1:1", "--replay", "1", "--from", "r.json", "--checks", "RT030"],
            "cannot be used",
        ),
        (
            vec!["--base-url", "http://127.0.0.1:1", "--replay", "1", "--from", "r.json", "--format", "json"],
            "told as text",
        ),
        (vec!["--base-url", "http://127.0.0.1:1", "--header", "nonsense"], "Name: value"),
        (vec!["--base-url", "http://127.0.0.1:1", "--rate", "5/d"], "50/s"),
        (vec!["--base-url", "http://127.0.0.1:1"], "start the server"),
        (vec![], "--base-url"),
    ] {
        let run = run(folder.path(), &[&["--spec", "bank.yaml"], arguments.as_slice()].concat());
        assert!(run.code == 2 && run.err.contains(said), "{arguments:?}: {} {}", run.code, run.err);
        assert!(!run.err.contains("s3cret"), "{}", run.err);
    }
    assert_eq!(obkit(folder.path(), &["probe"]).code, 2);
}
