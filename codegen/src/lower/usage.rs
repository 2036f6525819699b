//! Direction: which component schemas travel in requests, and which in responses.
//!
//! Requests keep their constraints and answers are read liberally, so every type has to know which
//! way it travels. A component is used in a direction when an operation's body or parameter of that
//! direction reaches it through references.

use std::collections::HashMap;

use serde_json::Value;

use crate::load::Document;
use crate::schema::{children, reference};
use crate::spec::Operation;

/// The directions in which a schema travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    pub(crate) request: bool,
    pub(crate) response: bool,
}

impl Usage {
    pub(crate) const REQUEST: Self = Self { request: true, response: false };
    pub(crate) const RESPONSE: Self = Self { request: false, response: true };

    /// Whether constraints are checked before sending. What also comes back must be readable.
    pub(crate) fn is_strict(self) -> bool {
        self.request && !self.response
    }

    fn covers(self, other: Self) -> bool {
        (self.request || !other.request) && (self.response || !other.response)
    }

    fn add(&mut self, other: Self) {
        self.request |= other.request;
        self.response |= other.response;
    }
}

/// The usage of each component schema that an operation reaches, by pointer.
pub(crate) fn of_components(document: &Document, operations: &[Operation]) -> HashMap<String, Usage> {
    let mut usages = HashMap::new();
    for operation in operations {
        let request = operation.request.iter().flat_map(|r| &r.content).filter_map(|c| c.schema.as_ref());
        let parameters = operation.parameters.iter().filter_map(|p| p.schema.as_ref());
        for pointer in request.chain(parameters) {
            walk(document, document.at(pointer), Usage::REQUEST, &mut usages);
        }
        for pointer in operation.responses.iter().flat_map(|r| &r.content).filter_map(|c| c.schema.as_ref()) {
            walk(document, document.at(pointer), Usage::RESPONSE, &mut usages);
        }
    }
    usages
}

fn walk(document: &Document, schema: Option<&Value>, usage: Usage, usages: &mut HashMap<String, Usage>) {
    let Some(schema) = schema else { return };
    if let Some(pointer) = reference(schema) {
        let known = usages.entry(pointer.clone()).or_default();
        if !known.covers(usage) {
            known.add(usage);
            walk(document, document.at(&pointer), usage, usages);
        }
        return;
    }
    for (_, child) in children(schema) {
        walk(document, Some(child), usage, usages);
    }
}
