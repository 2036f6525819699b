//! What of a document is exercised, and what is said of the rest.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod spec_client;

use std::collections::BTreeSet;
use std::sync::Arc;

use obkit_codegen::{Document, Spec};
use obkit_conformance::base_url::BaseUrls;
use obkit_conformance::config::Config;
use obkit_conformance::coverage::{Coverage, Dimension};
use obkit_conformance::payload::validate_reporting;
use obkit_conformance::profile::Profiles;
use obkit_conformance::server::ContractServer;
use obkit_conformance::suite::client::Effort;
use obkit_conformance::suite::{self, ProviderReport};
use obkit_conformance::traffic::{Judgement, Options, validate_lines};
use obkit_conformance::typed_client::TypedClient;
use obkit_conformance::{Contract, Finding, Report, Severity, Shard};
use serde_json::json;
use spec_client::{Fault, SpecClient};

/// A bit of everything. The value `closed` and the alternative `Card` are in no example.
const SPEC: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /accounts/{id}:
    get:
      operationId: read
      parameters:
        - {name: id, in: path, required: true, schema: {type: string, minLength: 1}}
        - {name: fields, in: query, schema: {$ref: '#/components/schemas/Fields'}}
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Account'}
              example: {id: a, state: open, owner: {iban: 'DE0'}}
            text/csv: {schema: {type: string}, example: a}
        '404': {description: none}
  /accounts:
    post:
      operationId: create
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Account'}}}}
      responses: {'204': {description: done}}
components:
  schemas:
    Account:
      type: object
      required: [state]
      properties:
        id: {type: string, readOnly: true}
        state: {type: string, enum: [open, closed]}
        secret: {type: string, writeOnly: true}
        owner: {oneOf: [{$ref: '#/components/schemas/Iban'}, {$ref: '#/components/schemas/Card'}]}
        parts: {type: array, items: {$ref: '#/components/schemas/Account'}}
    Iban: {type: object, required: [iban], properties: {iban: {type: string}}, additionalProperties: false}
    Card: {type: object, required: [card], properties: {card: {type: string}}, additionalProperties: false}
    Fields: {type: string, enum: [all, few]}
    Unused: {type: object, properties: {never: {type: string}}}
";

fn contract() -> Arc<Contract> {
    Arc::new(Contract::new("bank", Spec::read(Document::parse("openapi.yaml", SPEC).unwrap()).unwrap()))
}

fn client(contract: &Arc<Contract>, base_url: &str, typed: bool) -> SpecClient {
    SpecClient { contract: Arc::clone(contract), base_url: base_url.to_owned(), fault: Fault::None, typed }
}

/// Only what the document's examples exercise.
async fn of_examples(shard: Shard) -> ProviderReport {
    let contract = contract();
    let server = ContractServer::start(Arc::clone(&contract)).await.unwrap();
    let client = client(&contract, &server.base_url(), false);
    suite::run_shard(&contract, &client, &server, shard, &mut |_| {}).await
}

/// What the examples and the payloads that are made exercise.
async fn of_everything(shard: Shard) -> ProviderReport {
    let contract = contract();
    let connect =
        |base_url: &str| -> Option<Box<dyn TypedClient>> { Some(Box::new(client(&contract, base_url, true))) };
    let report = of_examples(shard).await;
    suite::client::run(&contract, &connect, shard, Effort::QUICK, report, &mut |_| {}).await.unwrap()
}

fn missing(coverage: &Coverage) -> BTreeSet<String> {
    let of_schema = coverage.schemas.iter().flat_map(|schema| {
        schema.missing.iter().map(move |missing| format!("{:?} {} {}", schema.direction, schema.schema, missing.name))
    });
    of_schema.collect()
}

fn tallies(coverage: &Coverage) -> Vec<String> {
    Dimension::ALL.iter().map(|dimension| coverage.of(*dimension).to_string()).collect()
}

#[tokio::test]
async fn what_travels_is_exercised_and_nothing_else() {
    let coverage = of_examples(Shard::WHOLE).await.coverage;
    // Two operations, three responses, two of three media types, two parameters; then both directions of each schema. What travels
    // the other way only is not counted, and neither is what nobody refers to.
    let component = "/components/schemas/Account";
    let expected = [
        format!("Response {component} closed"),
        format!("Response {component} Card"),
        format!("Response {component} parts"),
        "Response /components/schemas/Card card".to_owned(),
    ];
    let found = missing(&coverage);
    assert!(expected.iter().all(|one| found.contains(one)), "{found:#?}");
    assert!(!found.contains(&format!("Response {component} state")), "{found:#?}");
    assert!(
        !found.iter().any(|one| one.contains("Unused") || one.ends_with("Response /components/schemas/Account secret"))
    );
    assert_eq!(tallies(&coverage)[..4], ["2/2", "3/3", "2/3", "2/2"]);
    let place =
        coverage.schemas.iter().flat_map(|schema| &schema.missing).find(|missing| missing.name == "closed").unwrap();
    assert_eq!(place.pointer, "/components/schemas/Account/properties/state/enum/1");
    let line = SPEC.lines().position(|line| line.contains("enum: [open, closed]")).unwrap() + 1;
    assert_eq!((place.file.as_str(), place.line), ("openapi.yaml", Some(line)));
}

