//! One payment of several.

use schemars::JsonSchema;
use serde::Serialize;

use super::{DateOrTime, Money};

/// One payment of a standing order or a direct debit: when, and how much.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Instalment {
    /// When it was or will be paid.
    pub date: Option<DateOrTime>,
    /// How much leaves the account, never negative.
    pub amount: Option<Money>,
}

impl Instalment {
    /// A payment of which something is known.
    pub(crate) fn known(date: Option<DateOrTime>, amount: Option<Money>) -> Option<Self> {
        (date.is_some() || amount.is_some()).then_some(Self { date, amount })
    }
}
