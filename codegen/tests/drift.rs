//! The same document gives the same crate, and a folder that holds anything else is found out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod fixtures;

use std::path::{Path, PathBuf};

use obkit_codegen::Generated;
use obkit_codegen::generate::Drift;
use tempfile::TempDir;

fn written(name: &str) -> (Generated, TempDir) {
    let generated = fixtures::generated(name).unwrap();
    let folder = tempfile::tempdir().unwrap();
    generated.write(folder.path()).unwrap();
    (generated, folder)
}

fn change(file: &Path, change: impl Fn(&str) -> String) {
    let text = std::fs::read_to_string(file).unwrap();
    std::fs::write(file, change(&text)).unwrap();
}

#[test]
fn the_same_document_gives_the_same_crate() {
    for name in fixtures::names() {
        if let (Ok(first), Ok(second)) = (fixtures::generated(&name), fixtures::generated(&name)) {
            assert_eq!(first.files, second.files, "{name}");
            assert_eq!(first.notes, second.notes, "{name}");
        }
    }
}

#[test]
fn what_was_written_has_not_drifted() {
    let (generated, folder) = written("default_response");
    assert_eq!(generated.drift(folder.path()).unwrap(), []);
    assert_eq!(generated.write(folder.path()).unwrap(), []);
}

#[test]
fn line_endings_are_no_drift() {
    let (generated, folder) = written("default_response");
    for path in generated.files.keys() {
        change(&folder.path().join(path), |text| text.replace('\n', "\r\n"));
    }
    assert_eq!(generated.drift(folder.path()).unwrap(), []);
}

#[test]
fn a_changed_byte_is_found_with_its_line() {
    let (generated, folder) = written("default_response");
    let file = folder.path().join("src/types.rs");
    change(&file, |text| text.replacen("//! The", "//! the", 1));
    assert_eq!(generated.drift(folder.path()).unwrap(), [Drift::Differs(file.clone(), 3)]);
    change(&file, |text| text.replacen("//! the", "//! The", 1).trim_end().to_owned());
    assert!(matches!(generated.drift(folder.path()).unwrap().as_slice(), [Drift::Differs(..)]), "the last line ends");
    generated.write(folder.path()).unwrap();
    assert_eq!(generated.drift(folder.path()).unwrap(), []);
}

#[test]
fn a_missing_and_an_extra_file_are_found_and_mended() {
    let (generated, folder) = written("default_response");
    let missing = folder.path().join("src/lib.rs");
    std::fs::remove_file(&missing).unwrap();
    let extra: Vec<PathBuf> = ["examples/old.rs", "src/old/mod.rs"].map(|path| folder.path().join(path)).into();
    std::fs::create_dir(folder.path().join("src/old")).unwrap();
    extra.iter().for_each(|file| std::fs::write(file, "").unwrap());
    let drift = generated.drift(folder.path()).unwrap();
    assert_eq!(drift, [Drift::Missing(missing), Drift::Extra(extra[0].clone()), Drift::Extra(extra[1].clone())]);
    assert!(drift[0].to_string().ends_with("src/lib.rs: is missing"), "{}", drift[0]);
    assert_eq!(generated.write(folder.path()).unwrap(), drift);
    assert_eq!(generated.drift(folder.path()).unwrap(), []);
}

#[test]
fn nothing_written_is_all_missing() {
    let generated = fixtures::generated("default_response").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let drift = generated.drift(&folder.path().join("nowhere")).unwrap();
    assert_eq!(drift.len(), generated.files.len());
    assert!(drift.iter().all(|drift| matches!(drift, Drift::Missing(_))));
}
