//! Checks by name.

use serde::{Deserialize, Serialize};

use super::Run;
use crate::checks::{self, Check, Rule, UnknownCheck};
use crate::finding::Finding;
use crate::glob::is_like;

/// Whether a pattern is like a rule: the part of a check, or the check with all of its parts.
pub(super) fn names(pattern: &str, rule: &Rule) -> bool {
    is_like(pattern, rule.as_str()) || is_like(pattern, rule.check().id())
}

/// Whether a pattern is like a check, or like a part of it.
fn may_name(pattern: &str, check: &Check) -> bool {
    let mut parts = check.parts();
    is_like(pattern, check.id()) || parts.any(|part| is_like(pattern, &format!("{}/{part}", check.id())))
}

/// Which check may have been meant by a pattern that is like none; nothing to say, where it is like one.
pub(super) fn unknown(pattern: &str) -> Option<String> {
    if checks::all().any(|check| may_name(pattern, check)) {
        return None;
    }
    Some(checks::suggestion(pattern))
}

/// Which checks count: all, only some, or all but some. Patterns; `*` stands for anything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SelectedChecks {
    /// Only these; all, where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
    /// Not these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<String>,
}

impl SelectedChecks {
    /// Reads a pattern, as somebody wrote it.
    ///
    /// # Errors
    /// It is like no check, and like no part of one.
    pub fn pattern(text: &str) -> Result<String, UnknownCheck> {
        if unknown(text).is_none() { Ok(text.to_owned()) } else { Err(UnknownCheck(text.to_owned())) }
    }

    /// Whether what a finding says counts. What is wrong with the configuration always does.
    pub(super) fn takes(&self, finding: &Finding) -> bool {
        self.counts(&finding.rule)
    }

    fn counts(&self, rule: &Rule) -> bool {
        let named = |patterns: &[String]| patterns.iter().any(|pattern| names(pattern, rule));
        (self.include.is_empty() || named(&self.include)) && !named(&self.exclude)
    }

    /// Whether no check counts, so that nothing can fail.
    pub(super) fn is_nothing(&self) -> bool {
        !checks::all().any(|check| self.takes_some_of(check))
    }

    /// Whether no check counts that runs of a kind make, so that none of them can fail. Of a pattern that is like no check, nobody knows what was
    /// meant: that is found as such, and nothing is said here.
    #[must_use]
    pub fn is_nothing_of(&self, run: Run) -> bool {
        let is_clear = self.patterns().all(|(_, pattern)| unknown(pattern).is_none());
        is_clear && !checks::all().filter(|check| run.makes(check)).any(|check| self.takes_some_of(check))
    }

    fn takes_some_of(&self, check: &'static Check) -> bool {
        self.counts(&check.into()) || check.parts().any(|part| self.counts(&Rule::part(check, part)))
    }

    /// Whether it may leave out what a pattern is like; with no pattern, anything.
    pub(super) fn leaves_out(&self, pattern: Option<&str>) -> bool {
        let is_all = self.include.is_empty() && self.exclude.is_empty();
        let touched = |check: &&Check| pattern.is_none_or(|pattern| may_name(pattern, check));
        let is_whole = |check: &Check| {
            let named = |patterns: &[String]| patterns.iter().any(|pattern| is_like(pattern, check.id()));
            let hit = |patterns: &[String]| patterns.iter().any(|pattern| may_name(pattern, check));
            (self.include.is_empty() || named(&self.include)) && !hit(&self.exclude)
        };
        !is_all && checks::all().filter(touched).any(|check| !is_whole(check))
    }

    /// All patterns, each with the key that it stands under in `obkit.toml`.
    pub(super) fn patterns(&self) -> impl Iterator<Item = (&'static str, &String)> {
        let under = |key| move |pattern| (key, pattern);
        self.include.iter().map(under("checks")).chain(self.exclude.iter().map(under("exclude-checks")))
    }
}
