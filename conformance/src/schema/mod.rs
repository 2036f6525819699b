//! Schema Objects turned into JSON Schema 2020-12.
//!
//! Those of OpenAPI 3.0 are alike enough to be confused with it and different enough for that to
//! matter (`v3_0`); those of 3.1 are it, but for what authors still write (`v3_1`). A document is
//! lowered once for each [`Direction`], in place: a schema is found under the pointer it has in the
//! source.

mod v3_0;
mod v3_1;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use obkit_codegen::load::{escape_token, locate};
use obkit_codegen::{Document, Version};
use serde_json::{Map, Value, json};

use crate::format::{self, Meaning};
use crate::{pointer, positions};

/// Which way a payload travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// To the provider: `readOnly` properties need not be there.
    Request,
    /// From the provider: `writeOnly` properties need not be there.
    Response,
}

/// Whether a schema is read by the letter where authors mean something else.
///
/// By OpenAPI 3.0.3, `nullable: true` adds `null` to the `type` beside it, and nothing else: an
/// `enum` that does not list `null` forbids it all the same, and beside `allOf` or `$ref` it means
/// nothing. Authors and most servers mean "or null" wherever they write it.
///
/// By OpenAPI 3.1 it means nothing at all, and neither do `readOnly` and `writeOnly` for what is
/// `required`, nor `true` as an exclusive bound. Documents that were brought over from 3.0 mean by
/// them what they meant before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum NullableProfile {
    /// By the letter.
    Strict,
    /// As meant: `null` is accepted wherever `nullable: true` stands, and in 3.1 what else 3.0 had.
    #[default]
    Lenient,
}

/// Members in which authors keep schemas that the specification has no place for.
fn holds_schemas(token: &str) -> bool {
    token.starts_with("x-") || matches!(token, "definitions" | "$defs")
}

/// A document of JSON Schemas, each standing where its source stands.
#[derive(Debug)]
pub(crate) struct Lowered {
    /// Holds schemas only; everything else of the source is left out.
    pub(crate) document: Value,
    /// Pointers of schemas that moved below `else`, whole or in part.
    pub(crate) wrapped: BTreeSet<String>,
    /// Formats nobody knows, with the places of each.
    pub(crate) unknown_formats: BTreeMap<String, Vec<String>>,
    /// Pointers of the outermost schemas.
    pub(crate) roots: Vec<String>,
    /// Pointers of all schemas.
    pub(crate) positions: HashSet<String>,
    /// Pointers of those that are references, whatever they are beside.
    pub(crate) references: Vec<String>,
    /// Pointers that are referred to as schemas, and are none.
    pub(crate) misplaced: BTreeSet<String>,
    /// Pointers of the outermost schemas that cannot be enforced, with the reason.
    pub(crate) unenforceable: BTreeMap<String, String>,
}

impl Lowered {
    /// Lowers every schema of a document.
    pub(crate) fn new(source: &Document, direction: Direction, profile: NullableProfile) -> Self {
        let mut lowering = Lowering {
            source,
            direction,
            profile,
            positions: HashSet::new(),
            references: Vec::new(),
            wrapped: BTreeSet::new(),
            unknown_formats: BTreeMap::new(),
            targets: Vec::new(),
            root: String::new(),
            unenforceable: BTreeMap::new(),
        };
        let mut document = json!({});
        let mut roots = Vec::new();
        for (root, schema) in positions::schemas(source.root()) {
            lowering.place(&mut document, &root, schema);
            roots.push(root);
        }
        let mut misplaced = BTreeSet::new();
        while let Some(target) = lowering.targets.pop() {
            if lowering.positions.contains(&target) {
                continue;
            }
            match source.at(&target) {
                Some(schema) if target.split('/').any(holds_schemas) => {
                    lowering.place(&mut document, &target, schema);
                    roots.push(target);
                }
                _ => {
                    misplaced.insert(target);
                }
            }
        }
        let Lowering { positions, references, wrapped, unknown_formats, unenforceable, .. } = lowering;
        Self { document, positions, references, wrapped, unknown_formats, misplaced, unenforceable, roots }
    }

    /// What stands at a pointer in the lowered document.
    pub(crate) fn at(&self, pointer: &str) -> Option<&Value> {
        locate(&self.document, pointer)
    }

