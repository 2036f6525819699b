//! A connection to Wych.

use std::fmt;

use obkit_runtime::secrecy::SecretString;
use obkit_runtime::{Auth, RetryPolicy, Transport, TransportError};

/// What a connection to Wych needs.
#[derive(Clone, Debug)]
pub struct Config {
    base_url: String,
    api_key: SecretString,
    token: SecretString,
    retry: RetryPolicy,
}

impl Config {
    /// The gateway's key, and a token that the caller keeps fresh.
    pub fn new(api_key: impl Into<SecretString>, token: impl Into<SecretString>) -> Self {
        Self {
            base_url: obkit_wych::BASE_URL.to_owned(),
            api_key: api_key.into(),
            token: token.into(),
            retry: RetryPolicy::default(),
        }
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
        let auth = obkit_wych::header_auth(config.api_key.clone()).and(Auth::bearer(config.token.clone()));
        let transport = Transport::builder("wych").auth(auth).retry(config.retry.clone()).build()?;
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
