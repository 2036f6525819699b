//! The probe, over HTTP, against servers that are right but for one fault.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod faulty;

use std::sync::Arc;
use std::time::Duration;

use faulty::{Change, Fault, Faulty, Met, SECRET, When};
use obkit_codegen::{Document, Spec};
use obkit_conformance::config::Config;
use obkit_conformance::coverage::Dimension;
use obkit_conformance::exchange::{Response, check_response};
use obkit_conformance::probe::{
    self, Asked, Credentials, Options, Phase, ProbeReport, Secret, Selection, Target, TargetError, ask_again, replay_of,
};
use obkit_conformance::report::Format;
use obkit_conformance::{Contract, Report, Severity};
use serde_json::{Value, json};

const SPEC: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
security: [{key: []}]
paths:
  /payments:
    post:
      operationId: pay
      parameters:
        - {name: note, in: query, schema: {type: string, maxLength: 20}}
        - {name: X-Trace, in: header, schema: {type: string, format: uuid}}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [amount, currency]
              properties:
                amount: {type: integer, minimum: 1, maximum: 100}
                currency: {type: string, enum: [EUR, GBP]}
                text: {type: string, maxLength: 35}
                tags: {type: array, items: {type: string}}
      responses:
        '201':
          description: made
          content:
            application/json:
              schema: {type: object, required: [paymentId], properties: {paymentId: {type: string}}}
              example: {paymentId: p1}
          links:
            show: {operationId: show, parameters: {id: $response.body#/paymentId}}
        '400': {description: refused}
  /payments/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string, minLength: 1}}
    get:
      operationId: show
      responses:
        '200': {description: ok, content: {application/json: {schema: {type: object}, example: {paymentId: p1}}}}
        '404': {description: none}
    delete: {operationId: cancel, responses: {'204': {description: done}}}
components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}}
";

fn contract() -> Arc<Contract> {
    let spec = Spec::read(Document::parse("openapi.yaml", SPEC).unwrap()).unwrap();
    Arc::new(Contract::new("bank", spec))
}

fn credentials() -> Credentials {
    let mut credentials = Credentials::default();
    credentials.any(Secret::new(SECRET.to_owned()));
    credentials
}

fn options() -> Options {
    Options { fuzz_cases: 20, workers: 4, ..Options::default() }
}

async fn probed(fault: Fault, options: Options) -> (ProbeReport, Faulty) {
    let server = Faulty::start(contract(), fault).await;
    let target = Target::new(&server.base_url(), &[]).unwrap();
    let report = probe::run(contract(), target, credentials(), options).await.unwrap();
    (report, server)
}

fn rules(report: &ProbeReport) -> Vec<String> {
    report.findings().map(|finding| finding.rule.to_string()).collect()
}

fn too_large() -> Fault {
    Fault::Overlooks("pay".to_owned(), "RT030/maximum".to_owned(), None)
}

#[tokio::test]
async fn a_right_server_is_not_blamed_and_every_operation_is_answered() {
    let (report, _) = probed(Fault::None, options()).await;
    assert_eq!(rules(&report), Vec::<String>::new());
    assert!(report.never_succeeded.is_empty() && report.skipped.is_empty() && !report.cut_short);
    assert_eq!(report.phases.keys().copied().collect::<Vec<_>>(), [Phase::Coverage, Phase::Fuzz, Phase::Stateful]);
}

/// The probe as it is judged by an `obkit.toml`.
fn judged(mut report: ProbeReport, text: &str) -> ProbeReport {
    report.judge(Config::parse("obkit.toml", text).unwrap().policy(), "2026-02-01".parse().unwrap());
    report
}

