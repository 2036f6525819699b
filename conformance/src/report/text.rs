//! For people: a table, then every finding.

use std::fmt::Write as _;
use std::ops::Range;

use super::{CONFIGURATION, Report, place, visible};
use crate::coverage::Dimension;
use crate::finding::{Finding, Severity};
use crate::suite::ProviderReport;
use crate::verdict::Verdict;

const HEADER: [&str; 12] = [
    "provider",
    "operations",
    "examples",
    "round trips",
    "payloads",
    "mutants",
    "mapped",
    "client calls",
    "domain calls",
    "exchanges",
    "findings",
    "coverage",
];

/// The columns of what a run did, which depends on its kind.
const COUNTS: Range<usize> = 2..10;

pub(super) fn render(report: &Report, colour: bool) -> String {
    let mut text = table(&rows(report));
    let exercised = exercised(report);
    if !exercised.is_empty() {
        text.push('\n');
        text.push_str(&exercised);
    }
    for finding in report.findings() {
        text.push('\n');
        write_finding(&mut text, finding, colour);
    }
    for provider in report.providers.iter().filter(|provider| provider.nothing_checked && report.shard.is_whole()) {
        // Writing to a string cannot fail.
        let _ = write!(text, "\n{}: nothing was checked\n", visible(&provider.provider));
    }
    text
}

/// How much of each dimension was exercised, as a table; empty where nothing is known of any operation.
pub(crate) fn exercised(report: &Report) -> String {
    coverage(report).map(|cells| table(&cells)).unwrap_or_default()
}

/// Findings without a table around them, the worst first.
pub(crate) fn findings(findings: &[Finding]) -> String {
    let mut sorted: Vec<_> = findings.iter().collect();
    sorted.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let mut text = String::new();
    sorted.into_iter().for_each(|finding| write_finding(&mut text, finding, false));
    text
}

/// The table as cells, its head first: what Markdown and HTML show, too. Counts that are zero everywhere are those of another kind of run, and left
/// out. What is wrong with the configuration has a row of its own.
pub(super) fn rows(report: &Report) -> Vec<Vec<String>> {
    let providers: Vec<_> = report.providers.iter().map(row).collect();
    let is_told = |column: usize| !COUNTS.contains(&column) || providers.iter().any(|row| row[column] != "0");
    let told = |row: &[String; 12]| (0..row.len()).filter(|at| is_told(*at)).map(|at| row[at].clone()).collect();
    let configuration = report.verdict.iter().filter(|verdict| !verdict.findings.is_empty()).map(row_of_configuration);
    std::iter::once(HEADER.map(str::to_owned))
        .chain(providers.iter().cloned())
        .chain(configuration)
        .map(|row| told(&row))
        .collect()
}

fn row_of_configuration(verdict: &Verdict) -> [String; 12] {
    let mut row = [const { String::new() }; 12];
    (row[0], row[10]) = (CONFIGURATION.to_owned(), verdict.findings.len().to_string());
    row
}

/// How much of each dimension was exercised, as cells, the head first; none where nothing is known of any operation.
pub(super) fn coverage(report: &Report) -> Option<Vec<[String; 8]>> {
    let known: Vec<_> = report.providers.iter().filter(|provider| !provider.coverage.tree.is_empty()).collect();
    let cells = |first: &str, cell: &dyn Fn(Dimension) -> String| {
        let [a, b, c, d, e, f, g] = Dimension::ALL.map(cell);
        [visible(first), a, b, c, d, e, f, g]
    };
    let head = cells("exercised", &|dimension| dimension.as_str().to_owned());
    let row = |provider: &&ProviderReport| {
        cells(&provider.provider, &|dimension| provider.coverage.of(dimension).to_string())
    };
    (!known.is_empty()).then(|| std::iter::once(head).chain(known.iter().map(row)).collect())
}

fn table<R: AsRef<[String]>>(rows: &[R]) -> String {
    let rows = || rows.iter().map(AsRef::as_ref);
    let width = |column: usize| rows().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<_> = (0..rows().next().map_or(0, <[_]>::len)).map(width).collect();
    let mut text = String::new();
    for row in rows() {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, width))| match column {
            0 => format!("{cell:<width$}"),
            _ => format!("{cell:>width$}"),
        });
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}

fn row(provider: &ProviderReport) -> [String; 12] {
    let coverage = &provider.coverage;
    [
        visible(&provider.provider),
        provider.operations.to_string(),
        provider.examples.to_string(),
        provider.round_trips.to_string(),
        (provider.tried.payloads + provider.tried.additions + provider.payloads).to_string(),
        provider.tried.mutants.to_string(),
        provider.mapped.to_string(),
        (provider.calls + provider.error_calls).to_string(),
        provider.domain_calls.to_string(),
        provider.exchanges.to_string(),
        match provider.findings.iter().filter(|finding| !finding.counts()).count() {
            0 => provider.findings.len().to_string(),
            waived => format!("{} ({waived} waived)", provider.findings.len() - waived),
        },
        format!("{} operations, {} responses", coverage.of(Dimension::Operations), coverage.of(Dimension::Responses)),
    ]
}

/// `error[RT030/required] getAccount: file:12:3 at /data/0`, the message, and what to do.
pub(crate) fn write_finding(text: &mut String, finding: &Finding, colour: bool) {
    let (start, end) = match (colour, finding.severity) {
        (false, _) => ("", ""),
        (true, _) if !finding.counts() => ("\u{1b}[2m", "\u{1b}[0m"),
        (true, Severity::Error) => ("\u{1b}[1;31m", "\u{1b}[0m"),
        (true, Severity::Warning) => ("\u{1b}[1;33m", "\u{1b}[0m"),
        (true, Severity::Info) => ("\u{1b}[1;36m", "\u{1b}[0m"),
    };
    let subject: Vec<_> = [Some(finding.provider.as_str()), finding.operation.as_deref(), finding.status.as_deref()]
        .into_iter()
        .flatten()
        .filter(|word| !word.is_empty())
        .collect();
    let mut place = place(finding);
    if let Some(instance) = finding.instance_pointer.as_deref().filter(|pointer| !pointer.is_empty()) {
        let _ = write!(place, " at {instance}");
    }
    let severity = if finding.counts() { finding.severity.to_string() } else { "waived".to_owned() };
    let subject = visible(&subject.join(" "));
    let _ = writeln!(text, "{}", format!("{start}{severity}[{}]{end} {subject}", finding.rule).trim_end());
    let waived = finding.waived.as_ref().map(ToString::to_string).unwrap_or_default();
    let lines = [("-->", place.trim()), ("   ", &finding.message), ("help:", &finding.remedy), ("waived:", &waived)];
    for (label, line) in lines {
        if !line.is_empty() {
            let _ = writeln!(text, "  {label} {}", visible(line));
        }
    }
}
