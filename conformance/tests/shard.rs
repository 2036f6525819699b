//! Parts of a run add up to the whole.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod spec_client;

use std::fmt::Write as _;
use std::sync::Arc;

use obkit_codegen::{Document, Spec};
use obkit_conformance::report::MergeError;
use obkit_conformance::server::ContractServer;
use obkit_conformance::suite::client::Effort;
use obkit_conformance::suite::{self, ProviderReport};
use obkit_conformance::{Contract, Report, Shard};
use proptest::prelude::*;
use spec_client::{Fault, SpecClient};

/// A document of many operations that share schemas, examples and faults.
fn spec() -> String {
    let mut text = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\nsecurity: [{basic: []}]\npaths:\n".to_owned();
    for number in 0..9 {
        let _ = write!(
            text,
            "  /pets{number}/{{id}}:\n    put:\n      operationId: put{number}\n      parameters:\n        \
             - {{name: id, in: path, required: true, schema: {{type: string}}}}\n        \
             - {{name: tags, in: query, schema: {{type: array, items: {{type: string}}}}}}\n      \
             requestBody: {{required: true, content: {{application/json: {{schema: {{$ref: '#/components/schemas/Pet'}}, \
             examples: {{one: {{$ref: '#/components/examples/One'}}, own: {{value: {{name: {number}}}}}}}}}}}}}\n      \
             responses:\n        '200': {{description: ok, content: {{application/json: {{schema: {{$ref: '#/components/schemas/Pet'}}, \
             examples: {{one: {{$ref: '#/components/examples/One'}}}}}}}}}}\n        \
             '404': {{description: none, content: {{application/json: {{schema: {{anyOf: [{{type: object}}, {{}}]}}, example: {{a: null}}}}}}}}\n"
        );
    }
    text + "components:\n  securitySchemes: {basic: {type: http, scheme: basic}}\n  examples: {One: {value: {name: a, owner: null}}}\n  \
            schemas:\n    Pet: {type: object, required: [name], properties: {name: {type: string}, owner: {type: string, nullable: \
            true, format: iso}}}\n    Broken: {type: nonsense}\n"
}

async fn run(fault: Fault, shard: Shard) -> Report {
    let spec = Spec::read(Document::parse("s.yaml", &spec()).unwrap()).unwrap();
    let contract = Arc::new(Contract::new("test", spec));
    let server = ContractServer::start(Arc::clone(&contract)).await.unwrap();
    let client = SpecClient { contract: Arc::clone(&contract), base_url: server.base_url(), fault, typed: false };
    let provider = suite::run_shard(&contract, &client, &server, shard, &mut |_| {}).await;
    Report { shard, providers: vec![provider], ..Report::default() }
}

fn parts(of: u32) -> Vec<Shard> {
    (1..=of).map(|number| Shard::new(number, of).unwrap()).collect()
}

#[tokio::test]
async fn the_reports_of_all_parts_are_the_report_of_the_whole() {
    for fault in [
        Fault::None,
        Fault::LosesNull,
        Fault::CannotMap,
        Fault::NeverCalls,
        Fault::NoCredentials,
        Fault::ChangesBody,
        Fault::ExtraParameter,
        Fault::SendsTwice,
    ] {
        let whole = run(fault, Shard::WHOLE).await;
        assert!(whole.providers[0].findings.len() > 9, "{fault:?}");
        for of in [2, 3, 5, 16] {
            let mut reports = Vec::new();
            for shard in parts(of) {
                let report = run(fault, shard).await;
                assert!(!report.nothing_checked(), "a part may have nothing to do");
                // As it travels: through a file.
                reports.insert(0, Report::read(&report.to_json().unwrap()).unwrap());
            }
            assert_eq!(Report::merge(reports).unwrap(), whole, "{fault:?} in {of} parts");
        }
    }
}

proptest! {
    #[test]
    fn every_unit_is_in_one_part(provider in ".*", unit in ".*", of in 1..200_u32) {
        let holding = parts(of).into_iter().filter(|shard| shard.holds(&provider, &unit)).count();
        prop_assert_eq!(holding, 1);
    }

    #[test]
    fn a_part_is_read_as_it_is_written(number in 0..20_u32, of in 0..20_u32) {
        let text = format!("{number}/{of}");
        let read = text.parse::<Shard>().ok();
        prop_assert_eq!(read, Shard::new(number, of));
        prop_assert_eq!(read.is_some(), (1..=of).contains(&number));
        prop_assert!(read.is_none_or(|shard| shard.to_string() == text));
    }
}

