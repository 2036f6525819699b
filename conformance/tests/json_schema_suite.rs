//! Schemas of OpenAPI, held against the JSON Schema Test Suite: those of 3.1 against draft 2020-12, those of 3.0 against
//! what it has of draft 4. Formats are held against the optional tests, where they are asserted.
//!
//! Runs when `OBKIT_CORPUS` names a folder with `json-schema-test-suite/tests`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use obkit_codegen::{Document, Spec};
use obkit_conformance::{Direction, NullableProfile, Validators};
use serde_json::{Value, json};

/// Where the schema under test stands.
const PLACE: &str = "/components/schemas/X";

const DYNAMIC: &str = "several schemas have the dynamic anchor: refused, since which is meant depends on the way";
const IDN: &str = "takes tables of Unicode; a document that has the format is told that it is not checked";
const NETWORK: &str = "the network is not asked";

/// A draft, the version of OpenAPI that has its words, and what is passed over, with the reason.
struct Suite {
    draft: &'static str,
    openapi: &'static str,
    /// Files about what an OpenAPI document does not do.
    files: &'static [(&'static str, &'static str)],
    /// Groups, by their file and the beginning of their description.
    groups: &'static [(&'static str, &'static str, &'static str)],
    /// How many tests must agree at least, lest they be passed over unseen.
    least: usize,
}

const DRAFT_2020_12: Suite = Suite {
    draft: "draft2020-12",
    openapi: "3.1.0",
    files: &[
        ("format.json", "formats are asserted here, and annotations there"),
        ("refRemote.json", NETWORK),
        ("vocabulary.json", "the meta-schema of a document is not chosen by its schemas"),
    ],
    groups: &[
        ("defs.json", "validate definition against metaschema", NETWORK),
        ("dynamicRef.json", "A $dynamicRef resolves to the first $dynamicAnchor still in scope", DYNAMIC),
        ("dynamicRef.json", "A $dynamicRef with intermediate scopes that don't include a matching", DYNAMIC),
        (
            "dynamicRef.json",
            "A $dynamicRef that initially resolves to a schema with a matching $dynamicAnchor resolves",
            DYNAMIC,
        ),
        ("dynamicRef.json", "A $dynamicRef without anchor in fragment", DYNAMIC),
        ("dynamicRef.json", "$dynamicRef skips over intermediate resources - direct", DYNAMIC),
        ("dynamicRef.json", "multiple dynamic paths", DYNAMIC),
        ("dynamicRef.json", "after leaving a dynamic scope", DYNAMIC),
        ("dynamicRef.json", "strict-tree schema", DYNAMIC),
        ("dynamicRef.json", "tests for implementation dynamic anchor", DYNAMIC),
        ("dynamicRef.json", "$ref and $dynamicAnchor are independent of order - $defs first", DYNAMIC),
        ("dynamicRef.json", "$ref and $dynamicAnchor are independent of order - $ref first", DYNAMIC),
        ("dynamicRef.json", "$ref to $dynamicRef finds detached", DYNAMIC),
        ("dynamicRef.json", "$dynamicRef avoids the root of each schema", DYNAMIC),
        ("ref.json", "remote ref, containing refs itself", NETWORK),
        ("unevaluatedItems.json", "unevaluatedItems with $dynamicRef", DYNAMIC),
        ("unevaluatedProperties.json", "unevaluatedProperties with $dynamicRef", DYNAMIC),
    ],
    least: 1090,
};

const DRAFT_4: Suite = Suite {
    draft: "draft4",
    openapi: "3.0.3",
    files: &[
        ("additionalItems.json", "no word of OpenAPI 3.0"),
        ("definitions.json", "no word of OpenAPI 3.0"),
        ("dependencies.json", "no word of OpenAPI 3.0"),
        ("format.json", "formats are asserted here, and annotations there"),
        ("patternProperties.json", "no word of OpenAPI 3.0"),
        ("refRemote.json", NETWORK),
    ],
    groups: &[
        (
            "additionalProperties.json",
            "additionalProperties being false does not allow",
            "`patternProperties` is no word of OpenAPI 3.0",
        ),
        ("additionalProperties.json", "non-ASCII pattern", "`patternProperties` is no word of OpenAPI 3.0"),
        ("items.json", "an array of schemas for items", "`items` is no list in OpenAPI 3.0"),
        ("items.json", "items and subitems", "`items` is no list in OpenAPI 3.0"),
        ("items.json", "array-form items", "`items` is no list in OpenAPI 3.0"),
        ("properties.json", "properties, patternProperties", "`patternProperties` is no word of OpenAPI 3.0"),
        ("ref.json", "relative pointer ref to array", "`items` is no list in OpenAPI 3.0"),
        ("ref.json", "$ref prevents a sibling id", "OpenAPI 3.0 has no identifiers"),
        ("ref.json", "remote ref, containing refs itself", NETWORK),
        ("ref.json", "Recursive references between schemas", "OpenAPI 3.0 has no identifiers"),
        ("ref.json", "Location-independent identifier", "OpenAPI 3.0 has no identifiers"),
        ("ref.json", "id must be resolved against nearest parent", "OpenAPI 3.0 has no identifiers"),
        ("uniqueItems.json", "uniqueItems with an array of items", "`items` is no list in OpenAPI 3.0"),
        ("uniqueItems.json", "uniqueItems=false with an array of items", "`items` is no list in OpenAPI 3.0"),
    ],
    least: 430,
};

