//! Schemas that say nothing but that they are themselves: every value fits them, and nobody can have meant that.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::pointer;

/// Members of a schema that assert nothing.
const ANNOTATIONS: [&str; 9] =
    ["title", "description", "example", "examples", "default", "deprecated", "readOnly", "writeOnly", "$comment"];

/// The circle that a schema leads to by references alone, in words; none where it leads to one that asserts something.
pub(super) fn circle(document: &Value, at: &str) -> Option<String> {
    let mut way = vec![at.to_owned()];
    let mut seen = BTreeSet::from([at.to_owned()]);
    loop {
        let next = next(document, way.last()?)?;
        let is_known = !seen.insert(next.clone());
        way.push(next);
        if is_known {
            return Some(format!("it is nothing but a reference that leads back to itself: {}", way.join(" -> ")));
        }
    }
}

/// Where a schema leads that asserts nothing itself.
fn next(document: &Value, at: &str) -> Option<String> {
    let members = document.pointer(at)?.as_object()?;
    let mut asserting = members.iter().filter(|(name, _)| !is_annotation(name));
    let (Some((keyword, said)), None) = (asserting.next(), asserting.next()) else { return None };
    match (keyword.as_str(), said) {
        ("$ref", Value::String(reference)) => Some(pointer::of_reference(reference)),
        ("allOf" | "anyOf" | "oneOf", Value::Array(only)) if only.len() == 1 => Some(format!("{at}/{keyword}/0")),
        _ => None,
    }
}

fn is_annotation(name: &str) -> bool {
    name.starts_with("x-") || ANNOTATIONS.contains(&name)
}
