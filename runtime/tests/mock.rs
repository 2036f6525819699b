//! The server for tests, asked by a plain HTTP client: what it answers, what it keeps, and what it says is missing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use obkit_runtime::mock::{
    Documents, DocumentsDefault, DocumentsRange, Empty, Example, Exemplified, Gate, Json, Raw, Route, Server, Stub,
};
use obkit_runtime::reqwest::{Client, Response, StatusCode};
use obkit_runtime::{Auth, RetryPolicy, Transport};
use serde_json::{Value, json};

static ROUTES: &[Route] = &[
    Route {
        operation_id: "getAccounts",
        method: "GET",
        path: "/accounts",
        example: Some(Example { status: 200, media_type: Some("application/json"), body: r#"{"amount":100.10}"# }),
    },
    Route { operation_id: "getAccount", method: "GET", path: "/accounts/{id}", example: None },
    Route { operation_id: "addAccount", method: "POST", path: "/accounts", example: None },
];

struct GetAccounts;

impl Documents<200> for GetAccounts {
    type Content = Json<Value>;
    const MEDIA_TYPE: Option<&'static str> = Some("application/json");
}

impl Documents<204> for GetAccounts {
    type Content = Empty;
    const MEDIA_TYPE: Option<&'static str> = None;
}

impl Documents<206> for GetAccounts {
    type Content = Raw;
    const MEDIA_TYPE: Option<&'static str> = Some("application/pdf");
}

impl DocumentsRange<4> for GetAccounts {
    type Content = Json<Value>;
    const MEDIA_TYPE: Option<&'static str> = Some("application/problem+json");
}

impl DocumentsDefault for GetAccounts {
    type Content = Json<Value>;
    const MEDIA_TYPE: Option<&'static str> = Some("application/json");
}

impl Exemplified for GetAccounts {
    type Content = Json<Value>;
}

fn get_accounts(server: &Server) -> Stub<'_, GetAccounts> {
    Stub::new(server, 0)
}

async fn start() -> (Server, Client) {
    // The TLS of the client is installed by the transport.
    let transport = Transport::builder("mock").retry(RetryPolicy::none()).build().unwrap();
    (Server::start(ROUTES).await.unwrap(), transport.http().clone())
}

async fn get(server: &Server, client: &Client, path: &str) -> Response {
    client.get(format!("{}{path}", server.base_url())).send().await.unwrap()
}

async fn statuses(server: &Server, client: &Client, count: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..count {
        statuses.push(get(server, client, "/accounts").await.status().as_u16());
    }
    statuses
}

#[tokio::test]
async fn without_a_stub_an_operation_answers_the_example_or_says_that_there_is_none() {
    let (server, client) = start().await;
    let answer = get(&server, &client, "/accounts").await;
    assert_eq!(
        (answer.status(), answer.headers()["content-type"].to_str().unwrap()),
        (StatusCode::OK, "application/json")
    );
    assert_eq!(answer.text().await.unwrap(), r#"{"amount":100.10}"#);

    let answer = get(&server, &client, "/accounts/a%2Fb").await;
    assert_eq!(answer.status(), StatusCode::NOT_IMPLEMENTED);
    let said = answer.text().await.unwrap();
    assert_eq!(
        said,
        "getAccount (GET /accounts/{id}) has no stub, and its document no example of a success: say what it answers"
    );

    assert_eq!(get(&server, &client, "/elsewhere").await.status(), StatusCode::NOT_FOUND);
    let other = client.delete(format!("{}/accounts", server.base_url())).send().await.unwrap();
    assert_eq!(other.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn bodies_have_the_type_and_the_media_type_of_their_status() {
    let (server, client) = start().await;
    let changed = {
        let mut body = get_accounts(&server).example().unwrap();
        body["more"] = json!("words");
        body
    };
    get_accounts(&server)
        .answers::<200>(&changed)
        .answers::<204>(&())
        .answers::<206>(b"%PDF")
        .answers_range::<4>(422, &json!({"code": 1}))
        .answers_range::<4>(500, &json!({}))
        .answers_default(503, &json!({}))
        .header("retry-after", "7")
        .answers_bytes(502, "text/html", "<h1>Bad gateway</h1>");
    let mut seen = Vec::new();
    for _ in 0..7 {
        let answer = get(&server, &client, "/accounts").await;
        let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let (status, kind, retry) = (answer.status().as_u16(), header("content-type"), header("retry-after"));
        seen.push(format!("{status} {kind:?} {retry:?} {}", answer.text().await.unwrap()));
    }
    assert_eq!(
        seen,
        [
            r#"200 Some("application/json") None {"amount":100.1,"more":"words"}"#,
            "204 None None ",
            r#"206 Some("application/pdf") None %PDF"#,
            r#"422 Some("application/problem+json") None {"code":1}"#,
            r#"501 Some("text/plain; charset=utf-8") None the stub cannot be answered: 500 is not of 4XX"#,
            r#"503 Some("application/json") Some("7") {}"#,
            r#"502 Some("text/html") None <h1>Bad gateway</h1>"#,
        ]
    );
}

#[tokio::test]
async fn answers_come_in_turn_and_the_last_one_stays() {
    let (server, client) = start().await;
    get_accounts(&server).answers_status(503).times(3).answers_status(429).answers::<200>(&json!({}));
    assert_eq!(statuses(&server, &client, 6).await, [503, 503, 503, 429, 200, 200]);
    get_accounts(&server).answers_status(404);
    assert_eq!(statuses(&server, &client, 2).await, [404, 404], "a later answer follows the one that stayed");

    let (server, client) = start().await;
    get_accounts(&server).answers_status(503).times(2);
    assert_eq!(statuses(&server, &client, 3).await, [503, 503, 200], "then the example of the document");
}

#[tokio::test]
async fn a_connection_ends_before_or_within_the_answer() {
    let (server, client) = start().await;
    get_accounts(&server).hangs_up().answers::<200>(&json!("0123456789")).breaking_off();
    let error = client.get(format!("{}/accounts", server.base_url())).send().await.unwrap_err();
    assert!(error.is_request() && !error.is_connect(), "{error:?}");
    let answer = get(&server, &client, "/accounts").await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["content-length"], "12");
    let error = answer.text().await.unwrap_err();
    assert!(error.is_body() || error.is_decode(), "{error:?}");
    assert_eq!(server.requests().len(), 2, "both were received");
}

#[tokio::test]
async fn an_answer_waits_for_its_gate() {
    let (server, client) = start().await;
    let gate = Gate::closed();
    get_accounts(&server).after(&gate);
    let url = format!("{}/accounts", server.base_url());
    let call = tokio::spawn(async move { client.get(url).send().await.unwrap().status() });
    gate.reached(1).await;
    assert!(!call.is_finished());
    assert_eq!(get_accounts(&server).requests().len(), 1, "it has been received");
    gate.open();
    assert_eq!(call.await.unwrap(), StatusCode::OK);
}

#[tokio::test]
async fn what_is_said_of_no_answer_is_said_of_the_example() {
    let (server, client) = start().await;
    get_accounts(&server).answers_status(500).times(1);
    get_accounts(&server).header("x-page", "1").times(1);
    get_accounts(&server).answers_status(204);
    assert_eq!(statuses(&server, &client, 1).await, [500]);
    let example = get(&server, &client, "/accounts").await;
    assert_eq!((example.status().as_u16(), example.headers()["x-page"].to_str().unwrap()), (200, "1"));
    assert_eq!(statuses(&server, &client, 2).await, [204, 204]);
}

#[tokio::test]
async fn requests_are_kept_and_no_debug_shows_what_is_in_them() {
    let server = Server::start(ROUTES).await.unwrap();
    let transport = Transport::builder("mock").auth(Auth::bearer("s3cret-token")).build().unwrap();
    let url = format!("{}/accounts?q=a%20b&iban=GB33BUKB20201555555555&q=c", server.base_url());
    let request = transport.http().post(url).bearer_auth("s3cret-token").json(&json!({"name": "Jane"}));
    assert_eq!(request.send().await.unwrap().status(), StatusCode::NOT_IMPLEMENTED);

    let requests = server.requests();
    let [request] = &requests[..] else { panic!("{requests:?}") };
    assert_eq!((request.operation_id(), request.method().as_str()), (Some("addAccount"), "POST"));
    assert_eq!(request.path(), "/accounts");
    assert_eq!(request.query_value("q").as_deref(), Some("a b"));
    assert_eq!(request.query_pairs().len(), 3);
    assert_eq!(request.header("authorization"), Some("Bearer s3cret-token"));
    assert_eq!(request.json::<Value>().unwrap(), json!({"name": "Jane"}));
    let shown = format!("{requests:?} {server:?} {:?}", get_accounts(&server));
    for secret in ["s3cret", "GB33", "Jane"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(shown.contains("addAccount (POST /accounts)") && shown.contains("\"authorization\""), "{shown}");
}

#[tokio::test]
async fn what_was_expected_and_not_asked_is_named() {
    let (server, client) = start().await;
    get_accounts(&server).expect(1);
    Stub::<()>::new(&server, 1).expect(2);
    statuses(&server, &client, 1).await;
    get(&server, &client, "/accounts/7").await;
    assert_eq!(
        format!("{:?}", server.verify().unwrap_err()),
        "getAccount (GET /accounts/{id}): expected 2 requests, received 1\nreceived, in order:\n  \
         getAccounts (GET /accounts)\n  getAccount (GET /accounts/{id})"
    );
    get(&server, &client, "/accounts/8").await;
    assert_eq!(server.verify(), Ok(()));
    get(&server, &client, "/account").await;
    let said = server.verify().unwrap_err().to_string();
    assert!(said.starts_with("GET /account (no operation of the document)\n"), "{said}");
}

#[tokio::test]
async fn a_server_that_is_dropped_listens_no_longer() {
    let (server, client) = start().await;
    let url = format!("{}/accounts", server.base_url());
    assert!(client.get(&url).send().await.unwrap().status().is_success());
    drop(server);
    assert!(client.get(&url).send().await.is_err());
}