#[tokio::test]
async fn what_a_probe_exercises_is_held_to_what_is_asked_for() {
    let (report, _) = probed(Fault::None, options()).await;
    let tallies = |report: &ProbeReport| Dimension::ALL.map(|dimension| report.coverage.of(dimension).to_string());
    // The server of the tests makes no other properties than its examples have; all that may be sent was.
    assert_eq!(tallies(&report), ["3/3", "5/5", "3/3", "4/4", "5/5", "2/2", "0/0"]);
    assert_eq!(rules(&judged(report.clone(), "[coverage]\nat-least = { parameters = 100, values = 100 }")), [""; 0]);

    // Of a part of the operations, as if there were no others: neither the payment's properties nor its currencies are asked for.
    let only = Selection { include: vec!["GET *".to_owned(), "cancel".to_owned()], exclude: Vec::new() };
    let (part, server) = probed(Fault::None, Options { operations: only, ..options() }).await;
    assert!(server.take_seen().iter().all(|request| request.path != "/payments"), "nothing is paid");
    assert_eq!(tallies(&part), ["2/2", "3/3", "1/1", "2/2", "0/0", "0/0", "0/0"]);
    assert_eq!(rules(&judged(part, "[coverage]\nat-least = { properties = 100 }")), [""; 0]);

    // Documented examples only: of the request body there is none.
    let (few, _) = probed(Fault::None, Options { phases: vec![Phase::Examples], ..options() }).await;
    let asked = "[coverage]\nat-least = { properties = 100 }\n";
    let short = judged(few.clone(), asked);
    assert_eq!(rules(&short), ["GI011/properties"]);
    assert!(short.fails_on(Severity::Error) && short.failures.is_empty());
    assert!(short.to_text().contains("error[GI011/properties] bank"), "{}", short.to_text());
    let again = judged(short.clone(), asked);
    assert_eq!(rules(&again), rules(&short), "to judge again changes nothing");
    let said = "reason = 'known'\nowner = 'us'\nexpires = 2026-06-30\n";
    let waived =
        judged(few, &format!("{asked}[[waivers]]\ncheck = 'GI011'\n{said}[[waivers]]\ncheck = 'BH001'\n{said}"));
    assert!(!waived.fails_on(Severity::Info), "it is waived, and no waiver is called unused: {}", waived.to_text());
}

#[tokio::test]
async fn a_probe_is_told_as_a_report_in_every_format() {
    let (report, _) = probed(too_large(), options()).await;
    let report = judged(report, "[coverage]\nat-least = { branches = 100 }");
    let told = report.as_report();
    assert_eq!(told.providers[0].coverage, report.coverage);
    assert!(told.providers[0].exchanges > 0 && !told.nothing_checked() && told.fails_on(Severity::Error));
    for format in Format::ALL {
        assert!(told.render(format).contains("BH002"), "{format}");
    }
    assert_eq!(Report::read(&told.render(Format::Json)).unwrap(), told);
}

#[tokio::test]
async fn a_fault_is_one_finding_with_the_smallest_request_that_shows_it() {
    // Enough of them that the fault is met by chance, too.
    let (report, _) = probed(too_large(), Options { fuzz_cases: 100, ..options() }).await;
    assert_eq!(rules(&report), ["BH002/maximum"]);
    let failure = &report.failures[0];
    assert!(failure.count > 1, "found more than once, told once");
    let step = failure.replay.requests.last().unwrap();
    assert_eq!((step.path.as_str(), &step.query, step.headers.len()), ("/payments", &None, 1));
    let body: Value = serde_json::from_str(step.body.as_ref().unwrap()).unwrap();
    let names: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(names, ["amount", "currency"], "what is optional is left out");
}

#[tokio::test]
async fn crashes_on_what_is_optional_keep_what_they_need_and_nothing_else() {
    let (report, _) = probed(Fault::Fails("pay".to_owned(), Met::BodyHas("/text".to_owned())), options()).await;
    assert_eq!(rules(&report), ["BH001"]);
    let step = report.failures[0].replay.requests.last().unwrap();
    let body: Value = serde_json::from_str(step.body.as_ref().unwrap()).unwrap();
    assert_eq!(body["text"], json!(""));
    assert_eq!(body.as_object().unwrap().len(), 3);
}

