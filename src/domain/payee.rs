//! Payees.

use schemars::JsonSchema;
use serde::Serialize;

use super::code::codes;
use super::{Coded, Party, PostalAddress, Sensitive, Source};

/// Whom an account holder has stored to pay (UK Open Banking `OBBeneficiary5`).
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Payee {
    /// The provider's id.
    pub id: Option<String>,
    /// The account it is stored with.
    pub account_id: Option<String>,
    /// What kind of payee it is.
    pub kind: Option<Coded<PayeeKind>>,
    /// Whether the holder marked it as trusted, so that paying it may need no further authentication.
    pub trusted: Option<bool>,
    /// The name the holder gave it.
    #[schemars(with = "Option<String>")]
    pub nickname: Option<Sensitive>,
    /// The reference that payments to it carry.
    pub reference: Option<String>,
    /// Who it is.
    pub creditor: Option<Party>,
    /// Where it is.
    pub address: Option<PostalAddress>,
    /// The provider's own value.
    #[serde(skip)]
    pub source: Source,
}

codes! {
    /// What kind of payee it is. The kinds are those of the Australian Consumer Data Standards; ISO 20022 has no
    /// codes for them.
    pub enum PayeeKind {
        /// An account in the same country.
        Domestic,
        /// An account abroad.
        International,
        /// Who sends bills, and is paid by a code of a bill payment scheme.
        Biller,
        /// A digital wallet.
        DigitalWallet,
    }
}
