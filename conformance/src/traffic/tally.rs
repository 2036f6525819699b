//! What many exchanges add up to.

use std::collections::{BTreeMap, HashMap};

use super::bad::{BadEntry, Broken, MAX_TOLD};
use super::judge::{Judge, Judged, Verdict};
use crate::base_url::BaseUrls;
use crate::checks::{self, Rule};
use crate::contract::Contract;
use crate::finding::{Finding, Severity, Untold};
use crate::suite::ProviderReport;

/// How many different findings are told; the others are counted.
const MAX_FINDINGS: usize = 10_000;

/// How many hosts are told by name; exchanges with others are counted together.
const MAX_HOSTS: usize = 1_000;

/// How much of a host is told; no real one has more characters.
const MAX_HOST: usize = 255;

/// The longest place in a payload that is told, in bytes; names in it are whatever was sent.
const MAX_POINTER: usize = 4096;

/// How many base URLs of one host are told.
const MAX_BASES: usize = 3;

/// What the hosts beyond those are called.
const OTHERS: &str = "others";

/// What became of recorded traffic.
#[derive(Clone, Debug, Default)]
pub struct Judgement {
    /// Exchanges that were read.
    pub exchanges: u64,
    /// Those that were judged.
    pub judged: u64,
    /// Those with servers that are none of the document's, by host.
    pub foreign: BTreeMap<String, u64>,
    /// Of those hosts that the document has servers of: the base URLs that the exchanges missed, by scheme, port or path.
    pub near: BTreeMap<String, String>,
    /// Questions of browsers whether they may ask, which are no traffic of the document's.
    pub preflights: u64,
    /// Bodies and answers that could not be judged, of exchanges that were.
    pub unjudged: u64,
    /// Entries that cannot be read: how many, and the first of them.
    pub bad_entries: u64,
    /// The first entries that cannot be read.
    pub bad: Vec<BadEntry>,
    /// Why the recording could not be read to its end.
    pub broken: Option<Broken>,
    /// What was found, each once.
    pub report: ProviderReport,
}

/// What one thread has seen.
#[derive(Default)]
pub(crate) struct Tally {
    exchanges: u64,
    judged: u64,
    preflights: u64,
    unjudged: u64,
    foreign: BTreeMap<String, u64>,
    bad: BTreeMap<u64, BadEntry>,
    bad_entries: u64,
    found: HashMap<String, Found>,
    untold: Untold,
}

/// A finding, and where it was seen.
struct Found {
    finding: Finding,
    first: u64,
    /// Where last: one exchange counts once, whatever of it is alike.
    last: u64,
    count: u64,
}

impl Found {
    fn is_of_answer(&self) -> bool {
        self.finding.rule == Rule::part(checks::GI012, checks::UNANSWERED)
    }

    /// The finding, with where it was seen.
    fn told(&self, unit: &str, is_silent: bool) -> Finding {
        let Self { finding, first, count, .. } = self;
        let more = if *count > 1 { format!(", and {} more", count - 1) } else { String::new() };
        // Some answers may be missing; a recording of none has most likely lost them.
        let is_lost = is_silent && self.is_of_answer();
        Finding {
            message: format!("{unit} {first}{more}: {}", finding.message),
            severity: if is_lost { Severity::Warning } else { finding.severity },
            ..finding.clone()
        }
    }
}

impl Tally {
    /// Counts one exchange, which is that of a number.
    pub(crate) fn count(&mut self, number: u64, host: &str, verdict: Verdict<'_>) {
        self.exchanges += 1;
        match verdict {
            Verdict::Foreign => self.foreign(host, 1),
            Verdict::Preflight => self.preflights += 1,
            Verdict::Judged(judged) => self.judged(number, *judged),
        }
    }

    fn foreign(&mut self, host: &str, count: u64) {
        let host: String = host.chars().take(MAX_HOST).collect();
        let is_told = self.foreign.len() < MAX_HOSTS || self.foreign.contains_key(&host);
        *self.foreign.entry(if is_told { host } else { OTHERS.to_owned() }).or_default() += count;
    }

    fn judged(&mut self, number: u64, judged: Judged<'_>) {
        self.judged += 1;
        self.unjudged += judged.unjudged;
        for finding in judged.request.findings.into_iter().chain(judged.response) {
            self.find(Found { finding, first: number, last: number, count: 1 });
        }
    }

    fn find(&mut self, found: Found) {
        let pointer = found.finding.instance_pointer.as_deref().unwrap_or_default();
        let is_too_much = self.found.len() >= MAX_FINDINGS || pointer.len() > MAX_POINTER;
        match self.found.get_mut(&found.finding.fingerprint) {
            Some(known) => {
                if known.last != found.last {
                    (known.last, known.count) = (found.last, known.count + found.count);
                }
                // Threads take turns; the first one in the recording is the one that is told.
                if found.first < known.first {
                    (known.finding, known.first) = (found.finding, found.first);
                }
            }
            None if is_too_much => self.untold.count(found.finding.severity),
            None => {
                self.found.insert(found.finding.fingerprint.clone(), found);
            }
        }
    }

    pub(super) fn bad(&mut self, entry: BadEntry) {
        self.exchanges += 1;
        self.bad_entries += 1;
        self.keep(entry);
    }

    fn keep(&mut self, entry: BadEntry) {
        self.bad.insert(entry.number, entry);
        if self.bad.len() > MAX_TOLD {
            self.bad.pop_last();
        }
    }

