//! The settings of a transport.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderName;
use reqwest::redirect::Policy;

use super::{Inner, Transport};
use crate::{Auth, AuthError, RetryPolicy};

/// The settings of a [`Transport`]; see [`Transport::builder`].
#[derive(Clone, Debug)]
#[must_use]
pub struct TransportBuilder {
    provider: &'static str,
    auth: Auth,
    operation_auth: HashMap<&'static str, Auth>,
    retry: RetryPolicy,
    connect_timeout: Duration,
    attempt_timeout: Duration,
    idempotency_headers: Vec<HeaderName>,
    user_agent: String,
    http: Option<reqwest::Client>,
}

impl TransportBuilder {
    pub(super) fn new(provider: &'static str) -> Self {
        Self {
            provider,
            auth: Auth::none(),
            operation_auth: HashMap::new(),
            retry: RetryPolicy::default(),
            connect_timeout: Duration::from_secs(10),
            attempt_timeout: Duration::from_secs(30),
            idempotency_headers: ["idempotency-key", "x-idempotency-key"].map(HeaderName::from_static).into(),
            user_agent: concat!("obkit/", env!("CARGO_PKG_VERSION")).to_owned(),
            http: None,
        }
    }

    /// The credentials of every call. Default: none.
    pub fn auth(mut self, auth: Auth) -> Self {
        self.auth = auth;
        self
    }

    /// Other credentials for one operation, by its `operationId`: a client's own for the call that gets a token.
    ///
    /// They go where the document places the operation, also at another host than the rest.
    pub fn auth_for(mut self, operation_id: &'static str, auth: Auth) -> Self {
        self.operation_auth.insert(operation_id, auth);
        self
    }

    /// When to try again. Default: [`RetryPolicy::default`].
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// How long to wait for a connection. Default: 10 seconds. Ignored with an own client.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long one attempt may take, its body included. Default: 30 seconds. A request's own timeout goes first.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// The header that makes a `POST` or `PATCH` safe to repeat with this provider, in place of the default
    /// `idempotency-key` and `x-idempotency-key`; `None` when the provider has no such thing.
    pub fn idempotency_header(mut self, name: Option<HeaderName>) -> Self {
        self.idempotency_headers = name.into_iter().collect();
        self
    }

    /// The `User-Agent`. Default: `obkit/<version>`. Ignored with an own client.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// An own client, for a proxy, a client certificate or an own CA.
    ///
    /// Have it follow no redirects: a redirected request takes the credentials along.
    pub fn http(mut self, http: reqwest::Client) -> Self {
        self.http = Some(http);
        self
    }

    /// The transport.
    ///
    /// Installs rustls's *ring* as the process's crypto provider, unless the process has chosen one already.
    ///
    /// # Errors
    ///
    /// When the credentials cannot be sent, or when the TLS set-up of the platform cannot be loaded.
    pub fn build(self) -> Result<Transport, TransportError> {
        for auth in self.operation_auth.values().chain([&self.auth]) {
            auth.check().map_err(TransportError::Auth)?;
        }
        let http = match self.http {
            Some(http) => http,
            None => {
                // An error says that the process has a provider already, which is then the right one.
                let _ = rustls::crypto::ring::default_provider().install_default();
                reqwest::Client::builder()
                    .user_agent(self.user_agent)
                    .connect_timeout(self.connect_timeout)
                    .redirect(Policy::none())
                    // The policy of the transport is the only one.
                    .retry(reqwest::retry::never())
                    .build()
                    .map_err(TransportError::Http)?
            }
        };
        Ok(Transport(Arc::new(Inner {
            provider: self.provider,
            http,
            auth: self.auth,
            operation_auth: self.operation_auth,
            retry: self.retry,
            attempt_timeout: self.attempt_timeout,
            idempotency_headers: self.idempotency_headers,
        })))
    }
}

/// A transport cannot be built.
#[derive(Debug)]
#[non_exhaustive]
pub enum TransportError {
    /// The credentials cannot be sent.
    Auth(AuthError),
    /// The HTTP client cannot be built: an invalid user agent, or no TLS.
    Http(reqwest::Error),
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auth(_) => f.write_str("the credentials cannot be sent"),
            Self::Http(_) => f.write_str("the HTTP client cannot be built"),
        }
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Auth(error) => Some(error),
            Self::Http(error) => Some(error),
        }
    }
}
