//! The formats of strings and numbers: which are known, and what they mean for a type.

use crate::model::TypeRef;

/// A known format and the type of text that has it.
///
/// Known are the formats of OpenAPI 3.0.3 and of JSON Schema 2020-12, which validation asserts, and
/// `decimal` of the OpenAPI format registry.
const FORMATS: &[(&str, TypeRef)] = &[
    ("byte", TypeRef::String),
    ("binary", TypeRef::String),
    ("date", TypeRef::Formatted("Date")),
    ("date-time", TypeRef::Formatted("DateTime")),
    ("decimal", TypeRef::Formatted("DecimalText")),
    ("double", TypeRef::String),
    ("duration", TypeRef::String),
    ("email", TypeRef::String),
    ("float", TypeRef::String),
    ("hostname", TypeRef::String),
    ("int16", TypeRef::String),
    ("int32", TypeRef::String),
    ("int64", TypeRef::String),
    ("int8", TypeRef::String),
    ("ipv4", TypeRef::String),
    ("ipv6", TypeRef::String),
    ("json-pointer", TypeRef::String),
    ("password", TypeRef::Sensitive),
    ("regex", TypeRef::String),
    ("time", TypeRef::String),
    ("uint16", TypeRef::String),
    ("uint32", TypeRef::String),
    ("uint64", TypeRef::String),
    ("uint8", TypeRef::String),
    ("uri", TypeRef::String),
    ("uri-reference", TypeRef::String),
    ("uuid", TypeRef::Formatted("Uuid")),
];

/// Whether a format is known at all.
pub(crate) fn is_known(format: &str) -> bool {
    FORMATS.iter().any(|(known, _)| *known == format)
}

/// The types that a known format says something of, after the OpenAPI format registry.
///
/// Numbers that the binary floats of JSON parsers do not hold are widely sent as text, so `float` and `double` are said
/// of text too.
pub(crate) fn types(format: &str) -> Option<&'static [&'static str]> {
    match format {
        "decimal" | "double" | "float" | "int64" | "uint64" => Some(&["integer", "number", "string"]),
        "int16" | "int32" | "int8" | "uint16" | "uint32" | "uint8" => Some(&["integer", "number"]),
        known => is_known(known).then_some(&["string"]),
    }
}

/// The type of text with a format; plain text when the format is unknown or absent.
pub(crate) fn text_type(format: Option<&str>) -> TypeRef {
    let found = FORMATS.iter().find(|(known, _)| Some(*known) == format);
    found.map_or(TypeRef::String, |(_, ty)| ty.clone())
}
