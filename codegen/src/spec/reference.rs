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
        return Err(document.error(
            &at,
            format!("`$ref: {reference}` leaves the document"),
            "refer to a file by its path, relative to the file that does, and load the document from its file",
        ));
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
