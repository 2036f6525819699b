//! The command line.

mod config;
mod judged;
mod report;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};
use obkit_conformance::server::{Faults, Latency};
use obkit_conformance::{Profiles, Rule, Shard};

pub(crate) use self::config::{ConfigVerb, WaiversVerb};
pub(crate) use self::judged::Judged;
pub(crate) use self::report::{Copies, Merge, Reports, Told};
use crate::listen::Listen;
use crate::probe::Probe;
use crate::proxy::Proxy;
use crate::traffic::Traffic;
use crate::{checks, rules};

/// Typed open-banking clients that provably match their specs.
///
/// Exit codes: 0 clean; 1 findings at or above --fail-on; 2 wrong arguments, configuration or
/// input, or nothing was checked; 3 a bug in obkit; 4 generated code is out of date.
#[derive(Debug, Parser)]
#[command(name = "obkit", version, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// The arguments, with the verb that they mean: to prove a server that runs elsewhere is to probe it.
pub(crate) fn with_verb(mut arguments: Vec<OsString>) -> Vec<OsString> {
    // Only a server is proved against a document that is named: without its URL, that is what is missing.
    let option = |argument: &OsString| argument.to_str()?.split('=').next().map(str::to_owned);
    let is_of_server = |argument| option(argument).is_some_and(|name| name == "--base-url" || name == "--spec");
    if arguments.get(1).is_some_and(|verb| verb == "conform") && arguments.iter().any(is_of_server) {
        arguments[1] = "probe".into();
    }
    arguments
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Conform(Conform),
    Generate(Generate),
    Lint(Lint),
    Mock(Mock),
    Validate(Validate),
    // The arguments of these stand beside them.
    Probe(Box<Probe>),
    Proxy(Box<Proxy>),
    Providers(Providers),
    #[command(subcommand)]
    Checks(Checks),
    #[command(subcommand)]
    Report(Reports),
    #[command(subcommand)]
    Config(ConfigVerb),
    #[command(subcommand)]
    Waivers(WaiversVerb),
}

/// Proves that specs, generated code, clients and servers agree.
///
/// For each provider: lints the spec, checks that `generated/` is fresh, validates every documented
/// example, takes each through the generated types and the domain, and drives every operation of
/// the typed client against an in-process server that enforces the spec.
///
/// With `--base-url URL`, proves that server instead, and is `obkit probe`: all that follows is as there.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  obkit conform --provider fena --format json -o report.json\n  obkit conform --report junit=report.xml --report html=report.html\n  obkit conform --shard 1/4 --format json -o part-1.json\n  obkit conform --checks 'RT*,EX*' --fail-on warning\n  obkit conform --base-url http://127.0.0.1:8080 --spec openapi.yaml\n\nWhat is set in obkit.toml is described by `obkit config schema`."
)]
pub(crate) struct Conform {
    #[command(flatten)]
    pub(crate) workspace: Workspace,
    #[command(flatten)]
    pub(crate) told: Told,
    #[command(flatten)]
    pub(crate) copies: Copies,
    /// Does only this part of so many, such as 2/5; `obkit report merge` puts the reports of all parts together.
    #[arg(long, value_name = "K/N", default_value_t = Shard::WHOLE, hide_default_value = true)]
    pub(crate) shard: Shard,
    #[command(flatten)]
    pub(crate) judged: Judged,
    /// Tries clients with many more payloads, everywhere; it takes minutes.
    #[arg(long)]
    pub(crate) thorough: bool,
    /// What the payloads that clients are tried with begin with; the same number makes the same ones.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Shows no progress.
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// Generates the clients of the workspace, or of any OpenAPI document.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  obkit generate\n  obkit generate --check\n  obkit generate --spec openapi.yaml --out client --name my-client --runtime-path runtime"
)]
pub(crate) struct Generate {
    #[command(flatten)]
    pub(crate) workspace: Workspace,
    /// Compares only, and exits with 4 when generated code is out of date.
    #[arg(long)]
    pub(crate) check: bool,
    /// An OpenAPI document to generate a crate from, instead of the workspace's.
    #[arg(long, value_name = "FILE", requires_all = ["out", "name"], conflicts_with = "provider")]
    pub(crate) spec: Option<PathBuf>,
    /// An OpenAPI Overlay document that corrects that document; may be repeated.
    #[arg(long, value_name = "FILE", requires = "spec")]
    pub(crate) overlay: Vec<PathBuf>,
    /// The folder of that crate.
    #[arg(long, value_name = "DIR", requires = "spec")]
    pub(crate) out: Option<PathBuf>,
    /// The name of that crate.
    #[arg(long, value_name = "CRATE", requires = "spec")]
    pub(crate) name: Option<String>,
    /// Where that crate finds obkit-runtime; without it, in the registry.
    #[arg(long, value_name = "DIR", requires = "spec")]
    pub(crate) runtime_path: Option<PathBuf>,
    /// Writes all notes as JSON.
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// Prints every note, not only what is lossy.
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

/// Says what in an OpenAPI document will not generate, not validate, or not mean what it says.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  obkit lint specs/fena/openapi.yaml --min-severity warning\n  obkit lint --explain open-enum"
)]
pub(crate) struct Lint {
    #[command(flatten)]
    pub(crate) subject: Subject,
    /// An OpenAPI Overlay document that corrects the document; may be repeated.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["rules", "explain"])]
    pub(crate) overlay: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) output: Output,
    /// The mildest note that makes the exit code 1.
    #[arg(long, value_enum, default_value_t = FailOn::Error)]
    pub(crate) fail_on: FailOn,
    /// The mildest note that is printed.
    #[arg(long, value_enum, default_value_t = FailOn::Info)]
    pub(crate) min_severity: FailOn,
}

