//! Members of objects, and all that is said of them: by one schema, by several at once, or by alternatives.

use serde_json::Value;

use super::alternatives::target;
use super::listed;
use super::names::{Names, snake, type_name};
use super::nature::{Nature, nature};
use super::object::{Gathered, Trail};
use super::schema::{Shape, Types, Use};
use super::usage::Usage;
use crate::load::Document;
use crate::model::{Field, Kind, TypeRef};
use crate::note;
use crate::schema::{
    are_nullable, flag, is_annotation, is_sensitive, reference, stands_for, text, values, without_words,
};
use crate::subject::subject;

/// How many references are followed before a chain of them counts as a circle.
const MAX_DEPTH: usize = 32;

/// How many merged members may stand within one another.
const MAX_MERGING: usize = 64;

/// A property, and every place that describes it.
pub(super) struct Property {
    pub(super) name: String,
    pub(super) places: Vec<Place>,
    /// Whether one of the places holds, and not all of them.
    pub(super) either: bool,
}

/// Schemas whose members are made those of one object.
pub(super) struct Merging {
    /// By the pointers where they end, in order.
    schemas: Vec<String>,
    /// What its name is made of.
    words: String,
    /// Its name, where it is within itself.
    name: Option<String>,
}

#[derive(Clone)]
pub(super) struct Place {
    pub(super) pointer: String,
    /// The name of the type that declares the property; it starts the names of inline types.
    pub(super) owner: String,
}

