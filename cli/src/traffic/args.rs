//! The arguments of `obkit validate` that are about traffic.

use std::path::PathBuf;

use clap::Args;

/// Recorded traffic.
#[derive(Debug, Args)]
#[command(next_help_heading = "Traffic")]
pub(crate) struct Traffic {
    /// A recording of traffic, HAR 1.2; `-` reads standard input.
    #[arg(long, value_name = "FILE.har", conflicts_with_all = ["payloads", "exchanges"])]
    pub(crate) har: Option<PathBuf>,
    /// Exchanges, one JSON object per line; `-` reads standard input.
    #[arg(long, value_name = "FILE.ndjson", conflicts_with = "payloads")]
    pub(crate) exchanges: Option<PathBuf>,
    /// The URL of the server that is judged, instead of the document's servers; may be repeated. Exchanges with others are counted by host.
    #[arg(long, value_name = "URL", conflicts_with = "payloads")]
    pub(crate) base_url: Vec<String>,
    /// Takes nothing amiss that is missing because secrets were taken out of the recording, as browsers and `obkit proxy` do.
    #[arg(long, conflicts_with = "payloads")]
    pub(crate) redacted: bool,
}
