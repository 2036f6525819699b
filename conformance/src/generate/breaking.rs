//! Values that may break a keyword.

use serde_json::{Map, Value, json};

use super::Generator;
use super::choice::{Choices, Policy, SplitMix, Words};
use super::run::Run;
use super::shape::{Term, Types};

/// The longest text or array that is made to break an upper bound.
const LONGEST: u64 = 100_000;

impl Generator<'_> {
    /// Values that may break a keyword, the likeliest first.
    pub(super) fn candidates(
        &self,
        at: &str,
        keyword: &str,
        said: &Value,
        name: Option<&str>,
        here: &Value,
    ) -> Vec<Value> {
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
            ("dependentRequired", Value::Object(needs)) => lacking(needs, object),
            ("oneOf" | "anyOf", _) => {
                vec![Value::Object(Map::new()), Value::Object(self.fitting_all(&format!("{at}/{keyword}"), object))]
            }
            _ => Vec::new(),
        }
    }

    /// An object with what the alternatives at a place have: what fits several is refused as what fits none.
    fn fitting_all(&self, at: &str, object: &Map<String, Value>) -> Map<String, Value> {
        let alternatives = self.schema(at).and_then(Value::as_array).map_or(0, Vec::len);
        let mut all = object.clone();
        for made in (0..alternatives.min(8)).flat_map(|index| self.of_schema(&format!("{at}/{index}"))) {
            all.extend(made.as_object().cloned().into_iter().flatten());
        }
        all
    }
}

/// An object with each member that needs another, and without that other.
fn lacking(needs: &Map<String, Value>, object: &Map<String, Value>) -> Vec<Value> {
    let pairs = needs.iter().flat_map(|(name, needs)| {
        needs.as_array().into_iter().flatten().filter_map(Value::as_str).map(move |need| (name, need))
    });
    let lacking = pairs.map(|(name, need)| {
        let mut broken = object.clone();
        broken.remove(need);
        broken.entry(name.clone()).or_insert(Value::Null);
        Value::Object(broken)
    });
    lacking.collect()
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
