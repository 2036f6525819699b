//! `obkit.toml`: what is read, what is refused, and that the published schema says the same.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::fs;
use std::time::Duration;

use obkit_conformance::Report;
use obkit_conformance::config::{Config, FailOn, Rate, Time, schema};
use obkit_conformance::profile::{Profile, Profiles};
use obkit_conformance::report::Format;
use obkit_conformance::verdict::Run;

/// Everything there is.
const FULL: &str = r#"
[gate]
fail-on = "warning"
providers = ["fena", "w*"]
checks = ["RT*", "EX001"]
exclude-checks = ["RT033"]
waivers-file = "waivers.toml"
max-waiver-days = 90
profile = "closed"

[reports]
junit = "target/report.xml"
html = "/tmp/report.html"

[coverage]
runs = ["conform", "payloads", "traffic", "probe"]
unchecked = "warning"
at-least = { operations = 100, media-types = 90 }

[coverage.providers.fena]
properties = 80

[probe]
rate = "50/s"
max-time = "5m"
include = ["GET /accounts*"]
exclude = ["deleteConsent"]

[[waivers]]
check = "RT030/*"
fingerprint = "0123456789abcdef"
provider = "fena"
operation = "get*"
status = "200"
media_type = "application/json"
schema = "/components/schemas/*"
instance = "/data/*"
reason = "the provider says so"
owner = "accounts team"
expires = 2026-06-30
evidence = "https://bank.example/tickets/7"
"#;

/// What is wrong, and what is said of it.
const WRONG: [(&str, &str); 24] = [
    ("[gate]\nprofile = 'strct'", "did you mean `strict`?"),
    ("[gate]\nprofile = 'closed-world'", "expected one of `strict`, `lenient`, `closed`, `all`"),
    ("[coverage]\nruns = ['probes']", "did you mean `probe`?"),
    ("[coverage]\nat-least = { operation = 100 }", "did you mean `operations`?"),
    ("[coverage.providers.fena]\nvalues = 101", "write a whole number from 0 to 100"),
    ("[coverage]\nunchecked = 'fail'", "unknown variant `fail`"),
    ("[gate]\nfail_on = 'error'", "obkit.toml:2:1: unknown field `fail_on`"),
    ("[gate]\n\nfail-on = 'eror'", "obkit.toml:3:11: unknown variant `eror`"),
    ("[gates]", "did you mean `gate`?"),
    ("[gate]\nprovider = ['fena']", "did you mean `providers`?"),
    ("[reports]\nxml = 'a'", "unknown variant `xml`"),
    ("[reports]\nsarf = 'a'", "did you mean `sarif`?"),
    ("[probe]\nrate = '0/s'", "write a rate such as `50/s`"),
    ("[probe]\nmax-time = 'long'", "write a time such as `500ms`"),
    ("[gate]\nproviders = 'fena'", "obkit.toml:2:13: "),
    (
        "[gate]\nmax-waiver-days = -1",
        "obkit.toml:2:19: invalid value: integer `-1`, expected a whole number, zero or more",
    ),
    ("[gate]\nfail-on = 'warn'", "did you mean `warning`?"),
    ("[coverage]\nat-least = { operations = 300 }", "write a whole number from 0 to 100"),
    ("[coverage]\nat-least = { operations = 'all' }", "expected a whole number, zero or more"),
    ("[[waivers]]\nchek = 'RT030'", "did you mean `check`?"),
    ("[[waivers]]\nexpires = 'soon'", "obkit.toml:2:11: this is no day"),
    ("[[waivers]]\nexpires = 2026-06-30T10:00:00", "this is no day"),
    ("[waivers]\ncheck = 'RT030'", "obkit.toml:1:1: "),
    ("[gate", "obkit.toml:1:"),
];

fn refusal(text: &str) -> String {
    Config::parse("obkit.toml", text).unwrap_err().to_string()
}

#[test]
fn everything_is_read() {
    let config = Config::parse("ci/obkit.toml", FULL).unwrap();
    assert_eq!(config.gate.fail_on, Some(FailOn::Warning));
    assert_eq!(config.gate.profile, Some(Profiles::Only(Profile::Closed)));
    assert_eq!(config.coverage.runs, [Run::Conform, Run::Payloads, Run::Traffic, Run::Probe]);
    assert_eq!(config.gate.waivers_file.as_deref(), Some("ci/waivers.toml".as_ref()));
    assert_eq!(config.reports[&Format::Junit], std::path::Path::new("ci/target/report.xml"));
    assert_eq!(config.reports[&Format::Html], std::path::Path::new("/tmp/report.html"));
    assert_eq!((config.probe.rate, config.probe.max_time), (Some(Rate(50.0)), Some(Time(Duration::from_secs(300)))));
    assert!(config.gate.takes_provider("wych") && !config.gate.takes_provider("yapily"));
    let placed = &config.waivers[0];
    assert_eq!((placed.file.as_str(), placed.line), ("ci/obkit.toml", 29));
    assert_eq!(placed.waiver.expires.unwrap().to_string(), "2026-06-30");
}

