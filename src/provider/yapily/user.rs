//! The users of an application at Yapily.

use obkit_yapily::types as yapily;

use super::Yapily;
use super::map::MAPPER;
use crate::domain::{Source, User, UserRequest};
use crate::error::MapError;
use crate::provider::mapping::mapped;
use crate::provider::mapping::{each, invalid_request};
use crate::provider::{Reply, Users};

impl Users for Yapily {
    fn users(&self) -> Reply<'_, Vec<User>> {
        Box::pin(async move { Ok(users(&self.api().get_users().send().await?)?) })
    }

    fn user<'a>(&'a self, id: &'a str) -> Reply<'a, User> {
        Box::pin(async move { mapped(self.api().get_user().user_uuid(id).send().await?, user) })
    }

    /// Asks for the users with the application's own id, of which Yapily may have several: the first is taken.
    fn find_or_create<'a>(&'a self, request: &'a UserRequest) -> Reply<'a, User> {
        Box::pin(async move {
            let missing = || invalid_request("a user is found by application_user_id, which is not set");
            let id = request.application_user_id.clone().ok_or_else(missing)?;
            let found = self.api().get_users().filter_application_user_id(vec![id.clone()]).send().await?;
            if let Some(found) = found.first() {
                return Ok(user(found)?);
            }
            let mut body = yapily::NewApplicationUser::new();
            body.application_user_id = Some(id);
            body.reference_id = request.reference.clone();
            mapped(self.api().add_user().body(body).send().await?, user)
        })
    }

    fn delete<'a>(&'a self, id: &'a str) -> Reply<'a, ()> {
        Box::pin(async move { mapped(self.api().delete_user().user_uuid(id).send().await?, deleted) })
    }
}

/// The users of an answer.
///
/// # Errors
/// As [`user`].
pub fn users(source: &[yapily::ApplicationUser]) -> Result<Vec<User>, MapError> {
    each("", source, user)
}

/// A user.
///
/// # Errors
/// They have no id, or a date has no offset.
pub fn user(source: &yapily::ApplicationUser) -> Result<User, MapError> {
    let id = MAPPER.required("uuid", source.uuid.as_ref())?;
    let consents = source.institution_consents.iter().flatten();
    Ok(User {
        id: id.as_str().to_owned(),
        application_user_id: source.application_user_id.clone(),
        reference: source.reference_id.clone(),
        email: None,
        created_at: MAPPER.time("createdAt", source.created_at.as_ref())?,
        institution_ids: consents.filter_map(|consent| consent.institution_id.clone()).collect(),
        source: Source::of(source.clone()),
    })
}

/// Whether a user is gone: Yapily answers 200 even if they are not.
///
/// # Errors
/// They are not.
pub fn deleted(source: &yapily::ApiResponseOfUserDeleteResponse) -> Result<(), MapError> {
    match source.data.as_ref().and_then(|data| data.delete_status.as_ref()) {
        Some(yapily::DeleteStatusEnum::Failed) => {
            Err(MAPPER.error("data.deleteStatus", "says that the user could not be deleted"))
        }
        _ => Ok(()),
    }
}
