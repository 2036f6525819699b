//! Each rule for requests: one request that fires it, and one that does not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use obkit_codegen::{Document, Spec};
use obkit_conformance::exchange::{self, Request, Response, check_answer, check_response};
use obkit_conformance::{Contract, Finding, Severity};

const SPEC: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
security: [{basic: []}]
paths:
  /accounts/{id}:
    get:
      operationId: getAccount
      parameters:
        - {name: id, in: path, required: true, schema: {type: string, format: uuid}}
        - {name: limit, in: query, required: true, schema: {type: integer, maximum: 10}}
        - {name: tag, in: query, schema: {type: array, items: {type: string, enum: [a, b]}}}
        - {name: filter, in: query, style: deepObject, explode: true, schema: {type: object, properties: {n: {type: integer}}}}
        - {name: X-Trace, in: header, required: true, schema: {type: string, maxLength: 4}}
        - {name: Authorization, in: header, required: true, schema: {type: integer}}
      responses: {'200': {description: ok}}
  /payments:
    post:
      operationId: pay
      security: [{bearer: []}, {key: [], secret: []}]
      requestBody:
        required: true
        content:
          application/json: {schema: {type: object, required: [amount], properties: {amount: {type: number}, id: {type: string, readOnly: true}}}}
          application/x-www-form-urlencoded: {schema: {type: object, required: [amount], properties: {amount: {type: number}}}}
      responses: {'201': {description: ok}}
  /tags:
    post:
      operationId: tags
      security: []
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'200': {description: ok}}
  /open: {get: {operationId: open, security: [], responses: {'200': {description: ok}}}}
  /elsewhere: {get: {operationId: elsewhere, security: [{elsewhere: []}], responses: {'200': {description: ok}}}}
  /optional: {get: {operationId: optional, security: [{basic: []}, {}], responses: {'200': {description: ok}}}}
  /broken:
    post:
      operationId: broken
      security: []
      requestBody: {content: {application/json: {schema: {type: nonsense}}}}
      responses: {'200': {description: ok}}
components:
  schemas:
    Pet: {type: object, discriminator: {propertyName: kind}, properties: {id: {type: string, readOnly: true}, kind: {type: string}}}
    Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {required: [lives]}]}
  securitySchemes:
    basic: {type: http, scheme: basic}
    bearer: {type: http, scheme: bearer}
    key: {type: apiKey, in: header, name: X-Key}
    secret: {type: apiKey, in: query, name: secret}
    client: {type: apiKey, in: header, name: Client-Id}
    session: {type: apiKey, in: cookie, name: JSESSIONID}
    elsewhere: {$ref: '#/components/securitySchemes/key'}
";

fn request(line: &str, headers: &[(&str, &str)], body: &str) -> Request {
    let (method, target) = line.split_once(' ').unwrap();
    let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query.to_owned())));
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Request { method: method.to_owned(), path: path.to_owned(), query, headers, body: body.as_bytes().to_vec() }
}

fn contract() -> Contract {
    Contract::new("t", Spec::read(Document::parse("s.yaml", SPEC).unwrap()).unwrap())
}

fn rules(request: &Request) -> Vec<String> {
    let contract = contract();
    let checked = exchange::check(&contract, request);
    for finding in &checked.findings {
        assert!(!finding.message.is_empty() && !finding.remedy.is_empty() && finding.provider == "t", "{finding:?}");
        assert!(finding.rule == "RT001" || finding.line.is_some(), "{finding:?}");
    }
    checked.findings.into_iter().map(|finding| finding.rule.to_string()).collect()
}

const ACCOUNT: &str = "GET /accounts/3f2504e0-4f89-41d3-9a0c-0305e82c3301?limit=5&tag=a&tag=b&filter%5Bn%5D=1";
const BASIC: (&str, &str) = ("authorization", "Basic YTpi");
const TRACE: (&str, &str) = ("x-trace", "1234");
const BEARER: (&str, &str) = ("Authorization", "Bearer t");
const JSON: (&str, &str) = ("content-type", "Application/JSON; charset=utf-8");

