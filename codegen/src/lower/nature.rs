//! What JSON a schema is about, told from the document alone.
//!
//! Which types schemas become depends on one another (a union of texts is a text, a union of objects is
//! not), and schemas may be circular. So the question is answered before any type exists.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::load::{Document, escape_token};
use crate::schema::{is_annotation, is_null, listed, members, reference, types, values};

/// How many schemas deep an answer is looked for before it counts as unknown.
const MAX_DEPTH: usize = 32;

/// The kind of JSON that a schema describes, null aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nature {
    /// Text.
    Text,
    /// A number that is an integer.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Bool,
    /// A list.
    List,
    /// An object.
    Object,
    /// Several of these.
    Mixed,
    /// The schema does not say.
    Unsaid,
}

impl Nature {
    fn of_type(name: &str) -> Self {
        match name {
            "string" => Self::Text,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "boolean" => Self::Bool,
            "array" => Self::List,
            "object" => Self::Object,
            _ => Self::Unsaid,
        }
    }

    fn of_value(value: &Value) -> Self {
        match value {
            Value::Null => Self::Unsaid,
            Value::Bool(_) => Self::Bool,
            Value::Number(number) if number.is_f64() => Self::Number,
            Value::Number(_) => Self::Integer,
            Value::String(_) => Self::Text,
            Value::Array(_) => Self::List,
            Value::Object(_) => Self::Object,
        }
    }

    /// Of one of two.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (a, b) if a == b => a,
            (Self::Integer, Self::Number) | (Self::Number, Self::Integer) => Self::Number,
            _ => Self::Mixed,
        }
    }

    /// Of both at once.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unsaid, other) | (other, Self::Unsaid) | (Self::Mixed, other) | (other, Self::Mixed) => other,
            (Self::Integer, Self::Number) | (Self::Number, Self::Integer) => Self::Integer,
            (a, b) if a == b => a,
            _ => Self::Mixed,
        }
    }
}

/// The nature of the schema at a pointer.
pub(super) fn nature(document: &Document, pointer: &str) -> Nature {
    look(document, pointer, 0)
}

fn look(document: &Document, pointer: &str, depth: usize) -> Nature {
    let Some(schema) = document.at(pointer).filter(|_| depth < MAX_DEPTH) else { return Nature::Unsaid };
    if let Some(target) = reference(schema) {
        return look(document, &target, depth + 1);
    }
    let own = own(schema);
    let all = listed(pointer, schema, "allOf");
    let composed = all.iter().map(|at| look(document, at, depth + 1)).fold(own, Nature::and);
    ["oneOf", "anyOf"].into_iter().fold(composed, |so_far, key| {
        let telling = telling(document, pointer, schema, key);
        let either = telling.iter().map(|at| look(document, at, depth + 1)).reduce(Nature::or);
        either.map_or(so_far, |either| so_far.and(either))
    })
}

/// What the keywords of a schema itself say.
fn own(schema: &Value) -> Nature {
    if let Some(values) = values(schema) {
        let said = values.into_iter().filter(|value| !value.is_null()).map(Nature::of_value).reduce(Nature::or);
        return said.unwrap_or(Nature::Unsaid);
    }
    if let Some(said) = types(schema).into_iter().map(Nature::of_type).reduce(Nature::or) {
        return said;
    }
    const OBJECT: &[&str] = &["properties", "additionalProperties", "patternProperties"];
    const LIST: &[&str] = &["items", "prefixItems"];
    let has = |keys: &[&str]| keys.iter().any(|key| schema.get(*key).is_some());
    match (has(OBJECT), has(LIST)) {
        (true, _) => Nature::Object,
        (_, true) => Nature::List,
        _ => Nature::Unsaid,
    }
}

/// The alternatives of `oneOf` or `anyOf` that say what a value is. Those that only narrow what is said
/// beside them (`required`, `not`) and null are left out.
pub(super) fn telling(document: &Document, pointer: &str, schema: &Value, key: &str) -> Vec<String> {
    let only_narrows = |member: &Value| {
        const NARROWING: &[&str] = &["required", "not", "minProperties", "maxProperties", "if", "then", "else"];
        let narrows = |keys: &serde_json::Map<String, Value>| {
            !keys.is_empty() && keys.keys().all(|key| NARROWING.contains(&key.as_str()))
        };
        member.as_object().is_some_and(narrows)
    };
    let places = listed(pointer, schema, key).into_iter().zip(members(schema, key));
    let told = places.filter(|(at, member)| {
        !is_null(member)
            && !only_narrows(member)
            && reference(member).is_none_or(|target| document.at(&target).is_some_and(|t| !is_null(t) && *at != target))
    });
    told.map(|(at, _)| at).collect()
}

/// Whether a schema says nothing at all, so that any JSON is a value of it.
pub(super) fn is_any(document: &Document, pointer: &str) -> bool {
    match document.at(pointer) {
        Some(Value::Bool(_)) | None => true,
        Some(schema) => is_annotation(schema),
    }
}

/// The properties of an object, by name, wherever `allOf` and references take them from.
pub(super) fn properties(document: &Document, pointer: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    gather(document, pointer, &mut found, 0);
    found
}

fn gather(document: &Document, pointer: &str, found: &mut BTreeMap<String, String>, depth: usize) {
    let Some(schema) = document.at(pointer).filter(|_| depth < MAX_DEPTH) else { return };
    if let Some(target) = reference(schema) {
        return gather(document, &target, found, depth + 1);
    }
    for name in schema.get("properties").and_then(Value::as_object).into_iter().flat_map(serde_json::Map::keys) {
        found.insert(name.clone(), format!("{pointer}/properties/{}", escape_token(name)));
    }
    let mut inherited = BTreeMap::new();
    listed(pointer, schema, "allOf").iter().for_each(|at| gather(document, at, &mut inherited, depth + 1));
    for (name, at) in inherited {
        // What lists values says more than what does not.
        let says_more = found.get(&name).is_none_or(|known| texts(document, known).is_empty());
        if says_more && (!found.contains_key(&name) || !texts(document, &at).is_empty()) {
            found.insert(name, at);
        }
    }
}

/// The texts that a schema lists, through references; none if it lists anything else, too.
pub(super) fn texts(document: &Document, pointer: &str) -> Vec<String> {
    let mut at = pointer.to_owned();
    for _ in 0..MAX_DEPTH {
        let Some(schema) = document.at(&at) else { break };
        if let Some(values) = values(schema) {
            let texts: Vec<String> = values.iter().filter_map(|v| v.as_str()).map(str::to_owned).collect();
            return if texts.len() == values.iter().filter(|v| !v.is_null()).count() { texts } else { Vec::new() };
        }
        match crate::schema::stands_for(document, &at, schema) {
            Some(target) => at = target,
            None => break,
        }
    }
    Vec::new()
}
