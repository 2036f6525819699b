//! References: where they lead, and what was meant by those that lead nowhere.

use serde_json::Value;

use crate::load::{Document, LoadError, escape_token, references};
use crate::spelling;

/// Percent-decodes a fragment reference into a plain pointer.
pub(crate) fn decode(reference: &str) -> String {
    let fragment = reference.strip_prefix('#').unwrap_or(reference);
    let mut bytes = Vec::with_capacity(fragment.len());
    let mut rest = fragment.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match (first, escaped.and_then(|hex| u8::from_str_radix(hex, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| fragment.to_owned())
}

pub(super) fn local<'d>(document: &'d Document, pointer: &str, reference: &str) -> Result<&'d Value, LoadError> {
    let at = format!("{pointer}/$ref");
    if !reference.starts_with('#') {
        let (why, remedy) = outside(reference);
        return Err(document.error(&at, format!("`$ref: {reference}` {why}"), remedy));
    }
    if !matches!(reference.get(1..2), None | Some("/")) && document.at(&decode(reference)).is_none() {
        let name = &reference[1..];
        let message = format!("`$ref: {reference}` points at nothing: no schema has `$anchor: {name}`");
        let remedy = format!("write `#/components/schemas/{name}` for a component; only OpenAPI 3.1 knows anchors");
        return Err(document.error(&at, message, remedy));
    }
    document.at(&decode(reference)).ok_or_else(|| {
        document.error(
            &at,
            format!("`$ref: {reference}` points at nothing"),
            suggestion(document, reference).map_or_else(
                || "define what it refers to, or correct the reference".to_owned(),
                |name| format!("did you mean `{name}`?"),
            ),
        )
    })
}

/// Why a reference to something outside of the document was not followed, and what to do about it.
fn outside(reference: &str) -> (&'static str, &'static str) {
    const RELATIVE: &str = "name the file by its path relative to the file that refers to it, such as `schemas/a.yaml`";
    let scheme = reference.split_once(':').map_or("", |(scheme, _)| scheme);
    let is_scheme = scheme.len() > 1 && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    if reference.is_empty() {
        ("is empty", "name what is meant, such as `#/components/schemas/A`")
    } else if scheme.eq_ignore_ascii_case("file") || reference.starts_with(['/', '\\']) || scheme.len() == 1 {
        ("is an absolute path, which leads elsewhere on each machine", RELATIVE)
    } else if is_scheme {
        (
            "is an address that no schema of the document has as its `$id`",
            "refer to a component, or to a file by its path",
        )
    } else {
        (
            "leads to another file, and none can be read beside a text",
            "load the document from its file, or put it into one file",
        )
    }
}

/// The sibling of a dangling reference that is spelt most like it.
fn suggestion(document: &Document, reference: &str) -> Option<String> {
    let pointer = decode(reference);
    let (parent, name) = pointer.rsplit_once('/')?;
    let candidates = document.at(parent)?.as_object()?;
    spelling::nearest(name, candidates.keys().map(String::as_str)).map(|key| format!("#{parent}/{}", escape_token(key)))
}

/// Checks every reference of the document, used or not.
pub(super) fn check_references(document: &Document) -> Result<(), LoadError> {
    references::visit(document.root(), &mut |pointer, reference| local(document, pointer, reference).map(|_| ()))
}
