//! Tokens of Wych: the application's, and a user's in exchange.

use std::time::Duration;

use obkit_runtime::oauth2::{ClientAuthentication, ClientCredentials, InvalidEndpoint};
use obkit_runtime::secrecy::SecretString;
use obkit_runtime::{Token, TokenFuture, TokenSource, Uuid, reqwest};

/// The token endpoint of the guide, at the identity service.
pub const TOKEN_URL: &str = "https://login.wych.app/realms/partner/protocol/openid-connect/token";

/// Tokens of the application, from [`TOKEN_URL`]. They find and create users, and get their tokens.
///
/// # Errors
/// The endpoint cannot be used.
pub fn token_source(
    endpoint: &str,
    client_id: impl Into<String>,
    client_secret: impl Into<SecretString>,
) -> Result<ClientCredentials, InvalidEndpoint> {
    ClientCredentials::new(endpoint, ClientAuthentication::secret_post(client_id, client_secret))
}

/// Tokens of one user, which read that user's data, from `retrieveUserToken`.
#[derive(Clone, Debug)]
pub struct UserTokenSource {
    connection: super::Wych,
    user_id: Uuid,
}

impl UserTokenSource {
    /// The tokens of a user of the application, by a connection whose tokens are the application's.
    pub fn new(connection: &super::Wych, user_id: Uuid) -> Self {
        Self { connection: connection.clone(), user_id }
    }
}

impl TokenSource for UserTokenSource {
    fn fetch<'s>(&'s self, _: &'s reqwest::Client) -> TokenFuture<'s> {
        Box::pin(async move {
            let super::Wych { partner_id, app_id, .. } = &self.connection;
            let call = self.connection.api().retrieve_user_token();
            let call = call.partner_id(partner_id.as_str()).app_id(app_id.as_str());
            let answer = call.user_id(self.user_id.clone()).send().await?.into_inner();
            let token = Token::new(answer.access_token.expose());
            let lifetime = answer.expires_in.and_then(|seconds| u64::try_from(seconds).ok());
            Ok(lifetime.map_or(token.clone(), |seconds| token.expires_in(Duration::from_secs(seconds))))
        })
    }
}
