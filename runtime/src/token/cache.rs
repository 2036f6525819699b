//! One token for all calls.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use secrecy::SecretString;

use super::{Clock, Token, TokenError, TokenSource};

/// The tokens of a [`TokenSource`], one at a time, for any number of concurrent calls.
///
/// * **Kept.** A token is used until shortly before its end; then the next call fetches another. Cloning shares it.
/// * **Fetched once.** However many calls need a token, one of them fetches it and the others wait. When it fails, all that
///   wait have its failure, and the next call begins anew. When the call that fetches is given up, another one
///   that waits fetches in its place.
/// * **Early.** From [`early`](Self::early) before its end a token is replaced while it is still good. Until that has
///   happened the old one is used, and goes on being used when it fails.
/// * **Replaced when refused.** A token that the provider answers with 401 is dropped, and the call is made once more with
///   a new one.
///
/// There is never more than one request for a token at a time, a failing one is not repeated by itself, and a source
/// that asks for time (`Retry-After`) is given it, up to five minutes.
#[derive(Clone)]
pub struct Tokens(Arc<Cache>);

struct Cache {
    source: Box<dyn TokenSource>,
    clock: Box<dyn Clock>,
    early: Duration,
    state: Mutex<State>,
    /// Held by the call that fetches.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    kept: Option<Kept>,
    /// How many fetches have ended. It names the token of the last one that succeeded.
    fetches: u64,
    failure: Option<TokenError>,
    /// No fetch before this time.
    not_before: Option<SystemTime>,
    /// When a refused token was dropped last.
    dropped: Option<SystemTime>,
}

struct Kept {
    secret: SecretString,
    name: u64,
    /// From when on it is replaced, and until when it is good.
    end: Option<(SystemTime, SystemTime)>,
}

/// A token in use.
pub(crate) struct Ticket {
    pub(crate) secret: SecretString,
    /// Which token of the source it is.
    pub(crate) name: u64,
}

/// What is to be done about a refused token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The next one may be accepted.
    TryAgain,
    /// The one before was refused as well, so it is not for its age.
    GiveUp,
}

/// A provider that refuses new tokens too is not asked to accept further ones before this time.
const BETWEEN_REPLACEMENTS: Duration = Duration::from_secs(5);

/// A source that asks for more time is asked again after this.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// A failed early replacement is not repeated before this time.
const BETWEEN_EARLY_FETCHES: Duration = Duration::from_secs(5);

impl Tokens {
    /// How long before its end a token is replaced, by default: one minute.
    pub const EARLY: Duration = Duration::from_secs(60);

    /// The tokens of a source, on the system's clock, replaced [`EARLY`](Self::EARLY).
    pub fn new(source: impl TokenSource + 'static) -> Self {
        Self::with_clock(source, SystemTime::now)
    }

    /// The tokens of a source, on another clock.
    pub fn with_clock(source: impl TokenSource + 'static, clock: impl Clock + 'static) -> Self {
        Self(Arc::new(Cache {
            source: Box::new(source),
            clock: Box::new(clock),
            early: Self::EARLY,
            state: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
        }))
    }

    /// How long before its end a token is replaced; at most half of its life. Call it before these tokens are shared:
    /// the result has a token of its own.
    #[must_use]
    pub fn early(self, early: Duration) -> Self {
        match Arc::try_unwrap(self.0) {
            Ok(cache) => Self(Arc::new(Cache { early, ..cache })),
            Err(shared) => Self(shared),
        }
    }

    /// A token that is good now, for calls that obkit does not make.
    ///
    /// # Errors
    ///
    /// When there is none and the source gives none.
    pub async fn token(&self, http: &reqwest::Client) -> Result<SecretString, TokenError> {
        Ok(self.ticket(http).await?.secret)
    }

    /// A token that is good now.
    pub(crate) async fn ticket(&self, http: &reqwest::Client) -> Result<Ticket, TokenError> {
        let cache = &*self.0;
        let seen = match cache.state().at(cache.clock.now()) {
            Now::Use(ticket) => return Ok(ticket),
            Now::Refuse(failure) => return Err(failure),
            // While one call replaces a token that is still good, the others go on with it.
            Now::Replace(ticket, _) if cache.turn.try_lock().is_err() => return Ok(ticket),
            Now::Replace(_, seen) | Now::Fetch(seen) => seen,
        };
        let _turn = cache.turn.lock().await;
        let good = match cache.state().after(seen, cache.clock.now()) {
            Now::Use(ticket) => return Ok(ticket),
            Now::Refuse(failure) => return Err(failure),
            Now::Replace(ticket, _) => Some(ticket),
            Now::Fetch(_) => None,
        };
        let asked = cache.clock.now();
        let fetched = cache.source.fetch(http).await;
        let ended = cache.clock.now();
        let mut state = cache.state();
        match fetched {
            Ok(token) => Ok(state.keep(token, asked, cache.early)),
            Err(failure) => {
                state.fail(&failure, ended, good.is_some());
                good.ok_or(failure)
            }
        }
    }

