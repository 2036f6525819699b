//! `types.rs`: the named types of a client, as text.
//!
//! It is written as text and not as tokens because most of it is macro calls and attributes, which
//! a token printer cannot lay out.

use std::fmt::Write;

use super::doc::rustdoc;
use crate::model::{EnumValue, Field, Kind, Model, ResponseBody, TypeDef, TypeRef};
use crate::spec::StatusKey;

/// The names that generated types use, and where they come from.
const IMPORTS: &[(&str, &[&str])] = &[
    ("obkit_runtime", &["Date", "DateTime", "Decimal", "DecimalText", "Nullable", "Sensitive", "Uuid"]),
    ("serde", &["Deserialize", "Serialize"]),
    ("serde_json", &["Map", "Value"]),
];

/// Renders all types of a model.
pub(crate) fn render(model: &Model) -> String {
    let mut body = String::new();
    for def in &model.types {
        render_type(&mut body, def);
    }
    render_bodies(&mut body, model);
    let code = || body.lines().filter(|line| !line.trim_start().starts_with("///"));
    let mut out = String::from("//! The types of requests and responses, named as the provider names them.\n\n");
    for (krate, names) in IMPORTS {
        let used: Vec<_> = names.iter().filter(|name| code().any(|line| uses(line, name))).copied().collect();
        match used.as_slice() {
            [] => {}
            [one] => out.push_str(&format!("use {krate}::{one};\n")),
            several => out.push_str(&format!("use {krate}::{{{}}};\n", several.join(", "))),
        }
    }
    out.push_str(&body);
    out
}