/// What lint speaks about.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Subject {
    /// The document.
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Lists the rules instead.
    #[arg(long)]
    pub(crate) rules: bool,
    /// Says what a rule means, with a document that fires it; `all` explains every rule.
    #[arg(long, value_name = "RULE", value_parser = rules::ids(), hide_possible_values = true)]
    pub(crate) explain: Option<String>,
}

/// Serves an OpenAPI document: checks every request, and answers what the document promises.
///
/// The first line of standard output is the URL to call. Requests that break the document are refused as it says, or with
/// a problem of RFC 9457; `Prefer` asks for another answer: `code=404`, `example=NAME`, `dynamic=true`, `seed=7`,
/// `wait=0.2`, `handling=strict`. Ctrl-C ends it, once the answers on their way are sent.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  obkit mock --spec specs/fena/openapi.yaml --port 4010\n  obkit mock --spec openapi.yaml --dynamic --seed 7 --latency 20ms..200ms --fault status=503:0.1,reset:0.01 --log text"
)]
pub(crate) struct Mock {
    #[command(flatten)]
    pub(crate) listen: Listen,
    /// What generated bodies, faults and delays depend on.
    #[arg(long, default_value_t = 0)]
    pub(crate) seed: u64,
    /// Generates bodies although there are examples.
    #[arg(long)]
    pub(crate) dynamic: bool,
    /// How long answers take, such as 50ms or 20ms..200ms.
    #[arg(long, value_name = "TIME")]
    pub(crate) latency: Option<Latency>,
    /// What goes wrong and how often, such as status=503:0.1,reset:0.01,truncate:0.01,slow:0.05.
    #[arg(long, value_name = "FAULTS")]
    pub(crate) fault: Option<Faults>,
    /// Answers with success although a request breaks the document; what is wrong stands in `Obkit-Violations`.
    #[arg(long)]
    pub(crate) lenient: bool,
    /// Lets scripts of any web page read the answers.
    #[arg(long)]
    pub(crate) cors: bool,
}

