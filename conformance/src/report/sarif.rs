//! SARIF 2.1.0 (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::Report;
use crate::checks::{Check, Explanation};
use crate::finding::{Finding, Severity, Waived};

/// What a path may hold unencoded in a URI (RFC 3986, section 3.3).
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub(super) fn render(report: &Report) -> Value {
    // The rules that results refer to: every check of the suite, and of lint those that found something.
    let is_told = |check: &&Check| !check.is_lint() || report.findings().any(|finding| finding.rule.check() == *check);
    let rules: Vec<&'static Check> = crate::checks::all().filter(is_told).collect();
    let results: Vec<_> = report.findings().map(|finding| result(finding, &rules)).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "obkit",
                "semanticVersion": report.version,
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules.iter().map(|check| rule(check)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn rule(check: &'static Check) -> Value {
    let Explanation { id, title, meaning, reason, standard, remedy, .. } = check.into();
    let mut text = format!("{meaning}\n\n{reason}");
    if !standard.is_empty() {
        text.push_str(&format!("\n\n> {standard}"));
    }
    json!({
        "id": id,
        "shortDescription": {"text": title},
        "fullDescription": {"text": meaning},
        "help": {"text": format!("{text}\n\nHow to fix: {remedy}."), "markdown": format!("{text}\n\n**How to fix:** {remedy}.")},
        "defaultConfiguration": {"level": level(check.severity())},
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn result(finding: &Finding, rules: &[&Check]) -> Value {
    let mut result = json!({
        // A part follows the check's id, as section 3.27.5 allows.
        "ruleId": finding.rule.as_str(),
        "level": level(finding.severity),
        "message": {"text": format!("{}\nHow to fix: {}", finding.message, finding.remedy)},
        "locations": [location(finding)],
        "partialFingerprints": {"obkit/v1": finding.fingerprint},
        "properties": properties(finding),
        // Of each result it is said whether it is suppressed, as section 3.27.23 has it: an empty list says no.
        "suppressions": finding.waived.iter().map(suppression).collect::<Vec<_>>(),
    });
    if let Some(index) = rules.iter().position(|check| *check == finding.rule.check()) {
        result["ruleIndex"] = index.into();
    }
    result
}

fn suppression(waived: &Waived) -> Value {
    let Waived { owner, expires, evidence, .. } = waived;
    let mut properties = json!({"owner": owner, "expires": expires});
    if let Some(evidence) = evidence {
        properties["evidence"] = evidence.as_str().into();
    }
    json!({"kind": "external", "status": "accepted", "justification": waived.to_string(), "properties": properties})
}

fn location(finding: &Finding) -> Value {
    let mut location = Map::new();
    if let Some(file) = &finding.file {
        let mut physical = json!({"artifactLocation": {"uri": uri(file)}});
        if let Some(line) = finding.line {
            physical["region"] = json!({"startLine": line});
            if let Some(column) = finding.column {
                physical["region"]["startColumn"] = column.into();
            }
        }
        location.insert("physicalLocation".to_owned(), physical);
    }
    let name = [Some(finding.provider.as_str()), finding.operation.as_deref()];
    let name: Vec<_> = name.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    if !name.is_empty() {
        let logical = json!([{"fullyQualifiedName": name.join("/"), "kind": "function"}]);
        location.insert("logicalLocations".to_owned(), logical);
    }
    Value::Object(location)
}

fn properties(finding: &Finding) -> Map<String, Value> {
    let all = [
        ("provider", Some(&finding.provider).filter(|name| !name.is_empty())),
        ("operation", finding.operation.as_ref()),
        ("status", finding.status.as_ref()),
        ("mediaType", finding.media_type.as_ref()),
        ("schemaPointer", finding.schema_pointer.as_ref()),
        ("instancePointer", finding.instance_pointer.as_ref()),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), Value::from(value?.clone())))).collect()
}

/// A path as a URI: relative to the folder that obkit ran in, or of a file.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let encoded = utf8_percent_encode(&path, PATH).to_string();
    if path.starts_with('/') { format!("file://{encoded}") } else { encoded }
}
