//! What all schemas that hold for one value ask of it together.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Number, Value};

use super::error::Reason;

/// A set of types. Integers and numbers that are none are apart, so that `integer` can be denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Types(u8);

impl Types {
    pub(super) const NULL: Self = Self(1);
    pub(super) const BOOLEAN: Self = Self(2);
    pub(super) const INTEGER: Self = Self(4);
    pub(super) const FRACTION: Self = Self(8);
    pub(super) const STRING: Self = Self(16);
    pub(super) const ARRAY: Self = Self(32);
    pub(super) const OBJECT: Self = Self(64);
    const NUMBER: Self = Self(12);
    const ALL: Self = Self(127);
    const NONE: Self = Self(0);

    fn named(name: &str) -> Self {
        match name {
            "null" => Self::NULL,
            "boolean" => Self::BOOLEAN,
            "integer" => Self::INTEGER,
            "number" => Self::NUMBER,
            "string" => Self::STRING,
            "array" => Self::ARRAY,
            "object" => Self::OBJECT,
            _ => Self::NONE,
        }
    }

    /// What `type` names.
    pub(super) fn of_keyword(value: &Value) -> Self {
        match value {
            Value::String(name) => Self::named(name),
            Value::Array(names) => {
                let named = names.iter().filter_map(Value::as_str).map(Self::named);
                named.fold(Self::NONE, |all, one| Self(all.0 | one.0))
            }
            _ => Self::ALL,
        }
    }

    /// The type of a value.
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::NULL,
            Value::Bool(_) => Self::BOOLEAN,
            Value::Number(number) if number.as_f64().is_some_and(|number| number.fract() == 0.0) => Self::INTEGER,
            Value::Number(_) => Self::FRACTION,
            Value::String(_) => Self::STRING,
            Value::Array(_) => Self::ARRAY,
            Value::Object(_) => Self::OBJECT,
        }
    }

    pub(super) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) fn keep(&mut self, other: Self) {
        self.0 &= other.0;
    }

    pub(super) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

/// A limit of a number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit<'c> {
    pub(super) number: &'c Number,
    pub(super) exclusive: bool,
}

/// The properties that one schema speaks of.
#[derive(Clone, Debug)]
pub(super) struct Properties<'c> {
    /// Where the schema stands.
    pub(super) at: String,
    pub(super) named: Option<&'c Map<String, Value>>,
    pub(super) patterns: Option<&'c Map<String, Value>>,
    pub(super) additional: bool,
}

/// The elements that one schema speaks of.
#[derive(Clone, Debug)]
pub(super) struct Elements {
    /// Where the schema stands.
    pub(super) at: String,
    pub(super) prefix: usize,
    pub(super) rest: bool,
    /// Whether the rest is `false`.
    pub(super) closed: bool,
}

/// A schema that holds, or does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Term {
    pub(super) at: String,
    pub(super) holds: bool,
}

impl Term {
    pub(super) fn holds(at: impl Into<String>) -> Self {
        Self { at: at.into(), holds: true }
    }

    pub(super) fn fails(at: impl Into<String>) -> Self {
        Self { at: at.into(), holds: false }
    }
}

