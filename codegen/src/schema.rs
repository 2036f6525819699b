//! The keywords of a schema, read as the document's version of OpenAPI and its authors mean them.
//!
//! The dialects of 3.0 and 3.1 say most things in different words (`nullable` and `null` in `type`, boolean and
//! numeric `exclusiveMinimum`, `enum` of one and `const`). Here both are understood wherever they stand, as
//! documents mix them; only where one text means two things does the version decide.

use std::collections::HashMap;

use serde_json::{Map, Number, Value};

use crate::load::{Document, Version, escape_token};
use crate::spec::{decode, is_annotation_keyword};

/// How many references are followed before a chain of them counts as a circle.
const MAX_REFERENCES: usize = 32;

/// Keywords that hold one schema.
const HOLDERS: &[&str] = &[
    "items",
    "additionalProperties",
    "not",
    "contains",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
    "if",
    "then",
    "else",
];

/// Keywords that hold a list of schemas.
const LISTS: &[&str] = &["allOf", "oneOf", "anyOf", "prefixItems"];

/// Keywords that hold schemas by name.
const MAPS: &[&str] = &["properties", "patternProperties", "dependentSchemas", "$defs"];

/// The schemas directly inside a schema, each with its pointer relative to it.
pub(crate) fn children(schema: &Value) -> Vec<(String, &Value)> {
    let mut children = Vec::new();
    for key in MAPS {
        let members = schema.get(*key).and_then(Value::as_object).into_iter().flatten();
        children.extend(members.map(|(name, inner)| (format!("/{key}/{}", escape_token(name)), inner)));
    }
    for key in HOLDERS {
        children.extend(schema.get(*key).map(|inner| (format!("/{key}"), inner)));
    }
    for key in LISTS {
        children.extend(members(schema, key).iter().enumerate().map(|(at, inner)| (format!("/{key}/{at}"), inner)));
    }
    children
}

/// The schemas of a keyword that lists some; none when it is absent.
pub(crate) fn members<'v>(schema: &'v Value, key: &str) -> &'v [Value] {
    schema.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The pointers of the schemas of a keyword that lists some.
pub(crate) fn listed(pointer: &str, schema: &Value, key: &str) -> Vec<String> {
    (0..members(schema, key).len()).map(|index| format!("{pointer}/{key}/{index}")).collect()
}

/// The types that `type` names, beside null.
pub(crate) fn types(schema: &Value) -> Vec<&str> {
    let stated = match schema.get("type") {
        Some(Value::String(one)) => vec![one.as_str()],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    stated.into_iter().filter(|ty| *ty != "null").collect()
}

/// Whether a schema is null and nothing else.
pub(crate) fn is_null(schema: &Value) -> bool {
    let null = |value: &Value| *value == Value::Null;
    let typed = match schema.get("type") {
        Some(Value::String(ty)) => ty == "null",
        Some(Value::Array(several)) => !several.is_empty() && several.iter().all(|ty| ty == "null"),
        _ => false,
    };
    typed
        || schema.get("const").is_some_and(null)
        || (!members(schema, "enum").is_empty() && members(schema, "enum").iter().all(null))
}

/// The values that `enum` or `const` list. An `enum` without any would allow nothing, which nobody means.
pub(crate) fn values(schema: &Value) -> Option<Vec<&Value>> {
    let listed = Some(members(schema, "enum")).filter(|values| !values.is_empty());
    let listed = listed.map(|values| values.iter().collect());
    listed.or_else(|| schema.get("const").map(|value| vec![value]))
}

/// A count: a whole number, which may be written as `1.0` (JSON Schema 2020-12, core, section 4.2.3).
pub(crate) fn count(value: &Value) -> Option<u64> {
    // Up to 2^53 a binary float holds every whole number, and no count comes near it.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let whole = |float: f64| (float.fract() == 0.0 && (0.0..9e15).contains(&float)).then_some(float as u64);
    value.as_u64().or_else(|| value.as_f64().and_then(whole))
}

/// A string keyword.
pub(crate) fn text<'v>(schema: &'v Value, key: &str) -> Option<&'v str> {
    schema.get(key).and_then(Value::as_str)
}

