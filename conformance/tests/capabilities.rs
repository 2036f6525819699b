//! Capabilities through the domain: the providers pass, and a connection that claims too much is found out.
#![cfg(feature = "workspace")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod liar;

use liar::{Lie, found, run};
use obkit::provider::Capability;
use obkit_conformance::Finding;

fn all_say(findings: &[Finding], words: &str) -> bool {
    !findings.is_empty() && findings.iter().all(|finding| finding.rule == "DM002" && finding.message.contains(words))
}

#[tokio::test]
async fn an_honest_connection_passes() {
    let report = run(|honest| honest).await;
    assert_eq!(report.findings, []);
    assert!(report.domain_calls > 2, "{}", report.domain_calls);
}

#[tokio::test]
async fn a_capability_that_is_declared_and_not_offered_is_found() {
    let found = found(Lie::Declares, &[Capability::Accounts, Capability::Institutions]).await;
    assert!(all_say(&found, "`Institutions`: it is declared, but"), "{found:#?}");
}

#[tokio::test]
async fn an_answer_without_a_call_is_found() {
    let found = found(Lie::Invents, &[Capability::Accounts]).await;
    assert!(all_say(&found, "`Accounts::accounts`: it answers without a call"), "{found:#?}");
}

#[tokio::test]
async fn an_error_that_is_taken_for_success_is_found() {
    let found = found(Lie::Swallows, &[Capability::Accounts]).await;
    assert!(all_say(&found, "is taken for success"), "{found:#?}");
}

#[tokio::test]
async fn a_success_that_becomes_an_error_is_found() {
    let found = found(Lie::Fails, &[Capability::Accounts]).await;
    let (success, error): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|finding| finding.message.contains("success becomes an error"));
    assert!(!success.is_empty() && error.is_empty(), "{error:#?}");
}