#[tokio::test]
async fn no_secret_is_told_and_a_variable_stands_for_it() {
    let (report, server) = probed(too_large(), options()).await;
    assert!(server.take_seen().iter().any(|request| request.header("x-key").as_deref() == Some(SECRET)));
    let (text, json) = (report.to_text(), report.to_json().unwrap());
    assert!(!text.contains(SECRET) && !json.contains(SECRET) && !format!("{report:?}").contains(SECRET));
    assert!(report.failures[0].curl.contains("-H \"X-Key: $TOKEN\""), "{}", report.failures[0].curl);
    assert!(!format!("{:?}", credentials()).contains(SECRET));
}

#[tokio::test]
async fn a_server_that_tells_the_key_is_blamed_and_the_key_is_not_repeated() {
    let (report, _) = probed(Fault::TellsKey("pay".to_owned()), options()).await;
    assert!(rules(&report).contains(&"RT091".to_owned()), "{:?}", rules(&report));
    assert!(!report.to_text().contains(SECRET) && !report.to_json().unwrap().contains(SECRET));
}

#[tokio::test]
async fn a_failure_is_asked_again_by_the_beginning_of_its_id() {
    let (report, server) = probed(too_large(), options()).await;
    let id = &report.failures[0].replay.id;
    let replay = replay_of(&report.to_json().unwrap(), &id[..6]).unwrap();
    let ask = async |base: &str| {
        let target = Target::new(base, &[]).unwrap();
        let asked = Asked { target, credentials: credentials(), timeout: Duration::from_secs(5) };
        ask_again(&contract(), &asked, &replay).await.unwrap()
    };
    assert!(ask(&server.base_url()).await.again.is_some());
    let mended = Faulty::start(contract(), Fault::None).await;
    let replayed = ask(&mended.base_url()).await;
    assert!(replayed.again.is_none() && replayed.status == Some(400));
    assert!(replay_of(&report.to_json().unwrap(), "nothing").is_err());
    let elsewhere = Contract::new("other", Spec::read(Document::parse("openapi.yaml", SPEC).unwrap()).unwrap());
    let asked = Asked {
        target: Target::new(&server.base_url(), &[]).unwrap(),
        credentials: credentials(),
        timeout: Duration::from_secs(5),
    };
    let error = ask_again(&elsewhere, &asked, &replay).await.unwrap_err();
    assert!(error.starts_with("the failure is of `bank`, and the document is `other`"), "{error}");
    let other = replay_of(&report.as_report().render(Format::Json), id).unwrap_err();
    assert!(other.contains("obkit probe --format json -o FILE"), "{other}");
    let test = probe::test_of(&report.failures[0], "openapi.yaml", "http://127.0.0.1:1").unwrap();
    assert!(test.contains(id) && test.contains("ask_again") && !test.contains(SECRET));
}

#[tokio::test]
async fn an_answer_that_says_nothing_of_a_failure_does_not_prove_that_it_is_gone() {
    let (report, _) = probed(too_large(), options()).await;
    let wrong = &report.failures[0].replay;
    let (report, _) = probed(Fault::KeepsDeleted("cancel".to_owned()), options()).await;
    let kept = &report.failures.iter().find(|failure| failure.finding.rule == "BH007").unwrap().replay;
    let answers = |status| Fault::Answers("pay".to_owned(), When::Refusal, Change::Status(status));
    for (replay, fault, base, said) in [
        (wrong, Fault::Fails("pay".to_owned(), Met::Wrong), "", "nothing is proved: the answer is 500"),
        (wrong, Fault::HangsUp("pay".to_owned()), "", "nothing is proved: the connection broke"),
        (wrong, Fault::None, "/v2", "nothing is proved: the answer is 404"),
        (wrong, answers(403), "", "nothing is proved: the answer is 403"),
        (wrong, answers(429), "", "nothing is proved: the answer is 429"),
        // What would be deleted was not created.
        (
            kept,
            Fault::Refuses("pay".to_owned(), Met::BodyHas("/amount".to_owned())),
            "",
            "nothing is proved: `pay`, which goes before, is answered 400, and succeeded then",
        ),
        (
            kept,
            Fault::HangsUp("cancel".to_owned()),
            "",
            "nothing is proved: `cancel`, which goes before: the connection",
        ),
    ] {
        let server = Faulty::start(contract(), fault).await;
        let target = Target::new(&format!("{}{base}", server.base_url()), &[]).unwrap();
        let asked = Asked { target, credentials: credentials(), timeout: Duration::from_secs(5) };
        let error = ask_again(&contract(), &asked, replay).await.unwrap_err();
        assert!(error.starts_with(said), "{error}");
    }
}

