//! What is told in the end: a table, then every finding.

use std::fmt::Write as _;

use serde::Serialize;

use crate::finding::{Finding, Severity};
use crate::suite::ProviderReport;

/// The reports of all providers of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// One for each provider, in the order they were run.
    pub providers: Vec<ProviderReport>,
}

const HEADER: [&str; 9] = [
    "provider",
    "operations",
    "examples",
    "round trips",
    "mapped",
    "client calls",
    "domain calls",
    "findings",
    "coverage",
];

impl Report {
    /// All findings, provider by provider, the worst first.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.providers.iter().flat_map(|provider| &provider.findings)
    }

    /// Whether any finding is at least as bad as this.
    #[must_use]
    pub fn fails_on(&self, severity: Severity) -> bool {
        self.findings().any(|finding| finding.severity >= severity)
    }

    /// Whether a provider's run proves nothing, or there was no provider at all.
    #[must_use]
    pub fn nothing_checked(&self) -> bool {
        self.providers.is_empty() || self.providers.iter().any(|provider| provider.nothing_checked)
    }

    /// The report as JSON.
    ///
    /// # Errors
    /// Never for a report of this crate; the serializer's signature allows it.
    pub fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self)
    }

    /// The report as text, for people; coloured when the caller knows that it goes to a terminal.
    #[must_use]
    pub fn to_text(&self, colour: bool) -> String {
        let mut text = self.table();
        for finding in self.findings() {
            text.push('\n');
            write_finding(&mut text, finding, colour);
        }
        for provider in self.providers.iter().filter(|provider| provider.nothing_checked) {
            // Writing to a string cannot fail.
            let _ = write!(text, "\n{}: nothing was checked\n", provider.provider);
        }
        text
    }

    fn table(&self) -> String {
        let mut rows = vec![HEADER.map(str::to_owned)];
        rows.extend(self.providers.iter().map(row));
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<_> = (0..HEADER.len()).map(width).collect();
        let mut text = String::new();
        for row in &rows {
            let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, width))| match column {
                0 => format!("{cell:<width$}"),
                _ => format!("{cell:>width$}"),
            });
            text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
            text.push('\n');
        }
        text
    }
}

fn row(provider: &ProviderReport) -> [String; 9] {
    let coverage = &provider.coverage;
    [
        provider.provider.clone(),
        provider.operations.to_string(),
        provider.examples.to_string(),
        provider.round_trips.to_string(),
        provider.mapped.to_string(),
        (provider.calls + provider.error_calls).to_string(),
        provider.domain_calls.to_string(),
        provider.findings.len().to_string(),
        format!(
            "{}/{} operations, {}/{} responses",
            coverage.operations.done, coverage.operations.of, coverage.responses.done, coverage.responses.of
        ),
    ]
}

/// `error[RT030/required] getAccount: file:12:3 at /data/0`, the message, and what to do.
fn write_finding(text: &mut String, finding: &Finding, colour: bool) {
    let (start, end) = match (colour, finding.severity) {
        (false, _) => ("", ""),
        (true, Severity::Error) => ("\u{1b}[1;31m", "\u{1b}[0m"),
        (true, Severity::Warning) => ("\u{1b}[1;33m", "\u{1b}[0m"),
        (true, Severity::Info) => ("\u{1b}[1;36m", "\u{1b}[0m"),
    };
    let subject: Vec<_> = [Some(finding.provider.as_str()), finding.operation.as_deref(), finding.status.as_deref()]
        .into_iter()
        .flatten()
        .filter(|word| !word.is_empty())
        .collect();
    let mut place = finding.file.clone().unwrap_or_default();
    for number in [finding.line, finding.column].into_iter().flatten() {
        let _ = write!(place, ":{number}");
    }
    if let Some(instance) = finding.instance_pointer.as_deref().filter(|pointer| !pointer.is_empty()) {
        let _ = write!(place, " at {instance}");
    }
    let _ = writeln!(text, "{start}{}[{}]{end} {}", finding.severity, finding.rule, subject.join(" "));
    for (label, line) in [("-->", place.trim()), ("   ", &finding.message), ("help:", &finding.remedy)] {
        if !line.is_empty() {
            let _ = writeln!(text, "  {label} {line}");
        }
    }
}
