//! What is wrong with a request, as its sender and the log are told.

use serde::Serialize;

use crate::exchange::{Checked, Place};
use crate::finding::{Finding, Severity};

/// How many breaches the header field of an answer names.
const MAX_IN_FIELD: usize = 8;

/// One way in which a request breaks its contract. It holds no value of the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Breach {
    /// The part of the request: `path`, `method`, `query`, `header`, `cookie`, `security` or `body`; `answer`, where it is not the request.
    pub location: &'static str,
    /// Where in this part; a JSON pointer. Parameters stand under their names.
    pub pointer: String,
    /// The keyword of the schema that is violated, or what else is asked for.
    pub keyword: String,
    /// What is wrong.
    pub message: String,
    /// The place in the document that decides; a JSON pointer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
}

impl Breach {
    pub(crate) fn of(finding: &Finding, place: Place<'_>) -> Self {
        Self { location: place.location, pointer: place.pointer(finding), ..Self::of_answer(finding) }
    }

    /// The same about an answer, of which nobody names the parts.
    pub(crate) fn of_answer(finding: &Finding) -> Self {
        let id = finding.rule.to_string();
        let (rule, keyword) = id.split_once('/').unwrap_or((&id, ""));
        let keyword = match (rule, keyword) {
            ("RT001", _) => "paths",
            ("RT002", _) => "method",
            ("RT010", _) => "status",
            ("RT020", _) => "contentType",
            ("RT021", _) => "requestBody",
            ("RT022", _) => "required",
            ("RT023", _) => "syntax",
            ("RT033", _) => "parameters",
            ("RT060", _) => "security",
            (_, "") => rule,
            (_, keyword) => keyword,
        };
        Self {
            location: "answer",
            pointer: finding.instance_pointer.clone().unwrap_or_default(),
            keyword: keyword.to_owned(),
            message: finding.message.clone(),
            schema: finding.schema_pointer.clone(),
        }
    }
}

/// The breaches among the findings about a request, without what is merely noted.
pub(crate) fn breaches(checked: &Checked<'_>) -> Vec<Breach> {
    let errors = checked.placed().filter(|(finding, _)| finding.severity == Severity::Error);
    errors.map(|(finding, place)| Breach::of(finding, place)).collect()
}

/// Breaches as a list of RFC 8941: `body;pointer="/amount";keyword="type";message="…"`.
pub(super) fn field(breaches: &[Breach]) -> String {
    let item = |breach: &Breach| {
        let Breach { location, pointer, keyword, message, .. } = breach;
        format!(
            "{location};pointer={};keyword={};message={}",
            quoted(pointer),
            quoted(keyword),
            quoted(&message.chars().take(200).collect::<String>())
        )
    };
    breaches.iter().take(MAX_IN_FIELD).map(item).collect::<Vec<_>>().join(", ")
}

/// A string of RFC 8941, which has printable ASCII only.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            ' '..='~' => quoted.push(character),
            _ => quoted.push('?'),
        }
    }
    quoted.push('"');
    quoted
}
