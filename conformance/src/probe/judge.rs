//! What is found about an answer.

use std::time::Duration;

use super::case::{Case, Expects};
use super::credentials::Presents;
use super::send::{Answer, NoAnswer};
use crate::checks::{self, Check, Rule};
use crate::contract::Contract;
use crate::coverage::Marks;
use crate::exchange::{Response, Scrutiny, check_answer_as_known};
use crate::finding::{Finding, Severity};
use crate::traffic::Recorded;

/// Statuses that say something other than "the request is wrong": credentials, the state of a resource, limits.
const OTHER_REASONS: [u16; 15] = [401, 402, 403, 404, 408, 409, 410, 412, 422, 423, 424, 425, 428, 429, 451];

/// Statuses that HTTP has for requests that are wrong. They need not be documented to be right.
const REFUSALS: [u16; 12] = [400, 401, 403, 404, 405, 406, 410, 411, 413, 414, 415, 422];

/// What is found about the answer to a case. What of the document it exercises is marked, where there are marks.
pub(super) fn judge(
    contract: &Contract,
    case: &Case,
    answer: &Result<Answer, NoAnswer>,
    limit: Option<Duration>,
    marks: Option<&Marks>,
) -> Vec<Finding> {
    let judging = Judging { contract, case, marks };
    match answer {
        Err(NoAnswer::NotSent) => Vec::new(),
        Err(error) => vec![judging.found(checks::BH010, error.to_string())],
        Ok(answer) => judging.answer(answer, limit),
    }
}

struct Judging<'j> {
    contract: &'j Contract,
    case: &'j Case,
    marks: Option<&'j Marks>,
}

impl Judging<'_> {
    fn found(&self, rule: impl Into<Rule>, message: String) -> Finding {
        let operation = self.contract.spec().operations().get(self.case.operation);
        let finding = Finding::new(rule, message).provider(self.contract.provider());
        match operation {
            Some(operation) => finding.operation(&operation.id).at(self.contract.document(), &operation.pointer),
            None => finding,
        }
    }

    fn answer(&self, answer: &Answer, limit: Option<Duration>) -> Vec<Finding> {
        let response = &answer.response;
        let mut found = Vec::new();
        if response.status >= 500 {
            let message = format!("{}, and was answered {}", self.asked(), response.status);
            found.push(self.found(checks::BH001, message).status(response.status));
        } else {
            found.extend(self.expected(response));
        }
        // Of a method that is not documented, neither is the answer.
        if self.case.expects != Expects::RefusalOfMethod {
            found.extend(self.documented(answer));
        }
        found.extend(answer.leaks.iter().cloned());
        if let Some(limit) = limit.filter(|limit| answer.took > *limit) {
            let message = format!("an answer took longer than {} ms", limit.as_millis());
            found.push(self.found(checks::BH009, message));
        }
        found
    }

    /// Whether the answer is one that the document has.
    fn documented(&self, answer: &Answer) -> Vec<Finding> {
        let response = &answer.response;
        let Some(operation) = self.contract.spec().operations().get(self.case.operation) else { return Vec::new() };
        let is_documented = operation.response(response.status).is_some();
        let refused = self.case.is_to_be_refused() && REFUSALS.contains(&response.status);
        if !is_documented && (response.status >= 500 || refused) {
            return Vec::new();
        }
        let scrutiny = Scrutiny { marks: self.marks, ..answer.scrutiny() };
        let mut found = check_answer_as_known(self.contract, operation, &self.case.request, response, scrutiny);
        if answer.body != Recorded::Whole {
            found.push(self.unjudged(response, answer.body));
        }
        found
    }

    fn unjudged(&self, response: &Response, body: Recorded) -> Finding {
        let message = match body {
            Recorded::Coded => "the response body is in a coding that is not undone here, and was not judged",
            _ => "the response body is larger than is read once its coding is undone, and was not judged",
        };
        self.found(Rule::part(checks::GI012, body.as_str()), message.to_owned()).status(response.status)
    }

    fn expected(&self, response: &Response) -> Option<Finding> {
        let (status, success) = (response.status, response.is_success());
        match &self.case.expects {
            Expects::Acceptance => self.acceptance(status),
            Expects::Refusal { keyword, pointer, instance, .. } if success => {
                let message = format!("{}, and was answered {status}", self.asked());
                let finding = self.found(Rule::part(checks::BH002, keyword), message);
                let finding = finding.at(self.contract.document(), pointer);
                Some(instance.as_deref().map_or_else(|| finding.clone(), |instance| finding.clone().instance(instance)))
            }
            Expects::RefusalOfHeader { name, pointer } if success => {
                let message = format!("the required header field `{name}` was not sent, and the answer was {status}");
                Some(self.found(checks::BH004, message).at(self.contract.document(), pointer))
            }
            Expects::RefusalOfCredentials if success => Some(self.credentials(status)),
            Expects::RefusalOfMethod => self.method(response),
            Expects::Found if matches!(status, 404 | 410) => {
                Some(self.found(checks::BH008, format!("what was created before was answered {status}")))
            }
            Expects::Gone if success => {
                Some(self.found(checks::BH007, format!("what was deleted before was answered {status}")))
            }
            _ => None,
        }
    }

    fn acceptance(&self, status: u16) -> Option<Finding> {
        if !(400..500).contains(&status) || OTHER_REASONS.contains(&status) {
            return None;
        }
        Some(self.found(checks::BH003, format!("{}, and was answered {status}", self.asked())).status(status))
    }

    fn credentials(&self, status: u16) -> Finding {
        let (part, what) = match self.case.presents {
            Presents::Wrong => ("wrong", "wrong credentials were sent"),
            _ => ("missing", "no credentials were sent"),
        };
        self.part(checks::BH006, part, format!("{what}, and the answer was {status}"))
    }

    fn method(&self, response: &Response) -> Option<Finding> {
        let method = &self.case.request.method;
        if response.is_success() {
            let message = format!("{method} is not documented, and was answered {}", response.status);
            return Some(self.part(checks::BH005, method, message));
        }
        let silent = response.status == 405 && response.header("allow").is_none();
        silent.then(|| {
            let message = format!("{method} was answered 405 without the `Allow` header");
            let mut finding = self.part(checks::BH005, "allow", message);
            finding.severity = Severity::Warning;
            finding
        })
    }

    fn part(&self, check: &'static Check, part: &str, message: String) -> Finding {
        self.found(Rule::part(check, part), message)
    }

    /// What was asked, in words.
    fn asked(&self) -> String {
        match &self.case.expects {
            Expects::Acceptance => "a request that fits the document was sent".to_owned(),
            Expects::Refusal { message, .. } => format!("a request that breaks the document was sent ({message})"),
            Expects::RefusalOfHeader { name, .. } => format!("a request without the header field `{name}` was sent"),
            Expects::RefusalOfMethod => "a method that is not documented was sent".to_owned(),
            Expects::RefusalOfCredentials => "a request without the right credentials was sent".to_owned(),
            Expects::Found => "what was created before was asked for".to_owned(),
            Expects::Gone => "what was deleted before was asked for".to_owned(),
        }
    }
}
