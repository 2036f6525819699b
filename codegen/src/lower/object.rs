//! Objects: their members, the members they do not list, and the merging of `allOf`.

use serde_json::{Map, Value};

use super::names::{Names, snake, type_name};
use super::nature::{Nature, nature};
use super::schema::{Shape, Types, Use};
use super::union::{alternatives_of, parts_of};
use super::usage::Usage;
use crate::load::escape_token;
use crate::model::{Additional, Field, Kind, TypeRef};
use crate::note;
use crate::schema::{flag, is_annotation, is_sensitive, reference, required, stands_for, text, values, without_words};

/// How deep `allOf` may be nested before it counts as a circle.
const MAX_DEPTH: usize = 32;

/// The members of one object, gathered from everywhere `allOf` takes them from.
#[derive(Default)]
struct Gathered {
    properties: Vec<Property>,
    required: Vec<String>,
    additional: Additional,
}

/// A property, and every place that describes it.
struct Property {
    name: String,
    places: Vec<Place>,
    /// Whether one of the places holds, and not all of them.
    either: bool,
}

#[derive(Clone)]
struct Place {
    pointer: String,
    /// The name of the type that declares the property; it starts the names of inline types.
    owner: String,
}

impl Gathered {
    /// Adds what may stand beside the listed members. Each part speaks of the members that it lists itself, so
    /// what one of them allows is allowed.
    fn beside(&mut self, additional: Additional) {
        match (&self.additional, &additional) {
            (Additional::Undeclared, _) if self.properties.is_empty() => self.additional = additional,
            (Additional::Of(_), _) | (Additional::Undeclared, Additional::Nothing | Additional::Undeclared) => {}
            _ => self.additional = additional,
        }
    }

    /// Adds what holds as well.
    fn add(&mut self, name: &str, place: Place) {
        match self.properties.iter_mut().find(|known| known.name == name) {
            Some(known) if known.either => {
                *known = Property { name: name.to_owned(), places: vec![place], either: false }
            }
            Some(known) => known.places.push(place),
            None => self.properties.push(Property { name: name.to_owned(), places: vec![place], either: false }),
        }
    }

    /// Adds the members of alternatives: none is required unless all require it, and what is known of a
    /// member beside them counts more.
    fn add_either(&mut self, alternatives: Vec<Gathered>) {
        let first = alternatives.first().map(|first| first.required.clone()).unwrap_or_default();
        let everywhere = |name: &String| alternatives.iter().all(|other| other.required.contains(name));
        self.required.extend(first.into_iter().filter(everywhere));
        for alternative in alternatives {
            self.beside(alternative.additional);
            for property in alternative.properties {
                match self.properties.iter_mut().find(|known| known.name == property.name) {
                    Some(known) if known.either => known.places.extend(property.places),
                    Some(_) => {}
                    None => self.properties.push(Property { either: true, ..property }),
                }
            }
        }
    }
}

