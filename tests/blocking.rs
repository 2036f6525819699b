//! The API without `async`, on the wire.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../runtime/tests/server/mod.rs"]
mod server;

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::ops::Deref;
use std::sync::mpsc;
use std::thread;

use obkit::Error;
use obkit::blocking::{self, Connection};
use obkit::domain::{ConsentReference, PaymentLinkQuery, TransactionQuery};
use obkit::provider::{finqlink, wych, yapily};
use obkit::runtime::RetryPolicy;
use serde_json::{Value, json};
use server::{Answer, Server, answer};

const CONSENT: &str = "7c2f6f0e-3c55-4f0b-9a3e-5a1d0e8b4c21";

/// A server with a runtime on a thread of its own, until it is dropped.
struct Served {
    server: Server,
    _until: tokio::sync::oneshot::Sender<()>,
}

impl Deref for Served {
    type Target = Server;

    fn deref(&self) -> &Server {
        &self.server
    }
}

fn serve(answers: Vec<Answer>) -> Served {
    let (started, server) = mpsc::channel();
    let (until, end) = tokio::sync::oneshot::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            started.send(Server::start(answers).await).unwrap();
            let _ = end.await;
        });
    });
    Served { server: server.recv().unwrap(), _until: until }
}

fn ok(value: &Value) -> Answer {
    answer("200 OK", &["content-type: application/json"], &value.to_string())
}

fn yapily_at(server: &Server) -> Connection {
    let once = RetryPolicy::default().max_attempts(1);
    blocking::connect(&yapily::Config::new("key", "secret").base_url(server.base_url()).retry(once).into()).unwrap()
}

fn consent() -> ConsentReference {
    ConsentReference { id: CONSENT.to_owned(), token: Some("token".into()) }
}

fn transactions(ids: &[&str], more: bool) -> Answer {
    let data: Vec<_> = ids.iter().map(|id| json!({"id": id, "amount": 1, "currency": "GBP"})).collect();
    let pagination = if more { json!({"next": {}}) } else { json!({}) };
    ok(&json!({"meta": {"pagination": pagination}, "data": data}))
}

