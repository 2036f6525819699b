//! What JSON a schema is about, told from the document alone.
//!
//! Which types schemas become depends on one another (a union of texts is a text, a union of objects is
//! not), and schemas may be circular. So the question is answered before any type exists.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::Value;

use super::alternatives::alternatives_of;
use super::schemas::Schemas;
use crate::load::{Document, escape_token};
use crate::schema::{is_null, listed, members, reference, tells, types, values};

/// How many references are followed before a chain of them counts as a circle.
const MAX_DEPTH: usize = 32;

/// The kind of JSON that a schema describes, null aside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    #[default]
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
pub(super) fn nature(schemas: &Schemas<'_>, pointer: &str) -> Nature {
    let open = |at: &str| {
        let made = Made::of(schemas, at);
        let parts = made.both.iter().chain(made.either.iter().flatten()).cloned().collect();
        (made, parts)
    };
    schemas.natures.of(pointer, open, Made::nature).unwrap_or(Nature::Unsaid)
}

/// What a schema is made of, as far as it says what JSON it is about.
#[derive(Default)]
struct Made {
    /// By `type`, or by the values that are listed.
    stated: Nature,
    /// By keywords that are about objects or lists.
    implied: Nature,
    both: Vec<String>,
    /// By keyword.
    either: Vec<Vec<String>>,
}

impl Made {
    fn of(schemas: &Schemas<'_>, pointer: &str) -> Self {
        let Some(schema) = schemas.at(pointer) else { return Self::default() };
        if let Some(target) = reference(schema) {
            return Self { both: vec![target], ..Self::default() };
        }
        let either = alternatives_of(schemas, pointer, schema);
        Self { stated: stated(schema), implied: implied(schema), both: listed(pointer, schema, "allOf"), either }
    }

    /// Of the natures of its parts; of what it is itself within, there is none.
    fn nature(self, parts: Vec<Option<Nature>>) -> Nature {
        let mut parts = parts.into_iter().map(|part| part.unwrap_or(Nature::Unsaid));
        let both = parts.by_ref().take(self.both.len()).fold(self.stated, Nature::and);
        // `properties` do not forbid a text: they only say what is meant where nothing else does.
        let meant = if both == Nature::Unsaid { self.implied } else { both };
        let told = |nature| if nature == Nature::Unsaid { meant } else { nature };
        let either =
            self.either.iter().filter_map(|either| parts.by_ref().take(either.len()).map(told).reduce(Nature::or));
        told(either.fold(both, Nature::and))
    }
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

/// The properties of an object, by name, wherever `allOf` and references take them from: its own before those that it
/// takes in.
pub(super) fn properties(schemas: &Schemas<'_>, pointer: &str) -> Rc<BTreeMap<String, String>> {
    let open = |at: &str| {
        let Some(schema) = schemas.at(at) else { return (BTreeMap::new(), Vec::new()) };
        if let Some(target) = reference(schema) {
            return (BTreeMap::new(), vec![target]);
        }
        let names = schema.get("properties").and_then(Value::as_object).into_iter().flat_map(serde_json::Map::keys);
        let own = names.map(|name| (name.clone(), format!("{at}/properties/{}", escape_token(name))));
        (own.collect(), listed(at, schema, "allOf"))
    };
    let close = |own: BTreeMap<String, String>, parts: Vec<Option<Rc<BTreeMap<String, String>>>>| {
        let mut parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
        // What adds nothing has the properties of its first part, and not a copy of them.
        let all = if own.is_empty() { parts.next().unwrap_or_default() } else { Rc::new(own) };
        parts.fold(all, |mut all, part| {
            take_in(schemas, Rc::make_mut(&mut all), &part);
            all
        })
    };
    schemas.properties.of(pointer, open, close).unwrap_or_default()
}

/// Adds the properties of a part to those of an object. What lists values says more than what does not.
fn take_in(document: &Document, all: &mut BTreeMap<String, String>, part: &BTreeMap<String, String>) {
    for (name, at) in part {
        let says_more = |known: &String| scalars(document, known).is_empty() && !scalars(document, at).is_empty();
        if all.get(name).is_none_or(|known| known != at && says_more(known)) {
            all.insert(name.clone(), at.clone());
        }
    }
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
