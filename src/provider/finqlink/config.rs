//! What a connection to FinqLink needs.

use obkit_runtime::secrecy::SecretString;
use obkit_runtime::{Auth, RetryPolicy, Sensitive, Tokens};

/// What a connection to FinqLink needs: the client's id, which stands in every body, and a token or a secret.
#[derive(Clone, Debug)]
pub struct Config {
    pub(super) base_url: String,
    pub(super) servers: Option<String>,
    pub(super) client_id: String,
    pub(super) credentials: Credentials,
    pub(super) retry: RetryPolicy,
}

#[derive(Clone, Debug)]
pub(super) enum Credentials {
    /// In the `Authorization` header.
    Header(Auth),
    /// In each body; for the test environment only.
    Body(Sensitive),
}

impl Config {
    /// The client's id, and an access token that the caller keeps fresh.
    pub fn new(client_id: impl Into<String>, token: impl Into<SecretString>) -> Self {
        Self::with(client_id.into(), Credentials::Header(Auth::bearer(token)))
    }

    /// The client's id, and access tokens that are fetched, from [`token_source`](super::token_source) for one.
    pub fn with_tokens(client_id: impl Into<String>, tokens: Tokens) -> Self {
        Self::with(client_id.into(), Credentials::Header(Auth::tokens(tokens)))
    }

    /// The client's id and secret, both in each body: what the test environment takes in place of a token.
    pub fn test(client_id: impl Into<String>, client_secret: impl Into<Sensitive>) -> Self {
        Self::with(client_id.into(), Credentials::Body(client_secret.into()))
    }

    fn with(client_id: String, credentials: Credentials) -> Self {
        Self {
            base_url: obkit_finqlink::BASE_URL.to_owned(),
            servers: None,
            client_id,
            credentials,
            retry: RetryPolicy::default(),
        }
    }

    /// Sets another host, such as that of production, which FinqLink hands out.
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
