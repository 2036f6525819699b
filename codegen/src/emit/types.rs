//! `types.rs`: the named types of a client, as text.
//!
//! It is written as text and not as tokens because most of it is macro calls and attributes, which
//! a token printer cannot lay out.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::Value;

use super::DEPRECATED;
use super::doc::{code, rustdoc};
use super::unions;
use super::uses::{Scope, imports, rust_type};
use crate::model::{Additional, EnumValue, Field, Index, Kind, Model, ResponseBody, TypeDef, TypeRef};
use crate::spec::StatusKey;

/// How long a line of code may be.
const MAX_WIDTH: usize = 120;

/// Renders all types of a model.
pub(crate) fn render(model: &Model) -> String {
    let mut out = String::from("//! The types of requests and responses, named as the provider names them.\n\n");
    for (krate, names) in imports(model) {
        match names.iter().copied().collect::<Vec<_>>().as_slice() {
            [one] => out.push_str(&format!("use {krate}::{one};\n")),
            several => out.push_str(&format!("use {krate}::{{{}}};\n", several.join(", "))),
        }
    }
    let index = Index::of(&model.types);
    for def in &model.types {
        render_type(&mut out, def, &index);
    }
    render_bodies(&mut out, model, &index);
    out
}

/// The documentation of a type, and what else is said of it.
fn write_type_doc(out: &mut String, indent: &str, def: &TypeDef) {
    let doc = if def.doc.trim().is_empty() {
        format!("Source: {}.", code(&format!("#{}", def.pointer)))
    } else {
        def.doc.clone()
    };
    write_doc(out, indent, &doc);
    if def.deprecated {
        let _ = writeln!(out, "{indent}{DEPRECATED}");
    }
}

pub(crate) fn write_doc(out: &mut String, indent: &str, text: &str) {
    for line in rustdoc(text).lines() {
        out.push_str(format!("{indent}/// {line}").trim_end());
        out.push('\n');
    }
}

fn render_type<'t>(out: &mut String, def: &'t TypeDef, index: &Index<'t>) {
    out.push('\n');
    match &def.kind {
        Kind::Struct { fields, additional } => {
            write_type_doc(out, "", def);
            render_struct(out, def, fields, additional, index);
        }
        Kind::Enum { values, catch_all } => render_enum(out, def, values, catch_all),
        Kind::ConstrainedString { min_length, max_length, pattern } => {
            out.push_str("obkit_runtime::constrained_string! {\n");
            write_type_doc(out, "    ", def);
            let mut rules = Vec::new();
            rules.extend(min_length.map(|n| format!("min_length: {n}")));
            rules.extend(max_length.map(|n| format!("max_length: {n}")));
            rules.extend(pattern.as_ref().map(|p| format!("pattern: {p:?}")));
            let _ = writeln!(out, "    pub struct {} {{ {} }}\n}}", def.name, rules.join(", "));
        }
        Kind::ConstrainedInteger { repr, minimum, maximum } => {
            out.push_str("obkit_runtime::constrained_integer! {\n");
            write_type_doc(out, "    ", def);
            let _ =
                writeln!(out, "    pub struct {}({repr}) {{ minimum: {minimum}, maximum: {maximum} }}\n}}", def.name);
        }
        Kind::Union { variants, tag, catch_all } => {
            out.push_str("obkit_runtime::one_of! {\n");
            write_type_doc(out, "    ", def);
            unions::render(out, def, variants, tag.as_deref(), catch_all, index);
        }
        Kind::Alias(ty) => {
            write_type_doc(out, "", def);
            let _ = writeln!(out, "pub type {} = {};", def.name, rust_type(ty, &Scope::TYPES));
        }
        Kind::Responses(bodies) => {
            write_type_doc(out, "", def);
            render_responses(out, &def.name, bodies);
        }
    }
}

fn render_enum(out: &mut String, def: &TypeDef, values: &[EnumValue], catch_all: &str) {
    out.push_str("obkit_runtime::open_enum! {\n");
    write_type_doc(out, "    ", def);
    let catch_all = if catch_all == "Unknown" { String::new() } else { format!(" (catch_all = {catch_all})") };
    let _ = writeln!(out, "    pub enum {}{catch_all} {{", def.name);
    for EnumValue { ident, value } in values {
        let _ = writeln!(out, "        /// {}", code(value));
        let _ = writeln!(out, "        {ident} = {value:?},");
    }
    out.push_str("    }\n}\n");
}