const FORMATS: Suite = Suite {
    draft: "draft2020-12/optional/format",
    openapi: "3.1.0",
    files: &[("idn-email.json", IDN), ("idn-hostname.json", IDN)],
    groups: &[],
    least: 650,
};

const OPTIONAL: Suite = Suite {
    draft: "draft2020-12/optional",
    openapi: "3.1.0",
    files: &[
        ("dependencies-compatibility.json", "no word of draft 2020-12"),
        ("refOfUnknownKeyword.json", "refused: what is referred to is no schema"),
    ],
    groups: &[
        ("cross-draft.json", "refs to historic drafts", NETWORK),
        ("dynamicRef.json", "$dynamicRef skips over intermediate resources - pointer reference", DYNAMIC),
        ("unknownKeyword.json", "$id inside an unknown keyword", "an identifier is taken for one wherever it stands"),
    ],
    least: 110,
};

#[test]
fn formats_are_those_of_draft_2020_12() {
    run(&FORMATS);
}

#[test]
fn what_is_optional_in_draft_2020_12_is_had() {
    run(&OPTIONAL);
}

#[test]
fn verdicts_of_3_1_are_those_of_draft_2020_12() {
    run(&DRAFT_2020_12);
}

#[test]
fn verdicts_of_3_0_are_those_of_draft_4() {
    run(&DRAFT_4);
}

fn run(suite: &Suite) {
    let Some(corpus) = std::env::var_os("OBKIT_CORPUS").map(PathBuf::from) else {
        println!("skipped: OBKIT_CORPUS is not set");
        return;
    };
    let (mut agreed, mut wrong, mut excepted) = (0, Vec::new(), BTreeMap::new());
    for file in files(&corpus.join("json-schema-test-suite/tests").join(suite.draft)) {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        let groups: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        let whole = suite.files.iter().find(|(skipped, _)| *skipped == name);
        for group in groups.as_array().unwrap() {
            let description = group["description"].as_str().unwrap();
            let one = suite.groups.iter().find(|(file, group, _)| *file == name && description.starts_with(group));
            let reason = whole.map(|(_, reason)| *reason).or(one.map(|(.., reason)| *reason));
            let (mut fine, mut off) = (0, Vec::new());
            judge(suite, &format!("{name}: {description}"), group, &mut fine, &mut off);
            match reason {
                // What agrees after all is none of the exceptions.
                Some(_) if one.is_some() && off.is_empty() => wrong.push(format!("{name}: {description}: agrees")),
                Some(reason) => *excepted.entry(reason).or_insert(0) += group["tests"].as_array().unwrap().len(),
                None => {
                    agreed += fine;
                    wrong.extend(off);
                }
            }
        }
    }
    println!("{}: {agreed} agree, {} do not, and there are exceptions: {excepted:?}", suite.draft, wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(agreed >= suite.least, "tests are passed over: {agreed}");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files
}

fn judge(suite: &Suite, what: &str, group: &Value, agreed: &mut usize, wrong: &mut Vec<String>) {
    let mut schema = group["schema"].clone();
    if let Value::Object(members) = &mut schema {
        members.remove("$schema");
    }
    // OpenAPI 3.0 has no identifiers, in 3.1 they begin documents of their own.
    moved(&mut schema, suite.openapi.starts_with("3.1"));
    let components = json!({ "schemas": { "X": schema } });
    let document = json!({ "openapi": suite.openapi, "paths": {}, "components": components });
    let spec = match Document::parse("suite.json", &document.to_string()).and_then(Spec::read) {
        Ok(spec) => spec,
        Err(error) => return wrong.push(format!("{what}: {error}")),
    };
    let validators = Validators::with_profile(spec.document(), NullableProfile::Strict);
    for test in group["tests"].as_array().unwrap() {
        match validators.validate(Direction::Response, PLACE, &test["data"]) {
            Ok(violations) if violations.is_empty() == (test["valid"] == true) => *agreed += 1,
            Ok(_) => wrong.push(format!("{what}: {}", test["description"])),
            Err(error) => wrong.push(format!("{what}: {error}")),
        }
    }
}

/// Moves what refers to the root of the schema to where the schema stands. What has an identifier is its own root.
fn moved(value: &mut Value, identified: bool) {
    match value {
        Value::Object(members) => {
            if identified && members.get("$id").is_some_and(Value::is_string) {
                return;
            }
            for (key, member) in members {
                match member {
                    Value::String(text)
                        if (key == "$ref" || key == "$dynamicRef") && (text == "#" || text.starts_with("#/")) =>
                    {
                        *text = format!("#{PLACE}{}", &text[1..]);
                    }
                    // Data, which may look like a reference.
                    _ if key == "enum" || key == "const" => {}
                    member => moved(member, identified),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| moved(item, identified)),
        _ => {}
    }
}
