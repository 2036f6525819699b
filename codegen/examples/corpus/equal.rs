//! Whether two JSON texts have one value.
//!
//! Numbers are compared as decimals, digit by digit: `1.0` is `1`, and `0.1` is not what a float makes of it.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// The pointer of the first place where two texts differ, and how; nothing when they are equal.
pub(crate) fn difference(sent: &str, came_back: &str) -> Result<Option<String>, serde_json::Error> {
    let (sent, came_back) = (serde_json::from_str(sent)?, serde_json::from_str(came_back)?);
    let mut pointer = String::new();
    Ok(differ(sent, came_back, &mut pointer)?.map(|how| match pointer.as_str() {
        "" => format!("the whole value {how}"),
        at => format!("{at} {how}"),
    }))
}

/// How two values differ; the pointer then leads to the place.
fn differ(sent: &RawValue, came_back: &RawValue, pointer: &mut String) -> Result<Option<String>, serde_json::Error> {
    let (sent, came_back) = (sent.get().trim(), came_back.get().trim());
    let (kind, other) = (kind(sent), self::kind(came_back));
    if kind != other {
        return Ok(Some(format!("was {kind} and came back as {other}")));
    }
    let same = match kind {
        "an object" => return objects(serde_json::from_str(sent)?, serde_json::from_str(came_back)?, pointer),
        "a list" => {
            return lists(&serde_json::from_str::<Vec<_>>(sent)?, &serde_json::from_str::<Vec<_>>(came_back)?, pointer);
        }
        "text" => serde_json::from_str::<String>(sent)? == serde_json::from_str::<String>(came_back)?,
        "a number" => Decimal::of(sent) == Decimal::of(came_back),
        _ => sent == came_back,
    };
    Ok((!same).then(|| "came back as another value".to_owned()))
}

fn kind(json: &str) -> &'static str {
    match json.as_bytes().first() {
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b'"') => "text",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        _ => "a number",
    }
}

fn objects(
    sent: BTreeMap<String, &RawValue>,
    mut came_back: BTreeMap<String, &RawValue>,
    pointer: &mut String,
) -> Result<Option<String>, serde_json::Error> {
    let length = pointer.len();
    for (name, sent) in &sent {
        step(pointer, length, name);
        let Some(came_back) = came_back.remove(name) else { return Ok(Some("did not come back".to_owned())) };
        if let Some(how) = differ(sent, came_back, pointer)? {
            return Ok(Some(how));
        }
    }
    if let Some(name) = came_back.keys().next() {
        step(pointer, length, name);
        return Ok(Some("came back, but was not sent".to_owned()));
    }
    pointer.truncate(length);
    Ok(None)
}

fn lists(
    sent: &[&RawValue],
    came_back: &[&RawValue],
    pointer: &mut String,
) -> Result<Option<String>, serde_json::Error> {
    if sent.len() != came_back.len() {
        return Ok(Some(format!("had {} items and came back with {}", sent.len(), came_back.len())));
    }
    let length = pointer.len();
    for (index, (sent, came_back)) in sent.iter().zip(came_back).enumerate() {
        step(pointer, length, &index.to_string());
        if let Some(how) = differ(sent, came_back, pointer)? {
            return Ok(Some(how));
        }
    }
    pointer.truncate(length);
    Ok(None)
}

/// Makes a pointer lead from a place, which is its first bytes, to a member of it.
fn step(pointer: &mut String, length: usize, name: &str) {
    pointer.truncate(length);
    pointer.push('/');
    pointer.push_str(&obkit_codegen::load::escape_token(name));
}

/// A JSON number without its notation: the digits that count, and the power of ten of the last one.
#[derive(Debug, PartialEq)]
struct Decimal {
    negative: bool,
    digits: String,
    exponent: i128,
}

impl Decimal {
    fn of(number: &str) -> Self {
        let (negative, number) = number.strip_prefix('-').map_or((false, number), |number| (true, number));
        let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        let digits = all.trim_end_matches('0');
        let dropped = all.len() - digits.len();
        let digits = digits.trim_start_matches('0').to_owned();
        if digits.is_empty() {
            return Self { negative: false, digits, exponent: 0 };
        }
        // No payload is as long as to make these saturate, and no exponent beyond them is told apart.
        let stated: i128 = exponent.parse().unwrap_or(if exponent.starts_with('-') { i128::MIN } else { i128::MAX });
        let places = i128::try_from(fraction.len()).unwrap_or(0) - i128::try_from(dropped).unwrap_or(0);
        Self { negative, digits, exponent: stated.saturating_sub(places) }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::difference;

    #[test]
    fn notation_and_order_do_not_matter() {
        for (one, other) in [
            (r#"{"a": 1, "b": [true, null]}"#, r#"{"b":[true,null],"a":1.0}"#),
            ("[100, 0.10, 1E2, -0, 0e9]", "[1e2, 1e-1, 100.0, 0, 0]"),
            (r#""\u00e9""#, "\"é\""),
            ("123456789012345678901234567890.10", "123456789012345678901234567890.1"),
        ] {
            assert_eq!(difference(one, other).unwrap(), None, "{one} {other}");
        }
    }

    #[test]
    fn the_first_place_that_differs_is_named() {
        for (one, other, how) in [
            ("0.1", "0.1000000000000000055", "the whole value came back as another value"),
            ("1e400", "1e401", "the whole value came back as another value"),
            (r#"{"a/b": [1, "1"]}"#, r#"{"a/b": [1, 1]}"#, "/a~1b/1 was text and came back as a number"),
            (r#"{"a": {}, "b": 1}"#, r#"{"a": {}}"#, "/b did not come back"),
            (r#"{"a": {}}"#, r#"{"a": {"b": null}}"#, "/a/b came back, but was not sent"),
            ("[[], [1]]", "[[], []]", "/1 had 1 items and came back with 0"),
        ] {
            assert_eq!(difference(one, other).unwrap().as_deref(), Some(how), "{one} {other}");
        }
    }
}
