//! Streams over the pages of the providers, on the wire.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../runtime/tests/server/mod.rs"]
mod server;

use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _};
use obkit::domain::{
    ConsentReference, ListQuery, PaymentLinkQuery, PaymentLinkStatus, StatementQuery, TransactionQuery,
};
use obkit::provider::finqlink::{self, FinqLink};
use obkit::provider::yapily::{self, Yapily};
use obkit::provider::{
    DirectDebits as _, PaymentLinks as _, ScheduledPayments as _, StandingOrders as _, Statements as _,
    Transactions as _,
};
use obkit::runtime::RetryPolicy;
use serde_json::{Value, json};
use server::{Answer, Server, answer};

const CONSENT: &str = "7c2f6f0e-3c55-4f0b-9a3e-5a1d0e8b4c21";

fn consent() -> ConsentReference {
    ConsentReference { id: CONSENT.to_owned(), token: Some("token".into()) }
}

fn ok(value: &Value) -> Answer {
    answer("200 OK", &["content-type: application/json"], &value.to_string())
}

fn unavailable() -> Answer {
    answer("503 Service Unavailable", &[], "")
}

fn yapily_at(server: &Server) -> Yapily {
    let once = RetryPolicy::default().max_attempts(1).base_delay(Duration::ZERO);
    Yapily::connect(&yapily::Config::new("key", "secret").base_url(server.base_url()).retry(once)).unwrap()
}

fn finqlink_at(server: &Server) -> FinqLink {
    FinqLink::connect(&finqlink::Config::new("xyz", "token").base_url(server.base_url())).unwrap()
}

/// Transactions of these ids, and what follows them.
fn transactions(ids: &[&str], next: Option<Value>) -> Value {
    let data: Vec<_> = ids.iter().map(|id| json!({"id": id, "amount": 1, "currency": "GBP"})).collect();
    match next {
        Some(next) => json!({"meta": {"pagination": {"next": next}}, "data": data}),
        None => json!({"data": data}),
    }
}

/// The queries of the requests so far.
fn queries(server: &Server) -> Vec<String> {
    let query = |request: String| request.split(' ').nth(1).unwrap().split_once('?').map_or("", |(_, q)| q).to_owned();
    server.requests().into_iter().map(query).collect()
}

/// The paging of the requests so far, which FinqLink has in the body.
fn bodies(server: &Server) -> Vec<Value> {
    let body = |request: String| serde_json::from_str::<Value>(request.split_once("\r\n\r\n").unwrap().1).unwrap();
    server.requests().into_iter().map(|request| body(request)["pagination"].clone()).collect()
}

#[tokio::test]
async fn a_page_that_fails_is_asked_for_again_and_the_stream_goes_on() {
    let server = Server::start(vec![
        ok(&transactions(&["a", "b"], Some(json!({"limit": 2})))),
        unavailable(),
        unavailable(),
        ok(&transactions(&["c"], None)),
    ])
    .await;
    let (yapily, consent) = (yapily_at(&server), consent());
    let mut stream = yapily.all_transactions(&consent, "1", TransactionQuery::default().page_size(2));
    let mut seen = Vec::new();
    while let Some(item) = stream.next().await {
        match item {
            Ok(transaction) => seen.push(transaction.id.unwrap()),
            Err(error) => {
                assert!(error.is_retryable());
                seen.push("failed".to_owned());
            }
        }
    }
    assert_eq!(seen, ["a", "b", "failed", "failed", "c"]);
    assert_eq!(queries(&server), ["limit=2", "limit=2&offset=2", "limit=2&offset=2", "limit=2&offset=2"]);
}

#[tokio::test]
async fn a_transaction_that_an_offset_gives_again_comes_once() {
    let server = Server::start(vec![
        ok(&transactions(&["b", "c"], Some(json!({})))),
        ok(&transactions(&["c", "d"], Some(json!({})))),
        ok(&transactions(&[], None)),
    ])
    .await;
    let (yapily, consent) = (yapily_at(&server), consent());
    let all: Vec<_> = yapily.all_transactions(&consent, "1", TransactionQuery::default()).try_collect().await.unwrap();
    assert_eq!(all.iter().filter_map(|item| item.id.as_deref()).collect::<Vec<_>>(), ["b", "c", "d"]);
    assert_eq!(queries(&server), ["", "offset=2", "offset=4"]);
}

