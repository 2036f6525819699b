//! The settings of a transport.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderName;
use secrecy::SecretString;

use super::http::{HttpSettings, Roots};
use super::{Inner, Observer, RateLimit, Transport, TransportError};
use crate::{Auth, RetryPolicy};

/// How long an attempt may take unless it is set otherwise.
pub(super) const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);

/// The settings of a [`Transport`]; see [`Transport::builder`].
///
/// # Limits
///
#[doc = include_str!("limits.md")]
#[derive(Clone)]
#[must_use]
pub struct TransportBuilder {
    provider: &'static str,
    auth: Auth,
    operation_auth: HashMap<&'static str, Auth>,
    retry: RetryPolicy,
    attempt_timeout: Duration,
    call_timeout: Duration,
    idempotency_headers: Vec<HeaderName>,
    idempotency_members: HashMap<&'static str, &'static str>,
    minted_header: Option<HeaderName>,
    rate_limit: Option<RateLimit>,
    observer: Option<Arc<dyn Observer>>,
    plaintext_credentials: bool,
    http: HttpSettings,
}

impl TransportBuilder {
    pub(super) fn new(provider: &'static str) -> Self {
        Self {
            provider,
            auth: Auth::none(),
            operation_auth: HashMap::new(),
            retry: RetryPolicy::default(),
            attempt_timeout: ATTEMPT_TIMEOUT,
            call_timeout: Duration::MAX,
            idempotency_headers: ["idempotency-key", "x-idempotency-key"].map(HeaderName::from_static).into(),
            idempotency_members: HashMap::new(),
            minted_header: None,
            rate_limit: None,
            observer: None,
            plaintext_credentials: false,
            http: HttpSettings::default(),
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

    /// How long to wait for a connection, TLS included. Default: 10 seconds. Ignored with an own client.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.http.connect_timeout = timeout;
        self
    }

    /// How long one attempt may take, its body included. Default: 30 seconds. A request's own timeout goes first.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// How long a call may take in all: waiting for a token and for the rate limit, every attempt, and the pauses between.
    /// Default: no such limit; [`RetryPolicy::deadline`] says when the last attempt may begin.
    pub fn call_timeout(mut self, timeout: Duration) -> Self {
        self.call_timeout = timeout;
        self
    }

    /// How many requests the provider takes. Default: any number.
    ///
    /// An attempt waits for its turn, as long as the call has time ([`call_timeout`](Self::call_timeout) and
    /// [`RetryPolicy::deadline`]); a call whose turn would come later fails at once, unsent.
    pub fn rate_limit(mut self, limit: RateLimit) -> Self {
        self.rate_limit = Some(limit);
        self
    }

    /// What is told of every attempt. Default: nothing.
    pub fn observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// The header that makes a `POST` or `PATCH` safe to repeat with this provider, in place of the default
    /// `idempotency-key` and `x-idempotency-key`; `None` when the provider has no such thing.
    pub fn idempotency_header(mut self, name: Option<HeaderName>) -> Self {
        self.idempotency_headers = name.into_iter().collect();
        self
    }

    /// Where the JSON body of an operation, by its `operationId`, has the idempotency key: a JSON pointer (RFC 6901) such as
    /// `/paymentId`. A request with a text there is safe to repeat, and the text is the key in
    /// [`CallInfo`](crate::CallInfo) and in the error; one without it is sent once.
    ///
    /// Only for an operation of which the provider says that a repeated key is executed once.
    pub fn idempotency_member(mut self, operation_id: &'static str, pointer: &'static str) -> Self {
        self.idempotency_members.insert(operation_id, pointer);
        self
    }

    /// Gives each `POST` and `PATCH` that has no idempotency key a new one, a UUID in this header, which is then the only one
    /// that makes a request safe to repeat. All attempts of a call have the same key; it is in [`CallInfo`](crate::CallInfo)
    /// and in the error.
    ///
    /// Only for a provider that honours the header on every such operation: another one would execute a repeated
    /// payment twice. A key is good for one call. A program that must repeat a payment after a crash keeps a key of its own.
    pub fn mint_idempotency_keys(mut self, header: HeaderName) -> Self {
        self.minted_header = Some(header.clone());
        self.idempotency_header(Some(header))
    }

    /// The `User-Agent`. Default: `obkit/<version>`. Ignored with an own client.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.http.user_agent = user_agent.into();
        self
    }

    /// Puts an application's name and version, such as `acme-pay/1.2`, before the rest of the `User-Agent`. Ignored with
    /// an own client.
    pub fn application(mut self, name: &str) -> Self {
        self.http.user_agent = format!("{name} {}", self.http.user_agent);
        self
    }

    /// The certificate and the private key of the client, for mutual TLS: a PEM text with the key (PKCS#8, PKCS#1 or SEC 1)
    /// and the chain of certificates, the client's own first.
    pub fn identity(mut self, pem: impl Into<SecretString>) -> Self {
        self.http.identity = Some(pem.into());
        self
    }

    /// Trusts further authorities, in PEM, besides those of the platform.
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.http.roots = Roots::PlatformAnd(pem.into());
        self
    }

    /// Trusts these authorities, in PEM, and not those of the platform. It holds for the token endpoint, too.
    pub fn only_root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.http.roots = Roots::Only(pem.into());
        self
    }

    /// The proxy of every request: a URL, which may hold a user and a password. Default: the one of the environment
    /// (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`).
    pub fn proxy(mut self, url: impl Into<SecretString>) -> Self {
        self.http.proxy = Some(url.into());
        self
    }

    /// Sends credentials by `http`, too, where everybody on the way can read them: for a proxy of one's own that adds TLS, as
    /// a service mesh has. Without this, only a server on this machine is sent credentials by `http`, and a call to
    /// another fails before it is sent.
    pub fn plaintext_credentials(mut self) -> Self {
        self.plaintext_credentials = true;
        self
    }

    /// An own client, to share a connection pool or for what has no setting here.
    ///
    /// Have it follow no redirects: a redirected request takes the credentials along.
    pub fn http(mut self, http: reqwest::Client) -> Self {
        self.http.own = Some(http);
        self
    }

    /// The transport.
    ///
    /// Installs rustls's *ring* as the process's crypto provider, unless the process has chosen one already.
    ///
    /// # Errors
    ///
    /// When the credentials cannot be sent, when a certificate, a key or a proxy cannot be read, or when the TLS set-up of the
    /// platform cannot be loaded.
    pub fn build(self) -> Result<Transport, TransportError> {
        for auth in self.operation_auth.values().chain([&self.auth]) {
            auth.check().map_err(TransportError::Auth)?;
        }
        let http = self.http.build()?;
        Ok(Transport(Arc::new(Inner {
            provider: self.provider,
            http,
            auth: self.auth,
            operation_auth: self.operation_auth,
            retry: self.retry,
            attempt_timeout: self.attempt_timeout,
            call_timeout: self.call_timeout,
            idempotency_headers: self.idempotency_headers,
            idempotency_members: self.idempotency_members,
            minted_header: self.minted_header,
            rate_limit: self.rate_limit,
            observer: self.observer,
            plaintext_credentials: self.plaintext_credentials,
        })))
    }
}

impl fmt::Debug for TransportBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransportBuilder")
            .field("provider", &self.provider)
            .field("auth", &self.auth)
            .field("retry", &self.retry)
            .field("http", &self.http)
            .finish_non_exhaustive()
    }
}
