//! Parameters: headers that are not parameters are left out, and each type is one that progenitor
//! can put into a path, a query or a header.

use serde_json::Value;

use super::names::{snake, type_name};
use super::schema::Types;
use super::security::is_credential;
use super::usage::Usage;
use crate::model::{Parameter, TypeRef};
use crate::note;
use crate::spec::{self, Location, Operation, Spec};

/// Headers that OpenAPI says are ignored as parameters.
const NOT_PARAMETERS: [&str; 3] = ["accept", "content-type", "authorization"];

pub(crate) fn lower(spec: &Spec, op: &Operation, types: &mut Types<'_>) -> Vec<Parameter> {
    let mut parameters: Vec<Parameter> = Vec::new();
    for parameter in &op.parameters {
        let name = &parameter.name;
        if parameter.location == Location::Header {
            if NOT_PARAMETERS.contains(&name.to_ascii_lowercase().as_str()) {
                types.note(
                    note::IGNORED_HEADER_PARAMETER,
                    &parameter.pointer,
                    format!("the header `{name}` is not a parameter"),
                );
                continue;
            }
            if is_credential(spec, op, name) {
                types.note(
                    note::CREDENTIAL_PARAMETER,
                    &parameter.pointer,
                    format!("the header `{name}` is a credential of the security scheme"),
                );
                continue;
            }
        }
        if parameter.location == Location::Cookie {
            let message = format!("the cookie `{name}` cannot be set by a builder");
            types.note(note::COOKIE_PARAMETER, &parameter.pointer, message);
            continue;
        }
        let lowered = one(spec, op, parameter, types);
        if parameters.iter().any(|p| p.ident == lowered.ident) {
            let message = format!("two parameters of `{}` are called `{}` in Rust", op.signature(), lowered.ident);
            types.note(note::PARAMETER_NAME_REPEATED, &parameter.pointer, message);
            continue;
        }
        parameters.push(lowered);
    }
    parameters
}

fn one(spec: &Spec, op: &Operation, parameter: &spec::Parameter, types: &mut Types<'_>) -> Parameter {
    let words = |pointer: &str| {
        let found = spec.document().at(pointer).and_then(|v| v.get("description")).and_then(Value::as_str);
        found.unwrap_or_default().trim().to_owned()
    };
    let hint = type_name(&snake(&parameter.name));
    let ty = match &parameter.schema {
        Some(schema) => types.use_of(schema, &hint, Usage::REQUEST).ty,
        None => TypeRef::Json,
    };
    if !fits(parameter, &ty) {
        let message = format!(
            "the {} parameter `{}` of `{}` is neither a scalar nor a plain list",
            parameter.location.as_str(),
            parameter.name,
            op.signature()
        );
        types.note(note::PARAMETER_SHAPE, &parameter.pointer, message);
    }
    let default = parameter.schema.as_deref().and_then(|s| spec.document().at(s)).and_then(|s| s.get("default"));
    let mut doc = words(&parameter.pointer);
    if let Some(default) = default {
        doc.push_str(&format!("\n\nThe provider's default is `{default}`."));
    }
    Parameter {
        wire: parameter.name.clone(),
        ident: snake(&parameter.name),
        location: parameter.location,
        required: parameter.required || parameter.location == Location::Path,
        ty,
        doc: doc.trim().to_owned(),
    }
}

/// Whether the generated code writes the parameter as the document says.
fn fits(parameter: &spec::Parameter, ty: &TypeRef) -> bool {
    match (parameter.location, ty) {
        (_, TypeRef::Json | TypeRef::Map(_) | TypeRef::OrNull(_)) => false,
        (Location::Query, TypeRef::Array(item)) => {
            let listed = !matches!(**item, TypeRef::Json | TypeRef::Map(_) | TypeRef::OrNull(_) | TypeRef::Array(_));
            listed && parameter.style == "form" && parameter.explode
        }
        (_, TypeRef::Array(_)) => false,
        (Location::Query, _) => parameter.style == "form",
        (_, _) => parameter.style == "simple",
    }
}
