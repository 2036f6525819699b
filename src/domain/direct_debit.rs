//! Direct debits.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Coded, Instalment, OrderStatus, Party, Sensitive, Source};

/// Permission of somebody to draw from an account (UK Open Banking `OBDirectDebit2`).
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct DirectDebit {
    /// The provider's id.
    pub id: Option<String>,
    /// The account that is drawn from.
    pub account_id: Option<String>,
    /// Its state.
    pub status: Option<Coded<OrderStatus>>,
    /// The identification of the mandate.
    #[schemars(with = "Option<String>")]
    pub mandate_id: Option<Sensitive>,
    /// The reference of the direct debit.
    pub reference: Option<String>,
    /// Who draws.
    pub creditor: Option<Party>,
    /// What was drawn last.
    pub previous: Option<Instalment>,
    /// The provider's own value.
    #[serde(skip)]
    pub source: Source,
}
