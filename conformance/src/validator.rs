//! Validators, made once for each schema and direction.

mod compiled;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, LazyLock, OnceLock, PoisonError, RwLock, RwLockReadGuard};

use foldhash::HashMap;
use jsonschema::{Draft, PatternOptions, Registry, ValidationOptions, Validator};
use obkit_codegen::{Document, spec};
use serde_json::Value;

pub use self::compiled::CompiledSchema;
pub(crate) use self::compiled::is_cut;
use crate::graph::Graph;
use crate::remarks::{self, Remark};
use crate::schema::{Direction, Lowered, NullableProfile};
use crate::violation::Violation;
use crate::{format, pointer};

/// The name under which the validators know the document.
const DOCUMENT: &str = "urn:obkit:spec";

/// How much backtracking a pattern may cost on one value.
const BACKTRACK_LIMIT: usize = 100_000;

/// A schema that cannot be enforced. It is a finding of its own (`GI001`): a payload that was not
/// judged is never taken for a valid one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompileError {
    /// Where the schema stands in the source document.
    pub schema_pointer: String,
    /// Why it cannot be enforced.
    pub message: String,
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the schema at {} cannot be enforced: {}", self.schema_pointer, self.message)
    }
}

impl std::error::Error for CompileError {}

/// The validators of a document.
///
/// Cheap to make, and to share behind an `Arc`: the schemas of a direction are prepared when the first of them is asked for, each is compiled on first
/// use, and both are kept.
#[derive(Debug)]
pub struct Validators {
    source: Document,
    profile: NullableProfile,
    request: OnceLock<Side>,
    response: OnceLock<Side>,
}

impl Validators {
    /// The validators of a document, with `nullable` as authors mean it.
    #[must_use]
    pub fn new(document: &Document) -> Self {
        Self::with_profile(document, NullableProfile::default())
    }

    /// The validators of a document.
    #[must_use]
    pub fn with_profile(document: &Document, profile: NullableProfile) -> Self {
        Self { source: document.clone(), profile, request: OnceLock::new(), response: OnceLock::new() }
    }

    /// Prepares the schemas of a direction, for whoever has something else to do meanwhile.
    pub(crate) fn prepare(&self, direction: Direction) {
        self.side(direction);
    }