#[tokio::test]
async fn a_page_by_cursor_without_a_further_cursor_is_the_last() {
    let server = Server::start(vec![
        ok(&transactions(&["a"], Some(json!({"cursor": "x"})))),
        ok(&transactions(&["b"], Some(json!({"limit": 100})))),
    ])
    .await;
    let (yapily, consent) = (yapily_at(&server), consent());
    let all: Vec<_> = yapily.all_transactions(&consent, "1", TransactionQuery::default()).try_collect().await.unwrap();
    assert_eq!(all.len(), 2, "an offset would have begun the list anew");
    assert_eq!(queries(&server), ["", "cursor=x"]);
}

#[tokio::test]
async fn statements_are_one_stream() {
    let page = |ids: &[&str], next: bool| {
        let data: Vec<_> = ids.iter().map(|id| json!({"id": id})).collect();
        ok(&json!({"meta": {"pagination": if next { json!({"next": {}}) } else { json!({}) }}, "data": data}))
    };
    let server = Server::start(vec![page(&["1", "2"], true), page(&["2", "3"], false)]).await;
    let (yapily, consent) = (yapily_at(&server), consent());
    let stream = yapily.all_statements(&consent, "1", StatementQuery::default().page_size(2));
    let ids: Vec<_> = stream.map_ok(|statement| statement.id).try_collect().await.unwrap();
    assert_eq!(ids, ["1", "2", "3"]);
    assert_eq!(queries(&server), ["limit=2", "limit=2&offset=2"]);
}

#[tokio::test]
async fn payment_links_and_balances_are_streams_by_key() {
    let links = |id: &str, pagination: Value| ok(&json!({"links": [{"link_id": id}], "pagination": pagination}));
    let [first, second] = ["4a1f6f0e-3c55-4f0b-9a3e-5a1d0e8b4c21", "5b1f6f0e-3c55-4f0b-9a3e-5a1d0e8b4c21"];
    let server = Server::start(vec![
        links(first, json!({"more?": true, "after": "k1"})),
        links(second, json!({"more?": false})),
    ])
    .await;
    let finqlink = finqlink_at(&server);
    let query = PaymentLinkQuery::default().status(PaymentLinkStatus::Completed).page_size(1);
    let ids: Vec<_> = finqlink.all_links(query).map_ok(|link| link.id).try_collect().await.unwrap();
    assert_eq!(ids, [first, second]);
    assert_eq!(bodies(&server), [json!({"limit": 1}), json!({"limit": 1, "after": "k1"})]);
    assert!(server.requests().iter().all(|request| request.contains(r#""status":"completed""#)));

    let balance = json!({"balance_amount": "5", "balance_currency": "RON", "credit_debit_indicator": "debit"});
    let balances = |more: bool| {
        ok(&json!({"balances": [balance], "pagination": {"more?": more, "after": if more { "b1" } else { "b2" }}}))
    };
    let server = Server::start(vec![balances(true), balances(false)]).await;
    let (finqlink, consent) = (finqlink_at(&server), consent());
    let stream = finqlink.all_balances(&consent, "a", ListQuery::default().page_size(250));
    assert_eq!(stream.try_collect::<Vec<_>>().await.unwrap().len(), 2, "equal balances are two balances");
    assert_eq!(bodies(&server), [json!({"limit": 250}), json!({"limit": 250, "after": "b1"})]);
}

/// Yapily limits these lists, and has no way to ask for more of them.
#[tokio::test]
async fn a_list_that_is_cut_off_is_an_error_and_no_shorter_list() {
    let server =
        Server::start(vec![ok(&json!({"meta": {"pagination": {"totalCount": 2}}, "data": [{"id": "1"}]}))]).await;
    let (yapily, consent) = (yapily_at(&server), consent());
    let errors = [
        yapily.direct_debits(&consent, "1").await.unwrap_err(),
        yapily.standing_orders(&consent, "1").await.unwrap_err(),
        yapily.scheduled_payments(&consent, "1").await.unwrap_err(),
    ];
    for error in errors {
        let expected = "yapily: `meta.pagination.totalCount` is more than this answer has, and no call has the rest";
        assert_eq!(error.to_string(), expected);
    }
    assert_eq!(queries(&server), ["limit=1000"; 3]);
}