#[test]
fn what_is_wrong_is_said_with_its_place_and_what_may_have_been_meant() {
    for (text, said) in WRONG {
        let refusal = refusal(text);
        assert!(refusal.contains(said) && refusal.contains("\n  help: "), "{text}\n{refusal}");
    }
}

#[test]
fn the_schema_is_as_it_was() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots/gate");
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| insta::assert_snapshot!("schema", serde_json::to_string_pretty(&schema()).unwrap()));
}

/// TOML as an editor sees it that checks it against the schema: dates are texts.
fn as_json(text: &str) -> Option<serde_json::Value> {
    fn plain(value: toml::Value) -> serde_json::Value {
        match value {
            toml::Value::Datetime(datetime) => datetime.to_string().into(),
            toml::Value::Array(items) => items.into_iter().map(plain).collect(),
            toml::Value::Table(members) => members.into_iter().map(|(key, value)| (key, plain(value))).collect(),
            toml::Value::String(text) => text.into(),
            toml::Value::Integer(number) => number.into(),
            toml::Value::Float(number) => number.into(),
            toml::Value::Boolean(truth) => truth.into(),
        }
    }
    toml::from_str(text).ok().map(plain)
}

#[test]
fn the_schema_takes_what_the_parser_takes_and_nothing_else() {
    let schema = jsonschema::options().should_validate_formats(true).build(&schema()).unwrap();
    let errors: Vec<_> = schema.iter_errors(&as_json(FULL).unwrap()).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert!(schema.is_valid(&as_json("").unwrap()));
    for (text, _) in WRONG {
        // `0/s` is a rate by its form only, and a table is no waiver by its kind.
        let told = as_json(text).is_none_or(|value| !schema.is_valid(&value));
        assert!(told || text.contains("0/s"), "the schema takes {text}");
    }
    // Each key alone is known to both.
    for line in FULL.lines().filter(|line| line.contains(" = ")) {
        let key = line.split(' ').next().unwrap();
        // A table of a line of its own has keys of its own, which are tried above.
        let other = FULL.replacen(&format!("\n{key} = "), &format!("\n{key}x = "), 1);
        assert!(!schema.is_valid(&as_json(&other).unwrap()), "the schema takes `{key}x`");
        assert!(refusal(&other).contains("unknown "), "the parser takes `{key}x`");
    }
    // What the schema asks of a waiver, the gate does, too.
    for key in ["reason", "owner", "expires"] {
        let without: String =
            FULL.lines().filter(|line| !line.starts_with(key)).map(|line| format!("{line}\n")).collect();
        assert!(!schema.is_valid(&as_json(&without).unwrap()), "{key}");
        let mut report = Report::default();
        report.judge(Config::parse("obkit.toml", &without).unwrap().policy(), "2026-02-01".parse().unwrap());
        let findings = report.verdict.unwrap().findings;
        assert!(findings.iter().any(|finding| finding.rule == "GI004/incomplete"), "{key}");
    }
}

#[test]
fn the_nearest_file_is_found_and_names_another() {
    let folder = tempfile::tempdir().unwrap();
    let below = folder.path().join("a/b");
    fs::create_dir_all(&below).unwrap();
    assert_eq!(Config::find(&below).unwrap(), Config::default());
    fs::write(folder.path().join("obkit.toml"), "[gate]\nwaivers-file = 'known.toml'\n").unwrap();
    let missing = Config::find(&below).unwrap_err().to_string();
    assert!(missing.contains("known.toml: cannot be read"), "{missing}");
    fs::write(folder.path().join("known.toml"), "\n[[waivers]]\ncheck = 'RT030'\n").unwrap();
    let config = Config::find(&below).unwrap();
    assert_eq!(config.waivers[0].line, 2);
    assert!(config.waivers[0].file.ends_with("known.toml"));
    fs::write(folder.path().join("known.toml"), "[gate]\n").unwrap();
    assert!(Config::find(&below).unwrap_err().to_string().contains("known.toml:1:2: unknown field `gate`"));
    fs::write(folder.path().join("a/obkit.toml"), "[gate]\nfail-on = 'never'\n").unwrap();
    assert_eq!(Config::find(&below).unwrap().gate.fail_on, Some(FailOn::Never));
}
