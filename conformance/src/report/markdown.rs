//! Markdown for the summary of a build step: the table, then the findings, the worst of each provider first.

use std::fmt::Write as _;

use super::markup::escaped;
use super::{CONFIGURATION, Report, counted, place, text};
use crate::finding::Finding;

/// How many findings of a provider are shown: a summary has at most one megabyte.
const MAX_SHOWN: usize = 200;

pub(super) fn render(report: &Report) -> String {
    let mut page = format!("## Conformance: {}\n\n", counted(report));
    write_table(&mut page, &text::rows(report));
    if let Some(exercised) = text::coverage(report) {
        page.push('\n');
        write_table(&mut page, &exercised);
    }
    let providers = report.providers.iter().map(|provider| (provider.provider.as_str(), provider.findings.as_slice()));
    let sections = providers.chain([(CONFIGURATION, report.configuration())]);
    for (name, findings) in sections.filter(|(_, findings)| !findings.is_empty()) {
        let _ = write!(page, "\n### {}\n\n", plain(name));
        page.push_str("| severity | check | operation | where | what | how to fix |\n|---|---|---|---|---|---|\n");
        for finding in findings.iter().take(MAX_SHOWN) {
            write_finding(&mut page, finding);
        }
        let more = findings.len().saturating_sub(MAX_SHOWN);
        if more > 0 {
            let _ = writeln!(page, "\nand {more} more");
        }
    }
    page
}

/// A table with its head first.
fn write_table<R: AsRef<[String]>>(page: &mut String, rows: &[R]) {
    for (number, row) in rows.iter().map(AsRef::as_ref).enumerate() {
        let cells: Vec<_> = row.iter().map(|cell| plain(cell)).collect();
        // Writing to a string cannot fail.
        let _ = writeln!(page, "| {} |", cells.join(" | "));
        if number == 0 {
            let _ = writeln!(page, "|---|{}", "---:|".repeat(row.len() - 1));
        }
    }
}

fn write_finding(page: &mut String, finding: &Finding) {
    let operation = [finding.operation.as_deref(), finding.status.as_deref()];
    let operation = operation.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let mut at = place(finding);
    if let Some(instance) = finding.instance_pointer.as_deref().filter(|pointer| !pointer.is_empty()) {
        let _ = write!(at, " at {instance}");
    }
    let mut cells = [finding.rule.as_str(), &operation, &at, &finding.message, &finding.remedy].map(plain);
    if let Some(waived) = &finding.waived {
        let _ = write!(cells[4], "; **waived:** {}", plain(&waived.to_string()));
    }
    let severity =
        if finding.counts() { finding.severity.to_string() } else { format!("{}, waived", finding.severity) };
    let _ = writeln!(page, "| {severity} | {} |", cells.join(" | "));
}

/// Text that is nothing but text: HTML is escaped, and so is what Markdown would read.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in super::visible(text).chars() {
        match c {
            '&' | '<' | '>' => plain.push_str(&escaped(c.encode_utf8(&mut [0; 4]))),
            // A name with an `@` would call somebody, and an address would become a link.
            '@' => plain.push_str("&#64;"),
            ':' => plain.push_str("&#58;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '+' | '!' | '|' | '~' | '$' => {
                plain.push('\\');
                plain.push(c);
            }
            c => plain.push(c),
        }
    }
    plain
}
