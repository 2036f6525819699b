//! One JSON object per line: the head of the report, then for each provider its findings, then its numbers; in the end
//! by what it was judged.

use std::io::{self, Write};

use serde::Serialize;

use super::Report;
use crate::finding::Finding;
use crate::shard::Shard;
use crate::suite::ProviderReport;
use crate::suite::client::Effort;
use crate::verdict::Verdict;

/// A line.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'r> {
    Report {
        version: &'r str,
        shard: Shard,
        #[serde(skip_serializing_if = "Option::is_none")]
        effort: Option<Effort>,
        providers: Vec<&'r str>,
    },
    Finding(&'r Finding),
    Provider(&'r ProviderReport),
    Verdict(&'r Verdict),
}

/// Writes line by line: a reader need not wait for the end, and nothing is held.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let providers = report.providers.iter().map(|provider| provider.provider.as_str()).collect();
    let Report { version, shard, effort, .. } = report;
    write_line(&Line::Report { version, shard: *shard, effort: *effort, providers }, out)?;
    for provider in &report.providers {
        for finding in &provider.findings {
            write_line(&Line::Finding(finding), out)?;
        }
        // Its findings were told.
        let numbers = ProviderReport { findings: Vec::new(), ..provider.clone() };
        write_line(&Line::Provider(&numbers), out)?;
    }
    for finding in report.configuration() {
        write_line(&Line::Finding(finding), out)?;
    }
    if let Some(verdict) = &report.verdict {
        write_line(&Line::Verdict(&Verdict { findings: Vec::new(), ..verdict.clone() }), out)?;
    }
    Ok(())
}

fn write_line(line: &Line<'_>, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    writeln!(out)
}
