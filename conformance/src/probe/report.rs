//! What is told of a probe.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use chrono::NaiveDate;
use obkit_codegen::spec::Operation;
use obkit_codegen::spelling::counted;
use serde::Serialize;

use super::failure::Failure;
use super::options::Phase;
use super::{MAX_FAILURES, Probe};
use crate::coverage::Coverage;
use crate::finding::{Finding, Severity};
use crate::report::{Report, exercised, visible, write_finding};
use crate::suite::ProviderReport;
use crate::verdict::{Policy, Verdict, is_of_coverage};

/// What a probe did and found.
#[derive(Clone, Debug, Serialize)]
pub struct ProbeReport {
    /// The provider, or whatever the document is called.
    pub provider: String,
    /// The server.
    pub base_url: String,
    /// What chance came from.
    pub seed: u64,
    /// How many requests were sent, those that made failures smaller included.
    pub requests: u64,
    /// How many of them each phase sent.
    pub phases: BTreeMap<Phase, u64>,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// Whether not everything was sent: the time was over before, or no connection could be made any more.
    pub cut_short: bool,
    /// How many operations were to be probed.
    pub operations: usize,
    /// How often each operation answered which status.
    pub statuses: BTreeMap<String, BTreeMap<u16, u64>>,
    /// Operations that no request could be made for, and why.
    pub skipped: BTreeMap<String, String>,
    /// Operations that were never answered with success: of what they answer then, nothing is known.
    pub never_succeeded: Vec<String>,
    /// What was found, the worst first.
    pub failures: Vec<Failure>,
    /// What of the document the probe exercised: with requests that fit it, and with the answers to all.
    pub coverage: Coverage,
    /// That there is more than can be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub untold: Option<Finding>,
    /// What of the coverage falls short of what it was judged by.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unexercised: Vec<Finding>,
    /// By what it was judged, and what is wrong with that; absent, where nothing was set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// A hash of the document.
    #[serde(skip)]
    document: String,
}

/// What would be sent to an operation.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Planned {
    /// The operation's id.
    pub operation: String,
    /// How many requests, by phase.
    pub requests: BTreeMap<Phase, usize>,
    /// Why there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skipped: Option<String>,
}

impl Probe {
    pub(super) fn report(&self, failures: Vec<Failure>, took: Duration, cut_short: bool) -> ProbeReport {
        let record = self.record();
        let operations = self.contract.spec().operations().iter();
        let operations: Vec<_> = operations.filter(|one| self.options.operations.takes(one)).collect();
        let succeeded = |operation: &Operation| {
            let statuses = record.statuses.get(&operation.id);
            statuses.is_some_and(|statuses| statuses.keys().any(|status| is_success(operation, *status)))
        };
        let never_succeeded =
            operations.iter().filter(|one| !succeeded(one)).map(|operation| operation.id.clone()).collect();
        let untold = record.untold.finding(&format!("{MAX_FAILURES} failures"));
        ProbeReport {
            provider: self.contract.provider().to_owned(),
            base_url: self.sender.target.base().to_owned(),
            seed: self.options.seed,
            requests: self.sender.sent(),
            phases: record.phases.clone(),
            seconds: took.as_secs_f64(),
            cut_short,
            operations: operations.len(),
            statuses: record.statuses.clone(),
            skipped: record.skipped.clone(),
            never_succeeded,
            failures,
            coverage: self.marks.of(&self.contract).coverage(&operations),
            untold: untold.map(|untold| untold.provider(self.contract.provider())),
            unexercised: Vec::new(),
            verdict: None,
            document: self.contract.fingerprint(),
        }
    }
}

