//! Assertions for the tests of programs that serve or call an API: does what is sent conform to the document?
//!
//! [`assert_conforms!`](crate::assert_conforms) panics with the findings as a text report tells them: rule, place in the document, place in the
//! payload, and what to do. It shows no value of what was sent. Nothing here waits for anything, so that it works in any test.
//!
//! ```
//! use hyper::{Request, Response};
//! use obkit_conformance::{Contract, assert_conforms};
//! use serde_json::json;
//!
//! let contract = Contract::load("fena", concat!(env!("CARGO_MANIFEST_DIR"), "/../specs/fena/openapi.yaml"))?;
//!
//! // What a client sent and a server answered: messages of the `http` crate, whose bodies are bytes.
//! let request = Request::get("/providers/ob-monzo").header("x-client-id", "id").body("")?;
//! let provider = json!({"id": "ob-monzo", "name": "Monzo", "active": true, "sortCodeRange": "[40003,40006)"});
//! let response = Response::builder().header("content-type", "application/json").body(provider.to_string())?;
//! assert_conforms!(contract, operation: "getProvider", response: &response);
//! # let refused = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| assert_conforms!(contract, request: &request)));
//! # assert!(refused.unwrap_err().downcast::<String>().unwrap().contains("error[RT060] fena getProvider"));
//!
//! // A payload alone.
//! assert_conforms!(contract, operation: "getProvider", status: 200, payload: &provider);
//! // This one panics: the id is a number.
//! # let failed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
//! assert_conforms!(contract, operation: "getProvider", status: 200, payload: &json!({"id": 7, "name": "Monzo", "active": true}));
//! # }));
//! # let message = *failed.unwrap_err().downcast::<String>().unwrap();
//! # assert!(message.contains("error[RT030/type] fena getProvider 200") && message.contains(" at /id"), "{message}");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::fmt;

use obkit_codegen::spec::{Content, Operation};
use serde_json::Value;

use crate::checks::{self, Rule};
use crate::contract::Contract;
use crate::exchange::{self, Checked, Request, Response, check_answer, check_response};
use crate::finding::{Finding, Severity};
use crate::remarks::Remark;
use crate::report;
use crate::schema::Direction;

/// What does not conform. It is told as a text report tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nonconformance {
    /// Which part of which document was asked.
    subject: String,
    /// All that was found, what is no error included.
    findings: Vec<Finding>,
}

impl Nonconformance {
    /// All that was found.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

impl fmt::Display for Nonconformance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} does not conform\n\n{}", self.subject, report::findings(&self.findings))
    }
}

impl std::error::Error for Nonconformance {}

/// How bad a finding must be to make something not conform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mildest(pub Severity);

impl Default for Mildest {
    fn default() -> Self {
        Self(Severity::Error)
    }
}

/// Whether a request conforms. A URL with a host is one below the document's servers, a path one below none of them.
///
/// # Errors
/// It does not, and why.
pub fn request(contract: &Contract, request: impl Into<Request>, mildest: Mildest) -> Result<(), Nonconformance> {
    judged("the request", contract, exchange::check(contract, &request.into()).findings, mildest)
}

/// Whether an answer of an operation conforms.
///
/// # Errors
/// It does not, and why; or the document has no such operation.
pub fn response(
    contract: &Contract,
    operation: &str,
    response: impl Into<Response>,
    mildest: Mildest,
) -> Result<(), Nonconformance> {
    let findings =
        operation_of(contract, operation).map(|operation| check_response(contract, operation, &response.into()));
    judged("the answer", contract, findings.unwrap_or_else(|unknown| vec![*unknown]), mildest)
}

/// Whether a request and its answer conform. The request says which operation it is.
///
/// # Errors
/// They do not, and why.
pub fn exchange(
    contract: &Contract,
    request: impl Into<Request>,
    response: impl Into<Response>,
    mildest: Mildest,
) -> Result<(), Nonconformance> {
    let (request, response) = (request.into(), response.into());
    let Checked { operation, mut findings, .. } = exchange::check(contract, &request);
    findings.extend(operation.into_iter().flat_map(|operation| check_answer(contract, operation, &request, &response)));
    judged("the exchange", contract, findings, mildest)
}

/// Whether a JSON payload conforms to the body of an operation: of its request, or of its answer with a status.
///
/// # Errors
/// It does not, and why; or the document has no such body.
pub fn payload(
    contract: &Contract,
    operation: &str,
    status: Option<u16>,
    payload: &Value,
    mildest: Mildest,
) -> Result<(), Nonconformance> {
    let findings = of_payload(contract, operation, status, payload).unwrap_or_else(|missing| vec![*missing]);
    judged("the payload", contract, findings, mildest)
}

fn operation_of<'c>(contract: &'c Contract, name: &str) -> Result<&'c Operation, Box<Finding>> {
    contract.spec().operation(name).ok_or_else(|| {
        let finding = Finding::new(checks::RT002, format!("the document has no operation `{name}`"));
        let finding = finding.remedy("name it as the document does: an id, or method and path template");
        Box::new(finding.provider(contract.provider()).at(contract.document(), "/paths"))
    })
}

