//! References: where they lead, and what was meant by those that lead nowhere.

use std::borrow::Cow;
use std::convert::Infallible;

use serde_json::Value;

use crate::load::{Document, Fault, escape_token, references};
use crate::note;
use crate::spelling;

/// Percent-decodes a fragment reference into a plain pointer.
pub(crate) fn decode(reference: &str) -> Cow<'_, str> {
    let fragment = reference.strip_prefix('#').unwrap_or(reference);
    if !fragment.contains('%') {
        return fragment.into();
    }
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
    String::from_utf8(bytes).map_or(fragment.into(), Cow::Owned)
}

pub(super) fn local<'d>(document: &'d Document, pointer: &str, reference: &str) -> Result<&'d Value, Fault> {
    let at = format!("{pointer}/$ref");
    let fault = |message: String, remedy: String| document.fault(note::REFERENCE_UNRESOLVED, &at, message, remedy);
    if !reference.starts_with('#') {
        let (why, remedy) = outside(reference);
        return Err(fault(format!("`$ref: {reference}` {why}"), remedy.to_owned()));
    }
    if !matches!(reference.get(1..2), None | Some("/")) && document.at(&decode(reference)).is_none() {
        let name = &reference[1..];
        let message = format!("`$ref: {reference}` points at nothing: no schema has `$anchor: {name}`");
        let remedy = format!("write `#/components/schemas/{name}` for a component; only OpenAPI 3.1 knows anchors");
        return Err(fault(message, remedy));
    }
    if decode(reference).is_empty() {
        let message = format!("`$ref: {reference}` leads to the whole document, which is no part of it");
        return Err(fault(message, "name what is meant, such as `#/components/schemas/A`".to_owned()));
    }
    document.at(&decode(reference)).ok_or_else(|| {
        fault(
            format!("`$ref: {reference}` points at nothing"),
            suggestion(document, reference).map_or_else(
                || "define what it refers to, or correct the reference".to_owned(),
                |name| format!("did you mean `{name}`?"),
            ),
        )
    })
}

/// Said of a reference to a file where only one text is read.
const OTHER_FILE: &str = "leads to another file, and none can be read beside a text";

/// Whether whoever put the files of a document together has said already what is wrong with a reference.
pub(super) fn is_known(document: &Document, fault: &Fault) -> bool {
    let same = |known: &Fault| (&known.error.file, &known.pointer) == (&fault.error.file, &fault.pointer);
    (document.follows_files() && fault.error.message.ends_with(OTHER_FILE)) || document.faults().iter().any(same)
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
        (OTHER_FILE, "load the document from its file, or put it into one file")
    }
}

/// The sibling of a dangling reference that is spelt most like it.
fn suggestion(document: &Document, reference: &str) -> Option<String> {
    let pointer = decode(reference);
    let (parent, name) = pointer.rsplit_once('/')?;
    let candidates = document.at(parent)?.as_object()?;
    spelling::nearest(name, candidates.keys().map(String::as_str)).map(|key| format!("#{parent}/{}", escape_token(key)))
}

/// What is wrong with the references of the document, used or not.
pub(super) fn check_references(document: &Document) -> Vec<Fault> {
    let mut faults = Vec::new();
    let Ok(()) = references::visit(document.root(), &mut |pointer, reference| {
        faults.extend(local(document, pointer, reference).err());
        Ok::<(), Infallible>(())
    });
    faults
}