    /// The validator of the schema at a pointer (with or without a leading `#`).
    ///
    /// # Errors
    /// There is no schema at the pointer, or it cannot be enforced.
    pub fn check(&self, direction: Direction, pointer: &str) -> Result<CompiledSchema<'_>, CompileError> {
        let pointer = pointer::plain(pointer);
        let validator = self.side(direction).validator(pointer)?;
        Ok(CompiledSchema { validators: self, direction, pointer: pointer.to_owned(), validator })
    }

    /// Validates a value against the schema at a pointer.
    ///
    /// # Errors
    /// There is no schema at the pointer, or it cannot be enforced.
    pub fn validate(&self, direction: Direction, pointer: &str, value: &Value) -> Result<Vec<Violation>, CompileError> {
        Ok(self.check(direction, pointer)?.violations(value))
    }

    /// What is to be said of a value against the schema at a pointer, and makes it no less valid. What does not fit at all is walked as far as
    /// it does, and of one check there are ten thousand remarks at most.
    #[must_use]
    pub fn remarks(&self, direction: Direction, pointer: &str, value: &Value) -> Vec<Remark> {
        remarks::collect(self, direction, pointer::plain(pointer), value, &BTreeSet::new(), ()).0
    }

    /// The document with its schemas as JSON Schema 2020-12, as they are enforced in a direction: for other validators. Each schema stands
    /// where it stands in the source, and references are pointers.
    #[must_use]
    pub fn json_schema(&self, direction: Direction) -> &Value {
        &self.side(direction).lowered.document
    }

    /// Whether a schema stands at a pointer.
    #[must_use]
    pub fn has_schema(&self, pointer: &str) -> bool {
        let pointer = pointer::plain(pointer);
        self.side(Direction::Request).contains(pointer)
    }

    /// The pointers of the outermost schemas: components, bodies, parameters, headers.
    #[must_use]
    pub fn schemas(&self) -> &[String] {
        &self.side(Direction::Request).lowered.roots
    }

    /// Formats that nobody knows and that are therefore not checked, each with its places, in the order of the document.
    #[must_use]
    pub fn unknown_formats(&self) -> &BTreeMap<String, Vec<String>> {
        &self.side(Direction::Request).lowered.unknown_formats
    }

    /// The pointer of the schema that the one at a pointer is nothing but a reference to; its own, where it says anything itself, or where
    /// references lead in a circle.
    pub(crate) fn target(&self, direction: Direction, pointer: &str) -> String {
        let lowered = &self.side(direction).lowered;
        let own = pointer::plain(pointer);
        let mut at = own.to_owned();
        let mut seen = BTreeSet::new();
        while let Some(next) = next_reference(lowered, &at) {
            if !seen.insert(at) {
                return own.to_owned();
            }
            at = next;
        }
        at
    }

    /// Whether a schema lets everything pass, because it says nothing.
    #[must_use]
    pub fn is_free_form(&self, direction: Direction, pointer: &str) -> bool {
        let at = self.target(direction, pointer);
        match self.lowered(direction).at(&at) {
            Some(Value::Object(members)) => members.is_empty(),
            Some(Value::Bool(true)) => true,
            _ => false,
        }
    }

    /// The schemas that are enforced.
    pub(crate) fn lowered(&self, direction: Direction) -> &Lowered {
        &self.side(direction).lowered
    }

    /// A validator of the schema at a pointer of the lowered document; none when it cannot be enforced.
    pub(crate) fn lowered_validator(&self, direction: Direction, pointer: &str) -> Option<Arc<Validator>> {
        let registry = self.side(direction).registry.as_ref().ok()?;
        let schema = serde_json::json!({"$ref": format!("{DOCUMENT}{}", pointer::reference(pointer))});
        format::register(options().with_registry(registry)).build(&schema).ok().map(Arc::new)
    }

    /// The schemas of a direction for those who follow values along them: at least those at some pointers, with all that they lead to.
    pub(crate) fn graph<'p>(
        &self,
        direction: Direction,
        pointers: impl IntoIterator<Item = &'p str>,
    ) -> RwLockReadGuard<'_, Graph> {
        let side = self.side(direction);
        for pointer in pointers {
            if !read(&side.graph).has(pointer) {
                let mut graph = side.graph.write().unwrap_or_else(PoisonError::into_inner);
                graph.add(&self.source, direction, pointer);
            }
        }
        read(&side.graph)
    }

    /// The validator of the schema at a pointer; none when it cannot be enforced.
    pub(crate) fn compiled(&self, direction: Direction, pointer: &str) -> Option<Arc<Validator>> {
        self.side(direction).validator(pointer).ok()
    }

    fn side(&self, direction: Direction) -> &Side {
        let side = match direction {
            Direction::Request => &self.request,
            Direction::Response => &self.response,
        };
        side.get_or_init(|| Side::new(&self.source, Lowered::new(&self.source, direction, self.profile)))
    }
}

/// A validator of a schema that refers to nothing, with the patterns and formats of all others; none when it cannot be enforced.
pub(crate) fn of_text(schema: &Value) -> Option<Arc<Validator>> {
    format::register(options()).build(schema).ok().map(Arc::new)
}

/// How many patterns of names are kept compiled.
const MAX_PATTERNS: usize = 1_000;

/// A validator of a pattern of names, compiled once for all: a form may have a name for each few bytes.
pub(crate) fn of_pattern(pattern: &str) -> Option<Arc<Validator>> {
    static KNOWN: LazyLock<RwLock<HashMap<String, Option<Arc<Validator>>>>> = LazyLock::new(RwLock::default);
    if let Some(known) = read(&KNOWN).get(pattern) {
        return known.clone();
    }
    let compiled = of_text(&serde_json::json!({"pattern": pattern}));
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    if known.len() < MAX_PATTERNS {
        known.insert(pattern.to_owned(), compiled.clone());
    }
    compiled
}

/// A panic while the lock was held cannot have left what it guards in pieces.
fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

/// What every schema is compiled with.
fn options<'r>() -> ValidationOptions<'r> {
    let patterns = PatternOptions::fancy_regex().backtrack_limit(BACKTRACK_LIMIT);
    jsonschema::options().with_draft(Draft::Draft202012).offline().with_pattern_options(patterns)
}

type Compiled = Result<Arc<Validator>, CompileError>;

/// One direction.
#[derive(Debug)]
struct Side {
    lowered: Lowered,
    registry: Result<Registry<'static>, CompileError>,
    /// What stands for a schema and is none, with the reason.
    malformed: BTreeMap<String, String>,
    compiled: RwLock<HashMap<String, Compiled>>,
    /// The schemas that values were followed along.
    graph: RwLock<Graph>,
}