/// A boolean keyword that is absent or false by default.
pub(crate) fn flag(schema: &Value, key: &str) -> bool {
    schema.get(key) == Some(&Value::Bool(true))
}

/// The names under `required`.
pub(crate) fn required(schema: &Value) -> impl Iterator<Item = &str> {
    schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// What a `$ref` refers to, as a pointer.
pub(crate) fn reference(schema: &Value) -> Option<String> {
    text(schema, "$ref").map(|reference| decode(reference).into_owned())
}

/// A schema behind its references, and where it stands.
pub(crate) fn resolved<'d>(document: &'d Document, pointer: &str) -> Option<(String, &'d Value)> {
    const MAX_DEPTH: usize = 32;
    let mut at = pointer.to_owned();
    for _ in 0..MAX_DEPTH {
        let schema = document.at(&at)?;
        let Some(target) = reference(schema) else { return Some((at, schema)) };
        at = target;
    }
    None
}

/// Where the schema stands that this one merely stands for: the target of its `$ref`, or the one
/// member of its `allOf`, `oneOf` or `anyOf` that says more than words or null do.
pub(crate) fn stands_for(document: &Document, pointer: &str, schema: &Value) -> Option<String> {
    match reference(schema) {
        Some(target) => (!narrows_reference(document, schema)).then_some(target),
        None => sole_member(document, pointer, schema),
    }
}

/// Whether what stands beside a `$ref` counts and narrows it: in 3.0 it never counts.
pub(crate) fn narrows_reference(document: &Document, schema: &Value) -> bool {
    const TELLING: &[&str] =
        &["properties", "required", "enum", "const", "allOf", "oneOf", "anyOf", "additionalProperties", "items"];
    let is_reference = schema.get("$ref").is_some();
    is_reference && counts_beside_reference(document) && TELLING.iter().any(|key| schema.get(*key).is_some())
}

/// Whether what stands beside a `$ref` counts.
pub(crate) fn counts_beside_reference(document: &Document) -> bool {
    document.version() >= Version::V3_1
}

fn sole_member(document: &Document, pointer: &str, schema: &Value) -> Option<String> {
    const OWN: &[&str] = &[
        "properties",
        "enum",
        "const",
        "additionalProperties",
        "patternProperties",
        "required",
        "items",
        "prefixItems",
    ];
    if OWN.iter().any(|key| schema.get(*key).is_some()) {
        return None;
    }
    let mut composed = ["allOf", "oneOf", "anyOf"].into_iter().filter(|key| !members(schema, key).is_empty());
    let (Some(key), None) = (composed.next(), composed.next()) else { return None };
    let all = members(schema, key);
    let mut telling = all.iter().enumerate().filter(|(_, member)| match key {
        "allOf" => !is_annotation(member),
        _ => !is_null(member),
    });
    let sole = match (telling.next(), telling.next()) {
        (Some((index, _)), None) => format!("{pointer}/{key}/{index}"),
        (None, _) if all.len() == 1 => format!("{pointer}/{key}/0"),
        _ => return None,
    };
    // What only narrows a type that is stated beside it does not stand in for that type.
    let says_type = || resolved(document, &sole).is_none_or(|(_, sole)| tells(sole));
    (types(schema).is_empty() || says_type()).then_some(sole)
}

/// Whether a schema says what kind of JSON its values are, itself or by what it is composed of. What does not
/// (`required`, `not`, `maxLength`, mere words) only narrows what is said elsewhere.
pub(crate) fn tells(schema: &Value) -> bool {
    const TELLING: &[&str] = &[
        "$ref",
        "type",
        "enum",
        "const",
        "properties",
        "additionalProperties",
        "patternProperties",
        "items",
        "prefixItems",
        "discriminator",
    ];
    let composed = || ["allOf", "oneOf", "anyOf"].into_iter().flat_map(|key| members(schema, key));
    TELLING.iter().any(|key| schema.get(*key).is_some()) || composed().any(tells)
}

/// Whether a schema only adds words to another.
pub(crate) fn is_annotation(schema: &Value) -> bool {
    schema.as_object().is_some_and(|members| members.keys().all(|key| is_annotation_keyword(key)))
}

