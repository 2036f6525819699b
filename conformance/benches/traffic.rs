//! How long a recording takes to be judged, and how much memory.
//!
//! `cargo bench -p obkit-conformance --features workspace --bench traffic [-- EXCHANGES]`
//!
//! Writes a HAR of documented answers, as a browser would have recorded them, to a temporary file, and judges it five times from there. Every
//! exchange is right, so that all of each is looked at. The peak is that of this process, which holds the documents and nothing of the HAR.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::time::Instant;

use obkit_codegen::spec::{Location, Operation};
use obkit_codegen::{Document, Spec};
use obkit_conformance::Contract;
use obkit_conformance::base_url::BaseUrls;
use obkit_conformance::traffic::{Options, validate_har};
use serde_json::{Value, json};

/// The one of the command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const ROUNDS: usize = 5;

fn main() {
    let exchanges = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(100_000);
    let folder = tempfile::tempdir().expect("a folder");
    for provider in ["fena", "yapily"] {
        let contract = contract(provider);
        let file = folder.path().join(format!("{provider}.har"));
        let size = write(&contract, &file, exchanges);
        let mut seconds: Vec<f64> = (0..ROUNDS).map(|_| judge(&contract, &file, exchanges)).collect();
        seconds.sort_by(f64::total_cmp);
        let median = seconds[ROUNDS / 2];
        println!(
            "{provider}: {exchanges} exchanges, {:.0} MB: {median:.2} s, {:.0}/s, {:.0} MB/s; peak {}",
            size as f64 / 1e6,
            exchanges as f64 / median,
            size as f64 / 1e6 / median,
            peak()
        );
    }
}

fn contract(provider: &str) -> Contract {
    let document = Document::load(format!("{ROOT}/specs/{provider}/openapi.yaml")).expect("the spec loads");
    Contract::new(provider, Spec::read(document).expect("the spec reads"))
}

fn judge(contract: &Contract, file: &Path, exchanges: u64) -> f64 {
    let options =
        Options { base_urls: BaseUrls::of_urls(&["https://api.example/v1"]).expect("a URL"), ..Options::of(contract) };
    let began = Instant::now();
    let judgement = validate_har(contract, &options, File::open(file).expect("the HAR is there"));
    let seconds = began.elapsed().as_secs_f64();
    assert_eq!((judgement.judged, judgement.unjudged, &judgement.broken), (exchanges, 0, &None));
    assert!(judgement.report.findings.is_empty(), "{:?}", judgement.report.findings);
    seconds
}

/// Writes so many entries, and says how many bytes they are.
fn write(contract: &Contract, file: &Path, exchanges: u64) -> u64 {
    let options =
        Options { base_urls: BaseUrls::of_urls(&["https://api.example/v1"]).expect("a URL"), ..Options::of(contract) };
    let is_right = |entry: &String| {
        let judgement = validate_har(contract, &options, format!("{{\"log\":{{\"entries\":[{entry}]}}}}").as_bytes());
        judgement.judged == 1 && judgement.unjudged == 0 && judgement.report.findings.is_empty()
    };
    let operations = contract.spec().operations().iter();
    let entries: Vec<String> = operations.filter_map(|operation| entry(contract, operation)).filter(is_right).collect();
    assert!(!entries.is_empty(), "there are operations that can be asked");
    let mut out = BufWriter::new(File::create(file).expect("the HAR can be written"));
    out.write_all(b"{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"bench\",\"version\":\"1\"},\"entries\":[\n")
        .unwrap();
    for (number, entry) in (0..exchanges).zip(entries.iter().cycle()) {
        out.write_all(if number == 0 { b"" } else { b",\n" }).unwrap();
        out.write_all(entry.as_bytes()).unwrap();
    }
    out.write_all(b"\n]}}\n").unwrap();
    out.flush().unwrap();
    file.metadata().unwrap().len()
}

