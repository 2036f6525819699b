#[path = "../../accounts.rs"]
#[allow(dead_code, unreachable_pub)]
mod example;

use std::time::Duration;

use example::{Access, list};
use obkit::domain::ConsentRequest;
use obkit::mock::{Fault, InMemory};
use obkit::provider::{Capability, Provider as _};
use obkit_example_domain::Setup;
use tokio::time::Instant;

use crate::text;

#[tokio::test]
async fn accounts_of_both_providers_are_listed() {
    let setup = Setup::local(&["yapily", "wych"]).await.unwrap();
    let access = |name: &str| (setup.connect(name).unwrap(), setup.access(name).unwrap());
    let mut out = Vec::new();
    list(&[access("yapily"), access("wych")], &mut out).await.unwrap();
    let lines = text(out);
    assert!(lines.contains("yapily: SAVINGS 700004000000000000000014, EXPECTED 12850.4 GBP\n"), "{lines}");
    let wych: Vec<_> = lines.lines().filter(|line| line.starts_with("wych: ")).collect();
    assert!(
        !wych.is_empty() && wych.iter().all(|line| line.ends_with(" NZD")),
        "with balances of a further call: {lines}"
    );
    for provider in ["yapily", "wych"] {
        assert_eq!(setup.server(provider).unwrap().take_findings(), []);
    }
}

/// A bank whose answers take a second, and a consent there.
async fn slow_bank() -> (InMemory, Access) {
    let bank = InMemory::sample();
    let consents = bank.consents().unwrap();
    let consent = consents.create(&ConsentRequest::new("sample-bank")).await.unwrap();
    bank.authorise(&consent.id).unwrap();
    let reference = consents.consent(&consent.id).await.unwrap().reference();
    let bank = bank.latency(Duration::from_secs(1));
    (bank.clone(), (Box::new(bank), reference))
}

#[tokio::test(start_paused = true)]
async fn the_providers_are_asked_at_once_and_one_that_fails_hides_no_other() {
    let ((broken, one), (_, two)) = (slow_bank().await, slow_bank().await);
    broken.fail_next(Capability::Accounts, Fault::status(503));
    let (started, mut out) = (Instant::now(), Vec::new());
    list(&[one, two], &mut out).await.unwrap();
    assert_eq!(started.elapsed(), Duration::from_secs(1));
    let lines = text(out);
    assert!(lines.contains("503") && lines.contains(" savings, "), "{lines}");
}

#[tokio::test(start_paused = true)]
async fn when_no_provider_can_be_read_the_example_fails() {
    let (broken, access) = slow_bank().await;
    broken.fail_next(Capability::Accounts, Fault::timeout());
    list(&[access], &mut Vec::new()).await.unwrap_err();
}
