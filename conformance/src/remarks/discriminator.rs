//! Tags that name another schema than the value fits.

use obkit_codegen::load::escape_token;
use serde_json::{Map, Value};

use super::Walk;
use super::place::{Instance, Schema};
use crate::checks;
use crate::pointer;

/// How many schemas may be looked through for one.
const MAX_DEPTH: usize = 64;

impl<'d> Walk<'d> {
    /// Compares the tag of a value with the schema that it names.
    pub(super) fn discriminator(&mut self, schema: &Schema<'_>, value: &Value, instance: &Instance<'_>) {
        let members = schema.value.as_object();
        let Some((members, discriminator)) = members.and_then(|members| Some((members, members.get("discriminator")?)))
        else {
            return;
        };
        let Some(property) = discriminator.get("propertyName").and_then(Value::as_str).filter(|_| value.is_object())
        else {
            return;
        };
        let problem = match value.get(property) {
            None => format!("the property `{property}`, which tells the alternatives apart, is missing"),
            Some(Value::String(tag)) => match self.named(&schema.pointer(), members, discriminator, tag) {
                None => format!("the value of `{property}` names none of the alternatives"),
                Some(target) if self.fits_at(&target, value) => return,
                Some(_) => format!("the value does not fit the schema that its `{property}` names"),
            },
            Some(_) => format!("the value of `{property}`, which tells the alternatives apart, is not text"),
        };
        let place = format!("{}/discriminator", schema.pointer());
        self.remark_at(checks::RT031, "discriminator", place, &instance.member(property), problem);
    }

    /// The schema that a tag names: by `mapping`, among the alternatives, or among those that include the schema.
    pub(super) fn named(
        &self,
        at: &str,
        schema: &Map<String, Value>,
        discriminator: &Value,
        tag: &str,
    ) -> Option<String> {
        let mapped = discriminator.get("mapping").and_then(|mapping| mapping.get(tag)).and_then(Value::as_str);
        let component = |name: &str| format!("/components/schemas/{}", escape_token(name));
        let target = match mapped {
            Some(reference) if reference.contains(['#', '/']) => pointer::of_reference(reference),
            Some(name) => component(name),
            None => component(tag),
        };
        self.document.at(&target)?;
        let branches = ["oneOf", "anyOf"].iter().filter_map(|keyword| schema.get(*keyword)?.as_array()).flatten();
        let mut branches =
            branches.filter_map(|branch| branch.get("$ref")?.as_str()).map(pointer::of_reference).peekable();
        let known = if branches.peek().is_some() {
            branches.any(|branch| branch == target)
        } else {
            self.includes(&target, at, MAX_DEPTH)
        };
        known.then_some(target)
    }

    /// Whether the schema at a pointer is another one, or has it in its `allOf`.
    fn includes(&self, target: &str, base: &str, depth: usize) -> bool {
        let (Some(schema), Some(depth)) = (self.document.at(target), depth.checked_sub(1)) else { return false };
        let reference = schema.get("$ref").and_then(Value::as_str).map(pointer::of_reference);
        let branches = schema.get("allOf").and_then(Value::as_array).map_or(0, Vec::len);
        target == base
            || reference.is_some_and(|target| self.includes(&target, base, depth))
            || (0..branches).any(|index| self.includes(&format!("{target}/allOf/{index}"), base, depth))
    }
}
