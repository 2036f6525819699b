//! One file to look into with a browser. It loads nothing: style and script stand in it, and its policy allows no others.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::markup::escaped;
use super::{CONFIGURATION, Report, counted, place, text};
use crate::checks::Explanation;
use crate::coverage::{OperationCoverage, Partial, SchemaCoverage};
use crate::finding::{Finding, Severity};
use crate::schema::Direction;
use crate::suite::ProviderReport;

const STYLE: &str = include_str!("html/report.css");
const SCRIPT: &str = include_str!("html/report.js");

/// The class of what belongs to no operation.
const DOCUMENT: &str = "document";

pub(super) fn render(report: &Report) -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; \
         base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>Conformance: {}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n",
        hash(STYLE),
        hash(SCRIPT),
        counted(report),
    );
    head(&mut page, report);
    for provider in &report.providers {
        write_provider(&mut page, provider);
    }
    if !report.configuration().is_empty() {
        let _ = write!(page, "<section data-provider=\"{CONFIGURATION}\">\n<h2>{CONFIGURATION}</h2>\n");
        report.configuration().iter().for_each(|finding| write_finding(&mut page, finding));
        page.push_str("</section>\n");
    }
    // Writing to a string cannot fail.
    let _ = write!(
        page,
        "<p id=\"none\" hidden>Nothing matches the filter.</p>\n</main>\n<script>{SCRIPT}</script>\n</body>\n</html>\n"
    );
    page
}

fn head(page: &mut String, report: &Report) {
    let part = if report.shard.is_whole() { String::new() } else { format!(", part {}", report.shard) };
    let _ = write!(
        page,
        "<header>\n<h1>Conformance <span class=\"{}\">{}</span></h1>\n<p class=\"by\">obkit {}{part}</p>\n",
        if report.fails_on(Severity::Error) { "bad" } else { "good" },
        counted(report),
        escaped(&report.version)
    );
    let exercised = text::coverage(report);
    // What was exercised has a table of its own, where more is known than the last column says.
    let left_out = usize::from(exercised.is_some());
    write_table(page, text::rows(report).iter().map(|row| &row[..row.len() - left_out]));
    write_table(page, exercised.iter().flatten().map(|row| &row[..]));
    page.push_str("<form id=\"filter\" hidden>\n<input type=\"search\" id=\"text\" placeholder=\"Filter by text\" aria-label=\"Text\">\n<select id=\"provider\" aria-label=\"Provider\"><option value=\"\">All providers</option>");
    for provider in &report.providers {
        let name = escaped(&provider.provider);
        let _ = write!(page, "<option value=\"{name}\">{name}</option>");
    }
    page.push_str("</select>\n");
    for severity in [Severity::Error, Severity::Warning, Severity::Info] {
        let count = report.count(severity);
        let _ = writeln!(
            page,
            "<label><input type=\"checkbox\" class=\"severity\" value=\"{severity}\" checked> {severity} <small>{count}</small></label>"
        );
    }
    page.push_str("</form>\n</header>\n<main>\n");
}

/// A table with its head first; nothing, where there is not even that. It is moved by itself, by keys too, where it is too wide.
fn write_table<'r>(page: &mut String, rows: impl Iterator<Item = &'r [String]>) {
    let mut table = String::new();
    for (number, row) in rows.enumerate() {
        let tag = if number == 0 { "th" } else { "td" };
        let cells: String = row.iter().map(|cell| format!("<{tag}>{}</{tag}>", escaped(cell))).collect();
        let _ = writeln!(table, "<tr>{cells}</tr>");
    }
    if !table.is_empty() {
        let _ = write!(page, "<div class=\"wide\" tabindex=\"0\"><table>\n{table}</table></div>\n");
    }
}

fn write_provider(page: &mut String, provider: &ProviderReport) {
    let name = escaped(&provider.provider);
    let _ = write!(page, "<section data-provider=\"{name}\">\n<h2>{name}</h2>\n");
    if provider.nothing_checked {
        page.push_str("<p class=\"bad\">Nothing was checked.</p>\n");
    } else if provider.findings.is_empty() {
        page.push_str("<p class=\"good\">No findings.</p>\n");
    }
    // In the order of the findings: what is the cause of others comes first.
    let mut by_operation: Vec<(&str, Vec<&Finding>)> = Vec::new();
    for finding in &provider.findings {
        let operation = finding.operation.as_deref().unwrap_or(DOCUMENT);
        match by_operation.iter_mut().find(|(known, _)| *known == operation) {
            Some((_, findings)) => findings.push(finding),
            None => by_operation.push((operation, vec![finding])),
        }
    }
    for (operation, findings) in by_operation {
        let count = findings.len();
        let _ = write!(
            page,
            "<details class=\"group\" open>\n<summary><h3>{}</h3> <small>{count}</small></summary>\n",
            escaped(operation)
        );
        findings.into_iter().for_each(|finding| write_finding(page, finding));
        page.push_str("</details>\n");
    }
    write_coverage(page, provider);
    page.push_str("</section>\n");
}

