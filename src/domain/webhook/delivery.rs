//! A webhook as it arrived.

use std::fmt;

use obkit_runtime::bytes::Bytes;
use obkit_runtime::reqwest::header::HeaderMap;

/// A request that came to your webhook address: its headers, and its body byte for byte. A framework that has decoded the
/// JSON has lost the bytes that were signed.
///
/// ```
/// # fn receive(headers: obkit::runtime::reqwest::header::HeaderMap, body: Vec<u8>) {
/// let delivery = obkit::domain::WebhookDelivery::new(headers, body);
/// # }
/// ```
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct WebhookDelivery {
    /// The headers, among them the signature of a provider that signs.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl WebhookDelivery {
    /// A request by its headers and its body.
    #[must_use]
    pub fn new(headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        Self { headers, body: body.into() }
    }
}

/// Shows neither headers nor body.
impl fmt::Debug for WebhookDelivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookDelivery").field("bytes", &self.body.len()).finish_non_exhaustive()
    }
}
