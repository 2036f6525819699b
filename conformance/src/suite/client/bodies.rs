//! The bodies that a client has types for.

use std::collections::BTreeMap;

use obkit_codegen::spec::{Content, Operation, Request, StatusKey};

use super::effort::Effort;
use crate::contract::{Contract, concrete_status};
use crate::finding::Finding;
use crate::pointer;
use crate::schema::Direction;
use crate::typed_client::Part;

/// A body of an operation, or of a webhook.
#[derive(Clone, Copy, Debug)]
pub(super) struct Body<'c> {
    pub(super) operation: &'c Operation,
    pub(super) content: &'c Content,
    /// The response that it belongs to; none of a request.
    pub(super) status: Option<StatusKey>,
    /// Whether the provider makes the request: a webhook.
    pub(super) is_received: bool,
}

impl Body<'_> {
    /// Which part of the operation it is.
    pub(super) fn part(&self) -> Part {
        self.status.map_or(Part::Request, |key| Part::Response(concrete_status(self.operation, key)))
    }

    /// Whether the program sends it, and must not send just anything.
    pub(super) fn is_sent(&self) -> bool {
        self.status.is_none() && !self.is_received
    }

    /// Says of a finding which body it is about.
    pub(super) fn name(&self, finding: Finding) -> Finding {
        let finding = finding.operation(&self.operation.id).media_type(&self.content.media_type);
        match self.status {
            Some(status) => finding.status(status),
            None => finding,
        }
    }
}

/// A schema that bodies have, and the bodies that have it.
#[derive(Debug)]
pub(super) struct Group<'c> {
    pub(super) direction: Direction,
    /// Where the schema stands, its references followed.
    pub(super) schema: String,
    pub(super) bodies: Vec<Body<'c>>,
}

impl<'c> Group<'c> {
    /// The unit of work that it is; no operation is called so.
    pub(super) fn unit(&self) -> String {
        format!("\0{:?} {}", self.direction, self.schema)
    }

    /// Whether the program sends any of the bodies.
    pub(super) fn is_sent(&self) -> bool {
        self.bodies.iter().any(Body::is_sent)
    }

    /// The bodies that a payload is tried with: the first one, which stands for its type, and of the others as many as
    /// it takes for each to have its turn.
    pub(super) fn bodies_for(&self, payload: usize, effort: Effort) -> impl Iterator<Item = &Body<'c>> {
        let turns = effort.turns.max(1);
        let bodies = self.bodies.iter().enumerate();
        bodies.filter(move |(index, _)| *index == 0 || payload % turns == index % turns).map(|(_, body)| body)
    }
}

/// The bodies of all operations and webhooks, by schema. A client sends one of several media types, and reads JSON.
pub(super) fn groups(contract: &Contract) -> Vec<Group<'_>> {
    let mut groups: BTreeMap<(bool, String), Vec<Body<'_>>> = BTreeMap::new();
    let spec = contract.spec();
    let operations = spec.operations().iter().map(|operation| (operation, false));
    for (operation, is_received) in operations.chain(spec.webhooks().iter().map(|webhook| (webhook, true))) {
        for body in of_operation(operation, is_received) {
            let schema = body.content.schema.as_deref();
            if let Some(at) = schema.and_then(|schema| pointer::resolved_pointer(contract.document(), schema)) {
                groups.entry((body.status.is_some(), at)).or_default().push(body);
            }
        }
    }
    let group = |((answered, schema), bodies)| Group {
        direction: if answered { Direction::Response } else { Direction::Request },
        schema,
        bodies,
    };
    groups.into_iter().map(group).collect()
}

fn of_operation(operation: &Operation, is_received: bool) -> impl Iterator<Item = Body<'_>> {
    let request = operation.request.as_ref().and_then(Request::preferred).filter(|content| content.is_value());
    let request = request.into_iter().map(move |content| Body { operation, content, status: None, is_received });
    let responses = operation.responses.iter().filter_map(move |response| {
        let content = response.content.iter().find(|content| content.is_json())?;
        Some(Body { operation, content, status: Some(response.status), is_received })
    });
    request.chain(responses.filter(move |_| !is_received))
}
