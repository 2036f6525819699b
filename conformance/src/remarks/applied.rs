//! The schemas that apply to one value.

use obkit_codegen::Version;
use serde_json::{Map, Value};

use super::Walk;
use super::place::Schema;
use crate::pointer;

/// How many schemas may be entered for one value before it counts as a circle.
const MAX_DEPTH: usize = 64;

/// The schemas that apply to one value: by reference, by `allOf`, and as alternatives that it is.
#[derive(Debug, Default)]
pub(super) struct Applied<'d> {
    pub(super) schemas: Vec<Schema<'d>>,
    /// Whether the value is none of some alternatives: then nobody knows what it is meant to be.
    pub(super) unclear: bool,
}

impl<'d> Walk<'d> {
    pub(super) fn applied(&self, schemas: Vec<Schema<'d>>, value: &Value) -> Applied<'d> {
        let mut applied = Applied::default();
        for schema in schemas {
            self.apply(schema, value, &mut applied, MAX_DEPTH);
        }
        applied
    }

    fn apply(&self, schema: Schema<'d>, value: &Value, applied: &mut Applied<'d>, depth: usize) {
        let (Value::Object(members), Some(depth)) = (schema.value, depth.checked_sub(1)) else { return };
        if applied.schemas.iter().any(|known| known.is(&schema)) {
            return;
        }
        for keyword in ["$ref", "$dynamicRef"] {
            let Some(reference) = members.get(keyword).and_then(Value::as_str) else { continue };
            self.apply_at(pointer::of_reference(reference), value, applied, depth);
            // It hides what stands beside it.
            if self.document.version() == Version::V3_0 {
                return;
            }
        }
        applied.schemas.push(schema.clone());
        for part in schema.items("allOf") {
            self.apply(part, value, applied, depth);
        }
        for keyword in ["oneOf", "anyOf"] {
            let fitting: Vec<_> = schema.items(keyword).filter(|branch| self.fits(branch, value)).collect();
            applied.unclear |= fitting.is_empty() && length(members, keyword) > 0;
            for branch in fitting {
                self.apply(branch, value, applied, depth);
            }
        }
        if let Some(condition) = schema.below("if") {
            let then = if self.fits(&condition, value) { "then" } else { "else" };
            self.apply(condition, value, applied, depth);
            schema.below(then).into_iter().for_each(|then| self.apply(then, value, applied, depth));
        }
        let dependent = members.get("dependentSchemas").and_then(Value::as_object).into_iter().flatten();
        for (name, _) in dependent.filter(|(name, _)| value.get(name.as_str()).is_some()) {
            let dependent = schema.member("dependentSchemas", name);
            dependent.into_iter().for_each(|dependent| self.apply(dependent, value, applied, depth));
        }
        self.child(&schema, members, value, applied, depth);
    }

    fn apply_at(&self, at: String, value: &Value, applied: &mut Applied<'d>, depth: usize) {
        if let Some(schema) = Schema::at(self.document, at) {
            self.apply(schema, value, applied, depth);
        }
    }

    /// A value whose tag names a schema that takes this one in by `allOf` is one of those.
    fn child(
        &self,
        schema: &Schema<'d>,
        members: &Map<String, Value>,
        value: &Value,
        applied: &mut Applied<'d>,
        depth: usize,
    ) {
        if length(members, "oneOf") + length(members, "anyOf") > 0 {
            return;
        }
        let Some(discriminator) = members.get("discriminator") else { return };
        let property = discriminator.get("propertyName").and_then(Value::as_str);
        let tag = property.and_then(|property| value.get(property)?.as_str());
        let child = tag.and_then(|tag| self.named(&schema.pointer(), members, discriminator, tag));
        if let Some(child) = child.filter(|child| self.fits_at(child, value)) {
            self.apply_at(child, value, applied, depth);
        }
    }
}

fn length(schema: &Map<String, Value>, keyword: &str) -> usize {
    schema.get(keyword).and_then(Value::as_array).map_or(0, Vec::len)
}