#[test]
fn a_call_is_its_answer() {
    let server = serve(vec![ok(&json!({"data": [{"id": "a"}, {"id": "b"}]}))]);
    let provider = yapily_at(&server);
    let accounts = provider.accounts().unwrap().accounts(&consent()).unwrap();
    assert_eq!(accounts.iter().map(|account| account.id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert!(server.requests()[0].starts_with("GET /accounts HTTP/1.1"));
    assert_eq!(format!("{provider:?}"), "Yapily");
}

#[test]
fn a_stream_is_an_iterator_that_goes_on_after_an_error() {
    let failed = answer("503 Service Unavailable", &[], "");
    let server = serve(vec![transactions(&["a", "b"], true), failed, transactions(&["c"], false)]);
    let (provider, consent) = (yapily_at(&server), consent());
    let query = TransactionQuery::default().page_size(2);
    let all: Vec<_> = provider
        .transactions()
        .unwrap()
        .all_transactions(&consent, "1", query)
        .map(|item| item.map(|transaction| transaction.id.unwrap()).map_err(|error| error.status().unwrap().as_u16()))
        .collect();
    assert_eq!(all, [Ok("a".to_owned()), Ok("b".to_owned()), Err(503), Ok("c".to_owned())]);
    let offsets = server.requests().iter().filter(|request| request.contains("offset=2")).count();
    assert_eq!((server.requests().len(), offsets), (3, 2));
}

#[test]
fn an_iterator_asks_for_no_page_before_its_turn() {
    let server = serve(vec![transactions(&["a", "b"], true), transactions(&["c"], false)]);
    let (provider, consent) = (yapily_at(&server), consent());
    let mut all = provider.transactions().unwrap().all_transactions(&consent, "1", TransactionQuery::default());
    assert!(server.requests().is_empty());
    assert_eq!(all.next().unwrap().unwrap().id.as_deref(), Some("a"));
    assert_eq!(all.size_hint(), (1, None));
    assert_eq!(all.next().unwrap().unwrap().id.as_deref(), Some("b"));
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn what_a_provider_lacks_is_a_typed_error() {
    let config = wych::Config::new("acme", "budget", "key", "token").base_url("http://127.0.0.1:1");
    let wych = blocking::connect(&config.into()).unwrap();
    assert_eq!(wych.payments().unwrap_err().to_string(), "wych does not offer payments");
    let server = serve(vec![]);
    let links = yapily_at(&server).payment_links().unwrap().all_links(PaymentLinkQuery::default()).next();
    assert!(matches!(links, Some(Err(Error::Unsupported(_)))));
}

#[test]
fn anything_else_can_be_waited_for() {
    let pdf = answer("200 OK", &["content-type: application/pdf"], "%PDF-1.7");
    let server = serve(vec![pdf]);
    let provider = yapily_at(&server);
    let statements = provider.statements().unwrap();
    let file = statements.file(&consent(), "a", "s").unwrap();
    let whole = statements.file(&consent(), "a", "s").unwrap().bytes();
    assert_eq!(provider.wait(whole).unwrap(), "%PDF-1.7");
    let chunks: Result<Vec<_>, _> = provider.items(file).collect();
    assert_eq!(chunks.unwrap().concat(), b"%PDF-1.7");
}

/// A server that closes the connection between calls, when nothing of the client runs, without saying so beforehand.
#[test]
fn a_connection_that_was_closed_between_calls_is_not_used_again() {
    const CALLS: usize = 20;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (close, may_close) = mpsc::channel();
    let (closed, is_closed) = mpsc::channel();
    let served = thread::spawn(move || {
        for stream in listener.incoming().take(CALLS) {
            let mut stream = stream.unwrap();
            let (mut request, mut chunk) = (Vec::new(), [0; 4096]);
            while !request.ends_with(b"}") {
                let read = stream.read(&mut chunk).unwrap();
                request.extend_from_slice(&chunk[..read]);
            }
            let body = r#"{"accounts":[]}"#;
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 15\r\n\r\n";
            stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
            may_close.recv().unwrap();
            drop(stream);
            closed.send(()).unwrap();
        }
    });
    let provider = blocking::connect(&finqlink::Config::new("id", "token").base_url(url).into()).unwrap();
    for call in 0..CALLS {
        // A `POST` without an idempotency key: it is sent once, and fails if that was in vain.
        let outcome = provider.accounts().unwrap().accounts(&consent());
        assert!(outcome.is_ok(), "call {call}: {outcome:?}");
        close.send(()).unwrap();
        is_closed.recv().unwrap();
    }
    served.join().unwrap();
}

#[test]
fn threads_share_a_connection() {
    let server = serve(vec![ok(&json!({"data": [{"id": "a"}]}))]);
    let provider = yapily_at(&server);
    thread::scope(|scope| {
        let calls = [(); 4].map(|()| scope.spawn(|| provider.accounts().unwrap().accounts(&consent()).unwrap().len()));
        assert_eq!(calls.map(|call| call.join().unwrap()), [1; 4]);
    });
}

#[tokio::test]
async fn within_an_async_runtime_a_call_is_an_error_and_nothing_is_sent() {
    let server = Server::start(vec![ok(&json!({"data": []}))]).await;
    let provider = yapily_at(&server);
    let error = provider.accounts().unwrap().accounts(&consent()).unwrap_err();
    assert!(matches!(error, Error::WithinRuntime) && !error.may_have_been_sent() && !error.is_retryable());
    assert!(error.to_string().contains("within an async runtime"));
    let consent = consent();
    let item = provider.transactions().unwrap().all_transactions(&consent, "1", TransactionQuery::default()).next();
    assert!(matches!(item, Some(Err(Error::WithinRuntime))));
    assert!(matches!(provider.wait(std::future::ready(Ok::<_, Error>(()))), Err(Error::WithinRuntime)));
    // Neither the call nor the end of the connection, here, is a panic.
    drop(provider);
    assert!(server.requests().is_empty());
}
