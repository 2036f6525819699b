//! How a webhook is signed, and verifying one with given keys.

use std::fmt;

use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderName};
use ring::digest::{SHA256, digest};

use super::WebhookError;
use crate::jose::{CompactJws, KeySet};

/// The longest body, unless set otherwise.
const MAX_BODY: usize = 64 << 10;

/// The longest key id.
const MAX_KEY_ID: usize = 256;

/// Beside the payload, which is base64 of the body, a signature header has these characters at the most.
const MAX_SIGNATURE_OVERHEAD: usize = 4 << 10;

/// The scheme of a provider that signs the whole body: a header holds a JWS in compact serialisation whose payload is
/// the raw body, and another header the id of the key.
///
/// Knows no network, no clock and no memory: [`verify`](Self::verify) gives the same answer every time.
#[derive(Clone, Debug)]
pub struct SignedWebhook {
    signature: HeaderName,
    key_id: HeaderName,
    max_body: usize,
}

impl SignedWebhook {
    /// The scheme with these headers, for bodies of at most 64 KiB.
    #[must_use]
    pub fn new(signature: HeaderName, key_id: HeaderName) -> Self {
        Self { signature, key_id, max_body: MAX_BODY }
    }

    /// Sets how many bytes a body may have. The signature header may be a third longer.
    #[must_use]
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// Verifies a request with these keys. Whether the same one came before is not this function's to know.
    ///
    /// # Errors
    /// What is wrong with the request. [`WebhookError::UnknownKey`] when the set has no such key.
    pub fn verify(&self, headers: &HeaderMap, body: Bytes, keys: &KeySet) -> Result<VerifiedWebhook, WebhookError> {
        let claim = self.read(headers, &body)?;
        let digest = claim.verify(keys)?;
        Ok(VerifiedWebhook { key_id: claim.key_id.to_owned(), digest, body })
    }

    /// Everything that can be judged without a key. It is done first, so that only a request that is right in itself
    /// can make anybody ask for keys.
    pub(super) fn read<'a>(&self, headers: &'a HeaderMap, body: &[u8]) -> Result<Claim<'a>, WebhookError> {
        if body.len() > self.max_body {
            return Err(WebhookError::BodyTooLarge(self.max_body));
        }
        let key_id = single(headers, &self.key_id, MAX_KEY_ID)?;
        let longest = (self.max_body / 3).saturating_mul(4).saturating_add(MAX_SIGNATURE_OVERHEAD);
        let jws = CompactJws::parse(single(headers, &self.signature, longest)?)?;
        if jws.key_id().is_some_and(|signed| signed != key_id) {
            return Err(WebhookError::KeyIdMismatch);
        }
        // Neither side is a secret: the sender knows both, so that the time of the comparison tells nobody anything.
        if jws.unverified_payload() != body {
            return Err(WebhookError::PayloadMismatch);
        }
        Ok(Claim { key_id, jws })
    }
}

/// The value of a header that stands once.
fn single<'a>(headers: &'a HeaderMap, name: &HeaderName, longest: usize) -> Result<&'a str, WebhookError> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().ok_or_else(|| WebhookError::MissingHeader(name.clone()))?;
    if values.next().is_some() {
        return Err(WebhookError::DuplicateHeader(name.clone()));
    }
    match value.to_str() {
        Ok(text) if !text.is_empty() && text.len() <= longest => Ok(text),
        _ => Err(WebhookError::InvalidHeader(name.clone())),
    }
}

/// What a request says of itself.
pub(super) struct Claim<'a> {
    pub(super) key_id: &'a str,
    jws: CompactJws<'a>,
}

impl Claim<'_> {
    /// Verifies the claim and gives the digest of what was signed.
    pub(super) fn verify(&self, keys: &KeySet) -> Result<[u8; 32], WebhookError> {
        let key = keys.key(self.key_id).ok_or(WebhookError::UnknownKey)?;
        self.jws.verify(key)?;
        Ok(self.digest())
    }

    /// The digest of what is signed, or said to be.
    pub(super) fn digest(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest(&SHA256, self.jws.signed().as_bytes()).as_ref());
        bytes
    }
}

/// A request whose signature was verified. There is no other way to get one.
#[derive(Clone)]
pub struct VerifiedWebhook {
    pub(super) key_id: String,
    pub(super) digest: [u8; 32],
    pub(super) body: Bytes,
}

impl VerifiedWebhook {
    /// The body, byte for byte what was signed.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The key that signed.
    #[must_use]
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// SHA-256 of what was signed, the header and the body: the same for every arrival of the same notice, and not to
    /// be changed by whoever passes it on. A table with a unique index over it outlives the memory of the verifier.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }
}

impl fmt::Debug for VerifiedWebhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedWebhook").field("key_id", &self.key_id).finish_non_exhaustive()
    }
}
