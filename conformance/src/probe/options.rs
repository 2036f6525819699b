//! What is probed, and how.

use std::fmt;
use std::time::Duration;

use obkit_codegen::spec::Operation;
use obkit_codegen::{Spec, spelling};
use serde::{Deserialize, Serialize};

use crate::glob::is_like;

/// A part of a probe. They run in this order, except that everything that deletes comes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The documented examples are sent.
    Examples,
    /// Every parameter, property, listed value, alternative and bound is sent at least once, and every keyword is broken
    /// once, with the rest of the request right.
    Coverage,
    /// Requests by chance, half of them right, half of them with one keyword broken.
    Fuzz,
    /// What is created is read, changed, deleted and read again.
    Stateful,
}

impl Phase {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Examples, Self::Coverage, Self::Fuzz, Self::Stateful];

    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Examples => "examples",
            Self::Coverage => "coverage",
            Self::Fuzz => "fuzz",
            Self::Stateful => "stateful",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What is probed, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The parts that run.
    pub phases: Vec<Phase>,
    /// What every decision by chance comes from.
    pub seed: u64,
    /// After how long no further request is sent.
    pub max_time: Option<Duration>,
    /// How many requests are sent in a second at most.
    pub rate: Option<f64>,
    /// How many requests are under way at a time.
    pub workers: usize,
    /// How many requests [`Phase::Fuzz`] sends to an operation.
    pub fuzz_cases: usize,
    /// How long an answer may take before it is a finding.
    pub max_response_time: Option<Duration>,
    /// How long an answer is waited for.
    pub timeout: Duration,
    /// How many requests making one failure smaller may cost.
    pub shrink_budget: usize,
    /// The operations that are probed.
    pub operations: Selection,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            phases: Phase::ALL.to_vec(),
            seed: 1,
            max_time: None,
            rate: None,
            workers: 8,
            fuzz_cases: 100,
            max_response_time: None,
            timeout: Duration::from_secs(10),
            shrink_budget: 40,
            operations: Selection::default(),
        }
    }
}

/// Operations by id, by path, or by `METHOD /path`; `*` stands for anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Only these; all, where there are none.
    pub include: Vec<String>,
    /// Not these.
    pub exclude: Vec<String>,
}

impl Selection {
    /// Whether an operation is probed.
    #[must_use]
    pub fn takes(&self, operation: &Operation) -> bool {
        let named = |patterns: &[String]| patterns.iter().any(|pattern| names(pattern, operation));
        (self.include.is_empty() || named(&self.include)) && !named(&self.exclude)
    }

    /// Makes sure that every pattern stands for an operation.
    ///
    /// # Errors
    /// One stands for none; what may have been meant.
    pub fn check(&self, spec: &Spec) -> Result<(), String> {
        let operations = spec.operations();
        for pattern in self.include.iter().chain(&self.exclude) {
            if operations.iter().any(|operation| names(pattern, operation)) {
                continue;
            }
            let ids = operations.iter().map(|operation| operation.id.as_str());
            let paths = operations.iter().map(|operation| operation.path.as_str());
            let help = spelling::nearest(pattern, ids.chain(paths)).map_or_else(
                || "name an operation id, a path or `METHOD /path`; `*` stands for anything".to_owned(),
                |name| format!("did you mean `{name}`?"),
            );
            return Err(format!("no operation is called `{pattern}`\n  help: {help}"));
        }
        if !operations.iter().any(|operation| self.takes(operation)) {
            return Err("no operation is left to probe\n  help: exclude less".to_owned());
        }
        Ok(())
    }
}

fn names(pattern: &str, operation: &Operation) -> bool {
    let method = pattern.split_once(' ').map(|(method, path)| format!("{} {path}", method.to_ascii_uppercase()));
    let pattern = method.as_deref().unwrap_or(pattern);
    [operation.id.as_str(), operation.path.as_str(), operation.signature().as_str()]
        .into_iter()
        .any(|name| is_like(pattern, name))
}
