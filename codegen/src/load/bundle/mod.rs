//! Documents of several files, put together into one.
//!
//! What a reference to another file leads to becomes a component, and the reference leads there.
//! What cannot be a component (a path item, or the map of all paths) is put in the place of the
//! reference. The network is never asked: a reference to it leads to an empty component that says
//! where the author wanted to go.

mod address;
mod anchors;
mod files;
mod name;
mod placeholder;
mod target;
mod walk;

use std::collections::{HashMap, HashSet, VecDeque};

use serde_json::{Map, Value};

use self::files::Files;
pub(super) use self::files::Others;
pub(super) use self::placeholder::placeholders;
use super::error::Fault;
use super::origin::{Moves, Place, Sources};
use super::shape::{self, Kind};
use super::source::Source;
use super::version::{Dialect, Version};
use super::{escape_token, references};

/// Brings everything that a document refers to into it; and says what is wrong with what it refers to. A reference that
/// nobody can follow stays as it is.
pub(super) fn bundle(root: Source, dialect: Dialect, others: Others) -> (Value, Sources, Vec<Fault>) {
    let inside = |reference: &Value| reference.as_str().is_none_or(|text| text == "#" || text.starts_with("#/"));
    let leaves = references::objects(&root.root, &mut |_, members| {
        let held = ["$ref", "$dynamicRef"].into_iter().filter_map(|keyword| members.get(keyword));
        // Within a schema that has an `$id`, `#` is that schema.
        let is_resource = members.get("$id").is_some_and(Value::is_string);
        if !is_resource && held.into_iter().all(inside) { Ok(()) } else { Err(()) }
    });
    if leaves.is_ok() {
        let sources = Sources { files: vec![root.file], marks: vec![root.marks], ..Sources::default() };
        return (root.root, sources, root.faults);
    }
    let mut bundler = Bundler::new(root, dialect, others);
    let root = bundler.run();
    let Bundler { mut files, mut faults, bundled, .. } = bundler;
    faults.append(&mut files.faults);
    let (files, marks) = files.into_parts();
    (root, Sources { files, marks, bundled, converted: Moves::new() }, faults)
}

struct Bundler {
    dialect: Dialect,
    files: Files,
    /// Where something of a file stands as a component.
    known: HashMap<(Kind, Place), String>,
    /// Components that stand for addresses.
    placeholders: HashMap<(Kind, String), String>,
    /// The pointers that components have.
    taken: HashSet<String>,
    /// Components whose content is still to be brought in.
    queue: VecDeque<(String, Kind, Place)>,
    /// Components that were made, by their pointers.
    added: Vec<(String, Value)>,
    bundled: Moves<Place>,
    /// What is being put in place of a reference, outermost first.
    inlining: Vec<Place>,
    /// How many nodes may still be put in place of references; none once there were too many.
    budget: Option<usize>,
    faults: Vec<Fault>,
}

/// How many nodes may stand in place of references: each of few may be used many times.
const MAX_INLINED_NODES: usize = 500_000;

impl Bundler {
    fn new(root: Source, dialect: Dialect, others: Others) -> Self {
        Self {
            dialect,
            files: Files::new(root, others),
            known: HashMap::new(),
            placeholders: HashMap::new(),
            taken: HashSet::new(),
            queue: VecDeque::new(),
            added: Vec::new(),
            bundled: Moves::new(),
            inlining: Vec::new(),
            budget: Some(MAX_INLINED_NODES),
            faults: Vec::new(),
        }
    }

    fn run(&mut self) -> Value {
        self.components_of_the_root();
        let source = self.files.root(0);
        let mut root = self.node(&source, Kind::Document, &mut walk::At::root());
        while let Some((pointer, kind, place)) = self.queue.pop_front() {
            let source = self.files.root(place.file);
            let value = source.pointer(&place.pointer).unwrap_or(&Value::Null);
            let component = self.node(value, kind, &mut walk::At::component(&place, &pointer));
            self.bundled.insert(pointer.clone(), place);
            self.added.push((pointer, component));
        }
        for (pointer, component) in std::mem::take(&mut self.added) {
            insert(&mut root, &pointer, component);
        }
        root
    }

    /// Whether `$ref` stands beside other keywords that count.
    fn siblings_count(&self, kind: Kind) -> bool {
        kind == Kind::PathItem || (kind == Kind::Schema && self.dialect == Dialect::OpenApi(Version::V3_1))
    }

    /// Learns what the root calls its components, so that what it refers to from there keeps that
    /// name: `Pet: {$ref: pet.yaml}` is where the content of `pet.yaml` shall stand.
    fn components_of_the_root(&mut self) {
        for kind in shape::COMPONENTS {
            let Some(section) = shape::section(kind, self.dialect) else { continue };
            let mut place = Place { file: 0, pointer: String::new() };
            for token in section.split('/').skip(1) {
                place.pointer = format!("{}/{token}", place.pointer);
                place = self.settled(place);
            }
            let Some(Value::Object(entries)) = self.files.value(&place) else { continue };
            let names: Vec<String> = entries.keys().map(|name| escape_token(name).into_owned()).collect();
            for name in names {
                let pointer = format!("{section}/{name}");
                self.taken.insert(pointer.clone());
                let entry = Place { file: place.file, pointer: format!("{}/{name}", place.pointer) };
                // Beside other keywords the reference has to stay a reference.
                let stays = self.siblings_count(kind) && !self.files.value(&entry).is_some_and(is_sole_reference);
                let settled = if stays { entry.clone() } else { self.settled(entry.clone()) };
                for place in [entry, settled] {
                    if place.file != 0 {
                        self.known.entry((kind, place)).or_insert_with(|| pointer.clone());
                    }
                }
            }
        }
    }

    /// The component that something of another file becomes; none where its kind has none.
    fn component(&mut self, kind: Kind, place: Place, name: &str) -> Option<String> {
        if let Some(pointer) = self.known.get(&(kind, place.clone())) {
            return Some(pointer.clone());
        }
        let pointer = self.name(kind, name)?;
        self.known.insert((kind, place.clone()), pointer.clone());
        self.queue.push_back((pointer.clone(), kind, place));
        Some(pointer)
    }

    /// A pointer for a component, with a name that is not taken.
    fn name(&mut self, kind: Kind, name: &str) -> Option<String> {
        let section = shape::section(kind, self.dialect)?;
        let pointer = name::unique(name, |name| !self.taken.contains(&format!("{section}/{name}")));
        let pointer = format!("{section}/{pointer}");
        self.taken.insert(pointer.clone());
        Some(pointer)
    }
}

/// Whether an object is nothing but a reference.
fn is_sole_reference(value: &Value) -> bool {
    value.as_object().is_some_and(|members| members.len() == 1) && value.get("$ref").is_some_and(Value::is_string)
}

/// Puts a component into its section.
fn insert(root: &mut Value, pointer: &str, component: Value) {
    let mut slot = root;
    for token in pointer.split('/').skip(1) {
        // What an author wrote instead of an object is refused when it is read.
        let Value::Object(members) = slot else { return };
        slot = members.entry(token).or_insert_with(|| Value::Object(Map::new()));
    }
    *slot = component;
}

#[cfg(test)]
mod tests;
