//! What is read beside accounts, balances and transactions: what goes over the wire for it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

// For its examples.
#[allow(dead_code)]
#[path = "mappings/mod.rs"]
mod all;
#[path = "../runtime/tests/server/mod.rs"]
mod server;

use futures_util::TryStreamExt as _;
use obkit::domain::{ConsentReference, Cursor, StatementQuery, UserRequest};
use obkit::provider::{Provider, wych, yapily};
use server::{Answer, Server, answer};

const CONSENT: &str = "consent-token-77aa";
/// Wych takes nothing else as the id of an account.
const ACCOUNT: &str = "5a7de2b4-1f93-4c08-8e6d-90b3c4f71a25";
const USER: &str = "3b908179-6faa-42e1-8129-8fd0ff1fc68f";

fn consent() -> ConsentReference {
    ConsentReference { id: "c".to_owned(), token: Some(CONSENT.into()) }
}

fn json(status: &str, body: &str) -> Answer {
    answer(status, &["content-type: application/json"], body)
}

/// A server that answers with the first documented example of an operation.
async fn example(provider: &str, operation: &str) -> Server {
    Server::start(vec![json("200 OK", &all::examples(provider, operation)[0].to_string())]).await
}

fn yapily_at(server: &Server) -> Box<dyn Provider> {
    obkit::connect(&yapily::Config::new("key", "secret").base_url(server.base_url()).into()).unwrap()
}

fn wych_at(server: &Server) -> Box<dyn Provider> {
    let config = wych::Config::new("the/partner", "the-app", "gateway-key", "a-token");
    obkit::connect(&config.base_url(server.base_url()).into()).unwrap()
}

/// The only request: its first line, after what every request to Yapily has was looked for.
fn only_request(server: &Server) -> String {
    let requests = server.requests();
    assert_eq!(requests.len(), 1, "{requests:?}");
    // key:secret
    assert!(requests[0].contains("authorization: Basic a2V5OnNlY3JldA==\r\n"), "{}", requests[0]);
    assert!(requests[0].contains(&format!("consent: {CONSENT}\r\n")), "{}", requests[0]);
    line(&requests[0])
}

/// The only request to Wych.
fn only_request_to_wych(server: &Server) -> String {
    let requests = server.requests();
    assert_eq!(requests.len(), 1, "{requests:?}");
    assert!(requests[0].contains("x-api-key: gateway-key\r\n"), "{}", requests[0]);
    assert!(requests[0].contains("authorization: Bearer a-token\r\n"), "{}", requests[0]);
    line(&requests[0])
}

fn line(request: &str) -> String {
    request.lines().next().unwrap().to_owned()
}

#[tokio::test]
async fn an_identity_is_read() {
    let server = example("yapily", "getIdentity").await;
    let identity = yapily_at(&server).identities().unwrap().identity(&consent()).await.unwrap();
    assert_eq!(only_request(&server), "GET /identity HTTP/1.1");
    assert_eq!(identity.name, Some("Jane Doe".into()));
}

#[tokio::test]
async fn payees_are_read() {
    let server = example("yapily", "getBeneficiaries").await;
    let payees = yapily_at(&server).payees().unwrap().payees(&consent(), "a/1").await.unwrap();
    assert_eq!(only_request(&server), "GET /accounts/a%2F1/beneficiaries HTTP/1.1");
    assert_eq!((payees.len(), payees[0].account_id.as_deref()), (1, Some("a/1")));

    let server = example("wych", "getPayees").await;
    let payees = wych_at(&server).payees().unwrap().payees(&consent(), ACCOUNT).await.unwrap();
    assert_eq!(
        only_request_to_wych(&server),
        format!("GET /partner/the%2Fpartner/app/the-app/account/{ACCOUNT}/payees HTTP/1.1")
    );
    assert_eq!((payees.len(), payees[0].account_id.as_deref()), (1, Some(ACCOUNT)));
}

#[tokio::test]
async fn standing_orders_are_read() {
    let server = example("yapily", "getAccountPeriodicPayments").await;
    let provider = yapily_at(&server);
    let orders = provider.standing_orders().unwrap().standing_orders(&consent(), "a1").await.unwrap();
    assert_eq!(only_request(&server), "GET /accounts/a1/periodic-payments?limit=1000 HTTP/1.1");
    assert_eq!(orders[0].reference.as_deref(), Some("544878_60c0809a"));
}

