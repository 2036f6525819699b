//! What stands for a reference to the network: an empty component that takes anything.

use serde_json::{Value, json};

use crate::load::shape::Kind;
use crate::load::version::Dialect;
use crate::load::{escape_token, is_container};

/// The extension that holds the address.
const EXTERNAL: &str = "x-obkit-external";

/// An empty component.
pub(super) fn of(kind: Kind, dialect: Dialect, url: &str) -> Value {
    let anything = || json!({ "application/json": { "schema": {} } });
    let mut value = match kind {
        Kind::Response if dialect == Dialect::Swagger => json!({ "description": "", "schema": {} }),
        Kind::Response => json!({ "description": "", "content": anything() }),
        Kind::RequestBody => json!({ "content": anything() }),
        Kind::Header => json!({ "schema": {} }),
        _ => json!({}),
    };
    value[EXTERNAL] = url.into();
    value
}

/// Where such components stand, and their addresses.
pub(in crate::load) fn placeholders(root: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    visit(root, &mut String::new(), &mut found);
    found
}

fn visit(value: &Value, pointer: &mut String, found: &mut Vec<(String, String)>) {
    let parent = pointer.len();
    match value {
        Value::Object(members) => {
            if let Some(Value::String(url)) = members.get(EXTERNAL) {
                found.push((pointer.clone(), url.clone()));
            }
            for (key, member) in members.iter().filter(|(_, member)| is_container(member)) {
                pointer.push('/');
                pointer.push_str(&escape_token(key));
                visit(member, pointer, found);
                pointer.truncate(parent);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate().filter(|(_, item)| is_container(item)) {
                pointer.push_str(&format!("/{index}"));
                visit(item, pointer, found);
                pointer.truncate(parent);
            }
        }
        _ => {}
    }
}
