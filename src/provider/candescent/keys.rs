//! The keys of a configuration for Candescent.

use obkit_runtime::reqwest::header::HeaderValue;
use obkit_runtime::{Auth, Tokens};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Credentials, User, token};
use crate::config::{self, Invalid, Method, Secret, Text, TokenKeys, exactly_one};
use crate::provider::config::url;
use crate::settings::ConnectionSettings;

/// Candescent. One of `access_token` and `token` says how calls are authorised.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Keys {
    /// An access token that somebody else keeps fresh.
    access_token: Option<Secret>,
    /// How access tokens are fetched. A client secret goes by `client_secret_basic`; the endpoint is below the base URL.
    token: Option<TokenKeys>,
    /// The institution that fetched tokens are for. Needed with `token`.
    institution_id: Option<Text>,
    /// The user whose accounts are read, by the id of the institution's host. Fetched tokens need a user, by this or by
    /// `login_id`; without, the user is the one whom the access token was issued for.
    host_user_id: Option<Secret>,
    /// The user whose accounts are read, by the name of the login.
    login_id: Option<Secret>,
    /// The location of a business, which users of a business have to name.
    institution_customer_id: Option<Secret>,
}

impl config::Keys for Keys {
    type Credentials = Credentials;

    fn credentials(self, settings: &ConnectionSettings) -> Result<Credentials, Invalid> {
        exactly_one(&[("access_token", self.access_token.is_some()), ("token", self.token.is_some())])?;
        if self.institution_id.is_some() && self.token.is_none() {
            return Err(Invalid::new("institution_id", "is for fetched tokens alone"));
        }
        let (mut auth, mut client) = (Auth::none(), None);
        if let Some(token) = self.access_token {
            auth = Auth::bearer(token);
        }
        if let Some(keys) = &self.token {
            exactly_one(&[("host_user_id", self.host_user_id.is_some()), ("login_id", self.login_id.is_some())])?;
            auth = Auth::tokens(tokens(keys, self.institution_id.as_ref(), settings)?);
            client = keys.basic();
        }
        let user = match (self.host_user_id, self.login_id) {
            (Some(_), Some(_)) => return Err(Invalid::new("login_id", "excludes `host_user_id`")),
            (Some(id), None) => User::HostUserId(id.into()),
            (None, Some(id)) => User::LoginId(id.into()),
            (None, None) => User::OfToken,
        };
        Ok(Credentials { auth, client, user, location: self.institution_customer_id.map(Into::into) })
    }
}

fn tokens(keys: &TokenKeys, institution_id: Option<&Text>, settings: &ConnectionSettings) -> Result<Tokens, Invalid> {
    let missing = || Invalid::missing("institution_id", "is not there: a token is for an institution");
    let institution_id = HeaderValue::from_str(&institution_id.ok_or_else(missing)?.0)
        .map_err(|_| Invalid::new("institution_id", "holds a character that a header cannot carry"))?;
    let client = keys.client(Method::ClientSecretBasic, None)?;
    let base_url = url::<Credentials>(settings).map_err(|error| Invalid::new("base_url", error.to_string()))?;
    let endpoint = keys.endpoint(&token::endpoint(base_url), settings);
    let source = token::source(&endpoint, client, institution_id);
    Ok(Tokens::new(source.map_err(|error| keys.invalid_endpoint(error))?))
}
