//! HTTP requests against the operation they are meant for, and answers against the operation that gives them.

mod answered;
mod content;
mod fields;
mod http;
mod pagination;
mod place;
mod problem;
pub(crate) mod redacted;
mod response;
mod undeclared;
mod values;

use std::borrow::Cow;
use std::fmt;

use obkit_codegen::Document;
use obkit_codegen::spec::{Location, Operation, Parameter};
use serde_json::Value;

use crate::base_url::Url;
use crate::checks::{self, Check, Rule};
use crate::contract::Contract;
use crate::coverage::{Exercise, Marks};
use crate::finding::{Finding, Severity};
use crate::parameter::{Codec, Query, Unreadable};
use crate::profile::Profile;
use crate::route::Matched;
use crate::schema::Direction;
use crate::typed_client::Arguments;

pub use self::answered::check_answer;
pub(crate) use self::answered::{check_answer_as_known, leaks};
pub use self::place::Place;
pub(crate) use self::problem::MEDIA_TYPE as PROBLEM;

pub use self::response::{Response, check_response};
use self::values::Values;

/// The largest body that is kept to be judged, in bytes: 16 MiB.
pub const MAX_BODY: usize = 16 * 1024 * 1024;

/// What of an exchange is known, and how it is looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scrutiny<'m> {
    /// Whether the body is.
    pub(crate) body: bool,
    /// Whether secrets were taken out, or replaced by [`redacted::MARK`].
    pub(crate) redacted: bool,
    /// How strictly values are judged.
    pub(crate) profile: Profile,
    /// Where what travels of the document is marked, right or wrong: what is wrong with it is found.
    pub(crate) marks: Option<&'m Marks>,
}

impl<'m> Scrutiny<'m> {
    /// Everything is known.
    pub(crate) const WHOLE: Self = Self { body: true, redacted: false, profile: Profile::Strict, marks: None };

    /// The marks with what they are of.
    fn exercise(self, contract: &'m Contract) -> Option<Exercise<'m>> {
        self.marks.map(|marks| marks.of(contract))
    }
}

/// A request as it arrives.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The path, percent-encoded, without what the server's base URL adds; or a whole URL, which [`check`] finds the server of.
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
    pub fn header(&self, name: &str) -> Option<Cow<'_, str>> {
        header(&self.headers, name)
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

/// A header field of a message: the one of a name as it is, several in one list (RFC 9110, section 5.3).
fn header<'h>(headers: &'h [(String, String)], name: &str) -> Option<Cow<'h, str>> {
    let own = headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| Cow::from(value));
    own.reduce(|list, value| list + "," + value)
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
    /// The place of the operation among all of the document.
    pub(crate) index: Option<usize>,
    /// Which part of the request each finding is about.
    places: Vec<Place<'c>>,
}

impl<'c> Checked<'c> {
    /// The findings, each with the part of the request that it is about.
    pub fn placed(&self) -> impl Iterator<Item = (&Finding, Place<'c>)> {
        self.findings.iter().zip(self.places.iter().copied())
    }

    /// Whether the request breaks the contract.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }
}

/// A method as it may be told: what HTTP does not have is whatever was sent, and may be a secret in the wrong place.
pub(crate) fn told_method(method: &str) -> &str {
    let known = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT"];
    known.into_iter().find(|known| *known == method).unwrap_or("UNKNOWN")
}

/// Checks a request: path and method, parameters, credentials, content type and body; and where its path is a whole URL, whether the document
/// declares that server. If it does not, the request is taken for one below the longest base path of those that it does declare.
#[must_use]
pub fn check<'c>(contract: &'c Contract, request: &Request) -> Checked<'c> {
    match Url::of(&request.path) {
        Some(url) => check_url(contract, request, &url),
        None => check_as_known(contract, request, Scrutiny::WHOLE),
    }
}

