//! Objects: what they gather from `allOf` and from alternatives, and the members they do not list.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::alternatives::{alternatives_of, parts_of};
use super::member::{Place, Property};
use super::names::{Names, snake};
use super::nature::{Nature, nature, stated};
use super::schema::{Shape, Types};
use super::schemas::Schemas;
use super::usage::Usage;
use crate::load::escape_token;
use crate::model::{Additional, Field, Kind, TypeRef};
use crate::note;
use crate::schema::{listed, narrows_reference, reference, required, text, values, without_words};

/// How many schemas one object may take members from. A bound, not a target: alternatives of alternatives are
/// gathered once for each way that leads to them.
const MAX_PARTS: usize = 10_000;

/// The way into what is being gathered.
#[derive(Default)]
pub(super) struct Trail {
    /// The schemas that are being gathered, by pointer: one of them within itself adds nothing.
    open: HashSet<String>,
    parts: usize,
}

impl Trail {
    fn enter(&mut self, pointer: &str) -> bool {
        self.parts += 1;
        !self.is_full() && self.open.insert(pointer.to_owned())
    }

    fn is_full(&self) -> bool {
        self.parts > MAX_PARTS
    }

    /// Whether what was to be entered last is the first that has no place.
    fn is_just_full(&self) -> bool {
        self.parts == MAX_PARTS + 1
    }
}

