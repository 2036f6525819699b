//! Every rule has a document that fires it and one, much like it, that does not: those of its
//! explanation.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod fixtures;

use std::collections::BTreeSet;
use std::path::Path;

use obkit_codegen::explain::{self, Explanation};
use obkit_codegen::note::RULES;
use obkit_codegen::{Note, lint};

fn notes_of(rule: &str, text: &str) -> Vec<Note> {
    lint(&fixtures::read(rule, text)).into_iter().filter(|note| note.rule == rule).collect()
}

#[test]
fn every_rule_fires_where_it_should_and_nowhere_else() {
    for Explanation { id, fires, silent, .. } in Explanation::all() {
        let fired = notes_of(id, fires);
        assert!(!fired.is_empty(), "`{id}` does not fire on\n{fires}");
        assert!(fired.iter().all(|note| note.line > 1 && !note.remedy.is_empty()), "{fired:?}");
        let fired = notes_of(id, silent);
        assert!(fired.is_empty(), "`{id}` fires on\n{silent}\n{fired:?}");
    }
}

#[test]
fn every_rule_stands_in_the_table_once_and_is_explained() {
    let ids: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), RULES.len(), "an id is given twice");
    for explanation in Explanation::all() {
        let (id, summary) = (explanation.id, explanation.summary());
        assert!(explanation.meaning.contains("\n\n"), "`{id}` says what it means, and what becomes of it");
        assert!(summary.ends_with('.') && summary.len() < 250, "`{id}`: {summary}");
        assert!(!explanation.remedy.ends_with('.'), "`{id}`: {}", explanation.remedy);
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let explained: Vec<String> = files.map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    assert_eq!(explained.iter().map(String::as_str).collect::<BTreeSet<_>>(), ids, "a file without a rule");
}

#[test]
fn the_page_of_the_rules_is_fresh() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/rules.md");
    let written = std::fs::read_to_string(file).unwrap_or_default().replace("\r\n", "\n");
    assert!(written == explain::page(), "run `cargo run -p obkit-cli -- lint --explain all -o docs/rules.md`");
}
