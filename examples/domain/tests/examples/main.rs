//! What each example writes, and what it asks its providers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod accounts;
mod consent;
mod mandate;
mod payment;
mod switch;
mod transactions;

use std::time::Duration;

use obkit::provider::Polling;
use obkit_conformance::typed_client::Arguments;
use obkit_example_domain::Setup;

/// A state that is read at once, and again at once.
fn impatient() -> Polling {
    Polling::default().first_pause(Duration::from_millis(1)).deadline(Duration::from_secs(5))
}

fn text(out: Vec<u8>) -> String {
    String::from_utf8(out).unwrap()
}

/// What the server of a provider was asked since the last time, of some operations. Nothing broke the contract.
fn asked(setup: &Setup, provider: &str, operation_ids: &[&str]) -> Vec<Arguments> {
    let server = setup.server(provider).unwrap();
    assert_eq!(server.take_findings(), []);
    let received = server.take_received().into_iter();
    received.filter(|(id, _)| operation_ids.contains(&id.as_str())).map(|(_, asked)| asked).collect()
}
