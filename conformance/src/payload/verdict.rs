//! What became of lines.

use serde::Serialize;

use crate::coverage::Coverage;
use crate::profile::{Judged, Judgement, Profile, Profiles};
use crate::validator::CompileError;
use crate::violation::Violation;

/// How many wrong lines are told; the others are counted.
const MAX_TOLD: usize = 1_000;

/// What became of the lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Lines whose value fits.
    pub valid: usize,
    /// Lines whose value does not.
    pub invalid: usize,
    /// Lines without a verdict, bad input among them.
    pub skipped: usize,
    /// Lines that are wrong themselves: how many.
    pub bad_lines: usize,
    /// The first of them.
    pub bad_input: Vec<BadInput>,
    /// What the lines exercised, where it is asked for what they violate; else nothing. They hold no parameters, and of those nothing is told.
    pub coverage: Coverage,
}

/// A line that is wrong itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BadInput {
    /// The line, from one.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

/// A line of output.
#[derive(Debug, Serialize)]
pub(super) struct Verdict {
    line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    refused_by: Vec<Profile>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Told>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<String>,
}

/// A violation, and, where several profiles judge, which of them mind.
#[derive(Debug, Serialize)]
struct Told {
    #[serde(flatten)]
    violation: Violation,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    refused_by: Vec<Profile>,
}

/// What becomes of a line.
#[derive(Debug)]
pub(super) enum Outcome {
    /// What counts under the profiles that judge.
    Judged(Judgement),
    /// Nothing to judge.
    Skipped(String),
    /// What is wrong, and what to do.
    Bad(String, String),
    /// The schema cannot be enforced, so that nothing is known of the value.
    Unenforceable(CompileError),
}

impl Summary {
    pub(super) fn count(&mut self, line: usize, profiles: Profiles, outcome: Outcome) -> Verdict {
        let mut verdict = Verdict { line, valid: None, refused_by: Vec::new(), errors: Vec::new(), skipped: None };
        match outcome {
            Outcome::Judged(judgement) => {
                let valid = judgement.judged.is_empty();
                *(if valid { &mut self.valid } else { &mut self.invalid }) += 1;
                verdict.valid = Some(valid);
                if profiles == Profiles::All {
                    verdict.refused_by = judgement.refused_by();
                }
                verdict.errors = judgement.judged.into_iter().map(|judged| told(judged, profiles)).collect();
            }
            Outcome::Skipped(reason) => {
                self.skipped += 1;
                verdict.skipped = Some(reason);
            }
            Outcome::Unenforceable(error) => {
                let remedy = "correct the schema, or the pointer to it".to_owned();
                return self.count(line, profiles, Outcome::Bad(error.to_string(), remedy));
            }
            Outcome::Bad(message, remedy) => {
                self.skipped += 1;
                verdict.skipped = Some(message.clone());
                self.bad_lines += 1;
                if self.bad_input.len() < MAX_TOLD {
                    self.bad_input.push(BadInput { line, message, remedy });
                }
            }
        }
        verdict
    }
}

fn told(Judged { violation, refused_from }: Judged, profiles: Profiles) -> Told {
    let refused_by = match profiles {
        Profiles::All => refused_from.and_stricter().collect(),
        Profiles::Only(_) => Vec::new(),
    };
    Told { violation, refused_by }
}
