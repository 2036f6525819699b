//! `docs/reliability.md` is fresh: each of its rows has a test, and each tested attack has a row.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Files whose every test is an attack, but for those that show that nothing else is wrong.
const ATTACKS: [(&str, &[&str]); 5] = [
    ("runtime/tests/clock_skew.rs", &[]),
    ("runtime/tests/fault_bodies.rs", &[]),
    ("runtime/tests/faults.rs", &[]),
    ("runtime/tests/storms.rs", &[]),
    ("runtime/tests/webhook_attacks.rs", &["the_genuine_webhook_is_accepted"]),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A test that the page names, by the file that its link leads to.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Named {
    file: PathBuf,
    test: String,
}

/// The tests of a cell: links whose texts are code.
fn tests_of(cell: &str) -> Vec<Named> {
    let links = cell.split("[`").skip(1);
    links
        .map(|link| {
            let (test, rest) = link.split_once("`](../").expect("a link to a file of the workspace");
            let (file, _) = rest.split_once(')').expect("the end of the link");
            Named { file: root().join(file), test: test.to_owned() }
        })
        .collect()
}

/// The rows of the page's tables, without their heads.
fn rows(page: &str) -> impl Iterator<Item = Vec<&str>> {
    let lines = page.lines().filter(|line| line.starts_with('|'));
    let rows = lines.map(|line| line.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>());
    rows.filter(|cells| cells.last() != Some(&"test") && !cells.iter().all(|cell| cell.chars().all(|c| c == '-')))
}

/// The names of the tests of a source file: functions right below an attribute that makes them tests.
fn tests_in(source: &str) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    let mut is_test = false;
    for line in source.lines().map(str::trim_start) {
        if line.starts_with("#[") {
            is_test |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
            continue;
        }
        let function = line.trim_start_matches("async ").strip_prefix("fn ");
        if let Some(name) = function.filter(|_| is_test).and_then(|rest| rest.split('(').next()) {
            names.insert(name);
        }
        is_test = false;
    }
    names
}

#[test]
fn every_row_has_a_test_and_every_attack_has_a_row() {
    let page = std::fs::read_to_string(root().join("docs/reliability.md")).unwrap();
    let mut named = BTreeSet::new();
    for row in rows(&page) {
        let tests = tests_of(row.last().unwrap());
        assert!(!tests.is_empty(), "no test proves: {}", row[0]);
        for test in tests {
            let source = std::fs::read_to_string(&test.file).expect("a file of the workspace");
            assert!(tests_in(&source).contains(test.test.as_str()), "there is no such test: {test:?}");
            named.insert(test);
        }
    }
    assert!(named.len() > 40, "the tables are read");
    for (file, others) in ATTACKS {
        let source = std::fs::read_to_string(root().join(file)).unwrap();
        for test in tests_in(&source).into_iter().filter(|test| !others.contains(test)) {
            let test = Named { file: root().join(file), test: test.to_owned() };
            assert!(named.contains(&test), "docs/reliability.md does not tell of {test:?}");
        }
    }
}

/// The runtime keeps the table; there, a test compares it with the code.
#[test]
fn the_limits_of_the_readme_are_those_of_the_runtime() {
    let read = |file: &str| std::fs::read_to_string(root().join(file)).unwrap();
    let limits = read("runtime/src/transport/limits.md");
    assert!(read("README.md").contains(&limits), "copy runtime/src/transport/limits.md to the README");
}