fn uses(text: &str, name: &str) -> bool {
    let part_of_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_' || c == ':');
    text.match_indices(name).any(|(at, _)| {
        !part_of_word(text[..at].chars().next_back())
            && !text[at + name.len()..].chars().next().is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

/// The Rust text of a use; `prefix` is what stands before a name of the model.
pub(crate) fn rust_type(ty: &TypeRef, prefix: &str) -> String {
    match ty {
        TypeRef::Named(name) => format!("{prefix}{name}"),
        TypeRef::String => "String".to_owned(),
        TypeRef::Bool => "bool".to_owned(),
        TypeRef::I32 => "i32".to_owned(),
        TypeRef::I64 => "i64".to_owned(),
        TypeRef::Decimal => "Decimal".to_owned(),
        TypeRef::Formatted(name) => (*name).to_owned(),
        TypeRef::Sensitive => "Sensitive".to_owned(),
        TypeRef::Json => "Value".to_owned(),
        TypeRef::Array(item) => format!("Vec<{}>", rust_type(item, prefix)),
        TypeRef::Map(value) if **value == TypeRef::Json => "Map<String, Value>".to_owned(),
        TypeRef::Map(value) => format!("std::collections::BTreeMap<String, {}>", rust_type(value, prefix)),
        TypeRef::OrNull(value) => format!("Option<{}>", rust_type(value, prefix)),
    }
}

pub(crate) fn write_doc(out: &mut String, indent: &str, text: &str) {
    for line in rustdoc(text).lines() {
        out.push_str(format!("{indent}/// {line}").trim_end());
        out.push('\n');
    }
}

fn render_type(out: &mut String, def: &TypeDef) {
    out.push('\n');
    let doc = if def.doc.trim().is_empty() { format!("Source: `#{}`.", def.pointer) } else { def.doc.clone() };
    match &def.kind {
        Kind::Struct { fields, additional } => {
            write_doc(out, "", &doc);
            render_struct(out, def, fields, additional.as_ref());
        }
        Kind::Enum { values, catch_all } => render_enum(out, def, &doc, values, catch_all),
        Kind::ConstrainedString { min_length, max_length, pattern } => {
            out.push_str("obkit_runtime::constrained_string! {\n");
            write_doc(out, "    ", &doc);
            let mut rules = Vec::new();
            rules.extend(min_length.map(|n| format!("min_length: {n}")));
            rules.extend(max_length.map(|n| format!("max_length: {n}")));
            rules.extend(pattern.as_ref().map(|p| format!("pattern: {p:?}")));
            let _ = writeln!(out, "    pub struct {} {{ {} }}\n}}", def.name, rules.join(", "));
        }
        Kind::ConstrainedInteger { repr, minimum, maximum } => {
            out.push_str("obkit_runtime::constrained_integer! {\n");
            write_doc(out, "    ", &doc);
            let _ = writeln!(
                out,
                "    pub struct {}({repr}) {{ minimum: {minimum}, maximum: {maximum} }}\n}}",
                def.name
            );
        }
        Kind::Alias(ty) => {
            write_doc(out, "", &doc);
            let _ = writeln!(out, "pub type {} = {};", def.name, rust_type(ty, ""));
        }
        Kind::Responses(bodies) => {
            write_doc(out, "", &doc);
            render_responses(out, &def.name, bodies);
        }
    }
}

fn render_enum(out: &mut String, def: &TypeDef, doc: &str, values: &[EnumValue], catch_all: &str) {
    out.push_str("obkit_runtime::open_enum! {\n");
    write_doc(out, "    ", doc);
    let catch_all = if catch_all == "Unknown" { String::new() } else { format!(" (catch_all = {catch_all})") };
    let _ = writeln!(out, "    pub enum {}{catch_all} {{", def.name);
    for EnumValue { ident, value } in values {
        let _ = writeln!(out, "        /// `{}`", value.replace('`', "'"));
        let _ = writeln!(out, "        {ident} = {value:?},");
    }
    out.push_str("    }\n}\n");
}

/// How a field is written: its whole type, and its serde attributes.
fn shape(field: &Field) -> (String, Vec<String>) {
    let mut ty = rust_type(&field.ty, "");
    if field.boxed {
        ty = format!("Box<{ty}>");
    }
    let mut serde = Vec::new();
    if field.ident != field.wire {
        serde.push(format!("rename = {:?}", field.wire));
    }
    match (field.required, field.nullable) {
        (true, false) => {}
        (true, true) => ty = format!("Option<{ty}>"),
        (false, false) => {
            ty = format!("Option<{ty}>");
            serde.push("default".to_owned());
            serde.push("skip_serializing_if = \"Option::is_none\"".to_owned());
        }
        (false, true) => {
            ty = format!("Nullable<{ty}>");
            serde.push("default".to_owned());
            serde.push("skip_serializing_if = \"Nullable::is_absent\"".to_owned());
        }
    }
    (ty, serde)
}

fn render_struct(out: &mut String, def: &TypeDef, fields: &[Field], additional: Option<&TypeRef>) {
    let redacted = fields.iter().any(|field| field.redacted);
    let mut derives = vec!["Clone"];
    if !redacted {
        derives.push("Debug");
    }
    let all_optional = fields.iter().all(|field| !field.required);
    if all_optional {
        derives.push("Default");
    }
    derives.extend(["PartialEq", "Serialize", "Deserialize"]);
    let _ = writeln!(out, "#[derive({})]\n#[non_exhaustive]\npub struct {} {{", derives.join(", "), def.name);
    for field in fields {
        let (ty, serde) = shape(field);
        let doc = if field.doc.is_empty() { format!("`{}`.", field.wire) } else { field.doc.clone() };
        write_doc(out, "    ", &doc);
        if !serde.is_empty() {
            let _ = writeln!(out, "    #[serde({})]", serde.join(", "));
        }
        if field.deprecated {
            out.push_str("    #[doc(alias = \"deprecated\")]\n");
        }
        let _ = writeln!(out, "    pub {}: {ty},", field.ident);
    }
    if let Some(additional) = additional {
        out.push_str("    /// Members that the document does not name.\n    #[serde(flatten)]\n");
        let _ = writeln!(out, "    pub {}: {},", extra(fields), rust_type(&TypeRef::Map(Box::new(additional.clone())), ""));
    }
    out.push_str("}\n");
    if redacted {
        render_debug(out, &def.name, fields);
    }
    if def.in_requests {
        render_constructor(out, def, fields, additional.is_some());
    }
}

/// The name of the field for members that are not listed.
fn extra(fields: &[Field]) -> &'static str {
    if fields.iter().any(|field| field.ident == "additional") { "additional_members" } else { "additional" }
}

fn render_debug(out: &mut String, name: &str, fields: &[Field]) {
    let _ = write!(
        out,
        "\nimpl std::fmt::Debug for {name} {{\n    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {{\n        f.debug_struct({name:?})\n"
    );
    for field in fields {
        let value = if field.redacted {
            "&format_args!(\"[redacted]\")".to_owned()
        } else {
            format!("&self.{}", field.ident)
        };
        let _ = writeln!(out, "            .field({:?}, {value})", field.ident);
    }
    out.push_str("            .finish_non_exhaustive()\n    }\n}\n");
}

/// A constructor over the required members and a setter for each of the others.
fn render_constructor(out: &mut String, def: &TypeDef, fields: &[Field], additional: bool) {
    let argument = |field: &Field| {
        let (ty, _) = shape(field);
        match (&field.ty, field.nullable || field.boxed) {
            (TypeRef::Bool | TypeRef::I32 | TypeRef::I64 | TypeRef::Array(_) | TypeRef::Map(_), _) => (ty, false),
            _ => (format!("impl Into<{ty}>"), true),
        }
    };
    let required: Vec<_> = fields.iter().filter(|field| field.required).collect();
    let arguments: Vec<_> = required.iter().map(|field| format!("{}: {}", field.ident, argument(field).0)).collect();
    let _ = writeln!(out, "\nimpl {} {{", def.name);
    out.push_str("    /// A value with what is required; the rest is set by the `with_` methods.\n");
    out.push_str("    #[allow(clippy::too_many_arguments, clippy::new_without_default)]\n    #[must_use]\n");
    let _ = writeln!(out, "    pub fn new({}) -> Self {{\n        Self {{", arguments.join(", "));
    for field in fields {
        let value = match (field.required, field.nullable) {
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
    if additional {
        let _ = writeln!(out, "            {}: Default::default(),", extra(fields));
    }
    out.push_str("        }\n    }\n");
    for field in fields.iter().filter(|field| !field.required) {
        render_setter(out, field);
    }
    out.push_str("}\n");
}

fn render_setter(out: &mut String, field: &Field) {
    let inner = rust_type(&field.ty, "");
    let inner = if field.boxed { format!("Box<{inner}>") } else { inner };
    let name = field.ident.trim_end_matches('_').trim_start_matches('_');
    let (argument, value) = if field.nullable {
        (format!("impl Into<Nullable<{inner}>>"), "value.into()".to_owned())
    } else {
        (format!("impl Into<{inner}>"), "Some(value.into())".to_owned())
    };
    let _ = write!(
        out,
        "\n    /// Sets `{}`.\n    #[must_use]\n    pub fn with_{name}(mut self, value: {argument}) -> Self {{\n        self.{} = {value};\n        self\n    }}\n",
        field.wire, field.ident
    );
}

fn render_responses(out: &mut String, name: &str, bodies: &[ResponseBody]) {
    let _ = writeln!(
        out,
        "#[derive(Clone, Debug, PartialEq, Serialize)]\n#[serde(untagged)]\n#[non_exhaustive]\npub enum {name} {{"
    );
    for ResponseBody { ident, statuses, ty } in bodies {
        let statuses: Vec<_> = statuses.iter().map(ToString::to_string).collect();
        let _ = writeln!(out, "    /// The body of {}.", statuses.join(", "));
        match ty {
            Some(ty) => {
                let _ = writeln!(out, "    {ident}({}),", rust_type(ty, ""));
            }
            None => {
                let _ = writeln!(out, "    {ident},");
            }
        }
    }
    out.push_str("}\n");
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

/// Says of each type that is a body how it is decoded.
fn render_bodies(out: &mut String, model: &Model) {
    let own_decoder = |name: &str| {
        model.types.iter().any(|def| def.name == name && matches!(def.kind, Kind::Responses(_) | Kind::Alias(_)))
    };
    let mut bodies: Vec<String> = Vec::new();
    let mut errors: Vec<String> = Vec::new();
    for operation in &model.operations {
        for ty in operation.responses.iter().filter_map(|(_, ty)| ty.as_ref()).chain(&operation.error) {
            if let TypeRef::Named(name) = ty {
                if !own_decoder(name) && !bodies.contains(name) {
                    bodies.push(name.clone());
                }
            }
        }
        if let Some(TypeRef::Named(name)) = &operation.error {
            if !own_decoder(name) && !errors.contains(name) {
                errors.push(name.clone());
            }
        }
    }
    for (macro_name, mut names) in [("json_body", bodies), ("json_error_body", errors)] {
        if names.is_empty() {
            continue;
        }
        names.sort();
        let _ = writeln!(out, "\nobkit_runtime::{macro_name}! {{");
        for name in names {
            let _ = writeln!(out, "    {name},");
        }
        out.push_str("}\n");
    }
}
