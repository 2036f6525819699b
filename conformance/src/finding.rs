//! The one model of what was found, whoever found it.

use std::fmt;

use chrono::NaiveDate;
pub use obkit_codegen::Severity;
use obkit_codegen::{Document, Note, Origin};
use sha2::{Digest, Sha256};

use crate::checks::{Check, GI012, Rule};
use crate::pointer;
use crate::remarks::Remark;
use crate::violation::{Violation, told_pointer};

/// One thing that was found. What does not apply is absent.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// The check, or its part, such as `RT030/required`.
    pub rule: Rule,
    /// How bad it is.
    pub severity: Severity,
    /// The provider's name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub provider: String,
    /// The operation's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// The response status, as documented (`200`, `4XX`, `default`) or as seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The media type of the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// The place in the document that decides; a JSON pointer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema_pointer: Option<String>,
    /// The file that `line` and `column` speak of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line, from one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The column, from one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// The place in the payload; a JSON pointer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance_pointer: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
    /// What a waiver names: a hash of rule, provider, operation, status, media type, schema pointer
    /// and instance pointer. It stays the same when words, lines or array indexes change.
    pub fingerprint: String,
    /// Why it does not count; absent, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waived: Option<Waived>,
}

/// Why a finding does not count for the verdict: what a [waiver](crate::verdict::Waiver) says of it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct Waived {
    /// Why it may be as it is.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The last day on which it may be.
    pub expires: NaiveDate,
    /// Where to read more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
}

impl fmt::Display for Waived {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { reason, owner, expires, evidence } = self;
        write!(f, "{reason} ({owner}, until {expires}")?;
        match evidence {
            Some(evidence) => write!(f, ", see {evidence})"),
            None => f.write_str(")"),
        }
    }
}

impl Finding {
    /// A finding of a check, or of a part of it, that says what and, with the other methods, where. It is as bad as the check
    /// says, and has its remedy.
    #[must_use]
    pub fn new(rule: impl Into<Rule>, message: impl Into<String>) -> Self {
        let rule = rule.into();
        Self {
            severity: rule.check().severity(),
            remedy: rule.check().remedy().to_owned(),
            rule,
            provider: String::new(),
            operation: None,
            status: None,
            media_type: None,
            schema_pointer: None,
            file: None,
            line: None,
            column: None,
            instance_pointer: None,
            message: message.into(),
            fingerprint: String::new(),
            waived: None,
        }
        .sealed()
    }

    /// A finding about a violation; the violated keyword becomes part of the rule.
    #[must_use]
    pub fn of_violation(check: &'static Check, document: &Document, violation: &Violation) -> Self {
        Self::new(Rule::part(check, &violation.keyword), &violation.message)
            .at(document, &violation.schema_pointer)
            .instance(&violation.instance_path)
    }

    /// A finding of what is to be said of a value that may be valid.
    #[must_use]
    pub fn of_remark(document: &Document, Remark { rule, violation }: Remark) -> Self {
        Self::new(rule, violation.message).at(document, &violation.schema_pointer).instance(&violation.instance_path)
    }

    /// Knows better what to do than the check.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = remedy.into();
        self
    }

    /// Names the provider.
    #[must_use]
    pub fn provider(mut self, name: &str) -> Self {
        name.clone_into(&mut self.provider);
        self.sealed()
    }

    /// Names the operation.
    #[must_use]
    pub fn operation(mut self, id: &str) -> Self {
        self.operation = Some(id.to_owned());
        self.sealed()
    }

    /// Names the response.
    #[must_use]
    pub fn status(mut self, status: impl fmt::Display) -> Self {
        self.status = Some(status.to_string());
        self.sealed()
    }

    /// Names the media type.
    #[must_use]
    pub fn media_type(mut self, media_type: &str) -> Self {
        self.media_type = Some(media_type.to_owned());
        self.sealed()
    }

    /// Places the finding in a document: pointer, file, line and column, in its author's terms.
    #[must_use]
    pub fn at(mut self, document: &Document, pointer: &str) -> Self {
        self.schema_pointer = Some(document.origin(pointer).pointer);
        self.placed(document, pointer).sealed()
    }

    /// Shows another place of the document than the one that decides: an example that is wrong is
    /// to be corrected where it stands.
    #[must_use]
    pub fn placed(mut self, document: &Document, pointer: &str) -> Self {
        let Origin { file, position, .. } = document.origin(pointer);
        self.file = Some(file.display().to_string());
        self.line = position.map(|position| position.line);
        self.column = position.map(|position| position.column);
        self
    }

    /// Names the place in the document that decides.
    #[must_use]
    pub(crate) fn schema_pointer(mut self, pointer: &str) -> Self {
        self.schema_pointer = Some(pointer.to_owned());
        self.sealed()
    }

    /// Places the finding where a note on the document is.
    #[must_use]
    pub fn noted(mut self, document: &Document, note: &Note) -> Self {
        self.schema_pointer = Some(note.pointer.clone());
        self.file = Some(note.file(document.file()).display().to_string());
        (self.line, self.column) = (Some(note.line), Some(note.column));
        self.sealed()
    }

    /// Places the finding in the payload. Names that may be numbers of accounts are left out.
    #[must_use]
    pub fn instance(mut self, pointer: &str) -> Self {
        self.instance_pointer = Some(told_pointer(pointer).into_owned());
        self.sealed()
    }

    /// Places the finding by names of a document, a folder or the configuration: they are no payload.
    #[must_use]
    pub(crate) fn named(mut self, pointer: &str) -> Self {
        self.instance_pointer = Some(pointer.to_owned());
        self.sealed()
    }

    /// Whether it counts for the verdict: it is not waived.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.waived.is_none()
    }

    /// The first 16 hexadecimal digits of a SHA-256 over rule, provider, operation, status, media
    /// type, schema pointer and instance pointer with array indexes as `*`. Neither words nor
    /// lines take part, so that a waiver outlives an edit.
    fn sealed(mut self) -> Self {
        let instance = self.instance_pointer.as_deref().map(pointer::generalized);
        let parts = [
            Some(self.rule.as_str()),
            Some(self.provider.as_str()),
            self.operation.as_deref(),
            self.status.as_deref(),
            self.media_type.as_deref(),
            self.schema_pointer.as_deref(),
            instance.as_deref(),
        ];
        let mut hash = Sha256::new();
        for part in parts {
            // A separator that no part holds, and a mark for what is absent.
            hash.update(part.unwrap_or("\u{1}").as_bytes());
            hash.update([0]);
        }
        let digit = |digit: u8| char::from(b"0123456789abcdef"[usize::from(digit)]);
        let digest = hash.finalize();
        self.fingerprint.clear();
        self.fingerprint.extend(digest.iter().take(8).flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]));
        self
    }
}

/// Findings that are too many to be told one by one: how bad the worst of them is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Untold(Option<Severity>);

impl Untold {
    pub(crate) fn count(&mut self, severity: Severity) {
        self.0 = self.0.max(Some(severity));
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.0 = self.0.max(other.0);
    }

    /// The same, where it is refused.
    pub(crate) fn refused(self) -> Self {
        Self(self.0.map(|_| Severity::Error))
    }

    /// That there is more than what is told, and as bad as the worst of it; nothing, where there is not.
    pub(crate) fn finding(self, told: &str) -> Option<Finding> {
        let Self(worst) = self;
        let finding = Finding::new(Rule::part(GI012, "untold"), format!("there is more than {told}"));
        Some(Finding { severity: worst?, ..finding.remedy("mend what is told, and look again") })
    }
}
