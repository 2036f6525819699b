//! A connection to Wych.

use std::fmt;

use obkit_runtime::secrecy::SecretString;
use obkit_runtime::{Auth, RetryPolicy, Tokens, Transport, TransportError};

/// What a connection to Wych needs.
#[derive(Clone, Debug)]
pub struct Config {
    base_url: String,
    auth: Auth,
    retry: RetryPolicy,
}

impl Config {
    /// The gateway's key, and a token that the caller keeps fresh.
    pub fn new(api_key: impl Into<SecretString>, token: impl Into<SecretString>) -> Self {
        Self::with_auth(obkit_wych::header_auth(api_key).and(Auth::bearer(token)))
    }

    /// The gateway's key, and tokens that are fetched: of the application ([`token_source`](super::token_source)), or of a
    /// user ([`UserTokenSource`](super::UserTokenSource)).
    pub fn with_tokens(api_key: impl Into<SecretString>, tokens: Tokens) -> Self {
        Self::with_auth(obkit_wych::header_auth(api_key).and(Auth::tokens(tokens)))
    }

    fn with_auth(auth: Auth) -> Self {
        Self { base_url: obkit_wych::BASE_URL.to_owned(), auth, retry: RetryPolicy::default() }
    }

    /// Sets another host, such as one of a test.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// Sets when a call is made again.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }
}

/// A connection to Wych.
#[derive(Clone)]
pub struct Wych {
    client: obkit_wych::Client,
}

impl Wych {
    /// Connects. Nothing is sent before the first call.
    ///
    /// # Errors
    /// The credentials cannot stand in a header, or TLS cannot be set up.
    pub fn connect(config: &Config) -> Result<Self, TransportError> {
        let transport = Transport::builder("wych").auth(config.auth.clone()).retry(config.retry.clone()).build()?;
        Ok(Self { client: obkit_wych::Client::new(&config.base_url, transport) })
    }

    /// The typed client of every operation, for what the domain has no place for.
    #[must_use]
    pub fn api(&self) -> &obkit_wych::Client {
        &self.client
    }
}

impl fmt::Debug for Wych {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wych")
    }
}

offers! { Wych as "wych": }
