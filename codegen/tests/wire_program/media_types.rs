//! What is sent, asked for and read where a document allows any media type, or describes a body that no answer has.
#![allow(clippy::unwrap_used)]

#[path = "../../../runtime/tests/server/mod.rs"]
mod server;

use fixture_media_ranges::{Client, types};
use obkit_runtime::{Auth, Transport};
use server::{Answer, Server, answer};

async fn client(answers: Vec<Answer>) -> (Server, Client) {
    let server = Server::start(answers).await;
    let transport = Transport::builder("test").auth(Auth::none()).build().unwrap();
    let client = Client::new(&server.base_url(), transport);
    (server, client)
}

fn has(server: &Server, line: &str) -> bool {
    server.requests().pop().unwrap().lines().any(|found| found.eq_ignore_ascii_case(line))
}

#[tokio::test]
async fn what_has_a_structure_is_json_where_anything_is_allowed() {
    let answers = vec![
        answer("200 OK", &[], r#"[{"id":"1"}]"#),
        answer("400 Bad Request", &[], r#"{"code":"no"}"#),
        answer("200 OK", &[], r#"{"id":"2"}"#),
        answer("204 No Content", &[], ""),
    ];
    let (server, client) = client(answers).await;
    assert_eq!(client.list_accounts().send().await.unwrap().into_inner(), [types::Account::new("1")]);
    assert!(has(&server, "accept: application/json"), "{:?}", server.requests());
    let refused = client.list_accounts().send().await.unwrap_err();
    assert_eq!(refused.body().map(|problem| problem.code.as_str()), Some("no"));

    let added = client.add_account().body(types::Account::new("2")).send().await.unwrap();
    assert_eq!(added.id, "2");
    assert!(has(&server, "content-type: application/json") && has(&server, r#"{"id":"2"}"#));
    assert!(has(&server, "accept: application/vnd.bank.v2+json"), "{:?}", server.requests());

    client.put_logo().body("png").send().await.unwrap();
    assert!(has(&server, "content-type: application/octet-stream"), "{:?}", server.requests());
}

#[tokio::test]
async fn an_error_is_read_as_the_json_that_it_is() {
    let problem = ["content-type: application/problem+json"];
    let answers = vec![
        answer("400 Bad Request", &problem, r#"{"code":"no"}"#),
        answer("400 Bad Request", &["content-type: application/json"], r#"{"id":"3"}"#),
    ];
    let (_server, client) = client(answers).await;
    for expected in [r#"{"code":"no"}"#, r#"{"id":"3"}"#] {
        let error = client.add_account().body(types::Account::new("2")).send().await.unwrap_err();
        let is_problem = matches!(error.body(), Some(types::AddAccountErrorBody::Problem(_)));
        assert_eq!(is_problem, expected.contains("code"));
        assert_eq!(error.body().map(|body| serde_json::to_string(body).unwrap()).as_deref(), Some(expected));
    }
}

#[tokio::test]
async fn no_body_is_read_where_none_can_be() {
    let answers = vec![answer("204 No Content", &[], ""), answer("200 OK", &[], "")];
    let (_server, client) = client(answers).await;
    let () = client.remove_account().id("1").send().await.unwrap().into_inner();
    let () = client.has_account().id("1").send().await.unwrap().into_inner();
}
