//! When a call is tried again, and after how long.

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use reqwest::{Method, StatusCode};

/// How often, how soon and for which answers a call is tried again.
///
/// The policy only says *how*: whether a request may be repeated at all is a matter of its safety, see
/// [`Transport`](crate::Transport).
///
/// The pause before attempt `n + 1` is drawn evenly from zero to `base_delay * 2^(n-1)`, at most `max_delay`
/// ("full jitter"). A `Retry-After` of the server (RFC 9110, section 10.2.3) takes its place. A pause that would end
/// after the deadline is not taken; the last answer is then the result.
///
/// ```
/// use std::time::Duration;
/// use obkit_runtime::RetryPolicy;
///
/// let patient = RetryPolicy::default().max_attempts(5).deadline(Duration::from_secs(120));
/// assert_ne!(patient, RetryPolicy::none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    pub(crate) max_attempts: u32,
    pub(crate) base_delay: Duration,
    pub(crate) max_delay: Duration,
    pub(crate) deadline: Duration,
    retry_statuses: Vec<StatusCode>,
}

/// Three attempts, 100 ms base delay, 5 s cap, 30 s deadline, for 408, 429, 502, 503 and 504.
impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 3,
            base_delay: Duration::from_millis(100),
            max_delay: Duration::from_secs(5),
            deadline: Duration::from_secs(30),
            retry_statuses: TRANSIENT.to_vec(),
        }
    }
}

/// The statuses that say "later" (RFC 9110, sections 15.5.9 and 15.6; RFC 6585, section 4).
const TRANSIENT: [StatusCode; 5] = [
    StatusCode::REQUEST_TIMEOUT,
    StatusCode::TOO_MANY_REQUESTS,
    StatusCode::BAD_GATEWAY,
    StatusCode::SERVICE_UNAVAILABLE,
    StatusCode::GATEWAY_TIMEOUT,
];

/// Whether an answer of this status may be followed by a better one.
pub(crate) fn is_transient(status: StatusCode) -> bool {
    TRANSIENT.contains(&status)
}

impl RetryPolicy {
    /// One attempt.
    #[must_use]
    pub fn none() -> Self {
        Self::default().max_attempts(1)
    }

    /// How many attempts a call has, the first included. Zero counts as one.
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// The longest pause before the second attempt; it doubles with every further one.
    #[must_use]
    pub fn base_delay(mut self, delay: Duration) -> Self {
        self.base_delay = delay;
        self
    }

    /// The longest pause between two attempts. Does not shorten a `Retry-After`.
    #[must_use]
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// How long after the start of the call a further attempt may begin. Does not interrupt an attempt.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// The statuses that are worth another attempt, in place of the default ones.
    #[must_use]
    pub fn retry_statuses(mut self, statuses: impl IntoIterator<Item = StatusCode>) -> Self {
        self.retry_statuses = statuses.into_iter().collect();
        self
    }

    /// Whether an answer of this status is worth another attempt.
    #[must_use]
    pub fn retries(&self, status: StatusCode) -> bool {
        self.retry_statuses.contains(&status)
    }

    /// The pause before the next attempt, or `None` when there must not be one.
    ///
    /// `attempt` counts the attempts made, from 1; `elapsed` is the time since the call began; `jitter` is a random
    /// number from 0 to 1.
    #[must_use]
    pub fn pause(
        &self,
        attempt: u32,
        elapsed: Duration,
        retry_after: Option<Duration>,
        jitter: f64,
    ) -> Option<Duration> {
        if attempt >= self.max_attempts {
            return None;
        }
        let pause = retry_after.unwrap_or_else(|| self.backoff(attempt).mul_f64(jitter.clamp(0.0, 1.0)));
        let end = elapsed.checked_add(pause)?;
        (end <= self.deadline).then_some(pause)
    }

    /// How long until no further attempt may begin.
    pub(crate) fn time_left(&self, elapsed: Duration) -> Duration {
        self.deadline.saturating_sub(elapsed)
    }

    fn backoff(&self, attempt: u32) -> Duration {
        let factor = 2_u32.saturating_pow(attempt.saturating_sub(1));
        self.base_delay.saturating_mul(factor).min(self.max_delay)
    }
}

/// How long the server asks to wait, by `Retry-After`: seconds, or an HTTP date (RFC 9110, section 10.2.3).
///
/// A date is one of the server's clock, which need not be that of this machine: it counts from the `Date` of the answer
/// where there is one, and else from `now`. A date in the past is no wait; a value in neither form is `None`.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    Some(until.duration_since(answered_at(headers).unwrap_or(now)).unwrap_or_default())
}

