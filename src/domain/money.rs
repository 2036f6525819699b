//! Money: an exact amount of a currency.

use std::fmt;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Currency;

/// An exact amount of a currency, in major units (pounds, not pence).
///
/// The amount of a transaction or a balance is never negative; [`CreditDebit`] stands beside it, as
/// in ISO 20022. JSON has it as text, so that no reader loses digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Money {
    /// The amount, in major units.
    #[serde(with = "rust_decimal::serde::str")]
    #[schemars(with = "String", regex(pattern = r"^-?\d+(\.\d+)?$"))]
    pub amount: Decimal,
    /// The currency.
    pub currency: Currency,
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
