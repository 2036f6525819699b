//! Every check of the catalogue fires in its own case, and is silent in the other.
#![cfg(feature = "workspace")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod faulty;
mod liar;
mod spec_client;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use faulty::{Fault as ServerFault, Faulty, Met, SECRET};
use liar::Lie;
use obkit::provider::Capability;
use obkit_codegen::article::Block;
use obkit_codegen::{Document, Providers, Spec, lint};
use obkit_conformance::checks::{self, Check, Explanation, Rule};
use obkit_conformance::config::Config;
use obkit_conformance::exchange::{self, Request, Response, check_answer, check_response};
use obkit_conformance::probe::{self, Credentials, Options, Secret};
use obkit_conformance::server::ContractServer;
use obkit_conformance::suite::ProviderReport;
use obkit_conformance::suite::client::Effort;
use obkit_conformance::typed_client::TypedClient;
use obkit_conformance::workspace::conform;
use obkit_conformance::{Contract, Finding, Profiles, Report, Shard, payload, suite, traffic};
use sha2::{Digest as _, Sha256};
use spec_client::{Fault, SpecClient};

fn block(case: &[Block], kind: &str) -> Option<&'static str> {
    case.iter().find(|block| block.kind == kind).map(|block| block.text)
}

fn contract(case: &[Block]) -> Arc<Contract> {
    let document = Document::parse("openapi.yaml", block(case, "yaml").unwrap()).unwrap();
    Arc::new(Contract::new("test", Spec::read(document).unwrap()))
}

/// What is found in a case: what is done is said by the blocks beside the document.
async fn findings(case: &[Block]) -> Vec<Finding> {
    if let (Some(request_text), Some(text)) = (block(case, "http"), block(case, "answer")) {
        let contract = contract(case);
        return check_answer(&contract, &contract.spec().operations()[0], &request(request_text), &response(text));
    }
    if let Some(text) = block(case, "http") {
        return exchange::check(&contract(case), &request(text)).findings;
    }
    if let Some(text) = block(case, "answer") {
        let contract = contract(case);
        return check_response(&contract, &contract.spec().operations()[0], &response(text));
    }
    if let Some(does) = block(case, "server") {
        return of_server(contract(case), does.trim()).await;
    }
    if let Some(lines) = block(case, "payload") {
        let mut found = Vec::new();
        payload::validate_reporting(&contract(case), Profiles::default(), lines.as_bytes(), Vec::new(), &mut |one| {
            found.push(one)
        })
        .unwrap();
        return found;
    }
    if let Some(lines) = block(case, "exchange") {
        let contract = contract(case);
        return traffic::validate_lines(&contract, &traffic::Options::of(&contract), lines.as_bytes()).report.findings;
    }
    if let Some(does) = block(case, "capability") {
        return of_capability(does.trim()).await;
    }
    if let Some(state) = block(case, "workspace") {
        return of_workspace(state.trim()).await;
    }
    let report = match block(case, "client") {
        Some(does) => of_client(contract(case), does.trim()).await,
        None => suite::run_without_client(&contract(case), &mut |_| {}),
    };
    let Some(config) = block(case, "toml") else { return report.findings };
    let mut report = Report { providers: vec![report], ..Report::default() };
    let policy = Config::parse("obkit.toml", config).unwrap().policy();
    report.judge(policy, "2026-02-01".parse().unwrap());
    report.findings().filter(|finding| finding.counts()).cloned().collect()
}

fn request(text: &str) -> Request {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let mut line = lines.next().unwrap().split(' ');
    let (method, target) = (line.next().unwrap(), line.next().unwrap());
    let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query.to_owned())));
    let header = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned())).unwrap();
    Request {
        method: method.to_owned(),
        path: path.to_owned(),
        query,
        headers: lines.map(header).collect(),
        body: body.trim_end().as_bytes().to_vec(),
    }
}

fn response(text: &str) -> Response {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let header = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned())).unwrap();
    Response { status, headers: lines.map(header).collect(), body: body.trim_end().as_bytes().to_vec() }
}

