//! How a request travels.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::header::HeaderName;
use reqwest::{Request, Response};
use tokio::time::Instant;
use tracing::Instrument as _;
use tracing::field::Empty;

use crate::call::{CallInfo, request_id};
use crate::retry::{is_idempotent, retry_after};
use crate::{Auth, RetryPolicy};

mod builder;

pub use builder::{TransportBuilder, TransportError};

/// What every generated client sends its requests through: credentials, retries, timeouts and tracing.
///
/// Cloning is cheap and shares the connection pool. Make one per provider and set of credentials.
///
/// A request is tried again only when repeating it cannot do harm: its method is idempotent (RFC 9110, section 9.2.2),
/// or it carries an idempotency key. **A payment is never sent twice without its key.** A streamed body, which can be
/// read once, is never repeated.
///
/// Each call is one `tracing` span `obkit.call` with the fields `provider`, `operation`, `method`, `attempts`,
/// `status`, `duration_ms` and `request_id`; never a URL, a header or a body.
///
/// ```
/// use obkit_runtime::{Auth, Transport};
///
/// let transport = Transport::builder("yapily").auth(Auth::basic("application-id", "secret")).build()?;
/// assert_eq!(transport.provider(), "yapily");
/// # Ok::<(), obkit_runtime::TransportError>(())
/// ```
#[derive(Clone)]
pub struct Transport(Arc<Inner>);

struct Inner {
    provider: &'static str,
    http: reqwest::Client,
    auth: Auth,
    operation_auth: HashMap<&'static str, Auth>,
    retry: RetryPolicy,
    attempt_timeout: Duration,
    idempotency_headers: Vec<HeaderName>,
}

impl Transport {
    /// A transport to the provider of this name, which appears in every span.
    pub fn builder(provider: &'static str) -> TransportBuilder {
        TransportBuilder::new(provider)
    }

    /// The connection pool, for calls that the provider's document does not describe.
    #[must_use]
    pub fn http(&self) -> &reqwest::Client {
        &self.0.http
    }

    /// The provider's name.
    #[must_use]
    pub fn provider(&self) -> &'static str {
        self.0.provider
    }

    /// Puts the credentials of an operation into a request. Generated clients call it from the hook `pre`, the place where a failure
    /// can still become an error of the call.
    ///
    /// # Errors
    ///
    /// When the credentials cannot be written. [`TransportBuilder::build`] has tried them once already.
    pub fn prepare(&self, request: &mut Request, operation_id: &str) -> Result<(), String> {
        let auth = self.0.operation_auth.get(operation_id).unwrap_or(&self.0.auth);
        auth.apply(request).map_err(|error| error.to_string())
    }

    /// Sends a prepared request, as often as the policy and its safety allow, and returns the last answer.
    ///
    /// Any status is an answer. The response carries a [`CallInfo`] among its extensions.
    ///
    /// # Errors
    ///
    /// When no attempt was answered. Should a later attempt not reach the server, the outcome of an earlier one that
    /// may have is returned instead: an error must not claim that a request was never sent when it was. The error shows
    /// no URL, which may hold a key.
    pub async fn execute(&self, request: Request, operation_id: &'static str) -> reqwest::Result<Response> {
        let span = tracing::info_span!(
            "obkit.call",
            provider = self.0.provider,
            operation = operation_id,
            method = %request.method(),
            attempts = Empty,
            status = Empty,
            duration_ms = Empty,
            request_id = Empty,
        );
        let started = Instant::now();
        let (outcome, attempts) = self.attempt(request, started).instrument(span.clone()).await;
        let mut outcome = outcome.map_err(reqwest::Error::without_url);

        span.record("attempts", attempts);
        span.record("duration_ms", u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX));
        if let Ok(response) = &mut outcome {
            let call = CallInfo { operation_id, attempts, request_id: request_id(response.headers()) };
            span.record("status", response.status().as_u16());
            if let Some(id) = &call.request_id {
                span.record("request_id", id.as_str());
            }
            response.extensions_mut().insert(call);
        }
        outcome
    }

    /// The outcome that counts, and how many attempts it took.
    async fn attempt(&self, mut request: Request, started: Instant) -> (reqwest::Result<Response>, u32) {
        request.timeout_mut().get_or_insert(self.0.attempt_timeout);
        let repeatable = self.may_repeat(&request);
        let mut earlier = None;
        let mut attempt = 1;
        loop {
            let next = if repeatable { request.try_clone() } else { None };
            let latest = self.0.http.execute(request).await;
            let pause = self.pause_after(&latest, attempt, started.elapsed());
            let outcome = match earlier.take() {
                Some(earlier) if was_never_sent(&latest) => earlier,
                _ => latest,
            };
            let Some((next, pause)) = next.zip(pause) else {
                return (outcome, attempt);
            };
            tracing::debug!(attempt, pause_ms = pause.as_millis(), "trying again");
            tokio::time::sleep(pause).await;
            earlier = Some(outcome);
            request = next;
            attempt += 1;
        }
    }

    fn may_repeat(&self, request: &Request) -> bool {
        is_idempotent(request.method())
            || self.0.idempotency_headers.iter().any(|name| request.headers().contains_key(name))
    }

    fn pause_after(&self, outcome: &reqwest::Result<Response>, attempt: u32, elapsed: Duration) -> Option<Duration> {
        let retry = &self.0.retry;
        let asked = match outcome {
            Ok(response) if retry.retries(response.status()) => retry_after(response.headers(), SystemTime::now()),
            Err(error) if !error.is_builder() => None,
            _ => return None,
        };
        retry.pause(attempt, elapsed, asked, fastrand::f64())
    }
}

fn was_never_sent(outcome: &reqwest::Result<Response>) -> bool {
    outcome.as_ref().is_err_and(never_sent)
}

/// Whether an error proves that no byte of the request reached the server.
pub(crate) fn never_sent(error: &reqwest::Error) -> bool {
    error.is_builder() || error.is_connect()
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport")
            .field("provider", &self.0.provider)
            .field("auth", &self.0.auth)
            .field("retry", &self.0.retry)
            .field("attempt_timeout", &self.0.attempt_timeout)
            .field("idempotency_headers", &self.0.idempotency_headers)
            .finish_non_exhaustive()
    }
}
