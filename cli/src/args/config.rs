//! What the gate is set to.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Describes obkit.toml.
#[derive(Debug, Subcommand)]
#[command(after_help = "Example:\n  obkit config schema -o obkit.schema.json")]
pub(crate) enum ConfigVerb {
    Schema(ConfigSchema),
}

/// Prints the JSON Schema of obkit.toml, for editors that complete and check TOML.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  obkit config schema -o obkit.schema.json")]
pub(crate) struct ConfigSchema {
    /// Where to print it; without it, on standard output.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// Helps with waivers: findings that are known, and do not count until a day.
#[derive(Debug, Subcommand)]
#[command(after_help = "Example:\n  obkit waivers template report.json >> obkit.toml")]
pub(crate) enum WaiversVerb {
    Template(Template),
}

/// Prints an entry of obkit.toml for every finding of a report that counts; reason and owner are to be filled in.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  obkit waivers template report.json >> obkit.toml")]
pub(crate) struct Template {
    /// The report, written with `--report json=FILE`.
    #[arg(value_name = "FILE.json")]
    pub(crate) report: PathBuf,
    /// Where to print it; without it, on standard output.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}