fn account(line: &str) -> Vec<String> {
    rules(&request(line, &[BASIC, TRACE], ""))
}

fn pay(headers: &[(&str, &str)], body: &str) -> Vec<String> {
    rules(&request("POST /payments", headers, body))
}

const NONE: [&str; 0] = [];

#[test]
fn a_right_request_is_not_complained_about() {
    assert_eq!(account(ACCOUNT), NONE);
    assert_eq!(pay(&[BEARER, JSON], r#"{"amount": 1.5}"#), NONE);
    assert_eq!(pay(&[BEARER, ("content-type", "application/x-www-form-urlencoded")], "amount=1.5"), NONE);
}

#[test]
fn rt001_and_rt002() {
    assert_eq!(account("GET /nowhere/12345678"), ["RT001"]);
    assert_eq!(account("PUT /payments"), ["RT002"]);
    let contract = contract();
    let checked = exchange::check(&contract, &request("PUT /payments", &[], ""));
    assert_eq!(checked.findings[0].schema_pointer.as_deref(), Some("/paths/~1payments"), "no operation is to blame");
}

#[test]
fn rt020_to_rt023() {
    assert_eq!(pay(&[BEARER], r#"{"amount": 1}"#), ["RT020"]);
    assert_eq!(pay(&[BEARER, ("content-type", "text/plain")], r#"{"amount": 1}"#), ["RT020"]);
    assert_eq!(rules(&request("GET /open", &[], "x")), ["RT021"]);
    assert_eq!(pay(&[BEARER, JSON], ""), ["RT022"]);
    assert_eq!(pay(&[BEARER, JSON], "{"), ["RT023"]);
}

#[test]
fn rt030_names_the_keyword() {
    assert_eq!(pay(&[BEARER, JSON], "{}"), ["RT030/required"]);
    assert_eq!(pay(&[BEARER, JSON], r#"{"amount": "1"}"#), ["RT030/type"]);
    assert_eq!(pay(&[BEARER, ("content-type", "application/x-www-form-urlencoded")], "amount=x"), ["RT030/type"]);
}

#[test]
fn rt030_names_what_cannot_be_read() {
    const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
    assert_eq!(pay(&[BEARER, FORM], "amount=1&amount=2"), ["RT030/repeated"]);
    assert_eq!(pay(&[BEARER, FORM], "amount=%zz"), ["RT030/encoding"]);
    assert_eq!(pay(&[BEARER, JSON], r#"{"amount": 1, "amount": 2}"#), ["RT023"]);
}

#[test]
fn rt031_and_rt032_are_warnings() {
    for (body, expected) in [
        (r#"{"kind": "Cat", "lives": 9}"#, vec![]),
        (r#"{"kind": "Pet"}"#, vec![]),
        (r#"{"kind": "Cat"}"#, vec!["RT031/discriminator"]),
        (r#"{"kind": "Cow"}"#, vec!["RT031/discriminator"]),
        (r#"{"kind": "Pet", "id": "1"}"#, vec!["RT032/readOnly"]),
    ] {
        let request = request("POST /tags", &[JSON], body);
        assert_eq!(rules(&request), expected, "{body}");
        let contract = Contract::new("t", Spec::read(Document::parse("s", SPEC).unwrap()).unwrap());
        assert!(!exchange::check(&contract, &request).is_refused(), "{body}");
    }
}

#[test]
fn rt033_is_a_warning() {
    assert_eq!(account(&format!("{ACCOUNT}&extra=1")), ["RT033/query"]);
    let contract = Contract::new("t", Spec::read(Document::parse("s", SPEC).unwrap()).unwrap());
    let checked = exchange::check(&contract, &request("GET /open?extra=1", &[], ""));
    assert_eq!(checked.findings[0].severity, Severity::Warning);
    assert!(!checked.is_refused());
}

#[test]
fn rt050_names_the_keyword() {
    assert_eq!(account(&ACCOUNT.replace("limit=5", "limit=50")), ["RT050/maximum"]);
    assert_eq!(account(&ACCOUNT.replace("limit=5", "limit=x")), ["RT050/type"]);
    assert_eq!(account(&ACCOUNT.replace("limit=5&", "")), ["RT050/required"]);
    assert_eq!(account(&ACCOUNT.replace("limit=5", "limit=5&limit=6")), ["RT050/repeated"]);
    assert_eq!(account(&ACCOUNT.replace("limit=5", "limit=%5")), ["RT050/encoding"]);
    assert_eq!(account(&ACCOUNT.replace("tag=b", "tag=c")), ["RT050/enum"]);
    assert_eq!(account(&ACCOUNT.replace("%5D=1", "%5D=x")), ["RT050/type"]);
    assert_eq!(account("GET /accounts/1?limit=1"), ["RT050/format"]);
    assert_eq!(rules(&request(ACCOUNT, &[BASIC, ("X-TRACE", "12345")], "")), ["RT050/maxLength"]);
    assert_eq!(rules(&request(ACCOUNT, &[BASIC], "")), ["RT050/required"]);
}

#[test]
fn rt060_knows_and_and_or() {
    assert_eq!(rules(&request(ACCOUNT, &[TRACE], "")), ["RT060"]);
    assert_eq!(rules(&request(ACCOUNT, &[TRACE, ("authorization", "Basic ?")], "")), ["RT060"]);
    assert_eq!(pay(&[JSON], r#"{"amount": 1}"#), ["RT060"]);
    assert_eq!(pay(&[JSON, ("X-Key", "k")], r#"{"amount": 1}"#), ["RT060"]);
    assert_eq!(rules(&request("POST /payments?secret=s", &[JSON, ("x-key", "k")], r#"{"amount": 1}"#)), NONE);
    assert_eq!(rules(&request("GET /optional", &[], "")), NONE);
}

#[test]
fn a_schema_that_does_not_compile_is_no_pass() {
    assert_eq!(rules(&request("POST /broken", &[JSON], "1")), ["GI001"]);
}

#[test]
fn no_message_tells_a_value() {
    let contract = Contract::new("t", Spec::read(Document::parse("s", SPEC).unwrap()).unwrap());
    for request in [
        request(
            "GET /accounts/SECRET?limit=SECRET&tag=SECRET",
            &[("authorization", "Basic SECRET?"), ("x-trace", "SECRET")],
            "",
        ),
        request("POST /payments", &[("authorization", "SECRET"), JSON], r#"{"amount": "SECRET"}"#),
        request("POST /payments", &[BEARER, JSON], r#"{"amount": SECRET}"#),
        request("GET /SECRET", &[], ""),
        request("POST /tags", &[JSON], r#"{"kind": "SECRET", "id": "SECRET"}"#),
        request("POST /payments", &[BEARER, JSON], r#"{"SECRET": 1, "SECRET": 2}"#),
    ] {
        let text = format!("{:?}", exchange::check(&contract, &request).findings);
        assert!(!text.contains("SECRET"), "{text}");
    }
}

#[test]
fn secrets_that_come_back_are_found_wherever_they_were_sent() {
    let contract = contract();
    let found = |request: &Request, field: &str, body: &str| -> Vec<String> {
        let operation = contract.spec().operation("open").unwrap();
        let headers = vec![("x-note".to_owned(), field.to_owned())];
        let answer = Response { status: 200, headers, body: body.as_bytes().to_vec() };
        let findings = check_answer(&contract, operation, request, &answer);
        let leaks = findings.into_iter().filter(|finding| finding.rule == "RT091");
        leaks
            .inspect(|leak| assert!(!leak.message.contains("s3cret"), "{}", leak.message))
            .map(|leak| leak.message)
            .collect()
    };
    let shows = |name: &str| vec![format!("the answer shows what the request had as `{name}`")];
    let bearer = request("GET /open", &[("Authorization", "Bearer s3cret-token")], "");
    assert_eq!(found(&bearer, "", "{\"token\":\"s3cret-token\"}"), shows("authorization"));
    assert_eq!(found(&bearer, "s3cret-token", ""), shows("authorization"));
    assert_eq!(found(&bearer, "", "s3cret"), [] as [&str; 0]);
    // `user:s3cret-password`, and both forms of it.
    let basic = request("GET /open", &[("Authorization", "Basic dXNlcjpzM2NyZXQtcGFzc3dvcmQ=")], "");
    assert_eq!(found(&basic, "", "s3cret-password"), shows("authorization"));
    assert_eq!(found(&basic, "", "dXNlcjpzM2NyZXQtcGFzc3dvcmQ= s3cret-password"), shows("authorization"));
    assert_eq!(found(&basic, "", "user"), [] as [&str; 0]);
    let key = request("GET /open", &[("x-key", "s3cret-key")], "");
    assert_eq!(found(&key, "", "s3cret-key"), shows("X-Key"));
    let query = request("GET /open?secret=s3cret%20word", &[], "");
    assert_eq!(found(&query, "", "s3cret word"), shows("secret"));
    assert_eq!(found(&query, "/login?key=s3cret%20word", ""), shows("secret"));
    // Escaped, as some write a slash, and by itself where a document has the whole field for a key.
    let slash = request("GET /open", &[("x-key", "s3cret/key")], "");
    assert_eq!(found(&slash, "", r#"{"error": ["bad key s3cret\/key"]}"#), shows("X-Key"));
    assert_eq!(found(&slash, "", r#"{"error": "a\\b"}"#), [] as [&str; 0]);
    let raw = request("GET /open", &[("authorization", "s3cret-raw-key")], "");
    assert_eq!(found(&raw, "", "s3cret-raw-key"), shows("authorization"));
    let session = request("GET /open", &[("cookie", "JSESSIONID=s3cret-session")], "");
    assert_eq!(found(&session, "", "s3cret-session"), shows("JSESSIONID"));
    // Too short to be told from chance, and an id.
    assert_eq!(found(&request("GET /open", &[("x-key", "s3cret")], ""), "", "s3cret"), [] as [&str; 0]);
    assert_eq!(found(&request("GET /open", &[("client-id", "the-client")], ""), "", "the-client"), [] as [&str; 0]);
}

/// Operations that answer a form, and parts; the schema of both follows.
const FORMS: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /form: {get: {operationId: form, responses: {'200': {description: ok, content: {application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Z'}}}}}}}
  /parts: {get: {operationId: parts, responses: {'200': {description: ok, content: {multipart/form-data: {schema: {$ref: '#/components/schemas/Z'}}}}}}}
components:
  schemas:
    Y: {type: object, properties: {y: {type: array, items: {type: integer}}}}
    Z: ";

/// What is found about an answer of those operations, by their number, where the schema is this one.
fn found_by(schema: &str, operation: usize, media_type: &str, body: &str) -> Vec<String> {
    let document = Document::parse("s.yaml", &format!("{FORMS}{schema}\n")).unwrap();
    let contract = Contract::new("t", Spec::read(document).unwrap());
    let headers = vec![("content-type".to_owned(), media_type.to_owned())];
    let response = Response { status: 200, headers, body: body.into() };
    let findings = exchange::check_response(&contract, &contract.spec().operations()[operation], &response);
    findings.iter().map(|finding| finding.rule.to_string()).collect()
}

#[test]
fn answers_in_parts_and_forms_are_judged_by_their_schemas() {
    let rules = |operation: usize, media_type: &str, body: &str| {
        found_by("{type: object, required: [z], properties: {z: {type: integer}}}", operation, media_type, body)
    };
    let form = |body: &str| rules(0, "application/x-www-form-urlencoded", body);
    assert_eq!(form("z=1"), NONE);
    assert_eq!(form("y=1"), ["RT030/required", "RT033/property"]);
    assert_eq!(form("z=x"), ["RT030/type"]);
    let parts = |body: &str| rules(1, "multipart/form-data; boundary=B", body);
    assert_eq!(parts("--B\r\ncontent-disposition: form-data; name=\"z\"\r\n\r\n1\r\n--B--\r\n"), NONE);
    assert_eq!(parts("garbage"), ["RT023"]);
}

#[test]
fn members_of_forms_have_the_types_of_all_that_holds_for_them() {
    const FORM: &str = "application/x-www-form-urlencoded";
    // What an `allOf` includes is declared, and has its types.
    let joined = "{type: object, required: [y], allOf: [{$ref: '#/components/schemas/Y'}]}";
    assert_eq!(found_by(joined, 0, FORM, "y=1&y=2"), NONE);
    assert_eq!(found_by(joined, 0, FORM, "y=1&y=x"), ["RT030/type"]);
    // What no name is given for has the type of all others.
    let open = "{type: object, additionalProperties: {type: boolean}}";
    assert_eq!(found_by(open, 0, FORM, "k=true"), NONE);
    assert_eq!(found_by(open, 0, FORM, "k=x"), ["RT030/type"]);
    let part = |value: &str| format!("--B\r\ncontent-disposition: form-data; name=\"k\"\r\n\r\n{value}\r\n--B--\r\n");
    assert_eq!(found_by(open, 1, "multipart/form-data; boundary=B", &part("true")), NONE);
    assert_eq!(found_by(open, 1, "multipart/form-data; boundary=B", &part("x")), ["RT030/type"]);
}

#[test]
fn a_security_scheme_may_be_a_reference_to_another() {
    let contract = contract();
    let rules = |headers: &[(&str, &str)]| -> Vec<String> {
        let checked = exchange::check(&contract, &request("GET /elsewhere", headers, ""));
        checked.findings.iter().map(|finding| finding.rule.to_string()).collect()
    };
    assert_eq!(rules(&[]), ["RT060"]);
    assert_eq!(rules(&[("x-key", "key")]), NONE);
}

#[test]
fn names_that_may_be_accounts_are_not_told() {
    let spec = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get:\n      operationId: get\n      responses:\n        \
                '200': {description: ok, content: {application/json: {schema: {type: object, properties: {balances: {type: object, \
                additionalProperties: {oneOf: [{type: number}, {type: object, additionalProperties: {type: number}}]}}}}}}}\n";
    let contract = Contract::new("bank", Spec::read(Document::parse("openapi.yaml", spec).unwrap()).unwrap());
    let body = br#"{"balances": {"GB33BUKB20201555555555": "x", "eur": {"GB33BUKB20201555555555": "x"}}}"#.to_vec();
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    let response = Response { status: 200, headers, body };
    let found = check_response(&contract, contract.spec().operation("get").unwrap(), &response);
    let places: Vec<_> = found.iter().filter_map(|one| one.instance_pointer.as_deref()).collect();
    assert_eq!(places, ["/balances/…", "/balances/eur"]);
    let told = serde_json::to_string(&found).unwrap();
    assert!(!told.contains("GB33"), "{told}");
}

#[test]
fn what_is_made_of_faults_alone_does_not_fill_the_memory() {
    let spec = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get:\n      operationId: get\n      responses:\n        \
                '200': {description: ok, content: {application/json: {schema: {type: object, properties: {names: {type: array, items: \
                {type: string}}}}}}}\n";
    let contract = Contract::new("bank", Spec::read(Document::parse("openapi.yaml", spec).unwrap()).unwrap());
    let operation = contract.spec().operation("get").unwrap();
    let found = |body: String| {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        check_response(&contract, operation, &Response { status: 200, headers, body: body.into_bytes() })
    };
    let numbers = |count: usize| found(format!(r#"{{"names": [{}]}}"#, vec!["1"; count].join(",")));
    let names = |count: usize| {
        found(format!("{{{}}}", (0..count).map(|name| format!("\"m{name}\":1")).collect::<Vec<_>>().join(",")))
    };
    let untold = |found: &[Finding]| found.iter().find(|one| one.rule == "GI012/untold").map(|one| one.severity);
    assert_eq!((numbers(9_000).len(), untold(&numbers(9_000))), (9_000, None));
    let many = numbers(10_001);
    assert_eq!((many.len(), untold(&many)), (10_001, Some(Severity::Error)));
    let huge = numbers(500_001);
    assert_eq!((huge.len(), untold(&huge)), (2, Some(Severity::Error)), "of what is beyond measure, the first");
    let many = names(20_000);
    assert_eq!((many.len(), untold(&many)), (10_001, Some(Severity::Warning)));
}