/// What all schemas that hold for one value ask of it together; alternatives are chosen already.
#[derive(Clone, Debug)]
pub(super) struct Shape<'c> {
    /// Pointers of the schemas that hold.
    pub(super) applied: Vec<String>,
    pub(super) seen: BTreeSet<String>,
    /// Those among them whose alternatives may exclude each other: only a validator tells.
    pub(super) doubtful: Vec<String>,
    /// Where references led.
    pub(super) references: Vec<String>,
    pub(super) types: Types,
    pub(super) listed: Option<Vec<&'c Value>>,
    /// Where the values are listed.
    pub(super) listed_at: String,
    pub(super) excluded: Vec<&'c Value>,
    pub(super) low: Vec<Limit<'c>>,
    pub(super) high: Vec<Limit<'c>>,
    pub(super) multiples: Vec<&'c Number>,
    pub(super) length: (usize, usize),
    pub(super) patterns: Vec<&'c str>,
    pub(super) formats: Vec<&'c str>,
    pub(super) items: (usize, usize),
    pub(super) unique: bool,
    pub(super) elements: Vec<Elements>,
    /// What `minContains` elements at least, and `maxContains` at most, have to be.
    pub(super) contains: Vec<(String, usize, usize)>,
    pub(super) count: (usize, usize),
    pub(super) required: BTreeSet<&'c str>,
    pub(super) forbidden: BTreeSet<&'c str>,
    pub(super) dependent: Vec<&'c Map<String, Value>>,
    pub(super) properties: Vec<Properties<'c>>,
    pub(super) names: Vec<String>,
    /// What else is asked of properties.
    pub(super) of_property: Vec<(&'c str, Term)>,
    /// The discriminators of the alternatives that were chosen.
    pub(super) tags: BTreeMap<&'c str, String>,
}

impl Default for Shape<'_> {
    fn default() -> Self {
        const ANY: (usize, usize) = (0, usize::MAX);
        Self {
            applied: Vec::new(),
            seen: BTreeSet::new(),
            doubtful: Vec::new(),
            references: Vec::new(),
            types: Types::ALL,
            listed: None,
            listed_at: String::new(),
            excluded: Vec::new(),
            low: Vec::new(),
            high: Vec::new(),
            multiples: Vec::new(),
            length: ANY,
            patterns: Vec::new(),
            formats: Vec::new(),
            items: ANY,
            unique: false,
            elements: Vec::new(),
            contains: Vec::new(),
            count: ANY,
            required: BTreeSet::new(),
            forbidden: BTreeSet::new(),
            dependent: Vec::new(),
            properties: Vec::new(),
            names: Vec::new(),
            of_property: Vec::new(),
            tags: BTreeMap::new(),
        }
    }
}

fn count(value: &Value) -> usize {
    let whole = value.as_u64().and_then(|count| usize::try_from(count).ok());
    // A count may be written as 1.0.
    whole.unwrap_or_else(|| value.as_f64().map_or(0, |count| count.max(0.0).to_string().parse().unwrap_or(usize::MAX)))
}

impl<'c> Shape<'c> {
    /// Adds what a schema asserts itself; what it applies other schemas to comes from elsewhere.
    pub(super) fn assert(&mut self, at: &str, members: &'c Map<String, Value>) {
        for (keyword, value) in members {
            self.keyword(at, keyword, value);
        }
        if ["properties", "patternProperties", "additionalProperties"].iter().any(|key| members.contains_key(*key)) {
            self.properties.push(Properties {
                at: at.to_owned(),
                named: members.get("properties").and_then(Value::as_object),
                patterns: members.get("patternProperties").and_then(Value::as_object),
                additional: members.contains_key("additionalProperties"),
            });
        }
        let prefix = members.get("prefixItems").and_then(Value::as_array).map_or(0, Vec::len);
        let rest = members.get("items");
        if prefix > 0 || rest.is_some() {
            let closed = rest == Some(&Value::Bool(false));
            self.elements.push(Elements { at: at.to_owned(), prefix, rest: rest.is_some(), closed });
            if closed {
                self.items.1 = self.items.1.min(prefix);
            }
        }
        if members.contains_key("contains") {
            let least = members.get("minContains").map_or(1, count);
            let most = members.get("maxContains").map_or(usize::MAX, count);
            self.contains.push((format!("{at}/contains"), least, most));
            self.items.0 = self.items.0.max(least);
            self.doubtful.push(at.to_owned());
        }
    }

