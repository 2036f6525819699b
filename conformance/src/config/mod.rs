//! `obkit.toml`: what a gate is set to.
//!
//! The file stands in the folder that the command runs in, or in one above it. An argument of the command line replaces the key of
//! the file that says the same.
//!
//! ```
//! use obkit_conformance::config::Config;
//!
//! let config = Config::parse("obkit.toml", r#"
//!     [gate]
//!     fail-on = "warning"
//!     exclude-checks = ["lint/*"]
//!
//!     [[waivers]]
//!     check = "RT030/*"
//!     provider = "fena"
//!     reason = "The provider documents the field as text, and sends a number"
//!     owner = "payments team"
//!     expires = 2027-01-31
//! "#).unwrap();
//! assert_eq!(config.waivers.len(), 1);
//!
//! let error = Config::parse("obkit.toml", "[gate]\nfail_on = \"warning\"\n").unwrap_err();
//! assert!(error.to_string().starts_with("obkit.toml:2:1: "), "{error}");
//! assert!(error.to_string().contains("did you mean `fail-on`?"), "{error}");
//! ```

mod read;
mod sections;
mod values;

use std::collections::BTreeMap;
use std::path::PathBuf;

pub use self::read::{ConfigError, FILE, schema};
pub use self::sections::{FailOn, Gate, Probe};
pub use self::values::{Percent, Rate, Time};
use crate::report::Format;
use crate::verdict::{CoveragePolicy, MAX_WAIVER_DAYS, PlacedWaiver, Policy, SelectedChecks};

/// What a gate is set to. Paths are as they are to be opened: those of the file are relative to its folder.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// The file that it was read from; none, where there is none.
    pub file: Option<PathBuf>,
    /// What the verdict depends on.
    pub gate: Gate,
    /// The reports that `obkit conform` writes, by format.
    pub reports: BTreeMap<Format, PathBuf>,
    /// How much has to be exercised.
    pub coverage: CoveragePolicy,
    /// What `obkit probe` does.
    pub probe: Probe,
    /// What is known to be wrong, and for how long it may be.
    pub waivers: Vec<PlacedWaiver>,
}

impl Config {
    /// By what a run about all there is is judged.
    #[must_use]
    pub fn policy(&self) -> Policy {
        let Gate { fail_on, providers, checks, exclude_checks, max_waiver_days, .. } = &self.gate;
        Policy {
            file: self.file.as_ref().map(|file| file.display().to_string()),
            fail_on: fail_on.unwrap_or_default(),
            checks: SelectedChecks { include: checks.clone(), exclude: exclude_checks.clone() },
            waivers: self.waivers.clone(),
            coverage: self.coverage.clone(),
            max_waiver_days: max_waiver_days.unwrap_or(MAX_WAIVER_DAYS),
            providers: providers.clone(),
            ..Policy::default()
        }
    }
}