/// Servers of paths and operations count as well as those of the document. The host is not told: it may be a customer's.
fn check_url<'c>(contract: &'c Contract, request: &Request, url: &Url<'_>) -> Checked<'c> {
    let base_urls = contract.base_urls();
    let own = base_urls.find(contract, &request.method, &url.origin, url.path);
    let path = own.or_else(|| base_urls.enter_path(url.path)).unwrap_or(url.path);
    let query = request.query.clone().or_else(|| url.query.map(str::to_owned));
    let request = Request { path: path.to_owned(), query, ..request.clone() };
    let mut checked = check_as_known(contract, &request, Scrutiny::WHOLE);
    if own.is_none() {
        let finding = Finding::new(checks::RT003, "the server is none of those that the document declares");
        checked.findings.insert(0, finding.provider(contract.provider()).at(contract.document(), "/servers"));
        checked.places.insert(0, Place::TARGET);
    }
    checked
}

/// Checks what is known of a request.
pub(crate) fn check_as_known<'c>(contract: &'c Contract, request: &Request, scrutiny: Scrutiny<'_>) -> Checked<'c> {
    read(contract, request, scrutiny, true)
}

/// Checks whether a request below the base URL breaks the contract, and says nothing of what is merely doubtful: looking for that costs more than
/// all the rest.
pub(crate) fn check_breaches<'c>(contract: &'c Contract, request: &Request, marks: Option<&Marks>) -> Checked<'c> {
    read(contract, request, Scrutiny { marks, ..Scrutiny::WHOLE }, false)
}

fn read<'c>(contract: &'c Contract, request: &Request, scrutiny: Scrutiny<'_>, remarking: bool) -> Checked<'c> {
    let operations = contract.spec().operations();
    let (index, variables) = match contract.routes().find(operations, &request.method, &request.path) {
        Matched::Operation(index, variables) => (index, variables),
        Matched::OtherMethod(index) => {
            let Operation { path, pointer, .. } = &operations[index];
            let finding = Finding::new(checks::RT002, format!("{path} has no method {}", told_method(&request.method)));
            // The operation is another method's: what lacks one is the path that holds it.
            let of_path = pointer.rsplit_once('/').map_or(pointer.as_str(), |(path, _)| path);
            let finding = finding.at(contract.document(), of_path);
            return unmatched(contract, finding, Place::METHOD);
        }
        Matched::Nothing => return nowhere(contract),
    };
    let operation = &operations[index];
    if let Some(exercise) = scrutiny.exercise(contract) {
        exercise.call(operation);
    }
    let received = Arguments::default();
    let (findings, places) = (Vec::new(), Vec::new());
    let place = Place::TARGET;
    let mut reading = Reading { contract, request, scrutiny, remarking, operation, place, findings, places, received };
    reading.parameters(&variables);
    if remarking {
        reading.undeclared();
    }
    reading.security();
    reading.body();
    let Reading { findings, places, received, .. } = reading;
    Checked { operation: Some(operation), findings, received, index: Some(index), places }
}

/// What is found about a request whose path is not documented. The path is not told: it may hold an account number.
pub(crate) fn nowhere(contract: &Contract) -> Checked<'_> {
    let finding = Finding::new(checks::RT001, "the path is not documented");
    unmatched(contract, finding, Place::TARGET)
}

fn unmatched<'c>(contract: &Contract, finding: Finding, place: Place<'c>) -> Checked<'c> {
    let findings = vec![finding.provider(contract.provider())];
    Checked { operation: None, findings, received: Arguments::default(), index: None, places: vec![place] }
}

struct Reading<'c, 'r> {
    contract: &'c Contract,
    request: &'r Request,
    scrutiny: Scrutiny<'r>,
    /// Whether what makes a request no less valid is said, too.
    remarking: bool,
    operation: &'c Operation,
    /// What is being looked at.
    place: Place<'c>,
    findings: Vec<Finding>,
    places: Vec<Place<'c>>,
    received: Arguments,
}

