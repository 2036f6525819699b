//! Names that schemas of OpenAPI 3.1 give themselves: `$anchor` and `$id`.

use std::collections::HashMap;
use std::convert::Infallible;

use serde_json::{Map, Value};

use crate::load::references;

/// The names in one file, and the pointers of what they name. The first of two counts.
#[derive(Debug, Default)]
pub(super) struct Anchors {
    anchors: HashMap<String, String>,
    ids: HashMap<String, String>,
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
        for keyword in ["$anchor", "$dynamicAnchor"] {
            if let Some(Value::String(name)) = members.get(keyword) {
                self.anchors.entry(name.clone()).or_insert_with(|| pointer.to_owned());
            }
        }
        if let Some(Value::String(id)) = members.get("$id") {
            self.ids.entry(id.trim_end_matches('#').to_owned()).or_insert_with(|| pointer.to_owned());
        }
    }

    /// What `#name` leads to.
    pub(super) fn anchor(&self, name: &str) -> Option<&str> {
        self.anchors.get(name).map(String::as_str)
    }

    /// What a reference to an identifier leads to.
    pub(super) fn id(&self, id: &str) -> Option<&str> {
        self.ids.get(id).map(String::as_str)
    }
}