/// Whether a schema is nothing but a union: of one keyword, with words and a type beside it.
pub(crate) fn is_mere_union(schema: &Value) -> bool {
    let says_less = |key: &str| key == "type" || is_annotation_keyword(key);
    let others = |key: &str| schema.as_object().is_some_and(|members| members.keys().all(|k| k == key || says_less(k)));
    ["oneOf", "anyOf"].into_iter().any(|key| !members(schema, key).is_empty() && others(key))
}

/// Whether null is a value of the schema, of what it stands for, or of one of its alternatives.
pub(crate) fn is_nullable(document: &Document, pointer: &str, schema: &Value) -> bool {
    own_null(schema) == Some(true) || are_nullable(document, &[pointer.to_owned()])
}

/// Whether null is a value of all schemas at once: one of them says so, and no other one that says what values are
/// forbids it.
pub(crate) fn are_nullable(document: &Document, pointers: &[String]) -> bool {
    let mut nulls = Nulls { document, known: HashMap::new() };
    nulls.of_all(pointers.iter().cloned(), 0) == Some(true)
}

/// What schemas say of null: that it is a value, that it is none, or nothing.
struct Nulls<'d> {
    document: &'d Document,
    /// The schemas that were looked at, by pointer; one that is being looked at says nothing.
    known: HashMap<String, Option<bool>>,
}

impl Nulls<'_> {
    fn of(&mut self, pointer: &str, depth: usize) -> Option<bool> {
        if let Some(known) = self.known.get(pointer) {
            return *known;
        }
        let schema = self.document.at(pointer).filter(|_| depth < MAX_REFERENCES)?;
        self.known.insert(pointer.to_owned(), None);
        let found = self.look(pointer, schema, depth + 1);
        self.known.insert(pointer.to_owned(), found);
        found
    }

    fn look(&mut self, pointer: &str, schema: &Value, depth: usize) -> Option<bool> {
        let own = own_null(schema);
        let alternatives = ["oneOf", "anyOf"].into_iter().flat_map(|key| listed(pointer, schema, key));
        let alternatives: Vec<Option<bool>> = match own {
            Some(true) => return own,
            _ => alternatives.map(|at| self.of(&at, depth)).collect(),
        };
        if alternatives.contains(&Some(true)) {
            return Some(true);
        }
        if let Some(target) = stands_for(self.document, pointer, schema) {
            return self.of(&target, depth).or(own);
        }
        let either = alternatives.first().copied().flatten().filter(|_| alternatives.iter().all(Option::is_some));
        let parts = self.of_all(reference(schema).into_iter().chain(listed(pointer, schema, "allOf")), depth);
        both(both(own, either), parts)
    }

    fn of_all(&mut self, pointers: impl IntoIterator<Item = String>, depth: usize) -> Option<bool> {
        pointers.into_iter().fold(None, |said, at| both(said, self.of(&at, depth)))
    }
}

/// What two schemas say of null that hold at once.
fn both(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one && other),
        (one, other) => one.or(other),
    }
}

/// What the keywords of a schema itself, and the words that it takes in, say of null.
fn own_null(schema: &Value) -> Option<bool> {
    let words = members(schema, "allOf").iter().filter(|member| is_annotation(member));
    let types = members(schema, "type");
    let values = values(schema);
    let allows = flag(schema, "nullable")
        || is_null(schema)
        || types.iter().any(|ty| ty == "null")
        || words.into_iter().any(|member| flag(member, "nullable"))
        || values.as_ref().is_some_and(|values| values.contains(&&Value::Null));
    let says = allows || schema.get("type").is_some() || values.is_some();
    says.then_some(allows)
}

/// Whether the values of a schema, or the items and members in them, must not be shown.
pub(crate) fn is_sensitive(document: &Document, pointer: &str, schema: &Value) -> bool {
    let mut at = Some((pointer.to_owned(), schema));
    for _ in 0..MAX_REFERENCES {
        let Some((pointer, schema)) = at else { return false };
        if along(document, &pointer, schema, |schema| flag(schema, "x-sensitive")) {
            return true;
        }
        let inner = ["items", "additionalProperties"].into_iter().find_map(|key| {
            schema.get(key).filter(|inner| inner.is_object()).map(|inner| (format!("{pointer}/{key}"), inner))
        });
        at = inner.or_else(|| {
            let target = stands_for(document, &pointer, schema)?;
            document.at(&target).map(|schema| (target, schema))
        });
    }
    false
}

