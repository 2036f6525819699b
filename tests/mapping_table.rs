//! `docs/mapping.md`: which field of a provider becomes which field of the domain.
//!
//! Nobody writes it. Each field of each documented answer is changed, and what then changes in the domain came from it.
//! `OBKIT_UPDATE=1 cargo test -p obkit --test mapping_table` writes the file anew.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "mappings/mod.rs"]
mod all;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use all::{MAPPINGS, Mapping, examples};
use serde_json::{Value, json};

const PROVIDERS: [&str; 5] = ["yapily", "fena", "finqlink", "candescent", "wych"];

/// The fields of a domain type, and by provider the fields that they come from.
type Table = BTreeMap<String, BTreeMap<&'static str, BTreeSet<String>>>;

#[test]
fn the_table_of_fields_is_fresh() {
    let text = document();
    let file = format!("{}/docs/mapping.md", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("OBKIT_UPDATE").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    let known = std::fs::read_to_string(&file).unwrap_or_default();
    let line = known.lines().zip(text.lines()).position(|(known, now)| known != now);
    assert!(known == text, "docs/mapping.md is out of date from line {line:?}: run this test with OBKIT_UPDATE=1");
}

fn document() -> String {
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    for mapping in MAPPINGS {
        let (name, prefix) = item((mapping.domain)());
        let table = tables.entry(name).or_default();
        for (field, sources) in fields(mapping, prefix) {
            table.entry(field).or_default().entry(mapping.provider).or_default().extend(sources);
        }
    }
    for table in tables.values_mut() {
        // What is absent in one example and has fields in another has its rows there.
        let parents: Vec<String> = table.keys().filter(|field| has_fields(field, table)).cloned().collect();
        table.retain(|field, sources| !parents.contains(field) || sources.values().any(|fields| !fields.is_empty()));
    }
    let mut text = String::from(
        "# Where the fields of the domain come from\n\n\
         Made from the code, by changing each field of each documented answer and seeing what changes in the domain. A field \
         of a provider stands where it has an influence, so an amount stands beside the direction that its sign gives. \
         An empty cell means that nothing of that provider's examples becomes this field.\n",
    );
    for (name, table) in tables.iter().filter(|(_, table)| !table.is_empty()) {
        let _ = write!(text, "\n## {name}\n\n| field | {} |\n|---|---|---|---|---|---|\n", PROVIDERS.join(" | "));
        for (field, sources) in table {
            let cells = PROVIDERS.map(|provider| {
                let fields = sources.get(provider).into_iter().flatten();
                fields.map(|field| format!("`{field}`")).collect::<Vec<_>>().join(", ")
            });
            let _ = writeln!(text, "| `{field}` | {} |", cells.join(" | "));
        }
    }
    text
}

fn has_fields(field: &str, table: &Table) -> bool {
    table.keys().any(|other| other.strip_prefix(field).is_some_and(|rest| rest.starts_with(['.', '['])))
}

/// The name of what is mapped to, and where it stands in the outcome: `Page<T>` and `Vec<T>` are lists of it.
fn item(rust: &str) -> (String, &'static str) {
    let inner = rust.rsplit('<').next().unwrap().trim_end_matches('>');
    let name = inner.rsplit("::").next().unwrap().to_owned();
    let prefix = match rust {
        list if list.contains("Vec<") => "[].",
        page if page.contains("Page<") => "items[].",
        _ => "",
    };
    (name, prefix)
}

/// The fields of what an operation is mapped to, and what they come from.
fn fields(mapping: &Mapping, prefix: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut fields: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let words = words(mapping.provider);
    for example in examples(mapping.provider, mapping.operation) {
        let Some(Ok(base)) = (mapping.map)(&example.to_string()) else { continue };
        let mut known = BTreeMap::new();
        leaves(&base, String::new(), String::new(), &mut known);
        let own = |path: &str| path.strip_prefix(prefix).filter(|field| !field.is_empty()).map(str::to_owned);
        for (_, path) in known.values() {
            fields.extend(own(path).filter(|field| !fields.contains_key(field)).map(|field| (field, BTreeSet::new())));
        }
        let mut sources = BTreeMap::new();
        leaves(&example, String::new(), String::new(), &mut sources);
        for (pointer, (leaf, source)) in &sources {
            for changed in changes(&example, pointer, leaf, &words) {
                let Some(Ok(value)) = (mapping.map)(&changed.to_string()) else { continue };
                for field in differences(&base, &value).iter().filter_map(|path| own(path)) {
                    fields.entry(field).or_default().insert(source.clone());
                }
            }
        }
    }
    let envelope = envelope(fields.values().flatten());
    for sources in fields.values_mut() {
        *sources = sources.iter().map(|source| source[envelope..].to_owned()).collect();
    }
    fields
}

/// How much all paths begin with, up to a dot.
fn envelope<'p>(mut paths: impl Iterator<Item = &'p String>) -> usize {
    let Some(first) = paths.next() else { return 0 };
    let common = paths.fold(first.len(), |common, path| {
        let same = first.bytes().zip(path.bytes()).take_while(|(a, b)| a == b).count();
        common.min(same)
    });
    first[..common].rfind('.').map_or(0, |dot| dot + 1)
}

