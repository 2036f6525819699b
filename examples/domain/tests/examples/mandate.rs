#[path = "../../mandate.rs"]
#[allow(dead_code, unreachable_pub)]
mod example;

use example::{ask, pay, wait};
use obkit::domain::{Currency, MandatePaymentRequest, Money};
use obkit::mock::InMemory;
use obkit::provider::Provider as _;
use obkit_example_domain::Setup;
use serde_json::json;

use crate::{asked, impatient, text};

const KEY: &str = "1d54cf71bfe44b1b8e67247aed455d96";

fn payment(amount: &str) -> MandatePaymentRequest {
    MandatePaymentRequest::with_key(KEY.parse().unwrap(), Money::new(amount.parse().unwrap(), Currency::GBP))
}

#[tokio::test]
async fn a_mandate_is_asked_for_authorised_and_paid_under() {
    let setup = Setup::local(&["yapily"]).await.unwrap();
    let (provider, mut out) = (setup.connect("yapily").unwrap(), Vec::new());
    let id = ask(&*provider, "modelo-sandbox", &mut out).await.unwrap();
    let mandate = wait(&*provider, &id, &impatient(), &mut out).await.unwrap().expect("it is authorised");
    pay(&*provider, &mandate, &payment("10.00"), &impatient(), &mut out).await.unwrap();
    let said = text(out);
    assert!(said.contains("\n  at most 10 GBP at once\n  at most 100 GBP Some(Day)\n"), "{said}");
    assert!(said.ends_with(" of 10.00 GBP: COMPLETED\n"), "{said}");

    let ids =
        ["createSweepingAuthorisation", "getSweepingVrpConsentById", "createVrpFundsConfirmation", "createVrpPayment"];
    let asked = asked(&setup, "yapily", &ids);
    assert_eq!(asked.len(), 5, "the first reading of the consent awaits the payer");
    let limits = &asked[0].body.as_ref().unwrap()["controlParameters"];
    assert_eq!(limits["maxAmountPerPayment"], json!({"amount": 10.0, "currency": "GBP"}));
    assert_eq!(limits["periodicLimits"][0]["frequency"], "DAILY");
    assert!(asked[1..3].iter().all(|asked| asked.parameter("path", "consentId").unwrap() == id.as_str()));
    assert_eq!(asked[4].body.as_ref().unwrap()["paymentIdempotencyId"], KEY);
    let token = mandate.token.as_ref().unwrap().expose();
    assert!(asked[3..].iter().all(|asked| asked.parameter("header", "consent").unwrap() == token));
    assert!(!said.contains(token), "the token is nobody's to read");
}

#[tokio::test]
async fn what_the_mandate_does_not_allow_is_not_asked_for() {
    let (bank, mut out) = (InMemory::sample().advancing(), Vec::new());
    let id = ask(&bank, "sample-bank", &mut out).await.unwrap();
    bank.authorise(&id).unwrap();
    let mandate = wait(&bank, &id, &impatient(), &mut out).await.unwrap().expect("it is authorised");
    for (amount, is_made) in [("10.01", false), ("10.00", true)] {
        pay(&bank, &mandate, &payment(amount), &impatient(), &mut out).await.unwrap();
        assert_eq!(bank.calls().iter().any(|call| call.operation == "pay"), is_made, "{amount}");
    }
    bank.mandates().unwrap().delete_mandate(&id).await.unwrap();
    pay(&bank, &mandate, &payment("1"), &impatient(), &mut out).await.unwrap_err();
}

#[tokio::test]
async fn a_mandate_that_is_refused_is_none() {
    let bank = InMemory::sample();
    let id = ask(&bank, "sample-bank", &mut Vec::new()).await.unwrap();
    bank.reject(&id).unwrap();
    assert!(wait(&bank, &id, &impatient(), &mut Vec::new()).await.unwrap().is_none());
}
