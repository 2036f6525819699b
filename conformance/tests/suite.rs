//! The suite: a right client passes, and each fault is found under its rule.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod spec_client;

use std::path::Path;
use std::sync::Arc;

use obkit_codegen::{Document, Spec};
use obkit_conformance::coverage::Dimension;
use obkit_conformance::server::ContractServer;
use obkit_conformance::suite::{self, ProviderReport};
use obkit_conformance::{Contract, Severity};
use spec_client::{Fault, SpecClient};

const SPEC: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
security: [{basic: []}]
paths:
  /pets/{id}:
    put:
      operationId: putPet
      parameters:
        - {name: id, in: path, required: true, schema: {type: string, format: uuid}}
        - {name: tags, in: query, schema: {type: array, items: {type: string, minLength: 9}}}
        - {name: at, in: query, schema: {type: string, format: date-time}}
        - {name: X-Count, in: header, schema: {type: integer, minimum: 7, maximum: 9}}
      requestBody:
        required: true
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Pet'}
            examples: {one: {value: {name: a, owner: null}}, two: {value: {name: b}}}
      responses:
        '200':
          description: ok
          content:
            application/json;charset=UTF-8:
              schema: {$ref: '#/components/schemas/Pet'}
              examples: {one: {value: {name: a, owner: null}}}
        4XX: {$ref: '#/components/responses/Error'}
        default: {$ref: '#/components/responses/Error'}
    delete:
      operationId: deletePet
      parameters: [{name: id, in: path, required: true, schema: {type: string}, example: x y/z}]
      responses: {'204': {description: gone}, '404': {description: none}}
  /pets/{id}/picture:
    get:
      operationId: getPicture
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: ok, content: {application/pdf: {schema: {type: string, format: binary}}}}}
components:
  securitySchemes: {basic: {type: http, scheme: basic}}
  responses:
    Error:
      description: bad
      content: {application/json: {schema: {type: object, required: [code]}, example: {code: 1}}}
  schemas:
    Pet: {type: object, required: [name], properties: {name: {type: string}, owner: {type: string, nullable: true}}}
";

async fn run(text: &str, fault: Fault) -> ProviderReport {
    run_spec(Spec::read(Document::parse("s.yaml", text).unwrap()).unwrap(), fault).await
}

async fn run_spec(spec: Spec, fault: Fault) -> ProviderReport {
    let contract = Arc::new(Contract::new("test", spec));
    let server = ContractServer::start(Arc::clone(&contract)).await.unwrap();
    let client = SpecClient { contract: Arc::clone(&contract), base_url: server.base_url(), fault, typed: false };
    suite::run(&contract, &client, &server, &mut |_| {}).await
}

fn rules(report: &ProviderReport) -> Vec<&str> {
    let mut rules: Vec<_> = report.findings.iter().map(|finding| finding.rule.as_str()).collect();
    rules.dedup();
    rules
}

#[tokio::test]
async fn a_right_client_passes_and_covers_everything() {
    let report = run(SPEC, Fault::None).await;
    assert_eq!(report.findings, [], "{report:#?}");
    assert_eq!((report.operations, report.examples, report.round_trips, report.mapped), (3, 5, 5, 1));
    assert_eq!((report.calls, report.error_calls), (4, 3));
    let of = |dimension| report.coverage.of(dimension).to_string();
    assert_eq!((of(Dimension::Operations), of(Dimension::Responses)), ("3/3".to_owned(), "6/6".to_owned()));
    assert!(!report.nothing_checked);
}

#[tokio::test]
async fn each_fault_is_found() {
    for (fault, expected) in [
        (Fault::LosesNull, vec!["CL002"]),
        (Fault::CannotRead, vec!["CL002"]),
        (Fault::CannotMap, vec!["DM001"]),
        (Fault::NeverCalls, vec!["CL006", "GI005"]),
        (Fault::NoCredentials, vec!["RT060"]),
        (Fault::LosesErrorBody, vec!["CL006"]),
        (Fault::ChangesBody, vec!["CL006"]),
        (Fault::IgnoresStatus, vec!["CL006"]),
        (Fault::ExtraParameter, vec!["RT033/query"]),
        (Fault::LosesParameter, vec!["CL001"]),
        (Fault::ChangesRequest, vec!["CL001", "RT033/property"]),
        (Fault::SendsTwice, vec!["CL001"]),
    ] {
        assert_eq!(rules(&run(SPEC, fault).await), expected, "{fault:?}");
    }
}

#[tokio::test]
async fn a_difference_names_the_place_in_the_example_and_its_line() {
    let report = run(SPEC, Fault::LosesNull).await;
    let finding = &report.findings[0];
    assert_eq!(finding.instance_pointer.as_deref(), Some("/owner"));
    assert_eq!(finding.operation.as_deref(), Some("putPet"));
    let line = finding.line.unwrap();
    assert!(SPEC.lines().nth(line - 1).unwrap().contains("owner: null"), "{line}");
}

#[tokio::test]
async fn ex001_is_placed_at_the_example() {
    let report = run(&SPEC.replace("{value: {name: b}}", "{value: {name: 7}}"), Fault::None).await;
    let finding = report.findings.iter().find(|finding| finding.rule == "EX001").unwrap();
    assert_eq!(finding.instance_pointer.as_deref(), Some("/name"));
    assert_eq!(finding.schema_pointer.as_deref(), Some("/components/schemas/Pet/properties/name/type"));
    assert!(SPEC.lines().nth(finding.line.unwrap() - 1).unwrap().contains("two:"));
    assert!(rules(&report).contains(&"RT030/type"), "the server refuses it too");
}

#[tokio::test]
async fn gi001_is_a_schema_that_cannot_be_enforced() {
    let report = run(&SPEC.replace("owner: {type: string,", "owner: {type: strin,"), Fault::None).await;
    assert!(rules(&report).contains(&"GI001"), "{:?}", rules(&report));
}

#[tokio::test]
async fn gi002_is_a_schema_that_rejects_nothing_although_it_says_something() {
    let error = "schema: {type: object, required: [code]}";
    let toothless = run(&SPEC.replace(error, "schema: {anyOf: [{type: object}, {}]}"), Fault::None).await;
    assert_eq!(rules(&toothless), ["GI002"]);
    let free = run(&SPEC.replace(error, "schema: {}"), Fault::None).await;
    assert_eq!((rules(&free).len(), free.free_form_schemas), (0, 1));
}

#[tokio::test]
async fn nothing_checked_is_said() {
    let report = run("openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\n", Fault::None).await;
    assert!(report.nothing_checked);
}

#[tokio::test]
async fn a_right_client_passes_on_the_documents_of_the_workspace() {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs");
    for folder in std::fs::read_dir(specs).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        let file = folder.join("openapi.yaml");
        let report = run_spec(Spec::read(Document::load(file).unwrap()).unwrap(), Fault::None).await;
        assert_eq!(report.worst().filter(|worst| *worst > Severity::Info), None, "{:#?}", report.findings);
        let coverage = &report.coverage;
        println!("{}: {} calls, {} error calls, {coverage:?}", folder.display(), report.calls, report.error_calls);
        for dimension in [Dimension::Operations, Dimension::Responses, Dimension::Parameters] {
            let tally = coverage.of(dimension);
            assert_eq!(tally.done, tally.of, "{dimension:?}");
        }
    }
}