/// The members of one object, gathered from everywhere `allOf` takes them from.
#[derive(Default)]
pub(super) struct Gathered {
    properties: Vec<Property>,
    required: Vec<String>,
    additional: Additional,
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
    /// member beside them counts more. What may stand beside them is what the widest alternative allows.
    fn add_either(&mut self, alternatives: Vec<Gathered>) {
        let first = alternatives.first().map(|first| first.required.clone()).unwrap_or_default();
        let everywhere = |name: &String| alternatives.iter().all(|other| other.required.contains(name));
        self.required.extend(first.into_iter().filter(everywhere));
        if let Some(widest) = alternatives.iter().map(|each| each.additional.clone()).reduce(wider) {
            self.beside(widest);
        }
        for alternative in alternatives {
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

/// Where the one schema stands that all members have whose names match a pattern, if no others may be.
pub(super) fn of_all_patterns(pointer: &str, schema: &Value, patterns: &Map<String, Value>) -> Option<String> {
    let closed = |key: &&str| schema.get(*key) == Some(&Value::Bool(false));
    ["additionalProperties", "unevaluatedProperties"].iter().find(|key| closed(key))?;
    let mut schemas = patterns.values().map(without_words);
    let first = schemas.next()?;
    let place = patterns.keys().next().map(|name| format!("{pointer}/patternProperties/{}", escape_token(name)));
    place.filter(|_| schemas.all(|schema| schema == first))
}

/// What may stand beside the listed members of one of two.
fn wider(one: Additional, other: Additional) -> Additional {
    match (one, other) {
        (one, other) if one == other => one,
        (one, Additional::Nothing) => one,
        (Additional::Nothing, other) => other,
        // What is said of no member may be anything.
        (Additional::Undeclared, Additional::Of(ty)) | (Additional::Of(ty), Additional::Undeclared)
            if ty != TypeRef::Json =>
        {
            Additional::Undeclared
        }
        _ => Additional::Of(TypeRef::Json),
    }
}

/// A step of gathering the members of one object.
enum Step<'v> {
    /// A schema, and all that it takes in.
    Enter(Place, &'v Value),
    /// The members that it has itself.
    Own(Place, &'v Value),
    Leave(String),
    /// Alternatives begin, of which one holds.
    Begin,
    /// One of them is gathered.
    Next,
    /// All of them are, of the schema at a pointer.
    End(String),
}

fn enter<'v>(schemas: &'v Schemas<'_>, pointer: &str, owner: &str) -> Option<Step<'v>> {
    let place = Place { pointer: pointer.to_owned(), owner: owner.to_owned() };
    schemas.at(pointer).map(|schema| Step::Enter(place, schema))
}

/// The steps that gather the members of the alternatives of the schema at a pointer.
fn either<'v>(schemas: &'v Schemas<'_>, pointer: &str, alternatives: &[String], owner: &str) -> Vec<Step<'v>> {
    let each = alternatives.iter().flat_map(|at| enter(schemas, at, owner).into_iter().chain([Step::Next]));
    std::iter::once(Step::Begin).chain(each).chain([Step::End(pointer.to_owned())]).collect()
}

/// Whether the members that a schema states itself are all there are: those of its other parts are evaluated as well
/// (JSON Schema 2020-12, core, section 11.3), and no type has all of them.
fn is_all_stated(schema: &Value) -> bool {
    const PARTS: &[&str] = &["$ref", "allOf", "anyOf", "oneOf", "if", "then", "else", "dependentSchemas"];
    !PARTS.iter().any(|key| schema.get(*key).is_some())
}

impl<'s> Types<'s> {
    pub(super) fn object(&mut self, pointer: &str, schema: &Value, name: &str, usage: Usage) -> Shape {
        let mut gathered = Gathered::default();
        self.own_members(pointer, schema, name, usage, &mut gathered);
        self.structure(gathered, usage)
    }

    /// A schema with parts that hold at once: its own keywords, `allOf`, and in 3.1 what stands beside `$ref`.
    pub(super) fn all_of(&mut self, pointer: &str, schema: &Value, name: &str, usage: Usage) -> Shape {
        if nature(self.document, pointer) == Nature::Object {
            let mut gathered = Gathered::default();
            self.gather(pointer, schema, name, usage, &mut gathered, &mut Trail::default());
            return self.structure(gathered, usage);
        }
        let mut own = schema.clone();
        if let Some(members) = own.as_object_mut() {
            members.retain(|key, _| !matches!(key.as_str(), "allOf" | "oneOf" | "anyOf" | "$ref"));
        }
        let parts = parts_of(self.document, pointer, schema);
        let telling = self.most_telling(pointer, &parts);
        let alternatives = alternatives_of(self.document, pointer, schema).concat();
        let own_tells = values(&own).is_some()
            || text(&own, "format").is_some()
            || (own.get("items").is_some() && nature(self.document, pointer) == Nature::List)
            || (stated(&own) != Nature::Unsaid && self.is_any_of(&alternatives));
        let taken = telling.filter(|_| !own_tells);
        let not_taken: Vec<String> = parts.into_iter().filter(|part| Some(part) != taken.as_ref()).collect();
        self.parts_not_taken(&not_taken, usage);
        match taken {
            None if !alternatives.is_empty() && !own_tells => self.union(pointer, schema, name, usage),
            taken => {
                self.alternatives_not_taken(pointer, schema);
                let Some(part) = taken else { return self.shape(pointer, &own, name, usage) };
                self.narrowed(pointer, &own, usage);
                self.inner_not_taken(pointer, &own);
                Shape::Plain(self.use_of(&part, name, usage).ty)
            }
        }
    }

    /// Gathers the members of a schema that is about an object.
    pub(super) fn gather(
        &mut self,
        pointer: &str,
        schema: &Value,
        name: &str,
        usage: Usage,
        gathered: &mut Gathered,
        trail: &mut Trail,
    ) {
        let place = Place { pointer: pointer.to_owned(), owner: name.to_owned() };
        self.take_steps(vec![Step::Enter(place, schema)], usage, gathered, trail);
    }

    /// Takes steps, and those that they lead to. They are a list, as a chain of schemas may be as long as the document.
    fn take_steps<'v>(&mut self, mut steps: Vec<Step<'v>>, usage: Usage, gathered: &mut Gathered, trail: &mut Trail)
    where
        's: 'v,
    {
        // What is being gathered from alternatives, innermost last: what is around them, and those that are done.
        let mut around: Vec<(Gathered, Vec<Gathered>)> = Vec::new();
        steps.reverse();
        while let Some(step) = steps.pop() {
            match step {
                Step::Enter(place, schema) if trail.enter(&place.pointer) => {
                    let parts = self.steps_of(place, schema);
                    steps.extend(parts.into_iter().rev());
                }
                Step::Enter(place, _) if trail.is_just_full() => {
                    let message = format!(
                        "the type has the members of {MAX_PARTS} schemas, and not of this one and those after it: any other members may stand beside them"
                    );
                    self.note(note::CONSTRAINT_NOT_HELD, &place.pointer, message);
                }
                Step::Enter(..) => {}
                Step::Own(place, schema) => self.own_members(&place.pointer, schema, &place.owner, usage, gathered),
                Step::Leave(pointer) => {
                    trail.open.remove(&pointer);
                }
                Step::Begin => around.push((std::mem::take(gathered), Vec::new())),
                Step::Next => around.iter_mut().rev().take(1).for_each(|(_, all)| all.push(std::mem::take(gathered))),
                Step::End(pointer) => {
                    if let Some((outer, all)) = around.pop() {
                        self.beside_disagrees(&pointer, &all);
                        *gathered = outer;
                        gathered.add_either(all);
                    }
                }
            }
        }
        if trail.is_full() {
            gathered.additional = Additional::Of(TypeRef::Json);
        }
    }

    /// The steps that gather the members of a schema: of those that it takes in, its own, and of its alternatives.
    fn steps_of<'v>(&mut self, place: Place, schema: &'v Value) -> Vec<Step<'v>>
    where
        's: 'v,
    {
        let document = self.document;
        let mut steps = Vec::new();
        let Place { pointer, owner } = &place;
        if let Some(target) = reference(schema) {
            let owner = self.components.get(&target).unwrap_or(owner);
            steps.extend(enter(document, &target, owner));
            if !narrows_reference(document, schema) {
                steps.push(Step::Leave(place.pointer));
                return steps;
            }
        }
        steps.extend(listed(pointer, schema, "allOf").iter().filter_map(|at| enter(document, at, owner)));
        steps.push(Step::Own(place.clone(), schema));
        for alternatives in alternatives_of(document, pointer, schema) {
            let message = "the members of the alternatives are members of one object, none of them required";
            self.note(note::UNION_MERGED, pointer, message.to_owned());
            steps.extend(either(document, pointer, &alternatives, owner));
        }
        steps.push(Step::Leave(place.pointer));
        steps
    }

    /// Notes where alternatives state several types of the members that they do not list.
    fn beside_disagrees(&mut self, pointer: &str, alternatives: &[Gathered]) {
        let stated = |each: &&Gathered| matches!(&each.additional, Additional::Of(ty) if *ty != TypeRef::Json);
        let others = || alternatives.iter().filter(|each| each.additional != Additional::Nothing);
        let is_wider = |each: &Gathered| others().any(|other| other.additional != each.additional);
        if alternatives.iter().filter(stated).any(is_wider) {
            let message = "the alternatives disagree on the members that they do not list: they are any JSON";
            self.note(note::UNION_AS_JSON, pointer, message.to_owned());
        }
    }

    /// One object with the members of all alternatives.
    pub(super) fn merged(&mut self, pointer: &str, alternatives: &[String], name: &str, usage: Usage) -> Shape {
        let mut gathered = Gathered::default();
        let steps = either(self.document, pointer, alternatives, name);
        self.take_steps(steps, usage, &mut gathered, &mut Trail::default());
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
        let stated = [Some("additionalProperties"), is_all_stated(schema).then_some("unevaluatedProperties")];
        let mut stated = stated.into_iter().flatten().filter_map(|key| schema.get(key).map(|value| (key, value)));
        let Some((key, value)) = stated.next() else {
            return Additional::Undeclared;
        };
        match value {
            Value::Bool(true) => Additional::Of(TypeRef::Json),
            Value::Object(members) if members.is_empty() => Additional::Of(TypeRef::Json),
            Value::Object(_) => {
                let at = format!("{pointer}/{key}");
                Additional::Of(self.use_of(&at, &format!("{name}Value"), usage).held())
            }
            _ if usage.response => {
                let message = "members that are not listed do not stop an answer from being decoded, and are kept";
                self.note(note::LIBERAL_RESPONSE, pointer, message.to_owned());
                Additional::Undeclared
            }
            _ => Additional::Nothing,
        }
    }

    /// Members whose names match patterns have one type where all patterns agree on it and no other members may be.
    fn by_pattern(
        &mut self,
        pointer: &str,
        schema: &Value,
        patterns: &Map<String, Value>,
        name: &str,
        usage: Usage,
    ) -> Additional {
        if let Some(place) = of_all_patterns(pointer, schema, patterns) {
            let message = "the names of members are not checked against `patternProperties`".to_owned();
            self.note(note::CONSTRAINT_NOT_HELD, pointer, message);
            return Additional::Of(self.use_of(&place, &format!("{name}Value"), usage).held());
        }
        let stated = ["patternProperties", "additionalProperties"].into_iter().filter(|key| schema.get(*key).is_some());
        let stated = stated.collect::<Vec<_>>().join("` and `");
        let message = format!(
            "members that are not listed are any JSON: neither their names nor their values are checked against `{stated}`"
        );
        self.note(note::CONSTRAINT_NOT_HELD, pointer, message);
        Additional::Of(TypeRef::Json)
    }

    pub(super) fn structure(&mut self, gathered: Gathered, usage: Usage) -> Shape {
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
}
