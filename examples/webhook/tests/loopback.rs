//! The server on the wire.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../../../runtime/tests/server/mod.rs"]
mod server;
#[path = "../../../runtime/tests/signer/mod.rs"]
mod signer;

use obkit::domain::WebhookEvent;
use obkit::provider::finqlink::webhook;
use obkit::runtime::Transport;
use obkit::runtime::reqwest::header::HeaderMap;
use server::{Server, answer};
use signer::Signer;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{Receiver, channel};

const BODY: &str = r#"{"type":"job_status_update","consent_id":"7c2f6f0e-3c55-4f0b-9a3e-5a1d0e8b4c21","job_id":"j-1","status":"job_completed"}"#;

/// The example, the keys of the provider, and what the example hands on.
struct Stage {
    url: String,
    _keys: Server,
    events: Receiver<WebhookEvent>,
}

impl Stage {
    async fn new(signer: &Signer) -> Self {
        let keys = Server::start(vec![answer("200 OK", &[], &signer::jwks(&[signer]))]).await;
        let verifier = webhook::verifier(&keys.base_url()).unwrap().build();
        let (sender, events) = channel(1);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/webhooks/finqlink", listener.local_addr().unwrap());
        let router = obkit_example_webhook::router(verifier, sender);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, _keys: keys, events }
    }

    async fn post(&self, headers: HeaderMap, body: impl Into<String>) -> u16 {
        let transport = Transport::builder("finqlink").build().unwrap();
        let request = transport.http().post(&self.url).headers(headers).body(body.into());
        request.send().await.unwrap().status().as_u16()
    }
}

#[tokio::test]
async fn a_genuine_webhook_is_handed_on_once() {
    let signer = Signer::rsa();
    let mut stage = Stage::new(&signer).await;
    assert_eq!(stage.post(signer.headers(BODY.as_bytes()), BODY).await, 200);
    let event = stage.events.try_recv().unwrap();
    assert_eq!((event.verified, event.job_id.as_deref()), (true, Some("j-1")));
    assert_eq!(stage.post(signer.headers(BODY.as_bytes()), BODY).await, 200, "it has arrived");
    stage.events.try_recv().expect_err("and is not handed on again");
}

#[tokio::test]
async fn what_is_not_genuine_is_not_handed_on() {
    let (signer, stranger) = (Signer::rsa(), Signer::previous_rsa());
    let mut stage = Stage::new(&signer).await;
    let forged = signer::headers(signer.id, &stranger.jws_with(signer.header().to_string(), BODY.as_bytes()));
    for (headers, body, expected) in [
        (HeaderMap::new(), BODY.to_owned(), 401),
        (forged, BODY.to_owned(), 401),
        // Could be a key that has just been introduced: the keys were asked for a moment ago.
        (stranger.headers(BODY.as_bytes()), BODY.to_owned(), 503),
        (signer.headers(BODY.as_bytes()), BODY.replace("completed", "failed"), 401),
        (signer.headers(BODY.as_bytes()), " ".repeat((64 << 10) + 1), 413),
        (signer.headers(b"{}"), "{}".to_owned(), 422),
    ] {
        assert_eq!(stage.post(headers, &body).await, expected, "{:.40}", body);
    }
    stage.events.try_recv().expect_err("nothing is handed on");
}

#[tokio::test]
async fn what_nobody_has_room_for_may_come_again() {
    let signer = Signer::rsa();
    let mut stage = Stage::new(&signer).await;
    let second = BODY.replace("j-1", "j-2");
    assert_eq!(stage.post(signer.headers(BODY.as_bytes()), BODY).await, 200);
    assert_eq!(stage.post(signer.headers(second.as_bytes()), &second).await, 503);
    stage.events.try_recv().unwrap();
    assert_eq!(stage.post(signer.headers(second.as_bytes()), &second).await, 200);
    assert_eq!(stage.events.try_recv().unwrap().job_id.as_deref(), Some("j-2"));
}