/// When an answer was made, by the clock of the server (RFC 9110, section 6.6.1).
pub(crate) fn answered_at(headers: &HeaderMap) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?.trim()).ok()
}

/// Whether a method may be repeated without further agreement (RFC 9110, section 9.2.2).
pub(crate) fn is_idempotent(method: &Method) -> bool {
    [Method::GET, Method::HEAD, Method::PUT, Method::DELETE, Method::OPTIONS, Method::TRACE].contains(method)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use reqwest::header::HeaderValue;

    use super::*;

    const NOW: u64 = 784_111_777; // Sun, 06 Nov 1994 08:49:37 GMT, the RFC's own example.

    fn asked(value: &str) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_str(value).unwrap());
        retry_after(&headers, SystemTime::UNIX_EPOCH + Duration::from_secs(NOW))
    }

    #[test]
    fn reads_both_forms_of_retry_after() {
        assert_eq!(asked("120"), Some(Duration::from_secs(120)));
        assert_eq!(asked(" 0 "), Some(Duration::ZERO));
        assert_eq!(asked("Sun, 06 Nov 1994 08:49:47 GMT"), Some(Duration::from_secs(10)));
        assert_eq!(asked("Sun, 06 Nov 1994 08:49:27 GMT"), Some(Duration::ZERO));
        assert_eq!(asked("99999999999999999999999"), Some(Duration::from_secs(u64::MAX)));
        for nonsense in ["", "soon", "-1", "1.5"] {
            assert_eq!(asked(nonsense), None, "{nonsense}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), SystemTime::UNIX_EPOCH), None);
    }

    #[test]
    fn a_date_counts_from_the_date_of_the_answer() {
        let until = HeaderValue::from_static("Sun, 06 Nov 1994 08:49:47 GMT");
        let asked = |date: &'static str, now: u64| {
            let headers = [(RETRY_AFTER, until.clone()), (DATE, HeaderValue::from_static(date))];
            retry_after(&headers.into_iter().collect(), SystemTime::UNIX_EPOCH + Duration::from_secs(now))
        };
        for now in [NOW - 86_400, NOW, NOW + 86_400] {
            assert_eq!(asked("Sun, 06 Nov 1994 08:49:37 GMT", now), Some(Duration::from_secs(10)), "the clock is off");
            assert_eq!(asked("Sun, 06 Nov 1994 08:50:00 GMT", now), Some(Duration::ZERO), "the date is in the past");
        }
        assert_eq!(asked("now", NOW), Some(Duration::from_secs(10)), "a date that is none does not count");
    }

    #[test]
    fn the_pause_doubles_up_to_its_cap() {
        let policy = RetryPolicy::default()
            .max_attempts(u32::MAX)
            .base_delay(Duration::from_secs(1))
            .max_delay(Duration::from_secs(5));
        let longest = |attempt| policy.pause(attempt, Duration::ZERO, None, 1.0).unwrap().as_secs();
        assert_eq!([1, 2, 3, 4, 1000].map(longest), [1, 2, 4, 5, 5]);
        assert_eq!(policy.pause(3, Duration::ZERO, None, 0.0), Some(Duration::ZERO));
        assert_eq!(policy.pause(3, Duration::ZERO, None, 0.5), Some(Duration::from_secs(2)));
    }

    #[test]
    fn attempts_run_out() {
        let policy = RetryPolicy::default();
        assert!(policy.pause(2, Duration::ZERO, None, 0.5).is_some());
        assert_eq!(policy.pause(3, Duration::ZERO, None, 0.5), None);
        assert_eq!(RetryPolicy::none().pause(1, Duration::ZERO, None, 0.0), None);
        assert_eq!(RetryPolicy::default().max_attempts(0), RetryPolicy::none());
    }

    #[test]
    fn no_pause_ends_after_the_deadline() {
        let policy = RetryPolicy::default().deadline(Duration::from_secs(10));
        let asked = |elapsed, retry_after| {
            policy.pause(1, Duration::from_secs(elapsed), Some(Duration::from_secs(retry_after)), 0.5)
        };
        assert_eq!(asked(0, 10), Some(Duration::from_secs(10)));
        assert_eq!(asked(0, 11), None);
        assert_eq!(asked(5, 6), None);
        assert_eq!(asked(1, u64::MAX), None);
    }

    #[test]
    fn knows_what_may_be_repeated() {
        assert!(is_idempotent(&Method::GET) && is_idempotent(&Method::DELETE));
        assert!(!is_idempotent(&Method::POST) && !is_idempotent(&Method::PATCH));
    }
}
