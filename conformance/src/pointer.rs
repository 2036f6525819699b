//! JSON pointers and the references that carry them.

use obkit_codegen::Document;
use obkit_codegen::load::unescape_token;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Map, Value};

/// What a URI fragment may hold unencoded (RFC 3986, section 3.5).
const FRAGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'~')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'$')
    .remove(b'+')
    .remove(b',');

const MAX_REFERENCES: usize = 32;

/// A pointer without the `#` it may be written with.
pub(crate) fn plain(pointer: &str) -> &str {
    pointer.strip_prefix('#').unwrap_or(pointer)
}

/// The pointer that a local reference carries.
pub(crate) fn of_reference(reference: &str) -> String {
    percent_decode_str(plain(reference)).decode_utf8_lossy().into_owned()
}

/// A local reference that carries a pointer.
pub(crate) fn reference(pointer: &str) -> String {
    format!("#{}", utf8_percent_encode(pointer, FRAGMENT))
}

/// Follows the `$ref`s of a schema; none when they lead nowhere or in a circle.
pub(crate) fn resolved<'d>(document: &'d Document, mut schema: &'d Value) -> Option<&'d Value> {
    for _ in 0..MAX_REFERENCES {
        match schema.get("$ref").and_then(Value::as_str) {
            Some(reference) => schema = document.at(&of_reference(reference))?,
            None => return Some(schema),
        }
    }
    None
}

/// Where the `$ref`s of the schema at a pointer lead.
pub(crate) fn resolved_pointer(document: &Document, pointer: &str) -> Option<String> {
    let mut pointer = plain(pointer).to_owned();
    for _ in 0..MAX_REFERENCES {
        match document.at(&pointer)?.get("$ref").and_then(Value::as_str) {
            Some(reference) => pointer = of_reference(reference),
            None => return Some(pointer),
        }
    }
    None
}

/// Puts a value into a document that is still growing; what is missing on the way is made of the
/// same kind as in the source.
pub(crate) fn graft(document: &mut Value, source: &Value, pointer: &str, value: Value) {
    let (mut slot, mut model) = (document, Some(source));
    for token in pointer.split('/').skip(1) {
        let token = unescape_token(token);
        if let Some(Value::Array(items)) = model {
            let index: usize = token.parse().unwrap_or_default();
            if !slot.is_array() {
                *slot = Value::Array(vec![Value::Null; items.len()]);
            }
            model = items.get(index);
            slot = &mut slot[index];
        } else {
            if !slot.is_object() {
                *slot = Value::Object(Map::new());
            }
            model = model.and_then(|model| model.get(&*token));
            slot = &mut slot[&*token];
        }
    }
    *slot = value;
}

/// An instance pointer with array indexes as `*`, so that the same fault in the next element is
/// the same fault.
pub(crate) fn generalized(pointer: &str) -> String {
    let general = |token: &str| {
        let index = !token.is_empty() && token.bytes().all(|b| b.is_ascii_digit());
        if index { "*".to_owned() } else { token.to_owned() }
    };
    pointer.split('/').map(general).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use serde_json::json;

    use super::*;

    #[test]
    fn a_reference_survives_its_encoding() {
        for pointer in ["/paths/~1a~1{id}/get", "/components/schemas/Ä b%2F", ""] {
            assert_eq!(of_reference(&reference(pointer)), pointer);
        }
        assert_eq!(reference("/paths/~1{id}"), "#/paths/~1%7Bid%7D");
    }

    #[test]
    fn a_graft_keeps_the_kinds_of_its_source() {
        let source = json!({"a": {"b": [{}, {"c": {}}]}});
        let mut document = json!({});
        graft(&mut document, &source, "/a/b/1/c", json!(true));
        assert_eq!(document, json!({"a": {"b": [null, {"c": true}]}}));
    }

    #[test]
    fn indexes_are_generalized() {
        assert_eq!(generalized("/data/0/items/12/id"), "/data/*/items/*/id");
    }
}
