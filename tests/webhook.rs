//! Webhooks, from the wire to the domain, on the providers' own documented examples.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../runtime/tests/server/mod.rs"]
mod server;
#[path = "../runtime/tests/signer/mod.rs"]
mod signer;

use obkit::domain::{ConsentStatus, WebhookEvent, WebhookKind, WebhookStatus};
use obkit::provider::{fena, finqlink, yapily};
use obkit::runtime::webhook::{VerifiedWebhook, WebhookError};
use obkit_codegen::{Document, Spec};
use proptest::prelude::*;
use serde_json::{Value, json};
use server::{Server, answer};
use signer::Signer;

/// The documented bodies of a webhook.
fn examples(provider: &str, webhook: &str) -> Vec<Value> {
    let file = format!("{}/specs/{provider}/openapi.yaml", env!("CARGO_MANIFEST_DIR"));
    let spec = Spec::read(Document::load(file).unwrap()).unwrap();
    let request = spec.operation(webhook).unwrap().request.as_ref().unwrap();
    request.preferred().unwrap().examples.iter().map(|example| example.value.clone()).collect()
}

/// A body that FinqLink has signed.
fn signed(body: &Value) -> VerifiedWebhook {
    let (signer, body) = (Signer::p256(), body.to_string());
    let keys = signer::key_set(&[&signer]);
    finqlink::webhook::scheme().verify(&signer.headers(body.as_bytes()), body.into(), &keys).unwrap()
}

fn finqlink_event(body: &Value) -> WebhookEvent {
    finqlink::webhook::event(&signed(body)).unwrap()
}

fn kind(event: &WebhookEvent) -> Option<WebhookKind> {
    event.kind.as_ref().unwrap().code
}

#[tokio::test]
async fn a_webhook_of_finqlink_goes_from_the_wire_to_the_domain() {
    let signer = Signer::rsa();
    let keys = answer("200 OK", &["content-type: application/json"], &signer::jwks(&[&signer]));
    let server = Server::start(vec![keys]).await;
    let verifier = finqlink::webhook::verifier(&format!("{}/", server.base_url())).unwrap().build();

    let body = examples("finqlink", "onConsentStatusUpdate").remove(0).to_string();
    let headers = signer.headers(body.as_bytes());
    let webhook = verifier.verify(&headers, body.clone().into()).await.unwrap();
    let event = finqlink::webhook::event(&webhook).unwrap();
    assert!(event.verified);
    assert_eq!(event.consent_id.as_deref(), Some("7c2f6f0e-3c55-4f0b-9a3e-5a1d0e8b4c21"));
    let Some(WebhookStatus::Consent(status)) = event.status else { panic!("{event:?}") };
    assert_eq!((status.code, status.word.as_str()), (Some(ConsentStatus::Authorised), "active"));

    assert!(server.requests()[0].starts_with("GET /.well-known/jwks.json HTTP/1.1\r\n"));
    let again = verifier.verify(&headers, body.into()).await;
    assert!(matches!(again, Err(WebhookError::Replayed)));
}

#[test]
fn the_documented_webhooks_of_finqlink_are_events() {
    let link = finqlink_event(&examples("finqlink", "onLinkStatusUpdate")[0]);
    assert_eq!(kind(&link), Some(WebhookKind::Payment));
    assert_eq!(link.payment_link_id.as_deref(), Some("3f1b7e52-64a0-4c55-9d0a-1f8a2b6c7d90"));
    assert_eq!(link.status, Some(WebhookStatus::Other("completed".to_owned())));
    let source: &finqlink::api::types::LinkStatusUpdate = link.source.get().unwrap();
    assert_eq!(source.web_id, "q7Zt4mLp");

    let job = finqlink_event(&examples("finqlink", "onJobStatusUpdate")[0]);
    assert_eq!(kind(&job), Some(WebhookKind::AccountData));
    assert_eq!(job.job_id.as_deref(), Some("0d9f4b6a-2a7e-4d1c-8b53-6e0c9a7f1d34"));
    assert_eq!(job.consent_id.as_deref(), Some("7c2f6f0e-3c55-4f0b-9a3e-5a1d0e8b4c21"));
    assert_eq!(job.status.as_ref().map(WebhookStatus::word), Some("job_completed"));
    assert!(job.source.get::<finqlink::api::types::JobStatusUpdate>().is_some());
}

#[test]
fn every_state_of_a_consent_has_its_meaning_and_its_word() {
    for (word, code) in [
        ("created", Some(ConsentStatus::AwaitingAuthorisation)),
        ("sca_url_retrieved", Some(ConsentStatus::AwaitingAuthorisation)),
        ("awaiting_authz", Some(ConsentStatus::AwaitingAuthorisation)),
        ("authorized", Some(ConsentStatus::Authorised)),
        ("active", Some(ConsentStatus::Authorised)),
        ("expired", Some(ConsentStatus::Expired)),
        ("revoked", Some(ConsentStatus::Revoked)),
        ("failed", Some(ConsentStatus::Failed)),
        ("suspended", Some(ConsentStatus::Suspended)),
        ("asleep", None),
    ] {
        let event = finqlink_event(&json!({"type": "consent_status_update", "status": word}));
        let Some(WebhookStatus::Consent(status)) = event.status else { panic!("{event:?}") };
        assert_eq!((status.code, status.word.as_str()), (code, word));
        assert_eq!(event.consent_id, None);
    }
}

