//! A call is made of attempts.

use std::time::{Duration, SystemTime};

use reqwest::{Request, Response, StatusCode};
use tokio::time::Instant;

use super::Transport;
use crate::auth::InUse;
use crate::call::Call;
use crate::retry::{is_idempotent, retry_after};
use crate::{Auth, AuthError, Error, TokenError};

/// For requests that must not have any.
static NONE: Auth = Auth::none();

/// What became of an attempt.
type Outcome = Result<Response, Error>;

impl Transport {
    /// The outcome that counts, and how many attempts it took.
    pub(super) async fn attempts(&self, mut request: Request, call: &Call<'_>, started: Instant) -> (Outcome, u32) {
        request.timeout_mut().get_or_insert(self.0.attempt_timeout);
        let auth = self.auth_of(call, &request);
        let repeatable = self.may_repeat(&request);
        let mut earlier = None;
        let mut replaced = false;
        let mut attempts = 0;
        // Attempts that the policy counts.
        let mut counted = 1;
        loop {
            let next = if repeatable || auth.has_tokens() { request.try_clone() } else { None };
            let tokens = match self.authorize(auth, &mut request).await {
                Ok(tokens) => tokens,
                Err(error) => return (earlier.unwrap_or_else(|| Err(Error::no_credentials(error))), attempts),
            };
            let latest = self.0.http.execute(request).await.map_err(Error::from);
            attempts += 1;
            let refused = is_unauthorized(&latest) && tokens.refuse();
            let pause = self.pause_after(&latest, counted, started.elapsed());
            let outcome = match earlier.take() {
                Some(earlier) if was_never_sent(&latest) => earlier,
                _ => latest,
            };
            // The server says that it did not execute the request, so even a payment without a key may be repeated.
            let pause = match pause.filter(|_| repeatable) {
                _ if refused && !replaced => Duration::ZERO,
                Some(pause) => pause,
                None => return (outcome, attempts),
            };
            let Some(next) = next else { return (outcome, attempts) };
            if refused && !replaced {
                tracing::debug!(attempts, "trying again with a new token");
                replaced = true;
            } else {
                tracing::debug!(attempts, pause_ms = pause.as_millis(), "trying again");
                tokio::time::sleep(pause).await;
                counted += 1;
            }
            earlier = Some(outcome);
            request = next;
        }
    }

    /// The credentials of a call. Those of all operations are for the server that the client was made for: a document
    /// must not be able to send them to another one.
    fn auth_of(&self, call: &Call<'_>, request: &Request) -> &Auth {
        if call.open {
            return &NONE;
        }
        match self.0.operation_auth.get(call.operation_id) {
            Some(own) => own,
            None if call.trusts(request.url()) => &self.0.auth,
            None => &NONE,
        }
    }

    /// Puts credentials into a request. A token that is on its way takes no longer than an attempt may.
    async fn authorize<'a>(&self, auth: &'a Auth, request: &mut Request) -> Result<InUse<'a>, AuthError> {
        let applied = auth.apply(request, &self.0.http);
        if !auth.has_tokens() {
            return applied.await;
        }
        let in_time = tokio::time::timeout(self.0.attempt_timeout, applied).await;
        in_time.unwrap_or_else(|_| Err(AuthError::Token(TokenError::timed_out())))
    }

    fn may_repeat(&self, request: &Request) -> bool {
        is_idempotent(request.method())
            || self.0.idempotency_headers.iter().any(|name| request.headers().contains_key(name))
    }

    fn pause_after(&self, outcome: &Outcome, counted: u32, elapsed: Duration) -> Option<Duration> {
        let retry = &self.0.retry;
        let asked = match outcome {
            Ok(response) if retry.retries(response.status()) => retry_after(response.headers(), SystemTime::now()),
            Err(error) if error.is_retryable() => None,
            _ => return None,
        };
        retry.pause(counted, elapsed, asked, fastrand::f64())
    }
}

fn is_unauthorized(outcome: &Outcome) -> bool {
    outcome.as_ref().is_ok_and(|response| response.status() == StatusCode::UNAUTHORIZED)
}

fn was_never_sent(outcome: &Outcome) -> bool {
    outcome.as_ref().is_err_and(|error| !error.may_have_been_sent())
}