/// An exchange of an operation that answers documented JSON; none where its request cannot be made from examples.
fn entry(contract: &Contract, operation: &Operation) -> Option<String> {
    let response = operation.responses.iter().find(|response| response.status.is_success())?;
    let content = response.json()?;
    let text = content.examples.first()?.value.to_string();
    let (mut path, mut query) = (operation.path.clone(), Vec::new());
    let mut headers = vec![
        ("Authorization", "Basic dXNlcjpwYXNzd29yZA==".to_owned()),
        (
            "User-Agent",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0".to_owned(),
        ),
        ("Accept", "application/json".to_owned()),
        ("Accept-Encoding", "gzip, deflate, br".to_owned()),
        ("Accept-Language", "en-GB,en;q=0.9".to_owned()),
        ("Cache-Control", "no-cache".to_owned()),
    ];
    if operation.security.iter().flatten().any(|scheme| !scheme.to_lowercase().contains("basic")) {
        headers[0].1 = "Bearer eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.e30.c2lnbmF0dXJl".to_owned();
    }
    let schemes = contract.document().at("/components/securitySchemes").and_then(Value::as_object);
    for scheme in schemes.into_iter().flatten().map(|(_, scheme)| scheme) {
        if scheme["type"] == "apiKey" && scheme["in"] == "header" {
            headers.push((scheme["name"].as_str()?, "0d4c1fb8-7c4e-4a55-8f21-6b1e6f0f2c77".to_owned()));
        }
    }
    for parameter in operation.parameters.iter().filter(|parameter| parameter.required) {
        let example = match parameter.example.clone()? {
            Value::String(text) => text,
            other => other.to_string(),
        };
        match parameter.location {
            Location::Path => path = path.replace(&format!("{{{}}}", parameter.name), &example),
            Location::Query => query.push(format!("{}={example}", parameter.name)),
            Location::Header => headers.push((&parameter.name, example)),
            Location::Cookie => return None,
        }
    }
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    let fields = |fields: &[(&str, String)]| -> Value {
        fields.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
    };
    let body = operation.request.as_ref().map(|request| {
        let body = request.preferred().filter(|content| content.is_json())?.examples.first()?.value.to_string();
        Some(json!({"mimeType": "application/json", "text": body}))
    });
    let mut request = json!({
        "method": operation.method, "url": format!("https://api.example/v1{path}{query}"), "httpVersion": "HTTP/2", "cookies": [],
        "queryString": [], "headersSize": -1, "bodySize": 0,
    });
    if let Some(body) = body {
        request["postData"] = body?;
        headers.push(("Content-Type", "application/json".to_owned()));
    }
    request["headers"] = fields(&headers);
    let answered = [
        ("content-type", "application/json".to_owned()),
        ("date", "Thu, 01 Jan 2026 00:00:00 GMT".to_owned()),
        ("cache-control", "no-cache, no-store, max-age=0, must-revalidate".to_owned()),
        ("strict-transport-security", "max-age=31536000; includeSubDomains".to_owned()),
        ("x-content-type-options", "nosniff".to_owned()),
        ("vary", "Origin, Access-Control-Request-Method".to_owned()),
    ];
    let status = match response.status {
        obkit_codegen::spec::StatusKey::Code(code) => code,
        _ => 200,
    };
    let response = json!({
        "status": status, "statusText": "OK", "httpVersion": "HTTP/2", "cookies": [], "headers": fields(&answered), "redirectURL": "",
        "headersSize": -1, "bodySize": -1, "content": {"size": text.len(), "mimeType": "application/json", "text": text},
    });
    let timings =
        json!({"blocked": 1.2, "dns": -1, "ssl": -1, "connect": -1, "send": 0.1, "wait": 30.5, "receive": 0.7});
    let entry = json!({
        "startedDateTime": "2026-01-01T00:00:00.000Z", "time": 32.5, "request": request, "response": response, "cache": {},
        "timings": timings, "serverIPAddress": "192.0.2.1", "connection": "443",
    });
    Some(entry.to_string())
}

/// The most memory that the process had, where the system says it.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("is not known here");
    line.trim().to_owned()
}