/// How a field is written: its whole type.
fn shape(field: &Field) -> String {
    let mut ty = rust_type(&field.ty, &Scope::TYPES);
    if field.boxed {
        ty = format!("Box<{ty}>");
    }
    match (field.required, field.nullable) {
        (true, false) => ty,
        (true, true) | (false, false) => format!("Option<{ty}>"),
        (false, true) => format!("Nullable<{ty}>"),
    }
}

fn render_struct<'t>(
    out: &mut String,
    def: &TypeDef,
    fields: &'t [Field],
    additional: &'t Additional,
    index: &Index<'t>,
) {
    let redacted = fields.iter().any(|field| field.redacted);
    let mut derives = vec!["Clone"];
    if !redacted {
        derives.push("Debug");
    }
    let all_optional = fields.iter().all(|field| !field.required);
    if all_optional {
        derives.push("Default");
    }
    derives.push("PartialEq");
    let _ = writeln!(out, "#[derive({})]\n#[non_exhaustive]\npub struct {} {{", derives.join(", "), def.name);
    for field in fields {
        let doc = if field.doc.is_empty() { format!("{}.", code(&field.wire)) } else { field.doc.clone() };
        write_doc(out, "    ", &doc);
        if field.deprecated {
            let _ = writeln!(out, "    {DEPRECATED}");
        }
        let _ = writeln!(out, "    pub {}: {},", field.ident, shape(field));
    }
    if let Some(ty) = rest(additional) {
        let _ = writeln!(out, "    /// Members that the document does not name.\n    pub {}: {ty},", extra(fields));
    }
    out.push_str("}\n");
    render_members(out, def, fields, additional, index);
    if redacted {
        render_debug(out, &def.name, fields);
    }
    if def.in_requests {
        render_constructor(out, def, fields, additional);
    }
}

/// The type of the field for members that are not listed.
fn rest(additional: &Additional) -> Option<String> {
    match additional {
        Additional::Undeclared => Some("Undeclared".to_owned()),
        Additional::Of(value) => Some(rust_type(&TypeRef::Map(Box::new(value.clone())), &Scope::TYPES)),
        Additional::Nothing => None,
    }
}

/// Says how each field is called on the wire.
fn render_members<'t>(
    out: &mut String,
    def: &TypeDef,
    fields: &'t [Field],
    additional: &'t Additional,
    index: &Index<'t>,
) {
    let named = fields.iter().map(|field| {
        let read = if is_of_integers(&field.ty, index) { ": Whole" } else { "" };
        let sign = if field.required { "=" } else { "?=" };
        format!("{}{read} {sign} {:?}", field.ident, field.wire)
    });
    let named: Vec<String> = named.collect();
    let read = match additional {
        Additional::Of(value) if is_of_integers(value, index) => ": Whole",
        _ => "",
    };
    let rest = rest(additional).map(|_| format!("{}{read}", extra(fields)));
    let flat = format!("{}{}", named.join(", "), rest.as_ref().map(|rest| format!("; ..{rest}")).unwrap_or_default());
    let line = format!("obkit_runtime::members! {{ {} {{ {flat} }} }}", def.name);
    if line.len() <= MAX_WIDTH {
        let _ = writeln!(out, "\n{line}");
        return;
    }
    let members = named.join(",\n        ");
    let rest = rest.map(|rest| format!(";\n        ..{rest}")).unwrap_or_default();
    let _ = writeln!(out, "\nobkit_runtime::members! {{\n    {} {{\n        {members}{rest}\n    }}\n}}", def.name);
}

/// Whether a type is an integer, or a list or map of integers.
pub(super) fn is_of_integers<'t>(mut ty: &'t TypeRef, index: &Index<'t>) -> bool {
    // Lists of lists may be a chain as long as the document.
    loop {
        match index.resolve(ty) {
            TypeRef::I32 | TypeRef::I64 | TypeRef::U64 => return true,
            TypeRef::Array(inner) | TypeRef::Map(inner) | TypeRef::OrNull(inner) => ty = inner,
            _ => return false,
        }
    }
}

