//! Webhooks: where they go, and what is delivered.

use std::time::Duration;

use obkit_runtime::bytes::Bytes;
use obkit_runtime::reqwest::StatusCode;
use obkit_runtime::reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::InMemory;
use super::call::Call;
use super::codes::not_found;
use super::state::State;
use crate::domain::{
    RegistrationStatus, Sensitive, Source, WebhookDelivery, WebhookEvent, WebhookEventType, WebhookKind,
    WebhookRegistration, WebhookRequest,
};
use crate::error::{Error, WebhookRefusal};
use crate::provider::mapping::invalid_request;
use crate::provider::{Capability, Reply, Webhooks};

/// The header by which the provider knows its own deliveries.
const SIGNATURE: HeaderName = HeaderName::from_static("x-signature");

/// The kinds of events, and what they are for.
const EVENT_TYPES: [(&str, &str); 3] = [
    ("consent", "A consent or a mandate has changed its state."),
    ("payment", "A payment or a payment link has changed its state."),
    ("account_data", "Account data has come."),
];

/// What was emitted.
pub(super) struct Emitted {
    signature: String,
    body: Bytes,
    event: WebhookEvent,
    /// Whether it was received since.
    received: bool,
}

impl InMemory {
    /// An event happens: what is delivered of it, and where, one delivery for each registration that listens for its kind.
    /// One whose kind is unknown goes to all of them.
    ///
    /// Each is signed: give it to [`Webhooks::receive`], or send its headers and its body to the server under test. Bytes that
    /// were changed, or that come twice, are refused.
    ///
    /// ```
    /// # use obkit::domain::{WebhookEvent, WebhookKind, WebhookRequest};
    /// # use obkit::mock::InMemory;
    /// # use obkit::provider::Provider;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let bank = InMemory::sample();
    /// bank.webhooks()?.register(&WebhookRequest::new("https://shop.example/hooks", ["payment"])).await?;
    /// let event = WebhookEvent::new().kind(WebhookKind::Payment).payment_id("payment-1");
    /// for (_, delivery) in bank.emit(&event) {
    ///     assert!(bank.webhooks()?.receive(&delivery).await?.verified);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn emit(&self, event: &WebhookEvent) -> Vec<(WebhookRegistration, WebhookDelivery)> {
        let mut state = self.state();
        let listening: Vec<_> = state.webhooks.iter().filter(|webhook| listens(webhook, event)).cloned().collect();
        listening.into_iter().map(|webhook| (webhook, state.deliver(event))).collect()
    }
}

fn listens(webhook: &WebhookRegistration, event: &WebhookEvent) -> bool {
    let kind = event.kind.as_ref().and_then(|kind| kind.code).map(name);
    let is_of_consent = webhook.consent_id.is_none() || webhook.consent_id == event.consent_id;
    is_of_consent && kind.is_none_or(|kind| webhook.events.iter().any(|wanted| wanted == kind))
}

fn name(kind: WebhookKind) -> &'static str {
    match kind {
        WebhookKind::Consent => "consent",
        WebhookKind::Payment => "payment",
        WebhookKind::AccountData => "account_data",
    }
}

impl State {
    /// A delivery of an event, with a signature of its own.
    fn deliver(&mut self, event: &WebhookEvent) -> WebhookDelivery {
        let signature = self.fresh_id("signature");
        // The words of an event are texts, so that it can always be written.
        let json = serde_json::to_value(event).unwrap_or_default();
        let body = Bytes::from(json.to_string());
        let event = WebhookEvent { verified: true, source: Source::of(json), ..event.clone() };
        let mut headers = HeaderMap::new();
        if let Ok(value) = HeaderValue::from_str(&signature) {
            headers.insert(SIGNATURE, value);
        }
        self.emitted.push(Emitted { signature, body: body.clone(), event, received: false });
        WebhookDelivery::new(headers, body)
    }

