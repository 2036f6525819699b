//! The keys by which a provider knows a repeated request.

use reqwest::Request;
use reqwest::header::HeaderValue;

use serde_json::Value;

use super::Transport;
use crate::random::fresh_uuid;
use crate::retry::is_idempotent;
use crate::{Call, Error};

impl Transport {
    /// Whether repeating a request cannot do harm.
    pub(super) fn may_repeat(&self, request: &Request, call: &Call<'_>) -> bool {
        is_idempotent(request.method())
            || self.0.idempotency_headers.iter().any(|name| request.headers().contains_key(name))
            || self.key_in_body(request, call).is_some()
    }

    /// The idempotency key in the body of a request. A body that is a stream has none: it cannot be repeated, either.
    fn key_in_body(&self, request: &Request, call: &Call<'_>) -> Option<String> {
        let pointer = self.0.idempotency_members.get(call.operation_id)?;
        let body: Value = serde_json::from_slice(request.body()?.as_bytes()?).ok()?;
        body.pointer(pointer)?.as_str().filter(|key| !key.is_empty()).map(str::to_owned)
    }

    /// The idempotency key of a request, which is given one if it has none and the settings say so. The attempts of a call
    /// are copies of the request, so they have the same.
    pub(super) fn idempotency_key(&self, request: &mut Request, call: &Call<'_>) -> Result<Option<String>, Error> {
        let known = self.0.idempotency_headers.iter().find_map(|name| request.headers().get(name));
        if let Some(known) = known {
            return Ok(known.to_str().ok().map(str::to_owned));
        }
        if let Some(known) = self.key_in_body(request, call) {
            return Ok(Some(known));
        }
        let Some(name) = self.0.minted_header.as_ref().filter(|_| !is_idempotent(request.method())) else {
            return Ok(None);
        };
        let missing = || Error::refused("the operating system has no randomness for an idempotency key");
        let key = fresh_uuid().ok_or_else(missing)?.to_string();
        request.headers_mut().insert(name, HeaderValue::try_from(&key)?);
        Ok(Some(key))
    }
}
