//! Unions as they are read.

#![allow(clippy::unwrap_used, dead_code, unreachable_pub)]

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
    enum Source (catch_all = Unknown) {
        Text(String),
        Number(i64): Whole,
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
        ("1.0", "Number(1)"),
        ("1.5", "Unknown(Unlisted(..))"),
        ("true", "Unknown(Unlisted(..))"),
        ("null", "Unknown(Unlisted(..))"),
    ] {
        let source: Source = serde_json::from_str(json).unwrap();
        assert!(format!("{source:?}").starts_with(expected), "{source:?}");
        let again = serde_json::to_string(&source).unwrap();
        assert_eq!(serde_json::from_str::<Source>(&again).unwrap(), source, "{again}");
    }
}

crate::open_enum! {
    enum Colour {
        Red = "red",
    }
}

crate::open_enum! {
    enum Size {
        Large = "large",
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Wine {
    colour: Option<Colour>,
    grape: Option<String>,
    more: crate::Undeclared,
}

#[derive(Clone, Debug, PartialEq)]
struct Shirt {
    colour: Option<Size>,
    bought: Option<crate::Date>,
    fabric: Option<Fabric>,
    more: crate::Undeclared,
}

#[derive(Clone, Debug, PartialEq)]
struct Prices {
    colour: Option<String>,
    bought: Option<String>,
    of: std::collections::BTreeMap<String, i64>,
}

crate::members! { Wine { colour ?= "colour", grape ?= "grape"; ..more } }
crate::members! { Shirt { colour ?= "colour", bought ?= "bought", fabric ?= "fabric"; ..more } }
crate::members! { Prices { colour ?= "colour", bought ?= "bought"; ..of: Whole } }

crate::one_of! {
    enum Fabric (catch_all = Unknown) {
        Code(i64): Whole,
    }
}

crate::one_of! {
    enum Goods (catch_all = Unknown) {
        Wine(Wine),
        Shirt(Shirt),
        Prices(Prices),
    }
}

/// Every shape takes every object, and gives all of it back.
#[test]
fn the_alternative_is_the_one_that_knows_most_by_name() {
    for (json, expected) in [
        (r#"{"grape":"Riesling"}"#, "Wine"),
        (r#"{"fabric":1}"#, "Shirt"),
        (r#"{"fabric":1,"added":{"later":1}}"#, "Shirt"),
        (r#"{"colour":"red"}"#, "Wine"),
        (r#"{"colour":"large"}"#, "Shirt"),
        (r#"{"bought":"2026-01-31"}"#, "Shirt"),
        (r#"{"bought":"yesterday"}"#, "Prices"),
        (r#"{"fabric":1.0,"grape":1}"#, "Shirt"),
        (r#"{"wool":1,"silk":2.0}"#, "Prices"),
        (r#"{"grape":"Riesling","fabric":{}}"#, "Wine"),
    ] {
        let goods: Goods = serde_json::from_str(json).unwrap();
        assert!(format!("{goods:?}").starts_with(expected), "{json} {goods:?}");
    }
}

crate::one_of! {
    enum Version (tag = "version", catch_all = Unknown) {
        One(Card) = [1],
        Two(Card) = [2, "two", true],
        Other(Account),
    }
}

#[test]
fn a_tag_is_text_a_number_or_a_word_and_what_has_none_is_tried() {
    for (json, expected) in [
        (r#"{"version":1,"pan":"1"}"#, "One"),
        (r#"{"version":1.0,"pan":"1"}"#, "One"),
        (r#"{"version":2,"pan":"1"}"#, "Two"),
        (r#"{"version":"two"}"#, "Two"),
        (r#"{"version":true}"#, "Two"),
        (r#"{"version":"1","iban":"GB1"}"#, "Other"),
        (r#"{"version":3}"#, "Unknown"),
        (r#"{"version":null,"iban":"GB1"}"#, "Other"),
    ] {
        let version: Version = serde_json::from_str(json).unwrap();
        assert!(format!("{version:?}").starts_with(expected), "{json} {version:?}");
    }
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
    enum Rule (catch_all = Unknown) {
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
    let json = nested("7");
    let rule: Rule = serde_json::from_str(&json).unwrap();
    assert_eq!(serde_json::to_string(&rule).unwrap(), json);
    assert!(serde_json::from_str::<Rule>(r#"{"of":[],"or":true}"#).is_ok(), "the next value has a bound of its own");
}

#[test]
fn a_tag_that_is_missing_or_none_stops_nothing() {
    for json in ["7", r#"{"kind":7,"pan":[]}"#, r#"{"kind":null,"pan":[]}"#, r#"{"pan":[]}"#, "null"] {
        let tagged: Tagged = serde_json::from_str(json).unwrap();
        assert!(matches!(tagged, Tagged::Unknown(_)), "{tagged:?}");
        assert_eq!(serde_json::to_string(&tagged).unwrap(), json);
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

crate::one_of! {
    enum Heads (catch_all = Unknown) {
        Tails(Box<Tails>),
        Text(String),
    }
}

crate::one_of! {
    enum Tails (catch_all = Unknown) {
        Heads(Box<Heads>),
        Number(i64): Whole,
    }
}

#[test]
fn unions_that_hold_each_other_with_nothing_between_are_read_all_the_same() {
    for json in [r#""x""#, "7", "true", r#"{"a":[1,"b"]}"#] {
        let read: Heads = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), json, "{read:?}");
    }
}
