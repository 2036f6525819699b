//! A program that knows nothing of the provider but its traits, and the tests that its author would write.

use futures_util::TryStreamExt;
use obkit::Error;
use obkit::domain::{ConsentReference, TransactionQuery};
use obkit::mock::{Fault, InMemory};
use obkit::provider::{Capability, Provider};
use rust_decimal::Decimal;

use crate::access;

/// What was spent on an account: the program.
async fn spent(provider: &dyn Provider, access: &ConsentReference, account: &str) -> Result<Decimal, Error> {
    let query = TransactionQuery::default().page_size(4);
    let all = provider.transactions()?.all_transactions(access, account, query);
    all.try_fold(Decimal::ZERO, async |sum, transaction| Ok(sum - transaction.signed_amount().min(Decimal::ZERO))).await
}

#[tokio::test]
async fn all_pages_count() {
    let bank = InMemory::sample();
    let access = access(&bank).await;
    assert_eq!(spent(&bank, &access, "current").await.unwrap(), Decimal::new(122_063, 2));
    assert_eq!(bank.calls_of(Capability::Transactions).len(), 3);
}

#[tokio::test]
async fn a_page_that_fails_fails_the_sum() {
    let bank = InMemory::sample();
    let access = access(&bank).await;
    bank.fail_nth(Capability::Transactions, 2, Fault::status(429));
    assert!(spent(&bank, &access, "current").await.unwrap_err().is_retryable());
    bank.expire(&access.id).unwrap();
    assert!(!spent(&bank, &access, "current").await.unwrap_err().is_retryable());
}

#[tokio::test]
async fn a_provider_without_transactions_is_said_to_be_one() {
    let bank = InMemory::sample().offering(&[Capability::Accounts]);
    let error = spent(&bank, &ConsentReference::none(), "current").await.unwrap_err();
    assert!(matches!(error, Error::Unsupported(_)), "{error}");
}
