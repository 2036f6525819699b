#[path = "../../consent.rs"]
#[allow(dead_code, unreachable_pub)]
mod example;

use std::time::Duration;

use example::{ask, use_and_revoke, wait};
use obkit::domain::ConsentReference;
use obkit::mock::{InMemory, codes};
use obkit::provider::{Capability, Polling, Provider as _};

use crate::{impatient, text};

fn code(error: &obkit::Error) -> Option<&str> {
    error.call()?.code()
}

#[tokio::test]
async fn a_consent_is_asked_for_authorised_used_and_taken_back() {
    let (bank, mut out) = (InMemory::sample(), Vec::new());
    let id = ask(&bank, "sample-bank", &mut out).await.unwrap();
    bank.authorise(&id).unwrap();
    let access = wait(&bank, &id, &impatient(), &mut out).await.unwrap().expect("it is authorised");
    use_and_revoke(&bank, &access, &mut out).await.unwrap();
    let said = text(out);
    assert!(said.contains("\naccount current\naccount savings\n"), "{said}");
    let token = access.token.as_ref().unwrap().expose();
    assert!(!said.contains(token), "the token is nobody's to read");
    let error = bank.accounts().unwrap().accounts(&access).await.unwrap_err();
    assert_eq!(code(&error), Some(codes::CONSENT_REVOKED));
}

#[tokio::test]
async fn a_holder_who_refuses_has_no_accounts_read() {
    let (bank, mut out) = (InMemory::sample(), Vec::new());
    let id = ask(&bank, "sample-bank", &mut out).await.unwrap();
    bank.reject(&id).unwrap();
    assert_eq!(wait(&bank, &id, &impatient(), &mut out).await.unwrap(), None::<ConsentReference>);
    assert!(text(out).ends_with(": Rejected\n"));
    assert!(bank.calls().iter().all(|call| call.capability == Capability::Consents));
}

#[tokio::test(start_paused = true)]
async fn a_holder_who_does_not_come_is_waited_for_until_the_deadline() {
    let (bank, mut out) = (InMemory::sample(), Vec::new());
    let id = ask(&bank, "sample-bank", &mut out).await.unwrap();
    let polling = Polling::default().deadline(Duration::from_secs(60));
    assert_eq!(wait(&bank, &id, &polling, &mut out).await.unwrap(), None::<ConsentReference>);
    assert!(text(out).ends_with(": not decided yet\n"));
    bank.authorise(&id).unwrap();
    assert!(wait(&bank, &id, &polling, &mut Vec::new()).await.unwrap().is_some(), "later is not too late");
}
