//! The walk over a document: what is copied on the way, and what becomes of each reference.

use serde_json::{Map, Value};

use super::target::Target;
use super::{Bundler, name, placeholder};
use crate::load::origin::Place;
use crate::load::shape::{self, Holds, Kind};
use crate::load::{escape_token, references};
use crate::spec::decode;

/// How deep a document may become by what is put into it.
const MAX_DEPTH: usize = 2 * crate::load::MAX_DEPTH;

/// Where the walk is: in a file, and in the document that is made.
pub(super) struct At {
    source: Place,
    out: String,
    depth: usize,
}

impl At {
    pub(super) fn root() -> Self {
        Self { source: Place { file: 0, pointer: String::new() }, out: String::new(), depth: 0 }
    }

    pub(super) fn component(source: &Place, out: &str) -> Self {
        Self { source: source.clone(), out: out.to_owned(), depth: 0 }
    }

    fn enter(&mut self, token: &str) -> (usize, usize) {
        let before = (self.source.pointer.len(), self.out.len());
        let token = escape_token(token);
        for pointer in [&mut self.source.pointer, &mut self.out] {
            pointer.push('/');
            pointer.push_str(&token);
        }
        self.depth += 1;
        before
    }

    fn leave(&mut self, (source, out): (usize, usize)) {
        self.source.pointer.truncate(source);
        self.out.truncate(out);
        self.depth -= 1;
    }
}

impl Bundler {
    /// Copies an object, with its references made to lead into the document.
    pub(super) fn node(&mut self, value: &Value, kind: Kind, at: &mut At) -> Value {
        let Value::Object(members) = value else { return value.clone() };
        if at.depth > MAX_DEPTH {
            let message = format!("what it refers to is nested deeper than {MAX_DEPTH} levels");
            let fault = self.error(&at.source, message, "make a component of what is inside, and refer to it");
            self.faults.push(fault);
            return Value::Null;
        }
        match members.get("$ref") {
            Some(Value::String(reference)) => self.reference(members, reference, kind, at),
            _ => Value::Object(self.members(members, kind, at)),
        }
    }

    fn members(&mut self, members: &Map<String, Value>, kind: Kind, at: &mut At) -> Map<String, Value> {
        let mut copy = Map::new();
        for (key, member) in members {
            if at.source.file != 0 && stays_behind(kind, key, member) {
                continue;
            }
            let mark = at.enter(key);
            let member = match shape::member(kind, key) {
                Some((holds, inner)) => self.member(member, holds, inner, at),
                None if kind == Kind::Schema && key == "$dynamicRef" => self.dynamic(member, at),
                None if kind == Kind::Schema && key == "discriminator" => self.discriminator(member, at),
                None => member.clone(),
            };
            at.leave(mark);
            copy.insert(key.clone(), member);
        }
        copy
    }

    fn member(&mut self, value: &Value, holds: Holds, kind: Kind, at: &mut At) -> Value {
        match (holds, value) {
            (Holds::One | Holds::List, Value::Array(items)) => {
                let mut copy = Vec::with_capacity(items.len());
                for (index, item) in items.iter().enumerate() {
                    let mark = at.enter(&index.to_string());
                    copy.push(self.node(item, kind, at));
                    at.leave(mark);
                }
                Value::Array(copy)
            }
            (Holds::One, _) => self.node(value, kind, at),
            (Holds::Map | Holds::Extensible, Value::Object(entries)) => self.map(entries, holds, kind, at),
            _ => value.clone(),
        }
    }

    fn map(&mut self, entries: &Map<String, Value>, holds: Holds, kind: Kind, at: &mut At) -> Value {
        if let Some(Value::String(reference)) = entries.get("$ref")
            && let Target::Other(place, _) = self.target(reference, &at.source)
        {
            return self.inlined(place, at, |bundler, value, at| bundler.member(value, holds, kind, at));
        }
        let mut copy = Map::new();
        for (name, entry) in entries {
            let mark = at.enter(name);
            let extension = holds == Holds::Extensible && name.starts_with("x-");
            copy.insert(name.clone(), if extension { entry.clone() } else { self.node(entry, kind, at) });
            at.leave(mark);
        }
        Value::Object(copy)
    }

    /// What becomes of an object that is a reference.
    fn reference(&mut self, members: &Map<String, Value>, reference: &str, kind: Kind, at: &mut At) -> Value {
        let leads = match self.target(reference, &at.source) {
            Target::Unknown => None,
            Target::Root(pointer)
                if at.source.file == 0 && reference.starts_with("#/") && decode(reference) == pointer =>
            {
                None
            }
            Target::Root(pointer) => Some(pointer),
            Target::Network(url) => match self.placeholder(kind, &url, at) {
                Some(pointer) => Some(pointer),
                None => return placeholder::of(kind, self.dialect, &url),
            },
            Target::Other(place, name) => match self.component(kind, place.clone(), &name) {
                Some(pointer) if pointer != at.out => Some(pointer),
                _ => return self.in_place(members, place, kind, at),
            },
        };
        let mut copy = if self.siblings_count(kind) { self.members(members, kind, at) } else { members.clone() };
        if let Some(pointer) = leads {
            copy.insert("$ref".to_owned(), fragment(&pointer).into());
        }
        Value::Object(copy)
    }

