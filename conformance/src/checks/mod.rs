//! The catalogue: every check whose findings there can be.
//!
//! A check is an id, how bad what it finds is, what to do about it, and an article, `checks/<id>.md`: what it means, why it matters,
//! the sentence of the standard that it rests on, and two cases, one that fires it and one that does not. Ids are stable: reports,
//! waivers and baselines name checks by them.
//!
//! A [`Finding`](crate::Finding) is made of a [`Check`], and a check cannot be made outside of this module: no finding has an id
//! that is not in the catalogue.
//!
//! ```
//! use obkit_conformance::checks;
//!
//! let check = checks::find("RT022").unwrap();
//! assert_eq!(check.title(), "A body is missing");
//! assert!(checks::find("RT999").is_none());
//! ```

mod explain;
mod rule;
mod table;

use std::borrow::Cow;
use std::sync::LazyLock;

use obkit_codegen::article::{Article, Block};
use obkit_codegen::note::RULES;
use obkit_codegen::spelling;

pub use self::explain::{Explanation, page};
pub use self::rule::{Rule, UnknownCheck};
pub use self::table::*;
use crate::finding::Severity;

/// What the ids of checks begin with that are rules of `obkit lint`.
const LINT: &str = "lint/";

/// One thing that is looked at. Two checks are the same when their ids are.
#[derive(Debug)]
pub struct Check {
    id: Cow<'static, str>,
    title: Cow<'static, str>,
    severity: Severity,
    remedy: &'static str,
    parts: &'static [&'static [&'static str]],
    article: Source,
}

/// Where the article of a check stands.
#[derive(Debug)]
enum Source {
    /// Beside the table.
    Own(&'static str),
    /// Among the rules of the generator.
    Lint(&'static obkit_codegen::note::Rule),
}

impl PartialEq for Check {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Check {}

impl Check {
    /// The stable id, such as `RT030` or `lint/header-name`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What it finds, in a few words.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// How bad it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// What to do about it, where a finding does not know better.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        self.remedy
    }

    /// What it tells apart, such as the keywords of a schema: `required` in `RT030/required`. A check may have no parts.
    pub fn parts(&self) -> impl Iterator<Item = &'static str> {
        self.parts.iter().copied().flatten().copied()
    }

    /// Whether it is a rule of `obkit lint`.
    #[must_use]
    pub fn is_lint(&self) -> bool {
        matches!(self.article, Source::Lint(_))
    }

    /// What is written about it.
    fn article(&self) -> Article {
        match &self.article {
            Source::Own(text) => Article::read(text),
            Source::Lint(rule) => rule.article(),
        }
    }

    /// The case that fires it.
    #[must_use]
    pub fn fires(&self) -> Vec<Block> {
        self.article().fires
    }

    /// The case that does not: what it does not say itself, it has from the other case.
    #[must_use]
    pub fn silent(&self) -> Vec<Block> {
        let Article { fires, silent, .. } = self.article();
        let missing = |block: &Block| !silent.iter().any(|own| own.kind == block.kind);
        fires.into_iter().filter(missing).chain(silent.iter().copied()).collect()
    }
}

/// The rules of lint, as checks.
static RULES_OF_LINT: LazyLock<Vec<Check>> = LazyLock::new(|| {
    let check = |rule: &&'static obkit_codegen::note::Rule| Check {
        id: format!("{LINT}{}", rule.id).into(),
        title: rule.article().summary().into(),
        severity: rule.severity,
        remedy: rule.remedy,
        parts: &[],
        article: Source::Lint(rule),
    };
    RULES.iter().map(check).collect()
});

/// Every check: those of the suite, then the rules of lint.
pub fn all() -> impl Iterator<Item = &'static Check> {
    CHECKS.iter().copied().chain(RULES_OF_LINT.iter())
}

/// The check of an id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Check> {
    all().find(|check| check.id == id)
}

/// Which check, or which part of one, may have been meant by an id that none has.
pub(crate) fn suggestion(id: &str) -> String {
    let meant = |id: &str| format!("did you mean `{id}`?");
    let (head, part) = id.split_once('/').filter(|(head, _)| *head != "lint").unwrap_or((id, ""));
    let Some(check) = find(head).filter(|_| !part.is_empty()) else {
        let nearest = spelling::nearest(head, all().map(Check::id));
        return nearest.map_or_else(|| "`obkit checks list` says which there are".to_owned(), meant);
    };
    match spelling::nearest(part, check.parts()) {
        Some(part) => meant(&format!("{head}/{part}")),
        None if check.parts().next().is_none() => format!("`{head}` has no parts"),
        None => format!("the parts of `{head}` are {}", check.parts().collect::<Vec<_>>().join(", ")),
    }
}

/// The check that a rule of lint is.
#[must_use]
pub fn of_lint(rule: &str) -> Option<&'static Check> {
    RULES_OF_LINT.iter().find(|check| check.id.strip_prefix(LINT) == Some(rule))
}
