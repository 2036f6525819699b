//! Alternatives: `oneOf`, `anyOf`, several `type`s, and the children of a base become one enum.
//!
//! Values are told apart by a tag where there is one ([`super::tags`]). Without a tag, the runtime takes the
//! alternative that gives back and knows most of what was received. Alternatives that are alike in JSON need no enum:
//! texts become one text (listing all values), numbers one number, and the objects of an `anyOf`, which may all hold
//! at once, one object.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::alternatives::{alternatives_of, flat, target};
use super::inheritance::property;
use super::names::{Names, type_name, variant};
use super::nature::{Nature, is_any, nature, texts};
use super::object::{Gathered, Trail};
use super::schema::{Shape, Types};
use super::tags::{self, Tags};
use super::usage::Usage;
use crate::model::{Additional, Kind, TypeRef, Variant};
use crate::note;
use crate::schema::{counts_beside_reference, reference, text};

/// The name of the variant for what is none of the alternatives.
const CATCH_ALL: &str = "Unknown";

impl Types<'_> {
    /// The shape of a schema with alternatives.
    pub(super) fn union(&mut self, pointer: &str, schema: &Value, name: &str, usage: Usage) -> Shape {
        let alternatives = flat(self.document, alternatives_of(self.document, pointer, schema).concat());
        let any_of = schema.get("oneOf").is_none();
        self.narrowed(pointer, schema, usage);
        self.inner_not_taken(pointer, schema);
        if let [one] = alternatives.as_slice() {
            return Shape::Plain(self.use_of(one, name, usage).ty);
        }
        self.alternatives(pointer, schema, alternatives, any_of, name, usage)
    }

    /// Whether one of the alternatives can be anything.
    pub(super) fn is_any_of(&self, alternatives: &[String]) -> bool {
        alternatives.iter().any(|at| is_any(self.document, &target(self.document, at)))
    }

    fn alternatives(
        &mut self,
        pointer: &str,
        schema: &Value,
        alternatives: Vec<String>,
        any_of: bool,
        name: &str,
        usage: Usage,
    ) -> Shape {
        let document = self.document;
        if alternatives.is_empty() || self.is_any_of(&alternatives) {
            let message = "one of the alternatives is any JSON, and so are all of them".to_owned();
            self.note(note::UNION_AS_JSON, pointer, message);
            return Shape::Plain(TypeRef::Json);
        }
        // Whoever has children is an object, whether it says so or not.
        let nature = |at: &String| if at == pointer { Nature::Object } else { nature(document, at) };
        let natures: Vec<Nature> = alternatives.iter().map(nature).collect();
        let all = |wanted: &[Nature]| natures.iter().all(|nature| wanted.contains(nature));
        if all(&[Nature::Text]) {
            self.narrowed_each(&alternatives, usage);
            return self.text_of(pointer, &alternatives, usage);
        }
        if all(&[Nature::Integer, Nature::Number]) {
            self.narrowed_each(&alternatives, usage);
            return Shape::Plain(self.number_of(&alternatives));
        }
        let tags = if all(&[Nature::Object]) { self.tags(pointer, schema, &alternatives) } else { None };
        if all(&[Nature::Object]) && any_of && tags.is_none() {
            let message = "the alternatives are one object with the members of all".to_owned();
            self.note(note::UNION_MERGED, pointer, message);
            return self.merged(pointer, &alternatives, name, usage);
        }
        self.variants(pointer, &alternatives, &natures, tags, name, usage)
    }

    /// Notes what narrows alternatives that have no types of their own.
    fn narrowed_each(&mut self, alternatives: &[String], usage: Usage) {
        let document = self.document;
        for at in alternatives {
            let end = target(document, at);
            // What stands beside a reference narrows what it leads to.
            let beside = Some(at.clone()).filter(|at| *at != end && counts_beside_reference(document));
            for at in beside.into_iter().chain([end]) {
                if let Some(schema) = document.at(&at) {
                    self.narrowed(&at, schema, usage);
                }
            }
        }
    }

    /// Text alternatives are one text; if some list values, these are the listed ones.
    fn text_of(&mut self, pointer: &str, alternatives: &[String], usage: Usage) -> Shape {
        let mut listed: Vec<Value> = Vec::new();
        for text in alternatives.iter().flat_map(|at| texts(self.document, at)) {
            if !listed.contains(&Value::from(text.as_str())) {
                listed.push(text.into());
            }
        }
        if listed.is_empty() {
            return Shape::Plain(TypeRef::String);
        }
        let listed: Vec<&Value> = listed.iter().collect();
        self.enumeration(pointer, &Value::Null, &listed, "", usage)
    }

    /// Numbers are one number: integers where all are.
    fn number_of(&self, alternatives: &[String]) -> TypeRef {
        match alternatives.iter().all(|at| nature(self.document, at) == Nature::Integer) {
            true => self.common_integer(alternatives),
            false => TypeRef::Decimal,
        }
    }

    /// What tells the alternatives apart: what the document says does, or what it lists does.
    fn tags(&mut self, pointer: &str, schema: &Value, alternatives: &[String]) -> Option<Tags> {
        let stated = tags::discriminated(self.document, &self.inheritance, pointer, schema, alternatives);
        for (tags, at) in stated.iter().flat_map(|tags| tags.values.iter().zip(alternatives)) {
            if tags.is_empty() {
                let member = property(schema).unwrap_or_default();
                let message = format!(
                    "no value of `{member}` is known to stand for {}, as its name cannot be one: it is told apart by what it can hold",
                    self.shown(at)
                );
                self.note(note::DISCRIMINATOR_UNSAID, pointer, message);
            }
        }
        stated.filter(Tags::tell).or_else(|| tags::distinguished(self.document, alternatives))
    }

    /// An alternative, in words.
    fn shown(&self, at: &str) -> String {
        let target = target(self.document, at);
        let name = super::inheritance::component_name(&target);
        name.map_or_else(|| crate::subject::subject(&target), |name| format!("`{name}`"))
    }

    fn variants(
        &mut self,
        pointer: &str,
        alternatives: &[String],
        natures: &[Nature],
        tags: Option<Tags>,
        name: &str,
        usage: Usage,
    ) -> Shape {
        let mut names = Names::default();
        let mut variants: Vec<Variant> = Vec::new();
        let mut places: HashMap<TypeRef, usize> = HashMap::new();
        let mut taken: HashSet<Value> = HashSet::new();
        for (index, (at, nature)) in alternatives.iter().zip(natures).enumerate() {
            let mut tags: Vec<Value> = tags.as_ref().map(|tags| tags.values[index].clone()).unwrap_or_default();
            tags.retain(|tag| taken.insert(tag.clone()));
            let words = self.variant_name(at, *nature, &tags, index);
            let ty = match at == pointer {
                true => self.base_itself(pointer, name, usage),
                false => self.alternative(at, *nature, alternatives, natures, &format!("{name}{words}"), usage),
            };
            if let Some(known) = places.get(&ty).and_then(|place| variants.get_mut(*place)) {
                known.tags.append(&mut tags);
                continue;
            }
            places.insert(ty.clone(), variants.len());
            variants.push(Variant { ident: names.unique_exact(words), ty, tags, boxed: false });
        }
        if let ([one], None) = (variants.as_slice(), &tags) {
            return Shape::Plain(one.ty.clone());
        }
        // What takes everything is tried last.
        variants.sort_by_key(|variant| matches!(self.resolve(&variant.ty), TypeRef::Map(_) | TypeRef::Json));
        let (rule, message) = match &tags {
            Some(tags) => (note::TAGGED_UNION, format!("told apart by `{}`", tags.property)),
            None => (note::UNTAGGED_UNION, "told apart by what each can hold".to_owned()),
        };
        self.note(rule, pointer, format!("{} alternatives, {message}", variants.len()));
        let catch_all = names.unique_exact(CATCH_ALL.to_owned());
        Shape::Named(Kind::Union { variants, tag: tags.map(|tags| tags.property), catch_all })
    }

    /// The type of one alternative. Texts among other kinds are one text, as nothing else tells them apart.
    fn alternative(
        &mut self,
        at: &str,
        nature: Nature,
        alternatives: &[String],
        natures: &[Nature],
        name: &str,
        usage: Usage,
    ) -> TypeRef {
        let alike = |wanted: &[Nature]| -> Vec<String> {
            let pairs = alternatives.iter().zip(natures).filter(|(_, nature)| wanted.contains(nature));
            pairs.map(|(at, _)| at.clone()).collect()
        };
        match nature {
            Nature::Text if alike(&[Nature::Text]).len() > 1 => {
                self.narrowed_each(&[at.to_owned()], usage);
                TypeRef::String
            }
            Nature::Integer | Nature::Number => {
                self.narrowed_each(&[at.to_owned()], usage);
                self.number_of(&alike(&[Nature::Integer, Nature::Number]))
            }
            // Where an alternative may be null, the union may, and says so where it is used.
            _ => self.use_of(at, name, usage).ty,
        }
    }

    fn variant_name(&self, at: &str, nature: Nature, tags: &[Value], index: usize) -> String {
        let schema = self.document.at(at).unwrap_or(&Value::Null);
        let place = reference(schema).unwrap_or_else(|| at.to_owned());
        if let Some(name) = self.components.get(&place) {
            return name.clone();
        }
        if let Some(title) = text(schema, "title") {
            return type_name(title);
        }
        match (tags, nature) {
            ([Value::String(tag), ..], _) => variant(tag),
            (_, Nature::Text) => "Text".to_owned(),
            (_, Nature::Integer | Nature::Number) => "Number".to_owned(),
            (_, Nature::Bool) => "Bool".to_owned(),
            (_, Nature::List) => "List".to_owned(),
            (_, Nature::Object | Nature::Mixed | Nature::Unsaid) => format!("Variant{}", index + 1),
        }
    }

    /// A schema whose `type` names several types: an enum with a variant for each.
    pub(super) fn several_types(
        &mut self,
        pointer: &str,
        schema: &Value,
        stated: &[&str],
        name: &str,
        usage: Usage,
    ) -> Shape {
        let mut variants: Vec<Variant> = Vec::new();
        let number = stated.contains(&"number");
        for ty in stated.iter().filter(|ty| !(number && **ty == "integer")) {
            let mut one = schema.clone();
            one["type"] = (*ty).into();
            let ident = match *ty {
                "string" => "Text",
                "integer" | "number" => "Number",
                "boolean" => "Bool",
                "array" => "List",
                _ => "Object",
            };
            let ty = match self.shape(pointer, &one, &format!("{name}{ident}"), usage) {
                Shape::Plain(ty) => ty,
                Shape::Named(kind) => TypeRef::Named(self.hoist(pointer, &one, &format!("{name}{ident}"), kind, usage)),
            };
            if !variants.iter().any(|known| known.ident == ident) {
                variants.push(Variant { ident: ident.to_owned(), ty, tags: Vec::new(), boxed: false });
            }
        }
        match variants.as_slice() {
            [one] => Shape::Plain(one.ty.clone()),
            _ => {
                self.note(note::UNTAGGED_UNION, pointer, format!("{} types", variants.len()));
                Shape::Named(Kind::Union { variants, tag: None, catch_all: CATCH_ALL.to_owned() })
            }
        }
    }

    /// The shape of a base: that of its children, and of itself.
    pub(super) fn heirs(&mut self, pointer: &str, schema: &Value, name: &str, usage: Usage) -> Shape {
        let alternatives = self.inheritance.alternatives(pointer);
        self.alternatives(pointer, schema, alternatives, false, name, usage)
    }

    /// The type of a base that is meant itself, and none of its children.
    fn base_itself(&mut self, pointer: &str, name: &str, usage: Usage) -> TypeRef {
        let schema = self.document.at(pointer).unwrap_or(&Value::Null);
        let mut gathered = Gathered::default();
        self.gather(pointer, schema, name, usage, &mut gathered, &mut Trail::default());
        match self.structure(gathered, usage) {
            Shape::Plain(TypeRef::Map(value)) if *value != TypeRef::Json => TypeRef::Map(value),
            shape => {
                // Without members of its own, it has the one that tells it apart.
                let kind = match shape {
                    Shape::Named(kind) => kind,
                    Shape::Plain(_) => Kind::Struct { fields: Vec::new(), additional: Additional::Undeclared },
                };
                let name = self.names.unique(format!("{name}Base"));
                self.define(name.clone(), pointer, schema, kind, usage);
                TypeRef::Named(name)
            }
        }
    }
}
