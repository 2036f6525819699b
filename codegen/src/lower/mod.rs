//! Lowering: what the document says becomes what Rust and progenitor can say, without loss.
//!
//! One construct per file. Each turns something progenitor refuses, panics on or gets wrong into
//! something it does right, and says so in a [`Note`]. The outcome is a [`Model`];
//! `document` shows it to progenitor as OpenAPI.

mod alternatives;
mod bodies;
mod components;
mod constraints;
pub(crate) mod document;
mod fixed;
mod inheritance;
mod list;
mod listed;
mod member;
pub(crate) mod names;
mod nature;
mod number;
mod object;
mod parameter_names;
mod parameters;
mod places;
mod recursion;
mod responses;
mod rules;
mod schema;
mod schemas;
pub(crate) mod security;
mod servers;
mod style;
mod tags;
mod text;
mod union;
mod usage;
mod webhooks;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

pub(crate) use self::inheritance::{component_name, heirs_of_bases, mapping};
use self::names::Names;
use self::parameter_names::ParameterNames;
pub(crate) use self::parameters::has_name;
use self::rules::Checks;
use self::schema::Types;
use self::schemas::Schemas;
pub(crate) use self::servers::{is_absolute, left_out as server_urls_left_out, servers, urls};
use crate::model::{Model, Operation, TypeRef};
use crate::note::{self, Note};
use crate::spec::{self, Spec};
use crate::template;

/// The outcome of lowering.
#[derive(Clone, Debug)]
pub struct Lowered {
    /// What to generate.
    pub model: Model,
    /// What to say about it.
    pub notes: Vec<Note>,
}

/// Lowers a document. A note that [stops generation](Note::stops_generation) means that no client can be
/// generated from it.
#[must_use]
pub fn lower(spec: &Spec) -> Lowered {
    let document = spec.document();
    let schemas = Schemas::of(document);
    let mut types = Types::of_components(&schemas, usage::of_components(spec));
    let mut names = Names::default();
    let stated = callable(spec.operations());
    let hints = ParameterNames::of(document, &stated, &types.names);
    let mut operations: Vec<Operation> =
        stated.iter().map(|op| operation(spec, op, &mut types, &mut names, &hints)).collect();
    let sent_on_its_own: Vec<_> = spec.webhooks().iter().flat_map(|op| webhooks::lower(op, &mut types)).collect();
    let schemes = security::schemes(spec, &mut types);
    types.declare_tags();
    types.settle_any();
    let checks = Checks::gather(&stated, &types);
    for (lowered, op) in operations.iter_mut().zip(stated.iter()) {
        check(lowered, op, &checks);
    }
    let Types { mut defs, mut notes, components, .. } = types;
    recursion::box_circles(&mut defs);
    fixed::fix(&mut defs);
    let mut type_at: BTreeMap<String, TypeRef> =
        components.into_iter().map(|(pointer, name)| (pointer, TypeRef::Named(name))).collect();
    type_at.extend(sent_on_its_own);
    let received = webhooks::received(spec, &type_at);
    for (lowered, op) in operations.iter().zip(stated.iter()) {
        type_at.extend(places::types_at(lowered, op));
    }
    note::sort(&mut notes);
    // A version without quotes is a number to YAML, and lint says so.
    let text = |pointer| match document.at(pointer) {
        Some(Value::String(text)) => text.clone(),
        Some(number @ Value::Number(_)) => document.written(pointer, number),
        _ => String::new(),
    };
    let model = Model {
        title: text("/info/title"),
        version: text("/info/version"),
        description: text("/info/description"),
        servers: servers(spec.document().at("/servers")),
        schemes,
        types: defs,
        rules: checks.rules,
        operations,
        received,
        type_at,
    };
    Lowered { model, notes }
}

/// The operations that a request can be made for: their path is one, and no header that they need has a name that none
/// can have. Lint names the others.
fn callable(operations: &[spec::Operation]) -> Cow<'_, [spec::Operation]> {
    let needs_no_name = |op: &spec::Operation| op.parameters.iter().all(|p| !p.required || has_name(p));
    let is_callable = |op: &&spec::Operation| template::variables(&op.path).is_some() && needs_no_name(op);
    if operations.iter().all(|op| is_callable(&op)) {
        return Cow::Borrowed(operations);
    }
    operations.iter().filter(is_callable).cloned().collect()
}

fn operation(
    spec: &Spec,
    op: &spec::Operation,
    types: &mut Types<'_>,
    names: &mut Names,
    hints: &ParameterNames,
) -> Operation {
    let source = spec.document().at(&op.pointer);
    let text =
        |key: &str| source.and_then(|s| s.get(key)).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
    let tags = source.and_then(|s| s.get("tags")).and_then(Value::as_array);
    let answers = responses::lower(op, types);
    let (parameters, mut setters) = parameters::lower(spec, op, types, hints);
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
        server: own_server(spec, op),
        open: source.and_then(|s| s.get("security")).and_then(Value::as_array).is_some_and(Vec::is_empty),
        parameters,
        request: bodies::lower(op, types, &mut setters),
        accept: answers.accept,
        success: answers.success,
        error: answers.error,
        responses: answers.bodies,
    }
}

/// Says what of an operation's request is checked when it is sent.
fn check(lowered: &mut Operation, op: &spec::Operation, checks: &Checks) {
    if let Some(body) = lowered.request.as_mut().filter(|body| body.kind.ty().is_some()) {
        let content = op.request.as_ref().and_then(spec::Request::preferred);
        body.rules = checks.of(content.and_then(|content| content.schema.as_deref()));
    }
    for parameter in &mut lowered.parameters {
        let stated = op.parameters.iter().find(|p| p.location == parameter.location && p.name == parameter.wire);
        parameter.rules = checks.of(stated.and_then(|p| p.schema.as_deref()));
    }
}

/// The base URL that an operation, or its path, has to itself.
fn own_server(spec: &Spec, op: &spec::Operation) -> Option<String> {
    let item = op.pointer.rsplit_once('/').map_or("", |(item, _)| item);
    let owners = [op.pointer.as_str(), item].into_iter();
    let listed = owners.map(|owner| servers(spec.document().at(&format!("{owner}/servers"))));
    listed.flatten().map(|server| server.url).find(|url| is_absolute(url))
}
