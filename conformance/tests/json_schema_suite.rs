//! Schemas of OpenAPI 3.1, held against the JSON Schema Test Suite for draft 2020-12.
//!
//! Runs when `OBKIT_CORPUS` names a folder with `json-schema-test-suite/tests/draft2020-12`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::path::{Path, PathBuf};

use obkit_codegen::{Document, Spec};
use obkit_conformance::{Direction, NullableProfile, Validators};
use serde_json::{Value, json};

/// Files about what an OpenAPI document does not do.
const SKIPPED: [(&str, &str); 3] = [
    ("format.json", "formats are asserted here, and annotations there"),
    ("refRemote.json", "the network is not asked"),
    ("vocabulary.json", "the meta-schema of a document is not chosen by its schemas"),
];

/// Where the schema under test stands.
const PLACE: &str = "/components/schemas/X";

#[test]
fn verdicts_are_those_of_the_suite() {
    let Some(corpus) = std::env::var_os("OBKIT_CORPUS").map(PathBuf::from) else {
        println!("skipped: OBKIT_CORPUS is not set");
        return;
    };
    let (mut agreed, mut skipped, mut wrong) = (0, 0, Vec::new());
    for file in files(&corpus.join("json-schema-test-suite/tests/draft2020-12")) {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        if SKIPPED.iter().any(|(skipped, _)| *skipped == name) {
            continue;
        }
        let groups: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        for group in groups.as_array().unwrap() {
            // Schemas with identifiers are documents of their own, with references of their own; and
            // the network is not asked, not even for the meta-schema.
            let text = group["schema"].to_string();
            if text.contains("\"$id\"") || text.contains("\"$ref\":\"http") {
                skipped += group["tests"].as_array().unwrap().len();
                continue;
            }
            judge(&name, group, &mut agreed, &mut wrong);
        }
    }
    println!("{agreed} agree, {} do not, {skipped} need identifiers or the network", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files
}

fn judge(file: &str, group: &Value, agreed: &mut usize, wrong: &mut Vec<String>) {
    let mut schema = group["schema"].clone();
    if let Value::Object(members) = &mut schema {
        members.remove("$schema");
    }
    moved(&mut schema);
    let document = json!({ "openapi": "3.1.0", "components": { "schemas": { "X": schema } } });
    let what = format!("{file}: {}", group["description"].as_str().unwrap());
    let spec = match Document::parse("suite.json", &document.to_string()).and_then(Spec::read) {
        Ok(spec) => spec,
        Err(error) => return wrong.push(format!("{what}: {error}")),
    };
    let validators = Validators::with_profile(&spec, NullableProfile::Strict).unwrap();
    for test in group["tests"].as_array().unwrap() {
        match validators.validate(Direction::Response, PLACE, &test["data"]) {
            Ok(violations) if violations.is_empty() == (test["valid"] == true) => *agreed += 1,
            Ok(_) => wrong.push(format!("{what}: {}", test["description"])),
            Err(error) => wrong.push(format!("{what}: {error}")),
        }
    }
}

/// Moves what refers to the root of the schema to where the schema stands.
fn moved(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                match member {
                    Value::String(text)
                        if (key == "$ref" || key == "$dynamicRef") && (text == "#" || text.starts_with("#/")) =>
                    {
                        *text = format!("#{PLACE}{}", &text[1..]);
                    }
                    // Data, which may look like a reference.
                    _ if key == "enum" || key == "const" => {}
                    member => moved(member),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(moved),
        _ => {}
    }
}
