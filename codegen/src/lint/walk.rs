//! The walk over all that the specification has a name for, wherever it stands and references lead.

use std::collections::HashSet;

use serde_json::Value;

use crate::load::shape::{self, Holds, Kind};
use crate::load::{Document, Version, escape_token};
use crate::schema::reference;

/// Calls a function for each part of a document whose kind is known, once, with its kind and its pointer.
pub(super) fn visit<'d>(document: &'d Document, found: &mut impl FnMut(Kind, &str, &'d Value)) {
    let mut open: Vec<(Kind, String, &Value)> = vec![(Kind::Document, String::new(), document.root())];
    let mut seen = HashSet::new();
    while let Some((kind, pointer, value)) = open.pop() {
        if !seen.insert((kind, pointer.clone())) {
            continue;
        }
        found(kind, &pointer, value);
        if let Some(target) = reference(value) {
            open.extend(document.at(&target).map(|value| (kind, target, value)));
        }
        if !is_hidden(document, kind, value) {
            parts(kind, &pointer, value, &mut open);
        }
    }
}

/// Whether a reference hides what stands beside it.
pub(super) fn is_hidden(document: &Document, kind: Kind, value: &Value) -> bool {
    let counts = kind == Kind::PathItem || (kind == Kind::Schema && document.version() >= Version::V3_1);
    !counts && reference(value).is_some()
}

/// The parts directly inside a part.
fn parts<'d>(kind: Kind, pointer: &str, value: &'d Value, open: &mut Vec<(Kind, String, &'d Value)>) {
    for (key, member) in value.as_object().into_iter().flatten() {
        let Some((holds, inner)) = shape::member(kind, key) else { continue };
        let at = if kind == Kind::Callback { escape_token(key) } else { key.into() };
        let at = format!("{pointer}/{at}");
        match (holds, member) {
            (Holds::One, _) => open.push((inner, at, member)),
            (Holds::List, Value::Array(items)) => {
                open.extend(items.iter().enumerate().map(|(index, item)| (inner, format!("{at}/{index}"), item)));
            }
            (Holds::Map | Holds::Extensible, Value::Object(entries)) => {
                let named = entries.iter().filter(|(name, _)| holds == Holds::Map || !name.starts_with("x-"));
                open.extend(named.map(|(name, entry)| (inner, format!("{at}/{}", escape_token(name)), entry)));
            }
            _ => {}
        }
    }
}