    /// Drops the token of this name because the provider refused it.
    pub(crate) fn refuse(&self, name: u64) -> Refused {
        let now = self.0.clock.now();
        let mut state = self.0.state();
        match &state.kept {
            // Another call's refusal came first; its replacement is there or on its way.
            Some(kept) if kept.name != name => Refused::TryAgain,
            None => Refused::TryAgain,
            Some(_) => {
                let recently = |at: SystemTime| now.duration_since(at).is_ok_and(|age| age < BETWEEN_REPLACEMENTS);
                if state.dropped.is_some_and(recently) {
                    return Refused::GiveUp;
                }
                state.dropped = Some(now);
                state.kept = None;
                Refused::TryAgain
            }
        }
    }
}

impl Cache {
    /// The lock is held for a few assignments only, none of which can panic half-way.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a call that needs a token does.
enum Now {
    Use(Ticket),
    /// Fetch; the token is good for the meantime. With the number of fetches that had ended.
    Replace(Ticket, u64),
    /// Fetch. With the number of fetches that had ended.
    Fetch(u64),
    Refuse(TokenError),
}

impl State {
    fn at(&self, now: SystemTime) -> Now {
        // Further ahead than any wait is a time of a clock that has been set back since.
        let wait = self.not_before.and_then(|at| at.duration_since(now).ok()).unwrap_or_default();
        let waits = !wait.is_zero() && wait <= LONGEST_WAIT;
        match (&self.kept, &self.failure) {
            (Some(kept), _) if kept.end.is_none_or(|(replaced, _)| now < replaced) => Now::Use(kept.ticket()),
            (Some(kept), _) if kept.end.is_none_or(|(_, end)| now < end) => match waits {
                true => Now::Use(kept.ticket()),
                false => Now::Replace(kept.ticket(), self.fetches),
            },
            (_, Some(failure)) if waits => Now::Refuse(failure.clone()),
            _ => Now::Fetch(self.fetches),
        }
    }

    /// As [`at`](Self::at), for a call that has waited: what another one fetched meanwhile is its result, too, be it a failure
    /// or a token that is at its end at once.
    fn after(&self, seen: u64, now: SystemTime) -> Now {
        let other = self.fetches != seen;
        match (&self.kept, &self.failure) {
            (Some(kept), None) if other && kept.name == self.fetches => Now::Use(kept.ticket()),
            (Some(kept), Some(_)) if other && kept.end.is_none_or(|(_, end)| now < end) => Now::Use(kept.ticket()),
            (_, Some(failure)) if other => Now::Refuse(failure.clone()),
            _ => self.at(now),
        }
    }

    fn keep(&mut self, token: Token, asked: SystemTime, early: Duration) -> Ticket {
        self.fetches += 1;
        self.failure = None;
        self.not_before = None;
        let end = token.lifetime.and_then(|lifetime| {
            // A life beyond the end of time has no end.
            let end = asked.checked_add(lifetime)?;
            let replaced = asked.checked_add(lifetime.saturating_sub(early.min(lifetime / 2)))?;
            Some((replaced, end))
        });
        let kept = Kept { secret: token.secret, name: self.fetches, end };
        let ticket = kept.ticket();
        self.kept = Some(kept);
        ticket
    }

    fn fail(&mut self, failure: &TokenError, now: SystemTime, good: bool) {
        self.fetches += 1;
        self.failure = Some(failure.clone());
        let asked = failure.retry_after().map(|wait| wait.min(LONGEST_WAIT));
        let pause = asked.or_else(|| good.then_some(BETWEEN_EARLY_FETCHES));
        self.not_before = pause.and_then(|pause| now.checked_add(pause));
    }
}

impl Kept {
    fn ticket(&self) -> Ticket {
        Ticket { secret: self.secret.clone(), name: self.name }
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens([redacted])")
    }
}
