//! What is known to be wrong, and for how long it may be.

use std::fmt;

use chrono::{Days, NaiveDate};
use obkit_codegen::load::escape_token;
use schemars::JsonSchema;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use toml::value::Datetime;

use super::checks::names;
use crate::finding::{Finding, Waived};
use crate::glob::is_like;

/// Findings that are known, somebody answers for, and do not count until a day.
///
/// It takes the findings that all of its scope is like; `*` stands for anything. What it does not say, it does not ask.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("required" = ["reason", "owner", "expires"], "anyOf" = [{"required": ["check"]}, {"required": ["fingerprint"]}]))]
pub struct Waiver {
    /// The check, or a part of it, such as `RT030` or `RT030/required`; `RT030/*` is all of its parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// The fingerprint that a report gives a finding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// The provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// The operation's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// The response's status, as the finding has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The media type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// The place in the document that decides: a JSON pointer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The place in the payload: a JSON pointer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// Why it may be as it is. Required.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who answers for it. Required.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The last day on which it may be, such as 2027-01-31. Required.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "day")]
    pub expires: Option<NaiveDate>,
    /// Where to read more: an address, or a ticket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
}

/// A waiver, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlacedWaiver {
    /// The file.
    pub file: String,
    /// The line, from one.
    pub line: usize,
    /// The waiver.
    pub waiver: Waiver,
}

/// What keeps a waiver from being one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Defect {
    /// It lacks what it has to say.
    Incomplete(Vec<&'static str>),
    /// Its day is over.
    Expired(NaiveDate),
    /// Its day is further away than it may be.
    TooLong(NaiveDate),
}

impl Waiver {
    /// What it says of the findings it takes, on a day.
    pub(super) fn read(&self, today: NaiveDate, max_days: u32) -> Result<Waived, Defect> {
        let said = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        let (reason, owner) = (said(&self.reason), said(&self.owner));
        let (Some(reason), Some(owner), Some(expires), true) = (&reason, &owner, self.expires, self.names_something())
        else {
            let parts = [
                ("`check` or `fingerprint`", self.names_something()),
                ("`reason`", reason.is_some()),
                ("`owner`", owner.is_some()),
                ("`expires`", self.expires.is_some()),
            ];
            return Err(Defect::Incomplete(
                parts.into_iter().filter(|(_, there)| !there).map(|(name, _)| name).collect(),
            ));
        };
        if expires < today {
            return Err(Defect::Expired(expires));
        }
        if today.checked_add_days(Days::new(max_days.into())).is_some_and(|last| expires > last) {
            return Err(Defect::TooLong(expires));
        }
        Ok(Waived { reason: reason.clone(), owner: owner.clone(), expires, evidence: said(&self.evidence) })
    }

    fn names_something(&self) -> bool {
        self.check.is_some() || self.fingerprint.is_some()
    }

    /// Whether it is about a finding.
    pub(super) fn takes(&self, finding: &Finding) -> bool {
        let like = |pattern: &Option<String>, text: Option<&str>| {
            pattern.as_deref().is_none_or(|pattern| text.is_some_and(|text| is_like(pattern, text)))
        };
        self.check.as_deref().is_none_or(|pattern| names(pattern, &finding.rule))
            && self.fingerprint.as_ref().is_none_or(|fingerprint| *fingerprint == finding.fingerprint)
            && self.takes_provider(&finding.provider)
            && like(&self.operation, finding.operation.as_deref())
            && like(&self.status, finding.status.as_deref())
            && like(&self.media_type, finding.media_type.as_deref())
            && like(&self.schema, finding.schema_pointer.as_deref())
            && like(&self.instance, finding.instance_pointer.as_deref())
    }

    /// Whether it may be about findings of a provider.
    pub(super) fn takes_provider(&self, name: &str) -> bool {
        self.provider.as_deref().is_none_or(|pattern| is_like(pattern, name))
    }

    /// A pointer that tells it from others, however they are ordered.
    pub(super) fn pointer(&self) -> String {
        format!("/waivers/{}", escape_token(&self.to_string()))
    }
}

/// What it is about.
impl fmt::Display for Waiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scope = [
            &self.check,
            &self.fingerprint,
            &self.provider,
            &self.operation,
            &self.status,
            &self.media_type,
            &self.schema,
            &self.instance,
        ];
        let scope: Vec<&str> = scope.into_iter().flatten().map(String::as_str).collect();
        f.write_str(&scope.join(" "))
    }
}

/// A day: a date of TOML, or a text such as `2027-01-31`.
fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDate>, D::Error> {
    deserializer.deserialize_any(Day).map(Some)
}

struct Day;

impl<'de> Visitor<'de> for Day {
    type Value = NaiveDate;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a day such as 2027-01-31")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<NaiveDate, E> {
        text.parse().map_err(|_| E::custom("this is no day; write one such as 2027-01-31"))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<NaiveDate, A::Error> {
        let datetime = Datetime::deserialize(MapAccessDeserializer::new(map))?;
        match datetime {
            Datetime { date: Some(_), time: None, .. } => self.visit_str(&datetime.to_string()),
            _ => Err(A::Error::custom("this is no day; write one such as 2027-01-31")),
        }
    }
}
