//! Every document of a corpus of public financial APIs becomes Rust.
//!
//! `OBKIT_CORPUS` names the folder. Whether the crates compile, and keep their payloads, is what
//! `cargo run --release -p obkit-codegen --example corpus` says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use obkit_codegen::{Document, Runtime, Spec, Target, generate};

/// How many documents must become crates. Raise it when more do.
const GENERATED: usize = 44;

#[test]
fn documents_of_the_corpus_become_rust() {
    let Some(corpus) = std::env::var_os("OBKIT_CORPUS") else {
        println!("skipped: OBKIT_CORPUS names no corpus");
        return;
    };
    let specs = Path::new(&corpus).join("specs");
    let entries = std::fs::read_dir(&specs).unwrap_or_else(|error| panic!("{}: {error}", specs.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|is| ["yaml", "yml", "json"].iter().any(|known| is == *known)));
    files.sort();

    let (total, queue, refused) = (files.len(), Mutex::new(files.into_iter()), Mutex::new(Vec::new()));
    let next = || queue.lock().unwrap().next();
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(file) = next() {
                    if let Err(error) = becomes_rust(&file) {
                        refused.lock().unwrap().push(error);
                    }
                }
            });
        }
    });

    let mut refused = refused.into_inner().unwrap();
    refused.sort();
    let generated = total - refused.len();
    println!("{generated} of {total} documents become Rust\n{}", refused.join("\n"));
    assert!(generated >= GENERATED, "only {generated} of {total} documents, not {GENERATED}:\n{}", refused.join("\n"));
}

/// Why a document becomes no crate, in a line. What does become one must be Rust in every file.
fn becomes_rust(file: &Path) -> Result<(), String> {
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    let said = |error: String| format!("{name}: {}", error.lines().next().unwrap_or_default());
    let document = Document::load(file).map_err(|error| said(error.to_string()))?;
    let spec = Spec::read(document).map_err(|error| said(error.to_string()))?;
    let target = Target {
        name: "corpus".to_owned(),
        provider: "corpus".to_owned(),
        source: name.clone(),
        runtime: Runtime::Registry,
    };
    let generated = generate(&spec, &target).map_err(|error| said(error.to_string()))?;
    for (path, text) in &generated.files {
        if path.extension().is_some_and(|is| is == "rs") {
            syn::parse_file(text).unwrap_or_else(|error| panic!("{name}: {} is not Rust: {error}", path.display()));
        }
    }
    Ok(())
}