    /// The pointer in the source of a pointer in the lowered document.
    pub(crate) fn source_pointer(&self, lowered: &str) -> String {
        if self.wrapped.is_empty() {
            return lowered.to_owned();
        }
        let mut source = String::with_capacity(lowered.len());
        // A schema may have an `else` of its own below the one it was moved to.
        let mut entered = false;
        for token in lowered.split('/').skip(1) {
            entered = token == "else" && !entered && self.wrapped.contains(&source);
            if !entered {
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
    references: Vec<String>,
    wrapped: BTreeSet<String>,
    unknown_formats: BTreeMap<String, Vec<String>>,
    targets: Vec<String>,
    /// The outermost schema that is being lowered.
    root: String,
    unenforceable: BTreeMap<String, String>,
}

impl<'d> Lowering<'d> {
    fn place(&mut self, document: &mut Value, at: &str, schema: &'d Value) {
        at.clone_into(&mut self.root);
        let lowered = self.schema(at, schema, &BTreeSet::new());
        pointer::graft(document, self.source.root(), at, lowered);
    }

    /// Lowers one schema. `exempt` are the properties that the schemas around it, applied to the
    /// same value, excuse from being required.
    fn schema(&mut self, at: &str, schema: &'d Value, exempt: &BTreeSet<&'d str>) -> Value {
        self.positions.insert(at.to_owned());
        let Value::Object(members) = schema else { return schema.clone() };
        if members.contains_key("$ref") {
            self.references.push(at.to_owned());
        }
        match self.source.version() {
            Version::V3_0 => self.schema_3_0(at, schema, members, exempt),
            Version::V3_1 => self.schema_3_1(at, schema, members, exempt),
        }
    }

    /// A reference to another schema, which is lowered too.
    fn reference(&mut self, reference: &str) -> Value {
        let target = pointer::of_reference(reference);
        let lowered = pointer::reference(&target).into();
        self.targets.push(target);
        lowered
    }

    /// A dynamic reference, which is a plain one unless several schemas could be meant: which of them depends on the
    /// way that led to it, and a document whose resources have become one does not know the way.
    fn dynamic_reference(&mut self, reference: &str) -> Value {
        let target = self.source.at(&pointer::of_reference(reference));
        if let Some(anchor) = target.and_then(|target| target.get("$dynamicAnchor"))
            && anchors(self.source.root(), anchor) > 1
        {
            let reason = format!("several schemas have the `$dynamicAnchor` {anchor} that is referred to");
            self.unenforceable.insert(self.root.clone(), reason);
        }
        self.reference(reference)
    }

    /// Schemas by names.
    fn map(&mut self, at: &str, schemas: &'d Map<String, Value>) -> Value {
        let none = BTreeSet::new();
        let lower = |(name, schema): (&String, &'d Value)| {
            (name.clone(), self.schema(&format!("{at}/{}", escape_token(name)), schema, &none))
        };
        Value::Object(schemas.iter().map(lower).collect())
    }

    /// A list of schemas.
    fn list(&mut self, at: &str, schemas: &'d [Value], exempt: &BTreeSet<&'d str>) -> Value {
        let lower = |(index, schema)| self.schema(&format!("{at}/{index}"), schema, exempt);
        schemas.iter().enumerate().map(lower).collect()
    }

    fn format(&mut self, at: &str, members: &Map<String, Value>, lowered: &mut Map<String, Value>) {
        let Some(name) = members.get("format").and_then(Value::as_str) else { return };
        match format::meaning(name, kind(members)) {
            Meaning::Text => {
                lowered.insert("format".to_owned(), name.into());
            }
            Meaning::Bounds(low, high) => format::bound(lowered, low, high),
            Meaning::Annotation => {}
            Meaning::Unknown => {
                self.unknown_formats.entry(name.to_owned()).or_default().push(format!("{at}/format"));
            }
        }
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

/// How many schemas have a dynamic anchor.
fn anchors(value: &Value, name: &Value) -> usize {
    let own = usize::from(value.get("$dynamicAnchor") == Some(name));
    let below: usize = match value {
        Value::Object(members) => members.values().map(|member| anchors(member, name)).sum(),
        Value::Array(items) => items.iter().map(|item| anchors(item, name)).sum(),
        _ => 0,
    };
    own + below
}

/// The names under `required`, without those that are excused.
fn required(names: &[Value], exempt: &BTreeSet<&str>) -> Value {
    let excused = |name: &&Value| name.as_str().is_some_and(|name| exempt.contains(name));
    names.iter().filter(|name| !excused(name)).cloned().collect()
}

/// The type of a schema; of several the first that has values.
pub(crate) fn kind(members: &Map<String, Value>) -> Option<&str> {
    match members.get("type")? {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
        kind => kind.as_str(),
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
