//! How much has to be exercised, and what is said where it was not.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::checks::{Check, GI005, GI009, GI011, Rule};
use crate::config::Percent;
use crate::coverage::{Dimension, Tally, Unchecked};
use crate::finding::{Finding, Severity};
use crate::glob::is_like;
use crate::schema::Direction;
use crate::suite::ProviderReport;

/// How much has to be exercised.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct CoveragePolicy {
    /// The kinds of runs that are held to it; all, where nothing is set.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub runs: Vec<Run>,
    /// What is made of everything that was never exercised, or was judged in part only; `ignore`, where nothing is set: then it stands in
    /// the report, and is no finding.
    pub unchecked: UncheckedAs,
    /// How much of each dimension has to be exercised at least, in percent.
    pub at_least: BTreeMap<Dimension, Percent>,
    /// The same for providers, by name; `*` stands for anything. It goes before what holds for all.
    pub providers: BTreeMap<String, BTreeMap<Dimension, Percent>>,
}

/// A kind of run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Run {
    /// The main job.
    Conform,
    /// Payloads, which exercise what they happen to be.
    Payloads,
    /// Recorded traffic, and that of a proxy.
    Traffic,
    /// A server that is probed.
    Probe,
}

impl Run {
    /// Whether runs of this kind make a check.
    #[must_use]
    pub fn makes(self, check: &Check) -> bool {
        let is_of = |families: &[&str]| families.iter().any(|family| check.id().starts_with(family));
        let is_of_what_travels = is_of(&["RT", "GI001", "GI005", "GI009", "GI011", "GI012"]);
        match self {
            Self::Conform => !is_of(&["BH"]),
            Self::Payloads | Self::Traffic => is_of_what_travels,
            Self::Probe => is_of_what_travels || is_of(&["BH"]),
        }
    }
}

/// What is made of what was not checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum UncheckedAs {
    /// Errors.
    Error,
    /// Warnings.
    Warning,
    /// Nothing.
    #[default]
    Ignore,
}

impl CoveragePolicy {
    /// What a kind of run is held to.
    #[must_use]
    pub fn of(&self, run: Run) -> Self {
        if self.runs.is_empty() || self.runs.contains(&run) { self.clone() } else { Self::default() }
    }

    /// What is not exercised, and where that is too much. Of a part of the work, nothing can be said. What the run itself has told of an
    /// operation is not told again.
    pub(super) fn findings(&self, report: &ProviderReport) -> Vec<Finding> {
        let ProviderReport { provider, coverage, findings, .. } = report;
        let severity = match self.unchecked {
            UncheckedAs::Error => Some(Severity::Error),
            UncheckedAs::Warning => Some(Severity::Warning),
            UncheckedAs::Ignore => None,
        };
        let ledger = severity.into_iter().flat_map(|severity| {
            let unchecked = coverage.unchecked().into_iter().filter(|unchecked| !is_told(unchecked, findings));
            unchecked.map(move |unchecked| Finding { severity, ..told(&unchecked) })
        });
        let tallies = Dimension::ALL.into_iter().map(|dimension| (dimension, coverage.of(dimension)));
        let short = tallies.filter_map(|(dimension, tally)| self.short(provider, dimension, tally));
        short.chain(ledger).map(|finding| finding.provider(provider)).collect()
    }

    /// That too little of a dimension was exercised.
    fn short(&self, provider: &str, dimension: Dimension, tally: Tally) -> Option<Finding> {
        let own = self.providers.iter().filter(|(pattern, _)| is_like(pattern, provider));
        let wanted = own.filter_map(|(_, wanted)| wanted.get(&dimension)).max();
        let wanted = *wanted.or_else(|| self.at_least.get(&dimension))?;
        (!wanted.is_reached(tally.done, tally.of)).then(|| {
            let message = format!("{tally} {} were exercised, and at least {wanted} are asked for", dimension.as_str());
            Finding::new(Rule::part(GI011, dimension.as_part()), message)
                .named(&format!("/coverage/{}", dimension.as_part()))
        })
    }
}

/// Whether a finding is one of those that a policy makes.
pub(crate) fn is_of_coverage(finding: &Finding) -> bool {
    let check = finding.rule.check();
    check == GI011 || check == GI009 || (check == GI005 && finding.rule.as_str() != GI005.id())
}

/// Whether the run itself found that an operation was never called.
fn is_told(unchecked: &Unchecked<'_>, findings: &[Finding]) -> bool {
    let Unchecked::Operation(operation) = unchecked else { return false };
    let names = |finding: &Finding| finding.operation.as_ref() == Some(&operation.operation);
    findings.iter().any(|finding| finding.rule.as_str() == GI005.id() && names(finding))
}

fn told(unchecked: &Unchecked<'_>) -> Finding {
    let part = unchecked.dimension().map(|dimension| dimension.as_part()).unwrap_or_default();
    let of = |message: String| Finding::new(Rule::part(GI005, part), message);
    match unchecked {
        Unchecked::Operation(operation) => {
            of("the operation was never called".to_owned()).operation(&operation.operation)
        }
        Unchecked::Parameter(operation, name, location) => {
            let finding = of(format!("the {location} parameter `{name}` was never sent"));
            finding.operation(&operation.operation).named(&format!("/{location}/{name}"))
        }
        Unchecked::Response(operation, status) => {
            of("the response was never given".to_owned()).operation(&operation.operation).status(status)
        }
        Unchecked::MediaType(operation, status, media_type) => {
            let finding = of("no body of the media type ever travelled".to_owned());
            let finding = finding.operation(&operation.operation).media_type(media_type);
            match status {
                Some(status) => finding.status(status),
                None => finding,
            }
        }
        Unchecked::Site(direction, missing) => {
            let what = match missing.dimension {
                Dimension::Values => "value",
                Dimension::Branches => "alternative",
                _ => "property",
            };
            let travelled = match direction {
                Direction::Request => "sent",
                Direction::Response => "received",
            };
            let finding = of(format!("the {what} `{}` was never {travelled}", missing.name));
            let finding = finding.named(&format!("/{travelled}"));
            at(finding, &missing.pointer, &missing.file, missing.line)
        }
        Unchecked::Partial(partial) => {
            let finding = Finding::new(Rule::part(GI009, partial.reason.as_str()), &partial.message);
            let finding = match &partial.operation {
                Some(operation) => finding.operation(operation),
                None => finding,
            };
            at(finding, &partial.pointer, &partial.file, partial.line)
        }
    }
}

fn at(finding: Finding, pointer: &str, file: &str, line: Option<usize>) -> Finding {
    let mut finding = finding.schema_pointer(pointer);
    (finding.file, finding.line) = (Some(file.to_owned()), line);
    finding
}