#[tokio::test]
async fn payloads_that_are_made_exercise_the_rest() {
    let report = of_everything(Shard::WHOLE).await;
    assert_eq!(missing(&report.coverage), BTreeSet::new());
    assert_eq!(tallies(&report.coverage), ["2/2", "3/3", "2/3", "2/2", "12/12", "6/6", "4/4"]);
    let reasons: Vec<_> = report.coverage.partial.iter().map(|partial| partial.reason.as_str()).collect();
    assert_eq!(reasons, ["bytes"]);
}

#[tokio::test]
async fn the_parts_of_a_run_exercise_what_the_whole_does() {
    let whole = of_everything(Shard::WHOLE).await;
    let mut parts = Vec::new();
    for number in 1..=3 {
        let shard = Shard::new(number, 3).unwrap();
        parts.push(Report { shard, providers: vec![of_everything(shard).await], ..Report::default() });
    }
    assert_eq!(Report::merge(parts).unwrap().providers[0].coverage, whole.coverage);
}

fn judged(report: &ProviderReport, text: &str, shard: Shard) -> Vec<(String, Severity)> {
    let mut report = Report { providers: vec![report.clone()], shard, ..Report::default() };
    let policy = Config::parse("obkit.toml", text).unwrap().policy();
    report.judge(policy.clone(), "2026-02-01".parse().unwrap());
    let once = report.clone();
    report.judge(policy, "2026-02-01".parse().unwrap());
    assert_eq!(report, once, "to judge again changes nothing");
    // The client of the tests takes too much; what else it does is not the question.
    let of_gate = report.findings().filter(|finding| finding.rule.as_str().starts_with("GI"));
    of_gate.filter(|finding| finding.counts()).map(|one| (one.rule.to_string(), one.severity)).collect()
}

#[tokio::test]
async fn too_little_is_a_finding() {
    let report = of_examples(Shard::WHOLE).await;
    let of = |text: &str| judged(&report, text, Shard::WHOLE).into_iter().map(|(rule, _)| rule).collect::<Vec<_>>();
    let none = Vec::<String>::new();
    assert_eq!(of("[coverage]\nat-least = { operations = 100, responses = 100, media-types = 66 }"), none);
    assert_eq!(of("[coverage]\nat-least = { operations = 100, media-types = 67 }"), ["GI011/media-types"]);
    assert_eq!(of("[coverage]\nat-least = { branches = 100, values = 100 }"), ["GI011/branches", "GI011/values"]);
    // What is said of a provider goes before what is said of all.
    let own = "[coverage]\nat-least = { media-types = 100 }\n\n[coverage.providers.'ba*']\nmedia-types = 50\n";
    assert_eq!(of(own), none);
    assert_eq!(of(&own.replace("ba*", "other")), ["GI011/media-types", "GI003/provider"]);
    // A part of a run cannot tell.
    let part = Shard::new(1, 2).unwrap();
    assert_eq!(judged(&report, "[coverage]\nunchecked = 'error'\nat-least = { branches = 100 }", part), []);
}

#[tokio::test]
async fn what_was_not_checked_is_told_when_it_is_asked_for() {
    let report = of_everything(Shard::WHOLE).await;
    assert_eq!(judged(&report, "[coverage]\nunchecked = 'ignore'", Shard::WHOLE), []);
    let bytes = ("GI009/bytes".to_owned(), Severity::Warning);
    let never = ("GI005/media-types".to_owned(), Severity::Warning);
    assert_eq!(judged(&report, "[coverage]\nunchecked = 'warning'", Shard::WHOLE), [never, bytes]);
    let waived = "[coverage]\nunchecked = 'error'\n\n[[waivers]]\ncheck = 'GI0*'\nmedia_type = 'text/csv'\nreason = 'known'\nowner = 'us'\n\
                  expires = 2026-06-30\n";
    let left = judged(&report, waived, Shard::WHOLE);
    assert_eq!(left, [("GI009/bytes".to_owned(), Severity::Error)]);
    let examples = judged(&of_examples(Shard::WHOLE).await, "[coverage]\nunchecked = 'error'", Shard::WHOLE);
    for part in ["properties", "values", "branches"] {
        assert!(examples.contains(&(format!("GI005/{part}"), Severity::Error)), "{examples:#?}");
    }
}

