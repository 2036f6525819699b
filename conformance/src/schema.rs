//! OpenAPI 3.0 Schema Objects turned into JSON Schema 2020-12.
//!
//! The two are alike enough to be confused and different enough for that to matter: `nullable`,
//! boolean `exclusiveMinimum`, `$ref` that hides its siblings, and `readOnly` that changes what
//! `required` means with the direction. A document is lowered once for each [`Direction`], in
//! place: a schema is found under the pointer it has in the source.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use obkit_codegen::Document;
use obkit_codegen::load::escape_token;
use serde_json::{Map, Value, json};

use crate::format::{self, Meaning};
use crate::{pointer, positions, readonly};

/// Which way a payload travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// To the provider: `readOnly` properties need not be there.
    Request,
    /// From the provider: `writeOnly` properties need not be there.
    Response,
}

/// How `nullable: true` is read where the letter of the specification gives it no effect.
///
/// By OpenAPI 3.0.3 it adds `null` to the `type` beside it, and nothing else: an `enum` that does
/// not list `null` forbids it all the same, and beside `allOf` or `$ref` it means nothing. Authors
/// and most servers mean "or null" wherever they write it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum NullableProfile {
    /// By the letter.
    Strict,
    /// As meant: `null` is accepted wherever `nullable: true` stands.
    #[default]
    Lenient,
}

/// Keywords that apply a schema to the same value; with `null` allowed by intent they step aside.
const COMBINATORS: [&str; 4] = ["allOf", "anyOf", "oneOf", "not"];

/// Keywords that mean the same in both languages.
const KEPT: [&str; 14] = [
    "enum",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "pattern",
    "required",
    "type",
    "uniqueItems",
];

/// Members in which authors keep schemas that the specification has no place for.
fn holds_schemas(token: &str) -> bool {
    token.starts_with("x-") || matches!(token, "definitions" | "$defs")
}

/// A document of JSON Schemas, each standing where its source stands.
#[derive(Debug)]
pub(crate) struct Lowered {
    /// Holds schemas only; everything else of the source is left out.
    pub(crate) document: Value,
    /// Pointers of schemas whose combinators moved below `else`.
    pub(crate) wrapped: BTreeSet<String>,
    /// Formats nobody knows, with the first place of each.
    pub(crate) unknown_formats: BTreeMap<String, String>,
    /// Pointers of the outermost schemas.
    pub(crate) roots: Vec<String>,
    /// Pointers of all schemas.
    pub(crate) positions: HashSet<String>,
    /// Pointers that are referred to as schemas, and are none.
    pub(crate) misplaced: BTreeSet<String>,
}

impl Lowered {
    /// Lowers every schema of a document.
    pub(crate) fn new(source: &Document, direction: Direction, profile: NullableProfile) -> Self {
        let mut lowering = Lowering {
            source,
            direction,
            profile,
            positions: HashSet::new(),
            wrapped: BTreeSet::new(),
            unknown_formats: BTreeMap::new(),
            targets: Vec::new(),
        };
        let mut document = json!({});
        let mut roots = positions::schemas(source.root());
        for root in &roots {
            lowering.place(&mut document, root);
        }
        let mut misplaced = BTreeSet::new();
        while let Some(target) = lowering.targets.pop() {
            if lowering.positions.contains(&target) {
                continue;
            }
            if target.split('/').any(holds_schemas) && source.at(&target).is_some() {
                lowering.place(&mut document, &target);
                roots.push(target);
            } else {
                misplaced.insert(target);
            }
        }
        let Lowering { positions, wrapped, unknown_formats, .. } = lowering;
        Self { document, positions, wrapped, unknown_formats, misplaced, roots }
    }

    /// The pointer in the source of a pointer in the lowered document.
    pub(crate) fn source_pointer(&self, lowered: &str) -> String {
        if self.wrapped.is_empty() {
            return lowered.to_owned();
        }
        let mut source = String::with_capacity(lowered.len());
        for token in lowered.split('/').skip(1) {
            if token != "else" || !self.wrapped.contains(&source) {
                source.push('/');
                source.push_str(token);
            }
        }
        source
    }
}

struct Lowering<'d> {
    source: &'d Document,
    direction: Direction,
    profile: NullableProfile,
    positions: HashSet<String>,
    wrapped: BTreeSet<String>,
    unknown_formats: BTreeMap<String, String>,
    targets: Vec<String>,
}

impl<'d> Lowering<'d> {
    fn place(&mut self, document: &mut Value, at: &str) {
        if let Some(schema) = self.source.at(at) {
            let lowered = self.schema(at, schema, &BTreeSet::new());
            pointer::graft(document, self.source.root(), at, lowered);
        }
    }

