//! What is told in the end: one model, in the format that is asked for.
//!
//! Reports hold no values of payloads. What they do hold comes from documents of somebody else: each format writes it such that it
//! cannot be taken for something else, neither markup nor a command nor a terminal's escape.

mod case;
mod format;
mod github;
mod html;
mod junit;
mod markdown;
mod markup;
mod merge;
mod ndjson;
mod sarif;
mod tap;
mod text;

use std::io::{self, Write};

use obkit_codegen::spelling;
use serde::{Deserialize, Serialize};

pub use self::format::{Format, UnknownFormat};
pub use self::merge::MergeError;
pub(crate) use self::text::{exercised, findings, write_finding};
use crate::checks;
use crate::finding::{Finding, Severity};
use crate::shard::Shard;
use crate::suite::ProviderReport;
use crate::suite::client::Effort;
use crate::verdict::Verdict;

/// The JSON Schema of a report as JSON.
pub const SCHEMA: &str = include_str!("report.schema.json");

/// The reports of all providers of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// The version of obkit that made it.
    pub version: String,
    /// The part of the work that it is about.
    #[serde(default, skip_serializing_if = "Shard::is_whole")]
    pub shard: Shard,
    /// How much clients were tried with; absent, where none was tried, or not all of them with as much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effort: Option<Effort>,
    /// One for each provider, in the order they were run.
    pub providers: Vec<ProviderReport>,
    /// By what it was judged, and what is wrong with that; absent, where nothing was set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
}

impl Default for Report {
    fn default() -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            shard: Shard::WHOLE,
            effort: None,
            providers: Vec::new(),
            verdict: None,
        }
    }
}

impl Report {
    /// All findings, those that are waived included: provider by provider, the worst first, then those about the configuration.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.providers.iter().flat_map(|provider| &provider.findings).chain(self.configuration())
    }

    /// The findings about what the run was judged by.
    pub(crate) fn configuration(&self) -> &[Finding] {
        self.verdict.as_ref().map_or(&[], |verdict| &verdict.findings)
    }

    /// Whether any finding that counts is at least as bad as this.
    #[must_use]
    pub fn fails_on(&self, severity: Severity) -> bool {
        self.findings().any(|finding| finding.counts() && finding.severity >= severity)
    }

    /// How many findings there are of a severity that count.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.findings().filter(|finding| finding.counts() && finding.severity == severity).count()
    }

    /// How many findings do not count.
    #[must_use]
    pub fn waived(&self) -> usize {
        self.findings().filter(|finding| !finding.counts()).count()
    }

    /// Whether a provider's run proves nothing, or there was no provider at all. A part may well have nothing to do: only of the whole
    /// can it be said.
    #[must_use]
    pub fn nothing_checked(&self) -> bool {
        self.shard.is_whole()
            && (self.providers.is_empty() || self.providers.iter().any(|provider| provider.nothing_checked))
    }

    /// The providers whose generated code is out of date.
    #[must_use]
    pub fn stale(&self) -> Vec<&str> {
        let is_stale = |finding: &Finding| finding.counts() && finding.rule.check() == checks::GI006;
        let stale = self.providers.iter().filter(|provider| provider.findings.iter().any(is_stale));
        stale.map(|provider| provider.provider.as_str()).collect()
    }

    /// Reads a report that was written as JSON.
    ///
    /// # Errors
    /// It is not one, or has findings of checks that this version does not have.
    pub fn read(text: &str) -> serde_json::Result<Self> {
        serde_json::from_str(text)
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
        text::render(self, colour)
    }

    /// The report in a format; text without colours.
    #[must_use]
    pub fn render(&self, format: Format) -> String {
        let mut bytes = Vec::new();
        // Writing to memory cannot fail.
        let _ = self.write(format, &mut bytes);
        String::from_utf8(bytes).unwrap_or_default()
    }

    /// Writes the report in a format; text without colours.
    ///
    /// # Errors
    /// Writing fails.
    pub fn write(&self, format: Format, out: &mut dyn Write) -> io::Result<()> {
        match format {
            Format::Text => out.write_all(text::render(self, false).as_bytes()),
            Format::Json => {
                serde_json::to_writer_pretty(&mut *out, self).map_err(io::Error::from).and_then(|()| writeln!(out))
            }
            Format::Ndjson => ndjson::write(self, out),
            Format::Junit => out.write_all(junit::render(self).as_bytes()),
            Format::Sarif => serde_json::to_writer_pretty(&mut *out, &sarif::render(self))
                .map_err(io::Error::from)
                .and_then(|()| writeln!(out)),
            Format::Markdown => out.write_all(markdown::render(self).as_bytes()),
            Format::Github => out.write_all(github::render(self).as_bytes()),
            Format::Html => out.write_all(html::render(self).as_bytes()),
            Format::Tap => out.write_all(tap::render(self).as_bytes()),
        }
    }
}

/// What the findings about the configuration stand under, where others stand under their provider.
const CONFIGURATION: &str = "configuration";

/// Findings counted in words: `1 error, 2 warnings, 3 waived`.
fn counted(report: &Report) -> String {
    let words = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Info, "note")];
    let counted = words.into_iter().filter_map(|(severity, word)| match report.count(severity) {
        0 => None,
        count => Some(spelling::counted(count, word)),
    });
    let waived = Some(report.waived()).filter(|count| *count > 0).map(|count| format!("{count} waived"));
    let counted: Vec<_> = counted.chain(waived).collect();
    if counted.is_empty() { "no findings".to_owned() } else { counted.join(", ") }
}

/// `file:12:3`, as far as it is known.
fn place(finding: &Finding) -> String {
    let numbers = [finding.line, finding.column].into_iter().flatten().map(|number| format!(":{number}"));
    finding.file.iter().cloned().chain(numbers).collect()
}

/// Whether a terminal or a reader could be deceived by a character: those that control, end a line, or turn the direction of text.
fn is_hidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Text on one line, with nothing in it that deceives: such characters are shown as escapes.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) { shown.extend(c.escape_default()) } else { shown.push(c) }
    }
    shown
}
