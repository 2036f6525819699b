//! Schemas become types.
//!
//! Every component becomes a named type; an inline schema becomes one when it needs a name
//! (objects, enums, constrained text), else it is used as it is. What a type cannot hold of its
//! schema is noted. The kinds of schemas have files of their own: [`super::text`],
//! [`super::number`], [`super::list`], [`super::object`], [`super::union`].

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::alternatives::alternatives_of;
use super::inheritance::Inheritance;
use super::listed;
use super::member::Merging;
use super::names::{Names, has_words, type_name};
use super::nature::{Nature, nature};
use super::recursion;
use super::schemas::Schemas;
use super::usage::Usage;
use crate::model::{self, Index, Kind, TypeDef, TypeRef};
use crate::note::{self, Note, Rule};
use crate::schema::{
    counts_beside_reference, flag, is_nullable, narrows_reference, stands_for, text, types, values, without_words,
};
use crate::spec::circles;

/// A use of a type, and whether null may stand for it.
#[derive(Clone, Debug)]
pub(crate) struct Use {
    pub(crate) ty: TypeRef,
    pub(crate) nullable: bool,
}

impl Use {
    /// The type as a list or a map holds it.
    pub(super) fn held(self) -> TypeRef {
        if self.nullable { TypeRef::OrNull(Box::new(self.ty)) } else { self.ty }
    }
}

/// What a schema is, before it has a name.
pub(super) enum Shape {
    Named(Kind),
    Plain(TypeRef),
}

/// A named inline schema.
struct Inline {
    schema: Value,
    kind: Kind,
    name: String,
}

pub(crate) struct Types<'s> {
    pub(super) document: &'s Schemas<'s>,
    pub(super) usages: HashMap<String, Usage>,
    pub(super) names: Names,
    /// The type of each component, by the pointer of its schema.
    pub(super) components: HashMap<String, String>,
    /// Which schemas others take in and may stand for.
    pub(super) inheritance: Inheritance,
    /// Named inline schemas by the words of their names, so that equal ones share a type.
    inline: HashMap<String, Vec<Inline>>,
    /// The schemas that are being lowered, by pointer.
    open: HashSet<String>,
    /// The schemas whose members are being made those of one object, innermost last.
    pub(super) merging: Vec<Merging>,
    /// The constraints of requests that no type holds, by the pointer of their schema.
    pub(super) unheld: HashMap<String, Vec<&'static str>>,
    pub(crate) defs: Vec<TypeDef>,
    /// Where each of them is, by name.
    places: HashMap<String, usize>,
    pub(crate) notes: Vec<Note>,
}

