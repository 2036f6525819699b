//! The arguments of `obkit probe`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use obkit_conformance::config::{Rate, Time};
use obkit_conformance::probe::Phase;

use crate::args::{Copies, Judged, Output};

/// Probes a server: sends it right and wrong requests made from its document, and judges every answer.
///
/// A probe creates, changes and deletes, and can make payments. Nothing is sent to another host than that of the base URL,
/// redirects are not followed, and a host other than this machine has to be allowed with --allow-host.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  obkit probe --spec openapi.yaml --base-url http://127.0.0.1:8080\n  obkit probe --provider fena --base-url \
                  http://127.0.0.1:8080 --auth-env FENA_TOKEN --format json -o report.json --report html=report.html\n  obkit probe --spec openapi.yaml --base-url \
                  http://127.0.0.1:8080 --replay 3f2504e0 --from report.json"
)]
pub(crate) struct Probe {
    /// The document.
    #[arg(long, value_name = "FILE", required_unless_present = "provider", conflicts_with = "provider")]
    pub(crate) spec: Option<PathBuf>,
    /// An OpenAPI Overlay document that corrects the document; may be repeated.
    #[arg(long, value_name = "FILE", conflicts_with = "provider")]
    pub(crate) overlay: Vec<PathBuf>,
    /// The provider of the workspace whose document it is.
    #[arg(long, value_name = "P")]
    pub(crate) provider: Option<String>,
    /// The folder that holds specs/providers.toml.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) root: PathBuf,
    /// The server, with the path that the document's `servers` have.
    #[arg(long, value_name = "URL", required_unless_present = "dry_run")]
    pub(crate) base_url: Option<String>,
    /// Allows a host other than this machine; may be repeated.
    #[arg(long, value_name = "HOST")]
    pub(crate) allow_host: Vec<String>,
    /// What is sent; all phases without it. With commas between.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "PHASE")]
    pub(crate) phases: Vec<PhaseName>,
    /// Only these operations: an id, a path or `METHOD /path`; `*` stands for anything; may be repeated.
    #[arg(long, value_name = "OPERATION")]
    pub(crate) include: Vec<String>,
    /// Not these operations.
    #[arg(long, value_name = "OPERATION")]
    pub(crate) exclude: Vec<String>,
    /// A header field that is sent with every request, as `Name: value`, or as `Name: $VARIABLE` from the environment.
    #[arg(long, value_name = "FIELD")]
    pub(crate) header: Vec<String>,
    /// The environment variable of the credentials of all security schemes, or `SCHEME=VARIABLE` for one of them: a token, a key, or
    /// `user:password` for Basic.
    #[arg(long, value_name = "[SCHEME=]VARIABLE")]
    pub(crate) auth_env: Vec<String>,
    /// What chance comes from: the same seed sends the same requests.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Stops after this time, such as `90s`, `5m`.
    #[arg(long, value_name = "TIME")]
    pub(crate) max_time: Option<Time>,
    /// At most so many requests, such as `50/s`, `600/m`.
    #[arg(long)]
    pub(crate) rate: Option<Rate>,
    /// How many requests are under way at a time.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=1024))]
    pub(crate) workers: usize,
    /// How many requests by chance are sent to an operation.
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(crate) fuzz_cases: usize,
    /// An answer that takes longer is a finding.
    #[arg(long, value_name = "TIME")]
    pub(crate) max_response_time: Option<Time>,
    /// How long an answer is waited for.
    #[arg(long, value_name = "TIME", value_parser = Time::some, default_value = "10s")]
    pub(crate) timeout: Time,
    /// Says how many requests would be sent, and sends none.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Writes every failure as a Rust test into a folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) emit_tests: Option<PathBuf>,
    /// Asks a failure again, by its id or the beginning of it.
    /// Nothing that shapes a probe, and nothing of the configuration but `fail-on`, changes what is then found: such arguments are refused.
    #[arg(long, value_name = "ID", requires = "from", conflicts_with_all = [
        "phases", "include", "exclude", "seed", "workers", "fuzz_cases", "max_time", "rate", "max_response_time", "dry_run", "emit_tests", "files", "checks", "exclude_checks",
    ])]
    pub(crate) replay: Option<String>,
    /// The JSON report that the failure stands in.
    #[arg(long, value_name = "FILE", requires = "replay")]
    pub(crate) from: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) output: Output,
    /// The same report that other verbs write, without the requests.
    #[command(flatten)]
    pub(crate) copies: Copies,
    #[command(flatten)]
    pub(crate) judged: Judged,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PhaseName {
    /// The documented examples.
    Examples,
    /// Every value and every broken keyword once.
    Coverage,
    /// Requests by chance.
    Fuzz,
    /// What is created is read, deleted and read again.
    Stateful,
}

impl From<PhaseName> for Phase {
    fn from(name: PhaseName) -> Self {
        match name {
            PhaseName::Examples => Self::Examples,
            PhaseName::Coverage => Self::Coverage,
            PhaseName::Fuzz => Self::Fuzz,
            PhaseName::Stateful => Self::Stateful,
        }
    }
}
