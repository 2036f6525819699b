//! The arguments of `obkit proxy`.

use std::path::PathBuf;

use clap::Args;
use obkit_conformance::Profiles;

use crate::args::{Copies, Judged, Told, profiles};
use crate::listen::Listen;

/// Stands before a server, forwards what it is sent, and judges what passes in both directions.
///
/// The first line of standard output is the URL to call. Bytes pass as they come. Ctrl-C ends it, once the answers on their way are sent, and
/// tells what was found.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  obkit proxy --spec openapi.yaml --upstream https://api.bank.example/v1 --port 4010 --log text\n  obkit proxy --spec \
                  openapi.yaml --upstream http://127.0.0.1:8080 --enforce --record traffic.har --report junit=report.xml"
)]
pub(crate) struct Proxy {
    #[command(flatten)]
    pub(crate) listen: Listen,
    /// The server that requests are forwarded to; their paths are appended to its path.
    #[arg(long, value_name = "URL")]
    pub(crate) upstream: String,
    /// Writes what passes into a HAR without its secrets, which `obkit validate --har FILE --redacted` reads.
    #[arg(long, value_name = "FILE.har")]
    pub(crate) record: Option<PathBuf>,
    /// How strictly bodies, parameters and header fields are judged by their schemas, as for `obkit validate`; `all` is as `closed`. Without it,
    /// what the file says, or else `strict`.
    #[arg(long, value_name = "PROFILE", value_parser = profiles())]
    pub(crate) profile: Option<Profiles>,
    /// Answers requests that break the document with a problem, and does not forward them.
    #[arg(long)]
    pub(crate) enforce: bool,
    /// Asks the server for answers that are not compressed; of others than `gzip` and `deflate` nothing is judged.
    #[arg(long)]
    pub(crate) uncompressed: bool,
    #[command(flatten)]
    pub(crate) told: Told,
    #[command(flatten)]
    pub(crate) copies: Copies,
    #[command(flatten)]
    pub(crate) judged: Judged,
}
