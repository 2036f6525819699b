//! Balances.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

use super::code::codes;
use super::{Coded, CreditDebit, Money, Source, Timestamp};

/// What is on an account (ISO 20022 `CashBalance`).
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Balance {
    /// The account, where the provider says it.
    pub account_id: Option<String>,
    /// Which balance it is.
    pub kind: Option<Coded<BalanceType>>,
    /// Whether the account is in credit.
    pub direction: CreditDebit,
    /// How much, never negative.
    pub amount: Money,
    /// When it was so.
    pub at: Option<Timestamp>,
    /// Credit lines of the account.
    pub credit_lines: Vec<CreditLine>,
    /// The provider's own value.
    #[serde(skip)]
    pub source: Source,
}

impl Balance {
    /// The amount with a minus for an account that is overdrawn.
    #[must_use]
    pub fn signed_amount(&self) -> Decimal {
        self.amount.signed(self.direction)
    }
}

/// A credit line behind a balance.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct CreditLine {
    /// The provider's word for its kind.
    pub kind: Option<String>,
    /// Whether the balance includes it.
    pub included: Option<bool>,
    /// How much.
    pub amount: Option<Money>,
}

codes! {
    /// Which balance it is (ISO 20022 `ExternalBalanceType1Code`).
    pub enum BalanceType {
        /// Available at the close of the day.
        ClosingAvailable = "CLAV",
        /// Booked at the close of the day.
        ClosingBooked = "CLBD",
        /// Cleared at the close of the day; ISO 20022 has no code for it.
        ClosingCleared,
        /// Booked and known to come.
        Expected = "XPCD",
        /// Available at a later day.
        ForwardAvailable = "FWAV",
        /// For information.
        Information = "INFO",
        /// Available now.
        InterimAvailable = "ITAV",
        /// Booked now.
        InterimBooked = "ITBD",
        /// Cleared now; ISO 20022 has no code for it.
        InterimCleared,
        /// Available at the start of the day.
        OpeningAvailable = "OPAV",
        /// Booked at the start of the day.
        OpeningBooked = "OPBD",
        /// Cleared at the start of the day; ISO 20022 has no code for it.
        OpeningCleared,
        /// Booked at the previous close.
        PreviouslyClosedBooked = "PRCD",
        /// What may be spent including authorised holds; ISO 20022 has no code for it.
        Authorised,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Currency;

    #[test]
    fn an_overdrawn_account_has_less_than_nothing() {
        let of = |direction| {
            Balance::new(BalanceType::ClosingBooked, direction, Money::new(Decimal::new(1050, 2), Currency::GBP))
        };
        assert_eq!(of(CreditDebit::Debit).signed_amount(), Decimal::new(-1050, 2));
        assert_eq!(of(CreditDebit::Credit).signed_amount(), Decimal::new(1050, 2));
    }
}