impl Types<'_> {
    pub(super) fn field(&mut self, property: &Property, required: bool, usage: Usage) -> Field {
        let document = self.document;
        let schema = |place: &Place| document.at(&place.pointer).unwrap_or(&Value::Null);
        let places = &property.places;
        let used = self.member(property, usage);
        let exempt = |schema: &Value| {
            (flag(schema, "readOnly") && usage.request) || (flag(schema, "writeOnly") && usage.response)
        };
        let sensitive = places.iter().any(|place| is_sensitive(document, &place.pointer, schema(place)));
        Field {
            wire: property.name.clone(),
            ident: String::new(),
            redacted: sensitive && !hides_itself(&used.ty),
            fixed: None,
            ty: used.ty,
            required: required && !places.iter().any(|place| exempt(schema(place))),
            nullable: used.nullable,
            boxed: false,
            doc: places
                .iter()
                .rev()
                .map(|place| documentation(document, &place.pointer, schema(place), None))
                .find(|doc| !doc.is_empty())
                .unwrap_or_default(),
            deprecated: places.iter().any(|place| flag(schema(place), "deprecated")),
        }
    }

    /// The type of a member, of all that is said of it.
    fn member(&mut self, property: &Property, usage: Usage) -> Use {
        let document = self.document;
        let mut telling: Vec<(Value, &Place)> = Vec::new();
        for place in &property.places {
            let Some(schema) = document.at(&place.pointer).filter(|schema| !is_annotation(schema)) else { continue };
            let key = reference(schema).map_or_else(|| without_words(schema), Value::from);
            if !telling.iter().any(|(known, _)| *known == key) {
                telling.push((key, place));
            }
        }
        let first = telling.first().map(|(_, place)| *place).or(property.places.first());
        let Some(first) = first else { return Use { ty: TypeRef::Json, nullable: true } };
        let hint = format!("{}{}", first.owner, type_name(&property.name));
        if telling.len() < 2 {
            return self.use_of(&first.pointer, &hint, usage);
        }
        let pointers: Vec<String> = telling.iter().map(|(_, place)| place.pointer.clone()).collect();
        if property.either { self.either(&pointers, &hint, usage) } else { self.both(&pointers, &hint, usage) }
    }

    /// A member that several schemas describe at once: one object of all, or the most telling of them.
    fn both(&mut self, pointers: &[String], hint: &str, usage: Usage) -> Use {
        let document = self.document;
        let last = pointers.last().cloned().unwrap_or_default();
        let nullable = are_nullable(document, pointers);
        if !pointers.iter().all(|at| nature(document, at) == Nature::Object) {
            let telling = self.most_telling(&last, pointers).unwrap_or(last);
            let others: Vec<String> = pointers.iter().filter(|at| **at != telling).cloned().collect();
            self.parts_not_taken(&others, usage);
            return Use { nullable, ..self.use_of(&telling, hint, usage) };
        }
        let mut schemas: Vec<String> = pointers.iter().map(|at| target(document, at)).collect();
        schemas.sort();
        if let Some(ty) = self.within_itself(&schemas, &last) {
            return Use { ty, nullable };
        }
        self.merging.push(Merging { schemas, words: hint.to_owned(), name: None });
        let mut gathered = Gathered::default();
        let mut trail = Trail::default();
        for at in pointers {
            if let Some(schema) = document.at(at) {
                self.gather(at, schema, hint, usage, &mut gathered, &mut trail);
            }
        }
        let shape = self.structure(gathered, usage);
        let name = self.merging.pop().and_then(|merging| merging.name);
        let key = Value::Array(pointers.iter().filter_map(|at| document.at(at)).cloned().collect());
        let ty = match (shape, name) {
            (Shape::Plain(ty), None) => ty,
            (Shape::Named(kind), None) => TypeRef::Named(self.hoist(&last, &key, hint, kind, usage)),
            (shape, Some(name)) => {
                let kind = match shape {
                    Shape::Plain(ty) => Kind::Alias(ty),
                    Shape::Named(kind) => kind,
                };
                self.define(name.clone(), &last, &key, kind, usage);
                TypeRef::Named(name)
            }
        };
        Use { ty, nullable }
    }

    /// The type of a member that the same schemas describe as what it is within, which gets its name now; and any JSON
    /// where they go too deep.
    fn within_itself(&mut self, schemas: &[String], at: &str) -> Option<TypeRef> {
        if let Some(index) = self.merging.iter().position(|merging| merging.schemas == schemas) {
            if self.merging[index].name.is_none() {
                let name = self.names.unique(self.merging[index].words.clone());
                self.note(note::INLINE_SCHEMA, at, format!("the inline schema is the Rust type `{name}`"));
                self.merging[index].name = Some(name);
            }
            return self.merging[index].name.clone().map(TypeRef::Named);
        }
        if self.merging.len() >= MAX_MERGING {
            let message = "several schemas describe members of members at once, too deep: it is any JSON".to_owned();
            self.note(note::UNTYPED_SCHEMA, at, message);
            return Some(TypeRef::Json);
        }
        None
    }

    /// A member that alternatives describe differently.
    fn either(&mut self, pointers: &[String], hint: &str, usage: Usage) -> Use {
        let uses: Vec<Use> = pointers.iter().map(|at| self.use_of(at, hint, usage)).collect();
        let nullable = uses.iter().any(|used| used.nullable);
        let natures: Vec<Nature> = pointers.iter().map(|at| nature(self.document, at)).collect();
        let same = |wanted: Nature| natures.iter().all(|nature| *nature == wanted);
        let ty = match uses.first() {
            Some(first) if uses.iter().all(|used| used.ty == first.ty) => first.ty.clone(),
            _ if same(Nature::Text) => TypeRef::String,
            _ if natures.iter().all(|n| matches!(n, Nature::Integer | Nature::Number)) => TypeRef::Decimal,
            _ => {
                let at = pointers.first().map_or("", String::as_str);
                let message = "the alternatives disagree on the member: it is any JSON".to_owned();
                self.note(note::UNION_AS_JSON, at, message);
                TypeRef::Json
            }
        };
        Use { ty, nullable }
    }

    /// The part that says most of what a value is; parts that contradict one another are noted.
    pub(super) fn most_telling(&mut self, pointer: &str, parts: &[String]) -> Option<String> {
        let natures: Vec<Nature> = parts.iter().map(|at| nature(self.document, at)).collect();
        let said: Vec<Nature> =
            natures.iter().copied().filter(|n| *n != Nature::Unsaid && *n != Nature::Mixed).collect();
        let number = |n: &Nature| matches!(n, Nature::Integer | Nature::Number);
        if said.windows(2).any(|pair| pair[0] != pair[1] && !(number(&pair[0]) && number(&pair[1]))) {
            let message = format!("the members of `allOf` disagree on the type of {}", subject(pointer));
            self.note(note::ALL_OF_CONFLICT, pointer, message);
        }
        let rank = |at: &String, nature: Nature| (self.telling(at), nature == Nature::Integer);
        let ranked = parts.iter().zip(natures).enumerate().filter(|(_, (_, nature))| *nature != Nature::Unsaid);
        ranked.max_by_key(|(index, (at, nature))| (rank(at, *nature), *index)).map(|(_, (at, _))| at.clone())
    }

    /// How much a schema narrows text or a number: a list of values more than a format, a format more than a type.
    fn telling(&self, pointer: &str) -> u8 {
        let mut at = pointer.to_owned();
        for _ in 0..MAX_DEPTH {
            let Some(schema) = self.document.at(&at) else { break };
            match stands_for(self.document, &at, schema) {
                Some(target) => at = target,
                None if values(schema).is_some() => return 3,
                None if text(schema, "format").is_some() => return 2,
                None => return 1,
            }
        }
        0
    }
}

/// The member that tells an alternative apart whose schema does not declare it.
pub(super) fn tag_field(property: &str, ty: TypeRef, others: &[Field]) -> Field {
    let mut names = Names::default();
    others.iter().for_each(|field| drop(names.unique_exact(field.ident.clone())));
    Field {
        wire: property.to_owned(),
        ident: names.unique_exact(snake(property)),
        ty,
        required: false,
        nullable: false,
        boxed: false,
        redacted: false,
        fixed: None,
        doc: "Tells this alternative apart from the others of a union.".to_owned(),
        deprecated: false,
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

/// What is said of a value: in words, which ones there are, and which one it is where none is given. The words may stand
/// elsewhere.
pub(super) fn documentation(document: &Document, pointer: &str, schema: &Value, words: Option<&str>) -> String {
    let words = words.or_else(|| text(schema, "description")).unwrap_or_default().trim();
    let default = schema.get("default").map(|default| document.written(&format!("{pointer}/default"), default));
    let default = default.map(|default| format!("The provider's default is `{default}`."));
    let listed = listed::documentation(document, pointer, schema);
    let parts = [Some(words.to_owned()).filter(|words| !words.is_empty()), listed, default];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}