#[tokio::test]
async fn a_slow_answer_is_slow_again() {
    let limited = Options { max_response_time: Some(Duration::ZERO), phases: vec![Phase::Coverage], ..options() };
    let (report, server) = probed(Fault::None, limited).await;
    let slow = report.failures.iter().find(|failure| failure.finding.rule == "BH009").unwrap();
    let target = Target::new(&server.base_url(), &[]).unwrap();
    let asked = Asked { target, credentials: credentials(), timeout: Duration::from_secs(5) };
    assert!(ask_again(&contract(), &asked, &slow.replay).await.unwrap().again.is_some());
}

#[tokio::test]
async fn nothing_of_a_key_is_shown_though_it_looks_like_a_scheme() {
    let server = Faulty::start(contract(), Fault::AnyCredentials("pay".to_owned())).await;
    let mut credentials = Credentials::default();
    credentials.header("X-Key", Secret::called("X-Key", "s3cr3t-a s3cr3t-b".to_owned()));
    let target = Target::new(&server.base_url(), &[]).unwrap();
    let report = probe::run(contract(), target, credentials, options()).await.unwrap();
    let curl = |rule: &str| &report.failures.iter().find(|failure| failure.finding.rule == rule).unwrap().curl;
    assert!(curl("BH006/wrong").contains("-H \"x-key: obkit:wrong-credentials\""), "{}", curl("BH006/wrong"));
    let text = report.to_json().unwrap();
    assert!(!text.contains("s3cr3t"), "{text}");
    assert!(
        server.take_seen().iter().all(|one| one.header("x-key").as_deref() != Some("s3cr3t-a obkit:wrong-credentials"))
    );
    let (report, _) = probed(too_large(), options()).await;
    assert!(report.failures[0].curl.contains("$TOKEN"), "{}", report.failures[0].curl);
}

#[tokio::test]
async fn what_is_written_for_a_shell_a_compiler_or_a_terminal_is_data() {
    let spec =
        SPEC.replace("name: X-Key", "name: 'x`id`'").replace("operationId: pay", "operationId: \"pay\\e[2J\\\"#\"");
    let contract =
        Arc::new(Contract::new("bank", Spec::read(Document::parse("openapi.yaml", &spec).unwrap()).unwrap()));
    let operation = contract.spec().operations().iter().find(|one| one.method == "POST").unwrap().id.clone();
    let server =
        Faulty::start(Arc::clone(&contract), Fault::Fails(operation, Met::BodyHas("/amount".to_owned()))).await;
    let target = Target::new(&server.base_url(), &[]).unwrap();
    let report = probe::run(contract, target, credentials(), options()).await.unwrap();
    let failure = &report.failures[0];
    assert!(failure.curl.contains("-H \"x\\`id\\`: $TOKEN\""), "{}", failure.curl);
    assert!(report.to_text().contains("pay\\u{1b}[2J") && !report.to_text().contains('\u{1b}'));
    let test = probe::test_of(failure, "openapi.yaml", "https://api.bank.example/v1").unwrap();
    assert!(!test.contains('\u{1b}') && test.contains("&[\"api.bank.example\".to_owned()]"), "{test}");
    // No text in it ends the literal, so that the case is read as it was written.
    let literal = test.split("const REPLAY: &str = ").nth(1).unwrap().split(";\n").next().unwrap();
    assert!(literal.starts_with("\"{\\n"), "{literal}");
}

