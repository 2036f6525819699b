//! FinqLink's webhooks: states of payment links, consents and refreshes. Feature `webhooks`.
//!
//! FinqLink signs each body. `x-signature` is a JWS in compact serialisation whose payload is the raw body, by RS256 or
//! ES256; `x-signature-kid` is the id of the key. `/.well-known/jwks.json` lists the key that signs now and the one before
//! it; they change about every 90 days, so that a signature is good for up to 180 days. The payloads have no time and no
//! number of their own: see [`runtime::webhook`](obkit_runtime::webhook) for what that leaves open.
//!
//! Finqware's senders have fixed addresses, too: 34.89.170.122 for test and 34.159.239.125 for production.
//!
//! A connection verifies with the keys of its own environment, asked for as it asks for everything else
//! ([`Webhooks`]). Without a connection:
//!
//! ```no_run
//! use obkit::provider::finqlink::webhook;
//! # async fn receive(headers: &obkit::runtime::reqwest::header::HeaderMap, body: Vec<u8>)
//! #     -> Result<(), Box<dyn std::error::Error>> {
//! let verifier = webhook::verifier("https://sandbox-pay.finqware.com")?.build(); // one for the whole program
//! let event = webhook::event(&verifier.verify(headers, body.into()).await?)?;
//! println!("look at consent {:?}", event.consent_id);
//! # Ok(())
//! # }
//! ```

use std::sync::Arc;
use std::time::Duration;

use obkit_finqlink::types as finqlink;
use obkit_runtime::reqwest::StatusCode;
use obkit_runtime::reqwest::header::HeaderName;
use obkit_runtime::webhook::{
    InsecureUrl, JwksUrl, SignedWebhook, VerifiedWebhook, WebhookVerifier, WebhookVerifierBuilder,
};
use obkit_runtime::{DecodeError, Transport, decode_json};
use serde::Deserialize;
use serde_json::Value;

use super::FinqLink;
use crate::domain::{
    Coded, Source, WebhookDelivery, WebhookEvent, WebhookEventType, WebhookKind, WebhookRegistration, WebhookRequest,
    WebhookStatus,
};
use crate::error::{Error, Unsupported, WebhookRefusal};
use crate::provider::{Reply, Webhooks};

impl FinqLink {
    /// Verifies webhooks by a verifier of the caller's: with another memory of replays, or with keys from elsewhere.
    #[must_use]
    pub fn with_webhook_verifier(mut self, verifier: WebhookVerifier) -> Self {
        self.webhooks = Some(Arc::new(verifier));
        self
    }

    fn webhook_verifier(&self) -> Result<&WebhookVerifier, Error> {
        let insecure = || WebhookRefusal::new(StatusCode::SERVICE_UNAVAILABLE, InsecureUrl::NotHttps);
        Ok(self.webhooks.as_deref().ok_or_else(insecure)?)
    }
}

/// Webhooks have no registrations: their address stands in each request, as that of a consent or a payment link.
impl Webhooks for FinqLink {
    fn receive<'a>(&'a self, delivery: &'a WebhookDelivery) -> Reply<'a, WebhookEvent> {
        Box::pin(async move {
            let verifier = self.webhook_verifier()?;
            let verified = verifier.verify(&delivery.headers, delivery.body.clone()).await;
            Ok(event(&verified.map_err(WebhookRefusal::from)?).map_err(WebhookRefusal::from)?)
        })
    }

    fn forget<'a>(&'a self, delivery: &'a WebhookDelivery) -> Reply<'a, ()> {
        Box::pin(async move {
            let forgotten = self.webhook_verifier()?.forget_request(&delivery.headers, &delivery.body);
            Ok(forgotten.map_err(WebhookRefusal::from)?)
        })
    }

    fn event_types(&self) -> Reply<'_, Vec<WebhookEventType>> {
        Box::pin(async { Err(unsupported("a list of the kinds of events")) })
    }

    fn register<'a>(&'a self, _: &'a WebhookRequest) -> Reply<'a, WebhookRegistration> {
        Box::pin(async { Err(unsupported("registrations of webhooks")) })
    }

    fn registrations(&self) -> Reply<'_, Vec<WebhookRegistration>> {
        Box::pin(async { Err(unsupported("registrations of webhooks")) })
    }

    fn registration<'a>(&'a self, _: &'a str) -> Reply<'a, WebhookRegistration> {
        Box::pin(async { Err(unsupported("registrations of webhooks")) })
    }

    fn delete<'a>(&'a self, _: &'a str) -> Reply<'a, ()> {
        Box::pin(async { Err(unsupported("registrations of webhooks")) })
    }

    fn reset_secret<'a>(&'a self, _: &'a str, _: Duration) -> Reply<'a, WebhookRegistration> {
        Box::pin(async { Err(unsupported("secrets of webhooks")) })
    }
}

