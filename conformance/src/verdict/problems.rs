//! What is wrong with what a run is judged by.

use chrono::NaiveDate;
use obkit_codegen::load::escape_token;
use obkit_codegen::spelling;

use super::checks::unknown;
use super::waiver::Defect;
use super::{PlacedWaiver, Policy};
use crate::checks::{GI003, GI004, Rule};
use crate::finding::Finding;
use crate::glob::is_like;

/// Names that stand for nothing, and waivers that do not hold.
pub(super) fn of(policy: &Policy, today: NaiveDate, known: &[&str], is_whole: bool, used: &[bool]) -> Vec<Finding> {
    let mut found = Vec::new();
    let selected = policy.providers.iter().map(|pattern| ("/gate/providers", pattern));
    // Where the providers are not those of a workspace, nothing is known of others.
    let covered = policy.coverage.providers.keys().filter(|_| !policy.partial);
    for (place, pattern) in selected.chain(covered.map(|pattern| ("/coverage/providers", pattern))) {
        if let Some(help) = unknown_provider(pattern, known) {
            let finding = Finding::new(Rule::part(GI003, "provider"), format!("no provider is called `{pattern}`"));
            found.push(in_file(finding.remedy(help).named(&format!("{place}/{}", escape_token(pattern))), policy));
        }
    }
    for (place, pattern) in policy.checks.patterns() {
        if let Some(help) = unknown(pattern) {
            let finding = Finding::new(Rule::part(GI003, "check"), format!("no check is called `{pattern}`"));
            found
                .push(in_file(finding.remedy(help).named(&format!("/gate/{place}/{}", escape_token(pattern))), policy));
        }
    }
    if found.is_empty() && policy.checks.is_nothing() {
        let finding = Finding::new(Rule::part(GI003, "check"), "no check is left that counts: nothing could fail");
        let key = if policy.checks.exclude.is_empty() { "/gate/checks" } else { "/gate/exclude-checks" };
        found.push(finding.remedy("leave out only what is not to count").named(key));
    }
    for (placed, used) in policy.waivers.iter().zip(used) {
        let defect = placed.waiver.read(today, policy.max_waiver_days).err();
        found.extend(match defect {
            Some(defect) => Some(defective(placed, &defect, policy.max_waiver_days)),
            None => misnamed(placed, policy, known).or_else(|| unused(placed, policy, is_whole && !used)),
        });
    }
    found
}

/// A check or a provider that a waiver names, and that there is none of.
fn misnamed(placed: &PlacedWaiver, policy: &Policy, known: &[&str]) -> Option<Finding> {
    let waiver = &placed.waiver;
    let stands_for_nothing = |kind: &str, pattern: &str, help: String| {
        let message = format!("the waiver `{waiver}` names the {kind} `{pattern}`, and there is none");
        at(Finding::new(Rule::part(GI003, kind), message).remedy(help), placed)
    };
    if let Some((pattern, help)) = waiver.check.as_deref().and_then(|pattern| Some((pattern, unknown(pattern)?))) {
        return Some(stands_for_nothing("check", pattern, help));
    }
    let pattern = waiver.provider.as_deref().filter(|_| !policy.partial);
    let (pattern, help) = pattern.and_then(|pattern| Some((pattern, unknown_provider(pattern, known)?)))?;
    Some(stands_for_nothing("provider", pattern, help))
}

/// That a waiver took nothing, where nothing that it may be about was left out.
fn unused(placed: &PlacedWaiver, policy: &Policy, took_nothing: bool) -> Option<Finding> {
    let waiver = &placed.waiver;
    let is_judged = !policy.partial
        && !policy.left_out.iter().any(|name| waiver.takes_provider(name))
        && !policy.checks.leaves_out(waiver.check.as_deref());
    (is_judged && took_nothing).then(|| {
        let message = format!("the waiver `{waiver}` takes no finding");
        let help = "remove the waiver: what it was about is no longer found, or was never as it says";
        at(Finding::new(Rule::part(GI004, "unused"), message).remedy(help), placed)
    })
}

fn defective(placed: &PlacedWaiver, defect: &Defect, max_days: u32) -> Finding {
    let waiver = &placed.waiver;
    let (part, message, help) = match defect {
        Defect::Incomplete(missing) => (
            "incomplete",
            format!("the waiver `{waiver}` does not say {}", missing.join(", ")),
            "say what is missing: who waives what, why, and until when".to_owned(),
        ),
        Defect::Expired(day) => (
            "expired",
            format!("the waiver `{waiver}` ended on {day}"),
            "put right what it is about, or renew it".to_owned(),
        ),
        Defect::TooLong(day) => (
            "too-long",
            format!("the waiver `{waiver}` ends on {day}, which is more than {max_days} days away"),
            "let it end earlier, and renew it then; `max-waiver-days` says how long it may be".to_owned(),
        ),
    };
    at(Finding::new(Rule::part(GI004, part), message).remedy(help), placed)
}

/// Which provider may have been meant by a pattern that is like none; nothing to say, where it is like one.
fn unknown_provider(pattern: &str, known: &[&str]) -> Option<String> {
    if known.iter().any(|name| is_like(pattern, name)) {
        return None;
    }
    let nearest = spelling::nearest(pattern, known.iter().copied());
    Some(
        nearest.map_or_else(
            || format!("the providers are {}", known.join(", ")),
            |name| format!("did you mean `{name}`?"),
        ),
    )
}

fn at(finding: Finding, placed: &PlacedWaiver) -> Finding {
    let mut finding = finding.named(&placed.waiver.pointer());
    (finding.file, finding.line) = (Some(placed.file.clone()), Some(placed.line));
    finding
}

fn in_file(mut finding: Finding, policy: &Policy) -> Finding {
    finding.file.clone_from(&policy.file);
    finding
}
