//! The settings that are the same for all providers.

use obkit_runtime::{RateLimit, RetryPolicy};
use schemars::JsonSchema;
use serde::Deserialize;

use super::duration::Duration;
use super::reading::{Invalid, at_most_one};
use super::text::{Secret, Text};
use crate::settings::ConnectionSettings;

/// How a provider is reached.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SettingsKeys {
    /// An environment of the provider, such as `production`. Default: the provider's documented address.
    environment: Option<Text>,
    /// Another base URL, in place of an environment.
    base_url: Option<Text>,
    /// One base URL for everything, token endpoints and operations with a host of their own included: for a test.
    every_server_at: Option<Text>,
    /// How long to wait for a connection. Default: `10s`.
    connect_timeout: Option<Duration>,
    /// How long one attempt may take. Default: `30s`.
    attempt_timeout: Option<Duration>,
    /// How long a call may take in all, with tokens, pauses and attempts. Default: no such limit.
    call_timeout: Option<Duration>,
    /// When a call is made again.
    retry: Option<RetryKeys>,
    /// How many requests the provider takes. Default: any number.
    rate_limit: Option<RateLimitKeys>,
    /// The URL of the proxy of every request. Default: `HTTPS_PROXY` and the like.
    proxy: Option<Secret>,
    /// Further authorities to trust, in PEM, besides those of the platform.
    root_certificates: Option<Text>,
    /// The authorities to trust, in PEM, in place of those of the platform.
    only_root_certificates: Option<Text>,
    /// The client's certificate and private key, in PEM, for mutual TLS.
    identity: Option<Secret>,
    /// The application's name and version, such as `acme-pay/1.2`, before the rest of the `User-Agent`.
    application: Option<Text>,
    /// The `User-Agent`. Default: `obkit/` and its version.
    user_agent: Option<Text>,
}

/// When a call is made again.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RetryKeys {
    /// How many attempts a call has, the first included. Default: 3.
    max_attempts: Option<u32>,
    /// The longest pause before the second attempt; it doubles with each further one. Default: `100ms`.
    base_delay: Option<Duration>,
    /// The longest pause between two attempts. Default: `5s`.
    max_delay: Option<Duration>,
    /// How long after the start of a call a further attempt may begin. Default: `30s`.
    deadline: Option<Duration>,
}

/// How many requests the provider takes.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RateLimitKeys {
    /// So many requests, at least 1 ...
    #[schemars(range(min = 1))]
    requests: u32,
    /// ... in this time.
    per: Duration,
    /// How many requests may be sent at once. Default: all of them.
    burst: Option<u32>,
}

impl SettingsKeys {
    pub(super) fn settings(self) -> Result<ConnectionSettings, Invalid> {
        self.check()?;
        let mut settings = ConnectionSettings::new();
        /// Hands over what is set.
        macro_rules! hand_over {
            ($($name:ident),*) => { $(if let Some(value) = self.$name { settings = settings.$name(value.0); })* };
        }
        /// Hands over what is set and secret.
        macro_rules! hand_over_secrets {
            ($($name:ident),*) => { $(if let Some(value) = self.$name { settings = settings.$name(value); })* };
        }
        hand_over!(environment, base_url, every_server_at, connect_timeout, attempt_timeout, call_timeout);
        hand_over!(root_certificates, only_root_certificates, application, user_agent);
        hand_over_secrets!(proxy, identity);
        if let Some(retry) = self.retry {
            settings = settings.retry(retry.policy());
        }
        if let Some(limit) = self.rate_limit {
            settings = settings.rate_limit(limit.limit()?);
        }
        Ok(settings)
    }

    fn check(&self) -> Result<(), Invalid> {
        at_most_one(&[
            ("environment", self.environment.is_some()),
            ("base_url", self.base_url.is_some()),
            ("every_server_at", self.every_server_at.is_some()),
        ])?;
        at_most_one(&[
            ("root_certificates", self.root_certificates.is_some()),
            ("only_root_certificates", self.only_root_certificates.is_some()),
        ])
    }
}

impl RetryKeys {
    fn policy(self) -> RetryPolicy {
        let mut policy = RetryPolicy::default();
        if let Some(attempts) = self.max_attempts {
            policy = policy.max_attempts(attempts);
        }
        if let Some(Duration(delay)) = self.base_delay {
            policy = policy.base_delay(delay);
        }
        if let Some(Duration(delay)) = self.max_delay {
            policy = policy.max_delay(delay);
        }
        match self.deadline {
            Some(Duration(deadline)) => policy.deadline(deadline),
            None => policy,
        }
    }
}

impl RateLimitKeys {
    fn limit(self) -> Result<RateLimit, Invalid> {
        if self.requests == 0 {
            return Err(Invalid::new("rate_limit.requests", "is not a whole number from 1"));
        }
        let limit = RateLimit::new(self.requests, self.per.0);
        Ok(self.burst.map_or(limit.clone(), |burst| limit.burst(burst)))
    }
}
