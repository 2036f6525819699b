//! `obkit checks`: what the checks are and mean.

use std::fmt::Write;

use clap::builder::PossibleValuesParser;
use obkit_conformance::checks::{self, Check, Explanation};

use crate::args::{Checks, ExplainChecks, Format, ListChecks};
use crate::exit::{Exit, Outcome};
use crate::output;

/// The ids that there are.
pub(crate) fn ids() -> PossibleValuesParser {
    PossibleValuesParser::new(checks::all().map(Check::id))
}

pub(crate) fn run(arguments: &Checks) -> Outcome {
    match arguments {
        Checks::List(arguments) => list(arguments)?,
        Checks::Explain(arguments) => explain(arguments)?,
    }
    Ok(Exit::Clean)
}

/// Prints a line per check.
fn list(arguments: &ListChecks) -> Result<(), String> {
    let text = match arguments.output.format {
        Format::Json => output::json(&checks::all().map(Explanation::from).collect::<Vec<_>>())?,
        Format::Text => {
            let mut text = String::new();
            for check in checks::all() {
                // Writing to a string cannot fail.
                let _ = writeln!(text, "{:<31} {:<7} {}", check.id(), check.severity(), check.title());
            }
            text
        }
    };
    output::write(arguments.output.output.as_deref(), &text)
}

/// Prints one check, or the page of all of them.
fn explain(arguments: &ExplainChecks) -> Result<(), String> {
    let explained = arguments.subject.id.as_deref().and_then(checks::find).map(Explanation::from);
    let text = match (arguments.output.format, explained) {
        (Format::Json, Some(check)) => output::json(&check)?,
        (Format::Json, None) => output::json(&checks::all().map(Explanation::from).collect::<Vec<_>>())?,
        (Format::Text, Some(check)) => check.to_string(),
        (Format::Text, None) => checks::page(),
    };
    output::write(arguments.output.output.as_deref(), &text)
}