    /// Takes in what another thread has seen.
    pub(super) fn add(&mut self, other: Self) {
        self.exchanges += other.exchanges;
        self.judged += other.judged;
        self.preflights += other.preflights;
        self.unjudged += other.unjudged;
        self.bad_entries += other.bad_entries;
        self.untold.add(other.untold);
        other.foreign.iter().for_each(|(host, count)| self.foreign(host, *count));
        other.bad.into_values().for_each(|entry| self.keep(entry));
        other.found.into_values().for_each(|found| self.find(found));
    }

    /// That entries cannot be read: whatever they were, they have not passed.
    fn unread(&self, contract: &Contract, unit: &str) -> Option<Finding> {
        let first = self.bad.values().next()?;
        let more = if self.bad_entries > 1 { format!(", and {} more", self.bad_entries - 1) } else { String::new() };
        let message = format!("{unit} {}{more}: cannot be read: {}", first.number, first.message);
        let finding = Finding::new(Rule::part(checks::GI012, "entry"), message).provider(contract.provider());
        Some(Finding { severity: Severity::Error, ..finding.remedy("record it anew, or correct it by hand") })
    }

    /// Whether all exchanges that were judged lack their answers.
    fn is_silent(&self) -> bool {
        let unanswered = self.found.values().filter(|found| found.is_of_answer()).map(|found| found.count);
        self.judged > 0 && unanswered.sum::<u64>() == self.judged
    }

    /// What was found, each once, behind what there is to say of the recording as a whole.
    fn findings(
        &self,
        contract: &Contract,
        near: &BTreeMap<String, String>,
        unit: &str,
        broken: Option<&Broken>,
    ) -> Vec<Finding> {
        let foreign = foreign(contract, &self.foreign, near);
        let rest = broken.map(|broken| unread_rest(contract, broken));
        let whole = foreign.into_iter().chain(self.unread(contract, unit)).chain(rest);
        let is_silent = self.is_silent();
        let told = self.found.values().map(|found| found.told(unit, is_silent));
        let untold = self.untold.finding(&format!("{MAX_FINDINGS} kinds of findings"));
        let untold = untold.map(|untold| untold.provider(contract.provider()));
        whole.chain(told).chain(untold).collect()
    }

    /// What all of it comes to; `unit` is what an exchange is called in the recording.
    pub(crate) fn judgement(self, judge: Judge<'_>, unit: &str, broken: Option<Broken>) -> Judgement {
        let Judge { contract, base_urls, marks, .. } = judge;
        let near = near(base_urls, &self.foreign);
        let report = ProviderReport {
            provider: contract.provider().to_owned(),
            document: contract.fingerprint(),
            operations: contract.spec().operations().len(),
            exchanges: usize::try_from(self.judged).unwrap_or(usize::MAX),
            coverage: marks.of(contract).coverage(&contract.spec().operations().iter().collect::<Vec<_>>()),
            findings: self.findings(contract, &near, unit, broken.as_ref()),
            ..ProviderReport::default()
        };
        Judgement {
            exchanges: self.exchanges,
            judged: self.judged,
            preflights: self.preflights,
            foreign: self.foreign,
            near,
            unjudged: self.unjudged,
            bad_entries: self.bad_entries,
            bad: self.bad.into_values().collect(),
            broken,
            report: report.finish(),
        }
    }
}

/// That a recording cannot be read to its end.
fn unread_rest(contract: &Contract, broken: &Broken) -> Finding {
    let Broken { line, column, .. } = broken;
    let message = format!("the recording cannot be read to its end: line {line}, column {column}: {broken}");
    let finding = Finding::new(Rule::part(checks::GI012, "rest"), message).provider(contract.provider());
    Finding { severity: Severity::Error, ..finding.remedy("record it anew, or correct it by hand") }
}

/// What the exchanges of foreign hosts that the document has servers of missed.
fn near(base_urls: &BaseUrls, hosts: &BTreeMap<String, u64>) -> BTreeMap<String, String> {
    let bases = |host: &String| {
        let bases = base_urls.of_host(host);
        let more = if bases.len() > MAX_BASES { ", .." } else { "" };
        let told = bases.iter().take(MAX_BASES).map(String::as_str).collect::<Vec<_>>().join(", ");
        (!bases.is_empty()).then(|| (host.clone(), told + more))
    };
    hosts.keys().filter_map(bases).collect()
}

fn foreign(contract: &Contract, hosts: &BTreeMap<String, u64>, near: &BTreeMap<String, String>) -> Option<Finding> {
    let count: u64 = hosts.values().sum();
    let told = |(host, count): (&String, &u64)| match near.get(host) {
        Some(bases) => format!("{host} ({count}, not below {bases})"),
        None => format!("{host} ({count})"),
    };
    let told: Vec<_> = hosts.iter().take(20).map(told).collect();
    let more =
        if hosts.len() > told.len() { format!(", and {} more hosts", hosts.len() - told.len()) } else { String::new() };
    let exchanges = if count == 1 { "exchange is" } else { "exchanges are" };
    let message =
        format!("{count} {exchanges} with no server of the document, and not judged: {}{more}", told.join(", "));
    let finding = Finding::new(checks::RT003, message).provider(contract.provider());
    (count > 0).then(|| {
        finding.at(contract.document(), if contract.document().at("/servers").is_some() { "/servers" } else { "" })
    })
}
