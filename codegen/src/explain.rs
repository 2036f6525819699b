//! Explanations of the rules: what each means, and a document that shows it.
//!
//! A rule's file, `rules/<id>.md`, is the one source: its documents are what the tests run, so an
//! explanation shows what is so.
//!
//! ```
//! use obkit_codegen::explain::Explanation;
//!
//! let explanation = Explanation::all().find(|explanation| explanation.id == "path-template").unwrap();
//! assert!(explanation.says[0].starts_with("7:5: error[path-template, lossy]: "));
//! assert!(explanation.to_string().starts_with("## path-template\n"));
//! ```

use std::fmt::{self, Write};

use serde::Serialize;

use crate::article::{Article, Block};
use crate::lint::lint;
use crate::load::Document;
use crate::note::{RULES, Rule, Severity};
use crate::spec::Spec;

/// All there is to say about a rule. Its text is Markdown.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// The rule's id.
    pub id: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// Whether meaning of the document is lost.
    pub lossy: bool,
    /// What it means, and what becomes of the construct.
    pub meaning: &'static str,
    /// What can be done.
    pub remedy: &'static str,
    /// A document that fires it.
    pub fires: &'static str,
    /// What lint says about that document by this rule.
    pub says: Vec<String>,
    /// A document much like it that does not.
    pub silent: &'static str,
}

impl Explanation {
    /// The explanation of a rule.
    #[must_use]
    pub fn of(rule: &'static Rule) -> Self {
        let article = rule.article();
        let text = |blocks: &[Block]| blocks.first().map_or("", |block| block.text);
        let (meaning, fires, silent) = (article.meaning, text(&article.fires), text(&article.silent));
        let document = Document::survey_text("openapi.yaml", fires, &[]);
        let notes = document.map(|document| lint(&Spec::survey(document))).unwrap_or_default();
        let says = notes.iter().filter(|note| note.rule == rule.id).map(ToString::to_string).collect();
        let Rule { id, severity, lossy, remedy, .. } = *rule;
        Self { id, severity, lossy, meaning, remedy, fires, says, silent }
    }

    /// The explanations of all rules, in the order of [`RULES`].
    pub fn all() -> impl Iterator<Item = Self> {
        RULES.iter().map(|rule| Self::of(rule))
    }

    /// What the rule means in one sentence.
    #[must_use]
    pub fn summary(&self) -> String {
        Article { meaning: self.meaning, fires: Vec::new(), silent: Vec::new() }.summary()
    }

    /// The severity, and whether meaning is lost.
    #[must_use]
    pub fn weight(&self) -> String {
        format!("{}{}", self.severity, if self.lossy { ", lossy" } else { "" })
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, meaning, remedy, fires, silent, .. } = self;
        writeln!(f, "## {id}\n\n{}\n\n{meaning}\n\nRemedy: {remedy}.\n", self.weight())?;
        writeln!(f, "This document fires it:\n\n```yaml\n{fires}```\n\n```text\n{}\n```\n", self.says.join("\n"))?;
        writeln!(f, "This one does not:\n\n```yaml\n{silent}```")
    }
}

/// All explanations as one page, with a table of the rules at its top.
#[must_use]
pub fn page() -> String {
    let mut page = "# Rules\n\n<!-- Written by `obkit lint --explain all -o docs/rules.md`; do not edit. -->\n\n\
                    What `obkit lint` and `obkit generate` say about a document. An error stops generation; lossy means that\n\
                    something the document says is not in the generated code.\n\n\
                    | rule | severity | what it means |\n|---|---|---|\n"
        .to_owned();
    let all: Vec<Explanation> = Explanation::all().collect();
    for explanation in &all {
        let (id, summary) = (explanation.id, explanation.summary());
        // Writing to a string cannot fail.
        let _ = writeln!(page, "| [{id}](#{id}) | {} | {summary} |", explanation.weight());
    }
    for explanation in &all {
        let _ = write!(page, "\n{explanation}");
    }
    page
}
