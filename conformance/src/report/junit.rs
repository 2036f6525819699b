//! JUnit XML, as Jenkins reads it (`junit-10.xsd`): a suite per provider, a class per operation, a case per check.

use std::fmt::Write as _;

use super::case::{Case, cases};
use super::markup::escaped;
use super::{Report, place};
use crate::finding::Finding;

pub(super) fn render(report: &Report) -> String {
    let suites = cases(report);
    let failed = |cases: &[Case<'_>]| cases.iter().filter(|case| case.has_failed()).count();
    let tests: usize = suites.iter().map(|(_, cases)| cases.len()).sum();
    let failures: usize = suites.iter().map(|(_, cases)| failed(cases)).sum();
    // Writing to a string cannot fail.
    let mut xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    let _ = writeln!(xml, "<testsuites name=\"obkit\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">");
    for (name, cases) in &suites {
        let (tests, failures) = (cases.len(), failed(cases));
        let skipped = cases.iter().filter(|case| case.waived().is_some()).count();
        let _ = writeln!(
            xml,
            "  <testsuite name=\"{}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\">",
            escaped(name)
        );
        for case in cases {
            write_case(&mut xml, name, case);
        }
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn write_case(xml: &mut String, suite: &str, case: &Case<'_>) {
    let (class, name) = (escaped(&format!("{suite}.{}", case.class)), escaped(&case.name));
    let _ = write!(xml, "    <testcase classname=\"{class}\" name=\"{name}\"");
    if case.findings.is_empty() {
        let failure = format!("><failure message=\"{name}\"/></testcase>\n");
        xml.push_str(if case.has_failed() { &failure } else { "/>\n" });
        return;
    }
    let text: String = case.findings.iter().map(|finding| told(finding)).collect();
    // What counts says what failed.
    let first = case.findings.iter().find(|finding| finding.counts());
    let message = first.map(|finding| escaped(&finding.message)).unwrap_or_default();
    xml.push_str(">\n");
    let _ = if let Some(waived) = case.waived() {
        let skipped = format!("<skipped message=\"{}\"/>", escaped(&waived));
        writeln!(xml, "      {skipped}\n      <system-out>{text}</system-out>")
    } else if case.has_failed() {
        let rule = first.map(|finding| escaped(finding.rule.as_str())).unwrap_or_default();
        writeln!(xml, "      <failure type=\"{rule}\" message=\"{message}\">{text}</failure>")
    } else {
        writeln!(xml, "      <system-out>{text}</system-out>")
    };
    xml.push_str("    </testcase>\n");
}

/// A finding in full; the lines are the format's, and those of a finding are within them.
fn told(finding: &Finding) -> String {
    let mut text = format!("{}[{}]", finding.severity, escaped(finding.rule.as_str()));
    let instance = finding.instance_pointer.as_deref().filter(|pointer| !pointer.is_empty());
    let lines = [
        ("at", Some(place(finding))),
        ("status", finding.status.clone()),
        ("media type", finding.media_type.clone()),
        ("schema", finding.schema_pointer.clone()),
        ("value", instance.map(str::to_owned)),
        ("message", Some(finding.message.clone())),
        ("help", Some(finding.remedy.clone())),
        ("fingerprint", Some(finding.fingerprint.clone())),
        ("waived", finding.waived.as_ref().map(ToString::to_string)),
    ];
    for (label, line) in lines {
        if let Some(line) = line.filter(|line| !line.is_empty()) {
            let _ = write!(text, "\n{label}: {}", escaped(&line));
        }
    }
    text.push('\n');
    text
}
