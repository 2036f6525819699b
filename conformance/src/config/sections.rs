//! The sections of `obkit.toml`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::values::{Rate, Time};
use crate::finding::Severity;
use crate::glob::is_like;
use crate::profile::Profiles;
use crate::report::Format;
use crate::verdict::{CoveragePolicy, Waiver};

/// What the gate of obkit is set to: `obkit.toml`. Paths are relative to the file.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
#[schemars(title = "obkit.toml")]
pub(super) struct File {
    /// What the verdict depends on.
    pub(super) gate: Gate,
    /// The reports that `obkit conform` writes, by format.
    pub(super) reports: BTreeMap<Format, PathBuf>,
    /// How much has to be exercised.
    pub(super) coverage: CoveragePolicy,
    /// What `obkit probe` does.
    pub(super) probe: Probe,
    /// What is known to be wrong, and for how long it may be.
    #[schemars(with = "Vec<Waiver>")]
    pub(super) waivers: Vec<Spanned<Waiver>>,
}

/// Waivers in a file of their own.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct WaiversFile {
    pub(super) waivers: Vec<Spanned<Waiver>>,
}

/// What the verdict depends on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Gate {
    /// The mildest finding that fails a run; `error`, where nothing is set.
    pub fail_on: Option<FailOn>,
    /// Only these providers; `*` stands for anything. All, where nothing is set.
    pub providers: Vec<String>,
    /// Only these checks, by id or part, such as `RT030/required`; `*` stands for anything. All, where nothing is set.
    pub checks: Vec<String>,
    /// Not these checks.
    pub exclude_checks: Vec<String>,
    /// How strictly payloads and recorded traffic are judged by their schemas; `strict`, where nothing is set.
    pub profile: Option<Profiles>,
    /// A file with more `[[waivers]]`.
    pub waivers_file: Option<PathBuf>,
    /// How many days from today a waiver may end at most; 366, where nothing is set.
    pub max_waiver_days: Option<u32>,
}

impl Gate {
    /// Whether a provider is one of those that the run is to be about.
    #[must_use]
    pub fn takes_provider(&self, name: &str) -> bool {
        self.providers.is_empty() || self.providers.iter().any(|pattern| is_like(pattern, name))
    }
}

/// What makes the exit code 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FailOn {
    /// Errors only.
    #[default]
    Error,
    /// Warnings and errors.
    Warning,
    /// Everything.
    Info,
    /// Nothing.
    Never,
}

impl FailOn {
    /// The mildest finding that fails a run; none, where nothing does.
    #[must_use]
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Info => Some(Severity::Info),
            Self::Never => None,
        }
    }
}

/// What `obkit probe` does.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Probe {
    /// At most so many requests, such as `50/s`, `600/m`.
    pub rate: Option<Rate>,
    /// Stops after this time, such as `90s`, `5m`.
    pub max_time: Option<Time>,
    /// Only these operations: an id, a path or `METHOD /path`; `*` stands for anything.
    pub include: Vec<String>,
    /// Not these operations.
    pub exclude: Vec<String>,
}
