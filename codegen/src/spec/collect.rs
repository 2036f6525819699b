//! The operations of a document, brought together from paths, webhooks and callbacks.

use std::collections::HashSet;

use serde_json::Value;

use super::read::{Kind, Reader, stated_id};
use super::{Operation, object};
use crate::load::{Document, escape_token};

/// The methods that may stand in a path item, in the order of the specification.
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// What has been read so far.
#[derive(Default)]
pub(super) struct Collected {
    pub(super) operations: Vec<Operation>,
    pub(super) webhooks: Vec<Operation>,
    /// The callbacks that have been read: several operations may refer to one, and one to itself.
    callbacks: HashSet<String>,
}

impl Collected {
    /// Reads the operations that a client calls.
    pub(super) fn paths(&mut self, reader: &Reader<'_>) {
        for (path, item) in object(reader.document.at("/paths")).filter(|(path, _)| !path.starts_with("x-")) {
            let pointer = format!("/paths/{}", escape_token(path));
            self.operations.extend(path_item(reader, path, pointer, item));
        }
    }

    /// Reads the operations that the provider calls.
    pub(super) fn webhooks(&mut self, reader: &Reader<'_>) {
        for member in ["webhooks", "x-webhooks"] {
            for (name, item) in object(reader.document.at(&format!("/{member}"))) {
                if !name.starts_with("x-") {
                    let pointer = format!("/{member}/{}", escape_token(name));
                    self.webhooks.extend(path_item(reader, name, pointer, item));
                }
            }
        }
        // A callback's operation may have callbacks; the list grows while it is read.
        let mut open: Vec<String> = self.operations.iter().chain(&self.webhooks).map(|op| op.pointer.clone()).collect();
        open.reverse();
        while let Some(pointer) = open.pop() {
            let found = self.callbacks(reader, &format!("{pointer}/callbacks"));
            open.extend(found.iter().rev().map(|operation| operation.pointer.clone()));
            self.webhooks.extend(found);
        }
    }

    fn callbacks(&mut self, reader: &Reader<'_>, owner: &str) -> Vec<Operation> {
        let mut found = Vec::new();
        for (name, callback) in object(reader.document.at(owner)) {
            let found_at = reader.resolve(format!("{owner}/{}", escape_token(name)), callback);
            let Some((pointer, callback)) = reader.kept(found_at) else { continue };
            if !self.callbacks.insert(pointer.clone()) {
                continue;
            }
            for (expression, item) in object(Some(callback)).filter(|(key, _)| !key.starts_with("x-")) {
                let pointer = format!("{pointer}/{}", escape_token(expression));
                found.extend(path_item(reader, expression, pointer, item));
            }
        }
        found
    }

    /// Makes the ids differ. What the document says counts more than what was made up for it, and
    /// of two that say the same the first counts.
    pub(super) fn tell_apart(&mut self, document: &Document) {
        let stated = |operation: &Operation| document.at(&operation.pointer).and_then(stated_id).is_some();
        let all = || self.operations.iter().chain(&self.webhooks);
        let reserved: HashSet<String> = all().filter(|op| stated(op)).map(|op| op.id.clone()).collect();
        let mut taken = HashSet::new();
        for operation in self.operations.iter_mut().chain(&mut self.webhooks) {
            if taken.contains(&operation.id) || (reserved.contains(&operation.id) && !stated(operation)) {
                let numbered = (2_usize..).map(|number| format!("{}_{number}", operation.id));
                let mut free = numbered.into_iter().filter(|id| !taken.contains(id) && !reserved.contains(id));
                operation.id = free.next().unwrap_or_default();
            }
            taken.insert(operation.id.clone());
        }
    }
}

/// Reads the operations of a path item.
fn path_item<'d>(reader: &Reader<'d>, path: &str, pointer: String, item: &'d Value) -> Vec<Operation> {
    let Some((pointer, item)) = reader.kept(reader.resolve(pointer, item)) else { return Vec::new() };
    if !reader.is(item, &pointer, Kind::Object) {
        return Vec::new();
    }
    let stated = METHODS.into_iter().filter_map(|method| Some((method, item.get(method)?)));
    stated.filter_map(|(method, operation)| reader.operation(path, method, &pointer, item, operation)).collect()
}
