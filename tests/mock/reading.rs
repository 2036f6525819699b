//! Consents, and what is read under them.

use std::time::Duration;

use futures_util::TryStreamExt;
use obkit::domain::{
    Account, Balance, BalanceType, Coded, ConsentReference, ConsentRequest, ConsentStatus, CreditDebit, Institution,
    StatementQuery, Transaction, TransactionQuery, UserRequest,
};
use obkit::mock::{InMemory, codes};
use obkit::provider::{Capability, Provider};

use crate::{access, authorised, gbp, refused};

#[tokio::test]
async fn a_consent_goes_through_its_states_and_only_an_authorised_one_lets_read() {
    let bank = InMemory::sample();
    let (consents, accounts) = (bank.consents().unwrap(), bank.accounts().unwrap());
    let status = async |id: &str| consents.consent(id).await.unwrap().status.as_ref().and_then(Coded::code);
    let none = ConsentReference::none();
    assert_eq!(refused(accounts.accounts(&none).await), (403, codes::CONSENT_UNKNOWN.to_owned()));

    let consent = consents.create(&ConsentRequest::new("sample-bank").user_id("jane")).await.unwrap();
    assert!(consent.authorisation_url.is_some() && consent.token.is_none());
    assert_eq!(status(&consent.id).await, Some(ConsentStatus::AwaitingAuthorisation));
    let unauthorised = accounts.accounts(&consent.reference()).await;
    assert_eq!(refused(unauthorised), (403, codes::CONSENT_NOT_AUTHORISED.to_owned()));

    bank.authorise(&consent.id).unwrap();
    let read = consents.consent(&consent.id).await.unwrap();
    assert!(read.authorisation_url.is_none(), "it is told once");
    assert_eq!(accounts.accounts(&read.reference()).await.unwrap().len(), 2);
    let without_token = accounts.accounts(&consent.reference()).await;
    assert_eq!(refused(without_token), (403, codes::CONSENT_TOKEN.to_owned()));

    bank.consent_becomes(&consent.id, ConsentStatus::AwaitingAuthorisation).unwrap();
    bank.reject(&consent.id).unwrap();
    assert_eq!(refused(accounts.accounts(&read.reference()).await).1, codes::CONSENT_REJECTED);
    let misuse = bank.authorise(&consent.id).unwrap_err();
    assert_eq!(format!("{misuse:?}"), "consent consent-1 cannot go from Rejected to Authorised");
    assert_eq!(format!("{}", bank.revoke("nobody").unwrap_err()), "there is no `nobody` that could change so");
    assert_eq!(refused(consents.delete(&consent.id).await), (409, codes::CONSENT_FINAL.to_owned()));
    assert_eq!(refused(consents.consent("nobody").await), (404, codes::NOT_FOUND.to_owned()));
}

#[tokio::test]
async fn a_consent_expires_when_its_time_is_over() {
    let bank = InMemory::sample();
    let hour = Duration::from_secs(3600);
    let request = ConsentRequest::new("sample-bank").expires_at(bank.now() + hour);
    let access = authorised(&bank, &request).await;
    let accounts = bank.accounts().unwrap();
    bank.pass_time(hour - Duration::from_secs(1));
    assert!(accounts.accounts(&access).await.is_ok());
    bank.pass_time(Duration::from_secs(1));
    let error = accounts.accounts(&access).await.unwrap_err();
    assert!(!error.is_retryable() && error.may_have_been_sent());
    assert_eq!(refused(Err::<(), _>(error)), (403, codes::CONSENT_EXPIRED.to_owned()));
    let consent = bank.consents().unwrap().consent(&access.id).await.unwrap();
    assert_eq!(consent.status.unwrap().code(), Some(ConsentStatus::Expired));

    let deleted = crate::access(&bank).await;
    bank.consents().unwrap().delete(&deleted.id).await.unwrap();
    assert_eq!(refused(accounts.accounts(&deleted).await).1, codes::CONSENT_REVOKED);
}

