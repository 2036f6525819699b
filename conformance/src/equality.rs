//! Whether two JSON values are the same, and where they are not.
//!
//! Numbers are compared by what they are worth (`1`, `1.0` and `1e0` are one number); everything
//! else exactly: text by character, and an absent property is not a `null` one.

use obkit_codegen::load::escape_token;
use serde_json::{Number, Value};

/// A place where two values differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where; a JSON pointer.
    pub pointer: String,
    /// How, without the values.
    pub what: &'static str,
}

/// All places where `actual` differs from `expected`; empty when they are the same.
#[must_use]
pub fn differences(expected: &Value, actual: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(expected, actual, &mut String::new(), &mut found);
    found
}

fn compare(expected: &Value, actual: &Value, pointer: &mut String, found: &mut Vec<Difference>) {
    match (expected, actual) {
        (Value::Object(left), Value::Object(right)) => {
            for (name, value) in left {
                within(pointer, &escape_token(name), |pointer| match right.get(name) {
                    Some(other) => compare(value, other, pointer, found),
                    None => differ(pointer, "is lost", found),
                });
            }
            for name in right.keys().filter(|name| !left.contains_key(*name)) {
                within(pointer, &escape_token(name), |pointer| differ(pointer, "is added", found));
            }
        }
        (Value::Array(left), Value::Array(right)) => {
            if left.len() != right.len() {
                differ(pointer, "has another length", found);
            }
            for (index, (value, other)) in left.iter().zip(right).enumerate() {
                within(pointer, &index.to_string(), |pointer| compare(value, other, pointer, found));
            }
        }
        (Value::Number(left), Value::Number(right)) => {
            if left != right && decimal(left) != decimal(right) {
                differ(pointer, "is another number", found);
            }
        }
        _ if expected == actual => {}
        _ if std::mem::discriminant(expected) == std::mem::discriminant(actual) => {
            differ(pointer, "is another value", found)
        }
        _ => differ(pointer, "is of another type", found),
    }
}

fn within(pointer: &mut String, token: &str, then: impl FnOnce(&mut String)) {
    let length = pointer.len();
    pointer.push('/');
    pointer.push_str(token);
    then(pointer);
    pointer.truncate(length);
}

fn differ(pointer: &str, what: &'static str, found: &mut Vec<Difference>) {
    found.push(Difference { pointer: pointer.to_owned(), what });
}

/// Sign, digits without zeros at either end, and exponent: one form for every way to write a number.
fn decimal(number: &Number) -> (bool, String, i64) {
    let text = number.to_string();
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((&text, "0"));
    let (negative, mantissa) = mantissa.strip_prefix('-').map_or((false, mantissa), |rest| (true, rest));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_start_matches('0').trim_end_matches('0');
    if significant.is_empty() {
        return (false, String::new(), 0);
    }
    let trailing = digits.len() - digits.trim_end_matches('0').len();
    let scale = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
    let exponent = exponent.trim_start_matches('+').parse::<i64>().unwrap_or_default();
    (negative, significant.to_owned(), exponent.saturating_add(scale(trailing)).saturating_sub(scale(fraction.len())))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use serde_json::json;

    use super::*;

    fn parse(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn numbers_are_compared_by_worth() {
        for (left, right) in [("1", "1.0"), ("1e2", "100"), ("0", "-0.0"), ("1.50", "1.5"), ("[1200]", "[1.2e3]")] {
            assert_eq!(differences(&parse(left), &parse(right)), [], "{left} {right}");
        }
        assert_eq!(differences(&parse("1"), &parse("10"))[0].what, "is another number");
        assert_eq!(differences(&parse("-1"), &parse("1")).len(), 1);
    }

    #[test]
    fn everything_else_is_compared_exactly() {
        let expected = json!({"a": null, "b": "1", "c": [1, 2], "d/e": {"f": true}});
        let actual = json!({"b": 1, "c": [1], "d/e": {"f": false}, "g": null});
        let found: Vec<_> =
            differences(&expected, &actual).into_iter().map(|d| format!("{} {}", d.pointer, d.what)).collect();
        assert_eq!(
            found,
            ["/a is lost", "/b is of another type", "/c has another length", "/d~1e/f is another value", "/g is added"]
        );
    }
}
