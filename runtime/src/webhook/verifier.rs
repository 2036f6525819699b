//! The verifier: a scheme, its keys, and a memory.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use reqwest::header::HeaderMap;

use super::key_cache::{KeyCache, Refresh};
use super::replay::ReplayMemory;
use super::{KeySource, SignedWebhook, VerifiedWebhook, WebhookError};

type Clock = Arc<dyn Fn() -> Instant + Send + Sync>;

/// Accepts the webhooks of one provider, each of them once.
///
/// It needs a tokio runtime with time, as every client does. Make one and share it: the keys and the memory are its own.
pub struct WebhookVerifier {
    scheme: SignedWebhook,
    keys: KeyCache,
    memory: ReplayMemory,
    clock: Clock,
}

impl WebhookVerifier {
    /// The settings of a verifier.
    pub fn builder(scheme: SignedWebhook, keys: impl KeySource + 'static) -> WebhookVerifierBuilder {
        WebhookVerifierBuilder {
            scheme,
            source: Arc::new(keys),
            refresh: Refresh {
                max_age: Duration::from_secs(60 * 60),
                max_stale: Duration::from_secs(24 * 60 * 60),
                interval: Duration::from_secs(30),
                timeout: Duration::from_secs(5),
            },
            window: Duration::from_secs(24 * 60 * 60),
            capacity: 10_000,
            clock: Arc::new(Instant::now),
        }
    }

    /// Verifies a request. `body` must be the bytes as they came: a framework that has decoded the JSON has lost them.
    ///
    /// Asks for keys when there are none, when they are old, and when the key is unknown; at most once per interval.
    ///
    /// # Errors
    /// What is wrong, and by [`WebhookError::status`] what to answer.
    pub async fn verify(&self, headers: &HeaderMap, body: Bytes) -> Result<VerifiedWebhook, WebhookError> {
        let claim = self.scheme.read(headers, &body)?;
        let now = (self.clock)();
        let keys = self.keys.keys_for(claim.key_id, now).await?;
        let digest = claim.verify(&keys)?;
        if !self.memory.remember(digest, now) {
            return Err(WebhookError::Replayed);
        }
        Ok(VerifiedWebhook { key_id: claim.key_id.to_owned(), digest, body })
    }

    /// Takes the same webhook for new once more. Call it when acting on it failed and the provider is told so: what it
    /// sends again would otherwise be taken for a replay.
    pub fn forget(&self, webhook: &VerifiedWebhook) {
        self.memory.forget(&webhook.digest);
    }

    /// As [`forget`](Self::forget), by the request: for a caller that has kept that in place of what was verified. Only for
    /// a request that was accepted. After a replay it would let the next one in.
    ///
    /// # Errors
    /// The request is none that could have been accepted.
    pub fn forget_request(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), WebhookError> {
        self.memory.forget(&self.scheme.read(headers, body)?.digest());
        Ok(())
    }
}

impl fmt::Debug for WebhookVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookVerifier").field("scheme", &self.scheme).finish_non_exhaustive()
    }
}

/// The settings of a [`WebhookVerifier`]; see [`WebhookVerifier::builder`].
#[must_use]
pub struct WebhookVerifierBuilder {
    scheme: SignedWebhook,
    source: Arc<dyn KeySource>,
    refresh: Refresh,
    window: Duration,
    capacity: usize,
    clock: Clock,
}

impl WebhookVerifierBuilder {
    /// The age at which keys are asked for anew before they are used; so long may a key that the provider has withdrawn
    /// still count. Default: one hour.
    pub fn max_key_age(mut self, age: Duration) -> Self {
        self.refresh.max_age = age;
        self
    }

    /// The age up to which keys stay in use while no newer ones can be had. Default: 24 hours.
    pub fn max_stale_key_age(mut self, age: Duration) -> Self {
        self.refresh.max_stale = age;
        self
    }

    /// The time between two attempts to get keys. Default: 30 seconds.
    pub fn key_interval(mut self, interval: Duration) -> Self {
        self.refresh.interval = interval;
        self
    }

    /// How long an attempt to get keys may take. Default: 5 seconds.
    pub fn key_timeout(mut self, timeout: Duration) -> Self {
        self.refresh.timeout = timeout;
        self
    }

    /// For how long, and of how many webhooks at the most, it is remembered that they came; the oldest make room.
    /// Default: 24 hours, 10,000 webhooks, which is less than 2 MiB.
    pub fn replay_memory(mut self, window: Duration, capacity: usize) -> Self {
        self.window = window;
        self.capacity = capacity;
        self
    }

    /// The clock by which ages are told. Default: [`Instant::now`].
    pub fn clock(mut self, clock: impl Fn() -> Instant + Send + Sync + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// The verifier. Nothing is asked for before the first webhook.
    #[must_use]
    pub fn build(self) -> WebhookVerifier {
        WebhookVerifier {
            scheme: self.scheme,
            keys: KeyCache::new(self.source, self.refresh),
            memory: ReplayMemory::new(self.window, self.capacity),
            clock: self.clock,
        }
    }
}

impl fmt::Debug for WebhookVerifierBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookVerifierBuilder")
            .field("scheme", &self.scheme)
            .field("refresh", &self.refresh)
            .field("replay_window", &self.window)
            .field("replay_capacity", &self.capacity)
            .finish_non_exhaustive()
    }
}