impl Side {
    fn new(source: &Document, lowered: Lowered) -> Self {
        let (registry, malformed) = (registry(&lowered), malformed(source, &lowered));
        Self { lowered, registry, malformed, compiled: RwLock::default(), graph: RwLock::default() }
    }

    fn contains(&self, pointer: &str) -> bool {
        self.lowered.positions.contains(pointer) && self.lowered.at(pointer).is_some()
    }

    fn validator(&self, pointer: &str) -> Compiled {
        if let Some(known) = read(&self.compiled).get(pointer) {
            return known.clone();
        }
        let compiled = self.compile(pointer);
        let mut cache = self.compiled.write().unwrap_or_else(PoisonError::into_inner);
        cache.entry(pointer.to_owned()).or_insert(compiled).clone()
    }

    fn compile(&self, pointer: &str) -> Compiled {
        let fail = |message: String| Err(CompileError { schema_pointer: pointer.to_owned(), message });
        if !self.contains(pointer) {
            return fail("there is no schema at this place".to_owned());
        }
        if let Some(reason) = self.malformed_within(pointer) {
            return fail(reason.clone());
        }
        let schema = serde_json::json!({"$ref": format!("{DOCUMENT}{}", pointer::reference(pointer))});
        let registry = self.registry.as_ref().map_err(Clone::clone)?;
        match format::register(options().with_registry(registry)).build(&schema) {
            Ok(validator) => Ok(Arc::new(validator)),
            Err(error) => fail(error.to_string()),
        }
    }

    /// The first malformed schema that is reached from a pointer.
    fn malformed_within(&self, pointer: &str) -> Option<&String> {
        if self.malformed.is_empty() {
            return None;
        }
        let mut seen = BTreeSet::new();
        let mut open = vec![pointer.to_owned()];
        while let Some(at) = open.pop() {
            let broken = self.malformed.iter().find(|(root, _)| at == **root || at.starts_with(&format!("{root}/")));
            if let Some((_, reason)) = broken {
                return Some(reason);
            }
            if let Some(schema) = self.lowered.at(&at) {
                references(schema, &mut |target| {
                    if seen.insert(target.clone()) {
                        open.push(target);
                    }
                });
            }
        }
        None
    }
}

fn registry(lowered: &Lowered) -> Result<Registry<'static>, CompileError> {
    Registry::new()
        .draft(Draft::Draft202012)
        .add(DOCUMENT, lowered.document.clone())
        .and_then(|registry| registry.prepare())
        .map_err(|error| CompileError { schema_pointer: String::new(), message: error.to_string() })
}

/// What stands for a schema and is none, with the reason. Compiling follows references without asking whether their target is a schema at all.
fn malformed(source: &Document, lowered: &Lowered) -> BTreeMap<String, String> {
    let refused = |root: &String| {
        let error = jsonschema::draft202012::meta::validate(lowered.at(root)?).err()?;
        let at = lowered.source_pointer(&format!("{root}{}", error.instance_path()));
        Some((root.clone(), format!("{at}: {error}")))
    };
    let external = source.external().into_iter();
    let external = external.map(|(at, url)| (at, format!("`{url}` is on the network, and is not followed")));
    let misplaced = lowered.misplaced.iter().map(|at| (at.clone(), format!("{at} is referred to, and is no schema")));
    let unenforceable = lowered.unenforceable.clone();
    let refused = lowered.roots.iter().filter_map(refused);
    refused.chain(unenforceable).chain(circles(lowered)).chain(external).chain(misplaced).collect()
}

/// Schemas that are nothing but references to one another, with the reason why that is none.
fn circles(lowered: &Lowered) -> impl Iterator<Item = (String, String)> {
    let circles = spec::circles(lowered.references.iter().cloned(), |at| lowered.at(at));
    circles.into_iter().flat_map(|circle| {
        let reason = format!("it is nothing but a reference that leads back to itself: {}", circle.join(" -> "));
        circle.into_iter().map(move |at| (at, reason.clone()))
    })
}

/// Where a schema leads that is a reference and nothing else.
fn next_reference(lowered: &Lowered, at: &str) -> Option<String> {
    let schema = lowered.at(at)?.as_object().filter(|members| members.len() == 1)?;
    Some(pointer::of_reference(schema.get("$ref")?.as_str()?))
}

fn references(value: &Value, found: &mut impl FnMut(String)) {
    match value {
        Value::Object(members) => {
            for keyword in ["$ref", "$dynamicRef"] {
                if let Some(Value::String(reference)) = members.get(keyword) {
                    found(pointer::of_reference(reference));
                }
            }
            members.values().for_each(|member| references(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}
