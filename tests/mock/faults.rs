//! What goes wrong on demand, and what is kept of calls.

use std::time::Duration;

use obkit::domain::{
    AccountIdentifier, AuthorisationRequest, ConsentRequest, Creditor, PaymentRequest, TransactionQuery,
};
use obkit::mock::{Fault, InMemory};
use obkit::provider::{Capability, Polled, Polling, Provider, until_final};
use obkit::runtime::Phase;
use obkit::{Error, Unsupported};

use crate::{access, gbp};

#[tokio::test]
async fn the_next_calls_of_a_capability_fail_as_they_are_told() {
    let bank = InMemory::sample();
    let access = access(&bank).await;
    let accounts = bank.accounts().unwrap();
    bank.fail_next(Capability::Accounts, Fault::status(503));
    bank.fail_next(Capability::Accounts, Fault::unsupported());
    bank.fail_nth(Capability::Accounts, 4, Fault::timeout());
    assert!(bank.identities().unwrap().identity(&access).await.is_ok(), "another capability");

    let error = accounts.accounts(&access).await.unwrap_err();
    assert_eq!((error.status().map(|status| status.as_u16()), error.is_retryable()), (Some(503), true));
    assert_eq!(error.to_string(), "accounts: answered 503 Service Unavailable");
    let error = accounts.accounts(&access).await.unwrap_err();
    assert!(matches!(error, Error::Unsupported(Unsupported { provider: "memory", what: "accounts" })));
    assert!(accounts.accounts(&access).await.is_ok());
    let error = accounts.accounts(&access).await.unwrap_err();
    assert_eq!((error.phase(), error.is_retryable(), error.status()), (Phase::MaybeSent, true, None));
    assert_eq!(error.to_string(), "accounts: timed out");
    assert!(accounts.accounts(&access).await.is_ok());

    let own = Error::from(obkit::MapError::new("p", "f", "is odd"));
    bank.fail_next(Capability::Accounts, own);
    assert_eq!(accounts.accounts(&access).await.unwrap_err().to_string(), "p: `f` is odd");
}

#[tokio::test]
async fn a_payment_whose_answer_is_lost_was_made_and_is_made_once() {
    let bank = InMemory::sample();
    let account = AccountIdentifier::Iban { iban: "GB26MIDL40051512345674".into() };
    let request = PaymentRequest::new(Creditor::new("Jane", account), gbp("5")).unwrap();
    let payments = bank.payments().unwrap();
    let asked = payments.authorise(&AuthorisationRequest::new("sample-bank"), &request).await.unwrap();
    bank.authorise(&asked.consent.id).unwrap();
    let consent = bank.consents().unwrap().consent(&asked.consent.id).await.unwrap().reference();

    bank.fail_next(Capability::Payments, Fault::timeout().after_acting());
    bank.fail_next(Capability::Payments, Fault::timeout());
    let error = payments.submit(&consent, &request).await.unwrap_err();
    assert!(error.may_have_been_sent() && error.is_retryable());
    assert_eq!(error.call().unwrap().idempotency_key(), Some(request.idempotency_key.as_str()));
    assert_eq!(bank.executed().len(), 1);
    assert!(payments.submit(&consent, &request).await.is_err());
    let made = payments.submit(&consent, &request).await.unwrap();
    assert_eq!(bank.executed(), [made]);
}

#[tokio::test(start_paused = true)]
async fn latency_is_time_of_tokio_and_polling_outlasts_failures() {
    let bank = InMemory::sample().latency(Duration::from_secs(2)).advancing();
    let access = access(&bank).await;
    let started = tokio::time::Instant::now();
    let jobs = bank.refresh_jobs().unwrap();
    let job = jobs.refresh(&access).await.unwrap();
    assert_eq!(started.elapsed(), Duration::from_secs(2));
    bank.fail_next(Capability::RefreshJobs, Fault::status(502));
    let polled = until_final(&Polling::default(), || jobs.refresh_job(&job.id)).await.unwrap();
    assert!(matches!(polled, Polled::Final(_)));
}

#[tokio::test]
async fn calls_are_kept_with_what_was_asked_and_without_showing_it() {
    let bank = InMemory::sample();
    let request = ConsentRequest::new("sample-bank").user_id("secret-user");
    let consent = bank.consents().unwrap().create(&request).await.unwrap();
    bank.authorise(&consent.id).unwrap();
    let access = bank.consents().unwrap().consent(&consent.id).await.unwrap().reference();
    let query = TransactionQuery::default().page_size(3);
    bank.transactions().unwrap().page(&access, "current", &query).await.unwrap();

    let calls = bank.calls();
    let made: Vec<_> = calls.iter().map(|call| (call.capability, call.operation)).collect();
    assert_eq!(
        made,
        [(Capability::Consents, "create"), (Capability::Consents, "consent"), (Capability::Transactions, "page"),]
    );
    assert_eq!(calls[0].request.get::<ConsentRequest>(), Some(&request));
    let [page] = &bank.calls_of(Capability::Transactions)[..] else { panic!() };
    assert_eq!((page.consent_id.as_deref(), page.id.as_deref()), (Some(access.id.as_str()), Some("current")));
    assert_eq!(page.request.get::<TransactionQuery>(), Some(&query));
    let shown = format!("{calls:?} {bank:?}");
    assert!(!shown.contains("secret-user") && !shown.contains("token"), "{shown}");
}
