//! Inheritance: a schema with a `discriminator` and no alternatives of its own, which other schemas take in by
//! `allOf`.
//!
//! OpenAPI lets such a base stand wherever one of its children is meant, and a value that is none of them. Its type is
//! therefore the union of the children and of itself, and each child is an object that holds the base's members.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Map, Value};

use crate::load::{Document, escape_token, unescape_token};
use crate::schema::{members, reference, text};
use crate::spec::decode;

/// The bases of a document and their children.
#[derive(Clone, Debug, Default)]
pub(super) struct Inheritance {
    children: BTreeMap<String, Vec<String>>,
    /// What takes in a base.
    heirs: HashSet<String>,
}

impl Inheritance {
    pub(super) fn of(document: &Document) -> Self {
        let components = document.at("/components/schemas").and_then(Value::as_object);
        let heirs = heirs(components);
        let mut found = Self::default();
        for (name, schema) in components.into_iter().flatten() {
            let alternatives = ["oneOf", "anyOf"].iter().any(|key| !members(schema, key).is_empty());
            if schema.get("discriminator").is_none() || alternatives {
                continue;
            }
            let base = place(name);
            let mut children = descendants(&heirs, &base);
            let mut known: HashSet<String> = children.iter().chain([&base]).cloned().collect();
            let mapped = mapping(schema).into_iter().map(|(_, target)| target);
            children.extend(mapped.filter(|target| document.at(target).is_some() && known.insert(target.clone())));
            if !children.is_empty() {
                found.heirs.extend(children.iter().cloned());
                found.children.insert(base, children);
            }
        }
        found
    }

    /// The children of the base at a pointer, and theirs.
    pub(super) fn children(&self, pointer: &str) -> Option<&[String]> {
        self.children.get(pointer).map(Vec::as_slice)
    }

    /// What may stand where the base at a pointer is meant: its children, and itself.
    pub(super) fn alternatives(&self, pointer: &str) -> Vec<String> {
        self.children(pointer).into_iter().flatten().cloned().chain([pointer.to_owned()]).collect()
    }

    /// Whether the schema at a pointer takes in a base.
    pub(super) fn is_child(&self, pointer: &str) -> bool {
        self.heirs.contains(pointer)
    }
}

fn place(name: &str) -> String {
    format!("/components/schemas/{}", escape_token(name))
}

/// The components that take in each schema, in the order of the document.
fn heirs(components: Option<&Map<String, Value>>) -> HashMap<String, Vec<String>> {
    let mut heirs: HashMap<String, Vec<String>> = HashMap::new();
    for (name, heir) in components.into_iter().flatten() {
        for parent in members(heir, "allOf").iter().filter_map(reference) {
            heirs.entry(parent).or_default().push(place(name));
        }
    }
    heirs
}

/// The components that take in a base, and those that take in one of these, in the order of the document.
fn descendants(heirs: &HashMap<String, Vec<String>>, base: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut known = HashSet::from([base.to_owned()]);
    let mut open = vec![base];
    while let Some(parent) = open.pop() {
        for heir in heirs.get(parent).into_iter().flatten() {
            if known.insert(heir.clone()) {
                found.push(heir.clone());
                open.push(heir);
            }
        }
    }
    found
}

/// The schemas that stand where a base is meant, so that nothing need refer to them: what takes in a schema with a
/// `discriminator`, and what takes in one of these.
pub(crate) fn heirs_of_bases(document: &Document) -> HashSet<String> {
    let components = document.at("/components/schemas").and_then(Value::as_object);
    let heirs = heirs(components);
    let bases = components.into_iter().flatten().filter(|(_, schema)| schema.get("discriminator").is_some());
    let mut open: Vec<String> = bases.map(|(name, _)| place(name)).collect();
    let mut found = HashSet::new();
    while let Some(parent) = open.pop() {
        let new = heirs.get(&parent).into_iter().flatten().filter(|heir| found.insert((*heir).clone()));
        open.extend(new.cloned());
    }
    found
}

/// The values of a discriminator's `mapping`, each with the schema that it stands for.
pub(crate) fn mapping(schema: &Value) -> Vec<(String, String)> {
    let mapping = schema.get("discriminator").and_then(|d| d.get("mapping")).and_then(Value::as_object);
    let target = |value: &str| match value.contains('#') {
        true => decode(value).into_owned(),
        false => format!("/components/schemas/{}", escape_token(value)),
    };
    let pairs = mapping.into_iter().flatten();
    pairs.filter_map(|(key, value)| value.as_str().map(|value| (key.clone(), target(value)))).collect()
}

/// The member that a discriminator looks at.
pub(super) fn property(schema: &Value) -> Option<&str> {
    schema.get("discriminator").and_then(|discriminator| text(discriminator, "propertyName"))
}

/// The name of a component, which stands for it where a mapping does not say otherwise.
pub(crate) fn component_name(pointer: &str) -> Option<String> {
    let name = pointer.strip_prefix("/components/schemas/").filter(|name| !name.contains('/'))?;
    Some(unescape_token(name).into_owned())
}
