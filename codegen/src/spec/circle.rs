//! Schemas that say nothing but that they are themselves: every value fits them, and nobody can have meant that.

use std::collections::HashSet;

use serde_json::Value;

use super::annotation::is_annotation_keyword;
use super::decode;

/// The circles of schemas that only refer to one another and assert nothing, as far as some schemas lead to them; each once, as the pointers of
/// its schemas, the least first. A schema is found by its pointer.
pub fn circles<'d>(
    starts: impl IntoIterator<Item = String>,
    schema: impl Fn(&str) -> Option<&'d Value>,
) -> Vec<Vec<String>> {
    let step = |at: &str| schema(at).and_then(|schema| target(schema, at));
    let mut circles = Vec::new();
    let mut seen = HashSet::new();
    for start in starts {
        let mut way: Vec<String> = Vec::new();
        let mut next = step(&start).map(|to| (start, to));
        while let Some((at, to)) = next {
            // Most references lead to a schema that asserts something; what leads to an end is in no circle.
            let Some(beyond) = step(&to) else { break };
            if !seen.insert(at.clone()) {
                // Where it was seen on an earlier way, that one was told of.
                circles.extend(way.iter().position(|known| *known == at).map(|begin| from_least(way.split_off(begin))));
                break;
            }
            way.push(at);
            next = Some((to, beyond));
        }
    }
    circles
}

fn from_least(mut circle: Vec<String>) -> Vec<String> {
    let least = (0..circle.len()).min_by_key(|at| &circle[*at]).unwrap_or_default();
    circle.rotate_left(least);
    circle
}

/// Where a schema leads that asserts nothing itself.
fn target(schema: &Value, at: &str) -> Option<String> {
    let mut asserting = schema.as_object()?.iter().filter(|(name, _)| !is_annotation_keyword(name));
    let (Some((keyword, said)), None) = (asserting.next(), asserting.next()) else { return None };
    match (keyword.as_str(), said) {
        ("$ref", Value::String(reference)) => Some(decode(reference).into_owned()),
        ("allOf" | "anyOf" | "oneOf", Value::Array(only)) if only.len() == 1 => Some(format!("{at}/{keyword}/0")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used)]

    use serde_json::json;

    use super::*;

    fn of(document: &Value, starts: &[&str]) -> Vec<Vec<String>> {
        circles(starts.iter().map(ToString::to_string), |at| document.pointer(at))
    }

    #[test]
    fn a_circle_is_told_once_whoever_leads_to_it() {
        let document = json!({
            "a": {"$ref": "#/b", "description": "asserts nothing"},
            "b": {"allOf": [{"$ref": "#/a"}]},
            "c": {"oneOf": [{"$ref": "#/a"}]},
        });
        let expected = [["/a", "/b", "/b/allOf/0"]];
        assert_eq!(of(&document, &["/a", "/b", "/c"]), expected);
        assert_eq!(of(&document, &["/c", "/a"]), expected);
    }

    #[test]
    fn what_asserts_anything_or_ends_is_no_circle() {
        let document = json!({
            "a": {"allOf": [{"$ref": "#/a"}, {"type": "object"}]},
            "b": {"properties": {"b": {"$ref": "#/b"}}},
            "c": {"$ref": "#/d"},
            "d": {"$ref": "#/nowhere"},
        });
        assert_eq!(
            of(&document, &["/a", "/a/allOf/0", "/b", "/b/properties/b", "/c", "/d"]),
            Vec::<Vec<String>>::new()
        );
    }
}
