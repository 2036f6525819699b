//! Schemas become types.
//!
//! Every component becomes a named type; an inline schema becomes one when it needs a name
//! (objects, enums, constrained text), else it is used as it is. What a type cannot hold of its
//! schema is noted.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::names::{Names, snake, type_name, variant};
use super::usage::Usage;
use crate::load::{Document, escape_token};
use crate::model::{EnumValue, Field, Kind, TypeDef, TypeRef};
use crate::note::{self, Note, Rule};
use crate::spec::decode;

/// A use of a type, and whether null may stand for it.
#[derive(Clone, Debug)]
pub(crate) struct Use {
    pub(crate) ty: TypeRef,
    pub(crate) nullable: bool,
}

/// What a schema is, before it has a name.
enum Shape {
    Named(Kind),
    Plain(TypeRef),
}

pub(crate) struct Types<'s> {
    document: &'s Document,
    usages: HashMap<String, Usage>,
    names: Names,
    /// The type of each component, by the pointer of its schema.
    components: HashMap<String, String>,
    /// Named inline schemas, so that equal ones of one name share a type.
    shared: HashMap<String, (Value, bool)>,
    pub(crate) defs: Vec<TypeDef>,
    pub(crate) notes: Vec<Note>,
}

impl<'s> Types<'s> {
    /// Lowers all component schemas.
    pub(crate) fn of_components(document: &'s Document, usages: HashMap<String, Usage>) -> Self {
        let mut types = Self {
            document,
            usages,
            names: Names::default(),
            components: HashMap::new(),
            shared: HashMap::new(),
            defs: Vec::new(),
            notes: Vec::new(),
        };
        let schemas = document.at("/components/schemas").and_then(Value::as_object);
        for name in schemas.into_iter().flat_map(Map::keys) {
            let pointer = format!("/components/schemas/{}", escape_token(name));
            let rust = types.names.unique(type_name(name));
            if rust != *name {
                types.note(note::RENAMED, &pointer, format!("`{name}` is the Rust type `{rust}`"));
            }
            types.components.insert(pointer, rust);
        }
        for (name, schema) in schemas.into_iter().flatten() {
            let pointer = format!("/components/schemas/{}", escape_token(name));
            let usage = types.usages.get(&pointer).copied().unwrap_or(Usage::RESPONSE);
            let rust = types.components.get(&pointer).cloned().unwrap_or_default();
            let kind = match types.shape(&pointer, schema, &rust, usage) {
                Shape::Named(kind) => kind,
                Shape::Plain(ty) => Kind::Alias(ty),
            };
            types.define(rust, &pointer, schema, kind, usage);
        }
        types
    }

    pub(crate) fn note(&mut self, rule: &'static Rule, pointer: &str, message: String) {
        self.notes.push(Note::new(rule, self.document, pointer, message));
    }

    /// A name that no type has yet.
    pub(crate) fn unique_name(&mut self, words: &str) -> String {
        self.names.unique(type_name(words))
    }

    fn define(&mut self, name: String, pointer: &str, schema: &Value, kind: Kind, usage: Usage) {
        let doc = text(schema, "description").unwrap_or_default().to_owned();
        self.defs.push(TypeDef { name, pointer: pointer.to_owned(), doc, kind, in_requests: usage.request });
    }

    /// The type of the schema at a pointer; `hint` names it if it needs a name and has no title.
    pub(crate) fn use_of(&mut self, pointer: &str, hint: &str, usage: Usage) -> Use {
        let Some(schema) = self.document.at(pointer) else {
            return Use { ty: TypeRef::Json, nullable: true };
        };
        if let Some(target) = reference(schema) {
            let nullable = self.document.at(&target).is_some_and(is_nullable);
            return match self.components.get(&target) {
                Some(name) => Use { ty: TypeRef::Named(name.clone()), nullable },
                None => self.use_of(&target, hint, usage),
            };
        }
        if let Some(member) = sole_member(schema) {
            let inner = self.use_of(&format!("{pointer}/allOf/{member}"), hint, usage);
            return Use { nullable: inner.nullable || is_nullable(schema), ..inner };
        }
        let ty = match self.shape(pointer, schema, hint, usage) {
            Shape::Plain(ty) => ty,
            Shape::Named(kind) => TypeRef::Named(self.hoist(pointer, schema, hint, kind, usage)),
        };
        Use { ty, nullable: is_nullable(schema) }
    }