/// Whether something holds of a schema or of what it stands for.
fn along(document: &Document, pointer: &str, schema: &Value, holds: impl Fn(&Value) -> bool) -> bool {
    let mut at = Some((pointer.to_owned(), schema));
    for _ in 0..MAX_REFERENCES {
        let Some((pointer, schema)) = at else { return false };
        if holds(schema) {
            return true;
        }
        at = stands_for(document, &pointer, schema)
            .and_then(|target| document.at(&target).map(|schema| (target, schema)));
    }
    false
}

/// The least integer that `minimum` and `exclusiveMinimum` allow.
pub(crate) fn least(schema: &Value) -> Option<i128> {
    // An excluded bound steps aside only where it is itself an integer.
    let bound = |bound: Bound, excluded| match bound {
        Bound::Whole(bound) => bound.saturating_add(i128::from(excluded)),
        Bound::Between(below) => below.saturating_add(1),
    };
    strictest(schema, "minimum", "exclusiveMinimum", bound).max()
}

/// The greatest integer that `maximum` and `exclusiveMaximum` allow.
pub(crate) fn greatest(schema: &Value) -> Option<i128> {
    let bound = |bound: Bound, excluded| match bound {
        Bound::Whole(bound) => bound.saturating_sub(i128::from(excluded)),
        Bound::Between(below) => below,
    };
    strictest(schema, "maximum", "exclusiveMaximum", bound).min()
}

/// A bound of integers.
enum Bound {
    Whole(i128),
    /// Between this integer and the next.
    Between(i128),
}

impl Bound {
    /// A bound as its author meant it: tools that know binary floats only write other numbers for the greatest of 64
    /// bits.
    fn of(number: &Number) -> Option<Self> {
        const MAX: i128 = 1 << 63;
        if let Some(exact) = number.as_i128() {
            return Some(Self::Whole(if exact == 9_223_372_036_854_776_000 { MAX - 1 } else { exact }));
        }
        let float = number.as_f64()?;
        // `as` saturates.
        #[allow(clippy::cast_possible_truncation)]
        let below = float.floor() as i128;
        Some(match below {
            MAX => Self::Whole(MAX - 1),
            below if below == 2 * MAX => Self::Whole(2 * MAX - 1),
            below if float.fract() == 0.0 => Self::Whole(below),
            below => Self::Between(below),
        })
    }
}

/// The bounds that a schema states in the words of 3.0 and of 3.1.
fn strictest<'v>(
    schema: &'v Value,
    bound: &str,
    exclusive: &str,
    read: impl Fn(Bound, bool) -> i128 + 'v,
) -> impl Iterator<Item = i128> + 'v {
    let excluded = flag(schema, exclusive);
    let stated = [(schema.get(bound), excluded), (schema.get(exclusive), true)];
    stated.into_iter().filter_map(move |(value, excluded)| {
        let bound = Bound::of(value?.as_number()?)?;
        Some(read(bound, excluded))
    })
}

