//! Webhooks of FinqLink in an axum server.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use obkit::domain::WebhookEvent;
use obkit::provider::finqlink::webhook;
use obkit::runtime::webhook::WebhookVerifier;
use tokio::sync::mpsc::Sender;

/// The most bytes that are read of a body before its signature is looked at.
const MAX_BODY: usize = 64 << 10;

/// What the handler shares between requests. There is one verifier: the keys and the memory of replays are its own.
#[derive(Clone)]
struct Receiver {
    verifier: Arc<WebhookVerifier>,
    events: Sender<WebhookEvent>,
}

/// `POST /webhooks/finqlink`; what was verified goes to `events`.
pub fn router(verifier: WebhookVerifier, events: Sender<WebhookEvent>) -> Router {
    Router::new()
        .route("/webhooks/finqlink", post(receive))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(Receiver { verifier: Arc::new(verifier), events })
}

/// Takes the body as `Bytes`: an extractor that decodes JSON would lose the bytes that were signed.
async fn receive(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let verified = match receiver.verifier.verify(&headers, body).await {
        Ok(verified) => verified,
        Err(refusal) => {
            eprintln!("refused: {refusal}");
            return refusal.status();
        }
    };
    let event = match webhook::event(&verified) {
        Ok(event) => event,
        Err(error) => {
            eprintln!("signed, but {error}");
            return StatusCode::UNPROCESSABLE_ENTITY;
        }
    };
    // The answer is the receipt: it is given when somebody has the event. Otherwise the same webhook may come again.
    match receiver.events.try_send(event) {
        Ok(()) => StatusCode::OK,
        Err(_) => {
            receiver.verifier.forget(&verified);
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}
