//! Overlays on the command line, and those of the workspace's providers.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod command;

use command::Copy;

const FENA: &str = "specs/fena/openapi.yaml";

/// An overlay that gives an operation another name.
fn rename(path: &str) -> String {
    format!(
        "overlay: 1.0.0\ninfo: {{title: Names, version: '1'}}\nactions:\n  - target: $.paths['{path}'].get\n    \
         description: The name is taken.\n    update: {{operationId: listAllProviders, summary: ''}}\n"
    )
}

/// The path of the operation `getProviders`.
fn path(copy: &Copy) -> String {
    let text = std::fs::read_to_string(copy.path().join(FENA)).unwrap();
    let before = &text[..text.find("operationId: getProviders\n").unwrap()];
    let path = before.lines().rev().find(|line| line.starts_with("  /")).unwrap();
    path.trim().trim_end_matches(':').to_owned()
}

#[test]
fn a_document_is_linted_and_generated_with_its_overlays() {
    let copy = Copy::new();
    copy.write("rename.yaml", &rename(&path(&copy)));
    copy.write("stale.yaml", &rename("/gone"));
    let run = copy.run(&["generate", "--spec", FENA, "--overlay", "rename.yaml", "--out", "out", "--name", "bank"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let client = std::fs::read_to_string(copy.path().join("out/src/client.rs")).unwrap();
    assert!(client.contains("pub fn list_all_providers("));
    assert_eq!(copy.run(&["lint", FENA, "--overlay", "rename.yaml"]).code, 0);
    for arguments in [
        &["lint", FENA, "--overlay", "rename.yaml", "--overlay", "stale.yaml"][..],
        &["generate", "--spec", FENA, "--overlay", "stale.yaml", "--out", "out", "--name", "bank"],
    ] {
        let run = copy.run(arguments);
        assert_eq!(run.code, 2, "{}", run.out);
        let expected = format!("stale.yaml:4:5: the target `$.paths['/gone'].get` matches nothing in {FENA}");
        assert!(run.err.contains(&expected) && run.err.contains("help: "), "{}", run.err);
    }
}

#[test]
fn every_verb_sees_a_provider_with_its_overlays() {
    let copy = Copy::new();
    std::fs::create_dir(copy.path().join("specs/fena/overlays")).unwrap();
    copy.write("specs/fena/overlays/010-names.yaml", &rename(&path(&copy)));
    assert_eq!(copy.run(&["generate", "--check"]).code, 4);
    assert_eq!(copy.run(&["conform", "-q", "--provider", "fena"]).code, 4);
    copy.write("specs/fena/overlays/020-stale.yaml", &rename("/gone"));
    for arguments in [&["generate", "--check"][..], &["conform", "-q"], &["providers"]] {
        let run = copy.run(arguments);
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.out);
        assert!(run.err.contains("specs/fena/overlays/020-stale.yaml:4:5: the target"), "{}", run.err);
    }
}
