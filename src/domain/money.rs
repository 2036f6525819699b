//! Money: an exact amount of a currency.

use std::fmt;

use obkit_runtime::DecimalText;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use super::Currency;

/// An exact amount of a currency, in major units (pounds, not pence).
///
/// The amount of a transaction or a balance is never negative; [`CreditDebit`] stands beside it, as
/// in ISO 20022. JSON has it as text, so that no reader loses digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Money {
    /// The amount, in major units.
    #[serde(serialize_with = "rust_decimal::serde::str::serialize", deserialize_with = "exact")]
    #[schemars(with = "String", regex(pattern = r"^-?\d+(\.\d+)?$"))]
    pub amount: Decimal,
    /// The currency.
    pub currency: Currency,
}

/// Reads the text of an amount. `rust_decimal` itself would round what has too many digits, and take `1_000`.
fn exact<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    let text = DecimalText::from_text(String::deserialize(deserializer)?);
    text.value().map_err(|_| D::Error::custom("not an amount such as \"100.10\", or one of too many digits"))
}

impl Money {
    /// An amount of a currency.
    #[must_use]
    pub fn new(amount: Decimal, currency: Currency) -> Self {
        Self { amount, currency }
    }

    /// Splits a signed amount into its size and its direction. Zero is a credit, as ISO 20022 says
    /// of balances (`CdtDbtInd`: "a zero balance is considered to be a credit balance").
    #[must_use]
    pub fn from_signed(amount: Decimal, currency: Currency) -> (CreditDebit, Self) {
        let direction = if amount < Decimal::ZERO { CreditDebit::Debit } else { CreditDebit::Credit };
        (direction, Self { amount: amount.abs(), currency })
    }

    /// The amount in minor units (pence, not pounds), by the currency's [minor units](Currency::minor_units).
    ///
    /// Exact or none: the amount has more decimal places than the currency, or more digits than an `i128`, or ISO
    /// 4217 gives the currency no minor unit. Nothing is rounded.
    #[must_use]
    pub fn minor(&self) -> Option<i128> {
        let places = u32::from(self.currency.minor_units()?);
        let amount = self.amount.normalize();
        let power = 10_i128.checked_pow(places.checked_sub(amount.scale())?)?;
        amount.mantissa().checked_mul(power)
    }

    /// The amount with a minus for a debit.
    #[must_use]
    pub fn signed(&self, direction: CreditDebit) -> Decimal {
        match direction {
            CreditDebit::Credit => self.amount,
            CreditDebit::Debit => -self.amount,
        }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount, self.currency)
    }
}

/// Which way money moves, seen from the account (ISO 20022 `CreditDebitCode`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum CreditDebit {
    /// Into the account (`CRDT`).
    Credit,
    /// Out of the account (`DBIT`).
    Debit,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn zero_is_a_credit() {
        let gbp = "GBP".parse().unwrap();
        assert_eq!(Money::from_signed(Decimal::ZERO, gbp).0, CreditDebit::Credit);
    }

    #[test]
    fn minor_units_are_exact_or_none() {
        let minor =
            |amount: &str, currency: &str| Money::new(amount.parse().unwrap(), currency.parse().unwrap()).minor();
        assert_eq!(minor("100.23", "GBP"), Some(10_023));
        assert_eq!(minor("-0.5", "EUR"), Some(-50));
        assert_eq!(minor("100.2300", "GBP"), Some(10_023), "zeros at the end are no further places");
        assert_eq!(minor("1200", "JPY"), Some(1200));
        assert_eq!(minor("1.234", "KWD"), Some(1234));
        assert_eq!(minor("100.235", "GBP"), None, "rounding would lose half a penny");
        assert_eq!(minor("0.5", "JPY"), None);
        assert_eq!(minor("1", "XAU"), None, "gold has no minor unit");
        assert_eq!(minor("79228162514264337593543950335", "KWD"), Some(79_228_162_514_264_337_593_543_950_335_000));
    }

    #[test]
    fn json_is_read_to_the_last_digit_or_not_at_all() {
        let read = |amount: &str| {
            let json = format!(r#"{{"amount":{amount},"currency":"EUR"}}"#);
            serde_json::from_str::<Money>(&json).map(|money| money.amount.to_string()).ok()
        };
        for text in ["0", "-100.10", "79228162514264337593543950335", "0.0000000000000000000000000001"] {
            assert_eq!(read(&format!("{text:?}")).as_deref(), Some(text));
        }
        let too_long = [
            "\"0.00000000000000000000000000001\"",
            "\"1.23456789012345678901234567890\"",
            "\"79228162514264337593543950336\"",
        ];
        for amount in too_long.into_iter().chain(["\"1_000\"", "\"1e3\"", "\"\"", "\"1,5\"", "1.5", "null"]) {
            assert_eq!(read(amount), None, "{amount}");
        }
    }

    proptest! {
        #[test]
        fn a_signed_amount_survives_the_split(mantissa in any::<i64>(), scale in 0u32..=18) {
            let gbp = "GBP".parse().unwrap();
            let amount = Decimal::new(mantissa, scale);
            let (direction, money) = Money::from_signed(amount, gbp);
            prop_assert!(money.amount >= Decimal::ZERO);
            prop_assert_eq!(money.signed(direction), amount);
        }

        #[test]
        fn json_keeps_every_digit(mantissa in any::<i128>().prop_map(|m| m >> 33), scale in 0u32..=28) {
            let money = Money::new(Decimal::from_i128_with_scale(mantissa, scale), "EUR".parse().unwrap());
            let json = serde_json::to_string(&money).unwrap();
            let back: Money = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(back, money);
            prop_assert_eq!(back.amount.scale(), money.amount.scale());
        }
    }
}
