#[path = "../../payment.rs"]
#[allow(dead_code, unreachable_pub)]
mod example;

use example::{ask, order, pay};
use obkit::mock::{Fault, InMemory};
use obkit::provider::Capability;
use obkit_codegen::spec::StatusKey;
use obkit_conformance::answer::Answer;
use obkit_example_domain::Setup;
use serde_json::{Value, json};

use crate::{asked, impatient, text};

const KEY: &str = "1d54cf71bfe44b1b8e67247aed455d96";

/// Pays through a local server that answers these statuses, one after the other, before it makes the payment. Gives what was
/// written, and the bodies that were submitted.
async fn paid(statuses: Vec<u16>) -> (String, Vec<Value>) {
    let setup = Setup::local(&["yapily"]).await.unwrap();
    let server = setup.server("yapily").unwrap();
    let shown = server.script("createPayment", StatusKey::Code(201), None).unwrap();
    let mut statuses = statuses.into_iter();
    server.answer_by("createPayment", move |_| statuses.next().map_or_else(|| shown.clone(), Answer::of_status));
    let mut out = Vec::new();
    let payment = order(KEY.parse().unwrap()).unwrap();
    let provider = setup.connect("yapily").unwrap();
    let id = ask(&*provider, "modelo-sandbox", &payment, &mut out).await.unwrap();
    pay(&*provider, &id, &payment, &impatient(), &mut out).await.unwrap();
    let submitted = asked(&setup, "yapily", &["createPaymentAuthorisation", "createPayment"]);
    (text(out), submitted.into_iter().filter_map(|asked| asked.body).collect())
}

/// The payment of each body: that which is authorised stands a level deeper.
fn payments(bodies: &[Value]) -> Vec<&Value> {
    bodies.iter().map(|body| body.get("paymentRequest").unwrap_or(body)).collect()
}

#[tokio::test]
async fn a_payment_is_authorised_made_and_seen_to_its_end() {
    let (said, bodies) = paid(vec![]).await;
    assert!(said.starts_with("please authorise 8.70 GBP at https://"), "{said}");
    assert!(said.ends_with(": COMPLETED\n"), "{said}");
    let payments = payments(&bodies);
    assert_eq!(payments.len(), 2);
    assert_eq!(payments[0]["paymentIdempotencyId"], KEY);
    assert_eq!(payments[0], payments[1], "what is submitted is what was authorised");
    assert_eq!(payments[1]["amount"]["amount"], json!(8.7));
    assert!(!said.contains("12345678"), "an account number: {said}");
}

#[tokio::test]
async fn every_attempt_has_the_same_key() {
    // The connection makes three attempts of each call: the second call has its second attempt answered.
    let (said, bodies) = paid(vec![503; 4]).await;
    assert!(said.contains("attempt 1: ") && !said.contains("attempt 2: "), "{said}");
    assert!(said.ends_with(": COMPLETED\n"), "{said}");
    let payments = payments(&bodies);
    assert_eq!(payments.len(), 1 + 5);
    assert!(payments.iter().all(|payment| payment["paymentIdempotencyId"] == KEY && *payment == payments[0]));
}

#[tokio::test]
async fn a_payment_that_nobody_knows_of_is_to_be_submitted_under_its_key_later() {
    let (said, bodies) = paid(vec![503; 9]).await;
    assert!(said.contains(&format!("perhaps paid: submit again under the key {KEY} later")), "{said}");
    assert_eq!(bodies.len(), 1 + 9);
    // An answer that promises nothing, and no other attempt either.
    let (said, bodies) = paid(vec![500]).await;
    assert!(said.contains("perhaps paid"), "{said}");
    assert_eq!(bodies.len(), 1 + 1);
}

#[tokio::test]
async fn a_payment_that_is_refused_is_not_repeated() {
    let (said, bodies) = paid(vec![422]).await;
    assert!(said.contains("\nnot paid: "), "{said}");
    assert_eq!(bodies.len(), 1 + 1);
    // After an attempt that nobody knows of, a refusal is no proof: it may be that of a payment that is made already.
    for refused_later in [vec![503, 422], vec![503, 503, 503, 422]] {
        let (said, _) = paid(refused_later).await;
        assert!(said.contains("perhaps paid"), "{said}");
    }
}

/// Pays at a bank in memory that a payer has permitted to, with a fault.
async fn paid_in_memory(fault: Fault) -> (String, InMemory) {
    let (bank, mut out) = (InMemory::sample().advancing(), Vec::new());
    let payment = order(KEY.parse().unwrap()).unwrap();
    let id = ask(&bank, "sample-bank", &payment, &mut out).await.unwrap();
    bank.authorise(&id).unwrap();
    bank.fail_next(Capability::Payments, fault);
    pay(&bank, &id, &payment, &impatient(), &mut out).await.unwrap();
    (text(out), bank)
}

fn submitted(bank: &InMemory) -> usize {
    bank.calls().iter().filter(|call| call.operation == "submit").count()
}

#[tokio::test]
async fn a_payment_whose_answer_is_lost_is_made_once() {
    let (said, bank) = paid_in_memory(Fault::timeout().after_acting()).await;
    assert!(said.contains("attempt 1: ") && said.ends_with("payment-1: AcceptedSettlementCompleted\n"), "{said}");
    assert_eq!(submitted(&bank), 2, "both have one key, so there is no second payment");
}

#[tokio::test]
async fn a_payment_that_never_left_is_known_not_to_be_made() {
    let (said, bank) = paid_in_memory(Fault::from(obkit::Error::Call(obkit::runtime::Error::refused("no")))).await;
    assert!(said.contains("\nnot paid: "), "{said}");
    assert_eq!(submitted(&bank), 1);
}
