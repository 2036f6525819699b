//! Constraints of a request that no type holds, checked when it is sent.
//!
//! A schema may bound the length of a list, or be shared by requests and answers: then its type must
//! not refuse anything. What is received is read liberally all the same, and what is sent is checked
//! here.

mod alternatives;

use std::cmp::Ordering;

use serde::Serialize;
use serde_json::{Number, Value};

pub use self::alternatives::{Alternatives, JsonType, Shape};
use crate::constrained::{ConstraintError, Pattern, Violation};

/// What must hold of a JSON value (the words of JSON Schema 2020-12, validation, section 6). Called by
/// generated code, which has one for each request that needs it.
#[derive(Debug)]
pub struct Rules {
    /// Fewest Unicode scalar values of a text.
    pub min_length: Option<usize>,
    /// Most Unicode scalar values of a text.
    pub max_length: Option<usize>,
    /// The ECMA-262 expression that a text matches.
    pub pattern: Option<Pattern>,
    /// The least number, as JSON writes it, and whether it is excluded.
    pub minimum: Option<(&'static str, bool)>,
    /// The greatest number, as JSON writes it, and whether it is excluded.
    pub maximum: Option<(&'static str, bool)>,
    /// What a number is a multiple of.
    pub multiple_of: Option<f64>,
    /// Fewest items of a list.
    pub min_items: Option<usize>,
    /// Most items of a list.
    pub max_items: Option<usize>,
    /// Whether no two items of a list are equal.
    pub unique_items: bool,
    /// Fewest members of an object.
    pub min_properties: Option<usize>,
    /// Most members of an object.
    pub max_properties: Option<usize>,
    /// What holds of each item of a list.
    pub items: Option<&'static Rules>,
    /// What holds of each member of an object that is not among `members`.
    pub values: Option<&'static Rules>,
    /// What holds of the members of an object, by name.
    pub members: &'static [(&'static str, &'static Rules)],
    /// What holds as well.
    pub all: &'static [&'static Rules],
    /// What holds of a value that is one of several.
    pub alternatives: Option<&'static Alternatives>,
}

impl Rules {
    /// Nothing.
    pub const NONE: Self = Self {
        min_length: None,
        max_length: None,
        pattern: None,
        minimum: None,
        maximum: None,
        multiple_of: None,
        min_items: None,
        max_items: None,
        unique_items: false,
        min_properties: None,
        max_properties: None,
        items: None,
        values: None,
        members: &[],
        all: &[],
        alternatives: None,
    };
}

/// Checks a value that is about to be sent. `None` and null break nothing: whether they may stand is
/// the type's business. Called by generated code.
///
/// # Errors
/// The first rule that is broken; the error names the place, such as `body.items[2].name`, and never
/// shows the value.
pub fn check<T: Serialize>(place: &str, value: &T, rules: &'static Rules) -> Result<(), ConstraintError> {
    let json = serde_json::to_value(value).map_err(|_| ConstraintError::at(place.to_owned(), Violation::NotJson))?;
    visit(&mut place.to_owned(), &json, rules)
}

fn visit(place: &mut String, value: &Value, rules: &'static Rules) -> Result<(), ConstraintError> {
    let broken = match value {
        Value::String(text) => text_violation(text, rules),
        Value::Number(number) => number_violation(number, rules),
        Value::Array(items) => items_violation(items, rules),
        Value::Object(members) => match (rules.min_properties, rules.max_properties) {
            (Some(min), _) if members.len() < min => Some(Violation::MinProperties(min)),
            (_, Some(max)) if members.len() > max => Some(Violation::MaxProperties(max)),
            _ => None,
        },
        Value::Null | Value::Bool(_) => None,
    };
    if let Some(violation) = broken {
        return Err(ConstraintError::at(place.clone(), violation));
    }
    rules.all.iter().try_for_each(|rules| visit(place, value, rules))?;
    alternative(place, value, rules)?;
    within(place, value, rules)
}

/// Where a value may be several of the alternatives and none of them holds, the first one says why.
fn alternative(place: &mut String, value: &Value, rules: &'static Rules) -> Result<(), ConstraintError> {
    let length = place.len();
    let mut first = Ok(());
    if value.is_null() {
        return Ok(());
    }
    for rules in rules.alternatives.map(|alternatives| alternatives.of(value)).unwrap_or_default() {
        let outcome = visit(place, value, rules);
        place.truncate(length);
        if outcome.is_ok() {
            return Ok(());
        }
        first = first.and(outcome);
    }
    first
}

/// Visits the items of a list and the members of an object.
fn within(place: &mut String, value: &Value, rules: &'static Rules) -> Result<(), ConstraintError> {
    let length = place.len();
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let Some(rules) = rules.items else { break };
                place.push_str(&format!("[{index}]"));
                visit(place, item, rules)?;
                place.truncate(length);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let known = rules.members.iter().find(|(known, _)| known == name);
                // A free key may be an account number, so it is not told.
                let (shown, rules) = match (known, rules.values) {
                    (Some((name, rules)), _) => (*name, *rules),
                    (None, Some(rules)) => ("*", rules),
                    (None, None) => continue,
                };
                place.push('.');
                place.push_str(shown);
                visit(place, member, rules)?;
                place.truncate(length);
            }
        }
        _ => {}
    }
    Ok(())
}

/// Length before pattern, because a pattern may cost time that grows with the text.
fn text_violation(text: &str, rules: &'static Rules) -> Option<Violation> {
    let length = text.chars().count();
    match (rules.min_length, rules.max_length, rules.pattern) {
        (Some(min), _, _) if length < min => Some(Violation::MinLength(min)),
        (_, Some(max), _) if length > max => Some(Violation::MaxLength(max)),
        (_, _, Some(pattern)) => match pattern.matches(text) {
            None => Some(Violation::InvalidPattern(pattern.as_str())),
            Some(false) => Some(Violation::Pattern(pattern.as_str())),
            Some(true) => None,
        },
        _ => None,
    }
}

