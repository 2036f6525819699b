//! What becomes of each construct: the notes, the document that progenitor reads, the types, the client.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod fixtures;

use std::path::Path;

use obkit_codegen::{GenerateError, lint};

/// Fixtures whose clients, beside their types, are worth reading.
const CLIENTS: [&str; 8] =
    ["media_types", "names", "parameters", "request_bodies", "same_names", "sensitive", "styles", "twins"];

/// Fixtures whose remaining files are worth reading.
const CRATES: [&str; 6] = ["documentation", "first_call", "first_order", "keys", "security", "servers"];

/// Fixtures whose server for tests is worth reading.
const MOCKS: [&str; 1] = ["mock"];

#[test]
fn every_construct_becomes_what_it_was() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots/codegen");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| fixtures::names().iter().for_each(|name| snapshots(name)));
}

fn snapshots(name: &str) {
    let text = fixtures::text(name);
    let notes: Vec<String> = lint(&fixtures::read(name, &text)).iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(format!("{name}.notes"), notes.join("\n"));
    let generated = match fixtures::generated(name) {
        Ok(generated) => generated,
        Err(error @ GenerateError::Lint { .. }) => return insta::assert_snapshot!(format!("{name}.error"), error),
        Err(error) => panic!("{name}: {error}"),
    };
    let file = |path: &str| {
        let text = &generated.files[Path::new(path)];
        // The first line tells the version and the hash, which are no part of the construct.
        let lines = text.lines().filter(|line| !line.contains("@generated") && !line.contains("SPEC_SHA256: "));
        lines.collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(format!("{name}.lowered"), file("lowered.json"));
    insta::assert_snapshot!(format!("{name}.types"), file("src/types.rs"));
    if CLIENTS.contains(&name) {
        insta::assert_snapshot!(format!("{name}.client"), file("src/client.rs"));
        insta::assert_snapshot!(format!("{name}.typed_client"), file("src/typed_client.rs"));
    }
    if MOCKS.contains(&name) {
        insta::assert_snapshot!(format!("{name}.mock"), file("src/mock.rs"));
    }
    if CRATES.contains(&name) {
        insta::assert_snapshot!(format!("{name}.lib"), file("src/lib.rs"));
        insta::assert_snapshot!(format!("{name}.readme"), file("README.md"));
        insta::assert_snapshot!(format!("{name}.manifest"), file("Cargo.toml").replace(runtime(), "<runtime>"));
    }
}

fn runtime() -> &'static str {
    concat!(env!("CARGO_MANIFEST_DIR"), "/../runtime")
}
