//! What counts, and what is wrong with what a run is judged by.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use obkit_codegen::Document;
use obkit_conformance::config::{Config, FailOn};
use obkit_conformance::report::MergeError;
use obkit_conformance::suite::ProviderReport;
use obkit_conformance::verdict::{Policy, Run, SelectedChecks, template};
use obkit_conformance::{Finding, Report, Rule, Severity, Shard, checks};

const TODAY: &str = "2026-02-01";

/// What every waiver says that is one.
const SAID: &str = "reason = 'known'\nowner = 'accounts team'\nexpires = 2026-06-30\n";

fn finding(part: &str, operation: &str) -> Finding {
    let document = Document::parse("s.yaml", "openapi: 3.0.3\npaths:\n  /a: {}\n").unwrap();
    let finding = Finding::new(Rule::part(checks::RT030, part), "wrong").operation(operation).status(200);
    finding.media_type("application/json").at(&document, "/paths/~1a").instance("/data/0/id")
}

fn provider(name: &str, findings: impl IntoIterator<Item = Finding>) -> ProviderReport {
    let mut provider = ProviderReport { provider: name.to_owned(), examples: 1, ..ProviderReport::default() };
    findings.into_iter().for_each(|finding| provider.report(finding));
    provider.finish()
}

/// Two providers with three findings.
fn report() -> Report {
    let fena = provider("fena", [finding("type", "list"), finding("required", "read")]);
    let wych = provider("wych", [finding("type", "list")]);
    Report { providers: vec![fena, wych], ..Report::default() }
}

fn policy(text: &str) -> Policy {
    Config::parse("obkit.toml", text).unwrap().policy()
}

fn judged(text: &str) -> Report {
    let mut report = report();
    report.judge(policy(text), TODAY.parse().unwrap());
    report
}

/// What counts of the providers, and what is said of the configuration.
fn told(report: &Report) -> (Vec<String>, Vec<String>) {
    let name = |finding: &Finding| {
        format!("{} {} {}", finding.provider, finding.rule, finding.operation.as_deref().unwrap_or("-"))
    };
    let open = report.providers.iter().flat_map(|provider| &provider.findings).filter(|finding| finding.counts());
    let of_configuration = report.verdict.iter().flat_map(|verdict| &verdict.findings);
    (open.map(name).collect(), of_configuration.map(|finding| finding.rule.to_string()).collect())
}

fn waiver(scope: &str) -> String {
    format!("[[waivers]]\n{scope}\n{SAID}")
}

#[test]
fn a_waiver_takes_what_all_of_its_scope_is_like() {
    let all = ["fena RT030/required read", "fena RT030/type list", "wych RT030/type list"];
    for (scope, taken) in [
        ("check = 'RT030'", &all[..]),
        ("check = 'RT030/*'", &all),
        ("check = '*'", &all),
        ("check = 'RT030/type'", &all[1..]),
        ("check = 'RT03*'\nprovider = 'fe*'", &all[..2]),
        ("check = 'RT030'\noperation = 'r*d'", &all[..1]),
        ("check = 'RT030'\nstatus = '2*'\nmedia_type = '*/json'\nschema = '/paths/*'\ninstance = '/data/*/id'", &all),
        (&format!("fingerprint = '{}'", report().providers[1].findings[0].fingerprint), &all[2..]),
    ] {
        let report = judged(&waiver(scope));
        let (open, problems) = told(&report);
        let open_expected: Vec<_> =
            all.iter().filter(|one| !taken.contains(one)).map(|one| (*one).to_owned()).collect();
        let mut open = open;
        open.sort();
        assert_eq!(open, open_expected, "{scope}");
        assert!(problems.is_empty(), "{scope}: {problems:?}");
        assert_eq!((report.waived(), report.count(Severity::Error)), (taken.len(), 3 - taken.len()));
        assert_eq!(report.fails_on(Severity::Info), taken.len() < 3);
    }
    for scope in [
        "check = 'RT031'",
        "check = 'RT030'\nstatus = '4XX'",
        "check = 'RT030'\nmedia_type = 'text/*'",
        "check = 'RT030'\nschema = '/components/*'",
        "check = 'RT030'\ninstance = '/data'",
        "check = 'RT030'\nfingerprint = '0000000000000000'",
    ] {
        let (open, problems) = told(&judged(&waiver(scope)));
        assert_eq!((open.len(), problems), (3, vec!["GI004/unused".to_owned()]), "{scope}");
    }
}

