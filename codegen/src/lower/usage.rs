//! Direction: which component schemas travel in requests, and which in responses.
//!
//! Requests keep their constraints and answers are read liberally, so every type has to know which
//! way it travels. A component is used in a direction when an operation's body or parameter of that
//! direction reaches it through references.

use std::collections::HashMap;

use serde_json::Value;

use super::inheritance::Inheritance;
use crate::load::Document;
use crate::schema::{children, reference};
use crate::spec::{Operation, Spec};

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

/// The usage of each schema that an operation reaches by references, by pointer. What a webhook sends is received.
pub(crate) fn of_components(spec: &Spec) -> HashMap<String, Usage> {
    let document = spec.document();
    let mut walk = Walk { document, inheritance: Inheritance::of(document), usages: HashMap::new() };
    for operation in spec.operations() {
        walk.operation(operation, Usage::REQUEST, Usage::RESPONSE);
    }
    for webhook in spec.webhooks() {
        walk.operation(webhook, Usage::RESPONSE, Usage::REQUEST);
    }
    walk.usages
}

struct Walk<'d> {
    document: &'d Document,
    inheritance: Inheritance,
    usages: HashMap<String, Usage>,
}

impl Walk<'_> {
    fn operation(&mut self, operation: &Operation, requests: Usage, responses: Usage) {
        let request = operation.request.iter().flat_map(|r| &r.content).filter_map(|c| c.schema.as_ref());
        let parameters = operation.parameters.iter().filter_map(|p| p.schema.as_ref());
        for pointer in request.chain(parameters) {
            self.schema(self.document.at(pointer), requests);
        }
        for pointer in operation.responses.iter().flat_map(|r| &r.content).filter_map(|c| c.schema.as_ref()) {
            self.schema(self.document.at(pointer), responses);
        }
    }

    /// Follows references with a list of what is left to do, as a chain of them may be as long as the document.
    fn schema(&mut self, schema: Option<&Value>, usage: Usage) {
        let mut open = Vec::new();
        schema.into_iter().for_each(|schema| targets(schema, &mut open));
        while let Some(pointer) = open.pop() {
            let known = self.usages.entry(pointer.clone()).or_default();
            if known.covers(usage) {
                continue;
            }
            known.add(usage);
            self.document.at(&pointer).into_iter().for_each(|schema| targets(schema, &mut open));
            // Where a base is meant, its children are, too.
            open.extend(self.inheritance.children(&pointer).into_iter().flatten().cloned());
        }
    }
}

/// Adds what the references within a schema lead to.
fn targets(schema: &Value, found: &mut Vec<String>) {
    found.extend(reference(schema));
    children(schema).into_iter().for_each(|(_, child)| targets(child, found));
}
