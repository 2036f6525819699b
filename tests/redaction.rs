//! No secret shows anywhere. A binary of its own: `tracing` remembers for the whole process whether
//! anybody listens to a span.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../runtime/tests/server/mod.rs"]
mod server;

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use obkit::provider::{Accounts as _, fena, yapily};
use obkit::runtime::{Auth, RetryPolicy, Sensitive, Transport};
use server::{Server, answer};

const KEY: &str = "application-key-5f1c";
const SECRET: &str = "application-secret-9d2e";
const CONSENT: &str = "consent-token-77aa";
const HTML: &str = "<html><body>502 Bad Gateway: account 11397104</body></html>";

fn at_once() -> RetryPolicy {
    RetryPolicy::default().max_attempts(3).base_delay(Duration::ZERO)
}

fn yapily_at(base_url: &str) -> obkit_yapily::Client {
    let transport = Transport::builder("yapily").auth(Auth::basic(KEY, SECRET)).retry(at_once()).build().unwrap();
    obkit_yapily::Client::new(base_url, transport)
}

fn payment() -> obkit_yapily::types::PaymentRequest {
    serde_json::from_value(serde_json::json!({
        "type": "DOMESTIC_PAYMENT",
        "paymentIdempotencyId": "1d54cf71bfe44b1b8e67247aed455d96",
        "amount": { "amount": 8.70, "currency": "GBP" },
        "payee": {
            "name": "BILLS COFFEE LTD",
            "accountIdentifications": [{ "type": "ACCOUNT_NUMBER", "identification": "11397104" }],
        },
    }))
    .unwrap()
}

/// Everything `tracing` writes while a closure runs, and what the closure adds to it.
struct Capture(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Capture {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_secret_shows_in_any_debug_display_or_span() {
    let log = Arc::new(Mutex::new(Vec::new()));
    let written = Arc::clone(&log);
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_writer(move || Capture(Arc::clone(&written)))
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let server = Server::start(vec![
        answer("502 Bad Gateway", &["content-type: text/html"], HTML),
        answer(
            "400 Bad Request",
            &["content-type: application/json"],
            &format!(r#"{{"error":{{"message":"{CONSENT}"}}}}"#),
        ),
    ])
    .await;
    let client = yapily_at(&server.base_url());
    let mut shown = String::new();
    let call = client.get_accounts().consent(CONSENT).psu_id("psu-4711");
    write!(shown, "{client:?} {call:?}").unwrap();
    let error = call.send().await.unwrap_err();
    write!(shown, "{error} {error:?} {error:#?}").unwrap();
    let call = client.create_payment().consent(CONSENT).body(payment());
    write!(shown, "{call:?} {:?} {:?}", payment(), Sensitive::from(CONSENT)).unwrap();

    let provider =
        yapily::Yapily::connect(&yapily::Config::new(KEY, SECRET).base_url(server.base_url()).retry(at_once()));
    let provider = provider.unwrap();
    let consent = obkit::domain::ConsentReference { id: "c".to_owned(), token: Some(CONSENT.into()) };
    let failure = provider.accounts(&consent).await.unwrap_err();
    write!(shown, "{provider:?} {consent:?} {failure} {failure:?}").unwrap();
    write!(shown, "{:?}", yapily::Config::new(KEY, SECRET)).unwrap();
    write!(shown, "{:?}", fena::Config::new("https://host.invalid", KEY, SECRET)).unwrap();

    let requests = server.requests().concat();
    assert!(requests.contains(CONSENT), "the secrets were on the wire");
    let log = String::from_utf8(log.lock().unwrap().clone()).unwrap();
    assert!(log.contains("getAccounts") && log.contains("yapily"), "the call has a span: {log}");
    for secret in [KEY, SECRET, CONSENT, "psu-4711", "11397104", "BILLS COFFEE", "YXBwbGljYXRpb24"] {
        assert!(!shown.contains(secret), "{secret} is shown: {shown}");
        let ours = log.lines().filter(|line| line.contains("obkit"));
        assert!(!ours.collect::<String>().contains(secret), "{secret} is in a span");
    }
}
