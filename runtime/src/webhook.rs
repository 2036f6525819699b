//! Webhooks: what a provider sends on its own accord, and the proof that it was the provider.
//!
//! A [`WebhookVerifier`] takes the headers and the raw bytes of a request, before anything has decoded them, and gives a
//! [`VerifiedWebhook`] or says what is wrong:
//!
//! ```no_run
//! use obkit_runtime::reqwest::header::{HeaderMap, HeaderName};
//! use obkit_runtime::webhook::{JwksUrl, SignedWebhook, WebhookError, WebhookVerifier};
//!
//! # fn start() -> Result<(), Box<dyn std::error::Error>> {
//! let scheme = SignedWebhook::new(HeaderName::from_static("x-signature"), HeaderName::from_static("x-signature-kid"));
//! let keys = JwksUrl::new("finqlink", "https://sandbox-pay.finqware.com/.well-known/jwks.json")?;
//! let verifier = WebhookVerifier::builder(scheme, keys).build();
//! # Ok(())
//! # }
//! async fn receive(verifier: &WebhookVerifier, headers: &HeaderMap, body: Vec<u8>) -> u16 {
//!     match verifier.verify(headers, body.into()).await {
//!         Ok(webhook) => { /* read webhook.body(), act once */ 200 }
//!         Err(error) => error.status().as_u16(),
//!     }
//! }
//! ```
//!
//! # What is proven
//!
//! That the holder of a key in the provider's present key set signed exactly these bytes, and that this process has not
//! let them through within the window of its memory.
//!
//! # What is not
//!
//! *When* they were signed. Where a payload has neither a time nor an id of its own, an old notice looks like a new one
//! for as long as its key is published, which with FinqLink is up to 180 days. The memory of what was seen is bounded in
//! time and number, is lost on restart, and is not shared between processes. So act on a notice by reading the state that
//! it speaks of from the API, or keep [`VerifiedWebhook::digest`] in a table with a unique index.

mod error;
mod key_cache;
mod key_source;
mod replay;
mod scheme;
mod verifier;

pub use error::WebhookError;
pub use key_source::{Fetched, InsecureUrl, JwksUrl, KeySource, KeySourceError};
pub use scheme::{SignedWebhook, VerifiedWebhook};
pub use verifier::{WebhookVerifier, WebhookVerifierBuilder};