/// The scalars of a value, and its empty lists and objects: by pointer, with their path without indices.
fn leaves<'v>(value: &'v Value, pointer: String, path: String, found: &mut BTreeMap<String, (&'v Value, String)>) {
    match value {
        Value::Array(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                leaves(item, format!("{pointer}/{index}"), format!("{path}[]"), found);
            }
        }
        Value::Object(members) if !members.is_empty() => {
            for (name, member) in members {
                let dot = if path.is_empty() { "" } else { "." };
                let token = name.replace('~', "~0").replace('/', "~1");
                leaves(member, format!("{pointer}/{token}"), format!("{path}{dot}{name}"), found);
            }
        }
        leaf => {
            found.insert(pointer, (leaf, path));
        }
    }
}

/// The texts that a provider's examples have, by the names of their fields.
type Words = BTreeMap<String, BTreeSet<String>>;

fn words(provider: &str) -> Words {
    let mut words = Words::new();
    for mapping in MAPPINGS.iter().filter(|mapping| mapping.provider == provider) {
        for example in examples(provider, mapping.operation) {
            let mut found = BTreeMap::new();
            leaves(&example, String::new(), String::new(), &mut found);
            for (pointer, (leaf, _)) in found {
                let name = pointer.rsplit('/').next().unwrap_or_default();
                words.entry(name.to_owned()).or_default().extend(leaf.as_str().map(str::to_owned));
            }
        }
    }
    words
}

/// The example with other values in one place, and without that place.
fn changes(example: &Value, pointer: &str, leaf: &Value, words: &Words) -> Vec<Value> {
    let (owner, name) = pointer.rsplit_once('/').unwrap_or_default();
    let others: Vec<Value> = match leaf {
        Value::String(text) => {
            let shifted: String =
                text.chars().map(|c| c.to_digit(10).and_then(|d| char::from_digit(9 - d, 10)).unwrap_or(c)).collect();
            let other = [shifted, format!("{text}1"), format!("-{text}"), "2031-02-03T04:05:06Z".into(), "AUD".into()];
            other.iter().chain(words.get(name).into_iter().flatten()).map(|word| json!(word)).collect()
        }
        Value::Number(number) => {
            let less = json!(-number.as_f64().unwrap_or_default() - 1.0);
            vec![json!(17), json!(17.31), less]
        }
        Value::Bool(flag) => vec![json!(!flag)],
        _ => Vec::new(),
    };
    let mut changed: Vec<Value> = others
        .into_iter()
        .map(|other| {
            let mut value = example.clone();
            *value.pointer_mut(pointer).unwrap() = other;
            value
        })
        .collect();
    let mut without = example.clone();
    if let Some(Value::Object(members)) = without.pointer_mut(owner) {
        members.remove(&name.replace("~1", "/").replace("~0", "~"));
        changed.push(without);
    }
    changed
}

/// The paths of the leaves that differ.
fn differences(left: &Value, right: &Value) -> BTreeSet<String> {
    let (mut before, mut after) = (BTreeMap::new(), BTreeMap::new());
    leaves(left, String::new(), String::new(), &mut before);
    leaves(right, String::new(), String::new(), &mut after);
    // What came or went as a whole says less than what changed in place.
    let in_place = before.iter().filter(|(pointer, (leaf, _))| after.get(*pointer).is_some_and(|(now, _)| now != leaf));
    in_place.map(|(_, (_, path))| path.clone()).collect()
}
