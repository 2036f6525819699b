//! TAP 14 (<https://testanything.org/tap-version-14-specification.html>): a line per check of an operation.

use std::fmt::Write as _;

use serde_json::json;

use super::case::cases;
use super::{Report, is_hidden, place, visible};

pub(super) fn render(report: &Report) -> String {
    let cases = cases(report);
    let cases: Vec<_> =
        cases.iter().flat_map(|(provider, cases)| cases.iter().map(move |case| (provider, case))).collect();
    let mut tap = format!("TAP version 14\n1..{}\n", cases.len());
    for (number, (provider, case)) in (1..).zip(&cases) {
        let ok = if case.has_failed() { "not ok" } else { "ok" };
        let description = description(&format!("{provider} {} {}", case.class, case.name));
        // Writing to a string cannot fail.
        let skip = case.waived().map(|waived| format!(" # SKIP {}", self::description(&waived))).unwrap_or_default();
        let _ = writeln!(tap, "{ok} {number} - {description}{skip}");
        if !case.findings.is_empty() {
            tap.push_str("  ---\n  findings:\n");
            for finding in &case.findings {
                // JSON is YAML, and has no line of its own to end.
                let (rule, at) = (finding.rule.as_str(), place(finding));
                let mut told = json!({
                    "rule": rule, "severity": finding.severity, "at": at, "message": finding.message, "help": finding.remedy,
                });
                if let Some(waived) = &finding.waived {
                    told["waived"] = waived.to_string().into();
                }
                let _ = writeln!(tap, "    - {}", ascii_escapes(&told.to_string()));
            }
            tap.push_str("  ...\n");
        }
    }
    tap
}

/// JSON in which what is not to be seen is escaped as JSON has it. Such characters stand in its texts only.
fn ascii_escapes(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        if is_hidden(c) {
            let _ = write!(escaped, "\\u{:04x}", u32::from(c));
        } else {
            escaped.push(c);
        }
    }
    escaped
}

/// A description says nothing to the harness: `#` would begin a directive.
fn description(text: &str) -> String {
    visible(text).replace('\\', "\\\\").replace('#', "\\#")
}