/// The name of the field for members that are not listed.
fn extra(fields: &[Field]) -> String {
    let mut name = "additional".to_owned();
    while fields.iter().any(|field| field.ident == name) {
        name.push_str("_members");
    }
    name
}

fn render_debug(out: &mut String, name: &str, fields: &[Field]) {
    let _ = write!(
        out,
        "\nimpl std::fmt::Debug for {name} {{\n    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {{\n        f.debug_struct({name:?})\n"
    );
    for field in fields {
        let value =
            if field.redacted { "&format_args!(\"[redacted]\")".to_owned() } else { format!("&self.{}", field.ident) };
        let _ = writeln!(out, "            .field({:?}, {value})", field.ident);
    }
    out.push_str("            .finish_non_exhaustive()\n    }\n}\n");
}

/// A constructor over the required members and a setter for each of the others.
fn render_constructor(out: &mut String, def: &TypeDef, fields: &[Field], additional: &Additional) {
    let argument = |field: &Field| {
        let ty = shape(field);
        match (&field.ty, field.nullable || field.boxed) {
            (TypeRef::Bool | TypeRef::I32 | TypeRef::I64 | TypeRef::U64 | TypeRef::Array(_) | TypeRef::Map(_), _) => {
                (ty, false)
            }
            _ => (format!("impl Into<{ty}>"), true),
        }
    };
    let required: Vec<_> = fields.iter().filter(|field| field.required && field.fixed.is_none()).collect();
    let arguments: Vec<_> = required.iter().map(|field| format!("{}: {}", field.ident, argument(field).0)).collect();
    let _ = writeln!(out, "\nimpl {} {{", def.name);
    out.push_str("    /// A value with what is required; the rest is set by the `with_` methods.\n");
    out.push_str("    #[allow(clippy::too_many_arguments, clippy::new_without_default)]\n    #[must_use]\n");
    let line = format!("    pub fn new({}) -> Self {{", arguments.join(", "));
    if line.len() <= MAX_WIDTH {
        let _ = writeln!(out, "{line}");
    } else {
        let _ = writeln!(out, "    pub fn new(\n        {},\n    ) -> Self {{", arguments.join(",\n        "));
    }
    out.push_str("        Self {\n");
    for field in fields {
        let value = match (field.required, field.nullable) {
            _ if field.fixed.is_some() => fixed(field),
            (true, _) if argument(field).1 => format!("{}.into()", field.ident),
            (true, _) => field.ident.clone(),
            (false, false) => "None".to_owned(),
            (false, true) => "Nullable::Absent".to_owned(),
        };
        if value == field.ident {
            let _ = writeln!(out, "            {},", field.ident);
        } else {
            let _ = writeln!(out, "            {}: {value},", field.ident);
        }
    }
    if rest(additional).is_some() {
        let _ = writeln!(out, "            {}: Default::default(),", extra(fields));
    }
    out.push_str("        }\n    }\n");
    for field in fields.iter().filter(|field| !field.required) {
        render_setter(out, field);
    }
    out.push_str("}\n");
}

/// The value that a constructor gives to a member that can have no other.
fn fixed(field: &Field) -> String {
    let value = match &field.fixed {
        Some(Value::String(text)) => format!("{text:?}.into()"),
        Some(value) => value.to_string(),
        None => String::new(),
    };
    if field.required { value } else { format!("Some({value})") }
}

fn render_setter(out: &mut String, field: &Field) {
    let inner = rust_type(&field.ty, &Scope::TYPES);
    let inner = if field.boxed { format!("Box<{inner}>") } else { inner };
    let name = field.ident.trim_end_matches('_').trim_start_matches('_');
    let (argument, value) = if field.nullable {
        (format!("impl Into<Nullable<{inner}>>"), "value.into()".to_owned())
    } else {
        (format!("impl Into<{inner}>"), "Some(value.into())".to_owned())
    };
    let deprecated = if field.deprecated { format!("    {DEPRECATED}\n") } else { String::new() };
    let _ = write!(
        out,
        "\n    /// Sets {}.\n{deprecated}    #[must_use]\n    pub fn with_{name}(mut self, value: {argument}) -> Self {{\n        self.{} = {value};\n        self\n    }}\n",
        code(&field.wire),
        field.ident
    );
}

