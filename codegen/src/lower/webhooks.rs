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

/// The types of what is received, by the ids, of which no two are the same.
pub(super) fn received(spec: &Spec, type_at: &BTreeMap<String, TypeRef>) -> Vec<(String, TypeRef)> {
    let typed = |op: &Operation| {
        let mut bodies = op.request.iter().flat_map(|request| &request.content).filter(|content| content.is_json());
        let ty = bodies.find_map(|content| type_at.get(content.schema.as_ref()?))?;
        Some((op.id.clone(), ty.clone()))
    };
    spec.webhooks().iter().filter_map(typed).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use crate::spec::Spec;
    use crate::{Document, lower};

    #[test]
    fn what_is_received_goes_by_an_id_that_nothing_else_has() {
        let hook = |id: &str, schema: &str| {
            format!(
                "    post:\n      operationId: {id}\n      requestBody:\n        content:\n          application/json:\n            \
                 schema: {{$ref: '#/components/schemas/{schema}'}}\n      responses: {{'200': {{description: ok}}}}\n"
            )
        };
        let text = format!(
            "openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\npaths:\n  /pay:\n{}webhooks:\n  paid:\n{}  failed:\n{}  again:\n{}\
             components:\n  schemas:\n    Paid: {{type: object}}\n    Failed: {{type: object}}\n",
            hook("pay", "Paid"),
            hook("onPaid", "Paid"),
            hook("onPaid", "Failed"),
            hook("pay", "Failed"),
        );
        let spec = Spec::read(Document::parse("webhooks.yaml", &text).unwrap()).unwrap();
        let received = lower::lower(&spec).model.received;
        let names: Vec<_> = received.iter().map(|(id, ty)| format!("{id} {ty:?}")).collect();
        let expected = [r#"onPaid Named("Paid")"#, r#"onPaid_2 Named("Failed")"#, r#"pay_2 Named("Failed")"#];
        assert_eq!(names, expected);
    }
}
