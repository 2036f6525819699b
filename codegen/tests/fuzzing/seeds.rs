//! The documents that cases are made from: the providers' specs and the fixtures.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use obkit_codegen::Document;
use obkit_codegen::load::{escape_token, unescape_token};
use proptest::sample::Index;
use serde_json::{Map, Value};

pub(crate) struct Seeds(Vec<Seed>);

pub(crate) struct Seed {
    pub(crate) text: String,
    root: Value,
}

impl Seeds {
    pub(crate) fn load() -> Self {
        let codegen = Path::new(env!("CARGO_MANIFEST_DIR"));
        let fixtures = files(&codegen.join("tests/specs"));
        let providers = files(&codegen.join("../specs")).into_iter().map(|folder| folder.join("openapi.yaml"));
        let seed = |file: PathBuf| {
            let text = std::fs::read_to_string(&file).unwrap();
            let root =
                Document::survey_text(&file, &text, &[]).unwrap_or_else(|error| panic!("{error}")).root().clone();
            Seed { text, root }
        };
        Self(fixtures.into_iter().chain(providers.filter(|file| file.exists())).map(seed).collect())
    }

    /// One of them.
    pub(crate) fn pick(&self, index: Index) -> &Seed {
        index.get(&self.0)
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

impl Seed {
    /// The document with these of its paths only, and the components that they need.
    pub(crate) fn pruned(&self, keep: &[Index]) -> Value {
        let mut root = self.root.clone();
        let Some(paths) = self.root["paths"].as_object().filter(|paths| paths.len() > keep.len()) else { return root };
        let kept: BTreeSet<&String> =
            keep.iter().map(|index| index.get(&paths.keys().collect::<Vec<_>>()).to_owned()).collect();
        root["paths"].as_object_mut().unwrap().retain(|path, _| kept.contains(path));
        let mut used = BTreeSet::new();
        references(&root["paths"], &self.root, &mut used);
        for (kind, components) in root["components"].as_object_mut().into_iter().flatten() {
            let prefix = format!("#/components/{kind}/");
            if let Some(components) = components.as_object_mut().filter(|_| kind != "securitySchemes") {
                retain(components, |name| used.contains(&format!("{prefix}{}", escape_token(name))));
            }
        }
        root
    }
}

fn retain(members: &mut Map<String, Value>, keep: impl Fn(&str) -> bool) {
    members.retain(|name, _| keep(name));
}

/// What a part of a document refers to, directly or not.
fn references(part: &Value, root: &Value, used: &mut BTreeSet<String>) {
    match part {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref")
                && used.insert(reference.clone())
                && let Some(target) = reference.strip_prefix('#').and_then(|pointer| root.pointer(pointer))
            {
                references(target, root, used);
            }
            members.values().for_each(|member| references(member, root, used));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, root, used)),
        _ => {}
    }
}

/// The pointers of all nodes.
pub(crate) fn pointers(value: &Value) -> Vec<String> {
    fn walk(value: &Value, at: &str, all: &mut Vec<String>) {
        all.push(at.to_owned());
        match value {
            Value::Object(members) => {
                members.iter().for_each(|(key, member)| walk(member, &format!("{at}/{}", escape_token(key)), all));
            }
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(index, item)| walk(item, &format!("{at}/{index}"), all));
            }
            _ => {}
        }
    }
    let mut all = Vec::new();
    walk(value, "", &mut all);
    all
}

/// Takes a node out of its parent.
pub(crate) fn remove(root: &mut Value, pointer: &str) {
    let Some((parent, key)) = pointer.rsplit_once('/') else { return };
    match root.pointer_mut(parent) {
        Some(Value::Object(members)) => {
            members.shift_remove(&*unescape_token(key));
        }
        Some(Value::Array(items)) => {
            items.remove(key.parse().unwrap());
        }
        _ => {}
    }
}
