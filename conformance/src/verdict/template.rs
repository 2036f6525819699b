//! Waivers to be filled in.

use std::collections::HashSet;
use std::fmt::Write as _;

use chrono::{Days, NaiveDate};

use crate::finding::Finding;
use crate::report::{Report, visible};

/// How long a waiver is proposed to hold, in days.
const DAYS: u64 = 90;

/// An entry for each finding that counts, to be put into `obkit.toml`. Reason and owner are to be filled in: until then, the entry is
/// a finding itself.
#[must_use]
pub fn template(report: &Report, today: NaiveDate) -> String {
    let expires = today.checked_add_days(Days::new(DAYS)).unwrap_or(today);
    let mut seen = HashSet::new();
    let findings = report.providers.iter().flat_map(|provider| &provider.findings).filter(|finding| finding.counts());
    let mut text = String::new();
    for finding in findings.filter(|finding| seen.insert(finding.fingerprint.as_str())) {
        write_entry(&mut text, finding, expires);
    }
    text
}

fn write_entry(text: &mut String, finding: &Finding, expires: NaiveDate) {
    if !text.is_empty() {
        text.push('\n');
    }
    // Writing to a string cannot fail.
    let _ = writeln!(text, "# {}\n[[waivers]]", visible(&finding.message));
    let keys = [
        ("check", Some(finding.rule.as_str())),
        ("fingerprint", Some(finding.fingerprint.as_str())),
        ("provider", Some(finding.provider.as_str()).filter(|name| !name.is_empty())),
        ("operation", finding.operation.as_deref()),
        ("status", finding.status.as_deref()),
    ];
    for (key, value) in keys {
        // A name with a `*` in it is like itself.
        if let Some(value) = value {
            let _ = writeln!(text, "{key} = {}", quoted(value));
        }
    }
    let _ = writeln!(text, "reason = \"\"\nowner = \"\"\nexpires = {expires}");
}

/// A basic string of TOML: as JSON has it, and a delete character escaped, too.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}
