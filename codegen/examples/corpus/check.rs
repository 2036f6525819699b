//! Whether each crate compiles, without a warning.

use crate::Failure;
use crate::cargo::{self, Diagnostic};
use crate::generation::Case;
use crate::workspace::Workspace;

/// What the compiler says of a crate.
pub(crate) enum Verdict {
    /// There is no crate.
    Missing,
    /// It compiles, and there is nothing to say.
    Clean,
    /// It compiles with a warning, which is the first.
    Warned(String),
    /// It does not compile.
    Failed(String),
}

impl Verdict {
    /// Whether programs can use the crate.
    pub(crate) fn is_usable(&self) -> bool {
        matches!(self, Self::Clean | Self::Warned(_))
    }
}

/// Checks all crates at once: library, every feature, example.
pub(crate) fn all(workspace: &Workspace, cases: &[Case]) -> Result<Vec<Verdict>, Failure> {
    if cases.iter().all(|case| case.error.is_some()) {
        return Ok(cases.iter().map(|_| Verdict::Missing).collect());
    }
    let said =
        cargo::run(workspace, &["check", "--workspace", "--lib", "--examples", "--all-features", "--keep-going"])?;
    let verdict = |case: &Case| {
        if case.error.is_some() {
            return Verdict::Missing;
        }
        let folder = workspace.member(&case.package);
        let mut diagnostics = said.diagnostics.iter().filter(|diagnostic| diagnostic.folder == folder);
        let first = diagnostics.clone().find(|diagnostic| diagnostic.is_error).or_else(|| diagnostics.next());
        match first {
            Some(Diagnostic { is_error: true, text, .. }) => Verdict::Failed(text.clone()),
            Some(Diagnostic { text, .. }) => Verdict::Warned(text.clone()),
            None if said.built.contains(&folder) => Verdict::Clean,
            // Something that it depends on failed.
            None => Verdict::Failed(format!("was not compiled: {}", said.last_words)),
        }
    };
    Ok(cases.iter().map(verdict).collect())
}
