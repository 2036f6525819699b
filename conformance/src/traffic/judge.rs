//! One exchange against the document.

use obkit_codegen::spec::{Operation, StatusKey};

use super::exchange::{Exchange, Recorded};
use crate::base_url::BaseUrls;
use crate::checks::{self, Rule};
use crate::contract::Contract;
use crate::coverage::Marks;
use crate::exchange::{self, Checked, Request, Response, Scrutiny};
use crate::finding::Finding;
use crate::profile::Profile;
use crate::route::Matched;

/// What becomes of an exchange.
pub(crate) enum Verdict<'c> {
    /// It is with another server.
    Foreign,
    /// A browser asks whether it may ask, which no document needs to speak of.
    Preflight,
    Judged(Box<Judged<'c>>),
}

/// What was found about an exchange.
pub(crate) struct Judged<'c> {
    pub(crate) request: Checked<'c>,
    /// What is found about the answer, and what could not be judged.
    pub(crate) response: Vec<Finding>,
    /// How many bodies and answers could not be judged.
    pub(crate) unjudged: u64,
}

/// How exchanges are judged.
#[derive(Clone, Copy)]
pub(crate) struct Judge<'c> {
    pub(crate) contract: &'c Contract,
    pub(crate) base_urls: &'c BaseUrls,
    pub(crate) redacted: bool,
    pub(crate) profile: Profile,
    /// Where what travels of the document is marked.
    pub(crate) marks: &'c Marks,
}

impl<'c> Judge<'c> {
    /// Judges an exchange that travelled.
    pub(crate) fn judge(&self, mut exchange: Exchange) -> Verdict<'c> {
        let Exchange { origin, request, .. } = &exchange;
        let Some(rest) = self.base_urls.find(self.contract, &request.method, origin, &request.path) else {
            return Verdict::Foreign;
        };
        exchange.request.path = rest.to_owned();
        if self.is_preflight(&exchange.request) {
            return Verdict::Preflight;
        }
        let scrutiny = self.scrutiny(exchange.request_body == Recorded::Whole);
        let request = exchange::check_as_known(self.contract, &exchange.request, scrutiny);
        let mut judged = Judged { request, response: Vec::new(), unjudged: 0 };
        if let Some(operation) = judged.request.operation {
            self.answer(operation, &exchange, &mut judged);
        }
        Verdict::Judged(Box::new(judged))
    }

    /// What is judged of a message, of which the body is known or not.
    fn scrutiny(&self, body: bool) -> Scrutiny<'c> {
        Scrutiny { body, redacted: self.redacted, profile: self.profile, marks: Some(self.marks) }
    }

    /// Whether a request asks for leave to send another (Fetch, section 3.3.2), and the document has no such operation.
    fn is_preflight(&self, request: &Request) -> bool {
        let operations = self.contract.spec().operations();
        request.method == "OPTIONS"
            && request.header("access-control-request-method").is_some()
            && !matches!(
                self.contract.routes().find(operations, &request.method, &request.path),
                Matched::Operation(..)
            )
    }

    /// Checks the request alone, which has not travelled yet; what is below none of the base URLs is nowhere.
    pub(crate) fn check(&self, exchange: &Exchange) -> Checked<'c> {
        let Exchange { origin, request, request_body, .. } = exchange;
        let Some(rest) = self.base_urls.find(self.contract, &request.method, origin, &request.path) else {
            return exchange::nowhere(self.contract);
        };
        let scrutiny = Scrutiny { marks: None, ..self.scrutiny(*request_body == Recorded::Whole) };
        let request = Request { path: rest.to_owned(), ..request.clone() };
        let mut checked = exchange::check_as_known(self.contract, &request, scrutiny);
        if self.is_preflight(&request) {
            checked.findings.clear();
        }
        checked
    }

    /// The verdict on a request that nobody was asked.
    pub(crate) fn judge_refused(&self, exchange: &Exchange) -> Verdict<'c> {
        let request = self.check(exchange);
        Verdict::Judged(Box::new(Judged { request, response: Vec::new(), unjudged: 0 }))
    }

    fn answer(&self, operation: &'c Operation, exchange: &Exchange, judged: &mut Judged<'c>) {
        if let Some(documented) = operation.request.as_ref().filter(|_| exchange.request_body != Recorded::Whole) {
            judged.unjudged += 1;
            judged.response.push(self.unjudged(
                operation,
                None,
                exchange.request_body,
                "the request body",
                &documented.pointer,
            ));
        }
        let Some(response) = &exchange.response else {
            judged.unjudged += 1;
            judged.response.push(self.unanswered(operation));
            return;
        };
        let documented = operation.response(response.status);
        let (known, reason) = known(&exchange.request, response, exchange.response_body);
        let scrutiny = self.scrutiny(known);
        let findings = exchange::check_answer_as_known(self.contract, operation, &exchange.request, response, scrutiny);
        judged.response.extend(findings);
        if let Some((documented, reason)) =
            documented.zip(reason).filter(|(documented, _)| !documented.content.is_empty())
        {
            judged.unjudged += 1;
            let status = Some(documented.status);
            judged.response.push(self.unjudged(operation, status, reason, "the response body", &documented.pointer));
        }
    }

    fn unjudged(
        &self,
        operation: &Operation,
        status: Option<StatusKey>,
        why: Recorded,
        what: &str,
        at: &str,
    ) -> Finding {
        let message = match why {
            Recorded::Cut => format!("{what} was not seen to its end, and was not judged"),
            Recorded::Coded => format!("{what} is in a coding that is not undone here, and was not judged"),
            Recorded::Missing | Recorded::Whole => format!("{what} was not recorded, and was not judged"),
        };
        let finding = Finding::new(Rule::part(checks::GI012, why.as_str()), message)
            .provider(self.contract.provider())
            .operation(&operation.id)
            .at(self.contract.document(), at);
        match status {
            Some(status) => finding.status(status),
            None => finding,
        }
    }

    fn unanswered(&self, operation: &Operation) -> Finding {
        Finding::new(Rule::part(checks::GI012, checks::UNANSWERED), "no answer was recorded, and none was judged")
            .provider(self.contract.provider())
            .operation(&operation.id)
            .at(self.contract.document(), &operation.pointer)
    }
}

/// Whether the body of an answer is known, and if it is not, why it should be.
fn known(request: &Request, response: &Response, recorded: Recorded) -> (bool, Option<Recorded>) {
    // These have none, whatever was recorded (RFC 9110, sections 6.4.1, 15.3.5 and 15.4.5).
    if request.method.eq_ignore_ascii_case("HEAD") {
        return (false, None);
    }
    if matches!(response.status, 100..200 | 204 | 205 | 304) {
        return (recorded == Recorded::Whole, None);
    }
    (recorded == Recorded::Whole, Some(recorded).filter(|recorded| *recorded != Recorded::Whole))
}