impl ProbeReport {
    /// All that was found.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.of_server().chain(self.others())
    }

    fn of_server(&self) -> impl Iterator<Item = &Finding> {
        self.failures.iter().map(|failure| &failure.finding).chain(&self.untold)
    }

    fn others(&self) -> impl Iterator<Item = &Finding> {
        let of_verdict = self.verdict.iter().flat_map(|verdict| &verdict.findings);
        self.unexercised.iter().chain(of_verdict)
    }

    /// The same as every other verb tells what it found: without the requests, in any format of a report.
    #[must_use]
    pub fn as_report(&self) -> Report {
        let answers: u64 = self.statuses.values().flat_map(BTreeMap::values).sum();
        let provider = ProviderReport {
            provider: self.provider.clone(),
            document: self.document.clone(),
            operations: self.operations,
            exchanges: usize::try_from(answers).unwrap_or(usize::MAX),
            findings: self.of_server().chain(&self.unexercised).cloned().collect(),
            coverage: self.coverage.clone(),
            ..ProviderReport::default()
        };
        Report { providers: vec![provider.finish()], verdict: self.verdict.clone(), ..Report::default() }
    }

    /// Leaves out what is found by checks that do not count, marks what is waived, and says where too little was exercised, as
    /// [`Report::judge`] does. A probe does not find everything there is: no waiver is called unused.
    pub fn judge(&mut self, policy: Policy, today: NaiveDate) {
        let mut report = self.as_report();
        report.judge(Policy { partial: true, providers: Vec::new(), ..policy }, today);
        let judged = std::mem::take(&mut report.providers).into_iter().flat_map(|provider| provider.findings);
        let (of_coverage, counted): (Vec<_>, Vec<_>) = judged.partition(is_of_coverage);
        let mut counted: HashMap<_, _> = counted.into_iter().map(|one| (one.fingerprint.clone(), one)).collect();
        self.failures.retain_mut(|failure| match counted.remove(&failure.finding.fingerprint) {
            Some(finding) => {
                failure.finding = finding;
                true
            }
            None => false,
        });
        self.untold = self.untold.take().and_then(|untold| counted.remove(&untold.fingerprint));
        (self.unexercised, self.verdict) = (of_coverage, report.verdict);
    }

    /// Whether any finding that counts is at least as bad as this.
    #[must_use]
    pub fn fails_on(&self, severity: Severity) -> bool {
        self.findings().any(|finding| finding.counts() && finding.severity >= severity)
    }

    /// Whether no answer was judged.
    #[must_use]
    pub fn nothing_checked(&self) -> bool {
        self.statuses.is_empty()
    }

    /// Why the probe proves nothing, and what to do about it: no operation was answered with success. Whether a server keeps to what
    /// its document says of success is then unknown, however right its refusals are.
    #[must_use]
    pub fn nothing_proved(&self) -> Option<String> {
        if self.nothing_checked() {
            return Some(
                "nothing was checked\n  help: name phases and operations that have requests (`--dry-run` lists them), or allow more time".to_owned(),
            );
        }
        if self.never_succeeded.len() < self.operations {
            return None;
        }
        let mut answered: BTreeMap<u16, u64> = BTreeMap::new();
        for (status, count) in self.statuses.values().flatten() {
            *answered.entry(*status).or_default() += count;
        }
        let statuses: Vec<_> =
            answered.iter().map(|(status, count)| format!("{status} ({})", counted(*count, "time"))).collect();
        let most = answered.iter().max_by_key(|(_, count)| **count).map_or(0, |(status, _)| *status);
        Some(format!(
            "nothing was proved: no operation was answered with success; the answers were {}\n  help: {}",
            statuses.join(", "),
            remedy(most)
        ))
    }

    /// The report as JSON; failures can be asked again from it.
    ///
    /// # Errors
    /// Never for a report of this crate; the serializer's signature allows it.
    pub fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self)
    }

    /// The report as text, for people. Names come from the document and from the server: what a terminal would obey is escaped.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = self.summary();
        for (operation, why) in &self.skipped {
            text.push_str(&visible(&format!("not probed: {operation}: {why}")));
            text.push('\n');
        }
        if !self.never_succeeded.is_empty() {
            text.push_str(&visible(&format!("never answered with success: {}", self.never_succeeded.join(", "))));
            text.push('\n');
        }
        text.push('\n');
        text.push_str(&exercised(&self.as_report()));
        for Failure { finding, count, curl, replay } in &self.failures {
            text.push('\n');
            write_finding(&mut text, finding, false);
            text.push_str(&format!("  id: {} (seen {}, {})\n", replay.id, counted(*count, "time"), replay.phase));
            curl.lines().for_each(|line| text.push_str(&format!("  $ {}\n", visible(line))));
        }
        for finding in self.untold.iter().chain(self.others()) {
            text.push('\n');
            write_finding(&mut text, finding, false);
        }
        text
    }

    fn summary(&self) -> String {
        let phases: Vec<_> = self.phases.iter().map(|(phase, count)| format!("{phase} {count}")).collect();
        let cut_short = if self.cut_short {
            "; not everything was sent: the time was over, or no connection could be made any more"
        } else {
            ""
        };
        format!(
            "{} at {}: {} in {:.1} s ({}), seed {}; {}/{} operations answered with success, {}{cut_short}\n",
            visible(&self.provider),
            self.base_url,
            counted(self.requests, "request"),
            self.seconds,
            phases.join(", "),
            self.seed,
            self.operations - self.never_succeeded.len(),
            self.operations,
            counted(self.findings().filter(|finding| finding.counts()).count() as u64, "finding"),
        )
    }
}

/// Whether an answer says that an operation did what it is for. That may be to redirect, where nothing else is documented.
fn is_success(operation: &Operation, status: u16) -> bool {
    let documents_success = || operation.responses.iter().any(|response| response.status.is_success());
    match status {
        200..=299 => true,
        300..=399 => operation.response(status).is_some() && !documents_success(),
        _ => false,
    }
}

/// What to do where nothing but this was answered.
fn remedy(status: u16) -> &'static str {
    match status {
        401 | 403 => "check the credentials: they may have expired, or lack a scope",
        300..=399 | 404 | 405 => "check the base URL, with its scheme and the path that the document's `servers` have",
        429 => "send fewer requests at a time, with a lower rate or fewer workers",
        500.. => "check that the server works, and whatever it depends on",
        _ => "check the base URL and the credentials, and what the server says in its answers",
    }
}
