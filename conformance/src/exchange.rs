//! HTTP requests against the operation they are meant for.

use obkit_codegen::Document;
use obkit_codegen::spec::{self, Content, Location, Operation, Parameter, essence, is_json};
use serde_json::Value;

use crate::contract::Contract;
use crate::finding::{Finding, Severity};
use crate::parameter::{Codec, Query};
use crate::route::Matched;
use crate::schema::Direction;
use crate::typed_client::Arguments;
use crate::{body, media_type, security};

/// A request as it arrives.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The path, percent-encoded, without what the server's base URL adds.
    pub path: String,
    /// The query, without the `?`.
    pub query: Option<String>,
    /// The header fields, in any case and order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Request {
    /// A header; several of one name are joined by commas.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        let values: Vec<_> = self
            .headers
            .iter()
            .filter(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
            .collect();
        (!values.is_empty()).then(|| values.join(","))
    }

    /// A cookie, as it travels.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies().into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// Names and values of the cookies, as they travel.
    pub(crate) fn cookies(&self) -> Vec<(String, String)> {
        let cookies = self.header("cookie").unwrap_or_default();
        let pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    pub(crate) fn parameters(&self) -> Query {
        self.query.as_deref().map(Query::parse).unwrap_or_default()
    }
}

/// What was found about a request.
#[derive(Debug)]
pub struct Checked<'c> {
    /// The operation it is for.
    pub operation: Option<&'c Operation>,
    /// What is wrong with it; warnings may be among it.
    pub findings: Vec<Finding>,
    /// What it carries, decoded. Unlike the findings this is payload, and belongs into no report.
    pub received: Arguments,
}

impl Checked<'_> {
    /// Whether the request breaks the contract.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }
}

/// Checks a request: path and method, parameters, credentials, content type and body.
#[must_use]
pub fn check<'c>(contract: &'c Contract, request: &Request) -> Checked<'c> {
    let operations = contract.spec().operations();
    let (index, variables) = match contract.routes().find(operations, &request.method, &request.path) {
        Matched::Operation(index, variables) => (index, variables),
        Matched::OtherMethod(index) => {
            let path = &operations[index].path;
            let message = format!("{path} has no method {}", request.method);
            let finding = Finding::new("RT002", Severity::Error, message, "use a documented method");
            return unmatched(contract, finding.at(contract.document(), &operations[index].pointer));
        }
        // The path is not told: it may hold an account number.
        Matched::Nothing => {
            let finding = Finding::new(
                "RT001",
                Severity::Error,
                "the path is not documented",
                "use a documented path, and check the base URL",
            );
            return unmatched(contract, finding);
        }
    };
    let operation = &operations[index];
    let mut check = Check { contract, request, operation, findings: Vec::new(), received: Arguments::default() };
    check.parameters(&variables);
    check.undeclared();
    check.security();
    check.body();
    Checked { operation: Some(operation), findings: check.findings, received: check.received }
}

fn unmatched<'c>(contract: &Contract, finding: Finding) -> Checked<'c> {
    let findings = vec![finding.provider(contract.provider())];
    Checked { operation: None, findings, received: Arguments::default() }
}

struct Check<'c, 'r> {
    contract: &'c Contract,
    request: &'r Request,
    operation: &'c Operation,
    findings: Vec<Finding>,
    received: Arguments,
}