#[test]
fn a_waiver_that_does_not_hold_takes_nothing_and_fails_the_run() {
    let of = |reason: &str, owner: &str, expires: &str| {
        format!("[[waivers]]\ncheck = 'RT030'\n{reason}\n{owner}\n{expires}\n")
    };
    let (reason, owner) = ("reason = 'known'", "owner = 'us'");
    for (text, part, said) in [
        (of("", owner, "expires = 2026-06-30"), "incomplete", "does not say `reason`"),
        (of("reason = ' '", "", "expires = 2026-06-30"), "incomplete", "does not say `reason`, `owner`"),
        (of(reason, owner, ""), "incomplete", "does not say `expires`"),
        (format!("[[waivers]]\nprovider = 'fena'\n{SAID}"), "incomplete", "`check` or `fingerprint`"),
        (of(reason, owner, "expires = 2026-01-31"), "expired", "ended on 2026-01-31"),
        (of(reason, owner, "expires = 2027-02-03"), "too-long", "more than 366 days away"),
        (format!("[gate]\nmax-waiver-days = 30\n{}", of(reason, owner, "expires = 2026-03-04")), "too-long", "30 days"),
    ] {
        let report = judged(&text);
        let (open, problems) = told(&report);
        assert_eq!((open.len(), problems), (3, vec![format!("GI004/{part}")]), "{text}");
        let finding = &report.verdict.as_ref().unwrap().findings[0];
        assert!(finding.message.contains(said), "{}", finding.message);
        assert_eq!(finding.file.as_deref(), Some("obkit.toml"));
        assert_eq!(finding.line, Some(text.lines().position(|line| line == "[[waivers]]").unwrap() + 1));
    }
    // The last day is one of its days, and so is the last that may be.
    for day in ["2026-02-01", "'2026-02-01'", "2027-02-02"] {
        let (open, problems) = told(&judged(&of(reason, owner, &format!("expires = {day}"))));
        assert!(open.is_empty() && problems.is_empty(), "{day}: {problems:?}");
    }
}

#[test]
fn names_that_stand_for_nothing_are_found() {
    for (text, rule, help) in [
        (waiver("check = 'RT30/type'"), "GI003/check", "did you mean `RT030`?"),
        (waiver("check = 'RT030/tpye'"), "GI003/check", "did you mean `RT030/type`?"),
        ("[gate]\nchecks = ['RT030/requird']".to_owned(), "GI003/check", "did you mean `RT030/required`?"),
        ("[gate]\nchecks = ['RT001/*']".to_owned(), "GI003/check", "`RT001` has no parts"),
        (waiver("check = 'RT030'\nprovider = 'fenna'"), "GI003/provider", "did you mean `fena`?"),
        (waiver("check = 'RT030'\nprovider = 'a-bank'"), "GI003/provider", "the providers are fena, wych"),
        ("[gate]\nproviders = ['fena', 'wyhc']".to_owned(), "GI003/provider", "did you mean `wych`?"),
        ("[coverage.providers.fenna]\nvalues = 1".to_owned(), "GI003/provider", "did you mean `fena`?"),
        ("[gate]\nchecks = ['RT*', 'lint/opn-enum']".to_owned(), "GI003/check", "did you mean `lint/open-enum`?"),
        ("[gate]\nexclude-checks = ['nothing']".to_owned(), "GI003/check", "`obkit checks list` says which there are"),
        ("[gate]\nexclude-checks = ['*']".to_owned(), "GI003/check", "leave out only what is not to count"),
        (
            "[gate]\nchecks = ['RT030']\nexclude-checks = ['RT03*', 'GI*']".to_owned(),
            "GI003/check",
            "leave out only what is not to count",
        ),
    ] {
        let report = judged(&text);
        assert_eq!(told(&report).1, [rule], "{text}");
        assert_eq!(report.verdict.unwrap().findings[0].remedy, help);
    }
    assert!(
        told(&judged("[gate]\nproviders = ['f*', 'wych']\nchecks = ['RT03*', 'RT030/*', '*/required', 'GI001']"))
            .1
            .is_empty()
    );
}

