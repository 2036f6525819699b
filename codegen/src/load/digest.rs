//! The hash of what can be generated from a document.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// SHA-256 of a document's JSON in the author's order, without examples.
pub(super) fn sha256(root: &Value) -> String {
    format!("{:x}", Sha256::digest(without_examples(root, false).to_string()))
}

/// A document without its examples; what an author has named `example` is not one.
fn without_examples(value: &Value, named_by_author: bool) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(key, _)| named_by_author || !matches!(key.as_str(), "example" | "examples"))
            .map(|(key, member)| {
                let names = matches!(key.as_str(), "properties" | "schemas" | "headers" | "parameters" | "responses");
                (key.clone(), without_examples(member, names && !named_by_author))
            })
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(|item| without_examples(item, false)).collect(),
        other => other.clone(),
    }
}
