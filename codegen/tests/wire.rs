//! What the clients of fixtures send: a program is built with them, which looks at every byte, and
//! which has the conformance suite call every operation.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod fixtures;

use std::path::Path;
use std::process::Command;

/// The fixtures whose requests are looked at.
const FIXTURES: [&str; 15] = [
    "bodies",
    "dialect_3_1",
    "inheritance",
    "integers",
    "keys",
    "media_ranges",
    "narrowing",
    "parameters",
    "request_bodies",
    "same_names",
    "scalars",
    "scripts",
    "styles",
    "tags",
    "unions",
];

#[test]
fn clients_send_what_the_documents_say() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wire_program");
    // It stays where it is, so that it is built once.
    let workspace = Path::new(env!("CARGO_TARGET_TMPDIR")).join("wire");
    let mut dependencies = String::new();
    for name in FIXTURES {
        let generated = fixtures::generated(name).unwrap_or_else(|error| panic!("{error}"));
        generated.write(&workspace.join(name)).unwrap();
        std::fs::write(workspace.join(format!("{name}.yaml")), fixtures::text(name)).unwrap();
        let package = name.replace('_', "-");
        dependencies.push_str(&format!("fixture-{package} = {{ path = {name:?}, features = [\"typed-client\"] }}\n"));
    }
    let manifest = std::fs::read_to_string(program.join("manifest.toml")).unwrap();
    let manifest = manifest.replace("$REPOSITORY", &repository.to_string_lossy().replace('\\', "/"));
    let members = FIXTURES.map(|name| format!("{name:?}")).join(", ");
    let manifest = format!("[workspace]\nmembers = [{members}]\n\n{manifest}{dependencies}");
    std::fs::write(workspace.join("Cargo.toml"), manifest).unwrap();
    // The versions of the repository, so that nothing is downloaded for this.
    std::fs::copy(repository.join("Cargo.lock"), workspace.join("Cargo.lock")).unwrap();

    let output = Command::new(env!("CARGO"))
        .args(["test", "--offline", "--quiet"])
        .current_dir(&workspace)
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("wire-target"))
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).join("\n");
    assert!(output.status.success(), "{said}");
}
