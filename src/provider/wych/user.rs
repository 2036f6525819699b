//! The users of an application at Wych.
//!
//! Its calls for users take the token of the application ([`token_source`](super::token_source)), where those that read
//! data take the token of one user ([`UserTokenSource`](super::UserTokenSource)).

use obkit_wych::types as wych;

use super::Wych;
use super::client::call;
use crate::domain::{Source, User, UserRequest};
use crate::error::Unsupported;
use crate::provider::mapping::invalid_request;
use crate::provider::{Reply, Users};

impl Users for Wych {
    fn users(&self) -> Reply<'_, Vec<User>> {
        Box::pin(async move { Ok(users(&call!(self.list_users()).send().await?)) })
    }

    /// Wych has no call for it.
    fn user<'a>(&'a self, _: &'a str) -> Reply<'a, User> {
        unsupported("reading one user")
    }

    fn find_or_create<'a>(&'a self, request: &'a UserRequest) -> Reply<'a, User> {
        Box::pin(async move {
            let missing = || invalid_request("a user is found by email, which is not set");
            let body = wych::UserRequest::new(request.email.clone().ok_or_else(missing)?);
            Ok(user(&*call!(self.create_or_find_user()).body(body).send().await?))
        })
    }

    /// Wych has no call for it.
    fn delete<'a>(&'a self, _: &'a str) -> Reply<'a, ()> {
        unsupported("removing users")
    }
}

fn unsupported<'a, T: Send + 'a>(what: &'static str) -> Reply<'a, T> {
    Box::pin(std::future::ready(Err(Unsupported { provider: "wych", what }.into())))
}

/// The users of an answer.
#[must_use]
pub fn users(source: &[wych::User]) -> Vec<User> {
    source.iter().map(user).collect()
}

/// A user.
#[must_use]
pub fn user(source: &wych::User) -> User {
    User {
        id: source.id.as_str().to_owned(),
        application_user_id: None,
        reference: None,
        email: source.email.clone(),
        created_at: None,
        institution_ids: Vec::new(),
        source: Source::of(source.clone()),
    }
}
