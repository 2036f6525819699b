//! What a payload line violates, as findings.

use obkit_codegen::spec::Operation;

use super::line::{Line, Status};
use super::{BadInput, Summary, UNREADABLE};
use crate::checks::{self, Rule};
use crate::contract::Contract;
use crate::finding::{Finding, Severity};
use crate::media_type;
use crate::remarks::Remark;
use crate::validator::CompileError;
use crate::violation::{UNDECLARED, Violation};

/// Lines that say nothing that could be judged: whatever they were meant to be, they have not passed.
pub(super) fn unread(contract: &Contract, summary: &Summary) -> Option<Finding> {
    let BadInput { line, message, remedy } = summary.bad_input.first()?;
    let more = if summary.bad_lines > 1 { format!(", and {} more", summary.bad_lines - 1) } else { String::new() };
    let finding = Finding::new(Rule::part(checks::GI012, "line"), format!("payload line {line}{more}: {message}"));
    Some(Finding { severity: Severity::Error, ..finding.provider(contract.provider()).remedy(remedy) })
}

/// What the findings of one line have in common.
pub(super) struct Found<'f> {
    contract: &'f Contract,
    number: usize,
    line: &'f Line,
    operation: Option<&'f Operation>,
    status: Option<String>,
}

impl<'f> Found<'f> {
    pub(super) fn new(contract: &'f Contract, number: usize, line: &'f Line) -> Self {
        let operation = line.op.as_deref().and_then(|op| contract.spec().operation(op));
        let status = operation.and_then(|operation| documented(operation, line.status.as_ref()?));
        Self { contract, number, line, operation, status }
    }

    /// What makes a payload invalid.
    pub(super) fn of_violation(&self, violation: &Violation) -> Finding {
        let rule = match violation.keyword.as_str() {
            "status" => checks::RT010.into(),
            "contentType" => checks::RT020.into(),
            UNREADABLE => checks::RT023.into(),
            "requestBody" => checks::RT021.into(),
            UNDECLARED => Rule::part(checks::RT033, "property"),
            keyword => Rule::part(checks::RT030, keyword),
        };
        // The profile that was asked for refuses it: then it is no mere remark, whatever the check says of others.
        Finding { severity: Severity::Error, ..self.of_remark(Remark { rule, violation: violation.clone() }) }
    }

    /// What keeps a payload from being judged.
    pub(super) fn of_unenforceable(&self, error: &CompileError) -> Finding {
        let finding = Finding::new(checks::GI001, error.to_string());
        self.placed(finding.at(self.contract.document(), &error.schema_pointer))
    }

    pub(super) fn of_remark(&self, remark: Remark) -> Finding {
        self.placed(Finding::of_remark(self.contract.document(), remark))
    }

    fn placed(&self, finding: Finding) -> Finding {
        let mut finding = finding.provider(self.contract.provider());
        finding.message = format!("payload line {}: {}", self.number, finding.message);
        if let Some(operation) = self.operation {
            finding = finding.operation(&operation.id);
        }
        if let Some(status) = &self.status {
            finding = finding.status(status);
        }
        // Whatever else stands there is not told.
        match self.line.content_type.as_deref().and_then(media_type::told) {
            Some(media_type) => finding.media_type(&media_type),
            None => finding,
        }
    }
}

/// The status as the document has it, or else as the line does; none, where it is no status.
fn documented(operation: &Operation, status: &Status) -> Option<String> {
    let said = match status {
        Status::Number(code) => code.to_string(),
        Status::Text(text) => text.clone(),
    };
    if let Some(response) = operation.responses.iter().find(|response| response.status.to_string() == said) {
        return Some(response.status.to_string());
    }
    let code: u16 = said.parse().ok()?;
    Some(operation.response(code).map_or_else(|| code.to_string(), |response| response.status.to_string()))
}
