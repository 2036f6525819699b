//! Yapily's webhooks.
//!
//! **Nothing can be verified.** Whoever registers a webhook gets a secret, so deliveries are probably signed with it; but
//! neither the header nor what is signed is documented, and a check that was guessed would refuse what is genuine or
//! accept what is not. Take an event for a hint, and read the payment or the consent from the API.
//!
//! The layout of the body is not documented either: every member is optional, and what is read of `data` are the names
//! that Yapily's API uses elsewhere.
//!
//! A registration is for one address and any number of categories of events. The subscriptions to single events of
//! `/notifications/event-subscriptions`, a private beta, are in [`api`](Yapily::api) alone.

use std::time::Duration;

use obkit_runtime::secrecy::ExposeSecret;
use obkit_runtime::{Decimal, DecodeError, Uuid, decode_json};
use obkit_yapily::types as yapily;

use super::Yapily;
use super::map::MAPPER;
use super::party::WRITER;
use crate::domain::{
    Coded, RegistrationStatus, Sensitive, Source, WebhookDelivery, WebhookEvent, WebhookEventType, WebhookKind,
    WebhookRegistration, WebhookRequest,
};
use crate::error::{Error, MapError, WebhookRefusal};
use crate::provider::mapping::mapped;
use crate::provider::mapping::{each, invalid_request};
use crate::provider::{Reply, Webhooks};

impl Webhooks for Yapily {
    fn receive<'a>(&'a self, delivery: &'a WebhookDelivery) -> Reply<'a, WebhookEvent> {
        Box::pin(async move { Ok(unverified(&delivery.body).map_err(WebhookRefusal::from)?) })
    }

    /// Nothing is remembered of what came.
    fn forget<'a>(&'a self, _: &'a WebhookDelivery) -> Reply<'a, ()> {
        Box::pin(async { Ok(()) })
    }

    fn event_types(&self) -> Reply<'_, Vec<WebhookEventType>> {
        Box::pin(async move { mapped(self.api().get_webhook_events_categories().send().await?, event_types) })
    }

    fn register<'a>(&'a self, webhook: &'a WebhookRequest) -> Reply<'a, WebhookRegistration> {
        Box::pin(async move {
            let body = request(webhook, self.application_id().expose_secret())?;
            mapped(self.api().register_webhook().body(body).send().await?, with_secret)
        })
    }

    fn registrations(&self) -> Reply<'_, Vec<WebhookRegistration>> {
        Box::pin(async move { mapped(self.api().get_registered_webhooks().send().await?, registrations) })
    }

    fn registration<'a>(&'a self, _: &'a str) -> Reply<'a, WebhookRegistration> {
        Box::pin(async { Err(WRITER.unsupported("one registered webhook by its id; list them")) })
    }

    fn delete<'a>(&'a self, id: &'a str) -> Reply<'a, ()> {
        Box::pin(async move {
            self.api().delete_webhook().webhook_id(id).send().await?;
            Ok(())
        })
    }

    /// Takes at most a day. Yapily does not say in which unit it counts; its upper limit is a day's seconds.
    fn reset_secret<'a>(&'a self, id: &'a str, after: Duration) -> Reply<'a, WebhookRegistration> {
        Box::pin(async move {
            let body = yapily::WebhookSecretResetRequest::new(Decimal::from(after.as_secs()));
            mapped(self.api().webhook_secret_reset().webhook_id(id).body(body).send().await?, with_secret)
        })
    }
}

/// A webhook as Yapily takes it, of an application.
///
/// # Errors
/// Yapily cannot express it. Nothing was sent.
pub fn request(source: &WebhookRequest, application_id: &str) -> Result<yapily::WebhookRegistrationRequest, Error> {
    if source.consent_id.is_some() {
        return Err(WRITER.unsupported("webhooks for one consent"));
    }
    if source.events.is_empty() {
        return Err(invalid_request("a webhook is for at least one kind of event"));
    }
    let mut addresses =
        yapily::WebhookCallbackUrlsRequest::new(yapily::WebhookMainCallbackUrl::new(source.url.expose()));
    let backup = source.backup_url.as_ref();
    addresses.backup = backup.map(|url| yapily::WebhookCallbackUrl::new().with_url(url.expose()));
    Ok(yapily::WebhookRegistrationRequest::new(Uuid::from_text(application_id), source.events.clone(), addresses))
}

