//! How a provider is reached, whichever it is.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use obkit_runtime::secrecy::SecretString;
use obkit_runtime::{Observer, RateLimit, RetryPolicy, TransportBuilder, reqwest};

/// How a provider is reached: its address, times, retries, limits, proxy and TLS. All of it is optional, and none of it is
/// a provider's own; those are the credentials of each configuration.
///
/// ```
/// use std::time::Duration;
/// use obkit::ConnectionSettings;
/// use obkit::runtime::RateLimit;
///
/// let settings = ConnectionSettings::new()
///     .call_timeout(Duration::from_secs(20))
///     .rate_limit(RateLimit::new(100, Duration::from_secs(60)))
///     .application("acme-pay/1.2");
/// # #[cfg(feature = "yapily")]
/// let config = obkit::provider::yapily::Config::new("application-id", "application-secret").settings(settings);
/// ```
///
/// A clone shares the bucket of its [`RateLimit`], so that connections of one configuration keep the limit together. No
/// `Debug` shows a URL or a key.
#[derive(Clone, Default)]
#[must_use]
pub struct ConnectionSettings {
    pub(crate) address: Address,
    connect_timeout: Option<Duration>,
    attempt_timeout: Option<Duration>,
    call_timeout: Option<Duration>,
    retry: Option<RetryPolicy>,
    rate_limit: Option<RateLimit>,
    proxy: Option<SecretString>,
    roots: Option<Roots>,
    identity: Option<SecretString>,
    user_agent: Option<String>,
    application: Option<String>,
    observer: Option<Arc<dyn Observer>>,
    http: Option<reqwest::Client>,
    plaintext_credentials: bool,
}

/// Where a provider is.
#[derive(Clone, Default)]
pub(crate) enum Address {
    /// Where its document says.
    #[default]
    Documented,
    Environment(String),
    BaseUrl(String),
    EveryServer(String),
}

/// Authorities that are trusted, in PEM.
#[derive(Clone)]
enum Roots {
    BesidesThePlatform(Vec<u8>),
    Only(Vec<u8>),
}

impl ConnectionSettings {
    /// The settings of everybody: the provider's documented address, and what the transport does by itself
    /// ([`TransportBuilder`]).
    pub fn new() -> Self {
        Self::default()
    }

    /// An environment of the provider by its name, such as `production`: `ENVIRONMENTS` of the provider's module lists
    /// them. In place of a base URL.
    pub fn environment(mut self, name: impl Into<String>) -> Self {
        self.address = Address::Environment(name.into());
        self
    }

    /// Another base URL, with scheme, host and perhaps a path: one that the provider handed out, a gateway's, a test's.
    /// Operations that have a host of their own stay there.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.address = Address::BaseUrl(url.into());
        self
    }

    /// One base URL for everything, the operations that have a host of their own included: for a test.
    pub fn every_server_at(mut self, url: impl Into<String>) -> Self {
        self.address = Address::EveryServer(url.into());
        self
    }

    /// How long to wait for a connection. Default: 10 seconds.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// How long one attempt may take, its body included. Default: 30 seconds.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// How long a call may take in all ([`TransportBuilder::call_timeout`]). Default: no such limit;
    /// [`RetryPolicy::deadline`] says when the last attempt may begin.
    pub fn call_timeout(mut self, timeout: Duration) -> Self {
        self.call_timeout = Some(timeout);
        self
    }

    /// Sends credentials by `http`, too ([`TransportBuilder::plaintext_credentials`]): for a proxy of one's own that adds TLS.
    pub fn plaintext_credentials(mut self) -> Self {
        self.plaintext_credentials = true;
        self
    }

    /// When a call is made again. Default: [`RetryPolicy::default`].
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = Some(policy);
        self
    }

    /// How many requests the provider takes. Default: any number.
    pub fn rate_limit(mut self, limit: RateLimit) -> Self {
        self.rate_limit = Some(limit);
        self
    }

    /// The proxy of every request: a URL, which may hold a user and a password. Default: the environment's
    /// (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`).
    pub fn proxy(mut self, url: impl Into<SecretString>) -> Self {
        self.proxy = Some(url.into());
        self
    }

    /// Trusts further authorities, in PEM, besides those of the platform.
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots = Some(Roots::BesidesThePlatform(pem.into()));
        self
    }

    /// Trusts these authorities, in PEM, and not those of the platform.
    pub fn only_root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots = Some(Roots::Only(pem.into()));
        self
    }

    /// The certificate and the private key of the client, for mutual TLS, as one PEM text
    /// ([`TransportBuilder::identity`]).
    pub fn identity(mut self, pem: impl Into<SecretString>) -> Self {
        self.identity = Some(pem.into());
        self
    }

    /// The `User-Agent`. Default: `obkit/<version>`.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// An application's name and version, such as `acme-pay/1.2`, before the rest of the `User-Agent`.
    pub fn application(mut self, name: impl Into<String>) -> Self {
        self.application = Some(name.into());
        self
    }

    /// What is told of every attempt. Default: nothing.
    pub fn observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// An own HTTP client ([`TransportBuilder::http`]), which has its own timeout of connecting, TLS, proxy and
    /// `User-Agent`.
    pub fn http(mut self, http: reqwest::Client) -> Self {
        self.http = Some(http);
        self
    }

    /// Makes these settings those of a transport.
    pub(crate) fn apply(&self, transport: TransportBuilder) -> TransportBuilder {
        let mut transport = transport;
        /// Hands over what is set.
        macro_rules! hand_over {
            ($($name:ident),*) => {
                $(if let Some(value) = self.$name.clone() {
                    transport = transport.$name(value);
                })*
            };
        }
        // The application stands before the user agent, so it comes after it here.
        hand_over!(connect_timeout, attempt_timeout, call_timeout, retry, rate_limit, proxy, identity, user_agent);
        hand_over!(observer, http);
        if let Some(application) = &self.application {
            transport = transport.application(application);
        }
        if self.plaintext_credentials {
            transport = transport.plaintext_credentials();
        }
        match self.roots.clone() {
            None => transport,
            Some(Roots::BesidesThePlatform(pem)) => transport.root_certificates(pem),
            Some(Roots::Only(pem)) => transport.only_root_certificates(pem),
        }
    }

    /// The one base URL for everything, if there is one.
    pub(crate) fn every_server(&self) -> Option<&str> {
        match &self.address {
            Address::EveryServer(url) => Some(url),
            _ => None,
        }
    }
}

impl fmt::Debug for ConnectionSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConnectionSettings")
            .field("address", &self.address)
            .field("connect_timeout", &self.connect_timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("call_timeout", &self.call_timeout)
            .field("retry", &self.retry)
            .field("rate_limit", &self.rate_limit)
            .field("user_agent", &self.user_agent)
            .field("application", &self.application)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "config")]
impl Address {
    /// The key that says it.
    pub(crate) fn key(&self) -> &'static str {
        match self {
            Self::Environment(_) => "environment",
            Self::EveryServer(_) => "every_server_at",
            Self::Documented | Self::BaseUrl(_) => "base_url",
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Documented => f.write_str("Documented"),
            Self::Environment(name) => write!(f, "Environment({name:?})"),
            Self::BaseUrl(_) => f.write_str("BaseUrl([redacted])"),
            Self::EveryServer(_) => f.write_str("EveryServer([redacted])"),
        }
    }
}