/// A schema without its words, to tell whether two inline schemas are the same.
pub(crate) fn without_words(schema: &Value) -> Value {
    let Value::Object(members) = schema else { return schema.clone() };
    let mut kept = Map::new();
    for (key, member) in members {
        let member = match (key.as_str(), member) {
            ("description" | "example" | "examples" | "default" | "externalDocs", _) => continue,
            (key, Value::Object(named)) if MAPS.contains(&key) => {
                named.iter().map(|(name, inner)| (name.clone(), without_words(inner))).collect()
            }
            (key, Value::Array(members)) if LISTS.contains(&key) => members.iter().map(without_words).collect(),
            (key, inner) if HOLDERS.contains(&key) => without_words(inner),
            _ => member.clone(),
        };
        kept.insert(key.clone(), member);
    }
    Value::Object(kept)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    fn document(schemas: Value) -> Document {
        let root = json!({ "openapi": "3.0.3", "paths": {}, "components": { "schemas": schemas } });
        Document::parse("a.json", &root.to_string()).unwrap()
    }

    #[test]
    fn a_property_may_be_called_like_a_keyword() {
        let with = json!({ "properties": { "id": {}, "description": { "description": "words" } } });
        assert_eq!(without_words(&with), json!({ "properties": { "id": {}, "description": {} } }));
    }

    #[test]
    fn bounds_are_integers_whatever_way_they_are_written() {
        assert_eq!(least(&json!({ "minimum": 1, "exclusiveMinimum": true })), Some(2));
        assert_eq!(least(&json!({ "minimum": 0.5, "exclusiveMinimum": true })), Some(1));
        assert_eq!(greatest(&json!({ "maximum": 10.0, "exclusiveMaximum": true })), Some(9));
        assert!(greatest(&json!({ "maximum": 1e30 })) > Some(i128::from(u64::MAX)));
        assert_eq!(greatest(&json!({ "minimum": 1 })), None);
        assert_eq!(least(&json!({ "exclusiveMinimum": 3 })), Some(4));
        assert_eq!(greatest(&json!({ "maximum": 9, "exclusiveMaximum": 9.5 })), Some(9));
        assert_eq!(least(&json!({ "exclusiveMinimum": -0.5 })), Some(0));
        assert_eq!(greatest(&json!({ "maximum": -0.5 })), Some(-1));
    }

    #[test]
    fn bounds_are_exact_beyond_binary_floats() {
        let greatest = |bound: Value| greatest(&json!({ "maximum": bound }));
        let (signed, unsigned) = (Some(i128::from(i64::MAX)), Some(i128::from(u64::MAX)));
        assert_eq!(greatest(json!(i64::MAX)), signed);
        assert_eq!(greatest(json!(9_223_372_036_854_775_808_u64)), signed.map(|max| max + 1));
        assert_eq!(greatest(json!(9_223_372_036_854_776_000_u64)), signed, "as tools write it that have floats only");
        assert_eq!(greatest(json!(u64::MAX)), unsigned);
        assert_eq!(greatest(json!(18_446_744_073_709_552_000.0)), unsigned);
        assert_eq!(least(&json!({ "minimum": i64::MIN })), Some(i128::from(i64::MIN)));
        assert_eq!(least(&json!({ "minimum": -9_223_372_036_854_776_000.0 })), Some(i128::from(i64::MIN)));
    }

    #[test]
    fn circles_of_references_end() {
        let document = document(
            json!({ "A": { "$ref": "#/components/schemas/B" }, "B": { "allOf": [{ "$ref": "#/components/schemas/A" }] } }),
        );
        let a = document.at("/components/schemas/A").unwrap();
        assert!(!is_nullable(&document, "/components/schemas/A", a));
        assert!(!is_sensitive(&document, "/components/schemas/A", a));
    }

    #[test]
    fn null_is_a_value_where_one_part_says_so_and_none_forbids_it() {
        let money = json!({ "$ref": "#/components/schemas/Money" });
        let parts = |part: Value| json!({ "allOf": [money, part] });
        for (schema, nullable) in [
            (parts(json!({ "maxLength": 5 })), true),
            (parts(json!({ "type": ["string", "null"], "minLength": 1 })), true),
            (parts(json!({ "type": "string", "minLength": 1 })), false),
            (parts(json!({ "enum": ["a"] })), false),
            (parts(json!({ "oneOf": [{ "type": "string" }, { "type": "integer" }] })), false),
            (parts(json!({ "oneOf": [{ "minLength": 1 }, { "maxLength": 1 }] })), true),
            (json!({ "allOf": [{ "maxLength": 5 }, { "minLength": 5 }] }), false),
        ] {
            let document = document(json!({ "Money": { "type": "string", "nullable": true }, "A": schema }));
            let at = "/components/schemas/A";
            assert_eq!(is_nullable(&document, at, document.at(at).unwrap()), nullable, "{schema}");
        }
    }

    #[test]
    fn sensitivity_is_inherited_from_references_and_items() {
        let document = document(json!({
            "Code": { "type": "string", "enum": ["A"], "x-sensitive": true },
            "Codes": { "type": "array", "items": { "$ref": "#/components/schemas/Code" } },
            "Use": { "allOf": [{ "$ref": "#/components/schemas/Codes" }, { "description": "words" }] },
        }));
        let schema = document.at("/components/schemas/Use").unwrap();
        assert!(is_sensitive(&document, "/components/schemas/Use", schema));
    }
}
