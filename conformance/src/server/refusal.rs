//! What is answered to requests that break the contract.

use hyper::StatusCode;
use obkit_codegen::spec::{Operation, Response, StatusKey};
use serde_json::json;

use super::breach::Breach;
use crate::contract::is_success;
use crate::finding::{Finding, Severity};

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// There is no such path.
    Path,
    /// The path does not have the method.
    Method,
    /// No credentials are where they are asked for.
    Credentials,
    /// The body is of a media type that is not documented.
    MediaType,
    /// Parameters are not as documented, or the body cannot be read.
    Malformed,
    /// The body does not fit its schema.
    Invalid,
    /// What the document asks for cannot be judged.
    Unenforceable,
    /// No documented media type is acceptable.
    NotAcceptable,
    /// A preference cannot be met, and `handling=strict` asks for that to be an error.
    Preference,
    /// The head is larger than what is read.
    HeadTooLarge,
    /// The body is larger than what is read.
    TooLarge,
    /// The body takes too long.
    TooSlow,
    /// Nothing can be answered: the document says too little, or nothing fits its schema.
    NoAnswer,
}

impl Refusal {
    /// Why these findings refuse a request, the reason that goes first; none when they do not.
    pub(crate) fn of(findings: &[Finding]) -> Option<Self> {
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
        let reason = |finding: &Finding| match finding.rule.check().id() {
            "RT001" => (0, Self::Path),
            "RT002" => (0, Self::Method),
            "RT060" => (1, Self::Credentials),
            "RT020" => (2, Self::MediaType),
            "GI001" => (3, Self::Unenforceable),
            "RT030" => (5, Self::Invalid),
            _ => (4, Self::Malformed),
        };
        errors.map(reason).min_by_key(|(rank, _)| *rank).map(|(_, refusal)| refusal)
    }

    /// The statuses that say so, the fittest first.
    fn statuses(self) -> &'static [u16] {
        match self {
            Self::Path => &[404],
            Self::Method => &[405],
            Self::Credentials => &[401],
            Self::MediaType => &[415],
            Self::Malformed => &[400, 422],
            Self::Invalid => &[422, 400],
            Self::Unenforceable => &[500],
            Self::NotAcceptable => &[406],
            Self::Preference => &[400],
            Self::HeadTooLarge => &[431],
            Self::TooLarge => &[413],
            Self::TooSlow => &[408],
            Self::NoAnswer => &[501],
        }
    }

    /// The status when the document has none for it. Only documents that know 422 mean it.
    pub(crate) fn status(self) -> u16 {
        if self == Self::Invalid { 400 } else { self.statuses()[0] }
    }

    /// The status and the response that an operation documents for it: an exact one, else its range, else `default`.
    pub(super) fn documented(self, operation: &Operation) -> Option<(u16, &Response)> {
        // What the server does not do is nothing that a document speaks of.
        if matches!(self, Self::Unenforceable | Self::Preference | Self::NoAnswer) {
            return None;
        }
        let exact = |status: &u16| {
            let response = operation.responses.iter().find(|response| response.status == StatusKey::Code(*status));
            response.map(|response| (*status, response))
        };
        self.statuses().iter().find_map(exact).or_else(|| {
            let status = self.status();
            let response = operation.response(status)?;
            (!is_success(operation, response.status)).then_some((status, response))
        })
    }
}

/// A problem as RFC 9457 writes it, as JSON text.
pub(super) fn problem(status: StatusCode, detail: &str, breaches: &[Breach]) -> String {
    let title = status.canonical_reason().unwrap_or("Error");
    let mut problem = json!({"type": "about:blank", "title": title, "status": status.as_u16(), "detail": detail});
    if !breaches.is_empty() {
        problem["violations"] = json!(breaches);
    }
    problem.to_string()
}
