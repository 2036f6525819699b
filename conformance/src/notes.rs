//! What a valid value should not do.
//!
//! A discriminator must not change the outcome of validation (OpenAPI 3.0.4, Discriminator Object), and yet a client
//! decodes by it. A `readOnly` property SHOULD NOT be sent in a request, and may be. Neither makes a value invalid.

use obkit_codegen::load::escape_token;
use obkit_codegen::{Document, Version};
use serde_json::{Map, Value};

use crate::schema::Direction;
use crate::validator::Validators;
use crate::violation::Violation;
use crate::{pointer, readonly};

/// How many schemas may be entered for one value before it counts as a circle.
const MAX_DEPTH: usize = 64;

/// Walks a value along its schema.
pub(crate) fn collect(
    document: &Document,
    validators: &Validators,
    direction: Direction,
    at: &str,
    value: &Value,
) -> Vec<Violation> {
    let mut notes = Notes { document, validators, direction, found: Vec::new() };
    notes.schema(at, value, "", MAX_DEPTH);
    notes.found
}

struct Notes<'d> {
    document: &'d Document,
    validators: &'d Validators,
    direction: Direction,
    found: Vec<Violation>,
}

impl<'d> Notes<'d> {
    fn schema(&mut self, at: &str, value: &Value, instance: &str, depth: usize) {
        let (Some(Value::Object(schema)), Some(depth)) = (self.document.at(at), depth.checked_sub(1)) else { return };
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            self.schema(&pointer::of_reference(reference), value, instance, depth);
            if self.document.version() == Version::V3_0 {
                return;
            }
        }
        for keyword in ["allOf", "oneOf", "anyOf"] {
            for index in 0..schema.get(keyword).and_then(Value::as_array).map_or(0, Vec::len) {
                let branch = format!("{at}/{keyword}/{index}");
                // Of alternatives, those count that the value is.
                if keyword == "allOf" || self.fits(&branch, value) {
                    self.schema(&branch, value, instance, depth);
                }
            }
        }
        match value {
            Value::Object(members) => self.object(at, schema, members, value, instance),
            Value::Array(items) => self.array(at, schema, items, instance),
            _ => {}
        }
    }

    fn object(
        &mut self,
        at: &str,
        schema: &'d Map<String, Value>,
        members: &Map<String, Value>,
        value: &Value,
        instance: &str,
    ) {
        if let Some(discriminator) = schema.get("discriminator") {
            self.discriminator(at, schema, discriminator, value, instance);
        }
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, member) in members {
            let below = format!("{instance}/{}", escape_token(name));
            if let Some(property) = properties.and_then(|properties| properties.get(name)) {
                let place = format!("{at}/properties/{}", escape_token(name));
                if readonly::is_foreign(self.document, self.direction, property) {
                    let flag = readonly::foreign(self.direction);
                    let way = match self.direction {
                        Direction::Request => "responses",
                        Direction::Response => "requests",
                    };
                    self.note(flag, &place, &below, &format!("the property is `{flag}`: it belongs into {way} only"));
                }
                self.schema(&place, member, &below, MAX_DEPTH);
            } else {
                self.schema(&format!("{at}/additionalProperties"), member, &below, MAX_DEPTH);
            }
        }
    }

    fn array(&mut self, at: &str, schema: &Map<String, Value>, items: &[Value], instance: &str) {
        let first = schema.get("prefixItems").and_then(Value::as_array).map_or(0, Vec::len);
        for (index, item) in items.iter().enumerate() {
            let place = if index < first { format!("{at}/prefixItems/{index}") } else { format!("{at}/items") };
            self.schema(&place, item, &format!("{instance}/{index}"), MAX_DEPTH);
        }
    }

    fn discriminator(
        &mut self,
        at: &str,
        schema: &Map<String, Value>,
        discriminator: &Value,
        value: &Value,
        instance: &str,
    ) {
        let Some(property) = discriminator.get("propertyName").and_then(Value::as_str) else { return };
        let place = format!("{at}/discriminator");
        let below = format!("{instance}/{}", escape_token(property));
        let problem = match value.get(property) {
            None => format!("the property `{property}`, which tells the alternatives apart, is missing"),
            Some(Value::String(tag)) => match self.named(at, schema, discriminator, tag) {
                None => format!("the value of `{property}` names none of the alternatives"),
                Some(target) if self.fits(&target, value) => return,
                Some(_) => format!("the value does not fit the schema that its `{property}` names"),
            },
            Some(_) => format!("the value of `{property}`, which tells the alternatives apart, is not text"),
        };
        self.note("discriminator", &place, &below, &problem);
    }

    /// The schema that a tag names: by `mapping`, among the alternatives, or among those that include the schema.
    fn named(&self, at: &str, schema: &Map<String, Value>, discriminator: &Value, tag: &str) -> Option<String> {
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

    fn fits(&self, at: &str, value: &Value) -> bool {
        self.validators.check(self.direction, at).is_ok_and(|check| check.is_valid(value))
    }

    fn note(&mut self, keyword: &str, place: &str, instance: &str, message: &str) {
        let is_known = |known: &Violation| known.keyword == keyword && known.instance_path == instance;
        if !self.found.iter().any(is_known) {
            self.found.push(Violation {
                keyword: keyword.to_owned(),
                instance_path: instance.to_owned(),
                schema_pointer: place.to_owned(),
                message: message.to_owned(),
            });
        }
    }
}