/// Judges payloads or recorded traffic against an OpenAPI document.
///
/// Of payloads, one JSON line goes in and one verdict line comes out. A HAR, or exchanges as JSON lines, is told as a report.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("input").required(true).args(["payloads", "har", "exchanges"])))]
#[command(
    after_help = "Examples:\n  obkit validate --spec specs/fena/openapi.yaml --payloads payloads.jsonl\n  obkit validate --spec openapi.yaml --har traffic.har --redacted --report junit=report.xml\n\nA payload line:\n  {\"kind\":\"response\",\"op\":\"getAccounts\",\"status\":\"200\",\"content_type\":\"application/json\",\"value\":{...}}\n\nA line of exchanges:\n  {\"request\":{\"method\":\"GET\",\"url\":\"https://api.bank.example/accounts\",\"headers\":{...}},\"response\":{\"status\":200,\"headers\":{...},\"body\":\"...\"}}"
)]
pub(crate) struct Validate {
    /// The document.
    #[arg(long, value_name = "FILE")]
    pub(crate) spec: PathBuf,
    /// An OpenAPI Overlay document that corrects the document; may be repeated.
    #[arg(long, value_name = "FILE")]
    pub(crate) overlay: Vec<PathBuf>,
    /// The payload lines; `-` reads standard input.
    #[arg(long, value_name = "FILE.jsonl")]
    pub(crate) payloads: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) traffic: Traffic,
    /// How strictly payloads, and bodies, parameters and header fields of traffic are judged by their schemas: `strict` counts every keyword and
    /// format, `nullable` and `readOnly` as their authors mean them, in OpenAPI 3.1 too; `lenient` refuses only what a tolerant reader cannot
    /// read; `closed` refuses members that the document does not name, too; `all` says in `refused_by` of payload lines which of them refuse a
    /// value, and is as `closed` for traffic. Without it, what the file says, or else `strict`.
    #[arg(long, value_name = "PROFILE", value_parser = profiles())]
    pub(crate) profile: Option<Profiles>,
    #[command(flatten)]
    pub(crate) output: VerdictOutput,
    #[command(flatten)]
    pub(crate) copies: Copies,
    #[command(flatten)]
    pub(crate) judged: Judged,
}

/// The names of the profiles, which help and suggestions show.
pub(crate) fn profiles() -> impl TypedValueParser<Value = Profiles> {
    PossibleValuesParser::new(Profiles::NAMES).try_map(|name| name.parse())
}

/// Lists the providers: operations, evidence, credentials, environments.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  obkit providers --format markdown")]
pub(crate) struct Providers {
    #[command(flatten)]
    pub(crate) workspace: Workspace,
    /// How to print it.
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub(crate) format: TableFormat,
    /// Where to print it; without it, on standard output.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// Lists what is checked, and says what each check means.
#[derive(Debug, Subcommand)]
#[command(after_help = "Examples:\n  obkit checks list\n  obkit checks explain RT030")]
pub(crate) enum Checks {
    List(ListChecks),
    Explain(ExplainChecks),
}

/// Lists every check, a line each.
#[derive(Debug, Args)]
pub(crate) struct ListChecks {
    #[command(flatten)]
    pub(crate) output: Output,
}

/// Says what a check means, why it matters, and how to fix what it finds, with a case that fires it.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  obkit checks explain RT030")]
pub(crate) struct ExplainChecks {
    #[command(flatten)]
    pub(crate) subject: ExplainedCheck,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// Which check.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct ExplainedCheck {
    /// The check's id, such as RT030, or that of a part of it, such as RT030/required.
    #[arg(value_name = "ID", value_parser = checks::rule)]
    pub(crate) id: Option<Rule>,
    /// Explains every check, as one page.
    #[arg(long)]
    pub(crate) all: bool,
}

/// Which workspace, and which providers of it.
#[derive(Debug, Args)]
pub(crate) struct Workspace {
    /// Only this provider; may be repeated.
    #[arg(long, value_name = "P")]
    pub(crate) provider: Vec<String>,
    /// The folder that holds specs/providers.toml.
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
}

impl Workspace {
    /// The folder, such that paths below it are shown as short as they can be.
    pub(crate) fn root(&self) -> &Path {
        self.root.strip_prefix(".").unwrap_or(&self.root)
    }
}

/// How and where to print.
#[derive(Debug, Args)]
pub(crate) struct Output {
    /// How to print it.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Where to print it; without it, on standard output.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// How and where to print verdicts.
#[derive(Debug, Args)]
pub(crate) struct VerdictOutput {
    /// How to print what is found: of payloads ndjson, which is one verdict per line; of traffic any format of a report, text without it.
    #[arg(long, value_parser = report::formats())]
    pub(crate) format: Option<obkit_conformance::report::Format>,
    /// Where to print it; without it, on standard output.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// For a README.
    Markdown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Errors only.
    Error,
    /// Warnings and errors.
    Warning,
    /// Everything.
    Info,
    /// Nothing.
    Never,
}

impl From<FailOn> for obkit_conformance::config::FailOn {
    fn from(fail_on: FailOn) -> Self {
        match fail_on {
            FailOn::Error => Self::Error,
            FailOn::Warning => Self::Warning,
            FailOn::Info => Self::Info,
            FailOn::Never => Self::Never,
        }
    }
}
