//! What a connection to Wych needs.

use obkit_runtime::secrecy::SecretString;
use obkit_runtime::{Auth, Tokens, Uuid};

use crate::provider::config;

/// What a connection to Wych needs: the partner and the application, which stand in every path, the gateway's key,
/// and the token of a user.
pub type Config = config::Config<Credentials>;

/// The environments of Wych.
pub const ENVIRONMENTS: &[(&str, &str)] = &[("production", obkit_wych::BASE_URL)];

/// A partner's application, and how it proves who it is.
#[derive(Clone, Debug)]
pub struct Credentials {
    pub(super) partner_id: String,
    pub(super) app_id: String,
    /// The gateway's.
    pub(super) key: Auth,
    /// The application's, or a user's.
    pub(super) token: Auth,
    /// The user whose tokens are fetched by the application's.
    pub(super) user: Option<Uuid>,
}

impl Config {
    /// The partner and the application as registered in the portal, the gateway's key, and a token that the caller
    /// keeps fresh.
    pub fn new(
        partner_id: impl Into<String>,
        app_id: impl Into<String>,
        api_key: impl Into<SecretString>,
        token: impl Into<SecretString>,
    ) -> Self {
        Self::with_token(partner_id.into(), app_id.into(), api_key.into(), Auth::bearer(token))
    }

    /// The same with tokens that are fetched: of the application ([`token_source`](super::token_source)), or of a user
    /// ([`UserTokenSource`](super::UserTokenSource)).
    pub fn with_tokens(
        partner_id: impl Into<String>,
        app_id: impl Into<String>,
        api_key: impl Into<SecretString>,
        tokens: Tokens,
    ) -> Self {
        Self::with_token(partner_id.into(), app_id.into(), api_key.into(), Auth::tokens(tokens))
    }

    /// Reads the data of this user, by tokens in exchange for the application's, which are those of the configuration.
    pub fn for_user(mut self, user_id: Uuid) -> Self {
        self.credentials.user = Some(user_id);
        self
    }

    fn with_token(partner_id: String, app_id: String, api_key: SecretString, token: Auth) -> Self {
        let key = obkit_wych::header_auth(api_key);
        Self::with_credentials(Credentials { partner_id, app_id, key, token, user: None })
    }
}

impl config::Credentials for Credentials {
    const PROVIDER: &'static str = "wych";
    const ENVIRONMENTS: &'static [(&'static str, &'static str)] = ENVIRONMENTS;
    const BASE_URL: Option<&'static str> = Some(obkit_wych::BASE_URL);
}
