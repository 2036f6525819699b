//! Objects: their members, the members they do not list, and the merging of `allOf`.

use serde_json::{Map, Value};

use super::names::{Names, snake, type_name};
use super::schema::{Shape, Types};
use super::usage::Usage;
use crate::load::escape_token;
use crate::model::{Field, Kind, TypeRef};
use crate::note;
use crate::schema::{flag, is_annotation, is_sensitive, reference, required, text};

/// How deep `allOf` may be nested before it counts as a circle.
const MAX_DEPTH: usize = 32;

/// The members of one object, gathered from everywhere `allOf` takes them from.
#[derive(Default)]
struct Gathered {
    properties: Vec<Property>,
    required: Vec<String>,
    additional: Option<TypeRef>,
}

struct Property {
    name: String,
    pointer: String,
    /// The name of the type that declares the property; it starts the names of inline types.
    owner: String,
}

impl Types<'_> {
    pub(super) fn object(&mut self, pointer: &str, schema: &Value, name: &str, usage: Usage) -> Shape {
        let mut gathered = Gathered::default();
        self.own_members(pointer, schema, name, usage, &mut gathered);
        self.structure(gathered, usage)
    }

    /// Merges the members of `allOf` into one object.
    pub(super) fn all_of(&mut self, pointer: &str, schema: &Value, name: &str, usage: Usage) -> Shape {
        let mut gathered = Gathered::default();
        if !self.gather(pointer, schema, name, usage, &mut gathered, 0) {
            self.note(note::UNTYPED_SCHEMA, pointer, "the members of `allOf` are not all objects".to_owned());
            return Shape::Plain(TypeRef::Json);
        }
        self.structure(gathered, usage)
    }

    /// Whether everything in a schema was gathered; it was not if some of it is no object.
    fn gather(
        &mut self,
        pointer: &str,
        schema: &Value,
        name: &str,
        usage: Usage,
        gathered: &mut Gathered,
        depth: usize,
    ) -> bool {
        let document = self.document;
        if depth > MAX_DEPTH {
            return false;
        }
        if let Some(target) = reference(schema) {
            let owner = self.components.get(&target).cloned().unwrap_or_else(|| name.to_owned());
            let Some(schema) = document.at(&target) else { return false };
            return self.gather(&target, schema, &owner, usage, gathered, depth + 1);
        }
        let other = ["oneOf", "anyOf", "enum", "items"].iter().any(|key| schema.get(*key).is_some());
        if other || text(schema, "type").is_some_and(|ty| ty != "object") {
            return false;
        }
        for index in 0..schema.get("allOf").and_then(Value::as_array).map_or(0, Vec::len) {
            let at = format!("{pointer}/allOf/{index}");
            let Some(member) = document.at(&at) else { return false };
            if !self.gather(&at, member, name, usage, gathered, depth + 1) {
                return false;
            }
        }
        self.own_members(pointer, schema, name, usage, gathered);
        true
    }

    fn own_members(&mut self, pointer: &str, schema: &Value, name: &str, usage: Usage, gathered: &mut Gathered) {
        self.constraints(pointer, schema, usage, &["minProperties", "maxProperties"]);
        gathered.required.extend(required(schema).map(str::to_owned));
        gathered.additional = self.additional(pointer, schema, name, usage).or(gathered.additional.take());
        let properties = schema.get("properties").and_then(Value::as_object);
        gathered.properties.extend(properties.into_iter().flat_map(Map::keys).map(|property| Property {
            name: property.clone(),
            pointer: format!("{pointer}/properties/{}", escape_token(property)),
            owner: name.to_owned(),
        }));
    }

    /// The type of the members that a schema does not list, where it states one.
    fn additional(&mut self, pointer: &str, schema: &Value, name: &str, usage: Usage) -> Option<TypeRef> {
        match schema.get("additionalProperties")? {
            Value::Bool(true) => Some(TypeRef::Json),
            Value::Object(members) if members.is_empty() => Some(TypeRef::Json),
            Value::Object(_) => {
                let at = format!("{pointer}/additionalProperties");
                Some(self.use_of(&at, &format!("{name}Value"), usage).held())
            }
            _ => {
                if usage.response {
                    let message = "members that are not listed do not stop an answer from being decoded";
                    self.note(note::LIBERAL_RESPONSE, pointer, message.to_owned());
                }
                None
            }
        }
    }

    fn structure(&mut self, gathered: Gathered, usage: Usage) -> Shape {
        let mut fields: Vec<Field> = Vec::new();
        for property in &gathered.properties {
            let words_only = self.document.at(&property.pointer).is_some_and(is_annotation);
            if words_only && fields.iter().any(|known| known.wire == property.name) {
                continue;
            }
            let required = gathered.required.contains(&property.name);
            let field = self.field(property, required, usage);
            match fields.iter_mut().find(|known| known.wire == field.wire) {
                None => fields.push(field),
                Some(known) => {
                    if known.ty != field.ty {
                        let message = format!("the members of `allOf` disagree on `{}`", property.name);
                        self.note(note::ALL_OF_CONFLICT, &property.pointer, message);
                    }
                    *known = field;
                }
            }
        }
        if fields.is_empty() {
            return Shape::Plain(TypeRef::Map(Box::new(gathered.additional.unwrap_or(TypeRef::Json))));
        }
        let mut names = Names::default();
        for field in &mut fields {
            field.ident = names.unique_exact(snake(&field.wire));
        }
        Shape::Named(Kind::Struct { fields, additional: gathered.additional })
    }

    fn field(&mut self, property: &Property, required: bool, usage: Usage) -> Field {
        let Property { name, pointer, owner } = property;
        let schema = self.document.at(pointer).unwrap_or(&Value::Null);
        let used = self.use_of(pointer, &format!("{owner}{}", type_name(name)), usage);
        let exempt = (flag(schema, "readOnly") && usage.request) || (flag(schema, "writeOnly") && usage.response);
        Field {
            wire: name.clone(),
            ident: String::new(),
            redacted: is_sensitive(self.document, pointer, schema) && !hides_itself(&used.ty),
            ty: used.ty,
            required: required && !exempt,
            nullable: used.nullable,
            boxed: false,
            doc: documentation(schema),
            deprecated: flag(schema, "deprecated"),
        }
    }
}

/// Whether the `Debug` of a type shows nothing.
fn hides_itself(ty: &TypeRef) -> bool {
    match ty {
        TypeRef::Sensitive => true,
        TypeRef::Array(inner) | TypeRef::OrNull(inner) => hides_itself(inner),
        _ => false,
    }
}

fn documentation(schema: &Value) -> String {
    let words = text(schema, "description").unwrap_or_default().trim();
    let default = schema.get("default").map(|default| format!("The provider's default is `{default}`."));
    let parts = [Some(words.to_owned()).filter(|words| !words.is_empty()), default];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}
