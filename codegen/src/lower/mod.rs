//! Lowering: what the document says becomes what Rust and progenitor can say, without loss.
//!
//! One construct per file. Each turns something progenitor refuses, panics on or gets wrong into
//! something it does right, and says so in a [`Note`]. The outcome is a [`Model`];
//! `document` shows it to progenitor as OpenAPI.

pub(crate) mod document;
pub(crate) mod names;
mod number;
mod object;
mod parameters;
mod recursion;
mod responses;
mod rules;
mod schema;
pub(crate) mod security;
mod text;
mod usage;

use serde_json::Value;

use self::names::Names;
use self::rules::Checks;
use self::schema::Types;
use crate::model::{Model, Operation, Server, TypeRef};
use crate::note::{self, Note};
use crate::spec::{self, Spec};

/// The outcome of lowering.
#[derive(Clone, Debug)]
pub struct Lowered {
    /// What to generate.
    pub model: Model,
    /// What to say about it.
    pub notes: Vec<Note>,
}

/// Lowers a document. A note of severity [`Error`](crate::Severity::Error) means that no client can be
/// generated from it.
#[must_use]
pub fn lower(spec: &Spec) -> Lowered {
    let document = spec.document();
    let mut types = Types::of_components(document, usage::of_components(document, spec.operations()));
    let mut names = Names::default();
    let mut operations: Vec<Operation> =
        spec.operations().iter().map(|op| operation(spec, op, &mut types, &mut names)).collect();
    let schemes = security::schemes(spec, &mut types);
    let checks = Checks::gather(spec.operations(), &types);
    for (lowered, op) in operations.iter_mut().zip(spec.operations()) {
        check(lowered, op, &checks);
    }
    let Types { mut defs, mut notes, .. } = types;
    recursion::box_circles(&mut defs);
    note::sort(&mut notes);
    let text = |pointer| document.at(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let model = Model {
        title: text("/info/title"),
        version: text("/info/version"),
        description: text("/info/description"),
        servers: servers(spec),
        schemes,
        types: defs,
        rules: checks.rules,
        operations,
    };
    Lowered { model, notes }
}

fn operation(spec: &Spec, op: &spec::Operation, types: &mut Types<'_>, names: &mut Names) -> Operation {
    let source = spec.document().at(&op.pointer);
    let text =
        |key: &str| source.and_then(|s| s.get(key)).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
    let tags = source.and_then(|s| s.get("tags")).and_then(Value::as_array);
    let answers = responses::lower(op, types);
    Operation {
        id: op.id.clone(),
        ident: names.unique(names::method(&op.id)),
        method: op.method.clone(),
        path: op.path.clone(),
        summary: text("summary"),
        description: text("description"),
        tags: tags.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect(),
        evidence: op.evidence,
        deprecated: source.and_then(|s| s.get("deprecated")) == Some(&Value::Bool(true)),
        parameters: parameters::lower(spec, op, types),
        request: request(op, types),
        request_rules: None,
        success: answers.success,
        error: answers.error,
        responses: answers.bodies,
    }
}

/// Says what of an operation's request is checked when it is sent.
fn check(lowered: &mut Operation, op: &spec::Operation, checks: &Checks) {
    let body = op.request.iter().flat_map(|request| &request.content).find(|content| content.is_json());
    lowered.request_rules = checks.of(body.and_then(|content| content.schema.as_deref()));
    for parameter in &mut lowered.parameters {
        let stated = op.parameters.iter().find(|p| p.location == parameter.location && p.name == parameter.wire);
        parameter.rules = checks.of(stated.and_then(|p| p.schema.as_deref()));
    }
}

/// The JSON body of a request; its media type may carry parameters such as a charset.
fn request(op: &spec::Operation, types: &mut Types<'_>) -> Option<TypeRef> {
    let body = op.request.as_ref()?;
    let Some(content) = body.content.iter().find(|c| c.is_json()) else {
        if !body.content.is_empty() {
            let message = format!("the request body of `{}` is not JSON", op.signature());
            types.note(note::REQUEST_MEDIA_TYPE, &body.pointer, message);
        }
        return None;
    };
    responses::media_type_notes(content, &body.content, types);
    if !body.required {
        let message = format!("the body of `{}` is optional, but its builder asks for one", op.signature());
        types.note(note::OPTIONAL_BODY, &body.pointer, message);
    }
    let hint = format!("{}Request", names::type_name(&op.id));
    Some(responses::content_type(content, &hint, usage::Usage::REQUEST, types))
}

fn servers(spec: &Spec) -> Vec<Server> {
    let listed = spec.document().at("/servers").and_then(Value::as_array);
    let text = |server: &Value, key: &str| match server.get(key) {
        None => String::new(),
        // Authors leave the quotes of a port away.
        Some(value) => value.as_str().map_or_else(|| value.to_string(), str::to_owned),
    };
    let mut servers = Vec::new();
    for server in listed.into_iter().flatten() {
        let mut url = text(server, "url");
        for (name, variable) in server.get("variables").and_then(Value::as_object).into_iter().flatten() {
            url = url.replace(&format!("{{{name}}}"), &text(variable, "default"));
        }
        servers.push(Server { url, description: text(server, "description") });
    }
    servers
}
