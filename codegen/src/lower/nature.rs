//! What JSON a schema is about, told from the document alone.
//!
//! Which types schemas become depends on one another (a union of texts is a text, a union of objects is
//! not), and schemas may be circular. So the question is answered before any type exists.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;

use crate::load::{Document, escape_token};
use crate::schema::{is_null, listed, members, reference, tells, types, values};

/// How many references are followed before a chain of them counts as a circle.
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
    look(document, pointer, &mut HashMap::new())
}

/// Looks at each schema once, however many ways lead to it; what is still being looked at says nothing.
fn look(document: &Document, pointer: &str, known: &mut HashMap<String, Nature>) -> Nature {
    if let Some(nature) = known.get(pointer) {
        return *nature;
    }
    known.insert(pointer.to_owned(), Nature::Unsaid);
    let found = look_into(document, pointer, known);
    known.insert(pointer.to_owned(), found);
    found
}

fn look_into(document: &Document, pointer: &str, known: &mut HashMap<String, Nature>) -> Nature {
    let Some(schema) = document.at(pointer) else { return Nature::Unsaid };
    if let Some(target) = reference(schema) {
        return look(document, &target, known);
    }
    let mut nature = stated(schema);
    for at in listed(pointer, schema, "allOf") {
        nature = nature.and(look(document, &at, known));
    }
    // `properties` do not forbid a text: they only say what is meant where nothing else does.
    let meant = if nature == Nature::Unsaid { implied(schema) } else { nature };
    for key in ["oneOf", "anyOf"] {
        let telling = telling(document, pointer, schema, key);
        let natures = telling.iter().map(|at| look(document, at, known));
        let either = natures.map(|nature| if nature == Nature::Unsaid { meant } else { nature }).reduce(Nature::or);
        nature = either.map_or(nature, |either| nature.and(either));
    }
    if nature == Nature::Unsaid { meant } else { nature }
}

/// What `type`, or the values that are listed, say.
pub(super) fn stated(schema: &Value) -> Nature {
    if let Some(values) = values(schema) {
        let said = values.into_iter().filter(|value| !value.is_null()).map(Nature::of_value).reduce(Nature::or);
        return said.unwrap_or(Nature::Unsaid);
    }
    types(schema).into_iter().map(Nature::of_type).reduce(Nature::or).unwrap_or(Nature::Unsaid)
}

/// What keywords mean that only make sense for one type.
fn implied(schema: &Value) -> Nature {
    const OBJECT: &[&str] = &["properties", "additionalProperties", "patternProperties"];
    const LIST: &[&str] = &["items", "prefixItems"];
    let has = |keys: &[&str]| keys.iter().any(|key| schema.get(*key).is_some());
    match (has(OBJECT), has(LIST)) {
        (true, _) => Nature::Object,
        (_, true) => Nature::List,
        _ => Nature::Unsaid,
    }
}

/// The alternatives of `oneOf` or `anyOf`, null aside; none where all of them only narrow what is said beside them
/// (`required`, `not`). One that only narrows among others that say what a value is can be anything.
pub(super) fn telling(document: &Document, pointer: &str, schema: &Value, key: &str) -> Vec<String> {
    let places = listed(pointer, schema, key).into_iter().zip(members(schema, key));
    let told = places.filter(|(at, member)| {
        let target = |target: String| document.at(&target).is_some_and(|t| !is_null(t) && *at != target);
        !is_null(member) && reference(member).is_none_or(target)
    });
    let told: Vec<(String, &Value)> = told.collect();
    let tell = told.iter().any(|(_, member)| tells(member));
    told.into_iter().filter(|_| tell).map(|(at, _)| at).collect()
}

/// Whether a schema says nothing of what a value is, so that any JSON may be one.
pub(super) fn is_any(document: &Document, pointer: &str) -> bool {
    document.at(pointer).is_none_or(|schema| !tells(schema))
}

/// The properties of an object, by name, wherever `allOf` and references take them from.
pub(super) fn properties(document: &Document, pointer: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    gather(document, pointer, &mut found, &mut HashSet::new());
    found
}

/// Gathers the properties of a schema, each schema once: its own before those that it takes in.
fn gather(document: &Document, pointer: &str, found: &mut BTreeMap<String, String>, seen: &mut HashSet<String>) {
    let Some(schema) = document.at(pointer).filter(|_| seen.insert(pointer.to_owned())) else { return };
    if let Some(target) = reference(schema) {
        return gather(document, &target, found, seen);
    }
    for name in schema.get("properties").and_then(Value::as_object).into_iter().flat_map(serde_json::Map::keys) {
        let at = format!("{pointer}/properties/{}", escape_token(name));
        // What lists values says more than what does not.
        let says_more = |known: &String| scalars(document, known).is_empty() && !scalars(document, &at).is_empty();
        if found.get(name).is_none_or(says_more) {
            found.insert(name.clone(), at);
        }
    }
    listed(pointer, schema, "allOf").iter().for_each(|at| gather(document, at, found, seen));
}

/// The texts that a schema lists, through references; none if it lists anything else, too.
pub(super) fn texts(document: &Document, pointer: &str) -> Vec<String> {
    let texts = scalars(document, pointer).into_iter().map(|value| value.as_str().map(str::to_owned));
    texts.collect::<Option<_>>().unwrap_or_default()
}

/// The texts, integers, trues and falses that a schema lists, through references; none if it lists anything else
/// beside null.
pub(super) fn scalars(document: &Document, pointer: &str) -> Vec<Value> {
    let mut at = pointer.to_owned();
    for _ in 0..MAX_DEPTH {
        let Some(schema) = document.at(&at) else { break };
        if let Some(values) = values(schema) {
            let listed = values.into_iter().filter(|value| !value.is_null()).map(scalar);
            return listed.collect::<Option<_>>().unwrap_or_default();
        }
        match crate::schema::stands_for(document, &at, schema) {
            Some(target) => at = target,
            None => break,
        }
    }
    Vec::new()
}

/// A value that can tell alternatives apart, in one notation.
fn scalar(value: &Value) -> Option<Value> {
    match value {
        Value::String(_) | Value::Bool(_) => Some(value.clone()),
        Value::Number(number) => {
            // `1.0` is `1`, and no tag is as large as to be rounded.
            #[allow(clippy::cast_possible_truncation)]
            let whole = |float: f64| (float.fract() == 0.0 && float.abs() < 9e15).then_some(float as i64);
            number.as_i64().or_else(|| number.as_f64().and_then(whole)).map(Value::from)
        }
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
