//! Reports in every format, with what a document of somebody else may hold to deceive them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod model;
mod sample;

use obkit_conformance::Report;
use obkit_conformance::report::{Format, SCHEMA};
use serde_json::Value;

use crate::sample::{HOSTILE, clean, hostile};

#[test]
fn each_format_is_as_it_was() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../snapshots/report");
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| {
        for format in Format::ALL {
            insta::assert_snapshot!(format!("{format}"), hostile().render(format));
        }
    });
}

#[test]
fn no_format_lets_a_terminal_be_commanded() {
    for format in Format::ALL {
        let text = hostile().render(format);
        for c in text.chars() {
            let deceives =
                c.is_control() && c != '\n' || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            // JSON leaves a delete character and turned text as they are, and no reader of it obeys them.
            let json = [Format::Json, Format::Ndjson, Format::Sarif].contains(&format) && c > '\u{1f}';
            assert!(!deceives || json, "{format}: {c:?} in\n{text}");
        }
        assert!(text.contains('𝕏'), "{format} loses what is not in the first plane");
        assert!(text.ends_with('\n'), "{format}");
    }
}

#[test]
fn json_fits_its_published_schema_and_is_read_back() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for report in [hostile(), clean(), Report::default()] {
        let text = report.render(Format::Json);
        let value: Value = serde_json::from_str(&text).unwrap();
        let errors: Vec<_> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?}\n{text}");
        assert_eq!(Report::read(&text).unwrap(), report);
    }
    assert!(Report::read(&clean().render(Format::Json).replace("\"calls\"", "\"cals\"")).is_err());
    let unknown = hostile().render(Format::Json).replace("\"RT030/type\"", "\"RT999\"");
    assert!(Report::read(&unknown).unwrap_err().to_string().contains("there is no check `RT999`"));
}

#[test]
fn the_schema_says_no_more_than_there_is() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let report = serde_json::to_value(hostile()).unwrap();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<std::collections::BTreeSet<_>>();
    assert_eq!(keys(&schema["properties"]), keys(&report));
    assert_eq!(keys(&schema["$defs"]["provider"]["properties"]), keys(&report["providers"][0]));
    let findings = report["providers"][0]["findings"].as_array().unwrap();
    assert_eq!(keys(&schema["$defs"]["finding"]["properties"]), findings.iter().flat_map(keys).collect());
    let waived = findings.iter().find(|finding| finding["waived"].is_object()).unwrap();
    assert_eq!(keys(&schema["$defs"]["waived"]["properties"]), keys(&waived["waived"]));
    assert_eq!(keys(&schema["$defs"]["verdict"]["properties"]), keys(&report["verdict"]));
    assert_eq!(keys(&schema["$defs"]["policy"]["properties"]), keys(&report["verdict"]["policy"]));
    let checks = &report["verdict"]["policy"]["checks"];
    assert_eq!(keys(&schema["$defs"]["policy"]["properties"]["checks"]["properties"]), keys(checks));
    assert_eq!(keys(&schema["$defs"]["coverage"]["properties"]), keys(&report["providers"][0]["coverage"]));
}

#[test]
fn a_line_of_ndjson_is_an_object_with_a_type() {
    let text = hostile().render(Format::Ndjson);
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let types: Vec<_> = lines.iter().map(|line| line["type"].as_str().unwrap()).collect();
    let expected = ["report", "finding", "finding", "finding", "finding", "provider", "provider", "finding", "verdict"];
    assert_eq!(types, expected);
    assert_eq!(lines[1]["message"], HOSTILE);
}

#[test]
fn sarif_fits_the_official_schema_and_keeps_every_word() {
    let mut schema: Value = serde_json::from_str(include_str!("sarif-schema-2.1.0.json")).unwrap();
    // It has one bracket too many to be a pattern, and is not used here.
    for owner in ["run", "toolComponent"] {
        schema["definitions"][owner]["properties"]["language"].as_object_mut().unwrap().remove("pattern");
    }
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    for report in [hostile(), clean(), Report::default()] {
        let sarif: Value = serde_json::from_str(&report.render(Format::Sarif)).unwrap();
        let errors: Vec<_> = validator.iter_errors(&sarif).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?}\n{sarif:#}");
        let run = &sarif["runs"][0];
        for (result, finding) in run["results"].as_array().unwrap().iter().zip(report.findings()) {
            let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
            assert_eq!(rule["id"], finding.rule.check().id());
            assert!(result["message"]["text"].as_str().unwrap().starts_with(&finding.message));
            assert_eq!(result["partialFingerprints"]["obkit/v1"], finding.fingerprint.as_str());
        }
    }
    let sarif: Value = serde_json::from_str(&hostile().render(Format::Sarif)).unwrap();
    for (result, finding) in sarif["runs"][0]["results"].as_array().unwrap().iter().zip(hostile().findings()) {
        let suppressions = result["suppressions"].as_array().unwrap();
        assert_eq!(suppressions.is_empty(), finding.counts(), "{result}");
        assert!(suppressions.iter().all(|one| one["justification"].as_str().unwrap().starts_with(HOSTILE)));
    }
    let place = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "specs/a%20%22b%22%3C%26%3E.yaml");
    assert_eq!((&place["region"]["startLine"], &place["region"]["startColumn"]), (&12.into(), &3.into()));
}

