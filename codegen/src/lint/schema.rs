//! What is wrong within a schema whose keywords are what they can be: they contradict one another, or name what is
//! not there.

use regress::Regex;
use serde_json::{Map, Value};

use super::Lint;
use crate::format;
use crate::load::escape_token;
use crate::lower::mapping;
use crate::note;
use crate::schema::{flag, is_nullable, members, required, text, types};
use crate::subject::subject;

/// Pairs of bounds of which the first must not be above the second.
const COUNTS: &[(&str, &str)] = &[
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
    ("minContains", "maxContains"),
];

impl Lint<'_> {
    pub(super) fn schema(&mut self, pointer: &str, schema: &Value) {
        self.required(pointer, schema);
        if let Some(format) = text(schema, "format").filter(|format| !format::is_known(format)) {
            self.note(note::FORMAT_UNKNOWN, pointer, format!("`{format}` is no known format"));
        }
        self.patterns(pointer, schema);
        self.bounds(pointer, schema);
        self.values(pointer, schema);
        self.mapping(pointer, schema);
    }

    fn required(&mut self, pointer: &str, schema: &Value) {
        let composed = ["allOf", "oneOf", "anyOf", "$ref"].iter().any(|key| schema.get(*key).is_some());
        let properties = schema.get("properties");
        // In a part that only narrows another schema, the names are declared there.
        let narrows = properties.is_none() && schema.get("type").is_none();
        for name in required(schema).filter(|_| !composed && !narrows) {
            if properties.and_then(|p| p.get(name)).is_none() {
                let message = format!("`{name}` is required in {}, but not declared there", subject(pointer));
                self.note(note::REQUIRED_UNDECLARED, &format!("{pointer}/required"), message);
            }
        }
    }

    /// A broken pattern checks nothing, wherever it stands.
    fn patterns(&mut self, pointer: &str, schema: &Value) {
        let own = text(schema, "pattern").map(|pattern| (pointer.to_owned(), pattern));
        let names = schema.get("patternProperties").and_then(Value::as_object).into_iter().flat_map(Map::keys);
        let names = names.map(|name| (format!("{pointer}/patternProperties/{}", escape_token(name)), name.as_str()));
        for (at, pattern) in own.into_iter().chain(names) {
            if let Err(error) = compile(pattern) {
                let message = format!("`{pattern}` is no pattern of ECMA-262 and is not checked: {error}");
                self.note(note::PATTERN_INVALID, &at, message);
            }
        }
    }

    fn bounds(&mut self, pointer: &str, schema: &Value) {
        let number = |key: &str| schema.get(key).and_then(Value::as_f64);
        let mut above: Vec<(&str, &str)> = COUNTS
            .iter()
            .copied()
            .filter(|(least, most)| number(least) > number(most) && number(most).is_some())
            .collect();
        for least in ["minimum", "exclusiveMinimum"] {
            for most in ["maximum", "exclusiveMaximum"] {
                let excluded = least.starts_with("ex")
                    || most.starts_with("ex")
                    || flag(schema, "exclusiveMinimum")
                    || flag(schema, "exclusiveMaximum");
                if let (Some(low), Some(high)) = (number(least), number(most))
                    && (low > high || (low == high && excluded))
                {
                    above.push((least, most));
                }
            }
        }
        for (least, most) in above {
            let stated = |key: &str| schema.get(key).unwrap_or(&Value::Null);
            let bound = |key: &str| self.spec.document().written(&format!("{pointer}/{key}"), stated(key));
            let (low, high) = (bound(least), bound(most));
            let message = format!("no value is allowed by `{least}` {low} and `{most}` {high} of {}", subject(pointer));
            self.note(note::BOUNDS_CONTRADICT, &format!("{pointer}/{least}"), message);
        }
    }

    /// What `default`, `enum` and `const` give must be a value of the schema's type; and a default must be listed.
    fn values(&mut self, pointer: &str, schema: &Value) {
        let stated = types(schema);
        let nullable = is_nullable(self.spec.document(), pointer, schema);
        let fits = |value: &Value| {
            stated.is_empty() || (value.is_null() && nullable) || stated.iter().any(|ty| is_of_type(value, ty))
        };
        let listed = members(schema, "enum");
        let default = schema.get("default").map(|value| ("default".to_owned(), value));
        let constant = schema.get("const").map(|value| ("const".to_owned(), value));
        let values = listed.iter().enumerate().map(|(index, value)| (format!("enum/{index}"), value));
        for (at, value) in default.into_iter().chain(constant).chain(values) {
            let key = at.split('/').next().unwrap_or_default();
            let written = self.spec.document().written(&format!("{pointer}/{at}"), value);
            if !fits(value) {
                let ty = stated.join(" or ");
                let message = format!("`{written}` of the `{key}` of {} is not of `type: {ty}`", subject(pointer));
                self.note(note::VALUE_NOT_ALLOWED, &format!("{pointer}/{at}"), message);
            } else if key == "default" && !listed.is_empty() && !listed.contains(value) && !value.is_null() {
                let message =
                    format!("the default `{written}` of {} is none of the values of `enum`", subject(pointer));
                self.note(note::VALUE_NOT_ALLOWED, &format!("{pointer}/{at}"), message);
            }
        }
    }

    fn mapping(&mut self, pointer: &str, schema: &Value) {
        for (key, target) in mapping(schema) {
            if self.spec.document().at(&target).is_none() {
                let at = format!("{pointer}/discriminator/mapping/{}", escape_token(&key));
                let stated = self.spec.document().at(&at).and_then(Value::as_str).unwrap_or_default();
                let message =
                    format!("`{key}` of the mapping in {} leads to `{stated}`, which is nothing", subject(pointer));
                self.note(note::MAPPING_DANGLING, &at, message);
            }
        }
    }
}

/// A pattern as the runtime reads it.
pub(crate) fn compile(pattern: &str) -> Result<Regex, regress::Error> {
    Regex::with_flags(pattern, "u").or_else(|_| Regex::new(pattern))
}

fn is_of_type(value: &Value, ty: &str) -> bool {
    match ty {
        "string" => value.is_string(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        // What is no type is said elsewhere.
        _ => true,
    }
}
