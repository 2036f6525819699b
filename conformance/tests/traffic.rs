//! Recorded traffic: what is judged, what is not, and in how much memory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::io::{BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use obkit_codegen::{Document, Spec};
use obkit_conformance::base_url::BaseUrls;
use obkit_conformance::coverage::Dimension;
use obkit_conformance::traffic::{Judgement, Options, validate_har, validate_lines};
use obkit_conformance::{Contract, Finding, Severity};
use serde_json::{Value, json};

const SPEC: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
servers: [{url: 'https://api.bank.example/v1'}]
security: [{bearer: []}]
paths:
  /accounts:
    get:
      operationId: list
      parameters:
        - {name: limit, in: query, schema: {type: integer, maximum: 10}}
        - {name: session, in: cookie, required: true, schema: {type: string}}
      responses:
        '200':
          description: ok
          headers: {X-Request-Id: {required: true, schema: {type: string, format: uuid}}}
          content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Account'}}}}
        '204': {description: none}
        default: {description: bad, content: {application/json: {}}}
    post:
      operationId: open
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Account'}}}}
      responses: {'201': {description: ok}}
  /statements/{id}:
    get:
      operationId: statement
      parameters: [{name: id, in: path, required: true, schema: {type: string, pattern: '^[0-9]+$'}}]
      responses: {'200': {description: ok, content: {application/pdf: {}, text/plain: {schema: {type: string, maxLength: 3}}}}}
components:
  securitySchemes: {bearer: {type: http, scheme: bearer}}
  schemas:
    Account:
      type: object
      required: [iban, kind]
      properties: {iban: {type: string, pattern: '^[A-Z]{2}[0-9]+$'}, kind: {oneOf: [{type: string, enum: [a]}, {type: integer}]}}
";

const URL: &str = "https://api.bank.example/v1/accounts";
const GOOD: &str = r#"[{"iban": "GB33", "kind": "a"}]"#;

fn contract() -> Contract {
    Contract::new("bank", Spec::read(Document::parse("s.yaml", SPEC).unwrap()).unwrap())
}

fn fields(fields: &[(&str, &str)]) -> Value {
    fields.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
}

fn request(method: &str, url: &str) -> Value {
    let headers = fields(&[(":authority", "x"), ("Authorization", "Bearer t"), ("Cookie", "session=s")]);
    json!({"method": method, "url": url, "httpVersion": "HTTP/1.1", "headers": headers, "queryString": [], "cookies": [], "bodySize": 0})
}

fn response(status: u16, content: Value) -> Value {
    let headers =
        fields(&[("Content-Type", "application/json"), ("X-Request-Id", "3f2504e0-4f89-41d3-9a0c-0305e82c3301")]);
    json!({"status": status, "headers": headers, "content": content, "bodySize": -1})
}

fn text(text: &str) -> Value {
    json!({"size": text.len(), "mimeType": "application/json", "text": text})
}

fn entry(request: Value, response: Value) -> Value {
    json!({"startedDateTime": "2026-01-01T00:00:00Z", "time": 1, "request": request, "response": response, "cache": {}, "timings": {}})
}

fn har(entries: &[Value]) -> String {
    json!({"log": {"version": "1.2", "creator": {"name": "t", "version": "1"}, "entries": entries}}).to_string()
}

fn judged(entries: &[Value]) -> Judgement {
    let contract = contract();
    let judgement = validate_har(&contract, &Options::of(&contract), har(entries).as_bytes());
    assert_eq!((&judgement.broken, &judgement.bad), (&None, &vec![]));
    judgement
}

fn redacted(entries: &[Value]) -> Judgement {
    let contract = contract();
    validate_har(&contract, &Options { redacted: true, ..Options::of(&contract) }, har(entries).as_bytes())
}

/// What was found. That programs send fields and cookies of their own is found as well, and is the matter of other tests.
fn rules(judgement: &Judgement) -> Vec<String> {
    let rules = judgement.report.findings.iter().map(|finding| finding.rule.to_string());
    rules.filter(|rule| !["RT033/header", "RT033/cookie"].contains(&rule.as_str())).collect()
}

const NONE: [&str; 0] = [];

