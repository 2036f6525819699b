//! Agreement with recorded verdicts on public documents.
//!
//! Runs when `OBKIT_CORPUS` names a folder with `specs/`, `payloads/*.jsonl` and
//! `payloads/VERDICTS.tsv`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use obkit_codegen::spec::Content;
use obkit_codegen::{Document, Spec};
use obkit_conformance::{Contract, Direction, NullableProfile, Validators, payload};
use serde_json::Value;

/// Lines whose verdict is another one on purpose: file, line, and why. Read as the recorded verdicts are, by the letter and with formats as mere
/// annotations, each of them agrees; that is tested, too.
const EXCEPTIONS: [(&str, usize, &str); 4] = [
    (
        "adyen__DisputeService-v30.json.jsonl",
        9,
        "`format: byte` is asserted here; the last character of the base64 text has bits that must be zero: \"When fewer than 24 input bits \
         are available in an input group, bits with value zero are added\" (RFC 4648, section 4), and decoders MAY reject others (section 3.5)",
    ),
    (
        "codat__Codat-Banking.json.jsonl",
        114,
        "`format: uri-reference` is asserted here; a link with `{id}` in it is a template (RFC 6570), and no reference: braces are neither reserved \
         nor unreserved characters (RFC 3986, section 2)",
    ),
    (
        "codat__Codat-Intuit-IDX.json.jsonl",
        1,
        "`nullable: true` in an OpenAPI 3.1 document: \"Unknown keywords SHOULD be treated as annotations\" (JSON Schema 2020-12 Core, \
         section 4.3.1), so that null is refused by the letter; it is accepted as meant",
    ),
    ("codat__Codat-Intuit-IDX.json.jsonl", 11, "the same"),
];

/// What was expected of a line: the verdict, the first keyword, and where.
type Expected = BTreeMap<usize, [String; 3]>;

#[test]
fn verdicts_agree_with_the_recorded_ones() {
    let Some(corpus) = std::env::var_os("OBKIT_CORPUS").map(PathBuf::from) else {
        println!("skipped: OBKIT_CORPUS is not set");
        return;
    };
    let (mut agreed, mut excepted, mut disagreed, mut unread) = (0, 0, Vec::new(), Vec::new());
    for (file, expected) in expectations(&corpus) {
        let spec = corpus.join("specs").join(file.strip_suffix(".jsonl").unwrap());
        let contract = match Document::load(&spec).and_then(Spec::read) {
            Ok(spec) => Contract::new("corpus", spec),
            Err(error) => {
                unread.push((expected.len(), error.message));
                continue;
            }
        };
        for (line, expected, found) in judge(&contract, &corpus.join("payloads").join(&file), &expected) {
            let agrees = agrees(&expected, &found);
            if EXCEPTIONS.iter().any(|(other, at, _)| *other == file && *at == line) {
                assert!(!agrees, "{file}:{line} is no exception any more");
                let by_the_letter = by_the_letter(&contract, &corpus.join("payloads").join(&file), line);
                assert_eq!(by_the_letter, expected[0] == "valid", "{file}:{line} differs for another reason");
                excepted += 1;
            } else if agrees {
                agreed += 1;
            } else {
                disagreed.push(format!("{file}:{line}: expected {expected:?}, found {found}"));
            }
        }
    }
    println!(
        "{} lines: {agreed} agree, {excepted} differ on purpose, {} disagree, {} lines of {} unread documents",
        rows(&corpus),
        disagreed.len(),
        unread.iter().map(|(n, _)| n).sum::<usize>(),
        unread.len()
    );
    for (lines, reason) in &unread {
        println!("unread ({lines} lines): {reason}");
    }
    assert!(agreed > 0, "nothing was compared");
    assert_eq!(agreed + excepted + disagreed.len(), rows(&corpus), "a line was left out");
    assert!(unread.is_empty(), "{unread:?}");
    assert!(disagreed.is_empty(), "{}", disagreed.join("\n"));
}

/// How many lines there are.
fn rows(corpus: &Path) -> usize {
    std::fs::read_to_string(corpus.join("payloads/VERDICTS.tsv")).unwrap().lines().skip(1).count()
}

/// Whether a line is valid as the verdicts were recorded: `nullable` by the letter, and no format asserted.
fn by_the_letter(contract: &Contract, file: &Path, line: usize) -> bool {
    let text = std::fs::read_to_string(file).unwrap();
    let line: Value = serde_json::from_str(text.lines().nth(line - 1).unwrap()).unwrap();
    let said = |name: &str| line[name].as_str();
    let operation = || contract.spec().operation(said("op").unwrap()).unwrap();
    let (direction, contents) = match said("kind") {
        Some("request") => {
            (Direction::Request, operation_content(operation().request.as_ref().map(|request| &request.content)))
        }
        _ => {
            let status = said("status").and_then(|status| status.parse().ok());
            let response = status.and_then(|status| operation().response(status));
            (Direction::Response, operation_content(response.map(|response| &response.content)))
        }
    };
    let pointer = said("schema_pointer").map_or_else(|| contents.unwrap(), str::to_owned);
    let validators = Validators::with_profile(contract.document(), NullableProfile::Strict);
    let violations = validators.validate(direction, &pointer, &line["value"]).unwrap();
    violations.iter().all(|violation| violation.keyword == "format")
}

fn operation_content(contents: Option<&Vec<Content>>) -> Option<String> {
    contents?.iter().find(|content| content.is_json())?.schema.clone()
}

fn expectations(corpus: &Path) -> BTreeMap<String, Expected> {
    let mut files: BTreeMap<String, Expected> = BTreeMap::new();
    for row in std::fs::read_to_string(corpus.join("payloads/VERDICTS.tsv")).unwrap().lines().skip(1) {
        let cells: Vec<_> = row.split('\t').collect();
        let cell = |index: usize| cells.get(index).copied().unwrap_or_default().to_owned();
        files.entry(cell(0)).or_default().insert(cell(1).parse().unwrap(), [cell(3), cell(4), cell(5)]);
    }
    files
}

fn judge(contract: &Contract, file: &Path, expected: &Expected) -> Vec<(usize, [String; 3], Value)> {
    let text = std::fs::read(file).unwrap();
    let mut verdicts = Vec::new();
    payload::validate(contract, text.as_slice(), &mut verdicts).unwrap();
    let found: BTreeMap<usize, Value> = String::from_utf8(verdicts)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|verdict| (usize::try_from(verdict["line"].as_u64().unwrap()).unwrap(), verdict))
        .collect();
    expected.iter().map(|(line, expected)| (*line, expected.clone(), found[line].clone())).collect()
}

fn agrees([verdict, keyword, path]: &[String; 3], found: &Value) -> bool {
    match verdict.as_str() {
        "valid" => found["valid"] == true,
        "skipped" => found["skipped"].is_string(),
        _ => found["errors"].as_array().is_some_and(|errors| {
            let path = if path.is_empty() { String::new() } else { format!("/{path}") };
            errors.iter().any(|error| error["keyword"] == keyword.as_str() && error["instance_path"] == path.as_str())
        }),
    }
}