#[test]
fn where_a_unit_is_stays() {
    let number = |unit| parts(5).into_iter().find(|shard| shard.holds("fena", unit)).unwrap().number();
    assert_eq!(["getAccounts", "createPayment", Shard::DOCUMENT, Shard::DOMAIN].map(number), [5, 3, 4, 3]);
}

fn report(shard: &str, providers: &[(&str, &str)]) -> Report {
    let provider = |(name, document): &(&str, &str)| ProviderReport {
        provider: (*name).to_owned(),
        document: (*document).to_owned(),
        examples: 1,
        ..ProviderReport::default()
    };
    Report { shard: shard.parse().unwrap(), providers: providers.iter().map(provider).collect(), ..Report::default() }
}

#[test]
fn what_does_not_belong_together_is_not_merged() {
    let merge = |reports: &[(&str, &[(&str, &str)])]| {
        Report::merge(reports.iter().map(|(shard, providers)| report(shard, providers)).collect())
    };
    let shard = |text: &str| text.parse::<Shard>().unwrap();
    let [a, b]: [&[(&str, &str)]; 2] = [&[("a", "1")], &[("b", "1")]];
    assert_eq!(merge(&[]), Err(MergeError::Nothing));
    assert_eq!(merge(&[("1/2", a), ("1/2", a)]), Err(MergeError::Twice(shard("1/2"))));
    assert_eq!(merge(&[("1/3", a), ("3/3", a)]), Err(MergeError::Missing(shard("2/3"))));
    assert_eq!(merge(&[("2/2", a)]), Err(MergeError::Missing(shard("1/2"))));
    assert_eq!(merge(&[("1/2", a), ("2/3", a)]), Err(MergeError::Runs(shard("1/2"), shard("2/3"))));
    assert_eq!(merge(&[("1/1", a), ("2/3", a)]), Err(MergeError::Runs(shard("1/1"), shard("2/3"))));
    assert_eq!(merge(&[("1/2", a), ("2/2", &[])]), Err(MergeError::Unjudged("a".to_owned(), shard("2/2"))));
    assert_eq!(merge(&[("1/2", &[]), ("2/2", a)]), Err(MergeError::Unjudged("a".to_owned(), shard("1/2"))));
    assert_eq!(merge(&[("1/2", a), ("2/2", &[("a", "2")])]), Err(MergeError::Document("a".to_owned())));
    assert_eq!(merge(&[("1/1", a), ("1/1", a)]), Err(MergeError::Provider("a".to_owned())));
    let other = Report { version: "0.0.0".to_owned(), ..report("2/2", a) };
    assert!(matches!(Report::merge(vec![report("1/2", a), other]), Err(MergeError::Version(..))));

    // Parts that tried clients with something else are parts of different runs.
    let efforts = |shards: [&str; 2], one: Effort, other: Effort| {
        let of = |shard, provider, effort| Report { effort: Some(effort), ..report(shard, provider) };
        Report::merge(vec![of(shards[0], a, one), of(shards[1], if shards[0] == "1/1" { b } else { a }, other)])
    };
    let (quick, thorough) = (Effort::QUICK, Effort::THOROUGH);
    let merged = efforts(["1/2", "2/2"], quick, quick.seed(7));
    assert_eq!(merged, Err(MergeError::Seed(1, 7)));
    assert_eq!(merged.unwrap_err().to_string(), "one part was made with `--seed 1`, another with `--seed 7`");
    let merged = efforts(["1/2", "2/2"], quick, thorough);
    assert_eq!(merged, Err(MergeError::Thoroughness(shard("2/2"), shard("1/2"))));
    assert!(merged.unwrap_err().to_string().starts_with("the part 2/2 was made with `--thorough`"));
    assert_eq!(efforts(["2/2", "1/2"], thorough, thorough).unwrap().effort, Some(thorough));
    assert_eq!(efforts(["1/1", "1/1"], quick, thorough).unwrap().effort, None, "providers are tried as each needs it");

    let two = merge(&[("1/1", &[("b", "2")]), ("1/1", a)]).unwrap();
    assert_eq!(two.providers.iter().map(|provider| provider.provider.as_str()).collect::<Vec<_>>(), ["b", "a"]);
    let sum = merge(&[("2/2", a), ("1/2", a)]).unwrap();
    assert_eq!((sum.shard, sum.providers[0].examples), (Shard::WHOLE, 2));
}
