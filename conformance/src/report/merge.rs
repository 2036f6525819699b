//! Several reports as one.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::fmt;

use chrono::NaiveDate;

use super::Report;
use crate::config::FailOn;
use crate::shard::Shard;
use crate::suite::ProviderReport;
use crate::suite::client::Effort;
use crate::verdict::Policy;

/// Why reports do not make one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MergeError {
    /// There is none.
    Nothing,
    /// They were made by different versions.
    Version(String, String),
    /// They are parts of different runs: one of so many parts, and one of another number.
    Runs(Shard, Shard),
    /// One part is there twice.
    Twice(Shard),
    /// A part is not there.
    Missing(Shard),
    /// A provider was judged whole in two reports.
    Provider(String),
    /// Of two parts, one judged a provider that the other did not.
    Unjudged(String, Shard),
    /// Of two parts, each judged a provider by another document.
    Document(String),
    /// They were judged by different settings: which.
    Policy(String),
    /// Parts tried clients with payloads of different seeds.
    Seed(u64, u64),
    /// A part tried clients with more payloads than another, as `--thorough` does.
    Thoroughness(Shard, Shard),
}

impl fmt::Display for MergeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("there is no report"),
            Self::Version(one, other) => write!(f, "one report was made by obkit {one}, another by {other}"),
            Self::Runs(one, other) => write!(f, "{one} and {other} are not parts of one run"),
            Self::Twice(shard) => write!(f, "the part {shard} is there twice"),
            Self::Missing(shard) => write!(f, "the part {shard} is missing"),
            Self::Provider(name) => write!(f, "`{name}` is in two reports, and each is about all of it"),
            Self::Unjudged(name, shard) => write!(f, "the part {shard} did not judge `{name}`"),
            Self::Policy(what) => write!(f, "the reports were judged by different {what}"),
            Self::Seed(one, other) => write!(f, "one part was made with `--seed {one}`, another with `--seed {other}`"),
            Self::Thoroughness(more, less) => {
                write!(f, "the part {more} was made with `--thorough`, and the part {less} without it")
            }
            Self::Document(name) => write!(f, "the parts judged `{name}` by different documents"),
        }
    }
}

impl std::error::Error for MergeError {}

impl Report {
    /// Puts reports together: the parts of one run to the report of the whole, whatever their order, or whole reports of different
    /// providers.
    ///
    /// # Errors
    /// A part is missing or there twice, a provider is, or they do not belong together.
    pub fn merge(mut reports: Vec<Self>) -> Result<Self, MergeError> {
        reports.sort_by_key(|report| report.shard);
        let first = reports.first().ok_or(MergeError::Nothing)?;
        for report in &reports {
            if report.version != first.version {
                return Err(MergeError::Version(first.version.clone(), report.version.clone()));
            }
            if report.shard.of() != first.shard.of() {
                return Err(MergeError::Runs(first.shard, report.shard));
            }
        }
        let judged = policy(&reports)?;
        let mut whole = if first.shard.is_whole() { side_by_side(reports)? } else { parts(reports)? };
        if let Some((policy, today)) = judged {
            whole.judge(policy, today);
        }
        Ok(whole)
    }
}

/// By what the whole is judged, and on which day: by what each of them was, except that of the providers that one left out others
/// were perhaps about. A report that was judged by nothing was judged by what is so where nothing is set.
fn policy(reports: &[Report]) -> Result<Option<(Policy, NaiveDate)>, MergeError> {
    let verdicts = reports.iter().filter_map(|report| report.verdict.as_ref());
    let Some(first) = verdicts.clone().next() else { return Ok(None) };
    let (mut whole, mut today) = (first.policy.clone(), first.today);
    for report in reports {
        let unset = Policy { file: whole.file.clone(), left_out: whole.left_out.clone(), ..Policy::default() };
        let policy = report.verdict.as_ref().map_or(&unset, |verdict| &verdict.policy);
        if let Some(what) = difference(&whole, policy) {
            return Err(MergeError::Policy(what));
        }
        whole.left_out.retain(|name| policy.left_out.contains(name));
        let new = |pattern: &&String| !whole.providers.contains(pattern);
        let new: Vec<_> = policy.providers.iter().filter(new).cloned().collect();
        whole.providers.extend(new);
        // What a part failed on is its own.
        whole.fail_on = mildest(whole.fail_on, policy.fail_on);
        today = report.verdict.as_ref().map_or(today, |verdict| today.max(verdict.today));
    }
    let judged = |name: &String| reports.iter().flat_map(|report| &report.providers).any(|one| one.provider == *name);
    whole.left_out.retain(|name| !judged(name));
    Ok(Some((whole, today)))
}