#[tokio::test]
async fn what_was_created_is_asked_for_by_the_name_that_the_server_gave_it() {
    let (report, server) = probed(Fault::ForgetsCreated("pay".to_owned()), options()).await;
    assert!(rules(&report).contains(&"BH008".to_owned()), "{:?}", rules(&report));
    let failure = report.failures.iter().find(|failure| failure.finding.rule == "BH008").unwrap();
    assert_eq!(failure.replay.requests.len(), 2);
    assert_eq!(failure.replay.requests[1].path, "/payments/p1");
    assert!(server.take_seen().iter().any(|request| request.method == "GET" && request.path == "/payments/p1"));
    assert_eq!(failure.curl.lines().count(), 2);
}

#[tokio::test]
async fn what_was_created_is_asked_for_without_credentials_too() {
    for (operation, rule) in [("show", "BH006/missing"), ("show", "BH006/wrong"), ("cancel", "BH006/missing")] {
        let (report, _) = probed(Fault::Opens(operation.to_owned(), "/payments/p1".to_owned()), options()).await;
        let failure = report.failures.iter().find(|failure| failure.finding.rule == rule).unwrap();
        assert_eq!(failure.finding.operation.as_deref(), Some(operation));
        let paths: Vec<_> = failure.replay.requests.iter().map(|step| step.path.as_str()).collect();
        assert_eq!((paths[0], *paths.last().unwrap()), ("/payments", "/payments/p1"));
        let others = rules(&report).into_iter().filter(|rule| rule.starts_with("BH") && !rule.starts_with("BH006"));
        assert_eq!(others.count(), 0, "{:?}", rules(&report));
    }
}

/// Accounts cannot be created, and are called what the list calls them.
const LISTED: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
security: [{key: []}]
paths:
  /accounts:
    get:
      operationId: list
      responses:
        '200':
          description: ok
          content: {application/json: {schema: {type: object}, example: {data: [{accountId: a1}, {accountId: a2}]}}}
  /accounts/{accountId}:
    parameters: [{name: accountId, in: path, required: true, schema: {type: string}}]
    get:
      operationId: show
      responses:
        '200': {description: ok, content: {application/json: {schema: {type: object}, example: {accountId: a1}}}}
        '404': {description: none}
    delete: {operationId: close, responses: {'204': {description: done}}}
components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}}
";

#[tokio::test]
async fn what_cannot_be_created_is_read_as_it_is_listed_and_left_alone() {
    let contract = Arc::new(Contract::read("bank", Document::parse("openapi.yaml", LISTED).unwrap()).unwrap());
    let fault = Fault::Opens("show".to_owned(), "/accounts/a1".to_owned());
    let server = Faulty::start(Arc::clone(&contract), fault).await;
    let target = Target::new(&server.base_url(), &[]).unwrap();
    let report = probe::run(contract, target, credentials(), options()).await.unwrap();
    let mut rules = rules(&report);
    rules.sort();
    assert_eq!(rules, ["BH006/missing", "BH006/wrong"]);
    assert!(!report.never_succeeded.contains(&"show".to_owned()), "{:?}", report.never_succeeded);
    let replay = &report.failures[0].replay;
    assert_eq!((replay.requests[0].path.as_str(), replay.requests[1].path.as_str()), ("/accounts", "/accounts/a1"));
    let target = Target::new(&server.base_url(), &[]).unwrap();
    let asked = Asked { target, credentials: credentials(), timeout: Duration::from_secs(5) };
    let contract = Contract::read("bank", Document::parse("openapi.yaml", LISTED).unwrap()).unwrap();
    assert!(ask_again(&contract, &asked, replay).await.unwrap().again.is_some());
    let deletes =
        |request: &obkit_conformance::exchange::Request| request.method == "DELETE" && request.path == "/accounts/a1";
    assert!(!server.take_seen().iter().any(deletes), "what somebody else created is not deleted");
}