impl<'c, 'r> Reading<'c, 'r> {
    fn document(&self) -> &'c Document {
        self.contract.document()
    }

    fn report(&mut self, finding: Finding) {
        self.findings.push(finding.provider(self.contract.provider()).operation(&self.operation.id));
        self.places.push(self.place);
    }

    fn found(&mut self, rule: impl Into<Rule>, pointer: &str, message: String) {
        self.report(Finding::new(rule, message).at(self.document(), pointer));
    }

    fn parameters(&mut self, variables: &[(String, String)]) {
        let (query, cookies) = (self.request.parameters(), self.request.cookies());
        let all = self.operation.parameters.iter().enumerate();
        for (index, parameter) in all.filter(|(_, parameter)| !parameter.is_ignored()) {
            let codec = Codec::new(self.document(), parameter);
            let name = parameter.name.as_str();
            self.place = Place::of(parameter);
            if parameter.location == Location::Query && codec.is_left_empty(&query) {
                continue;
            }
            let read = |codec: &Codec<'_>| self.read(codec, parameter, variables, &query, &cookies);
            match read(&codec) {
                read if self.scrutiny.redacted && redacted::hides_parameter(parameter, read.as_ref(), self.request) => {
                    // What it was is not known, and that it was sent is.
                    if !matches!(read, Ok(None)) {
                        self.receive(index, redacted::MARK.into());
                    }
                }
                Ok(Some(value)) => {
                    let fits = |value: &Value| self.fits(parameter, value);
                    // Of several types the text may be of another than the one it looks like.
                    let text = codec.as_text().filter(|_| !fits(&value)).and_then(|codec| read(&codec).ok().flatten());
                    let value = text.filter(fits).unwrap_or(value);
                    self.parameter(parameter, &value);
                    self.receive(index, value);
                }
                Ok(None) if parameter.required => {
                    let message = format!("the {} parameter `{name}` is required", parameter.location.as_str());
                    let finding = Finding::new(Rule::part(checks::RT050, "required"), message).remedy("send it");
                    self.report(finding.at(self.document(), &parameter.pointer));
                }
                Ok(None) => {}
                Err(error) => {
                    self.exercise_parameter(index, None);
                    let message = format!("{} parameter `{name}`: {error}", parameter.location.as_str());
                    let finding = Finding::new(Rule::part(checks::RT050, error.as_str()), message)
                        .remedy("send one value, in its documented style");
                    self.report(finding.at(self.document(), &parameter.pointer));
                }
            }
        }
    }

    fn read(
        &self,
        codec: &Codec<'_>,
        parameter: &Parameter,
        variables: &[(String, String)],
        query: &Query,
        cookies: &[(String, String)],
    ) -> Result<Option<Value>, Unreadable> {
        let name = &parameter.name;
        match parameter.location {
            Location::Path => {
                variables.iter().find(|(key, _)| key == name).map(|(_, raw)| codec.from_path(raw)).transpose()
            }
            Location::Query => codec.from_query(query),
            Location::Header => self.request.header(name).map(|text| codec.from_header(&text)).transpose(),
            Location::Cookie => codec.from_cookies(cookies),
        }
    }

    /// Keeps the value of the operation's parameter of a number.
    fn receive(&mut self, index: usize, value: Value) {
        self.exercise_parameter(index, Some(&value));
        let parameter = &self.operation.parameters[index];
        self.received.parameters.insert((parameter.location.as_str(), parameter.name.clone()), value);
    }

    /// Marks that it was sent, with what is in it where it can be read.
    fn exercise_parameter(&self, index: usize, value: Option<&Value>) {
        if let Some(exercise) = self.scrutiny.exercise(self.contract) {
            exercise.parameter(self.operation, index, value);
        }
    }

    fn fits(&self, parameter: &Parameter, value: &Value) -> bool {
        let check = |schema| self.contract.validators().check(Direction::Request, schema).ok();
        parameter.schema.as_deref().and_then(check).is_some_and(|check| check.is_valid(value))
    }

    fn parameter(&mut self, parameter: &Parameter, value: &Value) {
        let Some(schema) = &parameter.schema else { return };
        let what = format_args!("{} parameter `{}`", parameter.location.as_str(), parameter.name);
        self.schema(checks::RT050, schema, value, what);
    }

    fn schema(&mut self, check: &'static Check, schema: &str, value: &Value, what: fmt::Arguments<'_>) {
        self.values().violations(check, schema, value, what).into_iter().for_each(|finding| self.report(finding));
    }

    fn values(&self) -> Values<'c, 'r> {
        Values { contract: self.contract, direction: Direction::Request, scrutiny: self.scrutiny }
    }

    fn security(&mut self) {
        if self.scrutiny.redacted {
            return;
        }
        self.place = Place::CREDENTIALS;
        if let Err(missing) = self.contract.security().check(&self.operation.security, self.request) {
            let pointer = format!("{}/security", self.operation.pointer);
            self.found(checks::RT060, &pointer, missing);
        }
    }
}
