//! Parameters: headers that are not parameters are left out, and each type is one that progenitor
//! can put into a path, a query or a header.

use super::names::{setter, snake, type_name};
use super::schema::Types;
use super::security::{is_credential, is_header_name};
use super::usage::Usage;
use crate::model::{Kind, Parameter, TypeRef};
use crate::note;
use crate::schema::{flag, is_sensitive, text};
use crate::spec::{self, Location, Operation, Spec};

/// Headers that OpenAPI says are ignored as parameters.
const NOT_PARAMETERS: [&str; 3] = ["accept", "content-type", "authorization"];

/// Whether progenitor has a variable of that name and does not give it up for a parameter's.
fn is_taken(op: &Operation, name: &str) -> bool {
    name == "header_map" || (name == "body" && op.request.is_some())
}

pub(crate) fn lower(spec: &Spec, op: &Operation, types: &mut Types<'_>) -> Vec<Parameter> {
    let mut parameters: Vec<Parameter> = Vec::new();
    for parameter in &op.parameters {
        if is_left_out(spec, op, parameter, types) {
            continue;
        }
        let lowered = one(spec, op, parameter, types);
        let name = snake(&parameter.name);
        if parameters.iter().any(|p| snake(&p.wire) == name) {
            let message = format!("two parameters of `{}` are called `{name}` in Rust", op.signature());
            types.note(note::PARAMETER_NAME_REPEATED, &parameter.pointer, message);
        } else if is_taken(op, &name) {
            let message = format!("a parameter of `{}` is called `{name}` in Rust, as other code is", op.signature());
            types.note(note::PARAMETER_NAME_REPEATED, &parameter.pointer, message);
        } else {
            parameters.push(lowered);
        }
    }
    parameters
}

/// Whether a parameter is none for the builder, and why.
fn is_left_out(spec: &Spec, op: &Operation, parameter: &spec::Parameter, types: &mut Types<'_>) -> bool {
    let name = &parameter.name;
    let (rule, message) = match parameter.location {
        Location::Header if NOT_PARAMETERS.contains(&name.to_ascii_lowercase().as_str()) => {
            (note::IGNORED_HEADER_PARAMETER, format!("the header `{name}` is not a parameter"))
        }
        Location::Header if is_credential(spec, op, name) => {
            (note::CREDENTIAL_PARAMETER, format!("the header `{name}` is a credential of the security scheme"))
        }
        Location::Cookie => (note::COOKIE_PARAMETER, format!("the cookie `{name}` cannot be set by a builder")),
        _ => return false,
    };
    types.note(rule, &parameter.pointer, message);
    true
}

fn one(spec: &Spec, op: &Operation, parameter: &spec::Parameter, types: &mut Types<'_>) -> Parameter {
    let document = spec.document();
    let stated = document.at(&parameter.pointer);
    let schema = parameter.schema.as_deref().and_then(|at| document.at(at));
    let mut ty = match &parameter.schema {
        Some(at) => types.use_of(at, &type_name(&snake(&parameter.name)), Usage::REQUEST).ty,
        None => TypeRef::Json,
    };
    let hidden = |at: &str| schema.is_some_and(|schema| is_sensitive(document, at, schema));
    if stated.is_some_and(|p| flag(p, "x-sensitive")) || parameter.schema.as_deref().is_some_and(hidden) {
        ty = without_sight(types, ty);
    }
    if let Some(reason) = misfit(types, parameter, &ty) {
        let (location, name) = (parameter.location.as_str(), &parameter.name);
        let message = format!("the {location} parameter `{name}` of `{}` {reason}", op.signature());
        types.note(note::PARAMETER_SHAPE, &parameter.pointer, message);
    }
    let words = stated.and_then(|p| text(p, "description")).unwrap_or_default().trim();
    let default = schema.and_then(|s| s.get("default"));
    let default = default.map(|default| format!("\n\nThe provider's default is `{default}`.")).unwrap_or_default();
    Parameter {
        wire: parameter.name.clone(),
        ident: setter(&parameter.name),
        location: parameter.location,
        required: parameter.required || parameter.location == Location::Path,
        ty,
        rules: None,
        doc: format!("{words}{default}").trim().to_owned(),
    }
}

/// A parameter is text in the end, so text that must not be shown can stand for most of them.
fn without_sight(types: &Types<'_>, ty: TypeRef) -> TypeRef {
    let is_text = |ty: &TypeRef| match types.kind(ty) {
        Some(kind) => matches!(kind, Kind::Enum { .. } | Kind::ConstrainedString { .. }),
        None => matches!(types.resolve(ty), TypeRef::String | TypeRef::Formatted(_)),
    };
    match types.resolve(&ty) {
        TypeRef::Array(item) if is_text(item) => TypeRef::Array(Box::new(TypeRef::Sensitive)),
        _ if is_text(&ty) => TypeRef::Sensitive,
        _ => ty,
    }
}

/// Why the generated code would not write the parameter as the document says.
fn misfit(types: &Types<'_>, parameter: &spec::Parameter, ty: &TypeRef) -> Option<&'static str> {
    const SHAPE: Option<&str> = Some("is neither a scalar nor a plain list");
    const STYLE: Option<&str> = Some("has a style that is not written yet");
    let name = &parameter.name;
    if !name.is_ascii() || (parameter.location == Location::Header && !is_header_name(name)) {
        return Some("has a name that cannot be written there");
    }
    let style = parameter.style.as_str();
    match (parameter.location, types.resolve(ty)) {
        (Location::Query, TypeRef::Array(item)) if is_scalar(types, item) => {
            if style == "form" && parameter.explode {
                None
            } else {
                STYLE
            }
        }
        (location, _) if is_scalar(types, ty) => {
            if style == (if location == Location::Query { "form" } else { "simple" }) { None } else { STYLE }
        }
        _ => SHAPE,
    }
}

pub(super) fn is_scalar(types: &Types<'_>, ty: &TypeRef) -> bool {
    match types.kind(ty) {
        Some(kind) => {
            matches!(kind, Kind::Enum { .. } | Kind::ConstrainedString { .. } | Kind::ConstrainedInteger { .. })
        }
        None => !matches!(
            types.resolve(ty),
            TypeRef::Json | TypeRef::Map(_) | TypeRef::OrNull(_) | TypeRef::Array(_) | TypeRef::Named(_)
        ),
    }
}
