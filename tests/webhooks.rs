//! The capability to receive webhooks and to register them, on the wire.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../runtime/tests/server/mod.rs"]
mod server;
#[path = "../runtime/tests/signer/mod.rs"]
mod signer;

use std::time::Duration;

use obkit::domain::{RegistrationStatus, WebhookDelivery, WebhookKind, WebhookRequest};
use obkit::provider::{Capability, Provider, Webhooks, fena, finqlink, yapily};
use obkit::runtime::reqwest::header::HeaderMap;
use obkit::runtime::webhook::WebhookError;
use obkit::{Error, WebhookRefusal};
use serde_json::{Value, json};
use server::{Answer, Server, answer};
use signer::Signer;

const CONSENT: &str = "e51f2e48-5664-41f3-9d23-51874d9d38fd";
const APPLICATION: &str = "97ab27fa-30e2-43e3-92a3-160e80f4c0d5";
const WEBHOOK: &str = "497f6eca-6276-4993-bfeb-53cbbbba6f08";
const HOOKS: &str = "https://shop.example/hooks/s3cret";

fn ok(status: &str, body: &Value) -> Answer {
    answer(status, &["content-type: application/json"], &body.to_string())
}

fn fena_at(server: &Server) -> fena::Fena {
    fena::Fena::connect(&fena::Config::new(server.base_url(), "id", "secret")).unwrap()
}

fn yapily_at(server: &Server) -> yapily::Yapily {
    yapily::Yapily::connect(&yapily::Config::new(APPLICATION, "secret").base_url(server.base_url())).unwrap()
}

fn finqlink_at(url: &str) -> finqlink::FinqLink {
    finqlink::FinqLink::connect(&finqlink::Config::new("client", "token").base_url(url)).unwrap()
}

fn signed(signer: &Signer, body: &Value) -> WebhookDelivery {
    let body = body.to_string();
    WebhookDelivery::new(signer.headers(body.as_bytes()), body)
}

