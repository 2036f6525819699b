//! Payloads made from schemas: valid ones, and ones that break one keyword each.
//!
//! A [`Generator`] makes payloads for any schema of a document, in one direction. What it makes is made from
//! decisions (which alternative, which optional property, how long a text), and a [`Mode`] says who decides. The same
//! seed gives the same payloads. Every payload has been accepted by the schema's validator, every [`Mutant`] refused;
//! a schema that no payload is found for is an error that names the schema in the way, never a gap.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use obkit_codegen::{Document, Spec};
//! use obkit_conformance::generate::{Generator, Mode};
//! use obkit_conformance::{Contract, Direction};
//!
//! # let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../specs/fena/openapi.yaml");
//! let contract = Contract::new("fena", Spec::read(Document::load(file)?)?);
//! let schema = "#/components/schemas/TransactionsResponse";
//! let generator = Generator::new(&contract, Direction::Response, schema)?;
//! for payload in generator.payloads(Mode::Boundary, 1, 50)? {
//!     assert!(contract.validators().validate(Direction::Response, schema, &payload.value)?.is_empty());
//! }
//! for mutant in generator.mutants(1)?.mutants {
//!     println!("{} at {}", mutant.keyword, mutant.instance_pointer);
//! }
//! # Ok(())
//! # }
//! ```

mod breaking;
mod choice;
mod error;
mod family;
mod flatten;
mod height;
mod lenient;
mod mode;
mod mutant;
mod named;
mod number;
mod object;
mod pairwise;
mod pattern;
mod run;
mod shape;
#[cfg(feature = "proptest")]
mod strategy;
mod text;
mod unlisted;
mod vocabulary;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use jsonschema::Validator;
use obkit_codegen::Document;
use obkit_codegen::load::escape_token;
use serde_json::{Map, Value, json};

pub(crate) use choice::SplitMix;
pub use error::{GenerateError, Reason};
pub use lenient::{Deviation, Liberty};
pub use mode::Mode;
pub(crate) use mutant::Changes;
pub use mutant::{Mutant, Mutants, Unbroken};
pub use named::Named;
#[cfg(feature = "proptest")]
pub use strategy::{Payloads, payloads_of, requests_of};
pub use unlisted::{Addition, Unlisted};
pub(crate) use vocabulary::Vocabulary;

use crate::contract::Contract;
use crate::graph::Node;
use crate::schema::Lowered;
use crate::validator::{CompiledSchema, Validators};
use crate::{Direction, pointer, readonly, validator};
use mode::Made;
use shape::{Shape, Term};

/// How many levels of a payload have optional parts.
const DEPTH: usize = 10;

/// How many values a payload has before optional parts are left out.
const VALUES: usize = 1500;

/// How many payloads others are made from.
const MAX_BASES: usize = 24;

/// A payload that was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Payload {
    /// The payload.
    pub value: Value,
    /// Optional parts that were left out because nothing fits them.
    pub omitted: Vec<GenerateError>,
    /// What is not as the schema says; empty but for [`Generator::lenient`].
    pub deviations: Vec<Deviation>,
}

/// What a place of a payload holds, as far as it may be exchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leaf {
    None,
    /// One of listed values.
    Listed,
    Number,
    /// A text without a pattern or a format.
    Text,
}

/// A place of a payload, and the schemas that hold there (pointers of the lowered document).
#[derive(Clone, Debug)]
struct Place {
    instance: String,
    schemas: Vec<String>,
    leaf: Leaf,
}

/// Makes payloads for a schema.
#[derive(Debug)]
pub struct Generator<'c> {
    document: &'c Document,
    lowered: &'c Lowered,
    validators: &'c Validators,
    vocabulary: &'c Vocabulary,
    direction: Direction,
    root: String,
    check: CompiledSchema<'c>,
    heights: HashMap<String, usize>,
    families: HashMap<String, family::Family<'c>>,
    depth: usize,
    values: usize,
    /// The schemas that mutants and additions are made for; none where all are.
    subjects: Option<HashSet<String>>,
    /// The payloads that others are made from, and their seed, made when they are needed.
    bases: Mutex<Option<(u64, Arc<Vec<Made>>)>>,
    /// Validators of single schemas and of texts, made when they are needed.
    known: Mutex<HashMap<String, Option<Arc<Validator>>>>,
}

