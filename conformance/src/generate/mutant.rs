//! Payloads that break one keyword each.

use std::collections::BTreeMap;

use serde_json::Value;

use super::shape::Types;
use super::{GenerateError, Generator, Mode, members};
use crate::violation::Violation;

/// Keywords that assert something about a value. Those that only hold schemas are broken where these are.
const ASSERTIONS: [&str; 26] = [
    "type",
    "enum",
    "const",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "format",
    "minItems",
    "maxItems",
    "uniqueItems",
    "contains",
    "minProperties",
    "maxProperties",
    "required",
    "additionalProperties",
    "unevaluatedProperties",
    "propertyNames",
    "dependentRequired",
    "oneOf",
    "anyOf",
    "not",
];

/// A payload that the validator refuses, because of one place in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Mutant {
    /// The keyword that is broken.
    pub keyword: String,
    /// The keyword's place in the source document. `format: int32` and the like stand for the bounds that they are.
    pub schema_pointer: String,
    /// What was changed, in the payload.
    pub instance_pointer: String,
    /// The payload.
    pub value: Value,
    /// Whether the validator names this keyword at this place. Within `oneOf`, `anyOf` and `not` it names those.
    pub named: bool,
}

/// A keyword that no mutant breaks: whatever was tried, the payload was still accepted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unbroken {
    /// The keyword.
    pub keyword: String,
    /// Its place in the source document.
    pub schema_pointer: String,
}

/// What became of the keywords of a schema, those included that it refers to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mutants {
    /// One for each keyword; for `required` one for each name, for `type` one that is null and one that is not.
    pub mutants: Vec<Mutant>,
    /// Keywords that were met and not broken: an alternative or another keyword takes what they refuse, or refusing is
    /// beyond what is tried.
    pub unbroken: Vec<Unbroken>,
}

/// A mutant as what is changed of a payload: there are hundreds to a payload, and each is nearly all of it.
#[derive(Clone, Debug)]
struct Change {
    keyword: String,
    schema_pointer: String,
    instance_pointer: String,
    named: bool,
    /// Which payload is changed.
    base: usize,
    /// What stands in the place then.
    here: Value,
}

/// Mutants that are made when they are asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes {
    bases: Vec<Value>,
    changes: Vec<Change>,
    unbroken: Vec<Unbroken>,
}

impl Changes {
    /// How many mutants there are.
    pub(crate) fn len(&self) -> usize {
        self.changes.len()
    }

    /// The mutant at an index.
    pub(crate) fn mutant(&self, index: usize) -> Option<Mutant> {
        let Change { keyword, schema_pointer, instance_pointer, named, base, here } = self.changes.get(index)?.clone();
        let mut value = self.bases.get(base)?.clone();
        *value.pointer_mut(&instance_pointer)? = here;
        Some(Mutant { keyword, schema_pointer, instance_pointer, value, named })
    }
}

/// The name under which null is among the types that a `type` refuses: clients may well take it for an absent value.
const NULL: &str = "null";

