//! Text: open enums, constrained text, formats, and text that must not be shown.

use serde_json::Value;

use super::alternatives::parts_of;
use super::listed;
use super::names::{Names, variant};
use super::number::integer_type;
use super::schema::{Shape, Types};
use super::usage::Usage;
use crate::format;
use crate::lint::compile;
use crate::model::{EnumValue, Kind, TypeRef};
use crate::note;
use crate::schema::{count, flag, text, types};

impl Types<'_> {
    pub(super) fn enumeration(
        &mut self,
        pointer: &str,
        schema: &Value,
        values: &[&Value],
        name: &str,
        usage: Usage,
    ) -> Shape {
        let places = values.iter().enumerate();
        let texts: Vec<(usize, &str)> = places.filter_map(|(place, value)| Some((place, value.as_str()?))).collect();
        let all_text = texts.len() + values.iter().filter(|v| v.is_null()).count() == values.len();
        if !all_text || texts.is_empty() || !types(schema).iter().all(|ty| *ty == "string") {
            return self.unlisted(pointer, schema, values, name, usage);
        }
        let mut names = Names::default();
        let mut found: Vec<EnumValue> = Vec::new();
        for (place, value) in texts {
            if !found.iter().any(|known| known.value == value) {
                let ident = variant(listed::name(schema, place).unwrap_or(value));
                found.push(EnumValue { ident: names.unique_exact(ident), value: value.to_owned() });
            }
        }
        // A provider may have a value of that name itself.
        let unknown = if found.iter().any(|known| known.ident == "Unknown") { "Unlisted" } else { "Unknown" };
        let catch_all = names.unique_exact(unknown.to_owned());
        let count = found.len();
        self.narrowed(pointer, schema, usage);
        self.alternatives_not_taken(pointer, schema);
        self.parts_not_taken(&parts_of(self.document, pointer, schema), usage);
        self.note(note::OPEN_ENUM, pointer, format!("{count} listed values, and any other as `{catch_all}`"));
        Shape::Named(Kind::Enum { values: found, catch_all })
    }

    /// Listed values that are not all text: any value of their type.
    fn unlisted(&mut self, pointer: &str, schema: &Value, values: &[&Value], name: &str, usage: Usage) -> Shape {
        self.note(note::ENUM_NOT_TEXT, pointer, "the enum does not list text: any value of its type is".to_owned());
        if is_of_integers(schema, values) {
            self.narrowed(pointer, schema, usage);
            return Shape::Plain(integer_type(schema));
        }
        let mut open = schema.clone();
        if let Some(members) = open.as_object_mut() {
            members.remove("enum");
            members.remove("const");
            if !members.contains_key("type") {
                let mut types: Vec<&str> = values.iter().map(|value| type_of(value)).collect();
                types.dedup();
                members.insert("type".to_owned(), types.into());
            }
        }
        self.shape(pointer, &open, name, usage)
    }

    pub(super) fn string(&mut self, pointer: &str, schema: &Value, usage: Usage) -> Shape {
        const KEYWORDS: &[&str] = &["minLength", "maxLength", "pattern"];
        let ty = format::text_type(text(schema, "format"));
        if flag(schema, "x-sensitive") || ty == TypeRef::Sensitive {
            self.note(note::SENSITIVE_TEXT, pointer, "the text is never shown".to_owned());
            self.constraints(pointer, schema, usage, KEYWORDS);
            return Shape::Plain(TypeRef::Sensitive);
        }
        if !usage.is_strict() {
            self.constraints(pointer, schema, usage, KEYWORDS);
            return Shape::Plain(ty);
        }
        let bound = |key: &str| schema.get(key).and_then(count);
        let (min_length, max_length) = (bound("minLength"), bound("maxLength"));
        let pattern = Self::pattern(schema);
        if min_length.is_none() && max_length.is_none() && pattern.is_none() {
            return Shape::Plain(ty);
        }
        Shape::Named(Kind::ConstrainedString { min_length, max_length, pattern })
    }

    /// The pattern, if it can be checked: a type with a broken one would refuse every text.
    pub(super) fn pattern(schema: &Value) -> Option<String> {
        text(schema, "pattern").filter(|pattern| compile(pattern).is_ok()).map(str::to_owned)
    }
}

/// Whether a schema that lists values lists integers, and says nothing else of them.
fn is_of_integers(schema: &Value, values: &[&Value]) -> bool {
    let is_composed = ["$ref", "allOf", "oneOf", "anyOf"].iter().any(|key| schema.get(*key).is_some());
    let is_integer = |value: &&Value| value.is_null() || (value.is_number() && !value.is_f64());
    let is_null = values.iter().all(|value| value.is_null());
    !is_composed && !is_null && values.iter().all(is_integer) && matches!(types(schema)[..], [] | ["integer"])
}

/// The word of `type` for a value.
fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