impl Types<'_> {
    pub(super) fn object(&mut self, pointer: &str, schema: &Value, name: &str, usage: Usage) -> Shape {
        let mut gathered = Gathered::default();
        self.own_members(pointer, schema, name, usage, &mut gathered);
        self.structure(gathered, usage)
    }

    /// A schema with parts that hold at once: its own keywords, `allOf`, and in 3.1 what stands beside `$ref`.
    pub(super) fn all_of(&mut self, pointer: &str, schema: &Value, name: &str, usage: Usage) -> Shape {
        if nature(self.document, pointer) == Nature::Object {
            let mut gathered = Gathered::default();
            self.gather(pointer, schema, name, usage, &mut gathered, 0);
            return self.structure(gathered, usage);
        }
        let mut own = schema.clone();
        if let Some(members) = own.as_object_mut() {
            members.retain(|key, _| !matches!(key.as_str(), "allOf" | "oneOf" | "anyOf" | "$ref"));
        }
        let parts = parts_of(self, pointer, schema);
        let telling = self.most_telling(pointer, &parts);
        let own_tells = values(&own).is_some() || text(&own, "format").is_some() || own.get("items").is_some();
        match telling {
            Some(part) if !own_tells => {
                self.constraints(pointer, &own, usage, super::schema::CONSTRAINTS);
                Shape::Plain(self.use_of(&part, name, usage).ty)
            }
            _ if !alternatives_of(self, pointer, schema).is_empty() && !own_tells => {
                self.union(pointer, schema, name, usage)
            }
            _ => self.shape(pointer, &own, name, usage),
        }
    }

    /// The part that says most of what a value is; parts that contradict one another are noted.
    fn most_telling(&mut self, pointer: &str, parts: &[String]) -> Option<String> {
        let natures: Vec<Nature> = parts.iter().map(|at| nature(self.document, at)).collect();
        let said: Vec<Nature> =
            natures.iter().copied().filter(|n| *n != Nature::Unsaid && *n != Nature::Mixed).collect();
        let number = |n: &Nature| matches!(n, Nature::Integer | Nature::Number);
        if said.windows(2).any(|pair| pair[0] != pair[1] && !(number(&pair[0]) && number(&pair[1]))) {
            self.note(note::ALL_OF_CONFLICT, pointer, "the members of `allOf` disagree on the type".to_owned());
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

    /// Gathers the members of a schema that is about an object.
    fn gather(
        &mut self,
        pointer: &str,
        schema: &Value,
        name: &str,
        usage: Usage,
        gathered: &mut Gathered,
        depth: usize,
    ) {
        let document = self.document;
        if depth > MAX_DEPTH {
            return;
        }
        if let Some(target) = reference(schema) {
            let owner = self.components.get(&target).cloned().unwrap_or_else(|| name.to_owned());
            if let Some(schema) = document.at(&target) {
                self.gather(&target, schema, &owner, usage, gathered, depth + 1);
            }
            if !crate::schema::narrows_reference(document, schema) {
                return;
            }
        }
        for at in crate::schema::listed(pointer, schema, "allOf") {
            if let Some(member) = document.at(&at) {
                self.gather(&at, member, name, usage, gathered, depth + 1);
            }
        }
        self.own_members(pointer, schema, name, usage, gathered);
        for alternatives in alternatives_of(self, pointer, schema) {
            let message = "the members of the alternatives are members of one object, none of them required";
            self.note(note::UNION_MERGED, pointer, message.to_owned());
            let options = self.each(&alternatives, name, usage, depth);
            gathered.add_either(options);
        }
    }

    fn each(&mut self, alternatives: &[String], name: &str, usage: Usage, depth: usize) -> Vec<Gathered> {
        let document = self.document;
        let gather = |at: &String| {
            let mut gathered = Gathered::default();
            if let Some(schema) = document.at(at) {
                self.gather(at, schema, name, usage, &mut gathered, depth + 1);
            }
            gathered
        };
        alternatives.iter().map(gather).collect()
    }

    /// One object with the members of all alternatives.
    pub(super) fn merged(&mut self, alternatives: &[String], name: &str, usage: Usage) -> Shape {
        let options = self.each(alternatives, name, usage, 0);
        let mut gathered = Gathered::default();
        gathered.add_either(options);
        self.structure(gathered, usage)
    }

    fn own_members(&mut self, pointer: &str, schema: &Value, name: &str, usage: Usage, gathered: &mut Gathered) {
        self.constraints(pointer, schema, usage, &["minProperties", "maxProperties"]);
        self.unheld_keywords(pointer, schema);
        gathered.required.extend(required(schema).map(str::to_owned));
        let additional = self.additional(pointer, schema, name, usage);
        gathered.beside(additional);
        for property in schema.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::keys) {
            let place =
                Place { pointer: format!("{pointer}/properties/{}", escape_token(property)), owner: name.to_owned() };
            gathered.add(property, place);
        }
    }

    /// The type of the members that a schema does not list, where it states one.
    fn additional(&mut self, pointer: &str, schema: &Value, name: &str, usage: Usage) -> Additional {
        if let Some(patterns) = schema.get("patternProperties").and_then(Value::as_object) {
            return self.by_pattern(pointer, schema, patterns, name, usage);
        }
        let stated = ["additionalProperties", "unevaluatedProperties"].into_iter();
        let Some((key, value)) = stated.filter_map(|key| schema.get(key).map(|value| (key, value))).next() else {
            return Additional::Undeclared;
        };
        match value {
            Value::Bool(true) => Additional::Of(TypeRef::Json),
            Value::Object(members) if members.is_empty() => Additional::Of(TypeRef::Json),
            Value::Object(_) => {
                let at = format!("{pointer}/{key}");
                Additional::Of(self.use_of(&at, &format!("{name}Value"), usage).held())
            }
            _ => {
                if usage.response {
                    let message = "members that are not listed do not stop an answer from being decoded";
                    self.note(note::LIBERAL_RESPONSE, pointer, message.to_owned());
                }
                Additional::Nothing
            }
        }
    }

    /// Members whose names match patterns have one type if all patterns agree on it.
    fn by_pattern(
        &mut self,
        pointer: &str,
        schema: &Value,
        patterns: &Map<String, Value>,
        name: &str,
        usage: Usage,
    ) -> Additional {
        let message = "the names of members are not checked against `patternProperties`".to_owned();
        self.note(note::CONSTRAINT_NOT_HELD, pointer, message);
        let closed = matches!(schema.get("additionalProperties"), Some(Value::Bool(false)));
        let places = patterns.keys().map(|key| format!("{pointer}/patternProperties/{}", escape_token(key)));
        let types: Vec<TypeRef> = places.map(|at| self.use_of(&at, &format!("{name}Value"), usage).held()).collect();
        match types.split_first() {
            Some((first, rest)) if closed && rest.iter().all(|ty| ty == first) => Additional::Of(first.clone()),
            _ => Additional::Of(TypeRef::Json),
        }
    }

    fn structure(&mut self, gathered: Gathered, usage: Usage) -> Shape {
        let mut fields: Vec<Field> = Vec::new();
        for property in &gathered.properties {
            let required = gathered.required.contains(&property.name);
            fields.push(self.field(property, required, usage));
        }
        if fields.is_empty() {
            let value = match gathered.additional {
                Additional::Of(value) => value,
                Additional::Undeclared | Additional::Nothing => TypeRef::Json,
            };
            return Shape::Plain(TypeRef::Map(Box::new(value)));
        }
        let mut names = Names::default();
        for field in &mut fields {
            field.ident = names.unique_exact(snake(&field.wire));
        }
        Shape::Named(Kind::Struct { fields, additional: gathered.additional })
    }

    fn field(&mut self, property: &Property, required: bool, usage: Usage) -> Field {
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
            ty: used.ty,
            required: required && !places.iter().any(|place| exempt(schema(place))),
            nullable: used.nullable,
            boxed: false,
            doc: places
                .iter()
                .rev()
                .map(|place| documentation(schema(place)))
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
        let schemas: Vec<&Value> = pointers.iter().filter_map(|at| document.at(at)).collect();
        let last = pointers.last().cloned().unwrap_or_default();
        let nullable =
            pointers.iter().zip(&schemas).all(|(at, schema)| crate::schema::is_nullable(document, at, schema));
        if !pointers.iter().all(|at| nature(document, at) == Nature::Object) {
            let telling = self.most_telling(&last, pointers).unwrap_or(last);
            return Use { nullable, ..self.use_of(&telling, hint, usage) };
        }
        let mut gathered = Gathered::default();
        for (at, schema) in pointers.iter().zip(&schemas) {
            self.gather(at, schema, hint, usage, &mut gathered, 1);
        }
        let key = Value::Array(schemas.into_iter().cloned().collect());
        let ty = match self.structure(gathered, usage) {
            Shape::Plain(ty) => ty,
            Shape::Named(kind) => TypeRef::Named(self.hoist(&last, &key, hint, kind, usage)),
        };
        Use { ty, nullable }
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
}

/// The member that tells an alternative apart whose schema does not declare it.
pub(super) fn tag_field(property: &str, others: &[Field]) -> Field {
    let mut names = Names::default();
    others.iter().for_each(|field| drop(names.unique_exact(field.ident.clone())));
    Field {
        wire: property.to_owned(),
        ident: names.unique_exact(snake(property)),
        ty: TypeRef::String,
        required: false,
        nullable: false,
        boxed: false,
        redacted: false,
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

fn documentation(schema: &Value) -> String {
    let words = text(schema, "description").unwrap_or_default().trim();
    let default = schema.get("default").map(|default| format!("The provider's default is `{default}`."));
    let parts = [Some(words.to_owned()).filter(|words| !words.is_empty()), default];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}
