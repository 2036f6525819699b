//! Exit codes: the contract with scripts.

use std::process::ExitCode;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Nothing was found.
    Clean = 0,
    /// There are findings at or above `--fail-on`.
    Findings = 1,
    /// The arguments, the configuration or the input are wrong, or nothing was checked.
    BadInput = 2,
    /// obkit failed.
    Bug = 3,
    /// Generated code is out of date.
    Stale = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// A verb's outcome: how it ended, or one message about input that stopped it.
pub(crate) type Outcome = Result<Exit, String>;
