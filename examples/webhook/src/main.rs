//! Listens on port 3000 and prints the events of FinqLink's sandbox, or of the environment in `FINQWARE_BASE_URL`.
//!
//! ```sh
//! cargo run -p obkit-example-webhook
//! ```

use obkit::provider::finqlink::webhook;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let base_url = std::env::var("FINQWARE_BASE_URL").unwrap_or_else(|_| "https://sandbox-pay.finqware.com".to_owned());
    let verifier = webhook::verifier(&base_url)?.build();
    let (events, mut received) = mpsc::channel(64);
    tokio::spawn(async move {
        while let Some(event) = received.recv().await {
            // A notice says what to look at: here the state would be read from the API.
            println!("{event:?}");
        }
    });
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    axum::serve(listener, obkit_example_webhook::router(verifier, events)).await?;
    Ok(())
}
