//! Reports to be told.

use obkit_codegen::Document;
use obkit_conformance::Direction;
use obkit_conformance::config::Config;
use obkit_conformance::coverage::{
    Coverage, Dimension, MediaTypeCoverage, Missing, OperationCoverage, ParameterCoverage, Partial, PartialReason,
    ResponseCoverage, SchemaCoverage, Tally,
};
use obkit_conformance::suite::ProviderReport;
use obkit_conformance::suite::client::Effort;
use obkit_conformance::verdict::Policy;
use obkit_conformance::{Finding, Report, Rule, Shard, checks};

/// What stands in documents that want to be more than text.
pub(crate) const HOSTILE: &str = "\"q\" 'a' <script>alert(1)</script> & ]]> %0A\n::error::no\r\n| `c` \\ [l](x) # @all \u{0}\u{1b}[31m\u{202e} 𝕏 \
                                  --- ... ok 1 # SKIP";

/// Two providers, of which one has all that there can be.
pub(crate) fn hostile() -> Report {
    let document = Document::parse("specs/a \"b\"<&>.yaml", "openapi: 3.0.3\npaths:\n  /a: {}\n").unwrap();
    let mut worst = Finding::new(Rule::part(checks::RT030, "type"), HOSTILE)
        .remedy(HOSTILE)
        .provider("a<b>\"'&]]>")
        .operation("read <a>, b: c # ::error::")
        .status("4XX")
        .media_type("application/json")
        .at(&document, "/paths/~1a")
        .instance("/data/0/<x>\n");
    (worst.line, worst.column) = (Some(12), Some(3));
    let warning = Finding::new(checks::RT033, "the query parameter `q` is not documented").operation("list");
    let note = Finding::new(checks::of_lint("open-enum").unwrap(), "nowhere in particular");
    let mut provider = ProviderReport {
        provider: "a<b>\"'&]]>".to_owned(),
        document: "0123456789abcdef".to_owned(),
        operations: 2,
        examples: 3,
        unsupported: ["Users::delete".to_owned()].into(),
        unknown_formats: ["<iso>".to_owned()].into(),
        coverage: coverage(),
        ..ProviderReport::default()
    };
    let mut known = Finding::new(Rule::part(checks::RT050, "required"), "known").operation("list").status(200);
    known.line = Some(13);
    [worst, warning, note, known].into_iter().for_each(|finding| provider.report(finding));
    let empty = ProviderReport { provider: "empty".to_owned(), ..ProviderReport::default() };
    let mut report = Report {
        effort: Some(Effort::QUICK),
        version: "0.1.0".to_owned(),
        shard: Shard::new(1, 2).unwrap(),
        providers: vec![provider.finish(), empty.finish()],
        verdict: None,
    };
    report.judge(policy(), "2026-02-01".parse().unwrap());
    report
}

/// One waiver that holds, and one that does not.
fn policy() -> Policy {
    let said = serde_json::Value::from(HOSTILE).to_string();
    let text = format!(
        "[gate]\nchecks = ['*']\nexclude-checks = ['DM*']\n\n[[waivers]]\ncheck = 'RT050/required'\nreason = {said}\nowner = {said}\n\
         expires = 2026-06-30\nevidence = {said}\n\n[[waivers]]\ncheck = 'CL001'\noperation = {said}\nreason = 'old'\nowner = 'us'\n\
         expires = 2026-01-31\n"
    );
    Config::parse("ci/obkit.toml", &text).unwrap().policy()
}

pub(crate) fn clean() -> Report {
    let provider = ProviderReport {
        provider: "bank".to_owned(),
        examples: 1,
        operations: 2,
        coverage: coverage(),
        ..ProviderReport::default()
    };
    Report { providers: vec![provider.finish()], ..Report::default() }
}

fn coverage() -> Coverage {
    let body = |given| vec![MediaTypeCoverage { media_type: "text/<x>".to_owned(), given }];
    let given = |status: &str, given| ResponseCoverage { status: status.to_owned(), given, media_types: body(false) };
    let operation = |path: &str, operation: &str, called, responses| OperationCoverage {
        path: path.to_owned(),
        method: "GET".to_owned(),
        operation: operation.to_owned(),
        called,
        parameters: vec![ParameterCoverage { name: "<p>".to_owned(), location: "query".to_owned(), sent: called }],
        request: body(called),
        responses,
    };
    let mut coverage = Coverage::new(vec![
        operation("/b/{<id>}", "list", true, vec![given("200", true), given("4XX", false)]),
        operation("/a", "never \"called\"", false, vec![given("default", false)]),
    ]);
    let missing = Missing {
        dimension: Dimension::Values,
        name: HOSTILE.to_owned(),
        pointer: "/components/schemas/A/enum/1".to_owned(),
        file: "<a>.yaml".to_owned(),
        line: Some(7),
    };
    let schema = SchemaCoverage {
        direction: Direction::Response,
        schema: "/components/schemas/<A>".to_owned(),
        totals: [(Dimension::Values, Tally { done: 0, of: 3 })].into(),
        missing: vec![missing],
    };
    let partial = Partial {
        reason: PartialReason::FreeForm,
        operation: Some("<b>".to_owned()),
        message: HOSTILE.to_owned(),
        pointer: "/<p>".to_owned(),
        file: "<a>.yaml".to_owned(),
        line: None,
    };
    coverage.absorb(Coverage { schemas: vec![schema], partial: [partial].into(), ..Coverage::default() });
    coverage
}
