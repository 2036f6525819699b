//! By what a run is judged.

use std::path::PathBuf;

use clap::Args;
use obkit_conformance::verdict::SelectedChecks;

use super::FailOn;

/// By what a run is judged. An argument replaces what the file says.
#[derive(Debug, Args)]
pub(crate) struct Judged {
    /// Settings and waivers; without it, the obkit.toml of this folder or of the nearest one above.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Only these checks, such as RT030 or RT030/required; `*` stands for anything. With commas between.
    #[arg(long, value_name = "CHECK", value_delimiter = ',', value_parser = SelectedChecks::pattern)]
    pub(crate) checks: Vec<String>,
    /// Not these checks.
    #[arg(long, value_name = "CHECK", value_delimiter = ',', value_parser = SelectedChecks::pattern)]
    pub(crate) exclude_checks: Vec<String>,
    /// The mildest finding that makes the exit code 1; without it, what the file says, or else error.
    #[arg(long, value_enum)]
    pub(crate) fail_on: Option<FailOn>,
}
