//! Schemas that values are judged by.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::{ValidationError, Validator};
use obkit_codegen::load::escape_token;
use serde_json::Value;

use super::Validators;
use crate::checks;
use crate::finding::Untold;
use crate::graph::Visitor;
use crate::profile::{Judged, Judgement, Profile, Tolerance, without};
use crate::remarks::{self, Remark};
use crate::schema::Direction;
use crate::violation::{UNDECLARED, Violation};

/// How many bytes the places of all members and items of a value may take, where all violations are told.
const MAX_PLACES: usize = 32 * 1024 * 1024;

/// What each takes besides its own.
const ENTRY: usize = 64;

/// A compiled schema, for callers that validate many values against it.
#[derive(Clone, Debug)]
pub struct CompiledSchema<'v> {
    pub(super) validators: &'v Validators,
    pub(super) direction: Direction,
    pub(super) pointer: String,
    pub(super) validator: Arc<Validator>,
}

impl CompiledSchema<'_> {
    /// Whether a value fits; allocates nothing.
    #[must_use]
    pub fn is_valid(&self, value: &Value) -> bool {
        self.validator.is_valid(value)
    }

    /// All violations of a value; empty when it fits. Of one with some hundred thousand members or items, it is the first alone: each of them can
    /// be a violation, and all would take gigabytes.
    #[must_use]
    pub fn violations(&self, value: &Value) -> Vec<Violation> {
        if self.validator.is_valid(value) {
            return Vec::new();
        }
        self.errors(value).map(|error| self.told(&error)).collect()
    }

    /// What a value is refused for.
    fn errors<'e>(&'e self, value: &'e Value) -> Box<dyn Iterator<Item = ValidationError<'e>> + 'e> {
        if is_huge(value) {
            Box::new(self.validator.validate(value).err().into_iter())
        } else {
            Box::new(self.validator.iter_errors(value))
        }
    }

    /// What a profile refuses a value for. Only what the schema leaves open needs more than its violations.
    #[must_use]
    pub fn violations_by(&self, profile: Profile, value: &Value) -> Vec<Violation> {
        if profile == Profile::Strict {
            return self.violations(value);
        }
        let counts = |judged: Judged| (judged.refused_from <= profile).then_some(judged.violation);
        self.judge(value).judged.into_iter().filter_map(counts).collect()
    }

    /// What each profile refuses a value for. The value is validated once, and a second time only where it matters whether a null may be absent.
    #[must_use]
    pub fn judge(&self, value: &Value) -> Judgement {
        let mut judged = if self.validator.is_valid(value) { Vec::new() } else { self.refused(value) };
        let (remarks, _) = self.remarks(value, &BTreeSet::new(), ());
        let undeclared =
            remarks.into_iter().filter(|remark| remark.rule.check() == checks::RT033).map(|remark| remark.violation);
        let refused = refusing(&judged);
        let undeclared: Vec<_> = undeclared.filter(|violation| !is_refused(&refused, violation)).collect();
        judged.extend(undeclared.into_iter().map(|violation| Judged { violation, refused_from: Profile::Closed }));
        Judgement { judged }
    }

    /// What is to be said of a value and makes it no less valid. Given are the places in which its text had more digits than it, and who else
    /// follows the value.
    pub(crate) fn remarks(
        &self,
        value: &Value,
        imprecise: &BTreeSet<String>,
        beside: impl for<'g> Visitor<'g>,
    ) -> (Vec<Remark>, Untold) {
        let Self { validators, direction, pointer, .. } = self;
        remarks::collect(validators, *direction, pointer, value, imprecise, beside)
    }

    /// What the schema refuses a value for.
    fn refused(&self, value: &Value) -> Vec<Judged> {
        let is_huge = is_huge(value);
        let mut absent = Vec::new();
        let mut found: Vec<(Judged, Vec<String>)> = Vec::new();
        for error in self.errors(value) {
            let violation = self.told(&error);
            // What is not told may be refused by every profile.
            let (refused_from, nulls) = if is_huge {
                (Profile::Lenient, Vec::new())
            } else {
                match Tolerance::of(value, &error, &violation.keyword) {
                    Tolerance::Refused => (Profile::Lenient, Vec::new()),
                    Tolerance::Taken => (Profile::Strict, Vec::new()),
                    Tolerance::IfAbsent(nulls) => (Profile::Strict, nulls),
                }
            };
            absent.extend(nulls.iter().cloned());
            found.push((Judged { violation, refused_from }, nulls));
        }
        if !absent.is_empty() {
            let value = without(value, &absent);
            let errors: Vec<_> = self.errors(&value).collect();
            let is_needed = |null: &String| errors.iter().any(|error| self.needs(&value, error, null));
            for (judged, _) in found.iter_mut().filter(|(_, nulls)| nulls.iter().any(is_needed)) {
                judged.refused_from = Profile::Lenient;
            }
        }
        found.into_iter().map(|(judged, _)| judged).collect()
    }

    /// Whether a value without the members that were null cannot be read by a tolerant reader for want of one of them.
    fn needs(&self, value: &Value, error: &ValidationError<'_>, null: &str) -> bool {
        let within = null.strip_prefix(error.instance_path().as_str()).and_then(|rest| rest.strip_prefix('/'));
        let concerns = match error.kind() {
            Kind::Required { property } => property.as_str().map(escape_token).as_deref() == within,
            Kind::AnyOf { .. } | Kind::OneOfNotValid { .. } => within.is_some(),
            _ => false,
        };
        concerns && Tolerance::of(value, error, &self.told(error).keyword) == Tolerance::Refused
    }

    fn told(&self, error: &ValidationError<'_>) -> Violation {
        Violation::new(&self.validators.source, &self.validators.side(self.direction).lowered, error)
    }
}

/// Where a schema itself refuses members that it does not name.
fn refusing(judged: &[Judged]) -> HashSet<String> {
    let is_of_members =
        |violation: &&Violation| matches!(violation.keyword.as_str(), "additionalProperties" | "unevaluatedProperties");
    let refused = judged.iter().map(|judged| &judged.violation).filter(is_of_members);
    refused.map(|violation| violation.instance_path.clone()).collect()
}

/// Whether an undeclared member is among what is refused: by itself, or with the others of its object.
fn is_refused(refused: &HashSet<String>, undeclared: &Violation) -> bool {
    let own = undeclared.instance_path.as_str();
    refused.contains(own) || refused.contains(own.rsplit_once('/').map_or("", |(parent, _)| parent))
}

/// Whether there may be more violations of a value than these: of one that is huge, the schema's first alone is told.
pub(crate) fn is_cut<'v>(violations: impl IntoIterator<Item = &'v Violation>, value: &Value) -> bool {
    violations.into_iter().any(|violation| violation.keyword != UNDECLARED) && is_huge(value)
}

/// Whether the places of all members and items are too much to be held, as they would be in violations.
fn is_huge(value: &Value) -> bool {
    fn exceeds(value: &Value, place: usize, left: &mut usize) -> bool {
        let mut part = |name: usize, part: &Value| {
            let place = place + 1 + name;
            match left.checked_sub(ENTRY + place) {
                Some(fewer) => {
                    *left = fewer;
                    exceeds(part, place, left)
                }
                None => true,
            }
        };
        match value {
            Value::Array(items) => items.iter().any(|item| part(1, item)),
            Value::Object(members) => members.iter().any(|(name, member)| part(name.len(), member)),
            _ => false,
        }
    }
    exceeds(value, 0, &mut { MAX_PLACES })
}