#[tokio::test]
async fn scheduled_payments_are_read() {
    let server = example("yapily", "getAccountScheduledPayments").await;
    let provider = yapily_at(&server);
    let payments = provider.scheduled_payments().unwrap().scheduled_payments(&consent(), "a1").await.unwrap();
    assert_eq!(only_request(&server), "GET /accounts/a1/scheduled-payments?limit=1000 HTTP/1.1");
    assert_eq!(payments[0].amount.unwrap().to_string(), "1 GBP");

    let server = example("wych", "getScheduledPayments").await;
    let provider = wych_at(&server);
    let payments = provider.scheduled_payments().unwrap().scheduled_payments(&consent(), ACCOUNT).await.unwrap();
    assert_eq!(
        only_request_to_wych(&server),
        format!("GET /partner/the%2Fpartner/app/the-app/account/{ACCOUNT}/scheduledpayments HTTP/1.1")
    );
    assert_eq!(payments[0].amount.unwrap().to_string(), "123.45 NZD");
}

#[tokio::test]
async fn direct_debits_are_read() {
    let server = example("yapily", "getAccountDirectDebits").await;
    let debits = yapily_at(&server).direct_debits().unwrap().direct_debits(&consent(), "a1").await.unwrap();
    assert_eq!(only_request(&server), "GET /accounts/a1/direct-debits?limit=1000 HTTP/1.1");
    assert_eq!(debits.len(), 2);

    let server = example("wych", "getDirectDebits").await;
    let debits = wych_at(&server).direct_debits().unwrap().direct_debits(&consent(), ACCOUNT).await.unwrap();
    assert_eq!(
        only_request_to_wych(&server),
        format!("GET /partner/the%2Fpartner/app/the-app/account/{ACCOUNT}/directdebits HTTP/1.1")
    );
    assert_eq!(debits.len(), 1);
}

#[tokio::test]
async fn a_page_of_statements_is_read() {
    let server = example("yapily", "getStatements").await;
    let time = |text: &str| text.parse().ok();
    let query = StatementQuery::default()
        .between(time("2021-01-01T00:00:00+01:00"), time("2021-12-31T00:00:00Z"))
        .page_size(20)
        .starting_at(Cursor::from("offset:40".to_owned()));
    let provider = yapily_at(&server);
    let page = provider.statements().unwrap().statements(&consent(), "a1", &query).await.unwrap();
    let line = only_request(&server);
    assert!(line.starts_with("GET /accounts/a1/statements?"), "{line}");
    for pair in
        ["from=2021-01-01T00%3A00%3A00%2B01%3A00", "before=2021-12-31T00%3A00%3A00%2B00%3A00", "limit=20", "offset=40"]
    {
        assert!(line.contains(pair), "{pair}: {line}");
    }
    assert!(!page.items.is_empty());
}