impl<'c> Generator<'c> {
    /// Prepares to make payloads for the schema at a pointer (with or without a leading `#`).
    ///
    /// # Errors
    /// There is no schema at the pointer, or it cannot be enforced.
    pub fn new(contract: &'c Contract, direction: Direction, pointer: &str) -> Result<Self, GenerateError> {
        let validators = contract.validators();
        let check = validators.check(direction, pointer)?;
        let lowered = validators.lowered(direction);
        let root = pointer::plain(pointer).to_owned();
        let heights = height::heights(lowered, [root.clone()]);
        let graph = validators.graph(direction, [root.as_str()]);
        let fits = |schema: &Node, value: &Value| schema.fits(validators, direction, value);
        let families = family::families(contract.document(), lowered, &graph, fits, heights.keys());
        Ok(Self {
            document: contract.document(),
            lowered,
            validators,
            vocabulary: contract.vocabulary(),
            direction,
            check,
            heights,
            families,
            root,
            depth: DEPTH,
            values: VALUES,
            subjects: None,
            bases: Mutex::default(),
            known: Mutex::default(),
        })
    }

    /// Sets below how many levels optional parts are left out. Ten, where nothing is set.
    #[must_use]
    pub fn depth(mut self, levels: usize) -> Self {
        self.depth = levels;
        self
    }

    /// Sets beyond how many values optional parts are left out. 1500, where nothing is set.
    #[must_use]
    pub fn values(mut self, count: usize) -> Self {
        self.values = count;
        self
    }

