//! A connection to Candescent.

use std::fmt;

use obkit_runtime::secrecy::SecretString;
use obkit_runtime::{Auth, RetryPolicy, Tokens, Transport, TransportError};

/// What a connection to Candescent needs.
#[derive(Clone, Debug)]
pub struct Config {
    base_url: String,
    auth: Auth,
    retry: RetryPolicy,
}

impl Config {
    /// An access token that the caller keeps fresh.
    pub fn new(token: impl Into<SecretString>) -> Self {
        Self::with_auth(Auth::bearer(token))
    }

    /// Access tokens that are fetched, from [`token_source`](super::token_source) for one.
    pub fn with_tokens(tokens: Tokens) -> Self {
        Self::with_auth(Auth::tokens(tokens))
    }

    fn with_auth(auth: Auth) -> Self {
        Self { base_url: obkit_candescent::BASE_URL.to_owned(), auth, retry: RetryPolicy::default() }
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

/// A connection to Candescent.
#[derive(Clone)]
pub struct Candescent {
    client: obkit_candescent::Client,
}

impl Candescent {
    /// Connects. Nothing is sent before the first call.
    ///
    /// # Errors
    /// The credentials cannot stand in a header, or TLS cannot be set up.
    pub fn connect(config: &Config) -> Result<Self, TransportError> {
        let transport = Transport::builder("candescent").auth(config.auth.clone());
        let transport = transport.retry(config.retry.clone()).build()?;
        Ok(Self { client: obkit_candescent::Client::new(&config.base_url, transport) })
    }

    /// The typed client of every operation, for what the domain has no place for.
    #[must_use]
    pub fn api(&self) -> &obkit_candescent::Client {
        &self.client
    }
}

impl fmt::Debug for Candescent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Candescent")
    }
}

offers! { Candescent as "candescent": }
