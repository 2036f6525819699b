//! Names that schemas of OpenAPI 3.1 give themselves: `$anchor` and `$id`.

use std::collections::HashMap;
use std::convert::Infallible;

use serde_json::{Map, Value};

use super::address::resolve;
use crate::load::origin::nearest;
use crate::load::references;

/// The names in one file, and the pointers of what they name. The first of two counts.
#[derive(Debug, Default)]
pub(super) struct Anchors {
    /// By the pointer of the schema with an `$id` that they stand in, and by name.
    anchors: HashMap<(String, String), String>,
    /// The pointers of schemas by their addresses.
    ids: HashMap<String, String>,
    /// The addresses of schemas by their pointers.
    addresses: HashMap<String, String>,
}

impl Anchors {
    pub(super) fn of(root: &Value) -> Self {
        let mut found = Self::default();
        let Ok(()) = references::objects(root, &mut |pointer, members| {
            found.note(pointer, members);
            Ok::<(), Infallible>(())
        });
        found
    }

    fn note(&mut self, pointer: &str, members: &Map<String, Value>) {
        if let Some(Value::String(id)) = members.get("$id") {
            let address = resolve(self.base(pointer), id.trim_end_matches('#'));
            self.ids.entry(address.clone()).or_insert_with(|| pointer.to_owned());
            self.addresses.insert(pointer.to_owned(), address);
        }
        for keyword in ["$anchor", "$dynamicAnchor"] {
            if let Some(Value::String(name)) = members.get(keyword) {
                let key = (self.resource(pointer).to_owned(), name.clone());
                self.anchors.entry(key).or_insert_with(|| pointer.to_owned());
            }
        }
    }

    /// The pointer of the schema with an `$id` that a pointer stands in; the file's own where there is none.
    pub(super) fn resource<'p>(&self, pointer: &'p str) -> &'p str {
        nearest(&self.addresses, pointer).map_or("", |(_, rest)| &pointer[..pointer.len() - rest.len()])
    }

    /// The address that references at a pointer are relative to; empty where it is the file's.
    pub(super) fn base(&self, pointer: &str) -> &str {
        nearest(&self.addresses, pointer).map_or("", |(address, _)| address)
    }

    /// What `#name` leads to from within a resource; or else, what has that name anywhere in the file.
    pub(super) fn anchor(&self, resource: &str, name: &str) -> Option<&str> {
        let own = self.anchors.get(&(resource.to_owned(), name.to_owned()));
        let others = || self.anchors.iter().filter(|((_, other), _)| other == name).map(|(_, pointer)| pointer).min();
        own.or_else(others).map(String::as_str)
    }

    /// The pointer of the schema that calls itself by an address.
    pub(super) fn id(&self, address: &str) -> Option<&str> {
        self.ids.get(address).map(String::as_str)
    }
}
