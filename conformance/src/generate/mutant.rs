//! Payloads that break one keyword each.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::choice::{Choices, Policy, SplitMix, Words};
use super::run::Run;
use super::shape::{Term, Types};
use super::{GenerateError, Generator, Mode, members};
use crate::violation::Violation;

/// The longest text or array that is made to break an upper bound.
const LONGEST: u64 = 100_000;

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

    /// Values that may break a keyword, the likeliest first.
    fn candidates(&self, at: &str, keyword: &str, said: &Value, name: Option<&str>, here: &Value) -> Vec<Value> {
        match here {
            Value::Object(object) => self.of_object(at, keyword, said, name, object),
            Value::Array(items) => of_array(keyword, said, items),
            Value::String(text) => of_text(keyword, said, text),
            Value::Number(number) => of_number(keyword, said, number.as_f64().unwrap_or_default()),
            _ => Vec::new(),
        }
        .into_iter()
        .chain(match keyword {
            "type" => others(said).into_iter().filter(|other| other.is_null() == name.is_some()).collect(),
            "enum" | "const" => {
                let listed = |value: &Value| said == value || said.as_array().is_some_and(|all| all.contains(value));
                unlisted(here).into_iter().filter(|value| !listed(value)).chain(others(&json!([]))).collect()
            }
            "oneOf" | "anyOf" => others(&json!([])),
            "not" => self.of_schema(&format!("{at}/not")),
            _ => Vec::new(),
        })
        .collect()
    }

    /// Values that a schema holds for.
    fn of_schema(&self, at: &str) -> Vec<Value> {
        let made = (0..4).filter_map(|seed| {
            let choices = Choices::new(Policy::Drawn, Words::Seeded(SplitMix(seed)));
            Run::new(self, choices, true).value(&[Term::holds(at)], None).ok()
        });
        made.collect()
    }

    fn of_object(
        &self,
        at: &str,
        keyword: &str,
        said: &Value,
        name: Option<&str>,
        object: &Map<String, Value>,
    ) -> Vec<Value> {
        let with = |names: &mut dyn Iterator<Item = String>| {
            let mut more = object.clone();
            more.extend(names.map(|name| (name, Value::Null)));
            Value::Object(more)
        };
        let without = |names: &[&str]| {
            let mut less = object.clone();
            less.retain(|name, _| !names.contains(&name.as_str()));
            Value::Object(less)
        };
        match (keyword, said) {
            ("required", _) => name.map(|name| without(&[name])).into_iter().collect(),
            ("additionalProperties" | "unevaluatedProperties", _) => {
                ["unknownProperty", "\u{fffd}"].map(|name| with(&mut std::iter::once(name.to_owned()))).into()
            }
            ("propertyNames", _) => {
                let odd = ["\u{fffd}".to_owned(), String::new(), "0 ".repeat(2000), "a".into(), "A".into()];
                odd.map(|name| with(&mut std::iter::once(name))).into()
            }
            ("minProperties", _) => {
                let names: Vec<&str> = object.keys().map(String::as_str).collect();
                let keep = count(said).saturating_sub(1);
                vec![without(names.get(keep..).unwrap_or_default())]
            }
            ("maxProperties", _) => {
                let more = (count(said) + 1).saturating_sub(object.len());
                vec![with(&mut (0..more).map(|index| format!("more{index}")))]
            }
            ("dependentRequired", Value::Object(map)) => {
                let pairs = map.iter().flat_map(|(name, needs)| {
                    needs.as_array().into_iter().flatten().filter_map(Value::as_str).map(move |need| (name, need))
                });
                pairs
                    .map(|(name, need)| {
                        let mut broken = object.clone();
                        broken.remove(need);
                        broken.entry(name.clone()).or_insert(Value::Null);
                        Value::Object(broken)
                    })
                    .collect()
            }
            ("oneOf" | "anyOf", _) => {
                // What fits several alternatives is refused as what fits none.
                let all = self.schema(&format!("{at}/{keyword}")).and_then(Value::as_array).map_or(0, Vec::len);
                let mut both = object.clone();
                for index in 0..all.min(8) {
                    for made in self.of_schema(&format!("{at}/{keyword}/{index}")) {
                        both.extend(made.as_object().cloned().into_iter().flatten());
                    }
                }
                vec![Value::Object(Map::new()), Value::Object(both)]
            }
            _ => Vec::new(),
        }
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

fn count(said: &Value) -> usize {
    usize::try_from(said.as_u64().unwrap_or(u64::MAX).min(LONGEST)).unwrap_or_default()
}

/// A value of each type that is not named.
fn others(named: &Value) -> Vec<Value> {
    let named = if named.as_array().is_some_and(Vec::is_empty) { &Value::Null } else { named };
    let types = if named.is_null() { Types::of_keyword(&json!([])) } else { Types::of_keyword(named) };
    let all =
        [json!(null), json!("\u{fffd}"), json!(true), json!(-0.5), json!(7), json!([[]]), json!({"\u{fffd}": []})];
    all.into_iter().filter(|other| !types.has(Types::of(other))).collect()
}

/// Values of the same type that nobody lists.
fn unlisted(here: &Value) -> Vec<Value> {
    match here {
        Value::String(text) => vec!["UNLISTED_VALUE".into(), format!("{text}\u{fffd}").into()],
        Value::Number(number) => vec![json!(number.as_f64().unwrap_or_default() + 7919.0), json!(-987_654_321)],
        Value::Bool(flag) => vec![json!(!flag)],
        _ => Vec::new(),
    }
}

fn of_array(keyword: &str, said: &Value, items: &[Value]) -> Vec<Value> {
    match keyword {
        "minItems" => vec![items[..count(said).saturating_sub(1).min(items.len())].into()],
        "maxItems" if said.as_u64().is_some_and(|most| most < LONGEST) => {
            let item = |index: usize| items.get(index % items.len().max(1)).cloned().unwrap_or(Value::Null);
            vec![(0..=count(said)).map(item).collect()]
        }
        "uniqueItems" => {
            let twice = items.first().cloned().unwrap_or(Value::Null);
            let first = [twice.clone(), twice.clone()];
            vec![items.iter().cloned().chain([twice]).collect(), first.into_iter().collect()]
        }
        "contains" => {
            let many: Value = (0..64).filter_map(|_| items.first().cloned()).collect();
            vec![json!([]), json!([null, null, null]), json!(["\u{fffd}"]), many]
        }
        _ => Vec::new(),
    }
}

fn of_text(keyword: &str, said: &Value, text: &str) -> Vec<Value> {
    match keyword {
        "minLength" => vec![text.chars().take(count(said).saturating_sub(1)).collect::<String>().into()],
        "maxLength" if said.as_u64().is_some_and(|most| most < LONGEST) => {
            let last = text.chars().last().unwrap_or('a');
            let longer =
                |fill: char| text.chars().chain(std::iter::repeat(fill)).take(count(said) + 1).collect::<String>();
            vec![longer(last).into(), longer('0').into(), longer('a').into()]
        }
        "pattern" => {
            let odd = ["\u{fffd}", "", " ", "!", "0", "a", "\n", "\u{1f600}\u{1f600}"];
            let near = [format!("{text}\u{fffd}"), format!("\u{fffd}{text}"), text.replace(char::is_alphanumeric, "~")];
            odd.into_iter().map(Value::from).chain(near.into_iter().map(Value::from)).collect()
        }
        "format" => {
            let odd = ["\u{fffd} not of this format", "", "%%%", "::", "{\n", "[", "\\"];
            odd.into_iter().map(Value::from).collect()
        }
        _ => Vec::new(),
    }
}

fn of_number(keyword: &str, said: &Value, number: f64) -> Vec<Value> {
    let limit = said.as_f64().unwrap_or_default();
    // Far enough for a bound that has no neighbour in double precision.
    let far = limit.abs() * 4.0 + 1e19;
    let whole = |value: f64| Value::from(value);
    let next = |step: i64| said.as_i64().and_then(|limit| limit.checked_add(step)).map(Value::from);
    match keyword {
        "minimum" => next(-1).into_iter().chain([whole(limit - 1.0), whole(-far)]).collect(),
        "maximum" => next(1).into_iter().chain([whole(limit + 1.0), whole(far)]).collect(),
        "exclusiveMinimum" => vec![said.clone(), whole(limit - 1.0)],
        "exclusiveMaximum" => vec![said.clone(), whole(limit + 1.0)],
        "multipleOf" => vec![whole(number + limit / 2.0), whole(number + limit / 3.0), json!(0.123_456_7)],
        "format" => vec![whole(-far), whole(far)],
        _ => Vec::new(),
    }
}
