//! Whether what a client was told to send is what arrived.

use obkit_codegen::load::escape_token;
use obkit_codegen::spec::Operation;
use serde_json::Value;

use crate::equality::differences;
use crate::typed_client::Arguments;

/// Something that did not arrive as it was sent.
pub(super) struct Lost {
    /// The parameter or body in the document.
    pub(super) pointer: String,
    /// The place in the body, or the parameter.
    pub(super) instance: String,
    /// What became of it.
    pub(super) message: String,
}

/// Compares what was sent with the requests that arrived. Only an answer of success says how many
/// there must be: after an error a client may well try again.
pub(super) fn judge(
    operation: &Operation,
    success: bool,
    sent: &Arguments,
    received: &[(String, Arguments)],
) -> Vec<Lost> {
    let whole = |message: String| Lost { pointer: operation.pointer.clone(), instance: String::new(), message };
    let mut lost = Vec::new();
    if received.iter().any(|(id, _)| *id != operation.id) {
        lost.push(whole("another operation was called".to_owned()));
    }
    if success && received.len() > 1 {
        lost.push(whole(format!("one call sent {} requests", received.len())));
    }
    // Nothing arrived: that is told by what the client made of the call.
    let Some((_, arrived)) = received.iter().find(|(id, _)| *id == operation.id) else { return lost };
    parameters(operation, sent, arrived, &mut lost);
    body(operation, sent.body.as_ref(), arrived.body.as_ref(), &mut lost);
    lost
}

fn parameters(operation: &Operation, sent: &Arguments, arrived: &Arguments, lost: &mut Vec<Lost>) {
    for parameter in &operation.parameters {
        let key = (parameter.location.as_str(), parameter.name.clone());
        let Some(value) = sent.parameters.get(&key) else { continue };
        let what = match arrived.parameters.get(&key) {
            None if is_nothing(value) => continue,
            None => "was not sent",
            Some(other) if !differences(value, other).is_empty() => "arrived as another value",
            Some(_) => continue,
        };
        lost.push(Lost {
            pointer: parameter.pointer.clone(),
            instance: format!("/{}", escape_token(&parameter.name)),
            message: format!("the {} parameter `{}` {what}", parameter.location.as_str(), parameter.name),
        });
    }
}

/// Whether a value is nothing in most styles (RFC 6570, section 2.3).
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => value.is_null(),
    }
}

fn body(operation: &Operation, sent: Option<&Value>, arrived: Option<&Value>, lost: &mut Vec<Lost>) {
    let Some(request) = &operation.request else { return };
    let mut push =
        |instance: String, message: String| lost.push(Lost { pointer: request.pointer.clone(), instance, message });
    match (sent, arrived) {
        (Some(sent), Some(arrived)) => {
            for difference in differences(sent, arrived) {
                push(difference.pointer, format!("in the request body that arrived, the value {}", difference.what));
            }
        }
        (Some(_), None) => push(String::new(), "the request body was not sent".to_owned()),
        (None, _) => {}
    }
}
