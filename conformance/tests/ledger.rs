//! The completeness ledger (`CL010`), and that everything that a client is tried with is part of the main job.
#![cfg(feature = "workspace")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod spec_client;

use std::path::Path;
use std::sync::Arc;

use obkit_codegen::{Document, Providers, Spec};
use obkit_conformance::suite::client::{Effort, Ledger};
use obkit_conformance::suite::{self, ProviderReport};
use obkit_conformance::typed_client::TypedClient;
use obkit_conformance::workspace::conform;
use obkit_conformance::{Contract, Shard, checks};
use spec_client::{Fault, SpecClient};

const SPEC: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /accounts/{id}:
    put:
      operationId: rename
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: limit, in: query, schema: {$ref: '#/components/schemas/Limit'}}
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Name'}}}}
      responses:
        '200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Account'}}}}
        '404': {description: none}
components:
  schemas:
    Limit: {type: integer, minimum: 1}
    Name: {type: object, required: [name], properties: {name: {type: string}}}
    Account: {type: object, required: [owner], properties: {owner: {$ref: '#/components/schemas/Owner'}}, example: {$ref: '#/components/schemas/Shown'}}
    Owner: {allOf: [{$ref: '#/components/schemas/Name'}]}
    Shown: {type: string}
    Unused: {type: string}
";

async fn run(fault: Fault) -> ProviderReport {
    let spec = Spec::read(Document::parse("s.yaml", SPEC).unwrap()).unwrap();
    let contract = Arc::new(Contract::new("test", spec));
    let connect = |base_url: &str| -> Option<Box<dyn TypedClient>> {
        let base_url = base_url.to_owned();
        Some(Box::new(SpecClient { contract: Arc::clone(&contract), base_url, fault, typed: true }))
    };
    let report = ProviderReport { provider: "test".to_owned(), ..ProviderReport::default() };
    suite::client::run(&contract, &connect, Shard::WHOLE, Effort::QUICK, report, &mut |_| {}).await.unwrap()
}

fn missing(report: &ProviderReport) -> Vec<(&str, &str)> {
    let own = report.findings.iter().filter(|finding| finding.rule.check() == checks::CL010);
    own.map(|finding| (finding.rule.as_str(), finding.schema_pointer.as_deref().unwrap())).collect()
}

#[tokio::test]
async fn whatever_a_client_lacks_is_found() {
    let right = run(Fault::None).await;
    assert_eq!(right.findings, []);
    assert_eq!(right.tried.ledger, Ledger { operations: 1, parameters: 2, bodies: 2, schemas: 4 });
    assert!(right.tried.names > 0);

    assert_eq!(missing(&run(Fault::Lacks).await), [("CL010/operation", "/paths/~1accounts~1{id}/put")]);
    let parameter = "/paths/~1accounts~1{id}/put/parameters/1";
    assert_eq!(missing(&run(Fault::LosesParameter).await), [("CL010/parameter", parameter)]);
    let report = run(Fault::Untyped).await;
    let mut untyped = missing(&report);
    untyped.sort();
    let put = "/paths/~1accounts~1{id}/put";
    let (request, answer) = (
        format!("{put}/requestBody/content/application~1json"),
        format!("{put}/responses/200/content/application~1json"),
    );
    assert_eq!(
        untyped,
        [
            ("CL010/body", request.as_str()),
            ("CL010/body", &answer),
            ("CL010/schema", "/components/schemas/Account"),
            ("CL010/schema", "/components/schemas/Name"),
            ("CL010/schema", "/components/schemas/Owner"),
        ]
    );
}

/// None of the tries is forgotten in the main job, and nothing of a document.
#[tokio::test]
async fn the_main_job_does_all_of_it() {
    let providers = Providers::load(Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap();
    let rows = providers.select(&["fena".to_owned(), "candescent".to_owned()]).unwrap();
    let conformance = conform(&providers, &rows, &mut |_| {}).await;
    assert_eq!(conformance.report.providers.len(), 2, "{:?}", conformance.failures);
    for report in &conformance.report.providers {
        let tried = &report.tried;
        // Each stands for a check: CL001 to CL010, in this order.
        let counts = [
            tried.requests,
            report.round_trips,
            tried.payloads,
            tried.mutants,
            tried.additions,
            tried.undocumented.min(report.calls).min(report.error_calls),
            tried.texts,
            tried.redirects,
            tried.secrets,
            tried.names,
        ];
        assert!(counts.iter().all(|count| *count > 0), "{}: {counts:?}", report.provider);
        let row = providers.all().iter().find(|row| row.name == report.provider).unwrap();
        let spec = Spec::read(providers.document(row).unwrap()).unwrap();
        assert_eq!(tried.ledger.operations, spec.operations().len());
        let schemas = spec.document().at("/components/schemas").unwrap().as_object().unwrap().len();
        assert!(
            tried.ledger.schemas <= schemas && tried.ledger.schemas * 10 >= schemas * 8,
            "{:?} of {schemas}",
            tried.ledger
        );
        assert!(tried.ledger.parameters > 0 && tried.ledger.bodies > spec.operations().len());
    }
}
