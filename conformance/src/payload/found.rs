//! What a payload line violates, as findings.

use obkit_codegen::spec::Operation;

use super::{Line, Status};
use crate::checks::{self, Rule};
use crate::contract::Contract;
use crate::finding::Finding;
use crate::violation::Violation;

/// The findings of one line.
pub(super) fn of_line<'f>(
    contract: &'f Contract,
    number: usize,
    line: &'f Line,
    violations: &'f [Violation],
) -> impl Iterator<Item = Finding> + 'f {
    let operation = line.op.as_deref().and_then(|op| contract.spec().operation(op));
    let status = operation.and_then(|operation| documented(operation, line.status.as_ref()?));
    violations.iter().map(move |violation| {
        let rule = match violation.keyword.as_str() {
            "status" => checks::RT010.into(),
            "contentType" => checks::RT020.into(),
            "requestBody" => checks::RT021.into(),
            keyword => Rule::part(checks::RT030, keyword),
        };
        let mut finding = Finding::new(rule, format!("payload line {number}: {}", violation.message))
            .provider(contract.provider())
            .at(contract.document(), &violation.schema_pointer)
            .instance(&violation.instance_path);
        if let Some(operation) = operation {
            finding = finding.operation(&operation.id);
        }
        if let Some(status) = &status {
            finding = finding.status(status);
        }
        match &line.content_type {
            Some(media_type) => finding.media_type(media_type),
            None => finding,
        }
    })
}

/// The status as the document has it, or else as the line does.
fn documented(operation: &Operation, status: &Status) -> Option<String> {
    let said = match status {
        Status::Number(code) => code.to_string(),
        Status::Text(text) => text.clone(),
    };
    let known = said.parse().ok().and_then(|code| operation.response(code));
    Some(known.map_or(said, |response| response.status.to_string()))
}
