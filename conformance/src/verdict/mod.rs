//! What counts: findings that are waived do not, and what is wrong with the waivers does.
//!
//! A [`Report`] that is [judged](Report::judge) says by what: so the parts of a run can be put together, and be judged as one.

mod checks;
mod coverage;
mod problems;
mod template;
mod waiver;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use self::checks::SelectedChecks;
pub(crate) use self::coverage::is_of_coverage;
pub use self::coverage::{CoveragePolicy, Run, UncheckedAs};
pub use self::template::template;
pub use self::waiver::{PlacedWaiver, Waiver};
use crate::config::FailOn;
use crate::finding::{Finding, Waived};
use crate::report::Report;

/// How many days from today a waiver may end, where nothing else is set.
pub const MAX_WAIVER_DAYS: u32 = 366;

/// By what a run is judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The file that it was read from, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// What makes the exit code 1.
    pub fail_on: FailOn,
    /// The checks that count.
    pub checks: SelectedChecks,
    /// What is known to be wrong.
    pub waivers: Vec<PlacedWaiver>,
    /// How many days from today a waiver may end at most.
    pub max_waiver_days: u32,
    /// How much has to be exercised.
    pub coverage: CoveragePolicy,
    /// Patterns of providers that the run was to be about.
    pub providers: Vec<String>,
    /// Providers that the run was not about: what a waiver says of them may be right.
    pub left_out: BTreeSet<String>,
    /// Whether the run looked at what it was given, and not at all there is: then no waiver is called unused, and no provider unknown.
    pub partial: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            file: None,
            fail_on: FailOn::default(),
            checks: SelectedChecks::default(),
            waivers: Vec::new(),
            max_waiver_days: MAX_WAIVER_DAYS,
            coverage: CoveragePolicy::default(),
            providers: Vec::new(),
            left_out: BTreeSet::new(),
            partial: false,
        }
    }
}

/// By what a report was judged, and what is wrong with that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    /// The day it was judged on.
    pub today: NaiveDate,
    /// By what.
    pub policy: Policy,
    /// What is wrong with that: names that stand for nothing, and waivers that do not hold.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Leaves out findings of checks that do not count, marks those that are waived, and says what is wrong with the waivers. To judge
    /// again what was judged before is as if it never had been.
    pub fn judge(&mut self, policy: Policy, today: NaiveDate) {
        let mut judge = Judge::new(&policy, today);
        for provider in &mut self.providers {
            provider.findings.retain(|finding| !is_of_coverage(finding));
            // Of a part of the work, it cannot be said what nobody exercised.
            if self.shard.is_whole() {
                let of_coverage = policy.coverage.findings(provider);
                provider.findings.extend(of_coverage);
                provider.sort();
            }
            provider.findings.retain_mut(|finding| judge.judge(finding));
        }
        let known = self.providers.iter().map(|one| one.provider.as_str());
        let known: Vec<&str> = known.chain(policy.left_out.iter().map(String::as_str)).collect();
        let findings = judge.problems(&known, self.shard.is_whole());
        self.verdict = Some(Verdict { today, policy, findings });
    }
}

/// Looks at findings, one after the other.
struct Judge<'p> {
    policy: &'p Policy,
    today: NaiveDate,
    /// What each waiver says, if it holds, and whether it took something.
    waivers: Vec<(Option<Waived>, bool)>,
}

impl<'p> Judge<'p> {
    fn new(policy: &'p Policy, today: NaiveDate) -> Self {
        let read = |placed: &PlacedWaiver| (placed.waiver.read(today, policy.max_waiver_days).ok(), false);
        Self { policy, today, waivers: policy.waivers.iter().map(read).collect() }
    }

    /// Whether a finding is of a check that counts; if a waiver takes it, it is marked.
    fn judge(&mut self, finding: &mut Finding) -> bool {
        finding.waived = None;
        for (placed, (waived, used)) in self.policy.waivers.iter().zip(&mut self.waivers) {
            if waived.is_some() && placed.waiver.takes(finding) {
                *used = true;
                // The first one speaks for it; the others are no less right.
                finding.waived = finding.waived.take().or_else(|| waived.clone());
            }
        }
        self.policy.checks.takes(finding)
    }

    /// What is wrong with what the findings were judged by, when all were. `known` are the providers that there are.
    fn problems(&self, known: &[&str], is_whole: bool) -> Vec<Finding> {
        let used: Vec<bool> = self.waivers.iter().map(|(_, used)| *used).collect();
        problems::of(self.policy, self.today, known, is_whole, &used)
    }
}

/// The day that it is, at Greenwich.
#[must_use]
pub fn today() -> NaiveDate {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let days = i64::try_from(since.as_secs() / 86_400).unwrap_or(i64::MAX);
    NaiveDate::from_epoch_days(i32::try_from(days).unwrap_or(i32::MAX)).unwrap_or(NaiveDate::MAX)
}
