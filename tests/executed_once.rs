//! No payment is executed twice, whatever fails on the way, and on whichever side of the server's commit.

#![cfg(all(feature = "yapily", feature = "fena"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use obkit::domain::{AccountIdentifier, ConsentReference, Creditor, MandatePaymentRequest, Money, PaymentRequest};
use obkit::provider::{Mandates, Payments, fena, yapily};
use obkit::runtime::RetryPolicy;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What happens to a request, before the payment is executed or after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    None,
    HangUpBefore,
    UnavailableBefore,
    TooManyBefore,
    HangUpAfter,
    CutAfter,
    NonsenseAfter,
    BadGatewayAfter,
}

const FAULTS: [Fault; 8] = [
    Fault::None,
    Fault::HangUpBefore,
    Fault::UnavailableBefore,
    Fault::TooManyBefore,
    Fault::HangUpAfter,
    Fault::CutAfter,
    Fault::NonsenseAfter,
    Fault::BadGatewayAfter,
];

/// A provider that executes what it is told, once for each idempotency key, and each time without one.
#[derive(Default)]
struct Ledger {
    /// How often a payment was executed. Payments are told apart by their amounts.
    executions: BTreeMap<String, usize>,
    keys: BTreeSet<String>,
    requests: usize,
    faults: BTreeMap<Fault, usize>,
    noise: u64,
}

impl Ledger {
    fn fault(&mut self) -> Fault {
        // xorshift64: the same faults in every run.
        self.noise ^= self.noise << 13;
        self.noise ^= self.noise >> 7;
        self.noise ^= self.noise << 17;
        let fault = FAULTS[usize::try_from(self.noise % 8).unwrap()];
        *self.faults.entry(fault).or_default() += 1;
        fault
    }

    fn execute(&mut self, body: &Value) {
        let key = body.get("paymentIdempotencyId").and_then(Value::as_str);
        if key.is_none_or(|key| self.keys.insert(key.to_owned())) {
            *self.executions.entry(amount(body).expect("a payment has an amount")).or_default() += 1;
        }
    }
}

/// The first amount of a body that is no object of its own.
fn amount(body: &Value) -> Option<String> {
    let members = body.as_object()?;
    let scalar = members.get("amount").filter(|amount| !amount.is_object());
    scalar.map(|amount| amount.to_string().replace('"', "")).or_else(|| members.values().find_map(amount))
}

struct Provider {
    base_url: String,
    ledger: Arc<Mutex<Ledger>>,
}

impl Provider {
    async fn start(answer: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let ledger = Arc::new(Mutex::new(Ledger { noise: 20_261_121, ..Ledger::default() }));
        let shared = Arc::clone(&ledger);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&shared), answer));
            }
        });
        Self { base_url, ledger }
    }
}

/// Answers the requests of a connection until a fault closes it.
async fn serve(mut stream: TcpStream, ledger: Arc<Mutex<Ledger>>, answer: &'static str) {
    while let Some(body) = request(&mut stream).await {
        let fault = {
            let mut ledger = ledger.lock().unwrap();
            ledger.requests += 1;
            let fault = ledger.fault();
            if !matches!(fault, Fault::HangUpBefore | Fault::UnavailableBefore | Fault::TooManyBefore) {
                ledger.execute(&body);
            }
            fault
        };
        let json = "content-type: application/json\r\n";
        let (status, headers, body, length) = match fault {
            Fault::HangUpBefore | Fault::HangUpAfter => return,
            Fault::UnavailableBefore => ("503 Service Unavailable", "", "", 0),
            Fault::TooManyBefore => ("429 Too Many Requests", "retry-after: 0\r\n", "", 0),
            Fault::NonsenseAfter => ("201 Created", json, "{\"data\":", 8),
            Fault::BadGatewayAfter => ("502 Bad Gateway", "content-type: text/html\r\n", "<html>", 6),
            Fault::CutAfter => ("201 Created", json, "{", answer.len()),
            Fault::None => ("201 Created", json, answer, answer.len()),
        };
        let text = format!("HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\n\r\n{body}");
        if stream.write_all(text.as_bytes()).await.is_err() || fault == Fault::CutAfter {
            return;
        }
    }
}

/// The body of the next request; none when the client is done.
async fn request(stream: &mut TcpStream) -> Option<Value> {
    let mut received = Vec::new();
    loop {
        if let Some(end) = received.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&received[..end]).to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
            if let Some(body) = received.get(end + 4..end + 4 + length.unwrap_or_default()) {
                return serde_json::from_slice(body).ok();
            }
        }
        let mut buffer = [0; 4096];
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return None,
            Ok(read) => received.extend_from_slice(&buffer[..read]),
        }
    }
}

fn at_once() -> RetryPolicy {
    RetryPolicy::default().max_attempts(3).base_delay(Duration::ZERO)
}

fn cents(number: u32) -> Money {
    Money::new(rust_decimal::Decimal::new(number.into(), 2), "GBP".parse().unwrap())
}

fn consent() -> ConsentReference {
    ConsentReference { id: "04349a90-23c8-4098-ba36-f70389a5bf5a".to_owned(), token: Some("token".into()) }
}

/// The caller repeats with the same request until it succeeds, which is what the documentation asks for.
#[tokio::test]
async fn ten_thousand_payments_are_executed_once_each() {
    const PAYMENTS: u32 = 10_000;
    let provider = Provider::start(r#"{"data":{"id":"p","status":"PENDING"}}"#).await;
    let config = yapily::Config::new("key", "secret").base_url(&provider.base_url).retry(at_once());
    let yapily = yapily::Yapily::connect(&config).unwrap();
    let mut repeated_by_the_caller = 0;
    for number in 1..=PAYMENTS {
        let account =
            AccountIdentifier::SortCodeAccountNumber { sort_code: "123456".into(), account_number: "12345678".into() };
        let payment = PaymentRequest::new(Creditor::new("Jane Doe", account), cents(number)).unwrap();
        while let Err(error) = yapily.submit(&consent(), &payment).await {
            assert!(error.may_have_been_sent(), "{error}");
            repeated_by_the_caller += 1;
        }
    }
    let ledger = provider.ledger.lock().unwrap();
    assert_eq!(ledger.executions.len(), PAYMENTS as usize, "no payment was lost");
    assert!(ledger.executions.values().all(|times| *times == 1), "a payment was executed twice");
    assert_eq!(ledger.keys.len(), PAYMENTS as usize, "a payment had two keys");
    assert!(ledger.faults.len() == FAULTS.len() && ledger.faults.values().all(|times| *times > 1_000));
    assert!(repeated_by_the_caller > 1_000 && ledger.requests > 3 * PAYMENTS as usize);
}

/// Without a key, a payment whose outcome is not known is left to the caller.
#[tokio::test]
async fn a_payment_without_a_key_is_sent_once() {
    const PAYMENTS: u32 = 2_000;
    let provider = Provider::start("{}").await;
    let fena = fena::Fena::connect(&fena::Config::new(&provider.base_url, "id", "secret").retry(at_once())).unwrap();
    let mut unknown = 0;
    for number in 1..=PAYMENTS {
        let payment = MandatePaymentRequest::new(cents(number)).unwrap();
        if let Err(error) = fena.pay(&consent(), &payment).await {
            assert!(error.may_have_been_sent(), "{error}");
            unknown += 1;
        }
    }
    let ledger = provider.ledger.lock().unwrap();
    assert_eq!(ledger.requests, PAYMENTS as usize, "a payment was sent twice");
    assert!(ledger.executions.values().all(|times| *times == 1));
    assert!(unknown > 1_000);
}