#[test]
fn a_selection_that_leaves_no_check_of_a_run_leaves_nothing_that_could_fail() {
    let words = |patterns: &[&str]| patterns.iter().map(|&pattern| pattern.to_owned()).collect();
    let runs = [Run::Conform, Run::Payloads, Run::Traffic, Run::Probe];
    for (include, exclude, expected) in [
        (&[][..], &[][..], [false; 4]),
        (&["RT030/required"], &[], [false; 4]),
        (&["lint/*"], &[], [false, true, true, true]),
        (&["BH001"], &[], [true, true, true, false]),
        (&["CL*", "GI011"], &[], [false; 4]),
        (&[], &["RT*", "GI*"], [false, true, true, false]),
        (&["RT030/required"], &["RT030"], [true; 4]),
        // Of a name that stands for nothing, that is said.
        (&["lint/nonsense"], &[], [false; 4]),
    ] {
        let checks = SelectedChecks { include: words(include), exclude: words(exclude) };
        assert_eq!(runs.map(|run| checks.is_nothing_of(run)), expected, "{checks:?}");
    }
}

#[test]
fn only_selected_checks_count() {
    for (text, open) in [
        ("[gate]\nchecks = ['RT030/type']", 2),
        ("[gate]\nchecks = ['RT*']\nexclude-checks = ['RT030/required']", 2),
        ("[gate]\nexclude-checks = ['RT030']", 0),
        ("[gate]\nchecks = ['RT030/type']\nexclude-checks = ['RT030/required']", 2),
    ] {
        let report = judged(text);
        assert_eq!((told(&report).0.len(), report.findings().count()), (open, open), "{text}");
    }
}

#[test]
fn of_what_a_run_left_out_no_waiver_is_called_unused() {
    let unused = |text: &str, change: &dyn Fn(&mut Report, &mut Policy)| {
        let (mut report, mut policy) = (report(), policy(text));
        change(&mut report, &mut policy);
        report.judge(policy, TODAY.parse().unwrap());
        told(&report).1
    };
    let anywhere = waiver("check = 'CL001'");
    let of_wych = waiver("check = 'CL001'\nprovider = 'wych'");
    let of_yapily = waiver("check = 'CL001'\nprovider = 'yapily'");
    let without_yapily = |_: &mut Report, policy: &mut Policy| policy.left_out = ["yapily".to_owned()].into();
    let part = |report: &mut Report, _: &mut Policy| report.shard = Shard::new(1, 2).unwrap();
    let given = |_: &mut Report, policy: &mut Policy| policy.partial = true;
    let some = |_: &mut Report, policy: &mut Policy| policy.checks.include = vec!["RT*".to_owned()];
    let others = |_: &mut Report, policy: &mut Policy| policy.checks.exclude = vec!["RT*".to_owned()];
    let called = vec!["GI004/unused".to_owned()];
    assert_eq!(unused(&anywhere, &|_, _| {}), called);
    assert_eq!(unused(&anywhere, &without_yapily), Vec::<String>::new());
    assert_eq!(unused(&of_wych, &without_yapily), called);
    assert_eq!(unused(&of_yapily, &without_yapily), Vec::<String>::new());
    assert_eq!(unused(&of_wych, &part), Vec::<String>::new());
    assert_eq!(unused(&of_yapily, &given), Vec::<String>::new());
    assert_eq!(unused(&anywhere, &some), Vec::<String>::new());
    assert_eq!(unused(&anywhere, &others), called);
}