#[test]
fn a_webhook_that_nobody_knew_yet_is_an_event() {
    let body = json!({"type": "mandate_status_update", "mandate_id": "m-1"});
    let event = finqlink_event(&body);
    assert_eq!((kind(&event), event.kind.as_ref().unwrap().word.as_str()), (None, "mandate_status_update"));
    assert_eq!(event.source.get::<Value>(), Some(&body));
    assert!(event.verified);
}

#[test]
fn a_verified_body_that_is_not_documented_is_an_error_that_shows_nothing_of_it() {
    for body in
        [json!({"type": "link_status_update", "link_id": "s3cret"}), json!({"type": ["s3cret"]}), json!("s3cret")]
    {
        let error = finqlink::webhook::event(&signed(&body)).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
    }
}

#[test]
fn the_documented_webhook_of_fena_is_an_event_that_nobody_verified() {
    let body = &examples("fena", "accountDataEvent")[0];
    let event = fena::webhook::unverified(body.to_string().as_bytes()).unwrap();
    assert!(!event.verified);
    assert_eq!(
        (kind(&event), event.kind.as_ref().unwrap().word.as_str()),
        (Some(WebhookKind::AccountData), "accounts")
    );
    assert_eq!(event.consent_id.as_deref(), Some("e51f2e48-5664-41f3-9d23-51874d9d38fd"));
    assert_eq!(event.sent_at.unwrap().to_rfc3339(), "2023-03-25T14:15:22+00:00");
    let source: &fena::api::types::WebhookEvent = event.source.get().unwrap();
    assert_eq!(source.message.as_deref(), Some("Accounts were received"));
}

#[test]
fn the_words_that_fena_publishes_have_a_kind_and_a_time_may_be_in_any_format() {
    for (word, expected) in [
        ("balances", Some(WebhookKind::AccountData)),
        ("ACCOUNT_TRANSACTIONS", Some(WebhookKind::AccountData)),
        ("ACCOUNT_ACCESS_CONSENT", Some(WebhookKind::Consent)),
        ("DOMESTIC_STANDING_ACCESS_CONSENT", Some(WebhookKind::Consent)),
        ("consent", None),
    ] {
        let body = json!({"eventType": word, "consentId": "c-1", "time": "Sat Mar 25 2023"}).to_string();
        let event = fena::webhook::unverified(body.as_bytes()).unwrap();
        assert_eq!((kind(&event), event.sent_at), (expected, None), "{word}");
    }
    let error = fena::webhook::unverified(br#"{"eventType":"s3cret"}"#).unwrap_err();
    assert!(!error.to_string().contains("s3cret"), "{error}");
}

#[test]
fn the_documented_webhooks_of_yapily_are_events_that_nobody_verified() {
    let events: Vec<_> = examples("yapily", "onWebhookEvent")
        .iter()
        .map(|body| yapily::webhook::unverified(body.to_string().as_bytes()).unwrap())
        .collect();
    assert_eq!(kind(&events[0]), Some(WebhookKind::Payment));
    assert_eq!(events[0].payment_id.as_deref(), Some("pv3-a1e2ecb0-270c-42e2-8ba5-005261b629d2"));
    assert_eq!(kind(&events[1]), Some(WebhookKind::AccountData));
    assert_eq!(events[1].job_id.as_deref(), Some("b835bb6a-766d-42bf-8c0c-93921937925a"));
    assert!(events.iter().all(|event| !event.verified));
    let source: &yapily::api::types::WebhookEvent = events[0].source.get().unwrap();
    assert_eq!(source.type_.as_deref(), Some("payment.state.success"));

    let empty = yapily::webhook::unverified(b"{}").unwrap();
    assert_eq!((empty.kind, empty.payment_id), (None, None));
    assert!(yapily::webhook::unverified(b"[]").is_err());
}

proptest! {
    /// Whatever comes is an event or an error; nothing panics.
    #[test]
    fn a_mapping_is_total(
        name in "type|status|consent_id|link_id|job_id|eventType|consentId|time|data|applicationId",
        with in prop_oneof![Just(json!(null)), Just(json!({"paymentId": 7})), "\\PC{0,16}".prop_map(Value::from)],
    ) {
        for (provider, example) in EXAMPLES.iter() {
            let mut body = example.clone();
            body[&name] = with.clone();
            let text = body.to_string();
            let _ = match *provider {
                "finqlink" => finqlink::webhook::event(&signed(&body)),
                "fena" => fena::webhook::unverified(text.as_bytes()),
                _ => yapily::webhook::unverified(text.as_bytes()),
            };
        }
    }
}

static EXAMPLES: std::sync::LazyLock<Vec<(&str, Value)>> = std::sync::LazyLock::new(|| {
    [
        ("finqlink", "onLinkStatusUpdate"),
        ("finqlink", "onConsentStatusUpdate"),
        ("finqlink", "onJobStatusUpdate"),
        ("fena", "accountDataEvent"),
        ("yapily", "onWebhookEvent"),
    ]
    .map(|(provider, webhook)| (provider, examples(provider, webhook).remove(0)))
    .to_vec()
});
