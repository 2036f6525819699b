//! Webhooks: registered, emitted, received.

use std::time::Duration;

use obkit::Error;
use obkit::domain::{RegistrationStatus, WebhookDelivery, WebhookEvent, WebhookKind, WebhookRequest};
use obkit::mock::{Fault, InMemory, codes};
use obkit::provider::{Capability, Provider, Webhooks};

use crate::refused;

fn event() -> WebhookEvent {
    WebhookEvent::new().kind(WebhookKind::Payment).payment_id("payment-1").consent_id("consent-1")
}

fn answer_to_sender(outcome: Result<WebhookEvent, Error>) -> u16 {
    outcome.unwrap_err().webhook().unwrap().status().as_u16()
}

#[tokio::test]
async fn an_event_is_delivered_to_whoever_listens_for_it() {
    let bank = InMemory::new();
    let webhooks = bank.webhooks().unwrap();
    assert!(bank.emit(&event()).is_empty(), "nobody listens");
    let payments = webhooks.register(&WebhookRequest::new("https://a.example", ["payment"])).await.unwrap();
    let of_one = WebhookRequest::new("https://b.example", ["payment", "consent"]).consent("consent-1");
    let one = webhooks.register(&of_one).await.unwrap();
    webhooks.register(&of_one.clone().consent("consent-2")).await.unwrap();
    webhooks.register(&WebhookRequest::new("https://c.example", ["consent"])).await.unwrap();

    let emitted = bank.emit(&event());
    let ids: Vec<_> = emitted.iter().map(|(webhook, _)| webhook.id.as_str()).collect();
    assert_eq!(ids, [payments.id.as_str(), one.id.as_str()]);
    assert_eq!(emitted[0].0.url.as_ref().unwrap().expose(), "https://a.example");
    let received = webhooks.receive(&emitted[0].1).await.unwrap();
    assert!(received.verified);
    assert_eq!((received.kind, received.payment_id, received.consent_id), {
        let sent = event();
        (sent.kind, sent.payment_id, sent.consent_id)
    });
    let body: serde_json::Value = serde_json::from_slice(&emitted[0].1.body).unwrap();
    assert_eq!(body["payment_id"], "payment-1");
}

#[tokio::test]
async fn what_comes_twice_or_from_somebody_else_is_refused() {
    let bank = InMemory::new();
    let webhooks = bank.webhooks().unwrap();
    webhooks.register(&WebhookRequest::new("https://a.example", ["payment"])).await.unwrap();
    let (_, delivery) = bank.emit(&event()).remove(0);

    let forged = WebhookDelivery::new(delivery.headers.clone(), "{}");
    assert_eq!(answer_to_sender(webhooks.receive(&forged).await), 401);
    let bare = WebhookDelivery::new(Default::default(), delivery.body.clone());
    assert_eq!(answer_to_sender(webhooks.receive(&bare).await), 401);
    let mut twice = delivery.clone();
    twice.headers.append("x-signature", "signature-2".parse().unwrap());
    assert_eq!(answer_to_sender(webhooks.receive(&twice).await), 401);

    assert!(webhooks.receive(&delivery).await.is_ok());
    assert_eq!(answer_to_sender(webhooks.receive(&delivery).await), 200);
    webhooks.forget(&delivery).await.unwrap();
    assert!(webhooks.receive(&delivery).await.is_ok());
}

#[tokio::test]
async fn a_registration_tells_its_secret_once_and_can_be_taken_back() {
    let bank = InMemory::new();
    let webhooks: &dyn Webhooks = bank.webhooks().unwrap();
    let names: Vec<_> = webhooks.event_types().await.unwrap().into_iter().map(|kind| kind.name).collect();
    let made = webhooks.register(&WebhookRequest::new("https://a.example", names)).await.unwrap();
    assert_eq!(made.status.as_ref().unwrap().code, Some(RegistrationStatus::Active));
    let read = webhooks.registration(&made.id).await.unwrap();
    assert_eq!((read.secret, &read.events), (None, &made.events));
    let reset = webhooks.reset_secret(&made.id, Duration::ZERO).await.unwrap();
    assert!(made.secret.is_some() && reset.secret.is_some() && made.secret != reset.secret);

    webhooks.delete(&made.id).await.unwrap();
    assert_eq!(webhooks.registrations().await.unwrap(), []);
    assert_eq!(refused(webhooks.delete(&made.id).await), (404, codes::NOT_FOUND.into()));
    assert_eq!(refused(webhooks.registration(&made.id).await), (404, codes::NOT_FOUND.into()));
    assert_eq!(refused(webhooks.reset_secret(&made.id, Duration::ZERO).await), (404, codes::NOT_FOUND.into()));
    assert!(bank.emit(&event()).is_empty());
}

#[tokio::test]
async fn a_registration_is_for_known_events_and_can_go_wrong() {
    let bank = InMemory::new();
    let webhooks = bank.webhooks().unwrap();
    for events in [vec![], vec!["payment", "mandate"]] {
        let error = webhooks.register(&WebhookRequest::new("https://a.example", events)).await.unwrap_err();
        assert!(!error.may_have_been_sent(), "{error}");
    }
    bank.fail_next(Capability::Webhooks, Fault::status(406));
    let lost = webhooks.register(&WebhookRequest::new("https://a.example", ["payment"])).await;
    assert_eq!(lost.unwrap_err().status().unwrap(), 406);
    assert_eq!(webhooks.registrations().await.unwrap(), []);
    assert_eq!(bank.calls_of(Capability::Webhooks).len(), 4);
}
