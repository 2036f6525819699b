//! What a typed call costs beside the same call with bare reqwest and `serde_json::Value`.
//!
//! `cargo bench -p obkit --bench call`
//!
//! Three ways of the same call take turns, over connections of their own that are kept, to a server on the loopback
//! interface: with reqwest into a `serde_json::Value`, with the generated client into its types, and through the provider
//! into the domain. A ratio is the median of the ratios within each round.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod measure;

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::Arc;

use measure::{in_turn, median};
use obkit::domain::{ConsentReference, TransactionQuery};
use obkit::provider::{Accounts as _, Transactions as _, yapily};
use obkit::runtime::{Auth, Transport, reqwest};
use obkit_codegen::{Document, Spec};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

const ROUNDS: usize = 300;
const CALLS_PER_ROUND: usize = 10;

/// Everything that is asked for, by its path.
type Answers = Arc<HashMap<&'static str, String>>;

/// A server on a thread of its own, the same for all connections: how threads are placed must not tell them apart.
fn start(answers: Answers) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        current_thread().block_on(async move {
            let listener = TcpListener::from_std(listener).unwrap();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(stream, Arc::clone(&answers)));
            }
        });
    });
    base_url
}

fn current_thread() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Answers requests without bodies until the client is done.
async fn serve(mut stream: TcpStream, answers: Answers) {
    stream.set_nodelay(true).unwrap();
    let mut received = Vec::new();
    let mut buffer = [0; 8192];
    while let Ok(read @ 1..) = stream.read(&mut buffer).await {
        received.extend_from_slice(&buffer[..read]);
        if !received.ends_with(b"\r\n\r\n") {
            continue;
        }
        let request = String::from_utf8_lossy(&received);
        let target = request.split(' ').nth(1).unwrap();
        let answer = &answers[target.split('?').next().unwrap()];
        stream.write_all(answer.as_bytes()).await.unwrap();
        received.clear();
    }
}

fn answer(body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}")
}

/// The documented answer of an operation, with so many items.
fn documented(spec: &Spec, operation: &str, items: usize) -> String {
    let operation = spec.operation(operation).unwrap();
    let mut value = operation.responses[0].content[0].examples[0].value.clone();
    let list = value["data"].as_array_mut().expect("a list");
    *list = list.iter().cycle().take(items).cloned().collect();
    value.to_string()
}

struct Clients {
    runtime: Runtime,
    base_url: String,
    bare: reqwest::Client,
    generated: obkit_yapily::Client,
    domain: yapily::Yapily,
    consent: ConsentReference,
}

impl Clients {
    fn new(base_url: String) -> Self {
        let transport = Transport::builder("yapily").auth(Auth::basic("key", "secret")).build().unwrap();
        Self {
            runtime: current_thread(),
            bare: reqwest::Client::new(),
            generated: obkit_yapily::Client::new(&base_url, transport),
            domain: yapily::Yapily::connect(&yapily::Config::new("key", "secret").base_url(&base_url)).unwrap(),
            consent: ConsentReference { id: "consent".to_owned(), token: Some("token".into()) },
            base_url,
        }
    }

    async fn bare(&self, path: &str, query: &[(&str, &str)]) -> Value {
        let request = self.bare.get(format!("{}{path}", self.base_url)).query(query);
        let request = request.basic_auth("key", Some("secret")).header("consent", "token");
        request.send().await.unwrap().error_for_status().unwrap().json().await.unwrap()
    }

    fn accounts(&self) -> Vec<Vec<f64>> {
        self.in_turn(
            || self.bare("/accounts", &[]),
            || async { self.generated.get_accounts().consent("token").send().await.unwrap() },
            || async { self.domain.accounts(&self.consent).await.unwrap() },
        )
    }

    fn transactions(&self) -> Vec<Vec<f64>> {
        let query = TransactionQuery::default();
        self.in_turn(
            || self.bare("/accounts/account-1/transactions", &[("limit", "100")]),
            || async {
                let call = self.generated.get_transactions().account_id("account-1").consent("token").limit(100);
                call.send().await.unwrap()
            },
            || async { self.domain.page(&self.consent, "account-1", &query).await.unwrap() },
        )
    }

    fn in_turn<A, B, C>(
        &self,
        bare: impl AsyncFn() -> A,
        generated: impl AsyncFn() -> B,
        domain: impl AsyncFn() -> C,
    ) -> Vec<Vec<f64>> {
        let run = |work: &mut dyn FnMut()| (0..CALLS_PER_ROUND).for_each(|_| work());
        let mut works: Vec<Box<dyn FnMut() + '_>> = vec![
            Box::new(|| drop(black_box(self.runtime.block_on(bare())))),
            Box::new(|| drop(black_box(self.runtime.block_on(generated())))),
            Box::new(|| drop(black_box(self.runtime.block_on(domain())))),
        ];
        works.iter_mut().for_each(|work| run(work));
        in_turn(ROUNDS, CALLS_PER_ROUND, &mut works)
    }
}

fn print(what: &str, body: &str, taken: &[Vec<f64>]) {
    let micros = |index: usize| median(taken[index].clone()) * 1e6;
    let ratio = |index: usize| median(taken[index].iter().zip(&taken[0]).map(|(own, bare)| own / bare).collect());
    println!(
        "| {what}, {:.1} kB | {:.0} µs | {:.0} µs, {:.2} | {:.0} µs, {:.2} |",
        body.len() as f64 / 1e3,
        micros(0),
        micros(1),
        ratio(1),
        micros(2),
        ratio(2),
    );
}

fn main() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/specs/yapily/openapi.yaml");
    let spec = Spec::read(Document::load(file).unwrap()).unwrap();
    let accounts = documented(&spec, "getAccounts", 3);
    let few = documented(&spec, "getTransactions", 1);
    let page = documented(&spec, "getTransactions", 100);

    println!("| call | reqwest and `Value` | generated types | domain |");
    println!("|---|---:|---:|---:|");
    for (what, transactions) in [("one transaction", &few), ("100 transactions", &page)] {
        let answers = HashMap::from([
            ("/accounts", answer(&accounts)),
            ("/accounts/account-1/transactions", answer(transactions)),
        ]);
        let clients = Clients::new(start(Arc::new(answers)));
        if std::ptr::eq(transactions, &few) {
            print("three accounts", &accounts, &clients.accounts());
        }
        print(what, transactions, &clients.transactions());
    }
}