    /// Payloads with everything in them, from which others are made by changing one thing.
    fn bases(&self, seed: u64) -> Result<Arc<Vec<Made>>, GenerateError> {
        // A panic while the lock was held cannot have left half a list behind.
        let mut bases = self.bases.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, made)) = bases.as_ref().filter(|(known, _)| *known == seed) {
            return Ok(Arc::clone(made));
        }
        let made = Arc::new(self.made(Mode::Maximal, seed, MAX_BASES)?);
        *bases = Some((seed, Arc::clone(&made)));
        Ok(made)
    }

    /// The schemas that its own is made of: itself, and those that it refers to, near and far. Pointers.
    pub fn schemas(&self) -> impl Iterator<Item = &str> {
        self.heights.keys().map(String::as_str)
    }

    /// Makes [`mutants`](Self::mutants) and [`unlisted`](Self::unlisted) payloads for some of the [`schemas`](Self::schemas)
    /// only: what is referred to from everywhere need not be broken everywhere.
    #[must_use]
    pub fn only(mut self, schemas: impl IntoIterator<Item = String>) -> Self {
        self.subjects = Some(schemas.into_iter().collect());
        self
    }

    /// Whether mutants and additions are made for the schema at a pointer of the lowered document.
    fn is_subject(&self, at: &str) -> bool {
        let Some(subjects) = &self.subjects else { return true };
        let ends = at.rmatch_indices('/').map(|(end, _)| &at[..end]);
        let owner = std::iter::once(at).chain(ends).find(|at| self.heights.contains_key(*at));
        owner.is_none_or(|owner| subjects.contains(owner))
    }

    /// How many levels are made at most, however much is required.
    fn hard_depth(&self) -> usize {
        self.depth + 40
    }

    fn schema(&self, at: &str) -> Option<&'c Value> {
        self.lowered.at(at)
    }

    fn error(&self, fault: run::Fault) -> GenerateError {
        GenerateError { schema_pointer: self.lowered.source_pointer(&fault.at), reason: fault.reason }
    }

    /// What a schema is at its place in the source document.
    fn source(&self, at: &str) -> Option<&'c Value> {
        self.document.at(&self.lowered.source_pointer(at))
    }

    /// Whether a property does not travel in this direction.
    fn hidden(&self, at: &str) -> bool {
        self.source(at).is_some_and(|schema| readonly::is_foreign(self.document, self.direction, schema))
    }

    /// The schemas that a property of an object has to fit; none when it may not be there.
    fn property(&self, shape: &Shape<'c>, name: &str) -> Option<Vec<Term>> {
        let mut terms = Vec::new();
        for part in &shape.properties {
            let before = terms.len();
            if part.named.is_some_and(|named| named.contains_key(name)) {
                terms.push(Term::holds(format!("{}/properties/{}", part.at, escape_token(name))));
            }
            for pattern in part.patterns.into_iter().flatten().map(|(pattern, _)| pattern) {
                if self.matches(pattern, name) {
                    terms.push(Term::holds(format!("{}/patternProperties/{}", part.at, escape_token(pattern))));
                }
            }
            if terms.len() == before && part.additional {
                terms.push(Term::holds(format!("{}/additionalProperties", part.at)));
            }
        }
        let of_property = shape.of_property.iter().filter(|(other, _)| *other == name);
        terms.extend(of_property.map(|(_, term)| term.clone()));
        let forbidden = terms.iter().any(|term| term.holds && self.schema(&term.at) == Some(&Value::Bool(false)));
        (!forbidden && !shape.forbidden.contains(name)).then_some(terms)
    }

    /// Values that the document's examples have under a name.
    fn words(&self, name: &str) -> Option<&'c [Value]> {
        self.vocabulary.of(name)
    }

    /// The examples and defaults that the schemas of a shape give, and those of its name.
    fn shown(&self, shape: &Shape<'c>, name: Option<&str>) -> Vec<&'c Value> {
        let own = shape.applied.iter().filter_map(|at| self.source(at)).flat_map(|schema| {
            let one = ["example", "default"].into_iter().filter_map(|key| schema.get(key));
            one.chain(schema.get("examples").and_then(Value::as_array).into_iter().flatten())
        });
        own.chain(name.and_then(|name| self.words(name)).into_iter().flatten()).collect()
    }

    /// Whether a value fits the schema at a pointer of the lowered document.
    fn fits(&self, at: &str, value: &Value) -> bool {
        let validator = self.known(at, || self.validators.lowered_validator(self.direction, at));
        validator.is_none_or(|validator| validator.is_valid(value))
    }

    /// The keyword of a schema that makes its alternatives exclude each other.
    fn refusing(&self, at: &str) -> String {
        let keywords = ["oneOf", "not", "if", "contains"];
        let found = self.schema(at).and_then(|schema| keywords.into_iter().find(|key| schema.get(key).is_some()));
        found.unwrap_or("oneOf").to_owned()
    }

    /// Whether a value has the length, the pattern and the format that a shape asks of texts.
    fn leaf_fits(&self, shape: &Shape<'c>, value: &Value) -> bool {
        let Value::String(text) = value else { return true };
        let (low, high) = shape.length;
        let length = text.chars().count();
        if length < low || length > high || !shape.allows(value) {
            return false;
        }
        if shape.patterns.is_empty() && shape.formats.is_empty() {
            return true;
        }
        let patterns = shape.patterns.iter().map(|pattern| json!({"pattern": pattern}));
        let formats = shape.formats.iter().map(|format| json!({"format": format}));
        let schema = json!({"allOf": patterns.chain(formats).collect::<Value>()});
        let validator = self.known(&schema.to_string(), || validator::of_text(&schema));
        validator.is_some_and(|validator| validator.is_valid(value))
    }

    /// Whether a text matches a pattern.
    fn matches(&self, pattern: &str, text: &str) -> bool {
        let schema = json!({"pattern": pattern});
        let validator = self.known(&schema.to_string(), || validator::of_text(&schema));
        validator.is_some_and(|validator| validator.is_valid(&text.into()))
    }

    fn known(&self, key: &str, make: impl FnOnce() -> Option<Arc<Validator>>) -> Option<Arc<Validator>> {
        // A panic while the lock was held cannot have left the map in pieces.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(validator) = known.get(key) {
            return validator.clone();
        }
        let made = make();
        known.insert(key.to_owned(), made.clone());
        made
    }
}

/// The members of a schema; none of a boolean one.
fn members(schema: &Value) -> Option<&Map<String, Value>> {
    schema.as_object()
}
