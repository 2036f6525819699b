//! What users wait for: regenerating, validating, and reading transactions.
//!
//! `cargo bench -p obkit-conformance --features workspace`

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::hint::black_box;

use divan::Bencher;
use divan::counter::ItemsCount;
use obkit_codegen::{Document, Providers, Spec, generate_provider};
use obkit_conformance::{Contract, Direction};
use serde_json::Value;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const TRANSACTIONS: usize = 10_000;

fn main() {
    divan::main();
}

fn contract(provider: &str) -> Contract {
    let document = Document::load(format!("{ROOT}/specs/{provider}/openapi.yaml")).expect("the spec loads");
    Contract::new(provider, Spec::read(document).expect("the spec reads"))
}

/// All crates from all documents, in memory.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn regenerate_all() {
    let providers = Providers::load(ROOT).expect("the table loads");
    for provider in providers.all() {
        black_box(generate_provider(&providers, provider).expect("the crate generates"));
    }
}

/// One crate from its document, in memory.
#[divan::bench(args = ["yapily", "fena"], sample_count = 10, sample_size = 1)]
fn regenerate(provider: &str) {
    let providers = Providers::load(ROOT).expect("the table loads");
    let row = providers.all().iter().find(|row| row.name == provider).expect("the provider is listed");
    black_box(generate_provider(&providers, row).expect("the crate generates"));
}

/// Every documented JSON example, with compiled schemas.
#[divan::bench(args = ["yapily", "fena"])]
fn validate_examples(bencher: Bencher<'_, '_>, provider: &str) {
    let contract = contract(provider);
    let examples = examples(&contract);
    bencher.counter(ItemsCount::new(examples.len())).bench(|| {
        for (direction, pointer, value) in &examples {
            black_box(contract.validators().validate(*direction, pointer, value).expect("the schema compiles"));
        }
    });
}

/// Compiling every schema that an example needs, from the text of the document on.
#[divan::bench(args = ["yapily", "fena"], sample_count = 10, sample_size = 1)]
fn load_and_compile(provider: &str) {
    let contract = contract(provider);
    for (direction, pointer, value) in examples(&contract) {
        black_box(contract.validators().validate(direction, &pointer, &value).expect("the schema compiles"));
    }
}

fn examples(contract: &Contract) -> Vec<(Direction, String, Value)> {
    let mut examples = Vec::new();
    for operation in contract.spec().operations() {
        let requests = operation.request.iter().flat_map(|r| &r.content).map(|c| (Direction::Request, c));
        let responses = operation.responses.iter().flat_map(|r| &r.content).map(|c| (Direction::Response, c));
        for (direction, content) in requests.chain(responses).filter(|(_, content)| content.is_json()) {
            for example in &content.examples {
                examples.extend(content.schema.clone().map(|schema| (direction, schema, example.value.clone())));
            }
        }
    }
    examples
}

/// The documented answer, with its transactions repeated.
fn answer(provider: &str, list: &str) -> String {
    let contract = contract(provider);
    let operation = contract.spec().operation("getTransactions").expect("there are transactions");
    let mut value = operation.responses[0].content[0].examples[0].value.clone();
    let items = value.pointer_mut(list).and_then(Value::as_array_mut).expect("a list");
    *items = items.iter().cycle().take(TRANSACTIONS).cloned().collect();
    value.to_string()
}

/// 10,000 transactions from JSON text to the domain.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn decode_and_map_yapily(bencher: Bencher<'_, '_>) {
    let json = answer("yapily", "/data");
    bencher.counter(ItemsCount::new(TRANSACTIONS)).bench(|| {
        let source = serde_json::from_str(black_box(&json)).expect("the answer decodes");
        obkit::provider::yapily::map::transactions(&source, "account", Some(0)).expect("the answer maps")
    });
}

/// 10,000 transactions from JSON text to the domain.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn decode_and_map_fena(bencher: Bencher<'_, '_>) {
    let json = answer("fena", "/Data/Transaction");
    bencher.counter(ItemsCount::new(TRANSACTIONS)).bench(|| {
        let source = serde_json::from_str(black_box(&json)).expect("the answer decodes");
        obkit::provider::fena::map::transactions(&source).expect("the answer maps")
    });
}

/// 10,000 transactions from JSON text to the generated type: what mapping adds to.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn decode_only_fena(bencher: Bencher<'_, '_>) {
    let json = answer("fena", "/Data/Transaction");
    bencher.counter(ItemsCount::new(TRANSACTIONS)).bench(|| {
        serde_json::from_str::<obkit_fena::types::TransactionsResponse>(black_box(&json)).expect("it decodes")
    });
}
