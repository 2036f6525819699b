//! Explanations of the checks, for people and for programs.

use std::fmt::{self, Write};

use obkit_codegen::article::Block;
use serde::Serialize;

use super::Check;
use crate::finding::Severity;

/// All there is to say about a check. Its text is Markdown.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// The check's id.
    pub id: &'static str,
    /// What it finds, in a few words.
    pub title: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What it tells apart: the parts that follow its id, as in `RT030/required`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<&'static str>,
    /// What it means.
    pub meaning: &'static str,
    /// Why it matters, or what becomes of it.
    pub reason: &'static str,
    /// The sentence of the standard that it rests on, and where it stands; a rule of lint names it in its meaning.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub standard: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
    /// A case that fires it: a document, and what is done with it.
    pub fires: Vec<Block>,
    /// A case much like it that does not.
    pub silent: Vec<Block>,
}

impl From<&'static Check> for Explanation {
    fn from(check: &'static Check) -> Self {
        let meaning = check.article().meaning;
        let (meaning, rest) = meaning.split_once("\n\n").unwrap_or((meaning, ""));
        let (reason, standard) = rest.split_once("\n\n> ").unwrap_or((rest, ""));
        Self {
            id: check.id(),
            title: check.title(),
            severity: check.severity(),
            parts: check.parts().collect(),
            meaning,
            reason,
            standard,
            remedy: check.remedy(),
            fires: check.fires(),
            silent: check.silent(),
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, title, severity, parts, meaning, reason, standard, remedy, fires, silent } = self;
        writeln!(f, "## {id}\n\n{title} ({severity}).\n\n{meaning}\n\n{reason}\n")?;
        if !standard.is_empty() {
            writeln!(f, "> {standard}\n")?;
        }
        if !parts.is_empty() {
            writeln!(f, "Parts: `{}`.\n", parts.join("`, `"))?;
        }
        write!(f, "How to fix: {remedy}.\n\nThis fires it:\n")?;
        write_blocks(f, fires.iter())?;
        write!(f, "\nThis does not:\n")?;
        // What both cases share was shown.
        write_blocks(f, silent.iter().filter(|block| !fires.contains(block)))
    }
}

fn write_blocks<'b>(f: &mut fmt::Formatter<'_>, blocks: impl Iterator<Item = &'b Block>) -> fmt::Result {
    for Block { kind, text } in blocks {
        writeln!(f, "\n```{kind}\n{text}```")?;
    }
    Ok(())
}

/// The page of all checks: a table, then what each means. The rules of lint have a page of their own.
#[must_use]
pub fn page() -> String {
    let mut page = "# Checks\n\n<!-- Written by `obkit checks explain --all -o docs/checks.md`; do not edit. -->\n\n\
                    What `obkit conform` and `obkit validate` find. Every finding is filed under one of these ids; where a check has \
                    parts,\nsuch as the keywords of a schema, the part follows the id: `RT030/required`.\n\n\
                    A check `lint/RULE` is a [rule of lint](rules.md).\n\n\
                    | check | severity | what it finds |\n|---|---|---|\n"
        .to_owned();
    let own = || super::all().filter(|check| !check.is_lint());
    for check in own() {
        let (id, severity, title) = (check.id(), check.severity(), check.title());
        // Writing to a string cannot fail.
        let _ = writeln!(page, "| [{id}](#{}) | {severity} | {title} |", id.to_lowercase());
    }
    for check in own() {
        let _ = write!(page, "\n{}", Explanation::from(check));
    }
    page
}
