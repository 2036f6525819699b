//! Values made from schemas, where a document gives no example.

use obkit_codegen::Document;
use obkit_codegen::spec::Parameter;
use serde_json::{Map, Value, json};

use crate::pointer;
use crate::schema::{Direction, kind};

const MAX_DEPTH: usize = 12;

/// A value for a parameter: its example, or what [`value`] makes of its schema.
#[must_use]
pub fn parameter(document: &Document, parameter: &Parameter) -> Value {
    let made = || parameter.schema.as_deref().map(|schema| value(document, schema, Direction::Request));
    parameter.example.clone().or_else(made).unwrap_or_else(|| "sample".into())
}

/// A value for the schema at a pointer: its example, its default, its first enum value, or one made
/// from type, format and bounds. Patterns are not looked at; where one stands, an example is needed.
#[must_use]
pub fn value(document: &Document, pointer: &str, direction: Direction) -> Value {
    document.at(pointer).map_or(Value::Null, |schema| Sampler { document, direction }.schema(schema, MAX_DEPTH))
}

struct Sampler<'d> {
    document: &'d Document,
    direction: Direction,
}

impl<'d> Sampler<'d> {
    fn schema(&self, schema: &'d Value, depth: usize) -> Value {
        let (Some(schema), Some(depth)) = (pointer::resolved(self.document, schema), depth.checked_sub(1)) else {
            return Value::Null;
        };
        let given = ["example", "const", "default"]
            .iter()
            .find_map(|key| schema.get(key))
            .or_else(|| ["examples", "enum"].iter().find_map(|key| schema.get(key)?.get(0)));
        if let Some(value) = given {
            return value.clone();
        }
        if let Some(branches) = schema.get("allOf").and_then(Value::as_array) {
            return self.combined(schema, branches, depth);
        }
        let branch = ["oneOf", "anyOf"].iter().find_map(|key| schema.get(key)?.get(0));
        match (schema.as_object().and_then(kind), branch) {
            (Some("object"), _) => self.object(schema, depth),
            (None, Some(branch)) => self.schema(branch, depth),
            (None, None) if schema.get("properties").is_some() => self.object(schema, depth),
            (Some("array"), _) => {
                let length = schema.get("minItems").and_then(Value::as_u64).unwrap_or(1).clamp(1, 16);
                let item = schema.get("items").map_or(Value::Null, |items| self.schema(items, depth));
                (0..length).map(|_| item.clone()).collect()
            }
            (Some("integer"), _) => integer(schema),
            (Some("number"), _) => number(schema),
            (Some("boolean"), _) => Value::Bool(true),
            (Some("string"), _) => Value::String(text(schema)),
            _ => json!({}),
        }
    }

    /// The union of what the branches of an `allOf` and the schema around them make.
    fn combined(&self, schema: &'d Value, branches: &'d [Value], depth: usize) -> Value {
        let mut object = Map::new();
        let own = schema.get("properties").map(|_| self.object(schema, depth));
        for made in branches.iter().map(|branch| self.schema(branch, depth)).chain(own) {
            match made {
                Value::Object(members) => object.extend(members),
                Value::Null => {}
                other => return other,
            }
        }
        Value::Object(object)
    }

    /// An object of its required properties, and of the others as long as they are shallow.
    fn object(&self, schema: &'d Value, depth: usize) -> Value {
        let hidden = match self.direction {
            Direction::Request => "readOnly",
            Direction::Response => "writeOnly",
        };
        let required = |name: &String| {
            let names = schema.get("required").and_then(Value::as_array);
            names.is_some_and(|names| names.iter().any(|required| required == name))
        };
        let mut object = Map::new();
        for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let shown = property.get(hidden) != Some(&Value::Bool(true));
            if shown && (required(name) || depth + 4 > MAX_DEPTH) {
                object.insert(name.clone(), self.schema(property, depth));
            }
        }
        Value::Object(object)
    }
}

fn bounds(schema: &Value, step: f64) -> (f64, f64) {
    let limit = |key: &str| schema.get(key).and_then(Value::as_f64);
    let exclusive = |key: &str| if schema.get(key) == Some(&Value::Bool(true)) { step } else { 0.0 };
    let low = limit("minimum").map(|low| low + exclusive("exclusiveMinimum"));
    let high = limit("maximum").map(|high| high - exclusive("exclusiveMaximum"));
    // In 3.1 an exclusive bound is a number of its own.
    let (above, below) = (limit("exclusiveMinimum"), limit("exclusiveMaximum"));
    let low = low.into_iter().chain(above.map(|low| low + step)).fold(f64::NEG_INFINITY, f64::max);
    let high = high.into_iter().chain(below.map(|high| high - step)).fold(f64::INFINITY, f64::min);
    (low, high)
}

fn within(schema: &Value, step: f64) -> f64 {
    let (low, high) = bounds(schema, step);
    let start = 1.0_f64.max(low).min(high);
    match schema.get("multipleOf").and_then(Value::as_f64) {
        Some(multiple) if multiple > 0.0 => (start / multiple).ceil() * multiple,
        _ => start,
    }
}

fn integer(schema: &Value) -> Value {
    // Bounds beyond 2^53 are not met exactly; a sample needs none of those.
    #[allow(clippy::cast_possible_truncation)]
    let value = within(schema, 1.0).ceil() as i64;
    value.into()
}

fn number(schema: &Value) -> Value {
    within(schema, 0.01).into()
}

fn text(schema: &Value) -> String {
    let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
    let known = match format {
        "date-time" => "2024-01-31T12:00:00Z",
        "date" => "2024-01-31",
        "time" => "12:00:00Z",
        "duration" => "P1D",
        "uuid" => "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
        "email" => "someone@example.com",
        "uri" | "url" => "https://example.com/path",
        "uri-reference" => "/path",
        "hostname" => "example.com",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "byte" => "c2FtcGxl",
        "decimal" => "10.00",
        _ => "sample",
    };
    let limit = |key: &str| schema.get(key).and_then(Value::as_u64).and_then(|limit| usize::try_from(limit).ok());
    let (shortest, longest) = (limit("minLength").unwrap_or(0).min(4096), limit("maxLength").unwrap_or(usize::MAX));
    let mut text = known.to_owned();
    while text.len() < shortest {
        text.push('x');
    }
    text.truncate(longest);
    text
}