impl<'s> Types<'s> {
    /// Lowers all component schemas, and what else references lead to.
    pub(crate) fn of_components(document: &'s Schemas<'s>, usages: HashMap<String, Usage>) -> Self {
        let mut types = Self {
            document,
            usages,
            names: Names::default(),
            components: HashMap::new(),
            inheritance: Inheritance::of(document),
            inline: HashMap::new(),
            open: HashSet::new(),
            merging: Vec::new(),
            unheld: HashMap::new(),
            defs: Vec::new(),
            places: HashMap::new(),
            notes: Vec::new(),
        };
        let components = types.name_components();
        for (pointer, rust) in components {
            let Some(schema) = document.at(&pointer) else { continue };
            let usage = types.usages.get(&pointer).copied().unwrap_or(Usage::RESPONSE);
            let kind = match types.shape(&pointer, schema, &rust, usage) {
                Shape::Named(kind) => kind,
                Shape::Plain(ty) => Kind::Alias(ty),
            };
            types.define(rust, &pointer, schema, kind, usage);
        }
        let is_circle = |at: &String| !circles([at.clone()], |at| document.at(at)).is_empty();
        // A schema that says nothing has a note of its own.
        for pointer in recursion::cut_aliases(&mut types.defs).into_iter().filter(|at| !is_circle(at)) {
            let message = "the schema contains itself and no object is in between: it is any JSON within itself";
            types.note(note::RECURSIVE_LIST, &pointer, message.to_owned());
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

    /// Null is a value of any JSON: a member that may be left out tells it from being absent, and one that must
    /// be there needs no words for it.
    pub(crate) fn settle_any(&mut self) {
        let index = Index::of(&self.defs);
        let is_any = self.defs.iter().map(|def| match &def.kind {
            Kind::Struct { fields, .. } => fields.iter().map(|f| *index.resolve(&f.ty) == TypeRef::Json).collect(),
            _ => Vec::new(),
        });
        let is_any: Vec<Vec<bool>> = is_any.collect();
        for (def, any) in self.defs.iter_mut().zip(is_any) {
            let Kind::Struct { fields, .. } = &mut def.kind else { continue };
            fields.iter_mut().zip(any).filter(|(_, any)| *any).for_each(|(field, _)| field.nullable = !field.required);
        }
    }

    /// The type behind the aliases of a type.
    pub(crate) fn resolve<'a>(&'a self, ty: &'a TypeRef) -> &'a TypeRef {
        model::behind(ty, self.defs.len(), |name| self.places.get(name).and_then(|at| self.defs.get(*at)))
    }

    /// The kind of a named type.
    pub(crate) fn kind(&self, ty: &TypeRef) -> Option<&Kind> {
        let TypeRef::Named(name) = self.resolve(ty) else { return None };
        self.places.get(name).and_then(|at| self.defs.get(*at)).map(|def| &def.kind)
    }

    /// The definition of a name, to add to it.
    pub(super) fn def_mut(&mut self, name: &str) -> Option<&mut TypeDef> {
        self.places.get(name).and_then(|at| self.defs.get_mut(*at))
    }

    pub(super) fn add(&mut self, def: TypeDef) {
        self.places.entry(def.name.clone()).or_insert(self.defs.len());
        self.defs.push(def);
    }

    pub(super) fn define(&mut self, name: String, pointer: &str, schema: &Value, mut kind: Kind, usage: Usage) {
        let doc = text(schema, "description").unwrap_or_default();
        let listed = listed::documentation(self.document, pointer, schema).filter(|_| matches!(kind, Kind::Alias(_)));
        let doc = [Some(doc), listed.as_deref()].into_iter().flatten().filter(|words| !words.is_empty());
        let doc = doc.collect::<Vec<_>>().join("\n\n");
        if let (true, Kind::Struct { fields, .. }) = (flag(schema, "x-sensitive"), &mut kind) {
            fields.iter_mut().for_each(|field| field.redacted = true);
        }
        let deprecated = flag(schema, "deprecated");
        self.add(TypeDef { name, pointer: pointer.to_owned(), doc, kind, in_requests: usage.request, deprecated });
    }

    /// The type of the schema at a pointer; `hint` names it if it needs a name and has no title.
    pub(crate) fn use_of(&mut self, pointer: &str, hint: &str, usage: Usage) -> Use {
        let Some(schema) = self.document.at(pointer) else {
            return Use { ty: TypeRef::Json, nullable: true };
        };
        let nullable = is_nullable(self.document, pointer, schema);
        if let Some(name) = self.components.get(pointer) {
            return Use { ty: TypeRef::Named(name.clone()), nullable };
        }
        if !self.open.insert(pointer.to_owned()) {
            let message = "the schema refers to itself from within a component: it is any JSON there".to_owned();
            self.note(note::UNTYPED_SCHEMA, pointer, message);
            return Use { ty: TypeRef::Json, nullable: true };
        }
        let words = type_name(text(schema, "title").filter(|title| has_words(title)).unwrap_or(hint));
        let ty = match self.shape(pointer, schema, &words, usage) {
            Shape::Plain(ty) => ty,
            Shape::Named(kind) => TypeRef::Named(self.hoist(pointer, schema, &words, kind, usage)),
        };
        self.open.remove(pointer);
        Use { ty, nullable }
    }

    /// Gives an inline schema a name. Equal schemas of one name share a type, unless it has constraints
    /// in one direction only.
    pub(super) fn hoist(&mut self, pointer: &str, schema: &Value, words: &str, kind: Kind, usage: Usage) -> String {
        let (key, bare) = (without_words(schema), kind.without_docs());
        let known = self.inline.get(words).into_iter().flatten().find(|i| i.kind == bare && i.schema == key);
        if let Some(name) = known.map(|inline| inline.name.clone()) {
            if let Some(def) = self.def_mut(&name) {
                def.in_requests |= usage.request;
            }
            return name;
        }
        let name = self.names.unique(words.to_owned());
        let inline = Inline { schema: key, kind: bare, name: name.clone() };
        self.inline.entry(words.to_owned()).or_default().push(inline);
        self.note(note::INLINE_SCHEMA, pointer, format!("the inline schema is the Rust type `{name}`"));
        self.define(name.clone(), pointer, schema, kind, usage);
        name
    }

    /// What a schema is; `name` is its own name, or starts the names of what is inline in it.
    pub(super) fn shape(&mut self, pointer: &str, schema: &Value, name: &str, usage: Usage) -> Shape {
        if self.inheritance.children(pointer).is_some() {
            return self.heirs(pointer, schema, name, usage);
        }
        let child = self.inheritance.is_child(pointer) && schema.get("allOf").is_some();
        if let Some(target) = stands_for(self.document, pointer, schema).filter(|_| !child) {
            if schema.get("$ref").is_none() || counts_beside_reference(self.document) {
                self.narrowed(pointer, schema, usage);
            }
            return Shape::Plain(self.use_of(&target, name, usage).ty);
        }
        if let Some(values) = values(schema) {
            return self.enumeration(pointer, schema, &values, name, usage);
        }
        let alternatives = alternatives_of(self.document, pointer, schema).concat();
        // An alternative that can be anything is what the schema itself says.
        let typed = || !matches!(nature(self.document, pointer), Nature::Mixed | Nature::Unsaid);
        let own = schema.get("properties").is_some()
            || schema.get("items").is_some()
            || (self.is_any_of(&alternatives) && typed());
        let alternatives = !alternatives.is_empty();
        if schema.get("allOf").is_some() || narrows_reference(self.document, schema) || (alternatives && own) {
            return self.all_of(pointer, schema, name, usage);
        }
        if alternatives {
            if self.document.circle(pointer).is_some() {
                let message = "an alternative leads back to the schema with nothing in between: in its place are its own alternatives";
                self.note(note::UNION_MERGED, pointer, message.to_owned());
            }
            return self.union(pointer, schema, name, usage);
        }
        self.typed(pointer, schema, name, usage)
    }

    /// What a schema is by its `type`, or by the keywords that only make sense for one type.
    fn typed(&mut self, pointer: &str, schema: &Value, name: &str, usage: Usage) -> Shape {
        const OBJECT: &[&str] = &["properties", "additionalProperties", "patternProperties"];
        const LIST: &[&str] = &["items", "prefixItems"];
        let has = |keys: &[&str]| keys.iter().any(|key| schema.get(*key).is_some());
        self.unheld_keywords(pointer, schema);
        match types(schema).as_slice() {
            ["string"] => self.string(pointer, schema, usage),
            ["integer"] => self.integer(pointer, schema, usage),
            ["number"] => self.number(pointer, schema, usage),
            ["boolean"] => Shape::Plain(TypeRef::Bool),
            ["array"] => self.array(pointer, schema, name, usage),
            ["object"] => self.object(pointer, schema, name, usage),
            [_, _, ..] => self.several_types(pointer, schema, &types(schema), name, usage),
            [] if has(OBJECT) => self.object(pointer, schema, name, usage),
            [] if has(LIST) => self.array(pointer, schema, name, usage),
            _ => {
                // Of what is there and cannot be, lint speaks.
                let says_nothing = schema.is_object() && !["type", "$ref"].iter().any(|key| schema.get(*key).is_some());
                if says_nothing {
                    self.note(note::UNTYPED_SCHEMA, pointer, "the schema has no type: it is any JSON".to_owned());
                }
                Shape::Plain(TypeRef::Json)
            }
        }
    }
}
