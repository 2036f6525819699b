//! The provider in memory behaves as providers do, and goes wrong when it is told to.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "mock/downstream.rs"]
mod downstream;
#[path = "mock/faults.rs"]
mod faults;
#[path = "mock/paying.rs"]
mod paying;
#[path = "mock/reading.rs"]
mod reading;
#[path = "mock/webhooks.rs"]
mod webhooks;

use obkit::Error;
use obkit::domain::{ConsentReference, ConsentRequest, Currency, Money};
use obkit::mock::InMemory;
use obkit::provider::{Consents, Provider};

/// An amount of pounds.
fn gbp(amount: &str) -> Money {
    Money::new(amount.parse().unwrap(), Currency::GBP)
}

/// A consent that the holder has authorised.
async fn authorised(bank: &InMemory, request: &ConsentRequest) -> ConsentReference {
    let consents: &dyn Consents = bank.consents().unwrap();
    let consent = consents.create(request).await.unwrap();
    bank.authorise(&consent.id).unwrap();
    consents.consent(&consent.id).await.unwrap().reference()
}

async fn access(bank: &InMemory) -> ConsentReference {
    authorised(bank, &ConsentRequest::new("sample-bank")).await
}

/// The status and the code of an answer that refuses.
fn refused<T: std::fmt::Debug>(answer: Result<T, Error>) -> (u16, String) {
    let error = answer.unwrap_err();
    let code = error.call().and_then(|call| call.code()).unwrap_or_else(|| panic!("{error}")).to_owned();
    (error.status().unwrap().as_u16(), code)
}
