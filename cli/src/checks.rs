//! `obkit checks`: what the checks are and mean.

use std::fmt::Write;

use obkit_conformance::Rule;
use obkit_conformance::checks::{self, Explanation};
use serde::Serialize;

use crate::args::{Checks, ExplainChecks, Format, ListChecks};
use crate::exit::{Exit, Outcome};
use crate::output;

/// An explanation, and the part of the check that was asked for.
#[derive(Serialize)]
struct Asked {
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<String>,
    #[serde(flatten)]
    explanation: Explanation,
}

impl From<&Rule> for Asked {
    fn from(rule: &Rule) -> Self {
        let part = rule.as_str().strip_prefix(rule.check().id()).and_then(|rest| rest.strip_prefix('/'));
        Self { part: part.map(str::to_owned), explanation: rule.check().into() }
    }
}

/// Reads an id as reports print it: that of a check, or that of a part of one.
pub(crate) fn rule(id: &str) -> Result<Rule, String> {
    Rule::written(id).map_err(|unknown| unknown.to_string())
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
    let text = match (arguments.output.format, arguments.subject.id.as_ref().map(Asked::from)) {
        (Format::Json, Some(asked)) => output::json(&asked)?,
        (Format::Json, None) => output::json(&checks::all().map(Explanation::from).collect::<Vec<_>>())?,
        (Format::Text, Some(Asked { part: Some(part), explanation })) => {
            format!("`{}/{part}` is the part `{part}` of this check.\n\n{explanation}", explanation.id)
        }
        (Format::Text, Some(Asked { part: None, explanation })) => explanation.to_string(),
        (Format::Text, None) => checks::page(),
    };
    output::write(arguments.output.output.as_deref(), &text)
}