fn render_responses(out: &mut String, name: &str, bodies: &[ResponseBody]) {
    let _ = writeln!(
        out,
        "#[derive(Clone, Debug, PartialEq)]\n#[allow(clippy::large_enum_variant)]\n#[non_exhaustive]\npub enum {name} {{"
    );
    for ResponseBody { ident, statuses, ty } in bodies {
        let statuses: Vec<_> = statuses.iter().map(ToString::to_string).collect();
        let _ = writeln!(out, "    /// The body of {}.", statuses.join(", "));
        match ty {
            Some(ty) => {
                let _ = writeln!(out, "    {ident}({}),", rust_type(ty, &Scope::TYPES));
            }
            None => {
                let _ = writeln!(out, "    {ident},");
            }
        }
    }
    out.push_str("}\n");
    render_written_body(out, name, bodies);
    let _ = write!(
        out,
        "\nimpl obkit_runtime::Body for {name} {{\n    fn decode(\n        status: obkit_runtime::reqwest::StatusCode,\n        content_type: Option<&str>,\n        body: &[u8],\n    ) -> Result<Self, obkit_runtime::DecodeError> {{\n        match status.as_u16() {{\n"
    );
    let mut arms: Vec<(StatusKey, &ResponseBody)> =
        bodies.iter().flat_map(|body| body.statuses.iter().map(move |status| (*status, body))).collect();
    arms.sort_by_key(|(status, _)| *status);
    for (status, body) in &arms {
        let pattern = match status {
            StatusKey::Code(code) => code.to_string(),
            StatusKey::Range(range) => format!("{range}00..={range}99"),
            StatusKey::Default => "_".to_owned(),
        };
        let value = match &body.ty {
            Some(_) => format!("obkit_runtime::Body::decode(status, content_type, body).map(Self::{})", body.ident),
            None => format!("Ok(Self::{})", body.ident),
        };
        let _ = writeln!(out, "            {pattern} => {value},");
    }
    if !arms.iter().any(|(status, _)| *status == StatusKey::Default) {
        out.push_str("            _ => Err(obkit_runtime::DecodeError::new(\n                obkit_runtime::Category::Data,\n                \"the status is not documented\",\n            )),\n");
    }
    out.push_str("        }\n    }\n}\n");
    let _ = write!(
        out,
        "\nimpl obkit_runtime::ErrorBody for {name} {{\n    fn decode_error(\n        status: obkit_runtime::reqwest::StatusCode,\n        content_type: Option<&str>,\n        body: &[u8],\n    ) -> Option<Self> {{\n        obkit_runtime::Body::decode(status, content_type, body).ok()\n    }}\n}}\n"
    );
}

/// A body is written as what it is, and one without content as null.
fn render_written_body(out: &mut String, name: &str, bodies: &[ResponseBody]) {
    let _ = write!(
        out,
        "\nimpl obkit_runtime::serde::Serialize for {name} {{\n    fn serialize<S: obkit_runtime::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {{\n        match self {{\n"
    );
    for ResponseBody { ident, ty, .. } in bodies {
        let (pattern, value) = match ty {
            Some(_) => (format!("{ident}(body)"), "obkit_runtime::serde::Serialize::serialize(body, serializer)"),
            None => (ident.clone(), "serializer.serialize_unit()"),
        };
        let _ = writeln!(out, "            Self::{pattern} => {value},");
    }
    out.push_str("        }\n    }\n}\n");
}

/// Says of each type that is a body how it is decoded.
fn render_bodies<'t>(out: &mut String, model: &'t Model, index: &Index<'t>) {
    let decoded = |ty: &'t TypeRef| {
        let def = index.def(ty)?;
        (!matches!(def.kind, Kind::Responses(_))).then(|| def.name.clone())
    };
    let mut bodies = BTreeSet::new();
    let mut errors = BTreeSet::new();
    for operation in &model.operations {
        bodies.extend(
            operation.responses.iter().filter_map(|(_, ty)| ty.as_ref()).chain(&operation.error).filter_map(decoded),
        );
        errors.extend(operation.error.iter().filter_map(decoded));
    }
    for (name, types) in [("json_body", bodies), ("json_error_body", errors)] {
        if types.is_empty() {
            continue;
        }
        let _ = writeln!(out, "\nobkit_runtime::{name}! {{");
        for ty in types {
            let _ = writeln!(out, "    {ty},");
        }
        out.push_str("}\n");
    }
}