#[tokio::test]
async fn a_foreign_media_type_comes_with_a_right_body() {
    let (_, server) = probed(Fault::None, options()).await;
    let is_foreign = |one: &&obkit_conformance::exchange::Request| {
        one.header("content-type").as_deref() == Some("application/x-obkit-foreign")
    };
    let seen = server.take_seen();
    let bodies: Vec<Value> =
        seen.iter().filter(is_foreign).map(|one| serde_json::from_slice(&one.body).unwrap()).collect();
    assert_eq!(bodies, [json!({"amount": 1, "currency": "EUR"})]);
}

#[tokio::test]
async fn a_failure_that_is_answered_for_want_of_credentials_is_neither_there_nor_gone() {
    let (report, server) = probed(too_large(), options()).await;
    let target = Target::new(&server.base_url(), &[]).unwrap();
    let asked = Asked { target, credentials: Credentials::default(), timeout: Duration::from_secs(5) };
    let error = ask_again(&contract(), &asked, &report.failures[0].replay).await.unwrap_err();
    assert!(error.starts_with("nothing is proved: the answer is 401"), "{error}");
    // Where the credentials are left out on purpose, 401 is what was asked for.
    let (report, _) = probed(Fault::NoCredentials("pay".to_owned()), options()).await;
    let missing = report.failures.iter().find(|failure| failure.finding.rule == "BH006/missing").unwrap();
    let mended = Faulty::start(contract(), Fault::None).await;
    let asked = Asked { target: Target::new(&mended.base_url(), &[]).unwrap(), ..asked };
    let replayed = ask_again(&contract(), &asked, &missing.replay).await.unwrap();
    assert_eq!((replayed.again.is_some(), replayed.status), (false, Some(401)));
    // What was to be created first was refused: of what would be asked for then, nothing is known.
    let (report, _) = probed(Fault::ForgetsCreated("pay".to_owned()), options()).await;
    let forgotten = report.failures.iter().find(|failure| failure.finding.rule == "BH008").unwrap();
    let error = ask_again(&contract(), &asked, &forgotten.replay).await.unwrap_err();
    assert!(error.contains("is answered 401, and succeeded then\n  help: give the credentials"), "{error}");
}

#[tokio::test]
async fn the_same_seed_sends_the_same_requests_and_another_does_not() {
    let seen = async |seed: u64| {
        let options = Options { seed, phases: vec![Phase::Fuzz], workers: 1, ..options() };
        let (_, server) = probed(Fault::None, options).await;
        server.take_seen().into_iter().map(|one| (one.path, one.query, one.body)).collect::<Vec<_>>()
    };
    let first = seen(1).await;
    assert!(first.len() > 20);
    assert_eq!(first, seen(1).await);
    assert_ne!(first, seen(2).await);
}

#[tokio::test]
async fn only_what_is_selected_is_asked_and_a_misspelt_name_is_an_error() {
    let only = |include: &str| Options {
        operations: Selection { include: vec![include.to_owned()], exclude: Vec::new() },
        ..options()
    };
    let (report, server) = probed(Fault::None, only("GET /payments*")).await;
    assert_eq!(report.operations, 1);
    let asked = server.take_seen();
    let foreign =
        asked.iter().filter(|one| one.method != "GET" && one.headers.iter().any(|(name, _)| name == "content-type"));
    assert_eq!(foreign.count(), 0, "methods that are not documented carry no body");
    let target = Target::new("http://127.0.0.1:1", &[]).unwrap();
    let error = probe::run(contract(), target, credentials(), only("shwo")).await.unwrap_err();
    assert!(error.contains("did you mean `show`?"), "{error}");
}