    /// Gives an inline schema a name: its title, else the words of where it stands.
    fn hoist(&mut self, pointer: &str, schema: &Value, hint: &str, kind: Kind, usage: Usage) -> String {
        let words = type_name(text(schema, "title").unwrap_or(hint));
        let key = (undocumented(schema), usage.is_strict());
        if self.shared.get(&words) == Some(&key) {
            return words;
        }
        let name = self.names.unique(words.clone());
        if name == words {
            self.shared.insert(words, key);
        }
        self.note(note::INLINE_SCHEMA, pointer, format!("the inline schema is the Rust type `{name}`"));
        self.define(name.clone(), pointer, schema, kind, usage);
        name
    }

    fn shape(&mut self, pointer: &str, schema: &Value, name: &str, usage: Usage) -> Shape {
        if reference(schema).is_some() || sole_member(schema).is_some() {
            return Shape::Plain(self.use_of(pointer, name, usage).ty);
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            return self.enumeration(pointer, values, usage);
        }
        if schema.get("allOf").is_some() {
            return self.all_of(pointer, schema, name, usage);
        }
        if schema.get("oneOf").is_some() || schema.get("anyOf").is_some() {
            self.note(note::UNION_AS_JSON, pointer, "the alternatives become any JSON".to_owned());
            return Shape::Plain(TypeRef::Json);
        }
        match text(schema, "type") {
            Some("string") => self.string(pointer, schema, usage),
            Some("integer") => self.integer(pointer, schema, usage),
            Some("number") => {
                self.note(note::EXACT_NUMBER, pointer, "the number is an exact decimal".to_owned());
                Shape::Plain(TypeRef::Decimal)
            }
            Some("boolean") => Shape::Plain(TypeRef::Bool),
            Some("array") => Shape::Plain(TypeRef::Array(Box::new(self.item(pointer, schema, name, usage)))),
            Some("object") => self.object(pointer, schema, name, usage),
            None if schema.get("properties").is_some() => self.object(pointer, schema, name, usage),
            _ => {
                self.note(note::UNTYPED_SCHEMA, pointer, "the schema has no type: it is any JSON".to_owned());
                Shape::Plain(TypeRef::Json)
            }
        }
    }

    fn item(&mut self, pointer: &str, schema: &Value, name: &str, usage: Usage) -> TypeRef {
        if schema.get("items").is_none() {
            return TypeRef::Json;
        }
        let at = format!("{pointer}/items");
        let item = self.use_of(&at, &format!("{name}Item"), usage);
        let ty = if item.ty == TypeRef::String && is_sensitive(schema) { TypeRef::Sensitive } else { item.ty };
        if item.nullable { TypeRef::OrNull(Box::new(ty)) } else { ty }
    }

    fn enumeration(&mut self, pointer: &str, values: &[Value], usage: Usage) -> Shape {
        let texts: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
        if texts.len() + values.iter().filter(|v| v.is_null()).count() != values.len() || texts.is_empty() {
            self.note(note::ENUM_NOT_TEXT, pointer, "the values of the enum are not all text".to_owned());
            let schema = self.document.at(pointer).map(without_enum).unwrap_or_default();
            return self.shape(pointer, &schema, "", usage);
        }
        let mut names = Names::default();
        let mut seen = Vec::new();
        let mut listed = Vec::new();
        for value in texts {
            if !seen.contains(&value) {
                seen.push(value);
                listed.push(EnumValue { ident: names.unique_exact(variant(value)), value: value.to_owned() });
            }
        }
        // Some providers list a value of their own that is called unknown.
        let own = listed.iter().any(|value| value.ident == "Unknown");
        let catch_all = names.unique_exact(if own { "Unlisted" } else { "Unknown" }.to_owned());
        let count = listed.len();
        self.note(note::OPEN_ENUM, pointer, format!("{count} listed values, and any other as `{catch_all}`"));
        Shape::Named(Kind::Enum { values: listed, catch_all })
    }

    fn string(&mut self, pointer: &str, schema: &Value, usage: Usage) -> Shape {
        if is_sensitive(schema) || text(schema, "format") == Some("password") {
            self.note(note::SENSITIVE_TEXT, pointer, "the text is never shown".to_owned());
            return Shape::Plain(TypeRef::Sensitive);
        }
        let bound = |key: &str| schema.get(key).and_then(Value::as_u64);
        let pattern = text(schema, "pattern").map(str::to_owned);
        let (min_length, max_length) = (bound("minLength"), bound("maxLength"));
        let constrained = pattern.is_some() || min_length.is_some() || max_length.is_some();
        if constrained && usage.is_strict() {
            return Shape::Named(Kind::ConstrainedString { min_length, max_length, pattern });
        }
        if constrained {
            self.relaxed(pointer, usage);
        }
        Shape::Plain(match text(schema, "format") {
            Some("date-time") => TypeRef::Formatted("DateTime"),
            Some("date") => TypeRef::Formatted("Date"),
            Some("uuid") => TypeRef::Formatted("Uuid"),
            Some("decimal") => TypeRef::Formatted("DecimalText"),
            _ => TypeRef::String,
        })
    }