fn write_finding(page: &mut String, finding: &Finding) {
    let severity = finding.severity;
    let _ = write!(
        page,
        "<article class=\"finding {severity}{}\" data-severity=\"{severity}\">\n<p><b>{severity}{}</b> <code>{}</code> {}</p>\n<dl>\n",
        if finding.counts() { "" } else { " waived" },
        if finding.counts() { "" } else { ", waived" },
        escaped(finding.rule.as_str()),
        escaped(&finding.message)
    );
    let instance = finding.instance_pointer.clone().filter(|pointer| !pointer.is_empty());
    let rows = [
        ("Where", Some(place(finding)).filter(|place| !place.is_empty())),
        ("Status", finding.status.clone()),
        ("Media type", finding.media_type.clone()),
        ("Schema", finding.schema_pointer.clone().filter(|pointer| !pointer.is_empty())),
        ("Value", instance),
        ("How to fix", Some(finding.remedy.clone())),
        ("Waived", finding.waived.as_ref().map(ToString::to_string)),
        ("Fingerprint", Some(finding.fingerprint.clone())),
    ];
    for (label, value) in rows {
        if let Some(value) = value {
            let value = escaped(&value);
            let value = if ["How to fix", "Waived"].contains(&label) { value } else { format!("<code>{value}</code>") };
            let _ = writeln!(page, "<dt>{label}</dt><dd>{value}</dd>");
        }
    }
    let Explanation { id, meaning, reason, .. } = finding.rule.check().into();
    let _ = write!(
        page,
        "</dl>\n<details><summary>What {} means</summary><p>{}</p><p>{}</p></details>\n</article>\n",
        escaped(id),
        escaped(&meaning.replace('\n', " ")),
        escaped(&reason.replace('\n', " "))
    );
}

fn write_coverage(page: &mut String, provider: &ProviderReport) {
    let coverage = &provider.coverage;
    if coverage.tree.is_empty() {
        return;
    }
    let totals: Vec<_> = coverage.totals.iter().map(|(one, tally)| format!("{tally} {}", one.as_str())).collect();
    let _ = write!(
        page,
        "<details class=\"coverage\">\n<summary><h3>Coverage</h3> <small>{}</small></summary>\n<ul>\n",
        totals.join(", ")
    );
    coverage.tree.iter().for_each(|operation| write_operation(page, operation));
    page.push_str("</ul>\n");
    let missing: Vec<_> = coverage.schemas.iter().filter(|schema| !schema.missing.is_empty()).collect();
    if !missing.is_empty() {
        page.push_str("<h4>Never travelled</h4>\n<ul>\n");
        for SchemaCoverage { direction, schema, missing, .. } in missing {
            let way = if *direction == Direction::Request { "sent" } else { "received" };
            let _ = write!(page, "<li><code>{}</code> <small>{way}</small>", escaped(schema));
            missing.iter().for_each(|one| badge(page, &one.name, &one.pointer, false));
            page.push_str("</li>\n");
        }
        page.push_str("</ul>\n");
    }
    if !coverage.partial.is_empty() {
        page.push_str("<h4>Judged in part</h4>\n<ul>\n");
        for Partial { reason, operation, message, pointer, .. } in &coverage.partial {
            let operation = operation.as_deref().unwrap_or_default();
            let (message, pointer, operation) = (escaped(message), escaped(pointer), escaped(operation));
            let _ =
                writeln!(page, "<li><b>{reason}</b> {message} <small>{operation}</small> <code>{pointer}</code></li>");
        }
        page.push_str("</ul>\n");
    }
    page.push_str("</details>\n");
}

fn write_operation(page: &mut String, coverage: &OperationCoverage) {
    let OperationCoverage { path, method, operation, called, parameters, request, responses } = coverage;
    let _ = write!(
        page,
        "<li><span class=\"{}\">{}</span> <code>{} {}</code> <small>{}</small>",
        if *called { "yes" } else { "no" },
        if *called { "called" } else { "never called" },
        escaped(method),
        escaped(path),
        escaped(operation)
    );
    for parameter in parameters.iter().filter(|parameter| !parameter.sent) {
        badge(page, &parameter.name, &format!("{} parameter, never sent", parameter.location), false);
    }
    for body in request.iter().filter(|body| !body.given) {
        badge(page, &body.media_type, "request body, never sent", false);
    }
    for response in responses {
        badge(page, &response.status, if response.given { "given" } else { "never given" }, response.given);
        for body in response.media_types.iter().filter(|body| response.given && !body.given) {
            badge(page, &body.media_type, "never given", false);
        }
    }
    page.push_str("</li>\n");
}

fn badge(page: &mut String, text: &str, title: &str, good: bool) {
    let class = if good { "yes" } else { "no" };
    let _ = write!(page, " <span class=\"{class}\" title=\"{}\">{}</span>", escaped(title), escaped(text));
}