#[tokio::test]
async fn a_cursor_of_something_else_is_refused_before_anything_is_sent() {
    let server = example("yapily", "getStatements").await;
    for cursor in ["cursor:abc", "offset:-1", "page 2"] {
        let query = StatementQuery::default().starting_at(Cursor::from(cursor.to_owned()));
        let provider = yapily_at(&server);
        let error = provider.statements().unwrap().statements(&consent(), "a1", &query).await.unwrap_err();
        assert!(!error.may_have_been_sent(), "{error}");
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn one_statement_is_read() {
    let server = example("yapily", "getStatement").await;
    let provider = yapily_at(&server);
    let statement = provider.statements().unwrap().statement(&consent(), "a1", "s/7").await.unwrap();
    assert_eq!(only_request(&server), "GET /accounts/a1/statements/s%2F7 HTTP/1.1");
    assert_eq!(statement.account_id.as_deref(), Some("a1"));
}

#[tokio::test]
async fn the_file_of_a_statement_is_a_stream_with_its_media_type() {
    let pdf = "%PDF-1.7\r\nconfidential";
    let server = Server::start(vec![answer("200 OK", &["content-type: application/pdf"], pdf)]).await;
    let provider = yapily_at(&server);
    let statements = provider.statements().unwrap();
    let file = statements.file(&consent(), "a1", "s7").await.unwrap();
    assert_eq!(only_request(&server), "GET /accounts/a1/statements/s7/file HTTP/1.1");
    assert!(server.requests()[0].contains("accept: application/pdf\r\n"));
    assert_eq!(file.media_type(), Some("application/pdf"));
    assert!(!format!("{file:?}").contains("confidential"));
    let chunks: Vec<_> = file.try_collect().await.unwrap();
    assert_eq!(chunks.concat(), pdf.as_bytes());
    let file = statements.file(&consent(), "a1", "s7").await.unwrap();
    assert_eq!(file.bytes().await.unwrap(), pdf.as_bytes());
}

#[tokio::test]
async fn a_file_that_breaks_off_is_an_error_that_shows_no_address() {
    let whole = "HTTP/1.1 200 OK\r\ncontent-type: application/pdf\r\ncontent-length: 100\r\n\r\n%PDF";
    let server = Server::start(vec![Answer::Bytes(whole.as_bytes().to_vec())]).await;
    let provider = yapily_at(&server);
    let file = provider.statements().unwrap().file(&consent(), "account-4711", "s7").await.unwrap();
    let error = file.try_collect::<Vec<_>>().await.unwrap_err();
    assert!(error.call().is_some() && error.may_have_been_sent());
    assert!(!format!("{error} {error:?}").contains("4711"), "{error:?}");
}

#[tokio::test]
async fn a_consent_without_a_token_reads_nothing() {
    let server = example("yapily", "getIdentity").await;
    let consent = ConsentReference { id: "c".to_owned(), token: None };
    let error = yapily_at(&server).identities().unwrap().identity(&consent).await.unwrap_err();
    assert!(error.to_string().contains("has no token"), "{error}");
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn users_are_listed_and_read_and_removed() {
    let users = all::examples("yapily", "getUsers")[0].to_string();
    let user = all::examples("yapily", "getUser")[0].to_string();
    let gone = all::examples("yapily", "deleteUser")[0].to_string();
    let server = Server::start(vec![json("200 OK", &users), json("200 OK", &user), json("200 OK", &gone)]).await;
    let provider = yapily_at(&server);
    let users = provider.users().unwrap();
    assert_eq!(users.users().await.unwrap().len(), 3);
    let user = users.user(USER).await.unwrap();
    assert_eq!((user.id.as_str(), user.institution_ids.as_slice()), (USER, &["modelo-sandbox".to_owned()][..]));
    users.delete(USER).await.unwrap();
    let lines: Vec<_> = server.requests().iter().map(|request| line(request)).collect();
    let one = format!("/users/{USER} HTTP/1.1");
    assert_eq!(lines, ["GET /users HTTP/1.1".to_owned(), format!("GET {one}"), format!("DELETE {one}")]);
    let error = users.user("no uuid").await.unwrap_err();
    assert!(!error.may_have_been_sent(), "{error}");
}

#[tokio::test]
async fn a_user_is_found_before_one_is_created() {
    let request = UserRequest::default().application_user_id("customer-1042").reference("crm-000317");
    let users = all::examples("yapily", "getUsers")[0].to_string();
    let server = Server::start(vec![json("200 OK", &users)]).await;
    let found = yapily_at(&server).users().unwrap().find_or_create(&request).await.unwrap();
    assert_eq!(found.id, USER);
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(line(&requests[0]), "GET /users?filter%5BapplicationUserId%5D=customer-1042 HTTP/1.1");

    let new = all::examples("yapily", "addUser")[0].to_string();
    let server = Server::start(vec![json("200 OK", "[]"), json("201 Created", &new)]).await;
    let created = yapily_at(&server).users().unwrap().find_or_create(&request).await.unwrap();
    assert_eq!(created.application_user_id.as_deref(), Some("customer-1042"));
    let requests = server.requests();
    assert_eq!(line(&requests[1]), "POST /users HTTP/1.1");
    let body = requests[1].split_once("\r\n\r\n").unwrap().1;
    assert_eq!(body, r#"{"applicationUserId":"customer-1042","referenceId":"crm-000317"}"#);
}

#[tokio::test]
async fn wych_finds_or_creates_a_user_with_one_call_and_lacks_two() {
    let user = all::examples("wych", "createOrFindUser")[0].to_string();
    let server = Server::start(vec![json("200 OK", &user)]).await;
    let provider = wych_at(&server);
    let users = provider.users().unwrap();
    let found = users.find_or_create(&UserRequest::default().email("aroha@example.com")).await.unwrap();
    assert_eq!(found.email, Some("aroha@example.com".into()));
    assert_eq!(only_request_to_wych(&server), "POST /partner/the%2Fpartner/app/the-app/user HTTP/1.1");
    assert!(server.requests()[0].ends_with(r#"{"email":"aroha@example.com"}"#));
    for error in [users.user("u").await.unwrap_err(), users.delete("u").await.unwrap_err()] {
        assert!(matches!(error, obkit::Error::Unsupported(_)), "{error}");
    }
    assert_eq!(server.requests().len(), 1, "what is lacking is not asked for");
    let listed = example("wych", "listUsers").await;
    assert_eq!(wych_at(&listed).users().unwrap().users().await.unwrap().len(), 2);
    assert_eq!(only_request_to_wych(&listed), "GET /partner/the%2Fpartner/app/the-app/users HTTP/1.1");
}

#[tokio::test]
async fn a_user_is_not_looked_for_by_what_the_provider_does_not_keep() {
    let server = Server::start(vec![json("200 OK", "[]")]).await;
    let by_email = UserRequest::default().email("aroha@example.com");
    let error = yapily_at(&server).users().unwrap().find_or_create(&by_email).await.unwrap_err();
    assert!(error.to_string().contains("application_user_id") && !error.may_have_been_sent(), "{error}");
    let by_id = UserRequest::default().application_user_id("customer-1042");
    let error = wych_at(&server).users().unwrap().find_or_create(&by_id).await.unwrap_err();
    assert!(error.to_string().contains("email") && !error.may_have_been_sent(), "{error}");
    assert!(server.requests().is_empty());
}