#[test]
fn a_right_exchange_is_judged_whole_and_nothing_is_found() {
    let judgement = judged(&[entry(request("GET", URL), response(200, text(GOOD)))]);
    assert_eq!(rules(&judgement), NONE);
    assert_eq!((judgement.exchanges, judgement.judged, judgement.unjudged), (1, 1, 0));
    assert_eq!(judgement.report.exchanges, 1);
    assert!(!judgement.report.nothing_checked);
    let coverage = &judgement.report.coverage;
    let of = |dimension| coverage.of(dimension).to_string();
    assert_eq!([of(Dimension::Operations), of(Dimension::Responses), of(Dimension::Parameters)], ["1/3", "1/5", "1/3"]);
}

#[test]
fn what_travels_is_exercised_right_or_wrong_with_all_that_is_in_it() {
    use Dimension::{Branches, MediaTypes, Operations, Parameters, Properties, Responses, Values};
    let exercised = |exchange: Value| {
        let judgement = judged(&[exchange]);
        let of = |dimension| judgement.report.coverage.of(dimension).done;
        [Operations, Parameters, Responses, MediaTypes, Properties, Values, Branches].map(of)
    };
    let posted = |body: &str| {
        let mut posted = request("POST", URL);
        posted["headers"].as_array_mut().unwrap().push(json!({"name": "Content-Type", "value": "application/json"}));
        posted["postData"] = text(body);
        entry(posted, json!({"status": 0, "headers": [], "bodySize": -1}))
    };
    assert_eq!(exercised(entry(request("GET", URL), response(200, text(GOOD)))), [1, 1, 1, 1, 2, 1, 1]);
    assert_eq!(exercised(entry(request("GET", URL), response(200, text("[{\"iban\": 1}]")))), [1, 1, 1, 1, 1, 0, 0]);
    assert_eq!(exercised(entry(request("GET", URL), response(200, text("[")))), [1, 1, 1, 1, 0, 0, 0]);
    assert_eq!(
        exercised(entry(request("GET", &format!("{URL}?limit=99")), response(204, json!({"size": 0})))),
        [1, 2, 1, 0, 0, 0, 0]
    );
    assert_eq!(exercised(posted(r#"{"iban": "GB33", "kind": 7}"#)), [1, 0, 0, 1, 2, 0, 1]);
    assert_eq!(exercised(posted("{")), [1, 0, 0, 1, 0, 0, 0]);
    let twice = request("GET", &format!("{URL}?limit=1&limit=2"));
    assert_eq!(exercised(entry(twice, response(204, json!({"size": 0})))), [1, 2, 1, 0, 0, 0, 0]);
    assert_eq!(exercised(entry(request("PUT", URL), response(200, text(GOOD)))), [0; 7]);
}

#[test]
fn requests_and_answers_are_judged_as_everywhere_else() {
    let mut naked = request("GET", &format!("{URL}?limit=11&x=1"));
    naked["headers"] = json!([]);
    for (request, response, expected) in [
        (naked, response(200, text(GOOD)), vec!["RT050/maximum", "RT050/required", "RT060", "RT033/query"]),
        (request("PUT", URL), response(200, text(GOOD)), vec!["RT002"]),
        (request("GET", &URL.replace("accounts", "account")), response(200, text(GOOD)), vec!["RT001"]),
        (request("GET", URL), response(200, text("[{}]")), vec!["RT030/required"]),
        (request("GET", URL), response(200, text("[")), vec!["RT023"]),
        (request("GET", URL), response(204, text("x")), vec!["RT021"]),
        (request("POST", URL), response(201, json!({"size": 0})), vec!["RT022"]),
    ] {
        let mut found = rules(&judged(&[entry(request.clone(), response)]));
        found.sort();
        let mut expected: Vec<_> = expected;
        expected.sort_unstable();
        assert_eq!(found, expected, "{request}");
    }
}

#[test]
fn what_many_have_in_common_is_one_finding_with_the_first_of_them() {
    let bad = entry(request("GET", URL), response(200, text(r#"[{"iban": "SECRET", "kind": "a"}]"#)));
    let good = entry(request("GET", URL), response(200, text(GOOD)));
    let entries: Vec<_> = (0..3000).map(|number| if number < 7 { good.clone() } else { bad.clone() }).collect();
    let judgement = judged(&entries);
    assert_eq!(rules(&judgement), ["RT030/pattern"]);
    let finding = &judgement.report.findings[0];
    assert!(finding.message.starts_with("entry 8, and 2992 more: "), "{}", finding.message);
    assert!(!format!("{:?}", judgement.report).contains("SECRET"));
}

#[test]
fn foreign_exchanges_are_counted_by_host_and_pass_for_nothing() {
    let other = |url: &str| entry(request("GET", url), response(200, text("[{}]")));
    let urls = [
        "https://cdn.example/v1/accounts",
        "https://cdn.example/x",
        "data:text/plain,x",
        "https://api.bank.example/v2/accounts",
        // Of the other scheme, also where the port is the one of this.
        "http://api.bank.example:443/v1/accounts",
    ];
    let judgement = judged(&urls.map(other));
    assert_eq!((judgement.exchanges, judgement.judged), (5, 0));
    let hosts: Vec<_> = judgement.foreign.iter().map(|(host, count)| (host.as_str(), *count)).collect();
    assert_eq!(hosts, [("api.bank.example", 2), ("cdn.example", 2), ("data:", 1)]);
    assert_eq!(rules(&judgement), ["RT003"]);
    assert!(judgement.report.findings[0].message.contains("cdn.example (2)"), "{judgement:?}");
    // Of a host that the document has, it is said what the exchanges missed.
    let missed = "api.bank.example (2, not below https://api.bank.example/v1), cdn.example (2), data: (1)";
    assert!(judgement.report.findings[0].message.contains(missed), "{judgement:?}");
    assert_eq!(
        judgement.near.into_iter().collect::<Vec<_>>(),
        [("api.bank.example".to_owned(), "https://api.bank.example/v1".to_owned())]
    );
    assert!(judgement.report.nothing_checked);

    let contract = contract();
    let base_urls = BaseUrls::of_urls(&["https://cdn.example/v1"]).unwrap();
    let har = har(&urls.map(other));
    let judgement = validate_har(&contract, &Options { base_urls, ..Options::of(&contract) }, har.as_bytes());
    assert_eq!((judgement.judged, judgement.foreign.values().sum::<u64>()), (1, 4));
}

#[test]
fn what_browsers_ask_before_they_ask_is_no_traffic_of_the_document() {
    let mut preflight = request("OPTIONS", URL);
    let plain = entry(preflight.clone(), response(204, json!({})));
    preflight["headers"] = fields(&[("Access-Control-Request-Method", "GET")]);
    let judgement = judged(&[entry(preflight, response(204, json!({}))), plain]);
    assert_eq!((judgement.exchanges, judgement.judged, judgement.preflights), (2, 1, 1));
    assert_eq!(rules(&judgement), ["RT002"]);
}

#[test]
fn hostile_names_do_not_fill_the_memory() {
    let hosts =
        (0..1_500).map(|host| entry(request("GET", &format!("https://h{host}.example/")), response(0, json!({}))));
    let long = entry(request("GET", &format!("https://{}.example/", "x".repeat(10_000))), response(0, json!({})));
    let name = entry(request("GET", &format!("{URL}?{}=1", "x".repeat(10_000))), response(200, text(GOOD)));
    let names = (0..12).map(|part| {
        let names = (0..900).map(|name| format!("x{part}_{name}=1")).collect::<Vec<_>>().join("&");
        entry(request("GET", &format!("{URL}?{names}")), response(200, text(GOOD)))
    });
    let judgement = judged(&[long, name].into_iter().chain(names).chain(hosts).collect::<Vec<_>>());
    assert_eq!((judgement.judged, judgement.foreign.values().sum::<u64>()), (13, 1_501));
    assert!(judgement.foreign.len() <= 1_001 && judgement.foreign.keys().all(|host| host.len() <= 255));
    let findings = &judgement.report.findings;
    let told: usize = findings.iter().filter(|finding| finding.rule.check().id() == "RT033").count();
    // What is not told is no milder for it.
    let untold = findings.iter().find(|finding| finding.rule == "GI012/untold").unwrap();
    assert!(told <= 10_000 && untold.severity == Severity::Warning, "{told}: {}", untold.message);
    assert!(untold.message == "there is more than 10000 kinds of findings", "{}", untold.message);
}

#[test]
fn base64_is_what_it_stands_for() {
    let base64 = |text: &str| json!({"size": 9, "mimeType": "application/json", "text": text, "encoding": "base64"});
    assert_eq!(rules(&judged(&[entry(request("GET", URL), response(200, base64("W10=")))])), NONE);
    assert_eq!(rules(&judged(&[entry(request("GET", URL), response(200, base64("W3t9XQ==")))])), ["RT030/required"]);
    let contract = contract();
    let malformed = har(&[entry(request("GET", URL), response(200, base64("W3t9X%")))]);
    let judgement = validate_har(&contract, &Options::of(&contract), malformed.as_bytes());
    assert_eq!((judgement.judged, judgement.bad_entries), (0, 1));
    assert!(judgement.bad[0].message.contains("Base64"), "{judgement:?}");
}

#[test]
fn what_was_not_recorded_is_not_judged_and_is_said() {
    let not_stored = json!({"size": 120, "mimeType": "application/json"});
    let mut no_body = request("POST", URL);
    no_body["bodySize"] = json!(12);
    for (request, response, expected) in [
        (request("GET", URL), response(200, not_stored.clone()), vec!["GI012/missing"]),
        (request("GET", URL), response(200, json!({"size": 120, "text": ""})), vec!["GI012/missing"]),
        (request("GET", URL), response(0, json!({})), vec!["GI012/answer"]),
        (no_body, response(201, not_stored.clone()), vec!["GI012/missing"]),
        (request("GET", URL), response(204, not_stored.clone()), vec![]),
        (request("HEAD", URL), response(200, json!({"size": 0, "text": ""})), vec![]),
    ] {
        let judgement = judged(&[entry(request, response)]);
        assert_eq!(rules(&judgement), expected);
        assert_eq!((judgement.judged, judgement.unjudged), (1, expected.len() as u64));
    }
    // Answers may be missing here and there; a recording without any has lost them.
    let (given, missing) =
        (entry(request("GET", URL), response(200, text(GOOD))), entry(request("GET", URL), response(0, json!({}))));
    let severity = |entries: &[Value]| judged(entries).report.findings[0].severity;
    assert_eq!(severity(&[missing.clone(), missing.clone()]), Severity::Warning);
    assert_eq!(severity(&[missing, given]), Severity::Info);
    // What is known of it is judged.
    let mut wrong = response(200, not_stored);
    wrong["headers"] = fields(&[("content-type", "text/html"), ("x-request-id", "1")]);
    assert_eq!(rules(&judged(&[entry(request("GET", URL), wrong)])), ["RT020", "RT040/format", "GI012/missing"]);
}

#[test]
fn redaction_excuses_what_it_took_and_nothing_else() {
    let mut taken = request("GET", &format!("{URL}?limit=%5Bredacted%5D&%5Bredacted%5D=%5Bredacted%5D"));
    taken["headers"] = json!([]);
    let marked = r#"[{"iban": "[redacted]", "kind": "[redacted]"}]"#;
    let mut answer = response(200, text(marked));
    answer["headers"] = fields(&[("content-type", "application/json"), ("x-request-id", "[redacted]")]);
    let exchange = entry(taken, answer);
    assert_eq!(rules(&redacted(std::slice::from_ref(&exchange))), NONE);
    assert!(rules(&judged(&[exchange])).len() > 4);

    let statement = "https://api.bank.example/v1/statements/%5Bredacted%5D";
    assert_eq!(rules(&redacted(&[entry(request("GET", statement), response(0, json!({})))])), ["GI012/answer"]);

    let mut bare = request("GET", &format!("{URL}?limit=11"));
    bare["headers"] = json!([]);
    let wrong = entry(bare, response(200, text(r#"[{"iban": "[redacted]", "kind": "b"}, {"kind": "a"}]"#)));
    assert_eq!(rules(&redacted(&[wrong])), ["RT030/oneOf", "RT030/required", "RT050/maximum", "RT034/unlisted"]);
}

#[test]
fn a_malformed_har_is_told_with_its_place_and_what_came_before_is_judged() {
    let contract = contract();
    let options = Options::of(&contract);
    let whole = har(&[
        entry(request("GET", URL), response(200, text("[{}]"))),
        entry(request("GET", URL), response(200, text(GOOD))),
    ]);
    let cut = &whole[..whole.len() - 20];
    let judgement = validate_har(&contract, &options, cut.as_bytes());
    let broken = judgement.broken.as_ref().unwrap();
    assert_eq!((broken.line, broken.column, broken.entries), (1, cut.len() as u64 + 1, 1));
    assert!(broken.to_string().contains("breaks off"), "{broken}");
    let found = ["GI012/rest", "RT030/required"].map(str::to_owned).to_vec();
    assert_eq!((judgement.judged, rules(&judgement)), (1, found));
    for no_har in ["", "[]", "{}", "nonsense", "{\"log\": {\"entries\": 1}}"] {
        assert!(validate_har(&contract, &options, no_har.as_bytes()).broken.is_some(), "{no_har}");
    }
}

#[test]
fn an_entry_that_is_none_costs_only_itself() {
    let contract = contract();
    let good = entry(request("GET", URL), response(200, text(GOOD))).to_string();
    let text = format!(
        "{{\"log\": {{\"entries\": [{good},\n {{\"request\": {{\"method\": \"SECRET\"}}}},\n{{\n \"a\": tru}},\n{good}]}}}}"
    );
    let judgement = validate_har(&contract, &Options::of(&contract), text.as_bytes());
    assert_eq!((judgement.exchanges, judgement.judged, judgement.bad_entries), (4, 2, 2));
    let places: Vec<_> = judgement.bad.iter().map(|bad| (bad.number, bad.line)).collect();
    assert_eq!(places, [(2, 2), (3, 4)]);
    assert!(judgement.bad[0].message.contains("`request.url`") && !format!("{judgement:?}").contains("SECRET"));
    assert!(judgement.bad[1].message.contains("not JSON") && judgement.bad[1].column > 5, "{:?}", judgement.bad[1]);
    // In a report they are something that has not passed.
    let is_unread = |finding: &&Finding| finding.rule.check().id() == "GI012";
    let unread: Vec<_> = judgement.report.findings.iter().filter(is_unread).collect();
    assert_eq!((unread.len(), unread[0].severity), (1, Severity::Error));
    assert!(unread[0].message.starts_with("entry 2, and 1 more: cannot be read: "), "{}", unread[0].message);
}

fn line(url: &str, headers: Value, body: Value) -> String {
    let mut answer = json!({"status": 200, "headers": headers});
    answer.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
    let headers = json!({"authorization": "Bearer t", "cookie": "session=s"});
    format!("{}\n", json!({"request": {"method": "GET", "url": url, "headers": headers}, "response": answer}))
}

#[test]
fn lines_are_the_same_exchanges() {
    let contract = contract();
    let judged = |text: &str| validate_lines(&contract, &Options::of(&contract), text.as_bytes());
    let id = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";
    let object = json!({"content-type": "application/json", "x-request-id": id});
    let list = json!([["Content-Type", "application/json"], ["X-Request-Id", id]]);
    for headers in [object.clone(), list] {
        assert_eq!(rules(&judged(&line(URL, headers.clone(), json!({"body": GOOD})))), NONE);
        assert_eq!(rules(&judged(&line(URL, headers.clone(), json!({"base64": "W10="})))), NONE);
        assert_eq!(rules(&judged(&line(URL, headers.clone(), json!({"body": ""})))), ["RT022"]);
        assert_eq!(rules(&judged(&line(URL, headers, json!({})))), ["GI012/missing"]);
    }
    // Blank lines are lines.
    let late = judged(&format!("\n\n{}", line(URL, object.clone(), json!({"body": "[{}]"}))));
    assert!(late.report.findings[0].message.starts_with("line 3: "), "{}", late.report.findings[0].message);
    let unanswered = format!("{{\"request\": {{\"method\": \"GET\", \"url\": \"{URL}\"}}, \"response\": null}}\n");
    assert_eq!(rules(&judged(&unanswered)), ["RT050/required", "RT060", "GI012/answer"]);

    let wrong = line(URL, object.clone(), json!({"body": "[{}]"}));
    let both = line(URL, object, json!({"body": "", "base64": ""}));
    let judgement = judged(&format!("\u{feff}{wrong}\n{{\"request\":\n{both}{wrong}"));
    assert_eq!((judgement.judged, judgement.bad_entries), (2, 2));
    assert_eq!(judgement.bad.iter().map(|bad| bad.line).collect::<Vec<_>>(), [3, 4]);
    let messages: Vec<_> = judgement.report.findings.iter().map(|finding| &*finding.message).collect();
    let starts = ["line 3, and 1 more: cannot be read: ", "line 1, and 1 more: response body: "];
    assert_eq!(messages.len(), starts.len(), "{messages:?}");
    assert!(messages.iter().zip(starts).all(|(message, start)| message.starts_with(start)), "{messages:?}");
}

/// A HAR without end in memory: entries are made as they are read.
struct Endless {
    entry: Vec<u8>,
    left: u64,
    piece: Vec<u8>,
    read: Arc<AtomicU64>,
}

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.piece.is_empty() {
            if self.left == 0 {
                return Ok(0);
            }
            self.left -= 1;
            self.piece.extend_from_slice(&self.entry);
            self.piece.extend_from_slice(if self.left == 0 { b"]}}" } else { b"," });
        }
        let count = into.len().min(self.piece.len());
        into[..count].copy_from_slice(&self.piece[..count]);
        self.piece.drain(..count);
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

#[test]
fn little_is_read_before_the_first_verdict_and_little_is_held_at_any_time() {
    const ENTRIES: u64 = 1_000;
    let contract = contract();
    // As large as an entry with a picture in it, and as quickly judged as one without.
    let mut entry = entry(request("GET", URL), response(200, text(GOOD)));
    entry["comment"] = "x".repeat(20_000).into();
    let entry = entry.to_string();
    let size = entry.len() as u64 + 1;
    let read = Arc::new(AtomicU64::new(0));
    let (first, judged, most) = (Arc::new(AtomicU64::new(0)), AtomicU64::new(0), Arc::new(AtomicU64::new(0)));
    let progress = {
        let (read, first, most) = (Arc::clone(&read), Arc::clone(&first), Arc::clone(&most));
        move |count: u64| {
            let read = read.load(Ordering::Relaxed);
            let _ = first.compare_exchange(0, read, Ordering::Relaxed, Ordering::Relaxed);
            let done = judged.fetch_add(count, Ordering::Relaxed) * size;
            most.fetch_max(read.saturating_sub(done), Ordering::Relaxed);
        }
    };
    let piece = b"{\"log\": {\"entries\": [".to_vec();
    let endless = Endless { entry: entry.into_bytes(), left: ENTRIES, piece, read: Arc::clone(&read) };
    let options = Options { threads: 2, progress: Some(Arc::new(progress)), ..Options::of(&contract) };
    let judgement = validate_har(&contract, &options, BufReader::new(endless));
    assert_eq!((judgement.judged, &judgement.broken), (ENTRIES, &None));
    let (whole, first, most) =
        (read.load(Ordering::Relaxed), first.load(Ordering::Relaxed), most.load(Ordering::Relaxed));
    // Six batches and a chunk: one that is filled, two on their way, two that are judged, and what is read ahead.
    assert!(whole > 10 * 1024 * 1024 && first < 2 * 1024 * 1024 && most < 2 * 1024 * 1024, "{whole} {first} {most}");
}

#[test]
fn header_fields_are_read_in_any_form_that_logs_have() {
    let contract = contract();
    let judged = |text: &str| validate_lines(&contract, &Options::of(&contract), text.as_bytes());
    let id = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";
    let object =
        |more: &str, value: Value| json!({"content-type": "application/json", "x-request-id": id, more: value});
    let list = |value: Value| {
        let field = |name: &str, value: Value| json!({"name": name, "value": value, "comment": null});
        json!([field("content-type", "application/json".into()), field("x-request-id", id.into()), field("age", value)])
    };
    for headers in [
        object("content-length", 30.into()),
        object("x-cache", true.into()),
        object("x-change", json!(-1)),
        object("set-cookie", json!(["a=1", "b=2"])),
        list("7".into()),
        list(7.into()),
        json!([["content-type", "application/json"], ["x-request-id", id], ["age", 7]]),
    ] {
        assert_eq!(rules(&judged(&line(URL, headers.clone(), json!({"body": GOOD})))), NONE, "{headers}");
    }
    // What they say is judged.
    let headers = json!([{"name": "content-type", "value": "application/json"}, {"name": "x-request-id", "value": 7}]);
    assert_eq!(rules(&judged(&line(URL, headers, json!({"body": GOOD})))), ["RT040/format"]);
    // A HAR writes them as a list, and some write numbers into it.
    let mut answer = response(200, text(GOOD));
    answer["headers"].as_array_mut().unwrap().push(json!({"name": "content-length", "value": 30}));
    assert_eq!(rules(&self::judged(&[entry(request("GET", URL), answer)])), NONE);
}

#[test]
fn of_an_item_that_is_none_it_is_said_which_member_is_wrong() {
    let contract = contract();
    let request = json!({"method": "GET", "url": URL});
    let with = |pointer: &str, member: &str, value: Value| {
        let mut exchange = json!({"request": request, "response": {"status": 200, "headers": {}}});
        exchange.pointer_mut(pointer).unwrap()[member] = value;
        exchange.to_string()
    };
    let twice = r#"{"request": {"method": "GET", "url": "SECRET", "url": "SECRET"}}"#;
    for (line, said) in [
        (
            with("/request", "headers", json!({"age": 1.5})),
            "`request.headers.age` should be a string, or a list of strings",
        ),
        (with("/request", "headers", json!({"age": {"SECRET": 1}})), "`request.headers.age` should be a string"),
        (
            with("/response", "headers", json!("SECRET")),
            "`response.headers` should be an object or a list of header fields",
        ),
        (with("/response", "headers", json!([["SECRET"]])), "`response.headers[0]` should be a name and a value"),
        (with("/response", "headers", json!([{"name": "SECRET"}])), "`response.headers[0].value` is missing"),
        (with("/request", "body", json!({"SECRET": 1})), "`request.body` should be a string"),
        (
            with("/response", "status", json!("SECRET, expected SECRET")),
            "`response.status` should be an integer from 0 to 65535",
        ),
        (with("/response", "status", json!(70_000)), "`response.status` should be an integer from 0 to 65535"),
        (with("/response", "status", json!(99)), "`response.status` should be from 100 to 999"),
        (with("/response", "status", json!(1000)), "`response.status` should be from 100 to 999"),
        (with("", "response", json!("SECRET")), "`response` should be an object"),
        (twice.to_owned(), "`request.url` is there twice"),
        ("{\"request\": {\"method\": \"GET\"}}".to_owned(), "`request.url` is missing"),
        ("{}".to_owned(), "`request` is missing"),
        ("[]".to_owned(), "it should be an object"),
        (format!(r#"[["GET", "{URL}", {{}}, null], [200, {{}}, "[]"]]"#), "it should be an object"),
        (format!(r#"{{"request": ["GET", "{URL}", {{}}, null]}}"#), "`request` should be an object"),
        ("\"SECRET\"".to_owned(), "it should be an object"),
    ] {
        let judgement = validate_lines(&contract, &Options::of(&contract), line.as_bytes());
        let message = &judgement.bad[0].message;
        assert!(message.starts_with("it is no exchange: ") && message.contains(said), "{line}: {message}");
        assert!(!message.contains("SECRET") && !message.contains("70000"), "{message}");
    }
    let mut of_har = entry(self::request("GET", URL), response(200, text(GOOD)));
    of_har["request"]["postData"] = json!({"text": 7});
    let listed = json!([["GET", URL, [], null], [200, []]]);
    let judgement = validate_har(&contract, &Options::of(&contract), har(&[listed]).as_bytes());
    assert_eq!(judgement.bad[0].message, "it is no entry of a HAR: it should be an object");
    let judgement = validate_har(&contract, &Options::of(&contract), har(&[of_har]).as_bytes());
    let message = &judgement.bad[0].message;
    assert_eq!(message, "it is no entry of a HAR: `request.postData.text` should be a string");
}

#[test]
fn a_form_that_was_recorded_by_its_members_is_judged() {
    let spec = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\nservers: [{url: 'https://api.bank.example'}]\npaths:\n  /token:\n    \
                post:\n      operationId: token\n      requestBody: {required: true, content: {application/x-www-form-urlencoded: {schema: \
                {type: object, required: [scope], properties: {scope: {type: string, maxLength: 7}, n: {type: integer}}}}}}\n      \
                responses: {'200': {description: ok}}\n";
    let contract = Contract::new("bank", Spec::read(Document::parse("s.yaml", spec).unwrap()).unwrap());
    let judged = |data: Value| {
        let media_type = data["mimeType"].clone();
        let headers = json!([{"name": "Content-Type", "value": media_type}]);
        let request =
            json!({"method": "POST", "url": "https://api.bank.example/token", "headers": headers, "postData": data});
        let response = json!({"status": 200, "headers": [], "content": {"size": 0, "mimeType": ""}, "bodySize": 0});
        let judgement = validate_har(&contract, &Options::of(&contract), har(&[entry(request, response)]).as_bytes());
        assert_eq!((judgement.judged, &judgement.bad), (1, &vec![]));
        rules(&judgement)
    };
    let form = "application/x-www-form-urlencoded; charset=utf-8";
    let params = |members: &[(&str, &str)]| json!({"mimeType": form, "params": fields(members)});
    assert_eq!(judged(params(&[("scope", "a&b =%2"), ("n", "7")])), NONE, "members are text, and not escaped");
    assert_eq!(judged(params(&[("scope", "12345678"), ("n", "x")])), ["RT030/maxLength", "RT030/type"]);
    assert_eq!(judged(params(&[("n", "7")])), ["RT030/required"]);
    assert_eq!(judged(json!({"mimeType": form, "text": "", "params": fields(&[("n", "7")])})), ["RT030/required"]);
    // The text is what was sent, where there is one; without both, nothing was recorded.
    assert_eq!(judged(json!({"mimeType": form, "text": "scope=a", "params": fields(&[("n", "x")])})), NONE);
    assert_eq!(judged(json!({"mimeType": form, "params": []})), ["GI012/missing"]);
}

#[test]
fn servers_of_a_path_and_of_an_operation_stand_in_the_place_of_the_documents() {
    let spec = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\nservers: [{url: 'https://api.bank.example'}]\npaths:\n  /a: {get: {operationId: a, \
                responses: {'200': {description: ok}}}}\n  /files:\n    servers: [{url: 'https://files.bank.example/f'}]\n    get: {operationId: \
                files, responses: {'200': {description: ok}}}\n    post: {operationId: upload, servers: [{url: 'https://up.bank.example'}], \
                responses: {'200': {description: ok}}}\n";
    let contract = Contract::new("bank", Spec::read(Document::parse("s.yaml", spec).unwrap()).unwrap());
    let judged = |method: &str, url: &str| {
        let response = json!({"status": 200, "headers": [], "content": {"size": 0, "mimeType": ""}, "bodySize": 0});
        let request = json!({"method": method, "url": url, "headers": []});
        let judgement = validate_har(&contract, &Options::of(&contract), har(&[entry(request, response)]).as_bytes());
        (judgement.judged, rules(&judgement))
    };
    let nothing = || (1, Vec::new());
    let foreign = || (0, vec!["RT003".to_owned()]);
    assert_eq!(judged("GET", "https://api.bank.example/a"), nothing());
    assert_eq!(judged("GET", "https://files.bank.example/f/files"), nothing());
    assert_eq!(judged("POST", "https://up.bank.example/files"), nothing());
    assert_eq!(judged("GET", "https://api.bank.example/files"), foreign());
    assert_eq!(judged("POST", "https://files.bank.example/f/files"), foreign());
    assert_eq!(judged("GET", "https://files.bank.example/f/a"), foreign());
    assert_eq!(judged("GET", "https://api.bank.example/nowhere"), (1, vec!["RT001".to_owned()]));
}
