//! Who holds an account.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use super::{PostalAddress, Sensitive, Source};

/// The person or organisation behind a consent, as the institution knows it (UK Open Banking `OBParty2`).
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Identity {
    /// The institution's id of the holder.
    pub id: Option<String>,
    /// The full name.
    #[schemars(with = "Option<String>")]
    pub name: Option<Sensitive>,
    /// The given name.
    #[schemars(with = "Option<String>")]
    pub given_name: Option<Sensitive>,
    /// The family name.
    #[schemars(with = "Option<String>")]
    pub family_name: Option<Sensitive>,
    /// The gender, in the institution's word.
    #[schemars(with = "Option<String>")]
    pub gender: Option<Sensitive>,
    /// The date of birth, as sent; [`birth_day`](Self::birth_day) reads it.
    #[schemars(with = "Option<String>")]
    pub birth_date: Option<Sensitive>,
    /// Addresses.
    pub addresses: Vec<PostalAddress>,
    /// How the holder is reached.
    pub contact_points: Vec<ContactPoint>,
    /// The provider's own value.
    #[serde(skip)]
    pub source: Source,
}

impl Identity {
    /// The date of birth, where it is sent as ISO 8601 writes it (`1984-02-29`). It is personal data: do not log it.
    #[must_use]
    pub fn birth_day(&self) -> Option<NaiveDate> {
        self.birth_date.as_ref()?.expose().parse().ok()
    }
}

/// How somebody is reached.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "kind")]
#[non_exhaustive]
pub enum ContactPoint {
    /// By e-mail.
    Email {
        /// The address.
        #[schemars(with = "String")]
        address: Sensitive,
    },
    /// By telephone.
    Telephone {
        /// The number, as sent.
        #[schemars(with = "String")]
        number: Sensitive,
    },
}