#[test]
fn the_whole_is_judged_when_its_parts_are_put_together() {
    let text = waiver("check = 'RT030/type'") + &waiver("check = 'RT030/required'") + &waiver("check = 'CL001'");
    let part = |number, findings: Vec<Finding>| {
        let (shard, providers) = (Shard::new(number, 2).unwrap(), vec![provider("fena", findings)]);
        let mut report = Report { shard, providers, ..Report::default() };
        report.judge(policy(&text), TODAY.parse().unwrap());
        assert!(told(&report).1.is_empty());
        report
    };
    let (one, two) = (part(1, vec![finding("type", "list")]), part(2, vec![finding("required", "read")]));
    let whole = Report::merge(vec![two.clone(), one.clone()]).unwrap();
    assert_eq!(told(&whole), (vec![], vec!["GI004/unused".to_owned()]));
    assert_eq!(whole.waived(), 2);
    // Put together again from what was written, nothing changes.
    let read = |report: &Report| Report::read(&report.to_json().unwrap()).unwrap();
    assert_eq!(Report::merge(vec![read(&one), read(&two)]).unwrap(), whole);
    assert_eq!(Report::merge(vec![read(&whole)]).unwrap(), whole);
    let mut other = two;
    other.judge(policy(&waiver("check = 'CL001'")), TODAY.parse().unwrap());
    let refused = Err(MergeError::Policy("waivers".to_owned()));
    assert_eq!(Report::merge(vec![one.clone(), other.clone()]), refused);
    other.verdict = None;
    assert_eq!(Report::merge(vec![one.clone(), other]), refused);
    // What is different is named, and what each part failed on is its own.
    let with = |change: &dyn Fn(&mut Policy)| {
        let mut other = part(2, vec![]);
        let mut policy = policy(&text);
        change(&mut policy);
        other.judge(policy, TODAY.parse().unwrap());
        Report::merge(vec![one.clone(), other])
    };
    let checks = with(&|policy| policy.checks.include.push("RT*".to_owned()));
    assert_eq!(checks, Err(MergeError::Policy("checks".to_owned())));
    let never = with(&|policy| policy.fail_on = FailOn::Never).unwrap();
    assert_eq!(never.verdict.unwrap().policy.fail_on, FailOn::Error);
    let warning = with(&|policy| policy.fail_on = FailOn::Warning).unwrap();
    assert_eq!(warning.verdict.unwrap().policy.fail_on, FailOn::Warning);
}

#[test]
fn whole_reports_of_different_providers_are_judged_as_one() {
    let text = waiver("check = 'RT030'\nprovider = 'wych'") + &waiver("check = 'CL001'");
    let of = |name: &str, other: &str| {
        let mut report = Report { providers: vec![provider(name, [finding("type", "list")])], ..Report::default() };
        report.judge(Policy { left_out: [other.to_owned()].into(), ..policy(&text) }, TODAY.parse().unwrap());
        assert!(told(&report).1.is_empty());
        report
    };
    let whole = Report::merge(vec![of("fena", "wych"), of("wych", "fena")]).unwrap();
    assert_eq!(told(&whole), (vec!["fena RT030/type list".to_owned()], vec!["GI004/unused".to_owned()]));
}

#[test]
fn a_template_holds_once_it_is_filled_in() {
    let mut report = report();
    report.providers[0].findings[0].message = "two\nlines \u{7f}".to_owned();
    let entries = template(&report, TODAY.parse().unwrap());
    report.judge(policy(&entries), TODAY.parse().unwrap());
    assert_eq!(told(&report).1, ["GI004/incomplete"; 3], "{entries}");
    let filled = entries.replace("reason = \"\"", "reason = 'known'").replace("owner = \"\"", "owner = 'us'");
    report.judge(policy(&filled), TODAY.parse().unwrap());
    assert_eq!(told(&report), (vec![], vec![]), "{filled}");
    assert_eq!(template(&report, TODAY.parse().unwrap()), "");
}
