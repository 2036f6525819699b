//! Webhooks and callbacks: what a provider sends has types as well, though no method calls it.

use std::collections::BTreeMap;

use super::names::type_name;
use super::responses::content_type;
use super::schema::Types;
use super::usage::Usage;
use crate::model::TypeRef;
use crate::spec::{Content, Operation, Spec};

/// Makes the types of what is received and of what is answered, each by the pointer of its schema.
pub(super) fn lower(op: &Operation, types: &mut Types<'_>) -> Vec<(String, TypeRef)> {
    let name = type_name(&op.id);
    let received = op.request.iter().flat_map(|request| &request.content).map(|content| (content, "Request"));
    let answers = op.responses.iter().flat_map(|response| {
        let suffix = if response.status.is_success() { "Response" } else { "Error" };
        response.content.iter().map(move |content| (content, suffix))
    });
    let bodies: Vec<(&Content, &str)> = received.chain(answers).filter(|(content, _)| content.is_json()).collect();
    let mut made = Vec::new();
    for (content, suffix) in bodies {
        let Some(schema) = &content.schema else { continue };
        let usage = if suffix == "Request" { Usage::RESPONSE } else { Usage::REQUEST };
        made.push((schema.clone(), content_type(content, &format!("{name}{suffix}"), usage, types)));
    }
    made
}

/// The types of what is received, one for each id that no operation has.
pub(super) fn received(spec: &Spec, type_at: &BTreeMap<String, TypeRef>) -> Vec<(String, TypeRef)> {
    let mut found: Vec<(String, TypeRef)> = Vec::new();
    for op in spec.webhooks() {
        let mut bodies = op.request.iter().flat_map(|request| &request.content).filter(|content| content.is_json());
        let ty = bodies.find_map(|content| type_at.get(content.schema.as_ref()?));
        let is_taken =
            spec.operations().iter().any(|other| other.id == op.id) || found.iter().any(|(id, _)| *id == op.id);
        found.extend(ty.filter(|_| !is_taken).map(|ty| (op.id.clone(), ty.clone())));
    }
    found
}