fn unsupported(what: &'static str) -> Error {
    Unsupported { provider: "finqlink", what }.into()
}

/// The verifier of a connection; none where the keys would come over a connection that anybody could change.
pub(super) fn verifier_through(transport: Transport, base_url: &str) -> Option<Arc<WebhookVerifier>> {
    let keys = JwksUrl::through(transport, &keys_url(base_url)).ok()?;
    Some(Arc::new(WebhookVerifier::builder(scheme(), keys).build()))
}

/// The address of the keys of an environment.
fn keys_url(base_url: &str) -> String {
    format!("{}/.well-known/jwks.json", base_url.trim_end_matches('/'))
}

/// How FinqLink signs.
#[must_use]
pub fn scheme() -> SignedWebhook {
    SignedWebhook::new(HeaderName::from_static("x-signature"), HeaderName::from_static("x-signature-kid"))
}

/// A verifier with the keys of an environment, by its base URL.
///
/// # Errors
/// The URL is neither `https` nor on the loopback interface, or TLS cannot be set up.
pub fn verifier(base_url: &str) -> Result<WebhookVerifierBuilder, InsecureUrl> {
    let keys = JwksUrl::new("finqlink", &keys_url(base_url))?;
    Ok(WebhookVerifier::builder(scheme(), keys))
}

/// The event of a verified webhook. One of a kind that nobody knew yet has that word for its kind, and the JSON value for
/// its source.
///
/// # Errors
/// The body is not what FinqLink documents. The error shows nothing of it.
pub fn event(webhook: &VerifiedWebhook) -> Result<WebhookEvent, DecodeError> {
    let body = webhook.body();
    let Head { kind } = decode_json(body)?;
    let mut event = match kind.as_str() {
        "link_status_update" => link_status(&decode_json(body)?),
        "consent_status_update" => consent_status(&decode_json(body)?),
        "job_status_update" => job_status(&decode_json(body)?),
        _ => WebhookEvent::of(Some(Coded::new(None, kind)), Source::of(decode_json::<Value>(body)?)),
    };
    event.verified = true;
    Ok(event)
}

/// What every notice begins with.
#[derive(Deserialize)]
struct Head {
    #[serde(rename = "type")]
    kind: String,
}

/// A payment link has changed its state.
#[must_use]
pub fn link_status(source: &finqlink::LinkStatusUpdate) -> WebhookEvent {
    let kind = Coded::new(Some(WebhookKind::Payment), source.type_.as_str());
    let mut event = WebhookEvent::of(Some(kind), Source::of(source.clone()));
    event.payment_link_id = Some(source.link_id.as_str().to_owned());
    event.status = Some(WebhookStatus::Other(source.status.as_str().to_owned()));
    event
}

/// A consent has changed its state.
#[must_use]
pub fn consent_status(source: &finqlink::ConsentStatusUpdate) -> WebhookEvent {
    let kind = Coded::new(Some(WebhookKind::Consent), source.type_.as_str());
    let mut event = WebhookEvent::of(Some(kind), Source::of(source.clone()));
    event.consent_id = source.consent_id.as_ref().map(|id| id.as_str().to_owned());
    event.status = Some(WebhookStatus::Consent(super::map::consent_status(&source.status)));
    event
}

/// A refresh of account data has ended.
#[must_use]
pub fn job_status(source: &finqlink::JobStatusUpdate) -> WebhookEvent {
    let kind = Coded::new(Some(WebhookKind::AccountData), source.type_.as_str());
    let mut event = WebhookEvent::of(Some(kind), Source::of(source.clone()));
    event.consent_id = Some(source.consent_id.as_str().to_owned());
    event.job_id = Some(source.job_id.clone());
    event.status = Some(WebhookStatus::Other(source.status.as_str().to_owned()));
    event
}
