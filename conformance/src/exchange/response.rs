//! Answers against the operation that gives them.

use std::borrow::Cow;

use obkit_codegen::Document;
use obkit_codegen::load::escape_token;
use obkit_codegen::spec::{self, Content, Header, Location, Operation, Parameter, essence};
use serde_json::Value;

use super::content::malformed;
use super::undeclared::{is_common, undocumented};
use super::values::Values;
use super::{Scrutiny, header, redacted};
use super::{fields, problem};
use crate::body;
use crate::checks::{self, Rule};
use crate::contract::Contract;
use crate::finding::{Finding, Severity};
use crate::parameter::Codec;
use crate::schema::Direction;
use crate::{json, media_type};

/// An answer as it arrives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The header fields, in any case and order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Response {
    /// A header; several of one name are joined by commas.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<Cow<'_, str>> {
        header(&self.headers, name)
    }

    /// Whether it stands for success.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Checks an answer of an operation: status, header fields, media type and body. Where the request is known, too,
/// [`check_answer`](super::check_answer) says more.
///
/// A status that is not documented is an error where it stands for success, and else a warning.
#[must_use]
pub fn check_response(contract: &Contract, operation: &Operation, response: &Response) -> Vec<Finding> {
    check_response_as_known(contract, operation, response, Scrutiny::WHOLE).findings
}

/// What was found about an answer.
#[derive(Debug, Default)]
pub(super) struct CheckedResponse {
    /// What is wrong with it; warnings may be among it.
    pub(super) findings: Vec<Finding>,
    /// The body, decoded, where it is a value. Unlike the findings this is payload, and belongs into no report.
    pub(super) body: Option<Value>,
}

/// Checks what is known of an answer.
pub(super) fn check_response_as_known(
    contract: &Contract,
    operation: &Operation,
    response: &Response,
    scrutiny: Scrutiny<'_>,
) -> CheckedResponse {
    let (documented, checked) = (operation.response(response.status), CheckedResponse::default());
    let mut reading = Answered { contract, operation, response, scrutiny, documented, checked };
    reading.whatever_is_documented();
    let Some(documented) = documented else {
        let message = format!("the status {} is not documented", response.status);
        let mut finding = Finding::new(checks::RT010, message);
        if !response.is_success() {
            finding.severity = Severity::Warning;
        }
        reading.report(finding.at(contract.document(), &format!("{}/responses", operation.pointer)));
        return reading.checked;
    };
    if let Some(exercise) = scrutiny.exercise(contract) {
        exercise.response(operation, documented.status);
    }
    for header in &documented.headers {
        reading.header(documented, header);
    }
    reading.undeclared(documented);
    reading.body(documented);
    reading.checked
}

struct Answered<'c, 'r> {
    contract: &'c Contract,
    operation: &'c Operation,
    response: &'r Response,
    scrutiny: Scrutiny<'r>,
    documented: Option<&'c spec::Response>,
    checked: CheckedResponse,
}

