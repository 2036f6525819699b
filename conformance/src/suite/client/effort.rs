//! How much is tried.

use serde::{Deserialize, Serialize};

/// How much is tried of a client. What is tried is decided by the seed: the same seed tries the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Effort {
    /// What chance begins with.
    pub seed: u64,
    /// How many payloads are made of a schema in each mode at most.
    pub payloads: usize,
    /// Of how many payloads of a schema one goes to each further body that has it; its first body gets all.
    pub turns: usize,
    /// Whether the keywords of a schema are broken in every body that is made of it, and not in one alone.
    pub everywhere: bool,
    /// How many levels of a payload have optional parts.
    pub depth: usize,
    /// How many values a payload has before optional parts are left out.
    pub values: usize,
}

impl Effort {
    /// What every run of the gate does.
    pub const QUICK: Self = Self { seed: 1, payloads: 6, turns: 8, everywhere: false, depth: 5, values: 150 };

    /// What finds the rest, in the time it takes.
    pub const THOROUGH: Self = Self { seed: 1, payloads: 200, turns: 1, everywhere: true, depth: 10, values: 1500 };

    /// The same, begun with another seed.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }
}

impl Default for Effort {
    fn default() -> Self {
        Self::QUICK
    }
}
