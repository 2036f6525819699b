#![allow(clippy::unwrap_used)]

use std::str::FromStr;

use proptest::prelude::*;
use serde_json::{from_str, to_string};

use super::*;

fn accepts<T: Format>(good: &[&str], bad: &[&str]) {
    for text in good {
        let built: Formatted<T> = text.parse().unwrap();
        assert_eq!(built.as_str(), *text);
        assert!(built.value().is_ok());
    }
    for text in bad {
        let error = Formatted::<T>::from_str(text).unwrap_err();
        assert_eq!(error.to_string(), format!("not {}", T::NAME), "{text}");
        assert!(Formatted::<T>::from_text(*text).value().is_err());
    }
}

#[test]
fn date_times_are_those_of_rfc_3339() {
    accepts::<chrono::DateTime<chrono::FixedOffset>>(
        &["2024-03-01T09:00:00Z", "2024-03-01t09:00:00.123456789+01:00", "2016-12-31T23:59:60Z"],
        &[
            "",
            "2024-03-01",
            "2024-03-01T09:00:00",
            "2024-03-01 09:00:00Z",
            "2024-02-30T09:00:00Z",
            "2024-03-01T09:00Z",
            "é024-03-01T09",
        ],
    );
}

#[test]
fn dates_have_eight_digits() {
    accepts::<chrono::NaiveDate>(
        &["2024-02-29", "0001-01-01"],
        &["", "2023-02-29", "2024-2-9", "24-02-09", "+2024-02-2", "2024/02/29", "2024-02-29T00:00:00Z", " 2024-2-29"],
    );
}

#[test]
fn uuids_are_hyphenated() {
    accepts::<uuid::Uuid>(
        &["67e55044-10b1-426f-9247-bb680e5fe0c8", "67E55044-10B1-426F-9247-BB680E5FE0C8"],
        &[
            "",
            "67e5504410b1426f9247bb680e5fe0c8",
            "{67e55044-10b1-426f-9247-bb680e5fe0c8}",
            "67e55044-10b1-426f-9247-bb680e5fe0cg",
        ],
    );
}

#[test]
fn decimal_texts_are_plain() {
    accepts::<rust_decimal::Decimal>(
        &["100.20", "-0.5", "007", "79228162514264337593543950335"],
        &["", "-", "1.", ".5", "+1", "1e2", "1_000", "1,5", " 1", "79228162514264337593543950336"],
    );
}

#[test]
fn any_string_is_kept_when_received() {
    for json in [r#""""#, r#""soon""#, r#""2024-03-01T09:00:00""#, r#"" 1 ""#] {
        let received: DateTime = from_str(json).unwrap();
        assert_eq!(to_string(&received).unwrap(), json);
        assert!(received.utc().is_err());
    }
    assert!(from_str::<Date>("20240301").is_err());
    assert!(from_str::<Date>("null").is_err());
}

#[test]
fn values_render_in_their_format() {
    let noon = chrono::DateTime::from_timestamp(1_709_294_400, 0).unwrap();
    assert_eq!(DateTime::from(noon).as_str(), "2024-03-01T12:00:00Z");
    assert_eq!(DateTime::try_from("2024-03-01T13:00:00+01:00").unwrap().utc().unwrap(), noon);
    assert_eq!(Date::from(noon.date_naive()).as_str(), "2024-03-01");
    assert_eq!(Uuid::from(uuid::Uuid::nil()).as_str(), "00000000-0000-0000-0000-000000000000");
    assert_eq!(DecimalText::from(rust_decimal::Decimal::new(10020, 2)).as_str(), "100.20");
}

#[test]
fn equality_is_that_of_the_text() {
    let [zulu, offset] = ["2024-03-01T09:00:00Z", "2024-03-01T09:00:00+00:00"].map(DateTime::from_text);
    assert_ne!(zulu, offset);
    assert_eq!(zulu.value(), offset.value());
    assert_eq!(format!("{zulu} {zulu:?}"), r#"2024-03-01T09:00:00Z "2024-03-01T09:00:00Z""#);
}

proptest! {
    #[test]
    fn received_text_survives(text: String) {
        let json = to_string(&text).unwrap();
        let received: Date = from_str(&json).unwrap();
        prop_assert_eq!(received.as_str(), &text);
        prop_assert_eq!(to_string(&received).unwrap(), json);
    }

    #[test]
    fn built_values_read_back(
        seconds in 0_i64..253_402_300_800,
        nanos in 0_u32..1_000_000_000,
        id: u128,
        digits: i64,
        scale in 0_u32..=28,
    ) {
        let time = chrono::DateTime::from_timestamp(seconds, nanos).unwrap();
        prop_assert_eq!(DateTime::from(time).utc(), Ok(time));
        prop_assert_eq!(Date::from(time.date_naive()).value(), Ok(time.date_naive()));
        let id = uuid::Uuid::from_u128(id);
        prop_assert_eq!(Uuid::from(id).value(), Ok(id));
        let decimal = rust_decimal::Decimal::new(digits, scale);
        prop_assert_eq!(DecimalText::from(decimal).value(), Ok(decimal));
    }
}
