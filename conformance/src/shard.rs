//! A part of the work, so that several machines can share a run.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

/// One of so many parts, from one: `2/5`.
///
/// The work is cut into units, and a unit is in one part for all time: which, its name and its provider's decide by a hash, and
/// neither order nor what else there is. A unit is an operation, the document as a whole ([`Shard::DOCUMENT`]), or the domain
/// ([`Shard::DOMAIN`]), whose calls build on one another. The reports of all parts are [merged](crate::Report::merge) to the report of
/// the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shard {
    number: u32,
    of: u32,
}

impl Shard {
    /// All of the work.
    pub const WHOLE: Self = Self { number: 1, of: 1 };
    /// The unit of what belongs to no operation. No operation is called so.
    pub const DOCUMENT: &'static str = "\u{0}document";
    /// The unit of the calls through the domain.
    pub const DOMAIN: &'static str = "\u{0}domain";

    /// A part, counted from one; none when there is no such part.
    #[must_use]
    pub fn new(number: u32, of: u32) -> Option<Self> {
        (1..=of).contains(&number).then_some(Self { number, of })
    }

    /// Which part it is, from one.
    #[must_use]
    pub fn number(self) -> u32 {
        self.number
    }

    /// How many parts there are.
    #[must_use]
    pub fn of(self) -> u32 {
        self.of
    }

    /// Whether it is all there is.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.of == 1
    }

    /// Whether a unit of a provider's work is in this part.
    #[must_use]
    pub fn holds(self, provider: &str, unit: &str) -> bool {
        let digest = Sha256::new().chain_update(provider).chain_update([0]).chain_update(unit).finalize();
        let number = digest.iter().take(8).fold(0, |number: u64, byte| number << 8 | u64::from(*byte));
        number % u64::from(self.of) + 1 == u64::from(self.number)
    }
}

impl Default for Shard {
    fn default() -> Self {
        Self::WHOLE
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        let shard = parts.and_then(|(number, of)| Self::new(number, of));
        shard.ok_or_else(|| "write which of how many, such as 2/5".to_owned())
    }
}

impl Serialize for Shard {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Shard {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
