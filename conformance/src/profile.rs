//! How strictly a value is judged.
//!
//! A document leaves open what its reader should bear. The three profiles answer that differently, and each refuses all that the one before
//! it refuses: a value is judged once, and each violation says from which profile on it counts.

mod tolerance;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

pub(crate) use self::tolerance::{Tolerance, without};
use crate::violation::Violation;

/// How strictly a value is judged, the most lenient first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// What a tolerant reader takes, as the generated clients are: values that no `enum` lists and alternatives that no union lists, formats,
    /// bounds, patterns and lengths that are broken, members that nobody allowed, and null for what may be absent. It refuses what it cannot
    /// read: another type, and what is required and missing.
    Lenient,
    /// Every keyword of the schema counts, `format` among them.
    #[default]
    Strict,
    /// As strict, and an object has no member that its schema does not name, although OpenAPI allows it. A schema under
    /// `additionalProperties` that says something of the members names them; an object that names none at all may have any.
    Closed,
}

impl Profile {
    /// All of them, the most lenient first.
    pub const ALL: [Self; 3] = [Self::Lenient, Self::Strict, Self::Closed];

    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lenient => "lenient",
            Self::Strict => "strict",
            Self::Closed => "closed",
        }
    }

    /// Itself, and the profiles that refuse what it refuses.
    pub fn and_stricter(self) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |profile| *profile >= self)
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// By which profiles a value is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profiles {
    /// By one.
    Only(Profile),
    /// By all, to see where they disagree.
    All,
}

impl Profiles {
    /// The names: those of the profiles, and `all`.
    pub const NAMES: [&'static str; 4] = ["strict", "lenient", "closed", "all"];

    /// The strictest of them.
    #[must_use]
    pub fn strictest(self) -> Profile {
        match self {
            Self::Only(profile) => profile,
            Self::All => Profile::Closed,
        }
    }
}

impl<'de> Deserialize<'de> for Profiles {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        name.parse().map_err(|_| D::Error::unknown_variant(&name, &Self::NAMES))
    }
}

impl JsonSchema for Profiles {
    fn schema_name() -> Cow<'static, str> {
        "Profiles".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "enum": Self::NAMES})
    }
}

impl Default for Profiles {
    fn default() -> Self {
        Self::Only(Profile::Strict)
    }
}

/// A name that no profile has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownProfile(String);

impl fmt::Display for UnknownProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no profile `{}`: use one of {}", self.0, Profiles::NAMES.join(", "))
    }
}

impl std::error::Error for UnknownProfile {}

impl FromStr for Profiles {
    type Err = UnknownProfile;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        if name == "all" {
            return Ok(Self::All);
        }
        let found = Profile::ALL.into_iter().find(|profile| profile.as_str() == name);
        found.map(Self::Only).ok_or_else(|| UnknownProfile(name.to_owned()))
    }
}

/// A violation, and who minds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// What is wrong.
    pub violation: Violation,
    /// The most lenient profile that refuses the value for it; the stricter ones do, too.
    pub refused_from: Profile,
}

/// What became of a value under every profile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judgement {
    /// What is wrong with it.
    pub judged: Vec<Judged>,
}

impl Judgement {
    /// The profiles that refuse the value.
    #[must_use]
    pub fn refused_by(&self) -> Vec<Profile> {
        let least = self.judged.iter().map(|judged| judged.refused_from).min();
        least.into_iter().flat_map(Profile::and_stricter).collect()
    }

    /// What a profile refuses the value for; empty when it takes it.
    pub fn violations(&self, profile: Profile) -> impl Iterator<Item = &Violation> {
        let counts = move |judged: &&Judged| judged.refused_from <= profile;
        self.judged.iter().filter(counts).map(|judged| &judged.violation)
    }
}