async fn of_server(contract: Arc<Contract>, does: &str) -> Vec<Finding> {
    let bound = || Met::BodyIs("/amount".to_owned(), 100.into());
    let pay = || "pay".to_owned();
    let fault = match does {
        // A limit that no answer keeps stands in for a server that waits.
        "is right" | "is slow" => ServerFault::None,
        "fails on the bound of a number" => ServerFault::Fails(pay(), bound()),
        "accepts any body" => ServerFault::Overlooks(pay(), "RT030".to_owned(), None),
        "refuses the bound of a number" => ServerFault::Refuses(pay(), bound()),
        "asks for no header field" => ServerFault::Overlooks(pay(), "RT050/required".to_owned(), None),
        "takes any method" => ServerFault::AnyMethod("/payments".to_owned()),
        "asks for no credentials" => ServerFault::NoCredentials(pay()),
        "deletes nothing" => ServerFault::KeepsDeleted("cancel".to_owned()),
        "forgets what it creates" => ServerFault::ForgetsCreated(pay()),
        "hangs up" => ServerFault::HangsUp(pay()),
        other => panic!("no server that {other}"),
    };
    let server = Faulty::start(Arc::clone(&contract), fault).await;
    let max_response_time = (does == "is slow").then_some(std::time::Duration::ZERO);
    let options = Options { fuzz_cases: 10, max_response_time, ..Options::default() };
    let mut credentials = Credentials::default();
    credentials.any(Secret::new(SECRET.to_owned()));
    let target = probe::Target::new(&server.base_url(), &[]).unwrap();
    let report = probe::run(contract, target, credentials, options).await.unwrap();
    assert!(report.never_succeeded.is_empty() || does != "is right", "{report:#?}");
    report.findings().cloned().collect()
}

async fn of_client(contract: Arc<Contract>, does: &str) -> ProviderReport {
    let fault = match does {
        "is right" => Fault::None,
        "sends every request twice" => Fault::SendsTwice,
        "drops what is null" => Fault::LosesNull,
        "takes errors for success" => Fault::IgnoresStatus,
        "maps nothing to the domain" => Fault::CannotMap,
        "calls nothing" => Fault::NeverCalls,
        "refuses what is long" => Fault::Narrow,
        "writes spaces as pluses" => Fault::Plus,
        "follows redirects" => Fault::Follows,
        "prints bodies" => Fault::Talks,
        "knows no names" => Fault::Nameless,
        "takes anything" => Fault::Wide,
        "knows what is documented, and nothing else" => Fault::Closed,
        other => panic!("no client that {other}"),
    };
    let server = ContractServer::start(Arc::clone(&contract)).await.unwrap();
    let client = SpecClient { contract: Arc::clone(&contract), base_url: server.base_url(), fault, typed: false };
    let report = suite::run(&contract, &client, &server, &mut |_| {}).await;
    let connect = |base_url: &str| -> Option<Box<dyn TypedClient>> {
        Some(Box::new(SpecClient {
            contract: Arc::clone(&contract),
            base_url: base_url.to_owned(),
            fault,
            typed: true,
        }))
    };
    suite::client::run(&contract, &connect, Shard::WHOLE, Effort::QUICK, report, &mut |_| {}).await.unwrap()
}

async fn of_capability(does: &str) -> Vec<Finding> {
    let lie = match does {
        "is honest" => Lie::Declares,
        "takes errors for empty lists" => Lie::Swallows,
        other => panic!("no capability that {other}"),
    };
    liar::found(lie, &[Capability::Accounts]).await
}