/// A keyword of a schema, or a name under `required` or `type`.
type Target = (String, &'static str, Option<String>);

impl Generator<'_> {
    /// A payload for each keyword that is met by a [`Mode::Maximal`] payload, which breaks it.
    ///
    /// # Errors
    /// There is no valid payload to begin with.
    pub fn mutants(&self, seed: u64) -> Result<Mutants, GenerateError> {
        let changes = self.changes(seed)?;
        let mutants = (0..changes.len()).filter_map(|index| changes.mutant(index)).collect();
        Ok(Mutants { mutants, unbroken: changes.unbroken })
    }

    /// The same, without making them.
    ///
    /// # Errors
    /// There is no valid payload to begin with.
    pub(crate) fn changes(&self, seed: u64) -> Result<Changes, GenerateError> {
        let made = self.bases(seed)?;
        let minimal = self.made(Mode::Minimal, seed, 1)?;
        let mut found: BTreeMap<Target, Option<Change>> = BTreeMap::new();
        let mut bases = Vec::new();
        for base in made.iter().chain(&minimal) {
            let mut value = base.payload.value.clone();
            for place in &base.places {
                for at in place.schemas.iter().filter(|at| self.is_subject(at)) {
                    self.break_schema(at, (bases.len(), &place.instance), &mut value, &mut found);
                }
            }
            bases.push(value);
        }
        let mut changes = Changes { bases, ..Changes::default() };
        for ((at, keyword, _), change) in found {
            match change {
                Some(change) => changes.changes.push(change),
                None => {
                    let schema_pointer = self.lowered.source_pointer(&format!("{at}/{keyword}"));
                    changes.unbroken.push(Unbroken { keyword: keyword.to_owned(), schema_pointer });
                }
            }
        }
        changes.unbroken.sort();
        changes.unbroken.dedup();
        Ok(changes)
    }

    fn break_schema(
        &self,
        at: &str,
        (base, instance): (usize, &str),
        value: &mut Value,
        found: &mut BTreeMap<Target, Option<Change>>,
    ) {
        let Some(members) = self.schema(at).and_then(members) else { return };
        for keyword in ASSERTIONS {
            let Some(said) = members.get(keyword) else { continue };
            if is_vacuous(keyword, said, members.get("type")) {
                continue;
            }
            let names: Vec<Option<String>> = match (keyword, said) {
                ("required", Value::Array(names)) => {
                    names.iter().map(|name| name.as_str().map(str::to_owned)).collect()
                }
                ("type", _) => vec![None, Some(NULL.to_owned())],
                _ => vec![None],
            };
            for name in names {
                let target = (at.to_owned(), keyword, name);
                if found.get(&target).is_some_and(|known| known.as_ref().is_some_and(|change| change.named)) {
                    continue;
                }
                let change = self.break_keyword(&target, said, (base, instance), value);
                let entry = found.entry(target).or_default();
                if change.is_some() && !entry.as_ref().is_some_and(|known| known.named) {
                    *entry = change;
                }
            }
        }
    }

    /// Breaks a keyword at a place; the payload is changed in place, and changed back.
    fn break_keyword(
        &self,
        (at, keyword, name): &Target,
        said: &Value,
        (base, instance): (usize, &str),
        value: &mut Value,
    ) -> Option<Change> {
        let here = value.pointer(instance)?.clone();
        let source = self.lowered.source_pointer(&format!("{at}/{keyword}"));
        let mut refused = None;
        for mut candidate in self.candidates(at, keyword, said, name.as_deref(), &here) {
            std::mem::swap(value.pointer_mut(instance)?, &mut candidate);
            let violations = self.check.violations(value);
            let named = violations.iter().find(|violation| breaks(violation, keyword, &source, instance));
            if let Some(violation) = named.or(violations.first()) {
                let change = Change {
                    keyword: named.map_or_else(|| (*keyword).to_owned(), |_| violation.keyword.clone()),
                    schema_pointer: named.map_or_else(|| source.clone(), |_| violation.schema_pointer.clone()),
                    instance_pointer: instance.to_owned(),
                    named: named.is_some(),
                    base,
                    here: value.pointer(instance)?.clone(),
                };
                let done = change.named;
                refused = Some(change).filter(|_| done || refused.is_none()).or(refused);
            }
            std::mem::swap(value.pointer_mut(instance)?, &mut candidate);
            if refused.as_ref().is_some_and(|change| change.named) {
                break;
            }
        }
        refused
    }
}

/// Whether a keyword refuses nothing: a bound of zero, or a keyword for values of other types than the schema's.
fn is_vacuous(keyword: &str, said: &Value, named: Option<&Value>) -> bool {
    let about = match keyword {
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => {
            Types::of_keyword(&"number".into())
        }
        "minLength" | "maxLength" | "pattern" => Types::STRING,
        "minItems" | "maxItems" | "uniqueItems" | "contains" => Types::ARRAY,
        "minProperties" | "maxProperties" | "required" | "propertyNames" | "dependentRequired" => Types::OBJECT,
        _ => Types::of_keyword(&Value::Null),
    };
    let empty = match keyword {
        "minLength" | "minItems" | "minProperties" => said.as_f64() == Some(0.0),
        "uniqueItems" => *said == Value::Bool(false),
        "additionalProperties" | "unevaluatedProperties" => *said != Value::Bool(false),
        _ => false,
    };
    empty || named.is_some_and(|named| !Types::of_keyword(named).has(about))
}

/// Whether a violation is that of a keyword at a place.
fn breaks(violation: &Violation, keyword: &str, source: &str, instance: &str) -> bool {
    let of_format = matches!(keyword, "minimum" | "maximum") && violation.keyword == "format";
    let here = violation.instance_path == instance || violation.instance_path.starts_with(&format!("{instance}/"));
    let same = violation.schema_pointer == source
        || violation.schema_pointer.starts_with(&format!("{source}/"))
        || (of_format
            && source.rsplit_once('/').map(|(at, _)| format!("{at}/format")) == Some(violation.schema_pointer.clone()));
    here && same
}
