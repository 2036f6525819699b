//! Reading a million transactions as one stream: how fast, and in how much memory.
//!
//! `cargo bench -p obkit --bench stream`
//!
//! A thread of this process is the provider, on the loopback interface; its time and its memory are part of the figures. The
//! process fails when the memory at its peak is 64 MiB more than at the start.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;
use std::time::Instant;

use futures_util::TryStreamExt as _;
use obkit::domain::{ConsentReference, TransactionQuery};
use obkit::provider::{Provider, finqlink, yapily};

const TRANSACTIONS: usize = 1_000_000;
const MOST_MEMORY: u64 = 64 << 20;
const CONSENT: &str = "7c2f6f0e-3c55-4f0b-9a3e-5a1d0e8b4c21";

fn main() -> ExitCode {
    // `cargo test --benches` only wants to know whether it runs.
    let count = if std::env::args().any(|argument| argument == "--bench") { TRANSACTIONS } else { 5_000 };
    let yapily = |url: String| obkit::connect(&yapily::Config::new("key", "secret").base_url(url).into()).unwrap();
    let finqlink = |url: String| obkit::connect(&finqlink::Config::new("id", "token").base_url(url).into()).unwrap();
    let lean = [
        measure("yapily, 1000 to a page, by offset", count, 1000, yapily_page, yapily),
        measure("yapily, 100 to a page, by offset", count, 100, yapily_page, yapily),
        measure("finqlink, 250 to a page, by key", count, 250, finqlink_page, finqlink),
    ];
    if lean.iter().all(|lean| *lean) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Reads all transactions, prints how it went, and says whether the memory sufficed.
fn measure(
    name: &str,
    count: usize,
    page_size: u32,
    page: fn(&str, usize) -> String,
    connect: impl Fn(String) -> Box<dyn Provider>,
) -> bool {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let provider = connect(format!("http://{}", listener.local_addr().unwrap()));
    std::thread::spawn(move || listener.incoming().for_each(|stream| serve(&stream.unwrap(), count, page)));
    // From here on, the peak is that of this reading.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    let before = memory("VmRSS:");
    let started = Instant::now();
    let read = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let consent = ConsentReference { id: CONSENT.to_owned(), token: Some("token".into()) };
        let query = TransactionQuery::default().page_size(page_size);
        let mut stream = provider.transactions().unwrap().all_transactions(&consent, "account", query);
        let mut read = 0;
        while let Some(transaction) = stream.try_next().await.unwrap() {
            assert_eq!(transaction.id.as_deref(), Some(id(read).as_str()), "in order, none twice");
            read += 1;
        }
        read
    });
    let seconds = started.elapsed().as_secs_f64();
    assert_eq!(read, count);
    let per_second = f64::from(u32::try_from(read).unwrap()) / seconds;
    let Some(more) = memory("VmHWM:").zip(before).map(|(peak, before)| peak.saturating_sub(before)) else {
        println!("{name}: {read} in {seconds:.1} s, {per_second:.0}/s; memory is known on Linux only");
        return true;
    };
    println!("{name}: {read} in {seconds:.1} s, {per_second:.0}/s, {} KiB more at the peak", more >> 10);
    more < MOST_MEMORY
}

/// A figure of this process, in bytes.
fn memory(figure: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(figure))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kib| kib << 10)
}

fn id(number: usize) -> String {
    format!("f2a1d0e8-{number:012}")
}

/// Answers the requests of a connection until it is closed.
fn serve(stream: &TcpStream, count: usize, page: fn(&str, usize) -> String) {
    stream.set_nodelay(true).unwrap();
    let mut requests = BufReader::new(stream);
    loop {
        let (mut request, mut length) = (String::new(), 0);
        loop {
            let from = request.len();
            if requests.read_line(&mut request).unwrap_or(0) == 0 {
                return;
            }
            let line = request[from..].to_ascii_lowercase();
            if let Some(text) = line.strip_prefix("content-length:") {
                length = text.trim().parse().unwrap();
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        requests.read_exact(&mut body).unwrap();
        request.push_str(std::str::from_utf8(&body).unwrap());
        let answer = page(&request, count);
        let head =
            format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", answer.len());
        let mut stream = stream;
        if stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(answer.as_bytes())).is_err() {
            return;
        }
    }
}

/// The number that follows a word of a request, or zero.
fn number(request: &str, word: &str) -> usize {
    let Some((_, rest)) = request.split_once(word) else { return 0 };
    let digits = rest.find(|c: char| !c.is_ascii_digit()).map_or(rest, |end| &rest[..end]);
    digits.parse().unwrap()
}

fn items(from: usize, to: usize, one: impl Fn(&mut String, usize)) -> String {
    let mut text = String::with_capacity((to - from) * 800);
    for number in from..to {
        if number > from {
            text.push(',');
        }
        one(&mut text, number);
    }
    text
}

fn yapily_page(request: &str, count: usize) -> String {
    let from = number(request, "offset=").min(count);
    let to = (from + number(request, "limit=")).min(count);
    let data = items(from, to, |text, number| {
        let id = id(number);
        let pence = number % 100;
        write!(
            text,
            r#"{{"id":"{id}","date":"2021-02-01T00:00:00.000Z","bookingDateTime":"2021-02-01T00:00:00.000Z","valueDateTime":"2021-02-01T00:00:00.000Z","status":"BOOKED","amount":-12.{pence:02},"currency":"GBP","transactionAmount":{{"amount":-12.{pence:02},"currency":"GBP"}},"reference":"PAYMENT-{number}","description":"Card purchase at a corner shop","transactionInformation":["Card purchase at a corner shop"],"isoBankTransactionCode":{{"domainCode":{{"code":"PMNT","name":"Payments"}},"familyCode":{{"code":"CCRD","name":"Customer Card Transactions"}},"subFamilyCode":{{"code":"POSD","name":"Point-of-Sale Payment - Debit Card"}}}},"proprietaryBankTransactionCode":{{"code":"POS","issuer":"Bank"}},"merchant":{{"merchantName":"Corner Shop","merchantCategoryCode":"5411"}},"balance":{{"type":"INTERIM_BOOKED","balanceAmount":{{"amount":100.25,"currency":"GBP"}}}}}}"#
        )
        .unwrap();
    });
    let next = if to < count { r#","next":{"limit":1000}"# } else { "" };
    format!(
        r#"{{"meta":{{"tracingId":"t","count":{},"pagination":{{"totalCount":{count}{next}}}}},"data":[{data}]}}"#,
        to - from
    )
}

fn finqlink_page(request: &str, count: usize) -> String {
    let from = number(request, r#""after":"k"#);
    let to = (from + number(request, r#""limit":"#)).min(count);
    let transactions = items(from, to, |text, number| {
        let id = id(number);
        let pence = number % 100;
        write!(
            text,
            r#"{{"transaction_id":"{id}","account_id":"account","amount":"12.{pence:02}","currency":"RON","credit_debit_indicator":"debit","status":"booked","booking_date_time":"2025-03-04T10:15:00Z","info":"Card purchase at a corner shop","keyset":"k{}"}}"#,
            number + 1
        )
        .unwrap();
    });
    let more = to < count;
    format!(
        r#"{{"request_id":"r","transactions":[{transactions}],"pagination":{{"count":{},"more?":{more},"after":"k{to}"}}}}"#,
        to - from
    )
}
