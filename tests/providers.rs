//! FinqLink, Candescent and Wych through the domain, on the wire.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../runtime/tests/server/mod.rs"]
mod server;

use std::collections::HashSet;

use obkit::Error;
use obkit::domain::{ConsentReference, ConsentRequest, Cursor, Timestamp, TransactionQuery};
use obkit::provider::candescent::{self, Candescent, User};
use obkit::provider::finqlink::{self, FinqLink};
use obkit::provider::wych::{self, Wych};
use obkit::provider::{Accounts as _, Capability, Consents as _, Institutions as _, Transactions as _};
use serde_json::{Value, json};
use server::{Server, answer};

const CONSENT: &str = "7c2f6f0e-3c55-4f0b-9a3e-5a1d0e8b4c21";

/// A server that answers these values in turn.
async fn serve(answers: &[Value]) -> Server {
    let json = ["content-type: application/json"];
    Server::start(answers.iter().map(|value| answer("200 OK", &json, &value.to_string())).collect()).await
}

fn reference(id: &str) -> ConsentReference {
    ConsentReference { id: id.to_owned(), token: None }
}

/// The line of a request.
fn line(request: &str) -> &str {
    request.split("\r\n").next().unwrap()
}

/// The body of a request.
fn body(request: &str) -> Value {
    serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap()
}

fn time(text: &str) -> Option<Timestamp> {
    Some(Timestamp::parse_from_rfc3339(text).unwrap())
}

/// Why a call was not made.
fn refusal<T: std::fmt::Debug>(outcome: Result<T, Error>) -> String {
    let error = outcome.unwrap_err();
    assert!(!error.may_have_been_sent());
    error.to_string()
}

fn finqlink(server: &Server) -> FinqLink {
    FinqLink::connect(&finqlink::Config::new("xyz123abc", "token-1").base_url(server.base_url())).unwrap()
}

fn wych(server: &Server) -> Wych {
    Wych::connect(&wych::Config::new("acme", "budget", "key-1", "token-1").base_url(server.base_url())).unwrap()
}

fn transaction(booked: &str) -> Value {
    json!({"amount": "1", "currency": "RON", "credit_debit_indicator": "debit", "booking_date_time": booked})
}

#[tokio::test]
async fn finqlink_reads_page_after_page() {
    let pages = [
        json!({"transactions": [transaction("2025-03-04T10:15:00Z")], "pagination": {"more?": true, "after": "k1"}}),
        json!({"transactions": [], "pagination": {"more?": false, "after": "k2"}}),
    ];
    let server = serve(&pages).await;
    let finqlink = finqlink(&server);
    let query = TransactionQuery::default().page_size(2);
    let first = finqlink.page(&reference(CONSENT), "acc-0001", &query).await.unwrap();
    let next = first.next.unwrap();
    assert_eq!((first.items.len(), next.as_str()), (1, "transactions:k1"));
    let last = finqlink.page(&reference(CONSENT), "acc-0001", &query.starting_at(next)).await.unwrap();
    assert_eq!(last.next, None);

    let requests = server.requests();
    assert_eq!(line(&requests[0]), "POST /v2/ais/transactions/list HTTP/1.1");
    assert!(requests[0].contains("authorization: Bearer token-1\r\n"));
    let (client_id, filter) = ("xyz123abc", json!({"account_id": "acc-0001"}));
    assert_eq!(
        body(&requests[0]),
        json!({"client_id": client_id, "consent_id": CONSENT, "filter": filter, "pagination": {"limit": 2}})
    );
    assert_eq!(body(&requests[1])["pagination"], json!({"limit": 2, "after": "k1"}));
}