fn refusal<T: std::fmt::Debug>(outcome: Result<T, Error>) -> WebhookRefusal {
    match outcome {
        Err(Error::Webhook(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

fn lacks<T: std::fmt::Debug>(outcome: Result<T, Error>) {
    assert!(matches!(outcome, Err(Error::Unsupported(_))), "{outcome:?}");
}

/// The line and the body of a request.
fn asked(server: &Server, index: usize) -> (String, Value) {
    let request = &server.requests()[index];
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let line = head.lines().next().unwrap().strip_suffix(" HTTP/1.1").unwrap().to_owned();
    (line, serde_json::from_str(body).unwrap_or_default())
}

#[tokio::test]
async fn a_connection_to_finqlink_takes_each_signed_delivery_once() {
    let signer = Signer::p256();
    let server = Server::start(vec![ok("200 OK", &serde_json::from_str(&signer::jwks(&[&signer])).unwrap())]).await;
    let finqlink = finqlink_at(&server.base_url());
    let webhooks = finqlink.webhooks().unwrap();
    let delivery = signed(&signer, &json!({"type": "consent_status_update", "consent_id": "c-1", "status": "active"}));

    let event = webhooks.receive(&delivery).await.unwrap();
    assert!(event.verified);
    assert_eq!((event.kind.unwrap().code, event.consent_id.as_deref()), (Some(WebhookKind::Consent), Some("c-1")));
    let (head, _) = asked(&server, 0);
    assert_eq!(head, "GET /.well-known/jwks.json");
    assert!(!server.requests()[0].to_lowercase().contains("authorization"), "keys need no credentials");

    let error = finqlink.clone().receive(&delivery).await.unwrap_err();
    assert!(!error.is_retryable() && !error.may_have_been_sent());
    assert_eq!(error.webhook().unwrap().status(), 200, "clones share the memory of replays");
    webhooks.forget(&delivery).await.unwrap();
    assert!(webhooks.receive(&delivery).await.is_ok(), "it was forgotten");
    assert_eq!(server.requests().len(), 1, "the keys were asked for once");
}

#[tokio::test]
async fn a_delivery_that_finqlink_has_not_signed_is_refused_and_shows_nothing() {
    let server = Server::start(vec![answer("500 Internal Server Error", &[], "")]).await;
    let finqlink = finqlink_at(&server.base_url());
    let body = json!({"type": "consent_status_update", "consent_id": "s3cret", "status": "active"});

    let bare = WebhookDelivery::new(HeaderMap::new(), body.to_string());
    let refused = refusal(finqlink.receive(&bare).await);
    assert_eq!(refused.status(), 401);
    assert!(matches!(refused.reason().downcast_ref(), Some(WebhookError::MissingHeader(_))), "{refused:?}");
    assert_eq!(refusal(finqlink.forget(&bare).await).status(), 401);
    assert!(server.requests().is_empty(), "what is wrong in itself makes nobody ask for keys");

    let delivery = signed(&Signer::p256(), &body);
    let error = finqlink.receive(&delivery).await.unwrap_err();
    assert!(error.is_retryable() && error.webhook().is_some_and(|refused| refused.status() == 503), "no keys: {error}");
    assert!(!format!("{error} {error:?} {delivery:?} {bare:?}").contains("s3cret"));
}

#[tokio::test]
async fn a_signed_body_that_is_not_documented_is_refused_as_such() {
    let signer = Signer::p256();
    let server = Server::start(vec![ok("200 OK", &serde_json::from_str(&signer::jwks(&[&signer])).unwrap())]).await;
    let refused = refusal(finqlink_at(&server.base_url()).receive(&signed(&signer, &json!({"kind": "s3cret"}))).await);
    assert_eq!(refused.status(), 422);
    assert!(!refused.to_string().contains("s3cret"));
}

#[tokio::test]
async fn keys_that_anybody_could_change_on_their_way_prove_nothing() {
    let signer = Signer::p256();
    let refused = refusal(finqlink_at("http://finqlink.example").receive(&signed(&signer, &json!({}))).await);
    assert_eq!((refused.status().as_u16(), refused.to_string()), (503, "the address of the keys is not https".into()));
}

#[tokio::test]
async fn finqlink_has_no_registrations() {
    let finqlink = finqlink_at("https://finqlink.example");
    lacks(finqlink.register(&WebhookRequest::new(HOOKS, ["link_status_update"])).await);
    lacks(finqlink.registrations().await);
    lacks(finqlink.registration("1").await);
    lacks(Webhooks::delete(&finqlink, "1").await);
    lacks(finqlink.event_types().await);
    lacks(finqlink.reset_secret("1", Duration::ZERO).await);
}

#[tokio::test]
async fn fena_registers_a_webhook_for_one_event_of_one_consent() {
    let registered = json!({"consentId": CONSENT, "url": HOOKS, "event": "ACCOUNTS", "product": "ACCOUNTS"});
    let done = json!({"message": "Request is completed successfully."});
    let answers = vec![ok("201 Created", &done), ok("200 OK", &registered), ok("200 OK", &done)];
    let server = Server::start(answers).await;
    let fena = fena_at(&server);
    let webhooks = fena.webhooks().unwrap();

    let made = webhooks.register(&WebhookRequest::new(HOOKS, ["ACCOUNTS"]).consent(CONSENT)).await.unwrap();
    assert_eq!(asked(&server, 0), ("POST /webhook".into(), registered));
    assert_eq!((made.id.as_str(), made.url.as_ref().unwrap().expose(), made.events.len()), (CONSENT, HOOKS, 1));
    assert!(!format!("{made:?}").contains("s3cret"));
    let read = webhooks.registration(&made.id).await.unwrap();
    assert_eq!(asked(&server, 1).0, format!("GET /webhook/{CONSENT}"));
    assert_eq!((read.id, read.url, read.events, read.consent_id), (made.id, made.url, made.events, made.consent_id));
    webhooks.delete(CONSENT).await.unwrap();
    assert_eq!(asked(&server, 2).0, format!("DELETE /webhook/{CONSENT}"));
}

#[tokio::test]
async fn the_product_of_a_webhook_of_fena_follows_from_its_event() {
    let server = Server::start(vec![ok("201 Created", &json!({}))]).await;
    let fena = fena_at(&server);
    for (index, (event, product)) in
        [("ACCOUNT_TRANSACTIONS", "ACCOUNTS"), ("DOMESTIC_STANDING_ACCESS_CONSENT", "DOMESTIC_STANDING_PAYMENTS")]
            .into_iter()
            .enumerate()
    {
        fena.register(&WebhookRequest::new(HOOKS, [event]).consent(CONSENT)).await.unwrap();
        assert_eq!(asked(&server, index).1["product"], product);
    }
}

#[tokio::test]
async fn what_fena_cannot_express_of_a_webhook_is_not_sent() {
    let server = Server::start(vec![ok("201 Created", &json!({}))]).await;
    let fena = fena_at(&server);
    let one = WebhookRequest::new(HOOKS, ["ACCOUNTS"]);
    lacks(fena.register(&one).await);
    lacks(fena.register(&one.clone().consent(CONSENT).backup_url(HOOKS)).await);
    lacks(fena.register(&WebhookRequest::new(HOOKS, ["ACCOUNT", "ACCOUNTS"]).consent(CONSENT)).await);
    for events in [vec![], vec!["PAYMENTS"]] {
        let error = fena.register(&WebhookRequest::new(HOOKS, events).consent(CONSENT)).await.unwrap_err();
        assert!(matches!(error, Error::Call(_)) && !error.may_have_been_sent(), "{error}");
    }
    lacks(fena.registrations().await);
    lacks(fena.event_types().await);
    lacks(fena.reset_secret(CONSENT, Duration::ZERO).await);
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn yapily_registers_a_webhook_and_tells_its_secret_once() {
    let webhook = json!({
        "id": WEBHOOK,
        "applicationId": APPLICATION,
        "categories": ["payment.state.success"],
        "callbackUrl": {"main": {"url": HOOKS}, "backup": {"url": "https://backup.example"}},
        "status": "active",
    });
    let mut secret = webhook.clone();
    secret["webhookSecret"] = json!("b1946ac92492d2347c6235b4d2611184");
    let server = Server::start(vec![
        ok("201 Created", &json!({"data": secret})),
        ok("200 OK", &json!({"data": {"active": [webhook]}})),
        ok("201 Created", &json!({"data": secret})),
        ok("200 OK", &json!({"data": webhook})),
    ])
    .await;
    let yapily = yapily_at(&server);
    let webhooks = yapily.webhooks().unwrap();

    let request = WebhookRequest::new(HOOKS, ["payment.state.success"]).backup_url("https://backup.example");
    let made = webhooks.register(&request).await.unwrap();
    let sent = json!({
        "applicationId": APPLICATION,
        "categories": ["payment.state.success"],
        "callbackUrl": {"main": {"url": HOOKS}, "backup": {"url": "https://backup.example"}},
    });
    assert_eq!(asked(&server, 0), ("POST /webhook/events".into(), sent));
    assert_eq!((made.id.as_str(), made.status.as_ref().unwrap().code), (WEBHOOK, Some(RegistrationStatus::Active)));
    assert_eq!(made.secret.as_ref().unwrap().expose(), "b1946ac92492d2347c6235b4d2611184");
    assert!(!format!("{made:?}").contains("b1946"));

    let listed = webhooks.registrations().await.unwrap();
    assert_eq!((listed.len(), &listed[0].secret, &listed[0].backup_url), (1, &None, &made.backup_url));
    webhooks.reset_secret(WEBHOOK, Duration::from_secs(86_400)).await.unwrap();
    assert_eq!(asked(&server, 2), (format!("POST /webhook/secrets/{WEBHOOK}"), json!({"delay": 86_400})));
    webhooks.delete(WEBHOOK).await.unwrap();
    assert_eq!(asked(&server, 3).0, format!("DELETE /webhook/events/{WEBHOOK}"));

    let too_late = webhooks.reset_secret(WEBHOOK, Duration::from_secs(86_401)).await.unwrap_err();
    assert!(!too_late.may_have_been_sent(), "{too_late}");
    lacks(webhooks.registration(WEBHOOK).await);
    lacks(webhooks.register(&WebhookRequest::new(HOOKS, ["payment.state.success"]).consent(CONSENT)).await);
    assert_eq!(server.requests().len(), 4);
}

#[tokio::test]
async fn yapily_lists_the_kinds_of_events() {
    let categories = json!([{"name": "payment.state.failed", "description": "No success."}, {"name": "x"}]);
    let server = Server::start(vec![ok("200 OK", &json!({"data": {"categories": categories}}))]).await;
    let types = yapily_at(&server).event_types().await.unwrap();
    let [failed, bare] = types.as_slice() else { panic!("{types:?}") };
    assert_eq!((failed.name.as_str(), failed.description.as_deref()), ("payment.state.failed", Some("No success.")));
    assert_eq!((bare.name.as_str(), &bare.description), ("x", &None));
}

#[tokio::test]
async fn what_nobody_can_verify_is_received_as_such() {
    let server = Server::start(vec![ok("200 OK", &json!({}))]).await;
    let (fena, yapily) = (fena_at(&server), yapily_at(&server));
    let of_fena = WebhookDelivery::new(HeaderMap::new(), r#"{"eventType":"accounts","consentId":"c-1"}"#);
    let of_yapily =
        WebhookDelivery::new(HeaderMap::new(), r#"{"type":"payment.state.success","data":{"paymentId":"p"}}"#);
    for (provider, delivery) in [(&fena as &dyn Provider, &of_fena), (&yapily, &of_yapily)] {
        let webhooks = provider.webhooks().unwrap();
        for _ in 0..2 {
            assert!(!webhooks.receive(delivery).await.unwrap().verified, "nothing is remembered");
        }
        webhooks.forget(delivery).await.unwrap();
        let broken = WebhookDelivery::new(HeaderMap::new(), "s3cret");
        let refused = refusal(webhooks.receive(&broken).await);
        assert_eq!(refused.status(), 422);
        assert!(!format!("{refused} {refused:?}").contains("s3cret"));
    }
    assert!(server.requests().is_empty());
}

#[test]
fn who_has_webhooks_declares_them() {
    let config = obkit::provider::candescent::Config::new("token", obkit::provider::candescent::User::OfToken);
    let candescent = obkit::provider::candescent::Candescent::connect(&config).unwrap();
    assert_eq!(candescent.webhooks().err().unwrap().what, "webhooks");
    assert!(finqlink_at("https://finqlink.example").capabilities().contains(&Capability::Webhooks));
}