    /// What was emitted as this delivery.
    fn emitted(&mut self, delivery: &WebhookDelivery) -> Result<&mut Emitted, Error> {
        let mut given = delivery.headers.get_all(SIGNATURE).iter();
        let signature = match (given.next(), given.next()) {
            (Some(signature), None) => signature.as_bytes(),
            _ => b"",
        };
        let is_it = |emitted: &&mut Emitted| emitted.signature.as_bytes() == signature && emitted.body == delivery.body;
        let unproven = || WebhookRefusal::new(StatusCode::UNAUTHORIZED, "the webhook was not sent by this provider");
        Ok(self.emitted.iter_mut().find(is_it).ok_or_else(unproven)?)
    }

    fn register(&mut self, request: &WebhookRequest) -> Result<WebhookRegistration, Error> {
        let is_known = |event: &String| EVENT_TYPES.iter().any(|(name, _)| name == event);
        if request.events.is_empty() || !request.events.iter().all(is_known) {
            return Err(invalid_request("a webhook is for `consent`, `payment` or `account_data`"));
        }
        let id = self.fresh_id("webhook");
        let webhook = WebhookRegistration {
            url: Some(request.url.clone()),
            backup_url: request.backup_url.clone(),
            events: request.events.clone(),
            consent_id: request.consent_id.clone(),
            ..WebhookRegistration::new(&id).status(RegistrationStatus::Active)
        };
        self.webhooks.push(webhook);
        self.reset(&id)
    }

    /// Gives a registration a new secret, which is shown now and never again.
    fn reset(&mut self, id: &str) -> Result<WebhookRegistration, Error> {
        let webhook = self.webhooks.iter().find(|webhook| webhook.id == id).cloned().ok_or_else(not_found)?;
        Ok(webhook.secret(Sensitive::from(self.fresh_id("secret"))))
    }
}

impl Webhooks for InMemory {
    fn receive<'a>(&'a self, delivery: &'a WebhookDelivery) -> Reply<'a, WebhookEvent> {
        let call = Call::new(Capability::Webhooks, "receive").asking(delivery);
        self.answer(call, move |state| {
            let emitted = state.emitted(delivery)?;
            if std::mem::replace(&mut emitted.received, true) {
                return Err(WebhookRefusal::new(StatusCode::OK, "the same webhook was accepted before").into());
            }
            Ok(emitted.event.clone())
        })
    }

    fn forget<'a>(&'a self, delivery: &'a WebhookDelivery) -> Reply<'a, ()> {
        let call = Call::new(Capability::Webhooks, "forget").asking(delivery);
        self.answer(call, move |state| {
            state.emitted(delivery)?.received = false;
            Ok(())
        })
    }

    fn event_types(&self) -> Reply<'_, Vec<WebhookEventType>> {
        let of = |(name, description)| WebhookEventType::new(name).description(description);
        self.answer(Call::new(Capability::Webhooks, "event_types"), move |_| Ok(EVENT_TYPES.map(of).to_vec()))
    }

    fn register<'a>(&'a self, webhook: &'a WebhookRequest) -> Reply<'a, WebhookRegistration> {
        let call = Call::new(Capability::Webhooks, "register").asking(webhook);
        self.answer(call, move |state| state.register(webhook))
    }

    fn registrations(&self) -> Reply<'_, Vec<WebhookRegistration>> {
        self.answer(Call::new(Capability::Webhooks, "registrations"), |state| Ok(state.webhooks.clone()))
    }

    fn registration<'a>(&'a self, id: &'a str) -> Reply<'a, WebhookRegistration> {
        let call = Call::new(Capability::Webhooks, "registration").about(id);
        self.answer(call, move |state| {
            state.webhooks.iter().find(|webhook| webhook.id == id).cloned().ok_or_else(not_found)
        })
    }

    fn delete<'a>(&'a self, id: &'a str) -> Reply<'a, ()> {
        let call = Call::new(Capability::Webhooks, "delete").about(id);
        self.answer(call, move |state| {
            let before = state.webhooks.len();
            state.webhooks.retain(|webhook| webhook.id != id);
            if state.webhooks.len() < before { Ok(()) } else { Err(not_found()) }
        })
    }

    fn reset_secret<'a>(&'a self, id: &'a str, _: Duration) -> Reply<'a, WebhookRegistration> {
        let call = Call::new(Capability::Webhooks, "reset_secret").about(id);
        self.answer(call, move |state| state.reset(id))
    }
}