fn number_violation(number: &Number, rules: &'static Rules) -> Option<Violation> {
    let beyond = |(bound, excluded): (&str, bool), side: Ordering| match compare(number, bound) {
        Some(Ordering::Equal) => excluded,
        order => order == Some(side),
    };
    let remainder = |step: f64| {
        let steps = number.as_f64().unwrap_or_default() / step;
        (steps - steps.round()).abs() > 1e-9 * steps.abs().max(1.0)
    };
    match (rules.minimum, rules.maximum, rules.multiple_of) {
        (Some(bound), _, _) if beyond(bound, Ordering::Less) => Some(Violation::Below(bound.0.to_owned())),
        (_, Some(bound), _) if beyond(bound, Ordering::Greater) => Some(Violation::Above(bound.0.to_owned())),
        (_, _, Some(step)) if remainder(step) => Some(Violation::MultipleOf(step.to_string())),
        _ => None,
    }
}

/// Compares a number with a bound: exactly where both are integers, as a binary float does not hold those of 64 bits.
fn compare(number: &Number, bound: &str) -> Option<Ordering> {
    match (number.as_i128(), bound.parse::<i128>()) {
        (Some(number), Ok(bound)) => Some(number.cmp(&bound)),
        _ => number.as_f64()?.partial_cmp(&bound.parse().ok()?),
    }
}

fn items_violation(items: &[Value], rules: &'static Rules) -> Option<Violation> {
    let repeated = || items.iter().enumerate().any(|(index, item)| items[..index].contains(item));
    match (rules.min_items, rules.max_items) {
        (Some(min), _) if items.len() < min => Some(Violation::MinItems(min)),
        (_, Some(max)) if items.len() > max => Some(Violation::MaxItems(max)),
        _ if rules.unique_items && repeated() => Some(Violation::UniqueItems),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    static LEAF: Rules = Rules { max_length: Some(3), pattern: Some(Pattern::new("^[a-z]+$")), ..Rules::NONE };
    static TREE: Rules = Rules {
        members: &[
            ("name", &LEAF),
            (
                "list",
                &Rules {
                    min_items: Some(1),
                    max_items: Some(2),
                    unique_items: true,
                    items: Some(&LEAF),
                    ..Rules::NONE
                },
            ),
            (
                "rate",
                &Rules {
                    minimum: Some(("0", true)),
                    maximum: Some(("1.0", false)),
                    multiple_of: Some(0.01),
                    ..Rules::NONE
                },
            ),
            ("child", &TREE),
        ],
        values: Some(&Rules { max_properties: Some(1), min_properties: Some(1), ..Rules::NONE }),
        all: &[&Rules { max_properties: Some(4), ..Rules::NONE }],
        ..Rules::NONE
    };
    fn broken(value: Value) -> Option<String> {
        check("body", &value, &TREE).err().map(|error| error.to_string())
    }

    #[test]
    fn what_keeps_the_rules_passes() {
        assert_eq!(broken(json!({ "name": "abc", "list": ["a", "b"], "rate": 0.07, "child": { "rate": 1 } })), None);
        assert_eq!(broken(json!({ "name": null, "list": null, "other": { "x": 1 } })), None);
        assert_eq!(check("limit", &None::<Vec<String>>, &TREE), Ok(()));
    }

    #[test]
    fn bounds_of_integers_are_exact() {
        static EXACT: Rules = Rules {
            minimum: Some(("-9007199254740993", false)),
            maximum: Some(("18446744073709551615", true)),
            ..Rules::NONE
        };
        assert_eq!(check("n", &(u64::MAX - 1), &EXACT), Ok(()));
        assert!(check("n", &u64::MAX, &EXACT).is_err());
        assert_eq!(check("n", &-9_007_199_254_740_993_i64, &EXACT), Ok(()));
        assert!(check("n", &-9_007_199_254_740_994_i64, &EXACT).is_err());
        assert!(check("n", &1e20, &EXACT).is_err());
    }

    #[test]
    fn what_breaks_a_rule_is_named_by_its_place_and_not_shown() {
        for (value, expected) in [
            (json!({ "name": "abcd" }), "body.name: longer than 3 characters"),
            (json!({ "name": "A1" }), "body.name: does not match the pattern ^[a-z]+$"),
            (json!({ "list": [] }), "body.list: fewer than 1 items"),
            (json!({ "list": ["a", "b", "c"] }), "body.list: more than 2 items"),
            (json!({ "list": ["a", "a"] }), "body.list: two items are equal"),
            (json!({ "list": ["a", "B"] }), "body.list[1]: does not match the pattern ^[a-z]+$"),
            (json!({ "rate": 0 }), "body.rate: not within the bound 0"),
            (json!({ "rate": 1.5 }), "body.rate: not within the bound 1.0"),
            (json!({ "rate": 0.075 }), "body.rate: not a multiple of 0.01"),
            (
                json!({ "child": { "child": { "name": "" } } }),
                "body.child.child.name: does not match the pattern ^[a-z]+$",
            ),
            (json!({ "40123456": {} }), "body.*: fewer than 1 members"),
            (
                json!({ "1": {"a": 1}, "2": {"a": 1}, "3": {"a": 1}, "4": {"a": 1}, "5": {"a": 1} }),
                "body: more than 4 members",
            ),
        ] {
            assert_eq!(broken(value).as_deref(), Some(expected));
        }
    }
}
