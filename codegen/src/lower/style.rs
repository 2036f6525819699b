//! Styles: how a parameter is written, where it is more than one text.

use super::schema::Types;
use crate::model::{Kind, Style, TypeRef};
use crate::note;
use crate::spec::{Location, Operation, Parameter, is_json};

/// How deep the members of an object are searched for secrets.
const MAX_DEPTH: usize = 8;

/// The style of a parameter; none where its plain text does, or the repetition of its name.
pub(super) fn of(
    types: &mut Types<'_>,
    op: &Operation,
    parameter: &Parameter,
    ty: &TypeRef,
    reserved: bool,
    is_secret: bool,
) -> Option<Style> {
    let explode = parameter.explode;
    let reserved = reserved && parameter.location == Location::Query;
    let shape = match &parameter.content {
        Some(media_type) if is_json(media_type) => "JSON",
        _ => shape(types, op, parameter),
    };
    let is_default = matches!((parameter.location, shape), (Location::Query, "FORM") | (_, "SIMPLE"));
    let is_plain = match types.resolve(ty) {
        TypeRef::Array(item) => shape == "FORM" && explode && is_scalar(types, item),
        _ => is_scalar(types, ty),
    };
    if is_plain && is_default && !reserved {
        return None;
    }
    if shape != "JSON" && nests(types, ty, shape) {
        let (location, name) = (parameter.location.as_str(), &parameter.name);
        let message = format!("`style: {}` does not say how the {location} parameter `{name}` nests", parameter.style);
        types.note(note::NESTED_PARAMETER, &parameter.pointer, message);
    }
    let explode = explode && !matches!(shape, "JSON" | "DEEP_OBJECT");
    let is_marked = parameter.location == Location::Header && (is_secret || holds_secrets(types, ty, MAX_DEPTH));
    Some(Style { shape, explode, reserved, sensitive: is_marked })
}

/// The constant of the runtime's `Style`. A style that is none of its place reads as the default there.
fn shape(types: &mut Types<'_>, op: &Operation, parameter: &Parameter) -> &'static str {
    let (location, style) = (parameter.location, parameter.style.as_str());
    match (location, style) {
        (Location::Path, "label") => "LABEL",
        (Location::Path, "matrix") => "MATRIX",
        (Location::Path | Location::Header, "simple") => "SIMPLE",
        (Location::Query | Location::Cookie, "form") | (Location::Cookie, "cookie") => "FORM",
        // Exploded, they are what `form` is.
        (Location::Query, "spaceDelimited" | "pipeDelimited" | "tabDelimited") if parameter.explode => "FORM",
        // As `collectionFormat` of Swagger 2.0 they stand in paths and header fields, too.
        (Location::Query | Location::Path | Location::Header, "spaceDelimited") if !parameter.explode => {
            "SPACE_DELIMITED"
        }
        (Location::Query | Location::Path | Location::Header, "pipeDelimited") if !parameter.explode => {
            "PIPE_DELIMITED"
        }
        (Location::Query | Location::Path | Location::Header, "tabDelimited") if !parameter.explode => "TAB_DELIMITED",
        (Location::Query, "deepObject") => "DEEP_OBJECT",
        _ => {
            let (location, name) = (location.as_str(), &parameter.name);
            let message = format!("the {location} parameter `{name}` of `{}` cannot be `{style}`", op.signature());
            types.note(note::STYLE_MISPLACED, &parameter.pointer, message);
            if matches!(parameter.location, Location::Path | Location::Header) { "SIMPLE" } else { "FORM" }
        }
    }
}

/// Whether a value holds lists or objects where a shape has room for one text.
fn nests(types: &Types<'_>, ty: &TypeRef, shape: &str) -> bool {
    let deep = shape == "DEEP_OBJECT";
    let is_object = |ty: &TypeRef| matches!(types.kind(ty), Some(Kind::Struct { .. }));
    let fits = |held: &TypeRef| match types.resolve(held) {
        // Of what may be anything, nothing is known; and `deepObject` has a way to write members of members.
        TypeRef::Json => true,
        TypeRef::Array(item) => deep && !is_nested(types, item),
        held => !is_nested(types, held) || (deep && is_object(held)),
    };
    match types.resolve(ty) {
        TypeRef::Array(item) => is_nested(types, item),
        TypeRef::Map(value) => !fits(value),
        ty => match types.kind(ty) {
            Some(Kind::Struct { fields, .. }) => !fields.iter().all(|field| fits(&field.ty)),
            _ => false,
        },
    }
}

/// Whether a type is a list or an object.
fn is_nested(types: &Types<'_>, ty: &TypeRef) -> bool {
    match types.resolve(ty) {
        TypeRef::Array(_) | TypeRef::Map(_) => true,
        TypeRef::OrNull(held) => is_nested(types, held),
        ty => matches!(types.kind(ty), Some(Kind::Struct { .. })),
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

fn holds_secrets(types: &Types<'_>, ty: &TypeRef, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    match types.resolve(ty) {
        TypeRef::Sensitive => true,
        TypeRef::Array(held) | TypeRef::Map(held) | TypeRef::OrNull(held) => holds_secrets(types, held, depth),
        TypeRef::Named(_) => match types.kind(ty) {
            Some(Kind::Struct { fields, .. }) => {
                fields.iter().any(|field| field.redacted || holds_secrets(types, &field.ty, depth))
            }
            _ => false,
        },
        _ => false,
    }
}