/// The smallest provider of the workspace.
async fn of_workspace(state: &str) -> Vec<Finding> {
    const OVERLAY: &str = "overlay: 1.0.0\ninfo: {title: Note, version: '1'}\nactions: [{target: $.info, description: It needs none., update: {}}]\n";
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for part in ["specs", "generated/candescent"] {
        copy(&root.join(part), &folder.path().join(part));
    }
    let file = |path: &str| folder.path().join(path);
    let edit = |path: &str, change: &dyn Fn(String) -> String| {
        fs::write(file(path), change(fs::read_to_string(file(path)).unwrap())).unwrap();
    };
    let overlay = |name: &str| {
        let folder = file("specs/candescent").join(name);
        fs::create_dir(&folder).unwrap();
        for file in ["010-note.yaml", "020-note.yaml"] {
            fs::write(folder.join(file), OVERLAY).unwrap();
        }
    };
    let take = || {
        let sha256 = format!("{:x}", Sha256::digest(fs::read(file("specs/candescent/openapi.yaml")).unwrap()));
        let row = "generated = \"generated/candescent\"\n";
        edit("specs/providers.toml", &|text| text.replace(row, &format!("{row}sha256 = \"{sha256}\"\n")));
    };
    match state {
        "its generated code is as it was generated" => {}
        "its generated code was edited by hand" => edit("generated/candescent/src/lib.rs", &|code| code + "// Mine.\n"),
        "its document is the one that was taken" => take(),
        "its document was edited since it was taken" => {
            take();
            edit("specs/candescent/openapi.yaml", &|text| text + "# Mine.\n");
        }
        "its overlays stand in `overlays`" => overlay("overlays"),
        "its overlays stand in `overlay`" => overlay("overlay"),
        other => panic!("no workspace of which {other}"),
    }
    let providers = Providers::load(folder.path()).unwrap();
    let rows = providers.select(&["candescent".to_owned()]).unwrap();
    let conformance = conform(&providers, &rows, &mut |_| {}).await;
    assert!(conformance.failures.is_empty(), "{:?}", conformance.failures);
    conformance.report.findings().cloned().collect()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// How often a rule of lint speaks about a document.
fn notes(check: &Check, case: &[Block]) -> usize {
    let document = Document::survey_text("openapi.yaml", block(case, "yaml").unwrap(), &[]).unwrap();
    let notes = lint(&Spec::survey(document));
    notes.iter().filter(|note| checks::of_lint(note.rule) == Some(check)).count()
}

#[tokio::test]
async fn every_check_fires_in_its_case_and_is_silent_in_the_other() {
    for check in checks::all() {
        let (fires, silent) = (check.fires(), check.silent());
        assert_ne!(fires, silent, "{}", check.id());
        if check.is_lint() {
            assert!(notes(check, &fires) > 0 && notes(check, &silent) == 0, "{}", check.id());
            continue;
        }
        let fired = findings(&fires).await;
        let own: Vec<_> = fired.iter().filter(|finding| finding.rule.check() == check).collect();
        assert!(!own.is_empty(), "{} does not fire: {fired:#?}", check.id());
        assert!(own.iter().all(|finding| finding.severity == check.severity() && !finding.remedy.is_empty()));
        assert!(fired.iter().all(|finding| finding.rule.is_known()), "a part without a name: {fired:#?}");
        assert_eq!(findings(&silent).await, [], "{} is not silent", check.id());
    }
}

/// So that a waiver for one of them leaves the others.
#[tokio::test]
async fn each_file_that_nobody_reads_is_a_finding_of_its_own() {
    let found = of_workspace("its overlays stand in `overlay`").await;
    let prints: BTreeSet<_> = found.iter().map(|finding| &finding.fingerprint).collect();
    assert_eq!((found.len(), prints.len()), (2, 2), "{found:#?}");
}

#[test]
fn every_check_stands_in_the_catalogue_once_and_is_explained() {
    let ids: BTreeSet<&str> = checks::all().map(Check::id).collect();
    assert_eq!(ids.len(), checks::all().count(), "an id is given twice");
    for Explanation { id, title, meaning, reason, standard, remedy, .. } in checks::all().map(Explanation::from) {
        assert!(!meaning.is_empty() && !reason.is_empty(), "`{id}` says what it means, and why it matters");
        assert_eq!(standard.is_empty(), id.starts_with("lint/"), "`{id}` names what it rests on");
        assert!(!remedy.ends_with('.') && !remedy.is_empty(), "`{id}`: {remedy}");
        assert!(id.starts_with("lint/") || !title.ends_with('.'), "`{id}`: {title}");
        assert_eq!(checks::find(id).map(Check::id), Some(id));
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/checks");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let articles = files.filter(|file| file.extension().is_some_and(|extension| extension == "md"));
    let written: BTreeSet<String> =
        articles.map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    let own = ids.iter().filter(|id| !id.starts_with("lint/")).map(|id| (*id).to_owned()).collect();
    assert_eq!(written, own, "an article without a check");
}

#[test]
fn an_id_is_read_back_and_no_other_is() {
    for id in ["RT022", "RT030/required", "lint/header-name"] {
        let rule = Rule::read(id).unwrap();
        assert_eq!(rule, id);
        assert_eq!(serde_json::from_value::<Rule>(serde_json::to_value(&rule).unwrap()).unwrap(), rule);
    }
    assert_eq!(Rule::read("RT030/required").unwrap().check(), checks::RT030);
    for id in ["", "RT", "RT999", "lint", "lint/", "lint/no-such-rule", "required/RT030"] {
        assert!(Rule::read(id).is_err(), "{id}");
    }
    // A report may be of another version; what somebody writes stands for something.
    for (id, help) in [
        ("RT030/requird", "did you mean `RT030/required`?"),
        ("GI003/something", "the parts of `GI003` are check, provider"),
        ("RT001/path", "`RT001` has no parts"),
        ("rt001", "did you mean `RT001`?"),
    ] {
        let error = Rule::written(id).unwrap_err().to_string();
        assert_eq!(error, format!("there is no check `{id}`: {help}"));
    }
    assert!(!Rule::read("RT030/requird").unwrap().is_known());
    assert_eq!(Rule::written("RT030/required").unwrap(), "RT030/required");
}

#[test]
fn the_page_of_the_checks_is_fresh() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/checks.md");
    let written = fs::read_to_string(file).unwrap_or_default().replace("\r\n", "\n");
    assert!(written == checks::page(), "run `cargo run -p obkit-cli -- checks explain --all -o docs/checks.md`");
}
