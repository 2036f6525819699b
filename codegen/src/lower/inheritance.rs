//! Inheritance: a schema with a `discriminator` and no alternatives of its own, which other schemas take in by
//! `allOf`.
//!
//! OpenAPI lets such a base stand wherever one of its children is meant, and a value that is none of them. Its type is
//! therefore the union of the children and of itself, and each child is an object that holds the base's members.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use crate::load::{Document, escape_token, unescape_token};
use crate::schema::{members, reference, text};
use crate::spec::decode;

/// The bases of a document and their children.
#[derive(Clone, Debug, Default)]
pub(super) struct Inheritance {
    children: BTreeMap<String, Vec<String>>,
    bases: HashMap<String, String>,
}

impl Inheritance {
    pub(super) fn of(document: &Document) -> Self {
        let components = document.at("/components/schemas").and_then(Value::as_object);
        let place = |name: &str| format!("/components/schemas/{}", escape_token(name));
        let mut found = Self::default();
        for (name, schema) in components.into_iter().flatten() {
            let alternatives = ["oneOf", "anyOf"].iter().any(|key| !members(schema, key).is_empty());
            if schema.get("discriminator").is_none() || alternatives {
                continue;
            }
            let base = place(name);
            let mut children = descendants(components, &base);
            for (_, target) in mapping(schema) {
                if target != base && document.at(&target).is_some() && !children.contains(&target) {
                    children.push(target);
                }
            }
            if !children.is_empty() {
                found.bases.extend(children.iter().map(|child| (child.clone(), base.clone())));
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
        self.bases.contains_key(pointer)
    }
}

/// The components that take in a base, and those that take in one of these, in the order of the document.
fn descendants(components: Option<&Map<String, Value>>, base: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut open = vec![base.to_owned()];
    while let Some(parent) = open.pop() {
        for (name, heir) in components.into_iter().flatten() {
            let at = format!("/components/schemas/{}", escape_token(name));
            let takes_in = members(heir, "allOf").iter().any(|member| reference(member).as_ref() == Some(&parent));
            if takes_in && at != base && !found.contains(&at) {
                found.push(at.clone());
                open.push(at);
            }
        }
    }
    found
}

/// The values of a discriminator's `mapping`, each with the schema that it stands for.
pub(crate) fn mapping(schema: &Value) -> Vec<(String, String)> {
    let mapping = schema.get("discriminator").and_then(|d| d.get("mapping")).and_then(Value::as_object);
    let target = |value: &str| match value.contains('#') {
        true => decode(value),
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
pub(super) fn component_name(pointer: &str) -> Option<String> {
    pointer.strip_prefix("/components/schemas/").filter(|name| !name.contains('/')).map(unescape_token)
}
