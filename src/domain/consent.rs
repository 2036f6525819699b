//! Consents: permission of an account holder.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::setters::setters;
use super::{Coded, Sensitive, Source, Timestamp};

mod status;

pub use status::{ConsentStatus, IllegalTransition};

/// Permission of an account holder to read account data.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Consent {
    /// The provider's id of the consent.
    pub id: String,
    /// The institution it is for, where the provider says it.
    pub institution_id: Option<String>,
    /// How far it is.
    pub status: Option<Coded<ConsentStatus>>,
    /// When it was created.
    pub created_at: Option<Timestamp>,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it must be confirmed anew.
    pub reconfirm_by: Option<Timestamp>,
    /// The earliest transaction that may be read.
    pub transactions_from: Option<Timestamp>,
    /// The latest transaction that may be read.
    pub transactions_to: Option<Timestamp>,
    /// What may be read, in the provider's words.
    pub permissions: Vec<String>,
    /// Where the holder authorises it; known when it has just been created.
    #[schemars(with = "Option<String>")]
    pub authorisation_url: Option<Sensitive>,
    /// The token that calls under the consent carry, where the provider has one.
    #[schemars(with = "Option<String>")]
    pub token: Option<Sensitive>,
    /// The provider's own value.
    #[serde(skip)]
    pub source: Source,
}

impl Consent {
    /// What calls under the consent need.
    #[must_use]
    pub fn reference(&self) -> ConsentReference {
        ConsentReference { id: self.id.clone(), token: self.token.clone() }
    }

    /// Compares this state of a consent with a later one of the same consent, as two looks at a provider give them.
    ///
    /// States between the two looks may have been missed, so every way through the states is fine
    /// ([`ConsentStatus::can_become`]). A state without a meaning here cannot be judged and passes, and so does another
    /// consent.
    ///
    /// # Errors
    /// No way leads from the one state to the other: a revoked consent is said to be authorised, for one.
    pub fn check_transition(&self, later: &Self) -> Result<(), IllegalTransition> {
        let statuses = self.status.as_ref().and_then(Coded::code).zip(later.status.as_ref().and_then(Coded::code));
        match statuses {
            Some((from, to)) if self.id == later.id && !from.leads_to(to) => {
                Err(IllegalTransition { consent_id: self.id.clone(), from, to })
            }
            _ => Ok(()),
        }
    }
}

/// What calls under a consent need: keep it between sessions as the secret that it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConsentReference {
    /// The provider's id of the consent.
    pub id: String,
    /// The consent's token, where the provider has one.
    pub token: Option<Sensitive>,
}

impl ConsentReference {
    /// For providers that have no consents.
    #[must_use]
    pub fn none() -> Self {
        Self { id: String::new(), token: None }
    }
}

/// What is asked of an account holder.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ConsentRequest {
    /// The institution, by its id at the provider.
    pub institution_id: String,
    /// Your own id of the account holder; some providers need it.
    pub user_id: Option<String>,
    /// Where the holder comes back to.
    pub redirect_url: Option<String>,
    /// The earliest transaction to be read.
    pub transactions_from: Option<Timestamp>,
    /// The latest transaction to be read.
    pub transactions_to: Option<Timestamp>,
    /// When the consent shall end.
    pub expires_at: Option<Timestamp>,
}

impl ConsentRequest {
    /// Asks for accounts, balances and transactions at an institution.
    #[must_use]
    pub fn new(institution_id: impl Into<String>) -> Self {
        Self {
            institution_id: institution_id.into(),
            user_id: None,
            redirect_url: None,
            transactions_from: None,
            transactions_to: None,
            expires_at: None,
        }
    }

    /// Sets the window of transactions to be read.
    #[must_use]
    pub fn transactions(mut self, from: Option<Timestamp>, to: Option<Timestamp>) -> Self {
        self.transactions_from = from;
        self.transactions_to = to;
        self
    }
}

setters! {
    ConsentRequest {
        /// Sets your own id of the account holder.
        user_id: into String,
        /// Sets where the holder comes back to.
        redirect_url: into String,
        /// Sets when the consent shall end.
        expires_at: Timestamp,
    }
}
