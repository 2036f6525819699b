//! A report as test cases: each check that found something about an operation failed there, and an operation that was called and has no
//! finding passed. Where nothing was checked, that is what failed.

use std::collections::BTreeMap;

use super::{CONFIGURATION, Report};
use crate::coverage::OperationCoverage;
use crate::finding::{Finding, Severity};
use crate::suite::ProviderReport;

/// One check of one operation.
pub(super) struct Case<'r> {
    /// The operation, or what else the findings speak of.
    pub(super) class: &'r str,
    /// The check's id and title; of an operation without findings, that.
    pub(super) name: String,
    /// What it found.
    pub(super) findings: Vec<&'r Finding>,
    /// Whether there is nothing to find anything about.
    is_vacuous: bool,
}

impl<'r> Case<'r> {
    fn empty(class: &'r str, name: &str, is_vacuous: bool) -> Self {
        Self { class, name: name.to_owned(), findings: Vec::new(), is_vacuous }
    }

    /// Whether it found an error that counts: what is only a warning passes, and is told.
    pub(super) fn has_failed(&self) -> bool {
        self.is_vacuous || self.findings.iter().any(|finding| finding.counts() && finding.severity == Severity::Error)
    }

    /// Why nothing it found counts: what the first waiver says. None, where something counts, or nothing was found.
    pub(super) fn waived(&self) -> Option<String> {
        let waived = self.findings.first()?.waived.as_ref()?;
        self.findings.iter().all(|finding| !finding.counts()).then(|| format!("waived: {waived}"))
    }
}

/// The class of what belongs to no operation.
const DOCUMENT: &str = "document";

/// The providers, each with its cases: what is about no operation, then operation by operation, by path and method.
pub(super) fn cases(report: &Report) -> Vec<(&str, Vec<Case<'_>>)> {
    let whole = report.shard.is_whole();
    let providers = report.providers.iter().map(|provider| (provider.provider.as_str(), of_provider(provider, whole)));
    let mut found = BTreeMap::new();
    report.configuration().iter().for_each(|finding| sort_in(finding, &mut found));
    let configuration: Vec<_> = found.into_values().flatten().collect();
    let configuration = Some((CONFIGURATION, configuration)).filter(|(_, cases)| !cases.is_empty());
    providers.chain(configuration).collect()
}

/// Puts a finding into the case that it belongs to.
fn sort_in<'r>(finding: &'r Finding, found: &mut BTreeMap<&'r str, Vec<Case<'r>>>) {
    let class = finding.operation.as_deref().unwrap_or(DOCUMENT);
    let check = finding.rule.check();
    // The title of a rule of lint is a sentence, and too long for a name.
    let title = if check.is_lint() { "" } else { check.title() };
    let name = format!("{} {title}", check.id()).trim_end().to_owned();
    let own = found.entry(class).or_default();
    match own.iter_mut().find(|case| case.name == name) {
        Some(case) => case.findings.push(finding),
        None => own.push(Case { class, name, findings: vec![finding], is_vacuous: false }),
    }
}

fn of_provider(provider: &ProviderReport, whole: bool) -> Vec<Case<'_>> {
    let mut found: BTreeMap<&str, Vec<Case<'_>>> = BTreeMap::new();
    provider.findings.iter().for_each(|finding| sort_in(finding, &mut found));
    let mut operations = Vec::new();
    for OperationCoverage { operation, called, .. } in &provider.coverage.tree {
        match found.remove(operation.as_str()) {
            Some(cases) => operations.extend(cases),
            None if *called => operations.extend([Case::empty(operation, "conforms", false)]),
            None => {}
        }
    }
    let document = match found.remove(DOCUMENT) {
        None if provider.nothing_checked && whole => vec![Case::empty(DOCUMENT, "nothing was checked", true)],
        found => found.unwrap_or_else(|| vec![Case::empty(DOCUMENT, "conforms", false)]),
    };
    document.into_iter().chain(found.into_values().flatten()).chain(operations).collect()
}
