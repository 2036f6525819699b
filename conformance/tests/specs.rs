//! The documents of the workspace: every schema is enforced, every example is valid.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::path::{Path, PathBuf};

use obkit_codegen::{Document, Spec};
use obkit_conformance::report::Report;
use obkit_conformance::{Contract, suite};

fn documents() -> Vec<PathBuf> {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs");
    let mut found: Vec<_> = std::fs::read_dir(specs)
        .unwrap()
        .map(|entry| entry.unwrap().path().join("openapi.yaml"))
        .filter(|file| file.is_file())
        .collect();
    found.sort();
    found
}

#[test]
fn every_schema_is_enforced_and_every_example_is_valid() {
    let documents = documents();
    assert!(!documents.is_empty());
    let mut report = Report::default();
    for file in documents {
        let provider = file.parent().unwrap().file_name().unwrap().to_str().unwrap().to_owned();
        let contract = Contract::new(provider, Spec::read(Document::load(&file).unwrap()).unwrap());
        let provider = suite::run_without_client(&contract, &mut |_| {});
        assert!(provider.examples > 0 && !provider.nothing_checked);
        report.providers.push(provider);
    }
    println!("{}", report.to_text(false));
    for provider in &report.providers {
        println!(
            "{}: free-form {}, unknown formats {:?}",
            provider.provider, provider.free_form_schemas, provider.unknown_formats
        );
    }
    assert_eq!(report.findings().count(), 0, "{}", report.to_text(false));
}
