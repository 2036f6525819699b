//! The model as the OpenAPI document that progenitor reads.
//!
//! progenitor is given operations only. Every type is a reference to a component, and every
//! component is replaced by a type of `types.rs` or of the runtime, so that progenitor's own type
//! generator never runs and none of its limits on schemas is met. Parameters go by their Rust names,
//! of which no two are the same; `polish` puts the names on the wire back.

use serde_json::{Map, Value, json};

use super::names::RUNTIME_PREFIX;
use crate::emit::doc::{Docs, line};
use crate::emit::{Scope, rust_type};
use crate::model::{BodyKind, Model, Operation, Parameter, RequestBody, SuccessBody, TypeRef};
use crate::spec::{FORM, Location, StatusKey};

/// A component that stands for a Rust type.
pub(crate) struct Replacement {
    pub(crate) component: String,
    pub(crate) path: String,
}

/// Renders the model, and lists what its components stand for.
pub(crate) fn render(model: &Model) -> (Value, Vec<Replacement>) {
    let mut components = Components::default();
    for def in &model.types {
        components.insert(def.name.clone(), format!("types::{}", def.name), Some(&def.pointer));
    }
    let mut paths = Map::new();
    for operation in &model.operations {
        let method = operation.method.to_ascii_lowercase();
        let mut path = shown_path(operation);
        // Templates may differ by nothing but names that are one in Rust. The slash goes no further.
        while paths.get(&path).is_some_and(|item: &Value| item.get(&method).is_some()) {
            path.push('/');
        }
        let item = paths.entry(path).or_insert_with(|| json!({}));
        item[method] = render_operation(operation, &mut components);
    }
    let document = json!({
        "openapi": "3.0.3",
        "info": {
            "title": model.title,
            "version": model.version,
            "description": model.description,
        },
        "paths": paths,
        "components": { "schemas": components.schemas },
    });
    (document, components.replacements)
}

#[derive(Default)]
struct Components {
    schemas: Map<String, Value>,
    replacements: Vec<Replacement>,
}

impl Components {
    fn insert(&mut self, component: String, path: String, source: Option<&str>) {
        let mut schema = json!({ "x-obkit-type": path });
        if let Some(source) = source {
            schema["x-obkit-source"] = format!("#{source}").into();
        }
        if self.schemas.insert(component.clone(), schema).is_none() {
            self.replacements.push(Replacement { component, path });
        }
    }

    /// A type of the runtime.
    fn runtime(&mut self, name: &str) -> Value {
        let component = format!("{RUNTIME_PREFIX}{name}");
        self.insert(component.clone(), format!("obkit_runtime::{name}"), None);
        refer(&component)
    }

    fn schema(&mut self, ty: &TypeRef) -> Value {
        match ty {
            TypeRef::String => json!({ "type": "string" }),
            TypeRef::Bool => json!({ "type": "boolean" }),
            TypeRef::Array(item) => json!({ "type": "array", "items": self.schema(item) }),
            TypeRef::Map(value) if **value != TypeRef::Json => {
                json!({ "type": "object", "additionalProperties": self.schema(value) })
            }
            TypeRef::Named(name) => refer(name),
            // OpenAPI has no words for the rest: a component of its own stands for each.
            _ => {
                let words = rust_type(ty, &Scope::TYPES);
                let words: String = words.split(|c: char| !c.is_alphanumeric()).map(upper_first).collect();
                let component = format!("{RUNTIME_PREFIX}{words}");
                self.insert(component.clone(), rust_type(ty, &Scope::CLIENT), None);
                refer(&component)
            }
        }
    }
}

/// The path with its variables under their Rust names.
fn shown_path(operation: &Operation) -> String {
    let ident = |wire: &str| {
        let known = operation.parameters.iter().find(|p| p.location == Location::Path && p.wire == wire);
        known.map_or_else(|| wire.to_owned(), |parameter| parameter.ident.clone())
    };
    let mut pieces = operation.path.split('{');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |path, piece| match piece.split_once('}') {
        Some((wire, rest)) => format!("{path}{{{}}}{rest}", ident(wire)),
        None => format!("{path}{{{piece}"),
    })
}

fn refer(component: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{component}") })
}

fn upper_first(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + chars.as_str())
}

fn render_operation(operation: &Operation, components: &mut Components) -> Value {
    let mut parameters: Vec<Value> =
        operation.parameters.iter().map(|parameter| render_parameter(parameter, components)).collect();
    if let Some(RequestBody { kind, required, .. }) = &operation.request
        && let BodyKind::Raw { choice: Some(choice), .. } = kind
    {
        // A setter besides the body's, which progenitor only makes for a parameter.
        let is_needed = *required && kind.default_media_type().is_none();
        parameters.push(json!({
            "name": choice, "in": "query", "required": is_needed, "schema": { "type": "string" },
        }));
    }
    let mut rendered = json!({
        "operationId": operation.ident,
        "summary": line(&operation.summary),
        "description": operation.docs(),
        "tags": operation.tags,
        "parameters": parameters,
        "responses": responses(operation, components),
    });
    if let Some(body) = &operation.request {
        let (schema, media_type) = match &body.kind {
            BodyKind::Json { ty, .. } => (components.schema(ty), "application/json"),
            BodyKind::Form { ty, .. } => (components.schema(ty), FORM),
            BodyKind::Multipart => (components.runtime("Multipart"), "application/json"),
            BodyKind::Raw { .. } => (components.runtime("RawBody"), "application/json"),
        };
        rendered["requestBody"] = json!({ "required": body.required, "content": { media_type: { "schema": schema } } });
    }
    rendered
}

/// A parameter, without its style: `polish` writes what has one. progenitor knows no cookies, so they
/// go for parameters of the query, from which they are taken again.
fn render_parameter(parameter: &Parameter, components: &mut Components) -> Value {
    let location = match parameter.location {
        Location::Cookie => Location::Query,
        location => location,
    };
    json!({
        "name": parameter.ident,
        "in": location.as_str(),
        "required": parameter.required,
        "description": line(parameter.doc.lines().next().unwrap_or_default()),
        "schema": components.schema(&parameter.ty),
    })
}

fn responses(operation: &Operation, components: &mut Components) -> Value {
    let mut responses = Map::new();
    let success = match &operation.success.body {
        SuccessBody::Empty => json!({ "description": "" }),
        SuccessBody::Json(ty) => {
            json!({ "description": "", "content": { "application/json": { "schema": components.schema(ty) } } })
        }
        SuccessBody::Raw(media_type) => {
            json!({ "description": "", "content": { media_type: { "schema": { "type": "string", "format": "binary" } } } })
        }
    };
    // A range beside a code would put an unreachable arm into the generated match.
    let statuses = &operation.success.statuses;
    if statuses.is_empty() || statuses.iter().any(|status| !matches!(status, StatusKey::Code(_))) {
        responses.insert("2XX".to_owned(), success);
    } else {
        for status in statuses {
            responses.insert(status.to_string(), success.clone());
        }
    }
    if let Some(error) = &operation.error {
        let schema = components.schema(error);
        for range in ["4XX", "5XX"] {
            let error = json!({ "description": "", "content": { "application/json": { "schema": schema } } });
            responses.insert(range.to_owned(), error);
        }
    }
    Value::Object(responses)
}