#[tokio::test]
async fn finqlink_takes_no_cursor_of_another_list() {
    let server = serve(&[json!({})]).await;
    let finqlink = finqlink(&server);
    for cursor in ["balances:k1", "offset:1", "k1"] {
        let query = TransactionQuery::default().starting_at(Cursor::from(cursor.to_owned()));
        let message = refusal(finqlink.page(&reference(CONSENT), "a", &query).await);
        assert!(message.contains("the cursor is not one of this list"), "{message}");
    }
    let query = TransactionQuery::default().starting_at(Cursor::from("transactions:k1".to_owned()));
    refusal(finqlink.balance_history(&reference(CONSENT), "a", &query).await);
    let query = TransactionQuery::default().between(time("2025-01-09T23:00:00Z"), None);
    refusal(finqlink.balance_history(&reference(CONSENT), "a", &query).await);
    let query = TransactionQuery::default().page_size(251);
    assert!(refusal(finqlink.page(&reference(CONSENT), "a", &query).await).contains("1 to 250"));
    assert!(refusal(finqlink.page(&reference("c"), "a", &TransactionQuery::default()).await).contains("no UUID"));
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn finqlink_keeps_the_window_although_its_filter_knows_days() {
    let booked = ["2025-01-10T01:30:00+02:00", "2025-01-10T00:30:00+02:00", "2025-01-10", "2025-01-09", "2025-01-12"];
    let server = serve(&[json!({"transactions": booked.map(transaction)})]).await;
    let query = TransactionQuery::default().between(time("2025-01-09T23:00:00Z"), time("2025-01-11T23:00:00Z"));
    let page = finqlink(&server).page(&reference(CONSENT), "a", &query).await.unwrap();
    let filter = &body(&server.requests()[0])["filter"];
    assert_eq!(
        (&filter["booking_date_from"], &filter["booking_date_to"]),
        (&json!("2025-01-08"), &json!("2025-01-12"))
    );
    let kept: Vec<_> = page.items.iter().map(|item| serde_json::to_value(item.booked_at).unwrap()).collect();
    assert_eq!(kept, ["2025-01-10T01:30:00+02:00", "2025-01-10", "2025-01-09"]);
}

#[tokio::test]
async fn finqlink_in_test_mode_has_its_secret_in_the_body() {
    let server = serve(&[json!({"consent_id": CONSENT, "web_url": "https://web"}), json!({})]).await;
    let config = finqlink::Config::test("xyz123abc", "secret-1").base_url(server.base_url());
    let finqlink = FinqLink::connect(&config).unwrap();
    let request = ConsentRequest::new("cec_ro").redirect_url("https://back");
    let consent = finqlink.create(&request).await.unwrap();
    assert_eq!(consent.authorisation_url.unwrap().expose(), "https://web");
    assert_eq!(consent.institution_id.as_deref(), Some("cec_ro"));
    finqlink.delete(CONSENT).await.unwrap();
    let requests = server.requests();
    assert!(!requests[0].contains("authorization"));
    let expected = json!({
        "client_id": "xyz123abc",
        "client_secret": "secret-1",
        "ais_method": {"provider_id": "cec_ro"},
        "consent": {"scope": ["accounts", "balances", "transactions"]},
        "options": {"redirect_url": "https://back"},
    });
    assert_eq!(body(&requests[0]), expected);
    assert_eq!(line(&requests[1]), "POST /v2/ais/consents/revoke HTTP/1.1");
    assert!(!format!("{config:?}{finqlink:?}").contains("secret-1"));
}

#[tokio::test]
async fn a_consent_is_never_given_for_more_than_was_asked() {
    let server = serve(&[json!({})]).await;
    let (finqlink, wych) = (finqlink(&server), wych(&server));
    let windowed = ConsentRequest::new(CONSENT).transactions(time("2025-01-01T00:00:00Z"), None);
    let ending = ConsentRequest::new(CONSENT).expires_at(time("2025-01-01T00:00:00Z").unwrap());
    for request in [windowed, ending] {
        assert!(refusal(finqlink.create(&request).await).starts_with("finqlink does not offer consents"));
        assert!(refusal(wych.create(&request).await).starts_with("wych does not offer consents"));
    }
    refusal(wych.create(&ConsentRequest::new(CONSENT).redirect_url("https://back")).await);
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn finqlink_has_the_latest_balances_with_the_account() {
    let balance = json!({"balance_amount": "5", "balance_currency": "RON", "credit_debit_indicator": "debit"});
    let accounts = json!({"accounts": [{"account_id": "a"}, {"account_id": "b", "balances": [balance]}]});
    let history = json!({"balances": [balance], "pagination": {"more?": true, "after": "k1"}});
    let server = serve(&[accounts.clone(), accounts, history]).await;
    let finqlink = finqlink(&server);
    let balances = finqlink.balances(&reference(CONSENT), "b").await.unwrap();
    assert_eq!((balances.len(), balances[0].account_id.as_deref()), (1, Some("b")));
    let error = finqlink.balances(&reference(CONSENT), "c").await.unwrap_err();
    assert_eq!(error.to_string(), "finqlink: `accounts` has no account of that id");
    let page = finqlink.balance_history(&reference(CONSENT), "b", &TransactionQuery::default()).await.unwrap();
    assert_eq!(page.next.unwrap().as_str(), "balances:k1");
    assert_eq!(body(&server.requests()[2])["filter"], json!({"account_id": "b"}));
}

#[tokio::test]
async fn candescent_says_whose_accounts_are_meant_and_names_each_call() {
    let server = serve(&[json!({"accounts": [{"id": "a"}]}), json!({"id": "a"})]).await;
    let config = candescent::Config::new("token-1", User::HostUserId("20418837".into())).base_url(server.base_url());
    let candescent = Candescent::connect(&config.location("C-1")).unwrap();
    assert_eq!(candescent.accounts(&ConsentReference::none()).await.unwrap().len(), 1);
    let other = candescent.for_user(User::LoginId("dana".into()));
    other.balances(&ConsentReference::none(), "a/b").await.unwrap();
    candescent.for_user(User::OfToken).balances(&ConsentReference::none(), "a").await.unwrap();

    let requests = server.requests();
    let lines: Vec<_> = requests.iter().map(|request| line(request)).collect();
    let list = "GET /db-accounts/v1/accounts?hostUserId=20418837&institutionCustomerId=C-1 HTTP/1.1";
    let get = "GET /db-accounts/v1/accounts/a%2Fb?loginId=dana HTTP/1.1";
    assert_eq!(lines, [list, get, "GET /db-accounts/v1/accounts/a HTTP/1.1"]);
    let header = |request: &String| {
        let id = request.lines().find_map(|line| line.strip_prefix("transactionid: ")).unwrap();
        id.parse::<obkit::runtime::uuid::Uuid>().unwrap()
    };
    let ids: HashSet<_> = requests.iter().map(header).collect();
    assert_eq!(ids.len(), requests.len(), "each call has a name of its own");
    assert!(ids.iter().all(|id| id.get_version_num() == 4));
}

#[tokio::test]
async fn candescent_offers_accounts_alone() {
    use obkit::provider::Provider;
    let config = candescent::Config::new("token-1", User::OfToken);
    let candescent = Candescent::connect(&config).unwrap();
    assert_eq!(candescent.capabilities(), [Capability::Accounts]);
    let unsupported = Provider::institutions(&candescent).err().unwrap();
    assert_eq!(unsupported.to_string(), "candescent does not offer institutions");
    assert!(candescent.consents().is_err() && candescent.transactions().is_err());
}

#[tokio::test]
async fn a_debt_stands_on_the_side_of_what_is_owed() {
    let account = |category: &str, amount: f64, status: Value| {
        let json = json!({
            "id": "a",
            "category": category,
            "currentBalance": {"currencyCode": "USD", "amount": amount},
            "status": status,
        });
        let account = candescent::map::account(&serde_json::from_value(json).unwrap()).unwrap();
        account.balances[0].amount.signed(account.balances[0].direction).to_string()
    };
    assert_eq!(account("LOAN", 10.5, json!({})), "-10.5");
    assert_eq!(account("LOAN", -10.5, json!({})), "10.5", "paid too much");
    assert_eq!(account("LOAN", 10.5, json!({"creditBalance": true})), "10.5");
    assert_eq!(account("LOAN", -10.5, json!({"creditBalance": true})), "10.5", "said twice");
    assert_eq!(account("LOAN", 10.5, json!({"negativeBalance": true})), "-10.5", "it is owed all the same");
    assert_eq!(account("DEPOSIT", 10.5, json!({})), "10.5");
    assert_eq!(account("DEPOSIT", -10.5, json!({"negativeBalance": true})), "-10.5", "said twice");
    assert_eq!(account("DEPOSIT", 10.5, json!({"negativeBalance": true})), "-10.5");
}

#[test]
fn what_a_flag_says_of_a_debt_is_about_the_balance_of_now() {
    let money = json!({"currencyCode": "USD", "amount": 10.5});
    let json = json!({
        "id": "a",
        "category": "LOAN",
        "currentBalance": money,
        "lastStatementBalance": money,
        "status": {"creditBalance": true},
    });
    let account = candescent::map::account(&serde_json::from_value(json).unwrap()).unwrap();
    let signed = account.balances.iter().map(|balance| balance.amount.signed(balance.direction).to_string());
    assert_eq!(signed.collect::<Vec<_>>(), ["10.5", "-10.5"]);
}

#[tokio::test]
async fn wych_opens_a_connection_and_asks_where_it_is_authorised() {
    let connection = json!({"id": CONSENT, "dataholder": CONSENT, "state": "PENDING"});
    let server = serve(&[connection, json!({"url": "https://connect"}), json!({})]).await;
    let wych = wych(&server);
    let consent = wych.create(&ConsentRequest::new(CONSENT)).await.unwrap();
    assert_eq!(consent.authorisation_url.unwrap().expose(), "https://connect");
    wych.delete(&consent.id).await.unwrap();
    let requests = server.requests();
    let lines: Vec<_> = requests.iter().map(|request| line(request).to_owned()).collect();
    assert_eq!(
        lines,
        [
            "POST /partner/acme/app/budget/connection HTTP/1.1".to_owned(),
            format!("POST /partner/acme/app/budget/connection/{CONSENT}/authorize HTTP/1.1"),
            format!("DELETE /partner/acme/app/budget/connection/{CONSENT} HTTP/1.1"),
        ]
    );
    assert!(requests[0].contains("x-api-key: key-1\r\n") && requests[0].contains("authorization: Bearer token-1\r\n"));
    assert!(refusal(wych.create(&ConsentRequest::new("a bank")).await).contains("no UUID"));
}

#[tokio::test]
async fn wych_reads_what_belongs_to_the_connection_and_the_window() {
    let account = |id: &str, connection: Option<&str>| {
        let mut account = json!({"id": id, "dataholder": CONSENT, "currency": "NZD", "type": "PERSONAL"});
        if let Some(connection) = connection {
            account["connection"] = json!(connection);
        }
        account
    };
    let amount = json!({"amount": 1, "currency": "NZD"});
    let transaction = |at: &str| json!({"type": "DEBIT", "amount": amount, "datetime": at});
    let holders = json!([{"id": CONSENT, "name": "Harbour Bank"}]);
    let server = serve(&[
        json!([account("mine", Some("c")), account("others", Some("d")), account("unsaid", None)]),
        json!([transaction("2018-09-15T15:53:00Z"), transaction("2018-09-16T02:10:00Z")]),
        holders,
    ])
    .await;
    let wych = wych(&server);
    let accounts = wych.accounts(&reference("c")).await.unwrap();
    assert_eq!(accounts.iter().map(|account| account.id.as_str()).collect::<Vec<_>>(), ["mine", "unsaid"]);
    let query = TransactionQuery::default().between(time("2018-09-16T00:00:00Z"), None);
    let page = wych.page(&reference("c"), CONSENT, &query).await.unwrap();
    assert_eq!((page.items.len(), page.next), (1, None));
    assert_eq!(wych.institution(CONSENT).await.unwrap().name.as_deref(), Some("Harbour Bank"));
    let error = wych.institution("another").await.unwrap_err();
    assert_eq!(error.to_string(), "wych: `id` is the id of no data holder");
    let query = query.starting_at(Cursor::from("offset:1".to_owned()));
    assert!(refusal(wych.page(&reference("c"), CONSENT, &query).await).contains("it has no pages"));
}
