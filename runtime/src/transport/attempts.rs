//! A call is made of attempts.

use std::time::{Duration, SystemTime};

use reqwest::{Request, Response, StatusCode};
use tokio::time::Instant;

use super::is_confidential;
use super::observe::{Attempt, AttemptAnswer};
use super::{Time, Transport};
use crate::auth::InUse;
use crate::call::Call;
use crate::retry::retry_after;
use crate::{Auth, AuthError, Error, Phase, TokenError, random};

/// For requests that must not have any.
static NONE: Auth = Auth::none();

/// What became of an attempt.
type Outcome = Result<Response, Error>;

impl Transport {
    /// The outcome that counts, and how many attempts it took.
    pub(super) async fn attempts(&self, mut request: Request, call: &Call<'_>, time: &Time) -> (Outcome, u32) {
        let auth = self.auth_of(call, &request);
        let repeatable = self.may_repeat(&request, call);
        let mut earlier = None;
        let mut replaced = false;
        let mut attempts = 0;
        // Attempts that the policy counts.
        let mut counted = 1;
        loop {
            let next = if repeatable || auth.has_tokens() { request.try_clone() } else { None };
            let (latest, tokens) = match self.attempt(request, auth, call, attempts + 1, time).await {
                Ok(done) => done,
                Err(unsent) => return (earlier.unwrap_or(Err(unsent)), attempts),
            };
            attempts += 1;
            let new_token = is_unauthorized(&latest) && tokens.refuse() && !replaced;
            let pause = self.pause_after(&latest, counted, time).filter(|_| repeatable);
            let outcome = match earlier.take() {
                Some(earlier) if was_never_sent(&latest) => earlier,
                _ => latest,
            };
            let Some(next) = next else { return (outcome, attempts) };
            match pause {
                // The server says that it did not execute the request (RFC 9110, section 15.5.2), so even a payment
                // without a key may be repeated.
                _ if new_token => {
                    tracing::debug!(attempts, "trying again with a new token");
                    replaced = true;
                }
                Some(pause) => {
                    tracing::debug!(attempts, pause_ms = pause.as_millis(), "trying again");
                    tokio::time::sleep(pause).await;
                    counted += 1;
                }
                None => return (outcome, attempts),
            }
            earlier = Some(outcome);
            request = next;
        }
    }

    /// One attempt, with its credentials; an error when it was not made.
    async fn attempt<'a>(
        &self,
        mut request: Request,
        auth: &'a Auth,
        call: &Call<'_>,
        number: u32,
        time: &Time,
    ) -> Result<(Outcome, InUse<'a>), Error> {
        self.wait_for_turn(time).await?;
        let tokens = self.authorize(auth, &mut request, time).await.map_err(Error::no_credentials)?;
        let longest = request.timeout().copied().unwrap_or(self.0.attempt_timeout).min(time.left());
        if longest.is_zero() {
            return Err(Error::out_of_time("the call has no time left"));
        }
        *request.timeout_mut() = Some(longest);

        let method = request.method().clone();
        let attempt = Attempt { provider: self.0.provider, operation_id: call.operation_id, method: &method, number };
        let began = Instant::now();
        if let Some(observer) = &self.0.observer {
            observer.on_attempt(&attempt);
        }
        let outcome = self.0.http.execute(request).await.map_err(Error::from);
        if let Some(observer) = &self.0.observer {
            observer.on_answer(&attempt, &answer_of(&outcome, began.elapsed()));
        }
        Ok((outcome, tokens))
    }

    /// Waits until the rate limit has room, if that is before the end of the call.
    async fn wait_for_turn(&self, time: &Time) -> Result<(), Error> {
        let Some(limit) = &self.0.rate_limit else { return Ok(()) };
        let patience = time.left().min(self.0.retry.time_left(time.started.elapsed()));
        match limit.take(Instant::now(), patience) {
            Some(wait) => {
                tokio::time::sleep(wait).await;
                Ok(())
            }
            None => Err(Error::out_of_time("the rate limit has no room in time")),
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
    async fn authorize<'a>(&self, auth: &'a Auth, request: &mut Request, time: &Time) -> Result<InUse<'a>, AuthError> {
        if !auth.is_none() && !self.0.plaintext_credentials && !is_confidential(request.url()) {
            return Err(AuthError::NoTls);
        }
        let applied = auth.apply(request, &self.0.http);
        if !auth.has_tokens() {
            return applied.await;
        }
        let in_time = tokio::time::timeout(self.0.attempt_timeout.min(time.left()), applied).await;
        in_time.unwrap_or_else(|_| Err(AuthError::Token(TokenError::timed_out())))
    }

    fn pause_after(&self, outcome: &Outcome, counted: u32, time: &Time) -> Option<Duration> {
        let retry = &self.0.retry;
        let asked = match outcome {
            Ok(response) if retry.retries(response.status()) => retry_after(response.headers(), SystemTime::now()),
            Err(error) if error.is_retryable() => None,
            _ => return None,
        };
        let jitter = random::fraction().unwrap_or(1.0);
        retry.pause(counted, time.started.elapsed(), asked, jitter).filter(|pause| *pause < time.left())
    }
}

fn is_unauthorized(outcome: &Outcome) -> bool {
    outcome.as_ref().is_ok_and(|response| response.status() == StatusCode::UNAUTHORIZED)
}

fn was_never_sent(outcome: &Outcome) -> bool {
    outcome.as_ref().is_err_and(|error| !error.may_have_been_sent())
}

fn answer_of(outcome: &Outcome, duration: Duration) -> AttemptAnswer {
    match outcome {
        Ok(response) => AttemptAnswer { phase: Phase::Answered, status: Some(response.status()), duration },
        Err(error) => AttemptAnswer { phase: error.phase(), status: None, duration },
    }
}