    fn integer(&mut self, pointer: &str, schema: &Value, usage: Usage) -> Shape {
        let narrow = text(schema, "format") == Some("int32") && usage.is_strict();
        let (minimum, maximum) = (inclusive(schema, "minimum", 1), inclusive(schema, "maximum", -1));
        if (minimum.is_some() || maximum.is_some()) && usage.is_strict() {
            let (repr, low, high) = if narrow {
                ("i32", i64::from(i32::MIN), i64::from(i32::MAX))
            } else {
                ("i64", i64::MIN, i64::MAX)
            };
            let (minimum, maximum) = (minimum.unwrap_or(low).max(low), maximum.unwrap_or(high).min(high));
            return Shape::Named(Kind::ConstrainedInteger { repr, minimum, maximum });
        }
        if minimum.is_some() || maximum.is_some() {
            self.relaxed(pointer, usage);
        }
        Shape::Plain(if narrow { TypeRef::I32 } else { TypeRef::I64 })
    }

    fn relaxed(&mut self, pointer: &str, usage: Usage) {
        if usage.request {
            let message = "requests and answers share the schema, so its constraints are not checked before sending";
            self.note(note::SHARED_CONSTRAINTS, pointer, message.to_owned());
        } else {
            let message = "constraints of an answer do not stop it from being decoded";
            self.note(note::LIBERAL_RESPONSE, pointer, message.to_owned());
        }
    }

    fn object(&mut self, pointer: &str, schema: &Value, name: &str, usage: Usage) -> Shape {
        let additional = self.additional(pointer, schema, name, usage);
        let Some(properties) = schema.get("properties").and_then(Value::as_object).filter(|p| !p.is_empty()) else {
            return Shape::Plain(TypeRef::Map(Box::new(additional.unwrap_or(TypeRef::Json))));
        };
        let required = required(schema);
        let mut fields = Vec::new();
        for property in properties.keys() {
            let at = format!("{pointer}/properties/{}", escape_token(property));
            fields.push(self.field(&at, property, required.contains(&property.as_str()), name, usage));
        }
        name_fields(&mut fields);
        Shape::Named(Kind::Struct { fields, additional })
    }

    fn additional(&mut self, pointer: &str, schema: &Value, name: &str, usage: Usage) -> Option<TypeRef> {
        match schema.get("additionalProperties")? {
            Value::Bool(true) => Some(TypeRef::Json),
            Value::Object(members) if members.is_empty() => Some(TypeRef::Json),
            Value::Object(_) => {
                let at = format!("{pointer}/additionalProperties");
                let value = self.use_of(&at, &format!("{name}Value"), usage);
                Some(if value.nullable { TypeRef::OrNull(Box::new(value.ty)) } else { value.ty })
            }
            _ => {
                if usage.response {
                    self.note(
                        note::LIBERAL_RESPONSE,
                        pointer,
                        "members that are not listed do not stop an answer from being decoded".to_owned(),
                    );
                }
                None
            }
        }
    }

    fn field(&mut self, pointer: &str, wire: &str, required: bool, owner: &str, usage: Usage) -> Field {
        let schema = self.document.at(pointer).unwrap_or(&Value::Null);
        let used = self.use_of(pointer, &format!("{owner}{}", type_name(wire)), usage);
        let flag = |key: &str| schema.get(key) == Some(&Value::Bool(true));
        let exempt = (flag("readOnly") && usage.request) || (flag("writeOnly") && usage.response);
        Field {
            wire: wire.to_owned(),
            ident: String::new(),
            redacted: is_sensitive(schema) && matches!(used.ty, TypeRef::Json | TypeRef::Map(_) | TypeRef::Named(_)),
            ty: used.ty,
            required: required && !exempt,
            nullable: used.nullable,
            boxed: false,
            doc: field_doc(schema),
            deprecated: flag("deprecated"),
        }
    }

    /// Merges the members of `allOf` into one object.
    fn all_of(&mut self, pointer: &str, schema: &Value, name: &str, usage: Usage) -> Shape {
        let mut merged = Merged::default();
        if !self.merge(pointer, schema, name, usage, &mut merged, 0) {
            self.note(note::UNTYPED_SCHEMA, pointer, "the members of `allOf` are not all objects".to_owned());
            return Shape::Plain(TypeRef::Json);
        }
        for field in &mut merged.fields {
            field.required |= merged.required.contains(&field.wire);
        }
        name_fields(&mut merged.fields);
        if merged.fields.is_empty() {
            return Shape::Plain(TypeRef::Map(Box::new(merged.additional.unwrap_or(TypeRef::Json))));
        }
        Shape::Named(Kind::Struct { fields: merged.fields, additional: merged.additional })
    }

