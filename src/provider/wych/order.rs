//! What Wych's scheduled payments and direct debits have in common.

use obkit_wych::types as wych;

use super::map::parts;
use crate::domain::{Coded, Money, OrderStatus};
use crate::error::MapError;

/// A state. It is free text; the words known are those of the New Zealand standard, in either case.
pub(super) fn status(word: &str) -> Coded<OrderStatus> {
    let code = match word {
        _ if word.eq_ignore_ascii_case("active") => Some(OrderStatus::Active),
        _ if word.eq_ignore_ascii_case("inactive") => Some(OrderStatus::Inactive),
        _ => None,
    };
    Coded::new(code, word)
}

/// An amount that leaves the account: its sign says nothing that is not known.
pub(super) fn amount(field: &str, amount: Option<&wych::Amount>) -> Result<Option<Money>, MapError> {
    let money = |source| parts(field, source).map(|(amount, currency)| Money::new(amount.abs(), currency));
    amount.map(money).transpose()
}
