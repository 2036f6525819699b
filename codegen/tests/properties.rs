//! No document, however broken, makes the generator panic; and every place in one is known.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod fixtures;

use obkit_codegen::load::escape_token;
use obkit_codegen::{Document, GenerateError, LoadError, Spec, lint};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A document that has a bit of everything.
fn seeds() -> Vec<Value> {
    [
        "all_of",
        "bodies",
        "constraints",
        "media_types",
        "names",
        "nullable",
        "parameters",
        "request_bodies",
        "same_names",
        "styles",
        "recursion",
        "security",
        "unions",
    ]
    .iter()
    .map(|name| fixtures::read(name, &fixtures::text(name)).document().root().clone())
    .collect()
}

/// Reads a document and, if it can be read, does all that can be done with it.
fn run(text: &str) -> Result<(), LoadError> {
    let spec = Spec::survey(Document::survey_text("mutated", text, &[])?);
    let notes = lint(&spec);
    assert!(notes.iter().all(|note| note.line >= 1 && note.column >= 1), "{notes:?}");
    match fixtures::crate_of("mutated", &spec) {
        Ok(_) | Err(GenerateError::Load(_)) => {}
        Err(GenerateError::Lint { errors, .. }) => assert!(!errors.is_empty()),
        Err(error) => panic!("{error}\n{text}"),
    }
    Ok(())
}

fn edit(text: &str, edits: &[(prop::sample::Index, u8, bool)]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for (index, byte, insert) in edits {
        let at = index.index(bytes.len());
        if *insert {
            bytes.insert(at, *byte);
        } else {
            bytes[at] = *byte;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn edits() -> impl Strategy<Value = Vec<(prop::sample::Index, u8, bool)>> {
    let telling = prop::sample::select(b"{}[]:,-'\"#&*|>?!%@\n \t0~<\\a\x00\xff".to_vec());
    vec((any::<prop::sample::Index>(), telling, any::<bool>()), 1..6)
}

/// The pointers of all nodes.
fn pointers(value: &Value, at: &str, all: &mut Vec<String>) {
    all.push(at.to_owned());
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(key, member)| pointers(member, &format!("{at}/{}", escape_token(key)), all));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| pointers(item, &format!("{at}/{index}"), all));
        }
        _ => {}
    }
}

fn remove(root: &mut Value, pointer: &str) {
    let Some((parent, key)) = pointer.rsplit_once('/') else { return };
    match root.pointer_mut(parent) {
        Some(Value::Object(members)) => {
            members.shift_remove(&*obkit_codegen::load::unescape_token(key));
        }
        Some(Value::Array(items)) => {
            items.remove(key.parse().unwrap());
        }
        _ => {}
    }
}

/// What a node is replaced by: the values that are likely to be wrong there.
fn replacement(root: &Value, choice: usize, other: &str) -> Value {
    match choice {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(-1),
        3 => json!(1.5e300),
        4 => json!(""),
        5 => json!("é/{x"),
        6 => json!([]),
        7 => json!({}),
        8 => json!({ "$ref": format!("#{other}") }),
        9 => json!(["a", 1, null]),
        _ => root.pointer(other).cloned().unwrap_or_default(),
    }
}

fn json_value() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        "[ -~]{0,12}",
        "\\PC{0,6}",
        prop::sample::select(vec![
            "<<", "~", "null", "-0", "0x1F", "1e3", ".5", "yes", "- a", "a: b", "# c", "&a", "*a", "", "/", "~1"
        ])
        .prop_map(str::to_owned),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1e15..1e15).prop_map(Value::from),
        text.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            btree_map(text.clone(), inner, 0..5).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}") {
        let _ = run(&text);
        let _ = run(&format!("{{{text}"));
    }

    #[test]
    fn a_document_with_edited_bytes_is_read_or_refused_with_its_place(edits in edits()) {
        let yaml = fixtures::text("several_successes");
        let json = serde_json::to_string(fixtures::read("json", &yaml).document().root()).unwrap();
        for text in [edit(&yaml, &edits), edit(&json, &edits)] {
            if let Err(error) = run(&text) {
                // What is empty has no places.
                prop_assert!(error.position.is_some() || error.message == "is empty", "{error}");
                prop_assert!(!error.remedy.is_empty());
            }
        }
    }

    #[test]
    fn a_document_with_other_nodes_is_generated_or_refused_with_its_place(
        seed in any::<prop::sample::Index>(),
        edits in vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..14_usize), 1..4),
    ) {
        let mut root = seeds().swap_remove(seed.index(13));
        for (at, other, choice) in &edits {
            let mut all = Vec::new();
            pointers(&root, "", &mut all);
            let at = &all[at.index(all.len())];
            let value = replacement(&root, *choice, &all[other.index(all.len())]);
            if *choice >= 12 {
                remove(&mut root, at);
            } else if let Some(node) = root.pointer_mut(at) {
                *node = value;
            }
        }
        // A node may have been put into itself some times over.
        prop_assume!(root.to_string().len() < 200_000);
        if let Err(error) = run(&root.to_string()) {
            prop_assert!(error.position.is_some(), "{error}");
        }
    }

    #[test]
    fn every_place_is_known_and_both_syntaxes_agree(value in json_value()) {
        let root = json!({ "openapi": "3.0.3", "paths": {}, "x-value": value });
        let text = serde_json::to_string_pretty(&root).unwrap();
        let json = Document::parse("a.json", &text).unwrap();
        // Pretty JSON is YAML, too; the leading comment makes it be read as that.
        let yaml = Document::parse("a.yaml", &format!("# YAML\n{text}")).unwrap();
        prop_assert_eq!(json.root(), &root);
        prop_assert_eq!(yaml.root(), &root);
        let mut all = Vec::new();
        pointers(&root, "", &mut all);
        for pointer in all {
            let (json, yaml) = (json.position(&pointer).unwrap(), yaml.position(&pointer).unwrap());
            prop_assert_eq!((json.line + 1, json.column), (yaml.line, yaml.column), "{}", pointer);
        }
    }
}