/// What two were judged by differently, of what has to be the same, in words.
fn difference(one: &Policy, other: &Policy) -> Option<String> {
    let differs = [
        (one.file != other.file, "files of settings"),
        (one.checks != other.checks, "checks"),
        (one.waivers != other.waivers, "waivers"),
        (one.max_waiver_days != other.max_waiver_days, "limits of waivers"),
        (one.coverage != other.coverage, "coverage"),
        (one.partial != other.partial, "kinds of runs"),
    ];
    let differing: Vec<_> = differs.into_iter().filter(|(differs, _)| *differs).map(|(_, what)| what).collect();
    (!differing.is_empty()).then(|| differing.join(" and "))
}

/// Of two, what fails on more.
fn mildest(one: FailOn, other: FailOn) -> FailOn {
    let [mildness, others] = [one, other].map(|fail_on| fail_on.severity().map(Reverse));
    if others > mildness { other } else { one }
}

fn side_by_side(reports: Vec<Report>) -> Result<Report, MergeError> {
    // Of providers that were tried with different efforts, nothing can be said of all.
    let effort = same_effort(&reports).unwrap_or_default();
    let mut whole = Report { version: version(&reports), effort, ..Report::default() };
    let mut seen = HashSet::new();
    for provider in reports.into_iter().flat_map(|report| report.providers) {
        if !seen.insert(provider.provider.clone()) {
            return Err(MergeError::Provider(provider.provider));
        }
        whole.providers.push(provider);
    }
    Ok(whole)
}

fn parts(reports: Vec<Report>) -> Result<Report, MergeError> {
    if let Some(pair) = reports.windows(2).find(|pair| pair[0].shard == pair[1].shard) {
        return Err(MergeError::Twice(pair[0].shard));
    }
    let of = reports.first().map_or(1, |report| report.shard.of());
    let mut wanted = (1..=of).filter_map(|number| Shard::new(number, of));
    if let Some(missing) = wanted.find(|shard| !reports.iter().any(|report| report.shard == *shard)) {
        return Err(MergeError::Missing(missing));
    }
    let mut whole = Report { version: version(&reports), effort: same_effort(&reports)?, ..Report::default() };
    let mut reports = reports.into_iter();
    whole.providers = reports.next().map(|report| report.providers).unwrap_or_default();
    for report in reports {
        absorb(&mut whole.providers, report)?;
    }
    whole.providers = whole.providers.into_iter().map(ProviderReport::finish).collect();
    Ok(whole)
}

/// How much the parts tried, which is the same of all.
fn same_effort(reports: &[Report]) -> Result<Option<Effort>, MergeError> {
    for pair in reports.windows(2) {
        let (one, other) = (&pair[0], &pair[1]);
        let seed = |report: &Report| report.effort.map(|effort| effort.seed);
        match (seed(one), seed(other)) {
            (Some(one), Some(other)) if one != other => return Err(MergeError::Seed(one, other)),
            _ if one.effort == other.effort => {}
            _ => {
                let payloads = |report: &Report| report.effort.map(|effort| effort.payloads);
                let (more, less) = if payloads(one) > payloads(other) { (one, other) } else { (other, one) };
                return Err(MergeError::Thoroughness(more.shard, less.shard));
            }
        }
    }
    Ok(reports.first().and_then(|report| report.effort))
}

fn absorb(whole: &mut [ProviderReport], part: Report) -> Result<(), MergeError> {
    let first = |of| Shard::new(1, of).unwrap_or_default();
    let judged: HashSet<_> = part.providers.iter().map(|provider| provider.provider.clone()).collect();
    if let Some(provider) = whole.iter().find(|provider| !judged.contains(&provider.provider)) {
        return Err(MergeError::Unjudged(provider.provider.clone(), part.shard));
    }
    for provider in part.providers {
        let Some(own) = whole.iter_mut().find(|own| own.provider == provider.provider) else {
            return Err(MergeError::Unjudged(provider.provider, first(part.shard.of())));
        };
        if own.document != provider.document {
            return Err(MergeError::Document(provider.provider));
        }
        own.absorb(provider);
    }
    Ok(())
}

fn version(reports: &[Report]) -> String {
    reports.first().map(|report| report.version.clone()).unwrap_or_default()
}
