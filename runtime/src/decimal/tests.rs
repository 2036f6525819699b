#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, HashSet};

use proptest::prelude::*;
use serde_json::{Value, from_str, to_string};

use super::*;

const FORTY_DIGITS: &str = "1234567890123456789012345678901234567890";

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Amount {
    amount: Decimal,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Flat {
    #[serde(flatten)]
    amount: Amount,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Untagged {
    Amount(Amount),
}

#[test]
fn text_survives_a_round_trip() {
    for text in [
        "0",
        "-0",
        "0.0",
        "0.1",
        "1e-2",
        "1E+2",
        "100.20",
        "-100.20",
        "12345678901234.56",
        "1234567890123456789.123456",
        "9223372036854775808",
        "-9223372036854775809",
        "18446744073709551616",
        FORTY_DIGITS,
        "1e400",
        "-1e-400",
        "1e99999999999999999999",
        "0.1000000000000000055511151231257827021181583404541015625",
    ] {
        let read: Decimal = from_str(text).unwrap();
        assert_eq!(to_string(&read).unwrap(), text);
        assert_eq!(read.to_string(), text);
        assert_eq!(read, decimal(text));
        let nested: BTreeMap<String, Vec<Option<Decimal>>> = from_str(&format!(r#"{{"a":[{text},null]}}"#)).unwrap();
        assert_eq!(to_string(&nested).unwrap(), format!(r#"{{"a":[{text},null]}}"#));
    }
}

#[test]
fn only_numbers_are_read() {
    for json in
        [r#""1.5""#, "null", "true", "[]", "[1]", "{}", r#"{"a":1}"#, "NaN", "01", "1.", ".5", "+1", "-", "1e", ""]
    {
        assert!(from_str::<Decimal>(json).is_err(), "{json}");
    }
    let buffered = from_str::<Untagged>(r#"{"amount":"1.5"}"#);
    assert!(buffered.is_err());
}

#[test]
fn only_numbers_are_parsed() {
    for text in ["", " 1", "1 ", "1_000", "1,5", "+1", ".5", "5.", "01", "1e+", "--1", "0x1", "١", "Infinity"] {
        assert_eq!(text.parse::<Decimal>(), Err(ParseDecimalError), "{text}");
    }
}

#[test]
fn equality_is_that_of_the_value() {
    for group in [
        &["1.0", "1.00", "1", "10e-1", "0.1e1", "100e-2"][..],
        &["0", "-0", "0.000", "0e99999999999999999999"],
        &["1e400", "10e399", "0.1e401"],
        &[FORTY_DIGITS, "1234567890123456789012345678901234567890.00"],
        &["-2.5", "-25e-1"],
    ] {
        let distinct: HashSet<Decimal> = group.iter().map(|text| decimal(text)).collect();
        assert_eq!(distinct.len(), 1, "{group:?}");
    }
    assert_ne!(decimal("1"), decimal("-1"));
    assert_ne!(decimal("1e400"), decimal("1e401"));
    assert_ne!(decimal("0.1"), decimal("0.1000000000000000055511151231257827021181583404541015625"));
}

#[test]
fn fixed_point_is_exact_or_nothing() {
    let fixed = |text: &str| decimal(text).to_decimal().map(|fixed| fixed.to_string());
    assert_eq!(fixed("100.20").as_deref(), Some("100.20"));
    assert_eq!(fixed("1e-2").as_deref(), Some("0.01"));
    assert_eq!(fixed("-1.5E3").as_deref(), Some("-1500"));
    assert_eq!(fixed("0e99999999999999999999").as_deref(), Some("0"));
    assert_eq!(fixed("1e-28").as_deref(), Some("0.0000000000000000000000000001"));
    for wide in ["1e-29", "1e400", FORTY_DIGITS, "1e99999999999999999999", "1e-9223372036854775808"] {
        assert_eq!(fixed(wide), None, "{wide}");
    }
}

#[test]
fn integers_convert() {
    assert_eq!(to_string(&Decimal::from(u64::MAX)).unwrap(), u64::MAX.to_string());
    assert_eq!(to_string(&Decimal::from(i64::MIN)).unwrap(), i64::MIN.to_string());
    assert_eq!(Decimal::from(5), decimal("5.0"));
}

#[test]
fn shows_its_text() {
    assert_eq!(format!("{0} {0:?} {0:>7}", decimal("1.50")), "1.50 Decimal(1.50)    1.50");
}

proptest! {
    #[test]
    fn any_number_survives_as_text(text in r"-?(0|[1-9][0-9]{0,40})(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,4})?") {
        let read: Decimal = from_str(&text).unwrap();
        prop_assert_eq!(to_string(&read).unwrap(), &*text);
        prop_assert_eq!(&read, &decimal(&text));
    }

    #[test]
    fn fifteen_digits_survive_a_buffer(digits in -999_999_999_999_999_i64..=999_999_999_999_999, scale in 0_u32..=15) {
        let amount = Decimal::from(Fixed::new(digits, scale));
        let json = to_string(&Amount { amount: amount.clone() }).unwrap();

        let value: Value = from_str(&json).unwrap();
        prop_assert_eq!(&serde_json::from_value::<Amount>(value).unwrap().amount, &amount);
        let value = serde_json::to_value(&amount).unwrap();
        prop_assert_eq!(&serde_json::from_value::<Decimal>(value).unwrap(), &amount);
        let flat: Flat = from_str(&json).unwrap();
        prop_assert_eq!(&flat.amount.amount, &amount);
        prop_assert_eq!(&from_str::<Amount>(&to_string(&flat).unwrap()).unwrap().amount, &amount);
        let Untagged::Amount(untagged) = from_str(&json).unwrap();
        prop_assert_eq!(&untagged.amount, &amount);
    }

    #[test]
    fn fixed_point_gives_the_same_value_back(digits: i64, scale in 0_u32..=28) {
        let fixed = Fixed::new(digits, scale);
        prop_assert_eq!(Decimal::from(fixed).to_decimal(), Some(fixed));
        prop_assert_eq!(decimal(&format!("{digits}e-{scale}")).to_decimal(), Some(fixed));
    }
}
