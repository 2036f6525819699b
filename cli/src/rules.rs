//! `obkit lint --rules` and `--explain`: what the rules are and mean.

use std::fmt::Write;

use clap::builder::PossibleValuesParser;
use obkit_codegen::explain::{self, Explanation};
use obkit_codegen::note::RULES;

use crate::args::{Format, Lint};
use crate::output;

/// What explains every rule.
const ALL: &str = "all";

/// What `--explain` takes: the ids of the rules, and a word for all of them.
pub(crate) fn ids() -> PossibleValuesParser {
    PossibleValuesParser::new(RULES.iter().map(|rule| rule.id).chain([ALL]))
}

/// Prints one rule, or all of them.
pub(crate) fn explain(arguments: &Lint, id: &str) -> Result<(), String> {
    let explained: Vec<Explanation> = Explanation::all().filter(|rule| id == ALL || rule.id == id).collect();
    let text = match (arguments.output.format, explained.as_slice()) {
        (Format::Json, [rule]) => output::json(rule)?,
        (Format::Json, rules) => output::json(&rules)?,
        (Format::Text, [rule]) => rule.to_string(),
        (Format::Text, _) => explain::page(),
    };
    output::write(arguments.output.output.as_deref(), &text)
}

/// Prints a line per rule.
pub(crate) fn list(arguments: &Lint) -> Result<(), String> {
    let rules: Vec<Explanation> = Explanation::all().collect();
    let text = match arguments.output.format {
        Format::Json => output::json(&rules)?,
        Format::Text => {
            let mut text = String::new();
            for rule in &rules {
                // Writing to a string cannot fail.
                let _ = writeln!(text, "{:<26} {:<15} {}", rule.id, rule.weight(), rule.summary());
            }
            text
        }
    };
    output::write(arguments.output.output.as_deref(), &text)
}
