//! OpenAPI 3.0: a dialect of its own.
//!
//! `nullable` beside `type`, boolean `exclusiveMinimum`, `$ref` that hides its siblings, and
//! `readOnly` that changes what `required` means with the direction.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{Lowering, NullableProfile, exclusive, required};
use crate::readonly;

/// Keywords that apply a schema to the same value; with `null` allowed by intent they step aside.
const COMBINATORS: [&str; 4] = ["allOf", "anyOf", "oneOf", "not"];

/// Keywords that mean the same in both languages.
const KEPT: [&str; 14] = [
    "enum",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "pattern",
    "required",
    "type",
    "uniqueItems",
];

impl<'d> Lowering<'d> {
    pub(super) fn schema_3_0(
        &mut self,
        at: &str,
        schema: &'d Value,
        members: &'d Map<String, Value>,
        exempt: &BTreeSet<&'d str>,
    ) -> Value {
        let nullable = members.get("nullable") == Some(&Value::Bool(true));
        match members.get("$ref") {
            Some(Value::String(reference)) => {
                let lowered = json!({"$ref": self.reference(reference)});
                return if nullable { self.unless_null(at, lowered) } else { lowered };
            }
            // What refers to nothing is kept as it is, and so cannot be enforced.
            Some(reference) => return json!({"$ref": reference}),
            None => {}
        }
        let mut exempt = exempt.clone();
        readonly::collect(self.source, self.direction, schema, &mut exempt);
        let mut lowered = Map::new();
        for (keyword, value) in members {
            if let Some(value) = self.keyword_3_0(at, keyword, value, &exempt) {
                lowered.insert(keyword.clone(), value);
            }
        }
        exclusive(members, &mut lowered, "exclusiveMinimum", "minimum");
        exclusive(members, &mut lowered, "exclusiveMaximum", "maximum");
        self.format(at, members, &mut lowered);
        if nullable { self.nullable_3_0(at, lowered) } else { Value::Object(lowered) }
    }

    fn keyword_3_0(&mut self, at: &str, keyword: &str, value: &'d Value, exempt: &BTreeSet<&'d str>) -> Option<Value> {
        let at = || format!("{at}/{keyword}");
        match (keyword, value) {
            ("required", Value::Array(names)) => Some(required(names, exempt)),
            ("properties", Value::Object(properties)) => Some(self.map(&at(), properties)),
            ("allOf" | "anyOf" | "oneOf", Value::Array(branches)) => Some(self.list(&at(), branches, exempt)),
            ("items" | "additionalProperties" | "not", _) => Some(self.schema(&at(), value, &BTreeSet::new())),
            // Kept although malformed: it must fail to compile rather than vanish.
            ("properties" | "allOf" | "anyOf" | "oneOf", _) => Some(value.clone()),
            _ => KEPT.contains(&keyword).then(|| value.clone()),
        }
    }

    fn nullable_3_0(&mut self, at: &str, mut lowered: Map<String, Value>) -> Value {
        if let Some(Value::String(kind)) = lowered.get("type") {
            let kinds = json!([kind, "null"]);
            lowered.insert("type".to_owned(), kinds);
        }
        if self.profile == NullableProfile::Strict {
            return Value::Object(lowered);
        }
        if let Some(Value::Array(values)) = lowered.get_mut("enum")
            && !values.contains(&Value::Null)
        {
            values.push(Value::Null);
        }
        let (combined, mut plain): (Map<_, _>, Map<_, _>) =
            lowered.into_iter().partition(|(keyword, _)| COMBINATORS.contains(&keyword.as_str()));
        if !combined.is_empty()
            && let Value::Object(wrapper) = self.unless_null(at, Value::Object(combined))
        {
            plain.extend(wrapper);
        }
        Value::Object(plain)
    }
}