#[test]
fn junit_is_xml_of_the_shape_that_jenkins_reads_and_keeps_every_word() {
    let text = hostile().render(Format::Junit);
    let xml = roxmltree::Document::parse(&text).unwrap();
    let root = xml.root_element();
    assert_eq!((root.tag_name().name(), root.attribute("failures")), ("testsuites", Some("2")));
    // Attributes and children of each element in Jenkins' junit-10.xsd, as far as they are used here.
    for node in root.descendants().filter(roxmltree::Node::is_element) {
        let (attributes, children): (&[&str], &[&str]) = match node.tag_name().name() {
            "testsuites" => (&["name", "tests", "failures", "errors"], &["testsuite"]),
            "testsuite" => (&["name", "tests", "failures", "errors", "skipped"], &["testcase"]),
            "testcase" => (&["classname", "name"], &["failure", "skipped", "system-out"]),
            "skipped" => (&["message"], &[]),
            "failure" => (&["type", "message"], &[]),
            "system-out" => (&[], &[]),
            other => panic!("{other}"),
        };
        assert_eq!(node.attributes().map(|attribute| attribute.name()).collect::<Vec<_>>(), attributes);
        assert!(
            node.children().filter(|child| child.is_element()).all(|child| children.contains(&child.tag_name().name()))
        );
        if attributes.contains(&"tests") {
            let cases = node.descendants().filter(|node| node.has_tag_name("testcase")).count();
            assert_eq!(node.attribute("tests"), Some(cases.to_string().as_str()));
        }
    }
    let skipped: Vec<_> = root.descendants().filter(|node| node.has_tag_name("skipped")).collect();
    assert_eq!(skipped.len(), 1);
    assert!(skipped[0].attribute("message").unwrap().starts_with("waived: \"q\" 'a' <script>"));
    let suite = skipped[0].ancestors().find(|node| node.has_tag_name("testsuite")).unwrap();
    assert_eq!(suite.attribute("skipped"), Some("1"));
    let failure = root.descendants().find(|node| node.has_tag_name("failure")).unwrap();
    let kept = HOSTILE.replace(['\u{0}', '\u{1b}', '\u{202e}'], "\u{fffd}");
    assert_eq!(failure.attribute("message"), Some(kept.as_str()));
    assert!(failure.text().unwrap().contains(&kept));
    let case = failure.parent().unwrap();
    assert!(case.attribute("name").unwrap().starts_with("RT030 "), "{case:?}");
    assert_eq!(root.children().find(|node| node.is_element()).unwrap().attribute("name"), Some("a<b>\"'&]]>"));
}

#[test]
fn an_annotation_is_one_line_whatever_it_says() {
    let text = hostile().render(Format::Github);
    assert_eq!(text.lines().count(), 5);
    let waived = text.lines().find(|line| line.contains("title=waived%3A RT050/required")).unwrap();
    assert!(waived.starts_with("::notice ") && waived.contains("%0Awaived: "), "{waived}");
    let first = text.lines().next().unwrap();
    let (head, message) = first.strip_prefix("::error ").unwrap().split_once("::").unwrap();
    let properties: Vec<_> = head.split(',').map(|property| property.split_once('=').unwrap().0).collect();
    assert_eq!(properties, ["file", "line", "col", "title"]);
    assert!(message.contains("%250A") && message.contains("%0A::error::no"), "{message}");
}

#[test]
fn html_is_one_file_whose_content_stays_text() {
    let html = hostile().render(Format::Html);
    for foreign in ["<script>alert", "<img", "<b>\"", "src=", "href=", "url(", "http://", "https://", "@import"] {
        assert!(!html.contains(foreign), "{foreign}");
    }
    // The policy allows the one script and the one style that are there.
    use base64::Engine as _;
    use sha2::Digest as _;
    for (start, end, name) in [("<style>", "</style>", "style-src"), ("<script>", "</script>", "script-src")] {
        let text = html.split_once(start).unwrap().1.split_once(end).unwrap().0;
        let hash = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(text));
        assert!(html.contains(&format!("{name} 'sha256-{hash}'")), "{name}");
        assert_eq!(html.matches(start).count(), 1);
    }
}

#[test]
fn tap_is_a_line_per_case() {
    let tap = hostile().render(Format::Tap);
    let mut lines = tap.lines();
    assert_eq!(lines.next(), Some("TAP version 14"));
    let mut cases: Vec<_> = tap.lines().filter(|line| line.starts_with("ok ") || line.starts_with("not ok ")).collect();
    assert_eq!(lines.next(), Some(format!("1..{}", cases.len()).as_str()));
    assert_eq!(cases.iter().filter(|case| case.starts_with("not ok")).count(), 2);
    for line in tap.lines().filter_map(|line| line.strip_prefix("    - ")) {
        assert!(serde_json::from_str::<Value>(line).is_ok(), "{line}");
    }
    let whole = Report { shard: obkit_conformance::Shard::WHOLE, ..hostile() }.render(Format::Tap);
    assert!(whole.contains("not ok 5 - empty document nothing was checked"), "{whole}");
    // What is waived is skipped, and nothing else is.
    let (known, reason) = cases
        .remove(cases.iter().position(|case| case.contains(" # SKIP waived")).unwrap())
        .split_once(" # SKIP ")
        .unwrap();
    assert!(known.starts_with("ok ") && !reason.replace("\\#", "").contains('#'), "{known} {reason}");
    assert!(cases.iter().all(|case| !case.replace("\\#", "").contains('#')), "no directive: {cases:#?}");
}
