//! OpenAPI 3.1: JSON Schema 2020-12, and what is left in it of 3.0.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Lowering, NullableProfile, exclusive, required};
use crate::readonly;

/// Keywords that assert something without holding a schema.
const KEPT: [&str; 19] = [
    "const",
    "dependentRequired",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "maxContains",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minContains",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "pattern",
    "type",
    "uniqueItems",
];

impl<'d> Lowering<'d> {
    pub(super) fn schema_3_1(
        &mut self,
        at: &str,
        schema: &'d Value,
        members: &'d Map<String, Value>,
        exempt: &BTreeSet<&'d str>,
    ) -> Value {
        let lenient = self.profile == NullableProfile::Lenient;
        let mut exempt = exempt.clone();
        if lenient {
            readonly::collect(self.source, self.direction, schema, &mut exempt);
        }
        let mut lowered = Map::new();
        for (keyword, value) in members {
            if let Some(value) = self.keyword_3_1(at, keyword, value, &exempt) {
                lowered.insert(keyword.clone(), value);
            }
        }
        if lenient {
            for (keyword, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
                if members.get(keyword).is_some_and(Value::is_boolean) {
                    lowered.remove(keyword);
                    exclusive(members, &mut lowered, keyword, bound);
                }
            }
        }
        self.format(at, members, &mut lowered);
        let nullable = lenient && members.get("nullable") == Some(&Value::Bool(true));
        if nullable { self.unless_null(at, Value::Object(lowered)) } else { Value::Object(lowered) }
    }

    fn keyword_3_1(&mut self, at: &str, keyword: &str, value: &'d Value, exempt: &BTreeSet<&'d str>) -> Option<Value> {
        let at = || format!("{at}/{keyword}");
        match (keyword, value) {
            ("$ref", Value::String(reference)) => Some(self.reference(reference)),
            // Loading has made a pointer of the name in it.
            ("$dynamicRef", Value::String(reference)) => Some(self.dynamic_reference(reference)),
            ("required", Value::Array(names)) => Some(required(names, exempt)),
            ("properties" | "patternProperties" | "dependentSchemas" | "$defs", Value::Object(schemas)) => {
                Some(self.map(&at(), schemas))
            }
            // What applies to the same value excuses the same properties.
            ("allOf" | "anyOf" | "oneOf", Value::Array(branches)) => Some(self.list(&at(), branches, exempt)),
            ("if" | "then" | "else", _) => Some(self.schema(&at(), value, exempt)),
            ("prefixItems", Value::Array(items)) => Some(self.list(&at(), items, &BTreeSet::new())),
            (
                "additionalProperties"
                | "contains"
                | "items"
                | "not"
                | "propertyNames"
                | "unevaluatedItems"
                | "unevaluatedProperties",
                _,
            ) => Some(self.schema(&at(), value, &BTreeSet::new())),
            // Kept although malformed: it must fail to compile rather than vanish.
            ("$ref" | "$dynamicRef" | "required" | "$defs" | "dependentSchemas" | "patternProperties", _)
            | ("properties" | "allOf" | "anyOf" | "oneOf" | "prefixItems", _) => Some(value.clone()),
            _ => KEPT.contains(&keyword).then(|| value.clone()),
        }
    }
}