    fn keyword(&mut self, at: &str, keyword: &str, value: &'c Value) {
        let limit = |exclusive| match value {
            Value::Number(number) => Some(Limit { number, exclusive }),
            _ => None,
        };
        match keyword {
            "type" => self.types.keep(Types::of_keyword(value)),
            "enum" => self.list(at, value.as_array().into_iter().flatten().collect()),
            "const" => self.list(at, vec![value]),
            "minimum" => self.low.extend(limit(false)),
            "exclusiveMinimum" => self.low.extend(limit(true)),
            "maximum" => self.high.extend(limit(false)),
            "exclusiveMaximum" => self.high.extend(limit(true)),
            "multipleOf" => self.multiples.extend(limit(false).map(|limit| limit.number)),
            "minLength" => self.length.0 = self.length.0.max(count(value)),
            "maxLength" => self.length.1 = self.length.1.min(count(value)),
            "pattern" => self.patterns.extend(value.as_str()),
            "format" => self.formats.extend(value.as_str()),
            "minItems" => self.items.0 = self.items.0.max(count(value)),
            "maxItems" => self.items.1 = self.items.1.min(count(value)),
            "uniqueItems" => self.unique |= value == &Value::Bool(true),
            "minProperties" => self.count.0 = self.count.0.max(count(value)),
            "maxProperties" => self.count.1 = self.count.1.min(count(value)),
            "required" => self.required.extend(value.as_array().into_iter().flatten().filter_map(Value::as_str)),
            "dependentRequired" => self.dependent.extend(value.as_object()),
            "propertyNames" => self.names.push(format!("{at}/{keyword}")),
            _ => {}
        }
    }

    fn list(&mut self, at: &str, values: Vec<&'c Value>) {
        at.clone_into(&mut self.listed_at);
        self.listed = Some(match self.listed.take() {
            Some(known) => known.into_iter().filter(|value| values.contains(value)).collect(),
            None => values,
        });
    }

    /// What a schema asks for that excludes itself, as far as it is seen without making a value.
    pub(super) fn contradiction(&self) -> Option<Reason> {
        let why = if self.types == Types::NONE {
            "type"
        } else if self.listed.as_ref().is_some_and(|listed| !listed.iter().any(|value| self.allows(value))) {
            "enum"
        } else {
            return None;
        };
        Some(Reason::Contradiction(why))
    }

    /// Whether a listed value is of an allowed type, and not excluded.
    pub(super) fn allows(&self, value: &Value) -> bool {
        self.types.has(Types::of(value)) && !self.excluded.contains(&value)
    }

    /// Whether properties are spoken of.
    fn speaks_of_properties(&self) -> bool {
        !self.properties.is_empty() || !self.required.is_empty() || self.count.0 > 0 || !self.names.is_empty()
    }

    /// The types that it may be made of, the likeliest first. Where no type is said, keywords hint at it.
    pub(super) fn candidates(&self) -> Vec<Types> {
        let hints = [
            (Types::OBJECT, self.speaks_of_properties()),
            (Types::ARRAY, !self.elements.is_empty() || self.items.0 > 0 || !self.contains.is_empty()),
            (Types::STRING, self.length.0 > 0 || !self.patterns.is_empty() || !self.formats.is_empty()),
            (Types::INTEGER, !self.low.is_empty() || !self.high.is_empty() || !self.multiples.is_empty()),
        ];
        let mut found: Vec<Types> =
            hints.iter().filter(|(kind, hinted)| *hinted && self.types.has(*kind)).map(|(kind, _)| *kind).collect();
        let free = self.types == Types::ALL;
        if free && !found.is_empty() {
            return found;
        }
        for kind in [Types::STRING, Types::OBJECT, Types::ARRAY, Types::FRACTION, Types::INTEGER, Types::BOOLEAN] {
            // A number is either; whole ones are made among the others.
            let covered = kind == Types::INTEGER && self.types.has(Types::FRACTION);
            if self.types.has(kind) && !found.contains(&kind) && !covered {
                found.push(kind);
            }
        }
        if self.types.has(Types::NULL) {
            found.push(Types::NULL);
        }
        found
    }
}