#[tokio::test]
async fn nothing_is_sent_to_another_host() {
    assert!(
        matches!(Target::new("https://api.bank.example", &[]), Err(TargetError::Foreign(host)) if host == "api.bank.example")
    );
    assert!(Target::new("https://api.bank.example", &["API.bank.example".to_owned()]).is_ok());
    for own in ["http://localhost:8080/v1", "http://127.0.0.9", "http://[::1]:80"] {
        assert!(Target::new(own, &[]).is_ok(), "{own}");
    }
    for wrong in [
        "ftp://localhost",
        "http://user:pass@localhost",
        "http://localhost?x",
        "localhost",
        "http://localhost.bank.example",
    ] {
        assert!(Target::new(wrong, &[]).is_err(), "{wrong}");
    }
    let elsewhere = Faulty::start(contract(), Fault::None).await;
    let to = format!("{}/payments/p1", elsewhere.base_url());
    let (report, _) = probed(Fault::Redirects("show".to_owned(), to), options()).await;
    assert_eq!(elsewhere.take_seen().len(), 0);
    assert!(rules(&report).iter().all(|rule| rule == "RT010") && !report.failures.is_empty());
}

#[tokio::test]
async fn without_a_server_or_without_time_nothing_is_proved() {
    let gone = Faulty::start(contract(), Fault::None).await.base_url();
    let target = || Target::new(&gone, &[]).unwrap();
    // The server was dropped with its name.
    let error = probe::run(contract(), target(), credentials(), options()).await;
    let none = Options { max_time: Some(Duration::ZERO), ..options() };
    let (report, server) = probed(Fault::None, none).await;
    assert!(report.nothing_checked() && report.cut_short && server.take_seen().is_empty());
    assert!(error.is_err_and(|error| error.contains("does not answer")));
}

#[tokio::test]
async fn to_redirect_is_success_where_nothing_else_is_documented() {
    let text = SPEC.replace(
        "'200': {description: ok, content",
        "'307': {description: elsewhere}\n        '4XX': {description: no, content",
    );
    let spec = Spec::read(Document::parse("openapi.yaml", &text).unwrap()).unwrap();
    let contract = Arc::new(Contract::new("bank", spec));
    let server = Faulty::start(contract.clone(), Fault::Redirects("show".to_owned(), "/".to_owned())).await;
    let target = Target::new(&server.base_url(), &[]).unwrap();
    let only = Selection { include: vec!["show".to_owned()], exclude: Vec::new() };
    let report = probe::run(contract, target, credentials(), Options { operations: only, ..options() }).await.unwrap();
    assert_eq!(report.nothing_proved(), None, "{:?}", report.statuses);
}

#[tokio::test]
async fn a_plan_sends_nothing_and_counts_what_a_run_sends() {
    let planned = probe::plan(&contract(), &options(), true).unwrap();
    let count: usize = planned.iter().flat_map(|one| one.requests.values()).sum();
    let (report, _) = probed(Fault::None, options()).await;
    let stateful = report.phases[&Phase::Stateful];
    assert_eq!(count as u64, report.requests - stateful);
}

/// A body of many optional members, so that a request of it is large, and there are many that break it.
fn large() -> Arc<Contract> {
    let members: Vec<String> = (0..60)
        .map(|index| format!("m{index}: {{type: string, minLength: 2, maxLength: 40, pattern: '^[a-z ]*$'}}"))
        .collect();
    let schema = format!("type: object, required: [m0], properties: {{{}}}", members.join(", "));
    let post = |name: &str| {
        format!(
            "  /{name}: {{post: {{operationId: {name}, requestBody: {{required: true, content: {{application/json: {{schema: {{$ref:              '#/components/schemas/Large'}}}}, application/x+json: {{schema: {{$ref: '#/components/schemas/Large'}}}}}}}}, responses:              {{'204': {{description: done}}, '400': {{description: no}}}}}}}}\n"
        )
    };
    let text = format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n{}{}components: {{schemas: {{Large: {{{schema}}}}}}}\n",
        post("one"),
        post("two")
    );
    let spec = Spec::read(Document::parse("openapi.yaml", &text).unwrap()).unwrap();
    Arc::new(Contract::new("bank", spec))
}

