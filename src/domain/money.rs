//! Money: an exact amount of a currency.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A currency by its ISO 4217 alphabetic code, such as `GBP`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String", extend("pattern" = "^[A-Z]{3}$"))]
pub struct Currency([u8; 3]);

/// A text is not an ISO 4217 alphabetic code: three upper-case letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidCurrency;

impl fmt::Display for InvalidCurrency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an ISO 4217 currency code (three upper-case letters)")
    }
}

impl std::error::Error for InvalidCurrency {}

impl Currency {
    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // The bytes are ASCII letters by construction.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromStr for Currency {
    type Err = InvalidCurrency;

    fn from_str(text: &str) -> Result<Self, InvalidCurrency> {
        match <[u8; 3]>::try_from(text.as_bytes()) {
            Ok(code) if code.iter().all(u8::is_ascii_uppercase) => Ok(Self(code)),
            _ => Err(InvalidCurrency),
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = InvalidCurrency;

    fn try_from(text: String) -> Result<Self, InvalidCurrency> {
        text.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.as_str().to_owned()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

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
    fn a_currency_is_three_upper_case_letters() {
        assert_eq!("GBP".parse::<Currency>().unwrap().as_str(), "GBP");
        for text in ["gbp", "GB", "GBPX", "", "£££", "G8P"] {
            assert_eq!(text.parse::<Currency>(), Err(InvalidCurrency), "{text}");
        }
    }

    #[test]
    fn zero_is_a_credit() {
        let gbp = "GBP".parse().unwrap();
        assert_eq!(Money::from_signed(Decimal::ZERO, gbp).0, CreditDebit::Credit);
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
