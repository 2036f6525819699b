//! The keys of a configuration for Wych.

use obkit_runtime::oauth2::ClientCredentials;
use obkit_runtime::{Auth, Tokens, Uuid};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Credentials, TOKEN_URL};
use crate::config::{self, Invalid, Method, Secret, Text, TokenKeys, exactly_one};
use crate::settings::ConnectionSettings;

/// Wych. One of `access_token` and `token` says how calls are authorised.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Keys {
    /// The partner, as registered in the portal.
    partner_id: Text,
    /// The application, as registered in the portal.
    app_id: Text,
    /// The gateway's key.
    api_key: Secret,
    /// An access token that somebody else keeps fresh: a user's to read data, the application's to manage users.
    access_token: Option<Secret>,
    /// How access tokens of the application are fetched. A client secret goes by `client_secret_post`.
    token: Option<TokenKeys>,
    /// The user whose data is read, by tokens in exchange for the application's. Needs `token`.
    user_id: Option<Text>,
}

impl config::Keys for Keys {
    type Credentials = Credentials;

    fn credentials(self, settings: &ConnectionSettings) -> Result<Credentials, Invalid> {
        exactly_one(&[("access_token", self.access_token.is_some()), ("token", self.token.is_some())])?;
        if self.user_id.is_some() && self.token.is_none() {
            return Err(Invalid::new("user_id", "is for fetched tokens alone: an access token has its user"));
        }
        let mut token = Auth::none();
        if let Some(access_token) = self.access_token {
            token = Auth::bearer(access_token);
        }
        if let Some(keys) = &self.token {
            let client = keys.client(Method::ClientSecretPost, None)?;
            let source = ClientCredentials::new(&keys.endpoint(TOKEN_URL, settings), client);
            token = Auth::tokens(Tokens::new(source.map_err(|error| keys.invalid_endpoint(error))?));
        }
        let user = self.user_id.map(|Text(id)| Uuid::try_from(id.as_str())).transpose();
        Ok(Credentials {
            partner_id: self.partner_id.0,
            app_id: self.app_id.0,
            key: obkit_wych::header_auth(self.api_key),
            token,
            user: user.map_err(|_| Invalid::new("user_id", "is not a UUID"))?,
        })
    }
}
