//! The schemas that apply to one value.

use obkit_codegen::Version;
use obkit_codegen::load::escape_token;
use serde_json::{Map, Value};

use super::Walk;
use crate::pointer;

/// How many schemas may be entered for one value before it counts as a circle.
const MAX_DEPTH: usize = 64;

/// The schemas that apply to one value: by reference, by `allOf`, and as alternatives that it is.
#[derive(Debug, Default)]
pub(super) struct Applied {
    /// Where they stand.
    pub(super) schemas: Vec<String>,
    /// Whether the value is none of some alternatives: then nobody knows what it is meant to be.
    pub(super) unclear: bool,
}

impl<'d> Walk<'d> {
    pub(super) fn applied(&self, schemas: Vec<String>, value: &Value) -> Applied {
        let mut applied = Applied::default();
        for at in schemas {
            self.apply(at, value, &mut applied, MAX_DEPTH);
        }
        applied
    }

    fn apply(&self, at: String, value: &Value, applied: &mut Applied, depth: usize) {
        let (Some(Value::Object(schema)), Some(depth)) = (self.document.at(&at), depth.checked_sub(1)) else { return };
        if applied.schemas.contains(&at) {
            return;
        }
        for keyword in ["$ref", "$dynamicRef"] {
            let Some(reference) = schema.get(keyword).and_then(Value::as_str) else { continue };
            self.apply(pointer::of_reference(reference), value, applied, depth);
            // It hides what stands beside it.
            if self.document.version() == Version::V3_0 {
                return;
            }
        }
        applied.schemas.push(at.clone());
        for index in 0..length(schema, "allOf") {
            self.apply(format!("{at}/allOf/{index}"), value, applied, depth);
        }
        for keyword in ["oneOf", "anyOf"] {
            let branches = (0..length(schema, keyword)).map(|index| format!("{at}/{keyword}/{index}"));
            let fitting: Vec<_> = branches.filter(|branch| self.fits(branch, value)).collect();
            applied.unclear |= fitting.is_empty() && length(schema, keyword) > 0;
            for branch in fitting {
                self.apply(branch, value, applied, depth);
            }
        }
        if schema.contains_key("if") {
            let then = if self.fits(&format!("{at}/if"), value) { "then" } else { "else" };
            self.apply(format!("{at}/if"), value, applied, depth);
            self.apply(format!("{at}/{then}"), value, applied, depth);
        }
        let dependent = schema.get("dependentSchemas").and_then(Value::as_object).into_iter().flatten();
        for (name, _) in dependent.filter(|(name, _)| value.get(name.as_str()).is_some()) {
            self.apply(format!("{at}/dependentSchemas/{}", escape_token(name)), value, applied, depth);
        }
        self.child(&at, schema, value, applied, depth);
    }

    /// A value whose tag names a schema that takes this one in by `allOf` is one of those.
    fn child(&self, at: &str, schema: &Map<String, Value>, value: &Value, applied: &mut Applied, depth: usize) {
        if length(schema, "oneOf") + length(schema, "anyOf") > 0 {
            return;
        }
        let Some(discriminator) = schema.get("discriminator") else { return };
        let property = discriminator.get("propertyName").and_then(Value::as_str);
        let tag = property.and_then(|property| value.get(property)?.as_str());
        let Some(child) = tag.and_then(|tag| self.named(at, schema, discriminator, tag)) else { return };
        if self.fits(&child, value) {
            self.apply(child, value, applied, depth);
        }
    }
}

fn length(schema: &Map<String, Value>, keyword: &str) -> usize {
    schema.get(keyword).and_then(Value::as_array).map_or(0, Vec::len)
}