#[tokio::test]
async fn requests_are_made_while_others_are_sent_and_not_when_the_time_is_over() {
    let contract = large();
    let server = Faulty::start(contract.clone(), Fault::None).await;
    let target = || Target::new(&server.base_url(), &[]).unwrap();
    let began = std::time::Instant::now();
    let all = Options { phases: vec![Phase::Coverage, Phase::Fuzz], fuzz_cases: 200, ..options() };
    let whole = probe::run(contract.clone(), target(), credentials(), all.clone()).await.unwrap();
    let took = began.elapsed();
    let planned = probe::plan(&contract, &all, true).unwrap();
    let count: usize = planned.iter().flat_map(|one| one.requests.values()).sum();
    assert!(count > 1000 && !whole.cut_short);
    assert_eq!(whole.requests, count as u64, "many workers send what was planned, each once");
    let some = Options { max_time: Some(took / 4), ..all };
    let began = std::time::Instant::now();
    let part = probe::run(contract, target(), credentials(), some).await.unwrap();
    assert!(part.cut_short && part.requests > 0 && part.requests < whole.requests, "{}", part.requests);
    assert!(began.elapsed() < took, "what is not sent any more is not made either");
}

#[tokio::test]
async fn an_answer_in_a_coding_that_nobody_asked_for_is_judged_as_what_it_stands_for() {
    let coded = |change| Fault::Answers("show".to_owned(), faulty::When::Success, change);
    let (report, _) = probed(coded(Change::Coded("gzip".to_owned())), options()).await;
    assert_eq!(rules(&report), [""; 0]);
    assert!(report.coverage.tree.iter().flat_map(|one| &one.responses).all(|response| response.given));
    let (report, _) = probed(coded(Change::Coded("br".to_owned())), options()).await;
    assert_eq!(rules(&report), ["GI012/coded"]);
    assert!(!report.fails_on(Severity::Warning) && report.fails_on(Severity::Info));
}

#[test]
fn an_answer_is_judged_by_status_fields_media_type_and_body() {
    let contract = contract();
    let pay = &contract.spec().operations()[0];
    let right = || Response {
        status: 201,
        headers: vec![("Content-Type".to_owned(), "application/json; charset=utf-8".to_owned())],
        body: b"{\"paymentId\":\"p\"}".to_vec(),
    };
    let found = |response: &Response| {
        check_response(&contract, pay, response)
            .iter()
            .map(|one| format!("{} {}", one.rule, one.severity))
            .collect::<Vec<_>>()
    };
    assert_eq!(found(&right()), Vec::<String>::new());
    for (change, expected) in [
        (Change::Status(202), "RT010 error"),
        (Change::Status(418), "RT010 warning"),
        (Change::Status(400), "RT021 error"),
        (Change::Text(String::new()), "RT022 error"),
        (Change::Text("{\"paymentId\":\"a\",\"paymentId\":\"b\"}".to_owned()), "RT023 error"),
        (Change::Text("{}".to_owned()), "RT030/required error"),
        (Change::Put("/paymentId".to_owned(), Value::Null), "RT030/type error"),
    ] {
        assert_eq!(found(&faulty::changed(right(), &change)), [expected], "{change:?}");
    }
    let mut other = right();
    other.headers[0].1 = "text/html".to_owned();
    assert_eq!(found(&other), ["RT020 error"]);
    other.headers.clear();
    assert_eq!(found(&other), ["RT020 error"]);
}
