//! What a connection to Wych needs.

use obkit_runtime::secrecy::SecretString;
use obkit_runtime::{Auth, RetryPolicy, Tokens};

/// What a connection to Wych needs: the partner and the application, which stand in every path, the gateway's key,
/// and the token of a user.
#[derive(Clone, Debug)]
pub struct Config {
    pub(super) base_url: String,
    pub(super) servers: Option<String>,
    pub(super) partner_id: String,
    pub(super) app_id: String,
    pub(super) auth: Auth,
    pub(super) retry: RetryPolicy,
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
        Self::with_auth(partner_id.into(), app_id.into(), obkit_wych::header_auth(api_key).and(Auth::bearer(token)))
    }

    /// The same with tokens that are fetched: of the application ([`token_source`](super::token_source)), or of a user
    /// ([`UserTokenSource`](super::UserTokenSource)).
    pub fn with_tokens(
        partner_id: impl Into<String>,
        app_id: impl Into<String>,
        api_key: impl Into<SecretString>,
        tokens: Tokens,
    ) -> Self {
        Self::with_auth(partner_id.into(), app_id.into(), obkit_wych::header_auth(api_key).and(Auth::tokens(tokens)))
    }

    fn with_auth(partner_id: String, app_id: String, auth: Auth) -> Self {
        Self {
            base_url: obkit_wych::BASE_URL.to_owned(),
            servers: None,
            partner_id,
            app_id,
            auth,
            retry: RetryPolicy::default(),
        }
    }

    /// Sets another host, such as one of a test.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// Sets one host for everything, the calls that have a host of their own included: for a test.
    #[must_use]
    pub fn every_server_at(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self.servers = Some(self.base_url.clone());
        self
    }

    /// Sets when a call is made again.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }
}
