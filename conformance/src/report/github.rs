//! Workflow commands, which GitHub shows as annotations of the files.
//! <https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions>

use std::fmt::Write as _;

use super::Report;
use crate::finding::{Finding, Severity};

pub(super) fn render(report: &Report) -> String {
    let mut text = String::new();
    for finding in report.findings() {
        write_command(&mut text, finding);
    }
    text
}

fn write_command(text: &mut String, finding: &Finding) {
    let command = match finding.severity {
        _ if !finding.counts() => "notice",
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let waived = finding.waived.as_ref().map(|waived| format!("\nwaived: {waived}")).unwrap_or_default();
    let subject = [Some(finding.provider.as_str()), finding.operation.as_deref(), finding.status.as_deref()];
    let subject: Vec<_> = subject.into_iter().flatten().filter(|word| !word.is_empty()).collect();
    let properties = [
        ("file", finding.file.clone()),
        ("line", finding.line.map(|line| line.to_string())),
        ("col", finding.column.map(|column| column.to_string())),
        (
            "title",
            Some(
                format!("{}{} {}", if finding.counts() { "" } else { "waived: " }, finding.rule, subject.join(" "))
                    .trim_end()
                    .to_owned(),
            ),
        ),
    ];
    let properties: Vec<_> =
        properties.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", property(&value?)))).collect();
    let message = data(&format!("{}\nhelp: {}{waived}", finding.message, finding.remedy));
    // Writing to a string cannot fail.
    let _ = writeln!(text, "::{command} {}::{message}", properties.join(","));
}

/// What follows the second `::`. A line's end would begin another command; what else a terminal obeys has no place in a log.
fn data(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' => escaped.push_str("%25"),
            '\r' => escaped.push_str("%0D"),
            '\n' => escaped.push_str("%0A"),
            c => escaped.push_str(&super::visible(c.encode_utf8(&mut [0; 4]))),
        }
    }
    escaped
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
