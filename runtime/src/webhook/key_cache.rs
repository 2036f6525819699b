//! The keys in hand, and when to ask for others.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use tokio::sync::{Mutex, OwnedMutexGuard};

use super::{KeySource, KeySourceError, WebhookError};
use crate::jose::KeySet;

/// When keys are asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Refresh {
    /// From this age on a set is asked for anew before it is used: a key that has left the set is out of use then.
    pub(super) max_age: Duration,
    /// Up to this age a set stays in use while no newer one can be had.
    pub(super) max_stale: Duration,
    /// The time between two attempts, whatever came of the first: strangers can send key ids that nobody knows.
    pub(super) interval: Duration,
    /// How long an attempt may take.
    pub(super) timeout: Duration,
}

/// The keys of a provider, asked for as rarely as can be.
pub(super) struct KeyCache {
    source: Arc<dyn KeySource>,
    refresh: Refresh,
    state: Arc<RwLock<State>>,
    /// Held by whoever asks: there is one attempt at a time, however many wait for it.
    flight: Arc<Mutex<()>>,
}

#[derive(Clone, Default)]
struct State {
    keys: Option<(Arc<KeySet>, Instant)>,
    attempted: Option<Instant>,
    failure: Option<KeySourceError>,
}

impl State {
    /// The keys in hand, when they are younger than `age`.
    fn keys_within(&self, age: Duration, now: Instant) -> Option<&Arc<KeySet>> {
        let (keys, fetched) = self.keys.as_ref()?;
        (now.saturating_duration_since(*fetched) < age).then_some(keys)
    }
}

impl KeyCache {
    pub(super) fn new(source: Arc<dyn KeySource>, refresh: Refresh) -> Self {
        Self { source, refresh, state: Arc::default(), flight: Arc::default() }
    }

    /// The key set to be used for a key id.
    pub(super) async fn keys_for(&self, id: &str, now: Instant) -> Result<Arc<KeySet>, WebhookError> {
        if let Some(keys) = self.fresh(id, now) {
            return Ok(keys);
        }
        let flight = Arc::clone(&self.flight).lock_owned().await;
        // Whoever asked in the meantime may have brought the key.
        if let Some(keys) = self.fresh(id, now) {
            return Ok(keys);
        }
        let attempted = self.state().attempted;
        let may_ask = attempted.is_none_or(|at| now.saturating_duration_since(at) >= self.refresh.interval);
        if may_ask {
            self.ask(flight, now).await;
        }
        self.settle(id, now)
    }

    fn fresh(&self, id: &str, now: Instant) -> Option<Arc<KeySet>> {
        let state = self.state();
        state.keys_within(self.refresh.max_age, now).filter(|keys| keys.key(id).is_some()).cloned()
    }

    /// Asks once. In a task of its own: a sender who hangs up would otherwise stop the attempt that everybody else needs,
    /// and could do so every time.
    async fn ask(&self, flight: OwnedMutexGuard<()>, now: Instant) {
        update(&self.state, |state| state.attempted = Some(now));
        let (source, state, timeout) = (Arc::clone(&self.source), Arc::clone(&self.state), self.refresh.timeout);
        let attempt = tokio::spawn(async move {
            let _flight = flight;
            let outcome = tokio::time::timeout(timeout, source.fetch()).await;
            update(&state, |state| match outcome.unwrap_or(Err(KeySourceError::TimedOut)) {
                Ok(keys) => {
                    state.keys = Some((Arc::new(keys), now));
                    state.failure = None;
                }
                Err(error) => state.failure = Some(error),
            });
        });
        // It ends by itself; should the source have panicked, there are no new keys.
        let _ = attempt.await;
    }

    /// The outcome, with whatever is in hand.
    fn settle(&self, id: &str, now: Instant) -> Result<Arc<KeySet>, WebhookError> {
        let state = self.state();
        let unavailable = || {
            let failure = state.failure.clone().unwrap_or(KeySourceError::TimedOut);
            WebhookError::KeysUnavailable(failure)
        };
        let keys = state.keys_within(self.refresh.max_stale, now).ok_or_else(unavailable)?;
        if keys.key(id).is_some() {
            return Ok(Arc::clone(keys));
        }
        match &state.keys {
            // Asked for after the webhook came, the set has the last word.
            Some((_, fetched)) if *fetched >= now => Err(WebhookError::UnknownKey),
            _ if state.failure.is_some() => Err(unavailable()),
            _ => Err(WebhookError::KeyNotYetKnown),
        }
    }

    fn state(&self) -> State {
        self.state.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn update(state: &RwLock<State>, change: impl FnOnce(&mut State)) {
    change(&mut state.write().unwrap_or_else(PoisonError::into_inner));
}
