//! What reports are asked for, and where.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use obkit_conformance::report::Format;

use super::FailOn;
use crate::report::{Copy, copy};

/// Puts reports together, or describes them.
#[derive(Debug, Subcommand)]
#[command(
    after_help = "Examples:\n  obkit report merge part-1.json part-2.json --report html=report.html\n  obkit report schema"
)]
pub(crate) enum Reports {
    Merge(Merge),
    Schema(Schema),
}

/// Puts the reports of all parts of a run together, or those of different providers; of one report, makes another format.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  obkit report merge part-1.json part-2.json --format markdown\n\nThe exit code is that of a run that did everything."
)]
pub(crate) struct Merge {
    /// The reports, written with `--report json=FILE`.
    #[arg(value_name = "FILE.json", required = true)]
    pub(crate) reports: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) told: Told,
    #[command(flatten)]
    pub(crate) copies: Copies,
    /// The obkit.toml whose `fail-on` counts; without it, that of this folder or of the nearest one above.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The mildest finding that makes the exit code 1; without it, what the file says, or else error. What the parts were run with does not
    /// matter.
    #[arg(long, value_enum)]
    pub(crate) fail_on: Option<FailOn>,
}

/// Prints the JSON Schema of reports in the format json.
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Where to print it; without it, on standard output.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// How and where to tell a report.
#[derive(Debug, Args)]
pub(crate) struct Told {
    /// How to print it.
    #[arg(long, default_value_t = Format::Text, value_parser = formats())]
    pub(crate) format: Format,
    /// Where to print it; without it, on standard output.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// The names of the formats, which help and suggestions show.
pub(super) fn formats() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(Format::as_str)).try_map(|name| name.parse())
}

/// In what other formats, and where.
#[derive(Debug, Args)]
pub(crate) struct Copies {
    /// Writes what was found to a file besides, as a report in a format, such as junit=report.xml; may be repeated.
    #[arg(long = "report", value_name = "FORMAT=FILE", value_parser = copy)]
    pub(crate) files: Vec<Copy>,
}
