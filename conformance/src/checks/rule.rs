//! What a finding is filed under.

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Check;

/// A check, or the part of one that was broken: `RT022`, `RT030/required`.
#[derive(Clone, Debug)]
pub struct Rule {
    check: &'static Check,
    id: Cow<'static, str>,
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Rule {}

impl Hash for Rule {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

impl Rule {
    /// A part of a check, such as the keyword that was violated.
    #[must_use]
    pub fn part(check: &'static Check, part: &str) -> Self {
        Self { check, id: format!("{}/{part}", check.id()).into() }
    }

    /// Reads an id. A part is taken as it is: [`is_known`](Self::is_known) says whether there is one.
    ///
    /// # Errors
    /// No check of the catalogue has it.
    pub fn read(id: &str) -> Result<Self, UnknownCheck> {
        let whole = super::find(id).map(Self::from);
        let part = || Some(Self::part(super::find(id.split_once('/')?.0)?, id.split_once('/')?.1));
        whole.or_else(part).ok_or_else(|| UnknownCheck(id.to_owned()))
    }

    /// Reads an id, as somebody wrote it.
    ///
    /// # Errors
    /// No check of the catalogue has it, or the check has no such part.
    pub fn written(id: &str) -> Result<Self, UnknownCheck> {
        Self::read(id).ok().filter(Self::is_known).ok_or_else(|| UnknownCheck(id.to_owned()))
    }

    /// Whether findings may be filed under it: it is a check, or one of the parts that the check has.
    #[must_use]
    pub fn is_known(&self) -> bool {
        let part = self.id.strip_prefix(self.check.id()).and_then(|rest| rest.strip_prefix('/'));
        part.is_none_or(|part| self.check.parts().any(|known| known == part))
    }

    /// The check.
    #[must_use]
    pub fn check(&self) -> &'static Check {
        self.check
    }

    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.id
    }
}

impl From<&'static Check> for Rule {
    fn from(check: &'static Check) -> Self {
        Self { check, id: Cow::Borrowed(check.id()) }
    }
}

impl PartialEq<&str> for Rule {
    fn eq(&self, other: &&str) -> bool {
        self.id == *other
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.id)
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.id)
    }
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// An id that no check of the catalogue has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownCheck(pub(crate) String);

impl fmt::Display for UnknownCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let UnknownCheck(id) = self;
        write!(f, "there is no check `{id}`: {}", super::suggestion(id))
    }
}

impl std::error::Error for UnknownCheck {}