impl<'c, 'r> Answered<'c, 'r> {
    fn document(&self) -> &'c Document {
        self.contract.document()
    }

    fn report(&mut self, finding: Finding) {
        let finding = finding.provider(self.contract.provider()).operation(&self.operation.id);
        self.checked.findings.push(match self.documented {
            Some(documented) => finding.status(documented.status),
            None => finding.status(self.response.status),
        });
    }

    fn found(&mut self, rule: impl Into<Rule>, pointer: &str, message: String) {
        self.report(Finding::new(rule, message).at(self.document(), pointer));
    }

    /// Header fields and problem details that HTTP gives a meaning.
    fn whatever_is_documented(&mut self) {
        let mut faults: Vec<_> = fields::faults(&self.operation.method, self.response)
            .into_iter()
            .map(|(part, message)| (Rule::part(checks::RT041, part), message))
            .collect();
        let is_problem = |stated: Cow<'_, str>| essence(&stated).eq_ignore_ascii_case(problem::MEDIA_TYPE);
        if self.scrutiny.body && self.response.header("content-type").is_some_and(is_problem) {
            // What cannot be read is found where the body is.
            let body = json::read(&self.response.body).ok();
            let found = body.map(|body| problem::faults(self.response.status, &body)).unwrap_or_default();
            faults.extend(found.into_iter().map(|(part, message)| (Rule::part(checks::RT070, part), message)));
        }
        for (rule, message) in faults {
            self.found(rule, &format!("{}/responses", self.operation.pointer), message);
        }
    }

    fn header(&mut self, documented: &'c spec::Response, header: &'c Header) {
        // Described by `content` (OpenAPI 3.0.3, Response Object).
        if header.name.eq_ignore_ascii_case("content-type") {
            return;
        }
        let pointer = format!("{}/headers/{}", documented.pointer, escape_token(&header.name));
        let parameter = as_parameter(self.document(), header, &pointer);
        let Some(text) = self.response.header(&header.name) else {
            if header.required && !(self.scrutiny.redacted && redacted::is_secret_field(&header.name)) {
                let message = format!("the header `{}` is required", header.name);
                self.found(Rule::part(checks::RT040, "required"), &pointer, message);
            }
            return;
        };
        if self.scrutiny.redacted && redacted::is_marked(&text) {
            return;
        }
        match Codec::new(self.document(), &parameter).from_header(&text) {
            Ok(value) => {
                if let Some(schema) = &header.schema {
                    let what = format_args!("header `{}`", header.name);
                    let violations = self.values().violations(checks::RT040, schema, &value, what);
                    violations.into_iter().for_each(|finding| self.report(finding));
                }
            }
            Err(error) => {
                let message = format!("header `{}`: {error}", header.name);
                self.found(Rule::part(checks::RT040, error.as_str()), &pointer, message);
            }
        }
    }

    /// Header fields that are documented nowhere. Gateways and networks add some on the way, so that they are merely noted.
    fn undeclared(&mut self, documented: &'c spec::Response) {
        let response = self.response;
        for (name, _) in response.headers.iter().filter(|(name, _)| !is_common(name)) {
            if !documented.headers.iter().any(|header| header.name.eq_ignore_ascii_case(name)) {
                let mut finding = undocumented("header", "header field", name);
                finding.severity = Severity::Info;
                self.report(finding.at(self.document(), &format!("{}/headers", documented.pointer)));
            }
        }
    }

    fn body(&mut self, documented: &'c spec::Response) {
        let sent = !self.response.body.is_empty();
        // These have none, whatever is documented (RFC 9110, sections 6.4.1, 15.3.5 and 15.4.5).
        let none = self.operation.method == "HEAD" || matches!(self.response.status, 100..200 | 204 | 205 | 304);
        if none || documented.content.is_empty() {
            if sent {
                let message = "a body is sent, and none is documented".to_owned();
                self.found(checks::RT021, &documented.pointer, message);
            }
            return;
        }
        let stated = self.response.header("content-type");
        if !self.scrutiny.body {
            if let Some(stated) = stated {
                self.documented_content(documented, &stated);
            }
            return;
        }
        let pointer = || format!("{}/content", documented.pointer);
        if !sent {
            return self.found(checks::RT022, &pointer(), "the body is missing".to_owned());
        }
        let Some(stated) = stated else {
            return self.found(checks::RT020, &pointer(), "a body is sent without `Content-Type`".to_owned());
        };
        if let Some(content) = self.documented_content(documented, &stated) {
            if let Some(exercise) = self.scrutiny.exercise(self.contract) {
                exercise.response_body(self.operation, documented.status, content, None);
            }
            self.content(content, &stated);
        }
    }

    fn documented_content(&mut self, documented: &'c spec::Response, stated: &str) -> Option<&'c Content> {
        let found = media_type::find(&documented.content, stated);
        if found.is_none() {
            let message = media_type::undocumented(stated);
            self.found(checks::RT020, &format!("{}/content", documented.pointer), message);
        }
        found
    }

    fn content(&mut self, content: &'c Content, stated: &str) {
        let value = match body::read(self.document(), content, stated, &self.response.body) {
            Ok(Some(value)) => value,
            Ok(None) => return,
            Err(error) => {
                return self.report(malformed(self.document(), content, stated, &error, "response body"));
            }
        };
        if let Some(schema) = &content.schema {
            let values = self.values();
            let what = format_args!("response body");
            let violations = values.violations(checks::RT030, schema, &value, what);
            let remarks = values.remarks(schema, &value, &self.response.body, what);
            for finding in violations.into_iter().chain(remarks) {
                self.report(finding.media_type(&content.media_type));
            }
        }
        self.checked.body = Some(value);
    }

    fn values(&self) -> Values<'c, 'r> {
        Values { contract: self.contract, direction: Direction::Response, scrutiny: self.scrutiny }
    }
}

/// A header field of an answer travels as a parameter in the header does.
fn as_parameter(document: &Document, header: &Header, pointer: &str) -> Parameter {
    let explode = document.at(&format!("{pointer}/explode")).and_then(Value::as_bool).unwrap_or_default();
    let content = header.schema.as_deref().and_then(|schema| {
        let (_, key) = schema.strip_suffix("/schema")?.rsplit_once("/content/")?;
        Some(key.replace("~1", "/").replace("~0", "~"))
    });
    Parameter {
        name: header.name.clone(),
        location: Location::Header,
        required: header.required,
        pointer: pointer.to_owned(),
        schema: header.schema.clone(),
        content,
        style: "simple".to_owned(),
        explode,
        example: None,
    }
}
