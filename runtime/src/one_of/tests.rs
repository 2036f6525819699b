//! Unions as they are read.

#![allow(clippy::unwrap_used)]

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::Decimal;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Account {
    iban: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    limit: Option<Decimal>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Card {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pan: Option<String>,
}

crate::one_of! {
    enum Source {
        Text(String),
        Number(i64),
        Card(Card),
        Account(Account),
        List(Vec<Source>),
    }
}

crate::one_of! {
    enum Tagged (tag = "kind", catch_all = Unknown) {
        Account(Account) = ["account"],
        Card(Box<Card>) = ["card", "virtual\u{e9}"],
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Holder {
    #[serde(flatten)]
    members: std::collections::BTreeMap<String, Source>,
}

#[test]
fn the_alternative_is_the_one_that_keeps_most() {
    for (json, expected) in [
        (r#""x""#, "Text"),
        ("7", "Number"),
        (r#"{"pan":"1"}"#, "Card"),
        (r#"{"iban":"GB1","limit":0.10}"#, "Account"),
        (r#"{"iban":"GB1","more":true}"#, "Account"),
        (r#"["x",["y",1]]"#, "List"),
    ] {
        let source: Source = serde_json::from_str(json).unwrap();
        assert!(format!("{source:?}").starts_with(expected), "{source:?}");
    }
    let error = serde_json::from_str::<Source>("true").unwrap_err().to_string();
    assert!(error.starts_with("not one of the alternatives of Source"), "{error}");
}

#[test]
fn numbers_keep_their_digits() {
    let json = r#"{"iban":"GB1","limit":12345678901234567890.12}"#;
    let source: Source = serde_json::from_str(json).unwrap();
    assert_eq!(serde_json::to_string(&source).unwrap(), json);
}

#[test]
fn the_tag_decides_and_an_unlisted_one_survives() {
    let read = |json: &str| serde_json::from_str::<Tagged>(json);
    assert!(matches!(read(r#"{"kind":"virtual\u00e9","pan":"1"}"#).unwrap(), Tagged::Card(_)));
    let text = r#"{"n":[1.10],"kind":"cash","pan":"4111"}"#;
    let unknown = read(text).unwrap();
    assert_eq!(serde_json::to_string(&unknown).unwrap(), text);
    assert_eq!(format!("{unknown:?}"), "Unknown(Unlisted(..))");
    assert!(matches!(read(r#"{"iban":"GB1"}"#).unwrap(), Tagged::Account(_)), "without a tag, by trial");
    assert!(read(r#"{"kind":"account"}"#).is_err(), "the tag is believed");
}

#[test]
fn values_may_come_from_any_deserializer() {
    let value = json!({ "a": { "pan": "1" }, "b": 2 });
    let holder: Holder = serde_json::from_value(value.clone()).unwrap();
    assert_eq!(serde_json::to_value(&holder).unwrap(), value);
}

#[test]
fn the_largest_numbers_are_told_apart_too() {
    for json in [r#"{"iban":"GB1","limit":1e400}"#, r#"{"iban":"GB1","more":1e400}"#] {
        let source: Source = serde_json::from_str(json).unwrap();
        assert!(matches!(source, Source::Account(_)), "{source:?}");
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct And {
    of: Vec<Rule>,
    and: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Or {
    of: Vec<Rule>,
    or: bool,
}

crate::one_of! {
    enum Rule {
        And(And),
        Or(Or),
    }
}

/// Nested so deep that each level twice as much would never end.
fn nested(leaf: &str) -> String {
    (0..60).fold(leaf.to_owned(), |inner, _| format!(r#"{{"of":[{inner}],"or":true}}"#))
}

#[test]
fn a_value_made_to_be_ambiguous_takes_no_time_without_end() {
    let error = serde_json::from_str::<Rule>(&nested("7")).unwrap_err().to_string();
    assert!(error.contains("too much to try for the alternatives of Rule"), "{error}");
    assert!(serde_json::from_str::<Rule>(r#"{"of":[],"or":true}"#).is_ok(), "the next value has a bound of its own");
}

#[test]
fn a_tag_that_is_missing_or_no_text_is_named() {
    for json in ["7", r#"{"kind":7,"pan":[]}"#, r#"{"kind":null,"pan":[]}"#, r#"{"pan":[]}"#] {
        let error = serde_json::from_str::<Tagged>(json).unwrap_err().to_string();
        assert!(error.contains("alternatives of Tagged, for want of a `kind` that is text"), "{error}");
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Filter {
    kind: String,
    not: Option<Box<Condition>>,
}

crate::one_of! {
    enum Condition (tag = "kind", catch_all = Unknown) {
        Filter(Filter) = ["not"],
    }
}

/// An answer must not be able to use up the stack.
#[test]
fn a_value_that_is_nested_without_end_is_refused() {
    const LEVELS: usize = 200_000;
    let lists = format!("{}{}", "[".repeat(LEVELS), "]".repeat(LEVELS));
    let error = serde_json::from_str::<Source>(&format!(r#"{{"pan":"1", "more":{lists}}}"#)).unwrap_err();
    assert!(error.to_string().starts_with("nested deeper than 128 levels"), "{error}");
    assert!(serde_json::from_str::<Source>(&lists).is_err());

    let conditions = format!("{}null{}", r#"{"kind":"not","not":"#.repeat(LEVELS), "}".repeat(LEVELS));
    assert!(serde_json::from_str::<Condition>(&conditions).is_err());
    let wide = format!("[{}]", vec![r#"{"pan":"[[[[\"{{{{"}"#; 1000].join(", "));
    assert!(serde_json::from_str::<Source>(&wide).is_ok(), "brackets within text are none, and siblings no levels");
}
