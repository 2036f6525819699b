//! Where references lead.

use serde_json::Value;

use super::files::OpenError;
use super::name;
use super::{Bundler, is_sole_reference};
use crate::load::error::LoadError;
use crate::load::origin::Place;
use crate::load::version::{Dialect, Version};
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
    /// Where a reference leads in the end. What is nothing but a reference itself is passed through.
    pub(super) fn target(&mut self, reference: &str, from: &Place) -> Result<Target, LoadError> {
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
    pub(super) fn settled(&mut self, place: Place) -> Result<Place, LoadError> {
        let reference = self.files.value(&place).and_then(|value| value.get("$ref")).and_then(Value::as_str);
        match reference.map(str::to_owned).map(|reference| self.target(&reference, &place)).transpose()? {
            Some(Target::Other(place, _)) => Ok(place),
            _ => Ok(place),
        }
    }

    /// Follows one reference.
    fn step(&mut self, reference: &str, from: &Place) -> Result<Target, LoadError> {
        let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let (file, path) = if path.is_empty() {
            (from.file, String::new())
        } else if let Some(pointer) = self.identified(from.file, path) {
            let pointer = format!("{pointer}{}", decode(fragment));
            return Ok(self.found(Place { file: from.file, pointer }, ""));
        } else if path.starts_with("http://") || path.starts_with("https://") {
            return Ok(Target::Network(reference.to_owned()));
        } else if !self.files.may_be_read() || !is_relative(path) {
            return Ok(Target::Unknown);
        } else {
            let path = decode(path);
            (self.open(&path, reference, from)?, path)
        };
        let pointer = match decode(fragment) {
            pointer if pointer.is_empty() || pointer.starts_with('/') => pointer,
            name => match self.files.anchors(file).anchor(&name) {
                Some(pointer) if self.is_3_1() => pointer.to_owned(),
                _ if file == 0 => return Ok(Target::Unknown),
                _ => name,
            },
        };
        // Some write `#/` for the whole file.
        let whole = pointer == "/" && self.files.value(&Place { file, pointer: pointer.clone() }).is_none();
        let pointer = if whole { String::new() } else { pointer };
        Ok(self.found(Place { file, pointer }, &path))
    }

    fn found(&self, place: Place, path: &str) -> Target {
        if place.file == 0 {
            return Target::Root(place.pointer);
        }
        let name = if path.is_empty() { self.files.path(place.file).to_string_lossy() } else { path.into() };
        let name = name::of(&name, &place.pointer);
        Target::Other(place, name)
    }

    /// The pointer of the schema in a file that calls itself by an address.
    fn identified(&mut self, file: usize, id: &str) -> Option<String> {
        if !self.is_3_1() {
            return None;
        }
        self.files.anchors(file).id(id).map(str::to_owned)
    }

    fn is_3_1(&self) -> bool {
        self.dialect == Dialect::OpenApi(Version::V3_1)
    }

    fn open(&mut self, path: &str, reference: &str, from: &Place) -> Result<usize, LoadError> {
        let dialect = self.dialect;
        self.files.open(from.file, path, dialect).map_err(|error| match error {
            OpenError::File(error) => error,
            OpenError::Reference(reason) => {
                let message = format!("`$ref: {reference}` cannot be followed: {reason}");
                self.error(from, message, "correct the path; it is relative to the file that names it")
            }
        })
    }

    /// An error about a reference, at its place.
    pub(super) fn error(&self, at: &Place, message: String, remedy: &str) -> LoadError {
        let position = self.files.position(&Place { file: at.file, pointer: format!("{}/$ref", at.pointer) });
        LoadError { file: self.files.path(at.file).to_owned(), position, message, remedy: remedy.to_owned() }
    }
}

/// Whether a reference is a path, relative to a file: neither absolute nor an address.
fn is_relative(path: &str) -> bool {
    let scheme = path.split_once(':').is_some_and(|(scheme, _)| !scheme.contains('/'));
    !scheme && !path.starts_with(['/', '\\'])
}
