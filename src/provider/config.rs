//! What every provider's configuration is made of.

use obkit_runtime::{RetryPolicy, Transport, TransportBuilder};

use crate::connect::ConnectError;
use crate::settings::{Address, ConnectionSettings};

/// What a connection needs: the credentials of one provider, and the [`ConnectionSettings`] that are the same for all.
///
/// Each provider's module has its own as `Config`, with the constructors for its credentials.
#[derive(Clone, Debug)]
#[must_use]
pub struct Config<C> {
    pub(crate) credentials: C,
    pub(crate) settings: ConnectionSettings,
}

/// What is a provider's own.
pub trait Credentials {
    /// The provider's name, as in `specs/providers.toml`.
    const PROVIDER: &'static str;

    /// Its environments, as in `specs/providers.toml`: name and base URL.
    const ENVIRONMENTS: &'static [(&'static str, &'static str)];

    /// The base URL when nothing is set.
    const BASE_URL: Option<&'static str>;
}

impl<C> Config<C> {
    pub(crate) fn with_credentials(credentials: C) -> Self {
        Self { credentials, settings: ConnectionSettings::new() }
    }

    /// How the provider is reached, in place of all that was set so far.
    pub fn settings(mut self, settings: ConnectionSettings) -> Self {
        self.settings = settings;
        self
    }

    /// Changes how the provider is reached.
    pub fn map_settings(mut self, change: impl FnOnce(ConnectionSettings) -> ConnectionSettings) -> Self {
        self.settings = change(self.settings);
        self
    }

    /// As [`ConnectionSettings::environment`].
    pub fn environment(self, name: impl Into<String>) -> Self {
        self.map_settings(|settings| settings.environment(name))
    }

    /// As [`ConnectionSettings::base_url`].
    pub fn base_url(self, url: impl Into<String>) -> Self {
        self.map_settings(|settings| settings.base_url(url))
    }

    /// As [`ConnectionSettings::every_server_at`].
    pub fn every_server_at(self, url: impl Into<String>) -> Self {
        self.map_settings(|settings| settings.every_server_at(url))
    }

    /// As [`ConnectionSettings::retry`].
    pub fn retry(self, policy: RetryPolicy) -> Self {
        self.map_settings(|settings| settings.retry(policy))
    }
}

impl<C: Credentials> Config<C> {
    /// A transport with these settings, without credentials yet.
    pub(crate) fn transport(&self) -> TransportBuilder {
        self.settings.apply(Transport::builder(C::PROVIDER))
    }

    /// The base URL of the calls.
    pub(crate) fn url(&self) -> Result<&str, ConnectError> {
        url::<C>(&self.settings)
    }
}

/// The base URL of a provider's calls, by the settings.
pub(crate) fn url<C: Credentials>(settings: &ConnectionSettings) -> Result<&str, ConnectError> {
    let url = match &settings.address {
        Address::Documented => C::BASE_URL.ok_or(ConnectError::NoBaseUrl { provider: C::PROVIDER })?,
        Address::BaseUrl(url) | Address::EveryServer(url) => url,
        Address::Environment(name) => {
            let (_, url) = C::ENVIRONMENTS.iter().find(|(known, _)| known == name).ok_or_else(|| {
                let known = C::ENVIRONMENTS.iter().map(|(name, _)| *name).collect();
                ConnectError::UnknownEnvironment { provider: C::PROVIDER, name: name.clone(), known }
            })?;
            url
        }
    };
    let is_url = obkit_runtime::reqwest::Url::parse(url)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.query().is_none() && url.fragment().is_none());
    if is_url { Ok(url) } else { Err(ConnectError::InvalidBaseUrl { provider: C::PROVIDER }) }
}
