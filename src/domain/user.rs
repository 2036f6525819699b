//! The users of an application.

use schemars::JsonSchema;
use serde::Serialize;

use super::setters::setters;
use super::{Sensitive, Source, Timestamp};

/// Somebody who uses your application, as the provider keeps them (a PSU of open banking).
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct User {
    /// The provider's id.
    pub id: String,
    /// Your own id of the user, where the provider keeps one.
    pub application_user_id: Option<String>,
    /// Your own further reference, where the provider keeps one.
    pub reference: Option<String>,
    /// The e-mail address, where the provider keeps one.
    #[schemars(with = "Option<String>")]
    pub email: Option<Sensitive>,
    /// When the provider learned of the user.
    pub created_at: Option<Timestamp>,
    /// The institutions that the user has consents with, where the provider says it.
    pub institution_ids: Vec<String>,
    /// The provider's own value.
    #[serde(skip)]
    pub source: Source,
}

/// Who a user is, to find or to create them. Which member decides depends on the provider: your own id at Yapily,
/// the e-mail address at Wych. A request without that member is refused before anything is sent.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct UserRequest {
    /// Your own id of the user.
    pub application_user_id: Option<String>,
    /// Your own further reference, kept with a user that is created.
    pub reference: Option<String>,
    /// The e-mail address.
    pub email: Option<Sensitive>,
}

setters! {
    UserRequest {
        /// Sets your own id of the user.
        application_user_id: into String,
        /// Sets your own further reference.
        reference: into String,
        /// Sets the e-mail address.
        email: into Sensitive,
    }
}
