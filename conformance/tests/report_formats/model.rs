//! Findings and their rendering.

use obkit_codegen::Document;
use obkit_conformance::report::Report;
use obkit_conformance::suite::ProviderReport;
use obkit_conformance::{Finding, Rule, Severity, checks};
use serde_json::Value;

fn finding(instance: &str) -> Finding {
    let document = Document::parse("s.yaml", "openapi: 3.0.3\npaths:\n  /a: {}\n").unwrap();
    Finding::new(Rule::part(checks::RT030, "type"), "wrong")
        .remedy("correct it")
        .provider("p")
        .operation("op")
        .at(&document, "/paths/~1a")
        .instance(instance)
}

#[test]
fn a_fingerprint_outlives_words_lines_and_indexes() {
    let one = finding("/data/0/id");
    let mut other = finding("/data/7/id");
    other.message = "other words".to_owned();
    assert_eq!(one.fingerprint, other.fingerprint);
    assert_eq!(one.fingerprint.len(), 16);
    assert!(one.fingerprint.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_ne!(one.fingerprint, finding("/data/0/name").fingerprint);
    assert_ne!(one.fingerprint, finding("/data/0/id").status(200).fingerprint);
}

#[test]
fn severities_are_ordered() {
    assert!(Severity::Error > Severity::Warning && Severity::Warning > Severity::Info);
}

#[test]
fn the_text_is_aligned_and_coloured_only_when_asked() {
    let provider = ProviderReport {
        provider: "yapily".to_owned(),
        operations: 37,
        round_trips: 5,
        findings: vec![finding("/a")],
        ..ProviderReport::default()
    };
    let other =
        ProviderReport { provider: "a".to_owned(), exchanges: 9, nothing_checked: true, ..ProviderReport::default() };
    let report = Report { providers: vec![provider, other], ..Report::default() };
    let text = report.to_text(false);
    let lines: Vec<_> = text.lines().collect();
    // What was counted of no provider is of another kind of run.
    let head: Vec<_> = lines[0].split("  ").map(str::trim).filter(|name| !name.is_empty()).collect();
    assert_eq!(head, ["provider", "operations", "round trips", "exchanges", "findings", "coverage"], "{text}");
    assert_eq!(lines[2].split_whitespace().take(5).collect::<Vec<_>>(), ["a", "0", "0", "9", "0"], "{text}");
    assert_eq!(lines[0].find("operations").map(|at| at + 10), lines[1].find("37").map(|at| at + 2), "{text}");
    assert!(
        text.contains("error[RT030/type] p op\n  --> s.yaml:3:3 at /a\n      wrong\n  help: correct it\n"),
        "{text}"
    );
    assert!(text.ends_with("a: nothing was checked\n"));
    assert!(!text.contains('\u{1b}'));
    assert!(report.to_text(true).contains("\u{1b}[1;31merror[RT030/type]\u{1b}[0m"));
    assert!(report.nothing_checked() && report.fails_on(Severity::Warning));
}

#[test]
fn absent_members_are_left_out_of_json() {
    let report = Report {
        providers: vec![ProviderReport {
            findings: vec![Finding::new(checks::RT033, "m")],
            ..ProviderReport::default()
        }],
        ..Report::default()
    };
    let json: Value = serde_json::from_str(&report.to_json().unwrap()).unwrap();
    let keys: Vec<_> = json["providers"][0]["findings"][0].as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["rule", "severity", "message", "remedy", "fingerprint"]);
    assert_eq!(json["providers"][0]["findings"][0]["severity"], "warning");
}
