//! Every crate that is generated from a fixture compiles on its own, and its documentation builds, without a warning.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod fixtures;

use std::path::Path;
use std::process::Command;

use obkit_codegen::Builder;

/// Fixtures that show what is refused.
const REFUSED: [&str; 1] = ["faults"];

#[test]
fn every_fixture_compiles_without_a_warning() {
    let workspace = tempfile::tempdir().unwrap();
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut members = Vec::new();
    for name in fixtures::names().iter().filter(|name| !REFUSED.contains(&name.as_str())) {
        let generated = fixtures::generated(name).unwrap_or_else(|error| panic!("{error}"));
        generated.write(&workspace.path().join(name)).unwrap();
        members.push(format!("{name:?}"));
    }
    modules(&workspace.path().join("modules"));
    members.push("\"modules\"".to_owned());
    let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n", members.join(", "));
    std::fs::write(workspace.path().join("Cargo.toml"), manifest).unwrap();
    // The versions of the repository, so that nothing is downloaded for this.
    std::fs::copy(repository.join("Cargo.lock"), workspace.path().join("Cargo.lock")).unwrap();

    let cargo = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO"))
            .args(arguments)
            .args(["--offline", "--workspace", "--all-features"])
            .current_dir(workspace.path())
            .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("fixtures"))
            .env("RUSTFLAGS", "-Dwarnings")
            .env("RUSTDOCFLAGS", "-Dwarnings")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "cargo {arguments:?} failed:\n{said}");
    };
    cargo(&["check", "--examples", "--lib"]);
    cargo(&["doc", "--no-deps"]);
}

/// A workspace unites the features of its members, so what one of them lacks does not show when they are compiled.
#[test]
fn a_crate_asks_for_the_parts_of_the_runtime_that_its_code_uses() {
    let parts = [("dates", ["Date", "DateTime"].as_slice()), ("decimals", &["Decimal", "DecimalText"])];
    let mut seen = std::collections::BTreeSet::new();
    for name in fixtures::names().iter().filter(|name| !REFUSED.contains(&name.as_str())) {
        let generated = fixtures::generated(name).unwrap_or_else(|error| panic!("{error}"));
        let file = |path: &str| generated.files[Path::new(path)].as_str();
        let code = [file("src/types.rs"), file("src/client.rs")].concat();
        let words: Vec<_> = code.split("obkit_runtime::").skip(1).flat_map(imported).collect();
        let manifest = file("Cargo.toml");
        let dependency = manifest.lines().find(|line| line.starts_with("obkit-runtime = ")).unwrap();
        for (feature, types) in parts {
            let is_used = types.iter().any(|ty| words.contains(ty));
            assert_eq!(dependency.contains(&format!("{feature:?}")), is_used, "{name}: {feature}");
            seen.insert((feature, is_used));
        }
    }
    assert_eq!(seen.len(), 4, "each part is used by some fixture, and not by another");
}

/// The names after `obkit_runtime::`: those in braces, or one.
fn imported(path: &str) -> Vec<&str> {
    let names = path.strip_prefix('{').and_then(|rest| rest.split_once('}')).map(|(names, _)| names);
    let word = |name: &str| name.find(|c: char| !c.is_alphanumeric()).unwrap_or(name.len());
    names.unwrap_or(&path[..word(path)]).split(',').map(str::trim).collect()
}

/// Writes a crate with a module per fixture, as build scripts generate them.
fn modules(folder: &Path) {
    // One fixture has names that look like those of others in another script, which only a whole crate can allow.
    let mut lib = "//! Modules.\n#![allow(confusable_idents)]\n".to_owned();
    for name in fixtures::names().iter().filter(|name| !REFUSED.contains(&name.as_str())) {
        let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/specs/{name}.yaml"));
        Builder::new(spec).generate_into(folder.join("src")).unwrap_or_else(|error| panic!("{error}"));
        lib.push_str(&format!("\npub mod {name} {{\n    include!(\"{name}.rs\");\n}}\n"));
    }
    std::fs::write(folder.join("src/lib.rs"), lib).unwrap();
    let manifest = &fixtures::generated("empty").unwrap().files[Path::new("Cargo.toml")];
    // The modules together need all parts of the runtime.
    let some = concat!("version = \"", env!("CARGO_PKG_VERSION"), "\", default-features = false");
    assert!(manifest.contains(some), "{manifest}");
    let manifest = manifest.replace("fixture-empty", "modules").replace(some, some.split(',').next().unwrap());
    std::fs::write(folder.join("Cargo.toml"), manifest).unwrap();
}

#[test]
fn what_is_refused_is_refused() {
    for name in REFUSED {
        assert!(fixtures::generated(name).is_err(), "{name}");
    }
}
