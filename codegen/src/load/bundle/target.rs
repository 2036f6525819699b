//! Where references lead.

use serde_json::Value;

use super::address::resolve;
use super::files::OpenError;
use super::name;
use super::{Bundler, is_sole_reference};
use crate::load::error::{Fault, LoadError};
use crate::load::origin::Place;
use crate::load::version::{Dialect, Version};
use crate::note;
use crate::spec::decode;

/// How many references are followed before a chain of them counts as a circle.
const MAX_REFERENCES: usize = 32;

/// Where a reference leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// To a pointer of the root document.
    Root(String),
    /// Into another file; with a name for what stands there.
    Other(Place, String),
    /// To the network.
    Network(String),
    /// Where nobody can follow; whoever reads the operations says so.
    Unknown,
}

impl Bundler {
    /// Where a reference leads in the end; where that is nowhere, it is noted, and nobody can follow.
    pub(super) fn target(&mut self, reference: &str, from: &Place) -> Target {
        self.lead(reference, from).unwrap_or_else(|fault| {
            self.faults.push(fault);
            Target::Unknown
        })
    }

    /// Where a reference leads in the end. What is nothing but a reference itself is passed through.
    fn lead(&mut self, reference: &str, from: &Place) -> Result<Target, Fault> {
        let first = self.step(reference, from)?;
        let Target::Other(place, name) = first else { return Ok(first) };
        let mut place = place;
        for _ in 0..MAX_REFERENCES {
            let Some(value) = self.files.value(&place) else {
                let file = self.files.path(place.file).display().to_string();
                let message = format!("`$ref: {reference}` points at nothing in {file}");
                return Err(self.error(from, message, "define what it refers to, or correct the reference"));
            };
            let next = value.get("$ref").and_then(Value::as_str).filter(|_| is_sole_reference(value));
            let Some(next) = next.map(str::to_owned) else { return Ok(Target::Other(place, name)) };
            match self.step(&next, &place)? {
                Target::Other(next, _) => place = next,
                Target::Unknown => return Ok(Target::Other(place, name)),
                other => return Ok(other),
            }
        }
        Err(self.error(from, "its `$ref`s lead back to itself".to_owned(), "break the circle of references"))
    }

    /// The place itself, or where the reference that it is leads to in another file.
    pub(super) fn settled(&mut self, place: Place) -> Place {
        let reference = self.files.value(&place).and_then(|value| value.get("$ref")).and_then(Value::as_str);
        match reference.map(str::to_owned).map(|reference| self.target(&reference, &place)) {
            Some(Target::Other(place, _)) => place,
            _ => place,
        }
    }

    /// Follows one reference.
    fn step(&mut self, reference: &str, from: &Place) -> Result<Target, Fault> {
        if reference.is_empty() {
            return Ok(Target::Unknown);
        }
        let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        if let Some(resource) = self.resource(path, from) {
            return Ok(self.within(from.file, &resource, &decode(fragment), ""));
        }
        let address = self.address(path, from);
        if is_on_network(path) {
            return Ok(Target::Network(reference.to_owned()));
        }
        if !self.files.may_be_read() || !is_relative(path) {
            return Ok(if is_on_network(&address) { Target::Network(address) } else { Target::Unknown });
        }
        let path = decode(path);
        match self.open(&path, reference, from) {
            Ok(file) => Ok(self.within(file, "", &decode(fragment), &path)),
            Err(_) if is_on_network(&address) => Ok(Target::Network(address)),
            Err(error) => Err(error),
        }
    }

    /// The pointer of the schema of the same file that the path of a reference leads to: the one that calls itself so,
    /// or, without a path, the one that the reference stands in.
    fn resource(&mut self, path: &str, from: &Place) -> Option<String> {
        match path {
            "" if !self.is_3_1() => Some(String::new()),
            "" => Some(self.files.anchors(from.file).resource(&from.pointer).to_owned()),
            path => self.identified(from, path),
        }
    }

    /// The pointer of the schema in a file that calls itself by an address.
    fn identified(&mut self, from: &Place, path: &str) -> Option<String> {
        if !self.is_3_1() {
            return None;
        }
        let address = self.address(path, from);
        let anchors = self.files.anchors(from.file);
        anchors.id(&address).or_else(|| anchors.id(path)).map(str::to_owned)
    }

    /// A path as it is meant where it stands: relative to the `$id` around it.
    fn address(&mut self, path: &str, from: &Place) -> String {
        if self.is_3_1() { resolve(self.files.anchors(from.file).base(&from.pointer), path) } else { path.to_owned() }
    }

    /// What a fragment leads to within a schema, or within a whole file.
    fn within(&mut self, file: usize, resource: &str, fragment: &str, path: &str) -> Target {
        let exists = |pointer: &str| self.files.value(&Place { file, pointer: pointer.to_owned() }).is_some();
        let pointer = if fragment.is_empty() {
            resource.to_owned()
        } else if fragment.starts_with('/') {
            // Many write pointers of the whole file in schemas that have an `$id`, too.
            let own = format!("{resource}{fragment}");
            // Some write `#/` for the whole file.
            let whole = fragment == "/" && !exists(fragment);
            match (exists(&own), whole) {
                (true, _) => own,
                (false, true) => String::new(),
                (false, false) => fragment.to_owned(),
            }
        } else {
            match self.files.anchors(file).anchor(resource, fragment) {
                Some(pointer) if self.is_3_1() => pointer.to_owned(),
                _ if file == 0 => return Target::Unknown,
                _ => fragment.to_owned(),
            }
        };
        self.found(Place { file, pointer }, path)
    }

    fn found(&self, place: Place, path: &str) -> Target {
        if place.file == 0 {
            return Target::Root(place.pointer);
        }
        let name = if path.is_empty() { self.files.path(place.file).to_string_lossy() } else { path.into() };
        let name = name::of(&name, &place.pointer);
        Target::Other(place, name)
    }

    fn is_3_1(&self) -> bool {
        self.dialect == Dialect::OpenApi(Version::V3_1)
    }

    fn open(&mut self, path: &str, reference: &str, from: &Place) -> Result<usize, Fault> {
        let dialect = self.dialect;
        self.files.open(from.file, path, dialect).map_err(|error| match error {
            OpenError::File(error) => {
                Fault { rule: note::PART_UNREADABLE, pointer: String::new(), error: Box::new(error) }
            }
            OpenError::Reference(reason) => {
                let message = format!("`$ref: {reference}` cannot be followed: {reason}");
                self.error(from, message, "correct the path; it is relative to the file that names it")
            }
        })
    }

    /// Something wrong with a reference, at its place.
    pub(super) fn error(&self, at: &Place, message: String, remedy: &str) -> Fault {
        let place = Place { file: at.file, pointer: format!("{}/$ref", at.pointer) };
        let (file, position) = (self.files.path(at.file).to_owned(), self.files.position(&place));
        let error = LoadError { file, position, message, remedy: remedy.to_owned(), more: Vec::new() };
        Fault { rule: note::REFERENCE_UNRESOLVED, pointer: place.pointer, error: Box::new(error) }
    }
}

fn is_on_network(address: &str) -> bool {
    address.starts_with("http://") || address.starts_with("https://")
}

/// Whether a reference is a path, relative to a file: neither absolute nor an address.
fn is_relative(path: &str) -> bool {
    let scheme = path.split_once(':').is_some_and(|(scheme, _)| !scheme.contains('/'));
    !scheme && !path.starts_with(['/', '\\'])
}