#[tokio::test]
async fn accounts_belong_to_institutions_and_unknown_ids_are_not_found() {
    let bank = InMemory::new()
        .with_institution(Institution::new("a").name("A Bank"))
        .with_institution(Institution::new("b"))
        .with_account_at("a", Account::new("of-a"))
        .with_account(Account::new("of-all"))
        .with_balances("of-a", [Balance::new(BalanceType::Expected, CreditDebit::Debit, gbp("3.50"))]);
    let of_b = authorised(&bank, &ConsentRequest::new("b")).await;
    let of_a = authorised(&bank, &ConsentRequest::new("a")).await;
    let accounts = bank.accounts().unwrap();
    let ids = async |access| {
        let found = accounts.accounts(access).await.unwrap();
        found.into_iter().map(|account| account.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(&of_a).await, ["of-a", "of-all"]);
    assert_eq!(ids(&of_b).await, ["of-all"]);
    assert_eq!(accounts.balances(&of_a, "of-a").await.unwrap()[0].amount, gbp("3.50"));
    assert_eq!(refused(accounts.balances(&of_b, "of-a").await), (404, codes::NOT_FOUND.to_owned()));
    let unknown = bank.consents().unwrap().create(&ConsentRequest::new("c")).await;
    assert_eq!(refused(unknown), (404, codes::NOT_FOUND.to_owned()));
    let institutions = bank.institutions().unwrap();
    assert_eq!(institutions.institutions().await.unwrap().len(), 2);
    assert_eq!(institutions.institution("a").await.unwrap().name.as_deref(), Some("A Bank"));
    assert_eq!(refused(institutions.institution("c").await).0, 404);
}

#[tokio::test]
async fn transactions_have_pages_of_the_asked_size_and_a_window() {
    let bank = InMemory::sample();
    let access = access(&bank).await;
    let provider = bank.transactions().unwrap();
    let mut query = TransactionQuery::default().page_size(5);
    let mut sizes = Vec::new();
    let mut ids = Vec::new();
    loop {
        let page = provider.page(&access, "current", &query).await.unwrap();
        assert_eq!(page.total, Some(12));
        sizes.push(page.items.len());
        ids.extend(page.items.into_iter().map(|transaction| transaction.id.unwrap()));
        let Some(cursor) = page.next else { break };
        query = query.starting_at(cursor);
    }
    assert_eq!(sizes, [5, 5, 2]);
    ids.dedup();
    assert_eq!(ids.len(), 12);

    let stream = provider.all_transactions(&access, "current", TransactionQuery::default().page_size(1));
    assert_eq!(stream.try_collect::<Vec<_>>().await.unwrap().len(), 12);

    let week_ago = bank.now() - Duration::from_secs(7 * 86_400);
    let last_week = TransactionQuery::default().between(Some(week_ago), None).page_size(2);
    let page = provider.page(&access, "current", &last_week).await.unwrap();
    assert_eq!(page.total, Some(6), "and those that are pending");
    let elsewhere = TransactionQuery::default().page_size(2).starting_at(page.next.unwrap());
    let foreign = provider.page(&access, "current", &elsewhere).await;
    assert_eq!(refused(foreign), (400, codes::CURSOR.to_owned()), "a cursor belongs to its query");

    let narrow = ConsentRequest::new("sample-bank").transactions(Some(week_ago), None);
    let narrow = authorised(&bank, &narrow).await;
    let page = provider.page(&narrow, "current", &TransactionQuery::default()).await.unwrap();
    assert_eq!(page.items.len(), 6, "the holder lets no more be read");
}

#[tokio::test]
async fn an_account_is_made_of_what_belongs_to_it() {
    let bank = InMemory::new().with_transactions("a", [Transaction::debit(gbp("1.20")).reference("Bill")]);
    let access = authorised(&bank, &ConsentRequest::new("any")).await;
    assert_eq!(bank.accounts().unwrap().accounts(&access).await.unwrap()[0].id, "a");
    let page = bank.transactions().unwrap().page(&access, "a", &TransactionQuery::default()).await.unwrap();
    assert_eq!(page.items[0].account_id.as_deref(), Some("a"));
}

#[tokio::test]
async fn the_sample_has_something_of_everything() {
    let bank = InMemory::sample();
    let access = access(&bank).await;
    for account in bank.accounts().unwrap().accounts(&access).await.unwrap() {
        assert!(!account.balances.is_empty());
        assert!(account.identifiers.iter().all(|identifier| identifier.check().is_ok()), "{}", account.id);
    }
    assert_eq!(bank.payees().unwrap().payees(&access, "current").await.unwrap().len(), 1);
    assert_eq!(bank.standing_orders().unwrap().standing_orders(&access, "current").await.unwrap().len(), 1);
    assert_eq!(bank.scheduled_payments().unwrap().scheduled_payments(&access, "current").await.unwrap().len(), 1);
    assert_eq!(bank.direct_debits().unwrap().direct_debits(&access, "savings").await.unwrap(), []);
    assert_eq!(bank.direct_debits().unwrap().direct_debits(&access, "current").await.unwrap().len(), 1);
    assert!(bank.identities().unwrap().identity(&access).await.unwrap().birth_day().is_some());

    let statements = bank.statements().unwrap();
    let page = statements.statements(&access, "current", &StatementQuery::default()).await.unwrap();
    let id = &page.items[0].id;
    assert_eq!(statements.statement(&access, "current", id).await.unwrap(), page.items[0]);
    let file = statements.file(&access, "current", id).await.unwrap();
    assert_eq!(file.media_type(), Some("application/pdf"));
    assert!(file.bytes().await.unwrap().starts_with(b"%PDF"));
    assert_eq!(refused(statements.file(&access, "savings", id).await).0, 404);
}

#[tokio::test]
async fn users_are_found_or_created_and_take_their_consents_along() {
    let bank = InMemory::sample();
    let users = bank.users().unwrap();
    let jane = users.find_or_create(&UserRequest::default().application_user_id("jane")).await.unwrap();
    assert_eq!(jane.id, "user-of-sample");
    let john = UserRequest::default().email("john@example.com").reference("r");
    let created = users.find_or_create(&john).await.unwrap();
    assert_eq!(users.find_or_create(&john).await.unwrap(), created);
    assert_eq!(users.users().await.unwrap().len(), 2);
    let error = users.find_or_create(&UserRequest::default()).await.unwrap_err();
    assert!(!error.may_have_been_sent(), "{error}");

    let access = authorised(&bank, &ConsentRequest::new("sample-bank").user_id("jane")).await;
    users.delete(&jane.id).await.unwrap();
    assert_eq!(refused(users.user(&jane.id).await).0, 404);
    assert_eq!(refused(bank.accounts().unwrap().accounts(&access).await).1, codes::CONSENT_UNKNOWN);
}

#[tokio::test]
async fn what_is_not_offered_is_unsupported() {
    const OFFERED: &[Capability] = &[Capability::Accounts];
    let bank = InMemory::sample().named("small").offering(OFFERED);
    assert_eq!((bank.name(), bank.capabilities()), ("small", OFFERED));
    let error = bank.transactions().err().unwrap();
    assert_eq!(error.to_string(), "small does not offer transactions");
    // Nor is it by the trait itself.
    let direct = obkit::provider::Users::users(&bank).await.unwrap_err();
    assert_eq!(direct.to_string(), "small does not offer users");
    let accounts = bank.accounts().unwrap().accounts(&ConsentReference::none()).await.unwrap();
    assert_eq!(accounts.len(), 2, "a provider without consents asks for none");
}
