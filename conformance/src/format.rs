//! The `format`s that are asserted.
//!
//! JSON Schema 2020-12 takes `format` as a mere annotation; contracts do not. Text formats are
//! checked, number formats become bounds, and a format nobody knows is listed, never guessed.

pub(crate) mod time;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonschema::{Draft, EmailOptions, ValidationOptions};
use serde_json::{Map, Value};

/// Formats of the specification that constrain nothing a validator of JSON could see.
const ANNOTATIONS: [&str; 4] = ["password", "binary", "float", "double"];

/// What a format means on a schema.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// Checked on text.
    Text,
    /// Checked as these bounds on numbers.
    Bounds(i64, i64),
    /// Says something that cannot be checked.
    Annotation,
    /// Known to nobody.
    Unknown,
}

/// What `format: <name>` means beside `type: <kind>`.
pub(crate) fn meaning(name: &str, kind: Option<&str>) -> Meaning {
    let number = matches!(kind, Some("integer" | "number"));
    // Bounds leave alone what is no number.
    let bounded = number || kind.is_none();
    match name {
        "int32" if bounded => Meaning::Bounds(i64::from(i32::MIN), i64::from(i32::MAX)),
        "int64" if bounded => Meaning::Bounds(i64::MIN, i64::MAX),
        "decimal" if number => Meaning::Annotation,
        _ if ANNOTATIONS.contains(&name) => Meaning::Annotation,
        _ if matches!(kind, None | Some("string")) && is_text(name) => Meaning::Text,
        _ => Meaning::Unknown,
    }
}

fn is_text(name: &str) -> bool {
    matches!(name, "byte" | "decimal") || jsonschema::options().is_known_format(Draft::Draft202012, name)
}

/// Adds the checks that the validator does not bring along.
pub(crate) fn register(options: ValidationOptions<'_>) -> ValidationOptions<'_> {
    options
        .should_validate_formats(true)
        // A name before an address in angle brackets is a header field's, and no mailbox (RFC 5321, section 4.1.2).
        .with_email_options(EmailOptions::default().without_display_text())
        .with_format("byte", |text| STANDARD.decode(text).is_ok())
        .with_format("decimal", is_decimal)
}

/// A fixed-point decimal number: a sign, digits, a point, digits.
fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let numeric = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    numeric(whole) && numeric(fraction)
}

/// Narrows a schema to bounds; a bound that the schema states itself and that is tighter stays.
pub(crate) fn bound(schema: &mut Map<String, Value>, low: i64, high: i64) {
    let number = |schema: &Map<String, Value>, key: &str| schema.get(key).and_then(Value::as_f64);
    // Exact enough: the rounding of 64-bit bounds only decides which of two equal bounds is named.
    #[allow(clippy::cast_precision_loss)]
    let (lowest, highest) = (low as f64, high as f64);
    if number(schema, "minimum").is_none_or(|stated| stated < lowest) {
        schema.insert("minimum".to_owned(), low.into());
    }
    if number(schema, "maximum").is_none_or(|stated| stated > highest) {
        schema.insert("maximum".to_owned(), high.into());
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    #[test]
    fn a_format_means_what_its_type_makes_of_it() {
        assert_eq!(meaning("date-time", Some("string")), Meaning::Text);
        assert_eq!(meaning("uuid", None), Meaning::Text);
        assert_eq!(meaning("int32", Some("integer")), Meaning::Bounds(-2_147_483_648, 2_147_483_647));
        assert_eq!(meaning("int32", Some("string")), Meaning::Unknown);
        assert_eq!(meaning("double", Some("number")), Meaning::Annotation);
        assert_eq!(meaning("iso8601", Some("string")), Meaning::Unknown);
        assert_eq!(meaning("^\\d{4}$", Some("string")), Meaning::Unknown);
    }

    #[test]
    fn a_decimal_is_digits_with_an_optional_fraction() {
        for text in ["0", "-1.50", "+12.3", "100000000000000000000.01"] {
            assert!(is_decimal(text), "{text}");
        }
        for text in ["", ".5", "1.", "1e3", "1,5", "--1", "NaN", " 1"] {
            assert!(!is_decimal(text), "{text}");
        }
    }
}
