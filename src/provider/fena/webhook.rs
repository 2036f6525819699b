//! Fena's webhooks.
//!
//! **Nothing protects them.** Fena documents no signature, no secret and no sender's address, so that there is nothing to
//! verify: anybody who knows the address can send whatever he likes. Take an event for a hint, and read the consent and
//! its data from the API. An address with a long random part keeps strangers out, as far as it stays unknown.
//!
//! A webhook is registered for one kind of event of one consent, and the consent's id is that of the registration. Which
//! kinds there are is in the document alone: [`WebhookEventName`](fena::WebhookEventName).

use std::time::Duration;

use obkit_fena::types as fena;
use obkit_runtime::{DateTime, DecodeError, decode_json};

use super::Fena;
use crate::domain::{
    Coded, Sensitive, Source, WebhookDelivery, WebhookEvent, WebhookEventType, WebhookKind, WebhookRegistration,
    WebhookRequest, timestamp,
};
use crate::error::{Error, Unsupported, WebhookRefusal};
use crate::provider::mapping::invalid_request;
use crate::provider::{Reply, Webhooks};

impl Webhooks for Fena {
    fn receive<'a>(&'a self, delivery: &'a WebhookDelivery) -> Reply<'a, WebhookEvent> {
        Box::pin(async move { Ok(unverified(&delivery.body).map_err(WebhookRefusal::from)?) })
    }

    /// Nothing is remembered of what came.
    fn forget<'a>(&'a self, _: &'a WebhookDelivery) -> Reply<'a, ()> {
        Box::pin(async { Ok(()) })
    }

    fn event_types(&self) -> Reply<'_, Vec<WebhookEventType>> {
        Box::pin(async { Err(unsupported("a list of the kinds of events").into()) })
    }

    fn register<'a>(&'a self, webhook: &'a WebhookRequest) -> Reply<'a, WebhookRegistration> {
        Box::pin(async move {
            let body = request(webhook)?;
            let answer = self.api().create_webhook().body(body.clone()).send().await?;
            Ok(WebhookRegistration { source: Source::of((*answer).clone()), ..registered(&body) })
        })
    }

    fn registrations(&self) -> Reply<'_, Vec<WebhookRegistration>> {
        Box::pin(async { Err(unsupported("a list of registered webhooks").into()) })
    }

    fn registration<'a>(&'a self, id: &'a str) -> Reply<'a, WebhookRegistration> {
        Box::pin(async move { Ok(registration(&*self.api().get_webhook().consent_id(id).send().await?)) })
    }

    fn delete<'a>(&'a self, id: &'a str) -> Reply<'a, ()> {
        Box::pin(async move {
            self.api().delete_webhook().consent_id(id).send().await?;
            Ok(())
        })
    }

    fn reset_secret<'a>(&'a self, _: &'a str, _: Duration) -> Reply<'a, WebhookRegistration> {
        Box::pin(async { Err(unsupported("secrets of webhooks").into()) })
    }
}

fn unsupported(what: &'static str) -> Unsupported {
    Unsupported { provider: "fena", what }
}

/// A webhook as Fena takes it: one kind of event, of one consent.
///
/// # Errors
/// Fena cannot express it, or needs more. Nothing was sent.
pub fn request(source: &WebhookRequest) -> Result<fena::CreateWebhookRequest, Error> {
    if source.backup_url.is_some() {
        return Err(unsupported("a second address of a webhook").into());
    }
    let consent = source.consent_id.as_deref();
    let consent = consent.ok_or_else(|| unsupported("webhooks for more than one consent"))?;
    let event = match source.events.as_slice() {
        [event] => fena::WebhookEventName::from(event.as_str()),
        [] => return Err(invalid_request("a webhook is for at least one kind of event")),
        _ => return Err(unsupported("webhooks for several kinds of events").into()),
    };
    Ok(fena::CreateWebhookRequest::new(consent, source.url.expose(), event.clone(), product(&event)?))
}

/// The product that a kind of event belongs to: it follows from the event, and Fena wants it said.
fn product(event: &fena::WebhookEventName) -> Result<fena::WebhookProduct, Error> {
    use fena::WebhookEventName as Event;
    match event {
        Event::DomesticStandingAccessConsent => Ok(fena::WebhookProduct::DomesticStandingPayments),
        Event::AccountAccessConsent
        | Event::Account
        | Event::Accounts
        | Event::AccountBalances
        | Event::AccountTransaction
        | Event::AccountTransactions => Ok(fena::WebhookProduct::Accounts),
        _ => Err(invalid_request("the kind of event is not one of Fena's, so that its product is not known")),
    }
}

/// What was asked for: the answer is an acknowledgement.
fn registered(request: &fena::CreateWebhookRequest) -> WebhookRegistration {
    let registration = WebhookRegistration::new(&request.consent_id).consent_id(&request.consent_id);
    registration.url(request.url.as_str()).event(request.event.as_str())
}

/// A registered webhook.
#[must_use]
pub fn registration(source: &fena::Webhook) -> WebhookRegistration {
    WebhookRegistration {
        id: source.consent_id.clone(),
        url: source.url.as_deref().map(Sensitive::from),
        backup_url: None,
        events: source.event.iter().map(|event| event.as_str().to_owned()).collect(),
        consent_id: Some(source.consent_id.clone()),
        status: None,
        secret: None,
        source: Source::of(source.clone()),
    }
}

/// Reads the body of a webhook that nobody can verify; see the [module](self).
///
/// # Errors
/// The body is not JSON, or has no event or no consent. The error shows nothing of it.
pub fn unverified(body: &[u8]) -> Result<WebhookEvent, DecodeError> {
    decode_json(body).map(|source| event(&source))
}

/// The event of a typed body.
#[must_use]
pub fn event(source: &fena::WebhookEvent) -> WebhookEvent {
    let mut event = WebhookEvent::of(Some(kind(&source.event_type)), Source::of(source.clone()));
    event.consent_id = Some(source.consent_id.clone());
    // The format is not published: a time in another one stays in the source.
    event.sent_at = source.time.as_deref().and_then(|text| timestamp(&DateTime::from_text(text)));
    event
}

/// The words of a notice are not published. Those that consents are created with and those that webhooks are registered
/// for are.
fn kind(word: &str) -> Coded<WebhookKind> {
    let flow = match fena::ConsentFlow::from(word) {
        fena::ConsentFlow::Accounts | fena::ConsentFlow::Balances | fena::ConsentFlow::Transactions => {
            Some(WebhookKind::AccountData)
        }
        _ => None,
    };
    let registered = || match fena::WebhookEventName::from(word) {
        fena::WebhookEventName::AccountAccessConsent | fena::WebhookEventName::DomesticStandingAccessConsent => {
            Some(WebhookKind::Consent)
        }
        fena::WebhookEventName::Account
        | fena::WebhookEventName::Accounts
        | fena::WebhookEventName::AccountBalances
        | fena::WebhookEventName::AccountTransaction
        | fena::WebhookEventName::AccountTransactions => Some(WebhookKind::AccountData),
        _ => None,
    };
    Coded::new(flow.or_else(registered), word)
}