impl<'c> Check<'c, '_> {
    fn document(&self) -> &'c Document {
        self.contract.document()
    }

    fn report(&mut self, finding: Finding) {
        self.findings.push(finding.provider(self.contract.provider()).operation(&self.operation.id));
    }

    fn error(&mut self, rule: &str, pointer: &str, message: String, remedy: &str) {
        self.report(Finding::new(rule, Severity::Error, message, remedy).at(self.document(), pointer));
    }

    fn parameters(&mut self, variables: &[(String, String)]) {
        let (query, cookies) = (self.request.parameters(), self.request.cookies());
        for parameter in &self.operation.parameters {
            // These header fields are described elsewhere in a document (OpenAPI 3.0.3, Parameter Object).
            let reserved = ["accept", "content-type", "authorization"];
            if parameter.location == Location::Header
                && reserved.contains(&parameter.name.to_ascii_lowercase().as_str())
            {
                continue;
            }
            let codec = Codec::new(self.document(), parameter);
            let name = parameter.name.as_str();
            let value = match parameter.location {
                Location::Path => variables.iter().find(|(key, _)| key == name).map(|(_, raw)| codec.from_path(raw)),
                Location::Query => codec.from_query(&query),
                Location::Header => self.request.header(name).map(|text| codec.from_header(&text)),
                Location::Cookie => codec.from_cookies(&cookies),
            };
            match value {
                Some(value) => {
                    self.parameter(parameter, &value);
                    self.received.parameters.insert((parameter.location.as_str(), name.to_owned()), value);
                }
                None if parameter.required => {
                    let message = format!("the {} parameter `{name}` is required", parameter.location.as_str());
                    self.error("RT050/required", &parameter.pointer, message, "send it");
                }
                None => {}
            }
        }
    }

    fn parameter(&mut self, parameter: &Parameter, value: &Value) {
        let Some(schema) = &parameter.schema else { return };
        let what = format!("{} parameter `{}`", parameter.location.as_str(), parameter.name);
        self.schema("RT050", schema, value, &what, "send a value that fits its schema, in its documented style");
    }

    fn schema(&mut self, rule: &str, schema: &str, value: &Value, what: &str, remedy: &str) {
        match self.contract.validators().validate(Direction::Request, schema, value) {
            Ok(violations) => {
                for violation in violations {
                    let mut finding = Finding::of_violation(rule, self.document(), &violation, remedy);
                    finding.message = format!("{what}: {}", finding.message);
                    self.report(finding);
                }
            }
            Err(error) => self.error("GI001", schema, error.to_string(), "correct the schema"),
        }
    }

    fn undeclared(&mut self) {
        let codecs: Vec<_> =
            self.operation.parameters.iter().map(|parameter| Codec::new(self.document(), parameter)).collect();
        for name in self.request.parameters().names() {
            if !codecs.iter().any(|codec| codec.claims(name))
                && !security::is_key(self.document(), Location::Query, name)
            {
                let finding = Finding::new(
                    "RT033",
                    Severity::Warning,
                    format!("the query parameter `{name}` is not documented"),
                    "leave it out, or document it",
                );
                self.report(
                    finding
                        .at(self.document(), &format!("{}/parameters", self.operation.pointer))
                        .instance(&format!("/{name}")),
                );
            }
        }
    }

    fn security(&mut self) {
        if let Err(missing) = security::check(self.document(), &self.operation.security, self.request) {
            let pointer = format!("{}/security", self.operation.pointer);
            self.error("RT060", &pointer, missing, "send the credentials that the operation asks for");
        }
    }

    fn body(&mut self) {
        let Some(documented) = &self.operation.request else {
            if !self.request.body.is_empty() {
                let message = "a body is sent, and none is documented".to_owned();
                self.error("RT021", &self.operation.pointer, message, "send no body, or document it");
            }
            return;
        };
        if self.request.body.is_empty() {
            if documented.required {
                self.error("RT022", &documented.pointer, "the body is missing".to_owned(), "send a body");
            }
            return;
        }
        if let Some((content, sent)) = self.content(documented) {
            self.content_body(content, &sent);
        }
    }

    fn content(&mut self, documented: &'c spec::Request) -> Option<(&'c Content, String)> {
        let pointer = format!("{}/content", documented.pointer);
        let Some(sent) = self.request.header("content-type") else {
            self.error(
                "RT020",
                &pointer,
                "a body is sent without `Content-Type`".to_owned(),
                "send the media type of the body",
            );
            return None;
        };
        let found = media_type::find(&documented.content, &sent);
        if found.is_none() {
            let message = format!("the media type `{}` is not documented", essence(&sent));
            self.error("RT020", &pointer, message, "send a documented media type");
        }
        Some((found?, sent))
    }

    fn content_body(&mut self, content: &Content, sent: &str) {
        let value = if is_json(sent) {
            match serde_json::from_slice(&self.request.body) {
                Ok(value) => value,
                Err(error) => {
                    let message = format!("the body is not JSON (line {}, column {})", error.line(), error.column());
                    return self.error("RT023", &content.pointer, message, "send well-formed JSON");
                }
            }
        } else if content.is_form() {
            body::form(self.document(), content, &self.request.body)
        } else if content.is_multipart() {
            let Some(parts) = body::parts(self.document(), content, sent, &self.request.body) else {
                let message = "the body has no parts, or they have no names".to_owned();
                return self.error("RT023", &content.pointer, message, "send well-formed parts");
            };
            parts
        } else {
            // Bytes mean nothing to a schema.
            self.received.body = Some(String::from_utf8_lossy(&self.request.body).into_owned().into());
            return;
        };
        if let Some(schema) = &content.schema {
            self.schema("RT030", schema, &value, "request body", "send a body that fits its schema");
        }
        self.received.body = Some(value);
    }
}
