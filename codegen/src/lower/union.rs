//! Alternatives: `oneOf`, `anyOf`, several `type`s, and the children of a base become one enum.
//!
//! Values are told apart by a tag where there is one: a `discriminator`, or a member whose listed values
//! differ in every alternative. Without a tag, the runtime takes the alternative that gives back
//! most of what was received. Alternatives that are alike in JSON need no enum: texts become one text
//! (listing all values), numbers one number, and the objects of an `anyOf`, which may all hold at once, one object.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::inheritance::{component_name, mapping, property};
use super::names::{Names, type_name, variant};
use super::nature::{Nature, is_any, nature, properties, telling, texts};
use super::schema::{Shape, Types};
use super::usage::Usage;
use crate::model::{Kind, Tag, TypeRef, Variant};
use crate::note;
use crate::schema::{listed, narrows_reference, reference, text, without_words};

/// A member that tells alternatives apart, and the values of it that stand for each.
struct Tags {
    property: String,
    values: Vec<Vec<String>>,
}

impl Types<'_> {
    /// The shape of a schema with alternatives.
    pub(super) fn union(&mut self, pointer: &str, schema: &Value, name: &str, usage: Usage) -> Shape {
        let mut alternatives = Vec::new();
        for key in ["oneOf", "anyOf"] {
            for at in telling(self.document, pointer, schema, key) {
                self.flatten(at, &mut alternatives, 0);
            }
        }
        let any_of = schema.get("oneOf").is_none();
        self.alternatives(pointer, schema, alternatives, any_of, name, usage)
    }

    /// The shape of a base: that of its children.
    pub(super) fn heirs(
        &mut self,
        pointer: &str,
        schema: &Value,
        children: Vec<String>,
        name: &str,
        usage: Usage,
    ) -> Shape {
        self.alternatives(pointer, schema, children, false, name, usage)
    }

    /// An inline union within a union adds its alternatives, each once.
    fn flatten(&self, at: String, alternatives: &mut Vec<String>, depth: usize) {
        const MAX_DEPTH: usize = 16;
        let Some(schema) = self.document.at(&at) else { return };
        let inner: Vec<String> =
            ["oneOf", "anyOf"].into_iter().flat_map(|key| telling(self.document, &at, schema, key)).collect();
        let nested = !inner.is_empty() && schema.get("properties").is_none() && schema.get("allOf").is_none();
        if nested && schema.get("discriminator").is_none() && depth < MAX_DEPTH {
            inner.into_iter().for_each(|at| self.flatten(at, alternatives, depth + 1));
            return;
        }
        let key = |at: &String| {
            self.document.at(at).map(|schema| reference(schema).map_or_else(|| without_words(schema), Value::from))
        };
        if !alternatives.iter().any(|known| key(known) == key(&at)) {
            alternatives.push(at);
        }
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
        // The one child of a base is not all that stands where the base is meant.
        let is_base = schema.get("oneOf").is_none() && schema.get("anyOf").is_none();
        if let ([one], false) = (alternatives.as_slice(), is_base) {
            return Shape::Plain(self.use_of(one, name, usage).ty);
        }
        let resolved = |at: &String| document.at(at).and_then(reference).unwrap_or_else(|| at.clone());
        if alternatives.is_empty() || alternatives.iter().any(|at| is_any(document, &resolved(at))) {
            let message = "one of the alternatives is any JSON, and so are all of them".to_owned();
            self.note(note::UNION_AS_JSON, pointer, message);
            return Shape::Plain(TypeRef::Json);
        }
        let natures: Vec<Nature> = alternatives.iter().map(|at| nature(document, at)).collect();
        let all = |wanted: &[Nature]| natures.iter().all(|nature| wanted.contains(nature));
        if all(&[Nature::Text]) {
            return self.text_of(pointer, &alternatives, usage);
        }
        if all(&[Nature::Integer]) {
            return Shape::Plain(TypeRef::I64);
        }
        if all(&[Nature::Integer, Nature::Number]) {
            return Shape::Plain(TypeRef::Decimal);
        }
        let tags = if all(&[Nature::Object]) { self.tags(schema, &alternatives) } else { None };
        if all(&[Nature::Object]) && any_of && tags.is_none() {
            self.note(
                note::UNION_MERGED,
                pointer,
                "the alternatives are one object with the members of all".to_owned(),
            );
            return self.merged(&alternatives, name, usage);
        }
        self.variants(pointer, &alternatives, &natures, tags, name, usage)
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

    /// What tells the alternatives apart: what the document says does, or what it lists does.
    fn tags(&self, schema: &Value, alternatives: &[String]) -> Option<Tags> {
        let members: Vec<BTreeMap<String, String>> =
            alternatives.iter().map(|at| properties(self.document, at)).collect();
        let listed = |property: &str| -> Vec<Vec<String>> {
            members.iter().map(|m| m.get(property).map(|at| texts(self.document, at)).unwrap_or_default()).collect()
        };
        if let Some(property) = property(schema) {
            let mapping = mapping(schema);
            let pairs = alternatives.iter().zip(listed(property));
            let values = pairs.map(|(at, listed)| self.stated(at, &mapping, listed)).collect();
            return Some(Tags { property: property.to_owned(), values });
        }
        members.first()?.keys().find_map(|property| {
            let values = listed(property);
            let mut seen = BTreeSet::new();
            let disjoint = values.iter().all(|texts| !texts.is_empty() && texts.iter().all(|text| seen.insert(text)));
            disjoint.then(|| Tags { property: property.clone(), values })
        })
    }

    /// The values of a discriminator that stand for an alternative: those of the mapping, else those
    /// that the alternative lists itself, else its name.
    fn stated(&self, at: &str, mapping: &[(String, String)], listed: Vec<String>) -> Vec<String> {
        let target = self.document.at(at).and_then(reference).unwrap_or_else(|| at.to_owned());
        let mapped: Vec<String> =
            mapping.iter().filter(|(_, mapped)| *mapped == target).map(|(value, _)| value.clone()).collect();
        match (mapped.is_empty(), listed.is_empty()) {
            (false, _) => mapped,
            // A list that all alternatives share tells nothing apart.
            (true, false) if listed.len() == 1 => listed,
            _ => component_name(&target).into_iter().collect(),
        }
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
        let mut claimed = BTreeSet::new();
        for (index, (at, nature)) in alternatives.iter().zip(natures).enumerate() {
            let mut tags: Vec<String> = tags.as_ref().map(|tags| tags.values[index].clone()).unwrap_or_default();
            tags.retain(|tag| claimed.insert(tag.clone()));
            let words = self.variant_name(at, *nature, &tags, index);
            let ty = self.alternative(at, *nature, alternatives, natures, &format!("{name}{words}"), usage);
            if let Some(known) = variants.iter_mut().find(|known| known.ty == ty) {
                known.tags.append(&mut tags);
                continue;
            }
            variants.push(Variant { ident: names.unique_exact(words), ty, tags, boxed: false });
        }
        if let ([one], None) = (variants.as_slice(), &tags) {
            return Shape::Plain(one.ty.clone());
        }
        let tag = tags.map(|tags| Tag { property: tags.property, catch_all: names.unique_exact("Unknown".to_owned()) });
        let (rule, message) = match &tag {
            Some(tag) => (note::TAGGED_UNION, format!("told apart by `{}`", tag.property)),
            None => (note::UNTAGGED_UNION, "told apart by what each can hold".to_owned()),
        };
        self.note(rule, pointer, format!("{} alternatives, {message}", variants.len()));
        Shape::Named(Kind::Union { variants, tag })
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
            Nature::Text if alike(&[Nature::Text]).len() > 1 => TypeRef::String,
            Nature::Integer | Nature::Number => {
                if alike(&[Nature::Number]).is_empty() {
                    TypeRef::I64
                } else {
                    TypeRef::Decimal
                }
            }
            _ => self.use_of(at, name, usage).held(),
        }
    }

    fn variant_name(&self, at: &str, nature: Nature, tags: &[String], index: usize) -> String {
        let schema = self.document.at(at).unwrap_or(&Value::Null);
        let target = reference(schema);
        if let Some(name) = target.as_ref().and_then(|target| self.components.get(target)) {
            return name.clone();
        }
        if let Some(title) = text(schema, "title") {
            return type_name(title);
        }
        match (tags, nature) {
            ([tag, ..], _) => variant(tag),
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
            variants.push(Variant { ident: ident.to_owned(), ty, tags: Vec::new(), boxed: false });
        }
        match variants.as_slice() {
            [one] => Shape::Plain(one.ty.clone()),
            _ => {
                self.note(note::UNTAGGED_UNION, pointer, format!("{} types", variants.len()));
                Shape::Named(Kind::Union { variants, tag: None })
            }
        }
    }

    /// Gives each tagged alternative the member that tells it apart, where its schema does not declare it: it is sent
    /// with every value, and what was received must be given back.
    pub(super) fn declare_tags(&mut self) {
        let mut missing: Vec<(String, String)> = Vec::new();
        for def in &self.defs {
            let Kind::Union { variants, tag: Some(tag) } = &def.kind else { continue };
            for variant in variants {
                if let TypeRef::Named(name) = self.resolve(&variant.ty) {
                    missing.push((name.clone(), tag.property.clone()));
                }
            }
        }
        for (name, property) in missing {
            let Some(def) = self.defs.iter_mut().find(|def| def.name == name) else { continue };
            if let Kind::Struct { fields, .. } = &mut def.kind
                && !fields.iter().any(|field| field.wire == property)
            {
                fields.insert(0, super::member::tag_field(&property, fields));
            }
        }
    }
}

/// The pointers of the alternatives of a schema, null and mere constraints aside.
pub(super) fn alternatives_of(types: &Types<'_>, pointer: &str, schema: &Value) -> Vec<Vec<String>> {
    let told = ["oneOf", "anyOf"].into_iter().map(|key| telling(types.document, pointer, schema, key));
    told.filter(|told| !told.is_empty()).collect()
}

/// The parts of a schema that hold at once, beside its own keywords.
pub(super) fn parts_of(types: &Types<'_>, pointer: &str, schema: &Value) -> Vec<String> {
    let target = reference(schema).filter(|_| narrows_reference(types.document, schema));
    target.into_iter().chain(listed(pointer, schema, "allOf")).collect()
}
