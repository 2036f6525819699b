//! What of a document was exercised, and what was not.
//!
//! One model for all that there is to exercise: operations, their parameters, responses and media types by the calls, and of the
//! schemas the properties, the listed values and the alternatives by what travelled, in each direction. What stands in a document and
//! was never exercised is proven by nothing; what was judged in part only is told with its reason.

mod bits;
mod exercise;
mod ledger;
mod map;
mod marks;
mod partial;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

pub(crate) use self::exercise::Exercise;
pub use self::ledger::Unchecked;
pub(crate) use self::map::{Map, schemas};
pub(crate) use self::marks::Marks;
pub use self::partial::{Partial, PartialReason};
use crate::schema::Direction;

/// How many of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// How many.
    pub done: usize,
    /// Of how many.
    pub of: usize,
}

impl Tally {
    fn count(&mut self, done: bool) {
        self.done += usize::from(done);
        self.of += 1;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}/{}", self.done, self.of))
    }
}

/// What there is to exercise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dimension {
    /// Operations, by calls.
    Operations,
    /// Documented responses that a client was given and handed on; a range or `default` counts as one.
    Responses,
    /// Media types of bodies that travelled.
    MediaTypes,
    /// Parameters that were sent.
    Parameters,
    /// Properties that a body had.
    Properties,
    /// Values of an `enum` that a body had.
    Values,
    /// Alternatives of a `oneOf` or `anyOf` that a value was.
    Branches,
}

impl Dimension {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Operations,
        Self::Responses,
        Self::MediaTypes,
        Self::Parameters,
        Self::Properties,
        Self::Values,
        Self::Branches,
    ];

    /// Its name, in words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Operations => "operations",
            Self::Responses => "responses",
            Self::MediaTypes => "media types",
            Self::Parameters => "parameters",
            Self::Properties => "properties",
            Self::Values => "values",
            Self::Branches => "branches",
        }
    }

    /// Its name in files, and as the part of a check.
    #[must_use]
    pub const fn as_part(self) -> &'static str {
        match self {
            Self::MediaTypes => "media-types",
            other => other.as_str(),
        }
    }
}

impl JsonSchema for Dimension {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Dimension".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "enum": Self::ALL.map(Self::as_part)})
    }
}

/// What of a document was exercised.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// How much, by dimension.
    pub totals: BTreeMap<Dimension, Tally>,
    /// Each operation, by path and method.
    pub tree: Vec<OperationCoverage>,
    /// Each schema that bodies and parameters are made of, by direction.
    pub schemas: Vec<SchemaCoverage>,
    /// What was judged in part only.
    pub partial: BTreeSet<Partial>,
}

/// What of an operation was exercised.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperationCoverage {
    /// Its path template.
    pub path: String,
    /// Its method.
    pub method: String,
    /// Its id.
    pub operation: String,
    /// Whether the client called it.
    pub called: bool,
    /// Its parameters.
    pub parameters: Vec<ParameterCoverage>,
    /// The media types of its request body.
    pub request: Vec<MediaTypeCoverage>,
    /// Its documented responses.
    pub responses: Vec<ResponseCoverage>,
}

/// Whether a parameter was exercised.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParameterCoverage {
    /// Its name.
    pub name: String,
    /// Where it stands: `path`, `query`, `header` or `cookie`.
    pub location: String,
    /// Whether it was sent.
    pub sent: bool,
}

/// Whether a body of a media type was exercised.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MediaTypeCoverage {
    /// The media type, as documented.
    pub media_type: String,
    /// Whether a body of it travelled.
    pub given: bool,
}

/// Whether a response was exercised.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResponseCoverage {
    /// The status, as documented.
    pub status: String,
    /// Whether the client was given it and handed it on.
    pub given: bool,
    /// The media types of its body.
    pub media_types: Vec<MediaTypeCoverage>,
}

/// What of a schema was exercised: of itself, not of the schemas that it refers to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchemaCoverage {
    /// The direction.
    pub direction: Direction,
    /// Where it stands.
    pub schema: String,
    /// How much, by dimension.
    pub totals: BTreeMap<Dimension, Tally>,
    /// What never travelled.
    pub missing: Vec<Missing>,
}

/// A property, a listed value or an alternative that never travelled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Missing {
    /// What it is.
    pub dimension: Dimension,
    /// What it is called in the document.
    pub name: String,
    /// Where it stands.
    pub pointer: String,
    /// The file that it stands in.
    pub file: String,
    /// The line, from one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
}

impl Coverage {
    /// Counts what is in a tree, and sorts it.
    #[must_use]
    pub fn new(tree: Vec<OperationCoverage>) -> Self {
        Self { tree, ..Self::default() }.counted()
    }

    /// How much of a dimension there is.
    #[must_use]
    pub fn of(&self, dimension: Dimension) -> Tally {
        self.totals.get(&dimension).copied().unwrap_or_default()
    }

    /// Takes in what another part of the same run exercised: what one of them did is done.
    pub fn absorb(&mut self, other: Self) {
        self.tree.extend(other.tree);
        self.partial.extend(other.partial);
        for schema in other.schemas {
            let same = |own: &&mut SchemaCoverage| own.direction == schema.direction && own.schema == schema.schema;
            match self.schemas.iter_mut().find(same) {
                Some(own) => own.missing.retain(|missing| schema.missing.contains(missing)),
                None => self.schemas.push(schema),
            }
        }
        *self = std::mem::take(self).counted();
    }

    fn counted(mut self) -> Self {
        self.tree.sort();
        self.schemas.sort_by(|a, b| (a.direction, &a.schema).cmp(&(b.direction, &b.schema)));
        let mut totals: BTreeMap<_, _> = Dimension::ALL.map(|dimension| (dimension, Tally::default())).into();
        let mut count = |dimension, done| totals.entry(dimension).or_default().count(done);
        for operation in &self.tree {
            count(Dimension::Operations, operation.called);
            operation.parameters.iter().for_each(|parameter| count(Dimension::Parameters, parameter.sent));
            operation.responses.iter().for_each(|response| count(Dimension::Responses, response.given));
            let responses = operation.responses.iter().flat_map(|response| &response.media_types);
            responses.chain(&operation.request).for_each(|one| count(Dimension::MediaTypes, one.given));
        }
        for schema in &mut self.schemas {
            for (dimension, tally) in &mut schema.totals {
                let missing = schema.missing.iter().filter(|missing| missing.dimension == *dimension).count();
                tally.done = tally.of.saturating_sub(missing);
                let total = totals.entry(*dimension).or_default();
                total.done += tally.done;
                total.of += tally.of;
            }
        }
        Self { totals, ..self }
    }
}
