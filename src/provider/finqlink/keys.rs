//! The keys of a configuration for FinqLink.

use obkit_runtime::oauth2::ClientCredentials;
use obkit_runtime::{Auth, Tokens};
use schemars::JsonSchema;
use serde::Deserialize;

use super::config::Proof;
use super::{Credentials, TOKEN_URL, token_source};
use crate::config::{self, Invalid, Method, Secret, Text, TokenKeys, exactly_one};
use crate::settings::ConnectionSettings;

/// FinqLink. One of `access_token`, `token` and `client_secret` says how the client proves who it is.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Keys {
    /// The client's id, which stands in every body.
    client_id: Text,
    /// An access token that somebody else keeps fresh.
    access_token: Option<Secret>,
    /// How access tokens are fetched. A client secret goes by `client_secret_post`.
    token: Option<TokenKeys>,
    /// The client's secret in every body, which the test environment takes in place of a token.
    client_secret: Option<Secret>,
    /// The scope of fetched tokens, its words apart by spaces. Default: `pay_by_link`.
    scope: Option<Text>,
}

impl config::Keys for Keys {
    type Credentials = Credentials;

    fn credentials(self, settings: &ConnectionSettings) -> Result<Credentials, Invalid> {
        let given = [self.access_token.is_some(), self.token.is_some(), self.client_secret.is_some()];
        exactly_one(&[("access_token", given[0]), ("token", given[1]), ("client_secret", given[2])])?;
        if self.scope.is_some() && self.token.is_none() {
            return Err(Invalid::new("scope", "is for fetched tokens alone"));
        }
        let Text(client_id) = self.client_id;
        let proof = match (self.access_token, self.client_secret, self.token) {
            (Some(token), ..) => Proof::Header(Auth::bearer(token)),
            (_, Some(secret), _) => Proof::Body(secret.into()),
            (.., token) => {
                // One of the three is there.
                let Some(token) = token else { return Err(Invalid::missing("token", "is not there")) };
                let client = token.client(Method::ClientSecretPost, Some(&client_id))?;
                let endpoint = token.endpoint(TOKEN_URL, settings);
                let source = match self.scope {
                    Some(Text(scope)) => ClientCredentials::new(&endpoint, client).map(|source| source.scope(scope)),
                    None => token_source(&endpoint, client),
                };
                let source = source.map_err(|error| token.invalid_endpoint(error))?;
                Proof::Header(Auth::tokens(Tokens::new(source)))
            }
        };
        Ok(Credentials { client_id, proof })
    }
}
