//! The conformance suite calls every operation of every fixture, and finds nothing wrong with the requests.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::sync::Arc;

use obkit_codegen::{Document, Spec};
use obkit_conformance::coverage::Dimension;
use obkit_conformance::server::ContractServer;
use obkit_conformance::typed_client::TypedClient;
use obkit_conformance::{Contract, suite};
use obkit_runtime::{Auth, RetryPolicy, Transport};

async fn run<C: TypedClient>(name: &str, auth: Auth, client: impl Fn(&str, Transport) -> C) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("{name}.yaml"));
    let spec = Spec::read(Document::load(file).unwrap()).unwrap();
    let contract = Arc::new(Contract::new(name, spec));
    let server = ContractServer::start(Arc::clone(&contract)).await.unwrap();
    let transport = Transport::builder("test").auth(auth).retry(RetryPolicy::none()).build().unwrap();
    let report = suite::run(&contract, &client(&server.base_url(), transport), &server, &mut |_| {}).await;
    let of_requests = |rule: &str| rule.starts_with("RT") || rule.starts_with("CL") || rule.starts_with("GI005");
    let found = report.findings.iter().filter(|finding| of_requests(finding.rule.as_str()));
    let told = found.map(|finding| format!("{} {:?} {}", finding.rule, finding.operation, finding.message));
    assert_eq!(told.collect::<Vec<_>>(), Vec::<String>::new(), "{name}");
    assert_eq!(report.coverage.of(Dimension::Operations).done, report.operations, "{name}");
}

#[tokio::test]
async fn every_operation_of_every_fixture() {
    run("bodies", Auth::none(), fixture_bodies::Client::new).await;
    run("integers", Auth::none(), fixture_integers::Client::new).await;
    run("keys", fixture_keys::key_auth("q&1", "c=1", "h 1"), fixture_keys::Client::new).await;
    run("media_ranges", Auth::none(), fixture_media_ranges::Client::new).await;
    run("parameters", fixture_parameters::header_auth("h"), fixture_parameters::Client::new).await;
    run("request_bodies", Auth::none(), fixture_request_bodies::Client::new).await;
    run("same_names", Auth::none(), fixture_same_names::Client::new).await;
    run("scripts", Auth::none(), fixture_scripts::Client::new).await;
    run("styles", Auth::none(), fixture_styles::Client::new).await;
}