    /// Puts what a reference leads to in its place; what stands beside the reference counts more.
    fn in_place(&mut self, members: &Map<String, Value>, place: Place, kind: Kind, at: &mut At) -> Value {
        let mut value = self.inlined(place, at, |bundler, value, at| bundler.node(value, kind, at));
        if let Value::Object(inlined) = &mut value
            && kind == Kind::PathItem
        {
            for (key, member) in self.members(members, kind, at).into_iter().filter(|(key, _)| key != "$ref") {
                let below = |pointer: &str| format!("{pointer}/{}", escape_token(&key));
                let source = Place { file: at.source.file, pointer: below(&at.source.pointer) };
                self.bundled.insert(below(&at.out), source);
                inlined.insert(key, member);
            }
        }
        value
    }

    fn inlined(&mut self, place: Place, at: &At, copy: impl FnOnce(&mut Self, &Value, &mut At) -> Value) -> Value {
        if self.inlining.contains(&place) {
            let message = "its `$ref`s lead back to itself".to_owned();
            let fault = self.error(&at.source, message, "break the circle of references");
            self.faults.push(fault);
            return Value::Null;
        }
        let source = self.files.root(place.file);
        let value = source.pointer(&place.pointer).unwrap_or(&Value::Null);
        let Some(budget) = self.budget else { return Value::Null };
        self.budget = budget.checked_sub(count(value));
        if self.budget.is_none() {
            let message = "what its references lead to is copied too often".to_owned();
            let fault = self.error(&at.source, message, "refer to components instead of path items and whole maps");
            self.faults.push(fault);
            return Value::Null;
        }
        self.bundled.insert(at.out.clone(), place.clone());
        self.inlining.push(place.clone());
        let copied = copy(self, value, &mut At { source: place, out: at.out.clone(), depth: at.depth });
        self.inlining.pop();
        copied
    }

    /// The empty component that stands for an address.
    fn placeholder(&mut self, kind: Kind, url: &str, at: &At) -> Option<String> {
        let key = (kind, url.to_owned());
        if let Some(pointer) = self.placeholders.get(&key) {
            return Some(pointer.clone());
        }
        // A component of the root that is nothing else is such a component itself.
        if self.taken.contains(&at.out) {
            return None;
        }
        let (path, fragment) = url.split_once('#').unwrap_or((url, ""));
        let pointer = self.name(kind, &name::of(path, &decode(fragment)))?;
        self.placeholders.insert(key, pointer.clone());
        let used = Place { file: at.source.file, pointer: format!("{}/$ref", at.source.pointer) };
        self.bundled.insert(pointer.clone(), used);
        self.added.push((pointer.clone(), placeholder::of(kind, self.dialect, url)));
        Some(pointer)
    }

    /// A dynamic reference. The document is one resource, so there is one anchor of a name, and the
    /// reference might as well be static.
    fn dynamic(&mut self, value: &Value, at: &At) -> Value {
        let Value::String(reference) = value else { return value.clone() };
        let pointer = match self.target(reference, &at.source) {
            Target::Root(pointer) => Some(pointer),
            Target::Other(place, name) => self.component(Kind::Schema, place, &name),
            Target::Network(_) | Target::Unknown => None,
        };
        pointer.map_or_else(|| value.clone(), |pointer| fragment(&pointer).into())
    }

    /// A discriminator: its mapping leads to schemas, by names or by references.
    fn discriminator(&mut self, value: &Value, at: &At) -> Value {
        let mut copy = value.clone();
        let mapping = copy.get_mut("mapping").and_then(Value::as_object_mut);
        for (_, target) in mapping.into_iter().flatten() {
            let Value::String(text) = target else { continue };
            let is_reference =
                text.contains(['#', '/']) || [".yaml", ".yml", ".json"].iter().any(|e| text.ends_with(e));
            let reference = if is_reference { text.clone() } else { format!("#/components/schemas/{text}") };
            let here = |pointer: &str| Place { file: at.source.file, pointer: pointer.to_owned() };
            let names_nothing = || self.files.value(&here(&reference[1..])).is_none();
            if (at.source.file == 0 && reference.starts_with("#/")) || (!is_reference && names_nothing()) {
                continue;
            }
            let pointer = match self.target(&reference, &at.source) {
                Target::Root(pointer) => Some(pointer),
                Target::Other(place, name) => self.component(Kind::Schema, place, &name),
                Target::Network(_) | Target::Unknown => None,
            };
            if let Some(pointer) = pointer {
                *text = fragment(&pointer);
            }
        }
        copy
    }
}

/// Whether a member of another file has no place in the copy. Definitions become components when
/// they are referred to; and the references in what no specification knows lead nowhere any more.
fn stays_behind(kind: Kind, key: &str, member: &Value) -> bool {
    if kind == Kind::Schema && matches!(key, "$defs" | "definitions") {
        return true;
    }
    let known = shape::member(kind, key).is_some() || references::is_data(key, member);
    !known && references::visit(member, &mut |_, _| Err(())).is_err()
}

/// A pointer as a reference within the document.
fn fragment(pointer: &str) -> String {
    format!("#{}", pointer.replace('%', "%25"))
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}
