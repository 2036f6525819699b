//! The answer of a token endpoint.

use std::time::{Duration, SystemTime};

use reqwest::{Response, StatusCode};
use serde_json::{Map, Value};

use crate::body::{ReadError, read_response};
use crate::retry::{answered_at, retry_after};
use crate::{Token, TokenError, decode_json};

/// The most bytes of an answer: 64 KiB.
pub(crate) const MAX_ANSWER: usize = 64 << 10;

/// By how much the clocks of client and server may differ before it is worth a word: servers overlook about a minute.
const OVERLOOKED: Duration = Duration::from_secs(60);

/// Reads a token (RFC 6749, section 5.1) or an error (section 5.2).
pub(super) async fn read(response: Response, now: SystemTime) -> Result<Token, TokenError> {
    let status = response.status();
    let wait = retry_after(response.headers(), now);
    let skew = answered_at(response.headers()).and_then(|date| skew(date, now));
    let body = read_response(response, MAX_ANSWER).await.whole();
    if !status.is_success() {
        return Err(refusal(status, &body.unwrap_or_else(|(read, _)| read), wait, skew));
    }
    let body = body.map_err(|(_, failure)| unreadable(failure))?;
    let answer: Map<String, Value> = decode_json(&body).map_err(|_| {
        TokenError::new("the token endpoint's answer is no JSON object, though its status is a success")
    })?;
    token(&answer)
}

fn token(answer: &Map<String, Value>) -> Result<Token, TokenError> {
    let bearer = |kind: &Value| kind.as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("bearer"));
    // A client must not use a token whose type it does not know (RFC 6749, section 7.1).
    if answer.get("token_type").is_some_and(|kind| !kind.is_null() && !bearer(kind)) {
        return Err(TokenError::new("the token endpoint gave a token of another type than `Bearer`"));
    }
    match answer.get("access_token").and_then(Value::as_str) {
        Some(secret) if !secret.is_empty() => {
            let token = Token::new(secret);
            Ok(answer.get("expires_in").and_then(seconds).map_or(token.clone(), |lifetime| token.expires_in(lifetime)))
        }
        _ => Err(TokenError::new("the token endpoint's answer holds no `access_token`")),
    }
}

/// A number of seconds; some servers write it as text, or with decimals.
fn seconds(value: &Value) -> Option<Duration> {
    let number = match value {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_f64(),
    };
    number.and_then(|seconds: f64| Duration::try_from_secs_f64(seconds.trunc()).ok())
}

/// By how much two clocks differ, in words, where that is more than what a server overlooks in an assertion.
fn skew(server: SystemTime, here: SystemTime) -> Option<String> {
    let (difference, words) = match here.duration_since(server) {
        Ok(ahead) => (ahead, "ahead of"),
        Err(behind) => (behind.duration(), "behind"),
    };
    let seconds = difference.as_secs();
    (difference > OVERLOOKED).then(|| format!("the clock of this machine is {seconds} s {words} the endpoint's"))
}

fn refusal(status: StatusCode, body: &[u8], wait: Option<Duration>, skew: Option<String>) -> TokenError {
    let answer: Map<String, Value> = decode_json(body).unwrap_or_default();
    let text = |name: &str| answer.get(name).and_then(Value::as_str).map(str::to_owned);
    // An assertion of another time is refused, and nothing in the answer needs to say so.
    let skew = skew.filter(|_| matches!(status, StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED));
    TokenError::refused(status, text("error"), text("error_description"), wait, skew)
}

fn unreadable(failure: ReadError) -> TokenError {
    match failure {
        ReadError::Connection(error) => TokenError::from(error),
        ReadError::TooLong(_) => TokenError::caused_by("the token endpoint's answer is too long", failure),
    }
}