fn of_payload(
    contract: &Contract,
    name: &str,
    status: Option<u16>,
    payload: &Value,
) -> Result<Vec<Finding>, Box<Finding>> {
    let operation = operation_of(contract, name)?;
    let place = |finding: Finding| match status {
        Some(status) => finding.operation(&operation.id).status(status),
        None => finding.operation(&operation.id),
    };
    let missing = |rule: Rule, message: &str| {
        let finding = place(Finding::new(rule, message).provider(contract.provider()));
        Box::new(finding.at(contract.document(), &operation.pointer))
    };
    let (direction, contents): (_, &[Content]) = match status {
        None => (Direction::Request, operation.request.as_ref().map_or(&[], |request| &request.content)),
        Some(status) => {
            let response = operation.response(status);
            let response = response.ok_or_else(|| missing(checks::RT010.into(), "the status is not documented"))?;
            (Direction::Response, &response.content)
        }
    };
    let content = contents.iter().find(|content| content.is_json());
    let content = content.ok_or_else(|| missing(checks::RT021.into(), "no JSON body is documented here"))?;
    let Some(schema) = &content.schema else { return Ok(Vec::new()) };
    let check = contract.validators().check(direction, schema);
    let check = check.map_err(|error| missing(checks::GI001.into(), &error.to_string()))?;
    let violations = check.violations(payload).into_iter().map(|violation| {
        let rule = Rule::part(checks::RT030, &violation.keyword);
        Remark { rule, violation }
    });
    let remarks = contract.validators().remarks(direction, schema, payload);
    let finding = |remark| Finding::of_remark(contract.document(), remark).provider(contract.provider());
    Ok(violations.chain(remarks).map(|remark| place(finding(remark)).media_type(&content.media_type)).collect())
}

fn judged(
    what: &str,
    contract: &Contract,
    findings: Vec<Finding>,
    Mildest(mildest): Mildest,
) -> Result<(), Nonconformance> {
    if findings.iter().all(|finding| finding.severity < mildest) {
        return Ok(());
    }
    Err(Nonconformance { subject: format!("{what}, by {contract},"), findings })
}

/// Panics where the caller stands. Called by the macro.
#[doc(hidden)]
#[track_caller]
#[allow(clippy::panic, reason = "an assertion is there to panic")]
pub fn fail_unless(outcome: Result<(), Nonconformance>) {
    if let Err(nonconformance) = outcome {
        panic!("{nonconformance}");
    }
}

/// Asserts that what was sent conforms to a document; see [`assert`](crate::assert) for an example.
///
/// - `assert_conforms!(contract, request: r)`: a request, [`Request`](crate::exchange::Request) or one of the `http` crate;
/// - `assert_conforms!(contract, operation: "id", response: r)`: an answer of an operation, named by its id or as `GET /accounts/{id}`;
/// - `assert_conforms!(contract, request: q, response: r)`: both, the request saying which operation it is;
/// - `assert_conforms!(contract, operation: "id", payload: v)`: the JSON body of a request;
/// - `assert_conforms!(contract, operation: "id", status: 200, payload: v)`: that of an answer.
///
/// Errors fail the assertion; with `, deny: Severity::Warning` at the end, warnings do, too.
///
/// # Panics
/// It does not conform. The message lists what was found, with rule, place and remedy, and no value.
#[macro_export]
macro_rules! assert_conforms {
    ($contract:expr, request: $request:expr, response: $response:expr $(, deny: $mildest:expr)? $(,)?) => {
        $crate::assert::fail_unless($crate::assert::exchange(
            &$contract, $request, $response, $crate::assert_conforms!(@mildest $($mildest)?),
        ))
    };
    ($contract:expr, request: $request:expr $(, deny: $mildest:expr)? $(,)?) => {
        $crate::assert::fail_unless($crate::assert::request(&$contract, $request, $crate::assert_conforms!(@mildest $($mildest)?)))
    };
    ($contract:expr, operation: $operation:expr, response: $response:expr $(, deny: $mildest:expr)? $(,)?) => {
        $crate::assert::fail_unless($crate::assert::response(
            &$contract, $operation, $response, $crate::assert_conforms!(@mildest $($mildest)?),
        ))
    };
    ($contract:expr, operation: $operation:expr, status: $status:expr, payload: $payload:expr $(, deny: $mildest:expr)? $(,)?) => {
        $crate::assert::fail_unless($crate::assert::payload(
            &$contract, $operation, ::core::option::Option::Some($status), $payload, $crate::assert_conforms!(@mildest $($mildest)?),
        ))
    };
    ($contract:expr, operation: $operation:expr, payload: $payload:expr $(, deny: $mildest:expr)? $(,)?) => {
        $crate::assert::fail_unless($crate::assert::payload(
            &$contract, $operation, ::core::option::Option::None, $payload, $crate::assert_conforms!(@mildest $($mildest)?),
        ))
    };
    (@mildest) => { ::core::default::Default::default() };
    (@mildest $mildest:expr) => { $crate::assert::Mildest($mildest) };
}