    fn merge(
        &mut self,
        pointer: &str,
        schema: &Value,
        name: &str,
        usage: Usage,
        merged: &mut Merged,
        depth: usize,
    ) -> bool {
        if depth > 32 {
            return false;
        }
        if let Some(target) = reference(schema) {
            let document = self.document;
            let Some(schema) = document.at(&target) else { return false };
            return self.merge(&target, schema, name, usage, merged, depth + 1);
        }
        if ["oneOf", "anyOf", "enum", "items"].iter().any(|key| schema.get(*key).is_some()) {
            return false;
        }
        for index in 0..schema.get("allOf").and_then(Value::as_array).map_or(0, Vec::len) {
            let at = format!("{pointer}/allOf/{index}");
            let document = self.document;
            let Some(member) = document.at(&at) else { return false };
            if !self.merge(&at, member, name, usage, merged, depth + 1) {
                return false;
            }
        }
        merged.required.extend(required(schema).into_iter().map(str::to_owned));
        merged.additional = self.additional(pointer, schema, name, usage).or(merged.additional.take());
        let properties = schema.get("properties").and_then(Value::as_object);
        for property in properties.into_iter().flat_map(Map::keys) {
            let at = format!("{pointer}/properties/{}", escape_token(property));
            let field = self.field(&at, property, false, name, usage);
            match merged.fields.iter().position(|f| f.wire == field.wire) {
                Some(index) => {
                    if merged.fields[index].ty != field.ty {
                        let message = format!("the members of `allOf` disagree on `{property}`");
                        self.note(note::ALL_OF_CONFLICT, &at, message);
                    }
                    merged.fields[index] = field;
                }
                None => merged.fields.push(field),
            }
        }
        true
    }
}

#[derive(Default)]
struct Merged {
    fields: Vec<Field>,
    required: Vec<String>,
    additional: Option<TypeRef>,
}

fn name_fields(fields: &mut [Field]) {
    let mut names = Names::default();
    for field in fields {
        field.ident = names.unique_exact(snake(&field.wire));
    }
}

/// The sole schema of an `allOf` that adds nothing but words or `nullable` to it.
fn sole_member(schema: &Value) -> Option<usize> {
    let members = schema.get("allOf")?.as_array()?;
    let plain = ["properties", "enum", "oneOf", "anyOf", "additionalProperties", "required"];
    (members.len() == 1 && plain.iter().all(|key| schema.get(*key).is_none())).then_some(0)
}

fn reference(schema: &Value) -> Option<String> {
    schema.get("$ref").and_then(Value::as_str).map(decode)
}

fn is_nullable(schema: &Value) -> bool {
    schema.get("nullable") == Some(&Value::Bool(true))
        || schema.get("enum").and_then(Value::as_array).is_some_and(|values| values.contains(&Value::Null))
}

fn is_sensitive(schema: &Value) -> bool {
    schema.get("x-sensitive") == Some(&Value::Bool(true))
}

fn text<'v>(schema: &'v Value, key: &str) -> Option<&'v str> {
    schema.get(key).and_then(Value::as_str)
}

fn required(schema: &Value) -> Vec<&str> {
    schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

/// A bound as an inclusive integer; `inward` is the step that an exclusive bound takes.
fn inclusive(schema: &Value, key: &str, inward: i64) -> Option<i64> {
    let bound = schema.get(key)?.as_i64()?;
    let exclusive = if key == "minimum" { "exclusiveMinimum" } else { "exclusiveMaximum" };
    let step = if schema.get(exclusive) == Some(&Value::Bool(true)) { inward } else { 0 };
    Some(bound.saturating_add(step))
}

fn field_doc(schema: &Value) -> String {
    let mut doc = text(schema, "description").unwrap_or_default().trim().to_owned();
    if let Some(default) = schema.get("default") {
        if !doc.is_empty() {
            doc.push_str("\n\n");
        }
        doc.push_str(&format!("The provider's default is `{default}`."));
    }
    doc
}

fn without_enum(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(members) = schema.as_object_mut() {
        members.remove("enum");
    }
    schema
}

/// A schema without words, to tell whether two inline schemas are the same.
fn undocumented(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => members
            .iter()
            .filter(|(key, _)| !matches!(key.as_str(), "description" | "example" | "default"))
            .map(|(key, member)| (key.clone(), undocumented(member)))
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(undocumented).collect(),
        other => other.clone(),
    }
}
