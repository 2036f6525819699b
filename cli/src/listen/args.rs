//! The arguments of verbs that serve.

use std::path::PathBuf;

use clap::Args;

use crate::args::Format;

/// Which document to serve, where, and what to tell of it.
#[derive(Debug, Args)]
pub(crate) struct Listen {
    /// The document: Swagger 2.0, OpenAPI 3.0 or OpenAPI 3.1.
    #[arg(long, value_name = "FILE")]
    pub(crate) spec: PathBuf,
    /// An OpenAPI Overlay document that corrects the document; may be repeated.
    #[arg(long, value_name = "FILE")]
    pub(super) overlay: Vec<PathBuf>,
    /// The address to listen on.
    #[arg(long, default_value = "127.0.0.1")]
    pub(super) host: String,
    /// The port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    pub(super) port: u16,
    /// A path below which the document's paths stand; `servers` takes those of the document's servers.
    #[arg(long, value_name = "PATH", value_parser = base_path)]
    pub(super) base_path: Vec<String>,
    /// Tells on standard error what became of each request, without anything of its values.
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(super) log: Option<Format>,
}

/// Reads a path that requests can stand below.
fn base_path(text: &str) -> Result<String, String> {
    if text.contains(['?', '#']) || text.contains("://") {
        return Err("it is no path\n  help: give one such as /v1, without host, query and fragment".to_owned());
    }
    Ok(text.to_owned())
}