/// Exchanges as lines: a request as `GET /accounts/a?fields=all`, with its body, and the answer's status, media type and body.
fn exchanges(all: &[(&str, &str, u16, &str, &str)]) -> String {
    let line = |(request, body, status, media_type, answer): &(&str, &str, u16, &str, &str)| {
        let (method, target) = request.split_once(' ').unwrap();
        let headers =
            |media_type: &str| if media_type.is_empty() { json!({}) } else { json!({"content-type": media_type}) };
        let sent = headers(if body.is_empty() { "" } else { "application/json" });
        json!({
            "request": {"method": method, "url": format!("https://bank.example{target}"), "headers": sent, "body": body},
            "response": {"status": status, "headers": headers(media_type), "body": answer},
        })
    };
    all.iter().map(|one| format!("{}\n", line(one))).collect()
}

fn of_traffic(lines: &str, threads: usize, redacted: bool) -> Judgement {
    let contract = contract();
    let base_urls = BaseUrls::of_urls(&["https://bank.example"]).unwrap();
    validate_lines(&contract, &Options { threads, base_urls, redacted, ..Options::of(&contract) }, lines.as_bytes())
}

/// An account by its id, with an owner of one kind; then one that is made.
const SOME: [(&str, &str, u16, &str, &str); 3] = [
    ("GET /accounts/a", "", 200, "application/json", r#"{"state": "open", "owner": {"iban": "DE0"}}"#),
    ("GET /accounts/b?fields=few", "", 404, "", ""),
    ("POST /accounts", r#"{"state": "closed", "secret": "s"}"#, 204, "", ""),
];

#[test]
fn traffic_exercises_what_travels_whoever_judges_it() {
    let coverage = of_traffic(&exchanges(&SOME[..1]), 1, false).report.coverage;
    assert_eq!(tallies(&coverage)[..4], ["1/2", "1/3", "1/3", "1/2"]);
    let lines = exchanges(&SOME).repeat(400);
    let coverage = of_traffic(&lines, 1, false).report.coverage;
    assert_eq!(tallies(&coverage), ["2/2", "3/3", "2/3", "2/2", "5/12", "3/6", "1/4"]);
    let found = missing(&coverage);
    for exercised in ["Response /components/schemas/Account open", "Request /components/schemas/Account closed"] {
        assert!(!found.contains(exercised), "{found:#?}");
    }
    for never in ["Request /components/schemas/Account open", "Response /components/schemas/Account Card"] {
        assert!(found.contains(never), "{found:#?}");
    }
    assert_eq!(of_traffic(&lines, 7, false).report.coverage, coverage, "threads put together what each has seen");
    // Of what was taken out, it is known that it was sent.
    let hidden = exchanges(&[("GET /accounts/%5Bredacted%5D?fields=%5Bredacted%5D", "", 404, "", "")]);
    assert_eq!(tallies(&of_traffic(&hidden, 1, true).report.coverage)[3], "2/2");
}

#[test]
fn traffic_is_held_to_the_thresholds_and_the_ledger() {
    let report = of_traffic(&exchanges(&SOME[..1]), 1, false).report;
    let of = |text: &str| judged(&report, text, Shard::WHOLE);
    assert_eq!(of("[coverage]\nat-least = { operations = 51 }"), [("GI011/operations".to_owned(), Severity::Error)]);
    assert_eq!(of("[coverage]\nat-least = { operations = 50 }"), []);
    let ledger = of("[coverage]\nunchecked = 'warning'");
    for part in ["GI005/operations", "GI005/parameters", "GI005/responses", "GI005/properties", "GI009/bytes"] {
        assert!(ledger.contains(&(part.to_owned(), Severity::Warning)), "{part} in {ledger:#?}");
    }
    let never = ledger.iter().filter(|(rule, _)| rule == "GI005/operations").count();
    assert_eq!(never, 1, "of an operation that was never called, that is all there is to say");
}

#[test]
fn payloads_exercise_bodies_and_nothing_is_said_of_parameters() {
    let lines = [
        json!({"kind": "response", "op": "read", "status": 200, "value": {"state": "open", "owner": {"card": "1"}}}),
        json!({"kind": "request", "op": "create", "value": {"state": "closed"}}),
        json!({"kind": "schema", "schema_pointer": "#/components/schemas/Iban", "value": {"iban": "DE0"}}),
    ];
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let mut out = Vec::new();
    let summary =
        validate_reporting(&contract(), Profiles::default(), text.as_bytes(), &mut out, &mut |_: Finding| {}).unwrap();
    // Of the parameter `fields`, a component has two values, which no body has.
    assert_eq!(tallies(&summary.coverage), ["2/2", "1/3", "2/3", "0/0", "5/12", "2/4", "1/4"]);
}