/// The kinds of events of an answer.
///
/// # Errors
/// One has no name.
pub fn event_types(source: &yapily::WebhookCategoriesResponse) -> Result<Vec<WebhookEventType>, MapError> {
    let categories = source.data.as_ref().and_then(|data| data.categories.as_deref());
    each("data.categories", categories.unwrap_or_default(), |source| {
        Ok(WebhookEventType {
            name: MAPPER.required("name", source.name.clone())?,
            description: source.description.clone(),
            source: Source::of(source.clone()),
        })
    })
}

/// The registrations of an answer.
///
/// # Errors
/// One has no id.
pub fn registrations(source: &yapily::RegisteredWebhooksResponse) -> Result<Vec<WebhookRegistration>, MapError> {
    let active = source.data.as_ref().and_then(|data| data.active.as_deref());
    each("data.active", active.unwrap_or_default(), |source| {
        Ok(WebhookRegistration {
            id: MAPPER.required("id", source.id.as_ref())?.as_str().to_owned(),
            url: url(source.callback_url.as_ref(), |urls| urls.main.as_ref()),
            backup_url: url(source.callback_url.as_ref(), |urls| urls.backup.as_ref()),
            events: source.categories.clone().unwrap_or_default(),
            consent_id: None,
            status: source.status.as_ref().map(status),
            secret: None,
            source: Source::of(source.clone()),
        })
    })
}

/// A registration that is new, or whose secret is.
///
/// # Errors
/// It has no id.
pub fn with_secret(source: &yapily::WebhookDetailsWithSecret) -> Result<WebhookRegistration, MapError> {
    let data = MAPPER.required("data", source.data.as_ref())?;
    Ok(WebhookRegistration {
        id: MAPPER.required("data.id", data.id.as_ref())?.as_str().to_owned(),
        url: url(data.callback_url.as_ref(), |urls| urls.main.as_ref()),
        backup_url: url(data.callback_url.as_ref(), |urls| urls.backup.as_ref()),
        events: data.categories.clone().unwrap_or_default(),
        consent_id: None,
        status: data.status.as_ref().map(status),
        secret: data.webhook_secret.clone(),
        source: Source::of(source.clone()),
    })
}

fn url(
    urls: Option<&yapily::WebhookCallbackUrls>,
    which: impl Fn(&yapily::WebhookCallbackUrls) -> Option<&yapily::WebhookCallbackUrl>,
) -> Option<Sensitive> {
    which(urls?)?.url.as_deref().map(Sensitive::from)
}

fn status(source: &yapily::WebhookStatusType) -> Coded<RegistrationStatus> {
    let code = match source {
        yapily::WebhookStatusType::Active => Some(RegistrationStatus::Active),
        yapily::WebhookStatusType::Paused => Some(RegistrationStatus::Paused),
        _ => None,
    };
    Coded::new(code, source.as_str())
}

/// Reads the body of a webhook that nobody can verify; see the [module](self).
///
/// # Errors
/// The body is no JSON object. The error shows nothing of it.
pub fn unverified(body: &[u8]) -> Result<WebhookEvent, DecodeError> {
    decode_json(body).map(|source| event(&source))
}

/// The event of a typed body.
#[must_use]
pub fn event(source: &yapily::WebhookEvent) -> WebhookEvent {
    let id = |name: &str| source.data.as_ref()?.get(name)?.as_str().map(str::to_owned);
    let mut event = WebhookEvent::of(source.type_.as_deref().map(kind), Source::of(source.clone()));
    event.consent_id = id("consentId");
    event.payment_id = id("paymentId");
    event.job_id = id("categorisationId");
    event
}

/// An event's name is words with full stops between, the first of which is the thing: `payment.state.success`.
fn kind(word: &str) -> Coded<WebhookKind> {
    let code = match word.split('.').next() {
        Some("payment") => Some(WebhookKind::Payment),
        Some("transactions") => Some(WebhookKind::AccountData),
        _ => None,
    };
    Coded::new(code, word)
}