    /// Lowers one schema. `exempt` are the properties that the schemas around it, applied to the
    /// same value, excuse from being required.
    fn schema(&mut self, at: &str, schema: &'d Value, exempt: &BTreeSet<&'d str>) -> Value {
        self.positions.insert(at.to_owned());
        let Value::Object(members) = schema else { return schema.clone() };
        let nullable = members.get("nullable") == Some(&Value::Bool(true));
        if let Some(Value::String(reference)) = members.get("$ref") {
            let target = pointer::of_reference(reference);
            let lowered = json!({"$ref": pointer::reference(&target)});
            self.targets.push(target);
            return if nullable { self.unless_null(at, lowered) } else { lowered };
        }
        let mut exempt = exempt.clone();
        readonly::collect(self.source, self.direction, schema, &mut exempt);
        let mut lowered = Map::new();
        for (keyword, value) in members {
            if let Some(value) = self.keyword(at, keyword, value, &exempt) {
                lowered.insert(keyword.clone(), value);
            }
        }
        exclusive(members, &mut lowered, "exclusiveMinimum", "minimum");
        exclusive(members, &mut lowered, "exclusiveMaximum", "maximum");
        self.format(at, members, &mut lowered);
        if nullable { self.nullable(at, lowered) } else { Value::Object(lowered) }
    }

    fn keyword(&mut self, at: &str, keyword: &str, value: &'d Value, exempt: &BTreeSet<&'d str>) -> Option<Value> {
        let at = || format!("{at}/{keyword}");
        let none = BTreeSet::new();
        match (keyword, value) {
            ("required", Value::Array(names)) => {
                let excused = |name: &&Value| name.as_str().is_some_and(|name| exempt.contains(name));
                Some(names.iter().filter(|name| !excused(name)).cloned().collect())
            }
            ("properties", Value::Object(properties)) => {
                let lower = |(name, schema): (&String, &'d Value)| {
                    (name.clone(), self.schema(&format!("{}/{}", at(), escape_token(name)), schema, &none))
                };
                Some(Value::Object(properties.iter().map(lower).collect()))
            }
            ("allOf" | "anyOf" | "oneOf", Value::Array(branches)) => {
                let lower = |(index, schema)| self.schema(&format!("{}/{index}", at()), schema, exempt);
                Some(branches.iter().enumerate().map(lower).collect())
            }
            ("items" | "additionalProperties" | "not", _) => Some(self.schema(&at(), value, &none)),
            // Kept although malformed: it must fail to compile rather than vanish.
            ("properties" | "allOf" | "anyOf" | "oneOf", _) => Some(value.clone()),
            _ => KEPT.contains(&keyword).then(|| value.clone()),
        }
    }

    fn format(&mut self, at: &str, members: &Map<String, Value>, lowered: &mut Map<String, Value>) {
        let Some(name) = members.get("format").and_then(Value::as_str) else { return };
        match format::meaning(name, members.get("type").and_then(Value::as_str)) {
            Meaning::Text => {
                lowered.insert("format".to_owned(), name.into());
            }
            Meaning::Bounds(low, high) => format::bound(lowered, low, high),
            Meaning::Annotation => {}
            Meaning::Unknown => {
                self.unknown_formats.entry(name.to_owned()).or_insert_with(|| format!("{at}/format"));
            }
        }
    }

    fn nullable(&mut self, at: &str, mut lowered: Map<String, Value>) -> Value {
        if let Some(Value::String(kind)) = lowered.get("type") {
            let kinds = json!([kind, "null"]);
            lowered.insert("type".to_owned(), kinds);
        }
        if self.profile == NullableProfile::Strict {
            return Value::Object(lowered);
        }
        if let Some(Value::Array(values)) = lowered.get_mut("enum")
            && !values.contains(&Value::Null)
        {
            values.push(Value::Null);
        }
        let (combined, mut plain): (Map<_, _>, Map<_, _>) =
            lowered.into_iter().partition(|(keyword, _)| COMBINATORS.contains(&keyword.as_str()));
        if !combined.is_empty()
            && let Value::Object(wrapper) = self.unless_null(at, Value::Object(combined))
        {
            plain.extend(wrapper);
        }
        Value::Object(plain)
    }

    /// A schema that is applied to everything but `null`; by the letter, the schema itself.
    fn unless_null(&mut self, at: &str, schema: Value) -> Value {
        if self.profile == NullableProfile::Strict {
            return schema;
        }
        self.wrapped.insert(at.to_owned());
        json!({"if": {"type": "null"}, "else": schema})
    }
}

/// `exclusiveMinimum: true` beside `minimum: 5` is `exclusiveMinimum: 5`.
fn exclusive(members: &Map<String, Value>, lowered: &mut Map<String, Value>, keyword: &str, bound: &str) {
    match members.get(keyword) {
        Some(Value::Bool(true)) => {
            if let Some(limit) = lowered.remove(bound) {
                lowered.insert(keyword.to_owned(), limit);
            }
        }
        // What no boolean is: kept, so that it is checked (a number) or fails to compile.
        Some(other) if !other.is_boolean() => {
            lowered.insert(keyword.to_owned(), other.clone());
        }
        _ => {}
    }
}
