//! Uses of types: their Rust text, and what has to be imported for them.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Additional, Kind, Model, Operation, TypeRef};

/// What stands before a name, depending on where the name is used.
pub(crate) struct Scope {
    named: &'static str,
    runtime: &'static str,
    json: &'static str,
}

impl Scope {
    /// `types.rs`, which imports what it uses.
    pub(crate) const TYPES: Self = Self { named: "", runtime: "", json: "" };
    /// `typed_client.rs`, which imports all but the types.
    pub(crate) const TYPED_CLIENT: Self = Self { named: "types::", runtime: "", json: "" };
    /// `client.rs`, which imports nothing.
    pub(crate) const CLIENT: Self = Self { named: "types::", runtime: "obkit_runtime::", json: "serde_json::" };
}

/// The Rust text of a use.
pub(crate) fn rust_type(ty: &TypeRef, scope: &Scope) -> String {
    let Scope { named, runtime, json } = scope;
    match ty {
        TypeRef::Named(name) => format!("{named}{name}"),
        TypeRef::String => "String".to_owned(),
        TypeRef::Bool => "bool".to_owned(),
        TypeRef::I32 => "i32".to_owned(),
        TypeRef::I64 => "i64".to_owned(),
        TypeRef::U64 => "u64".to_owned(),
        TypeRef::Decimal => format!("{runtime}Decimal"),
        TypeRef::Formatted(name) => format!("{runtime}{name}"),
        TypeRef::Sensitive => format!("{runtime}Sensitive"),
        TypeRef::Json => format!("{json}Value"),
        TypeRef::Array(item) => format!("Vec<{}>", rust_type(item, scope)),
        TypeRef::Map(value) if **value == TypeRef::Json => format!("{json}Map<String, {json}Value>"),
        TypeRef::Map(value) => format!("std::collections::BTreeMap<String, {}>", rust_type(value, scope)),
        TypeRef::OrNull(value) => format!("Option<{}>", rust_type(value, scope)),
    }
}

/// The names of the runtime that the client uses for values: those of its types, and those of its calls.
pub(super) fn runtime_types(model: &Model) -> BTreeSet<&'static str> {
    let mut imports = imports(model);
    let calls = model.operations.iter().flat_map(Operation::types);
    calls.chain(model.received.iter().map(|(_, ty)| ty)).for_each(|ty| import(ty, &mut imports));
    imports.remove("obkit_runtime").unwrap_or_default()
}

/// The names that the types use, by the crates they come from.
pub(super) fn imports(model: &Model) -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let mut imports: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for def in &model.types {
        match &def.kind {
            Kind::Struct { fields, additional } => {
                for field in fields {
                    import(&field.ty, &mut imports);
                    if field.nullable && !field.required {
                        imports.entry("obkit_runtime").or_default().insert("Nullable");
                    }
                }
                match additional {
                    Additional::Of(value) => import(&TypeRef::Map(Box::new(value.clone())), &mut imports),
                    Additional::Undeclared => drop(imports.entry("obkit_runtime").or_default().insert("Undeclared")),
                    Additional::Nothing => {}
                }
            }
            Kind::Union { variants, .. } => variants.iter().for_each(|variant| import(&variant.ty, &mut imports)),
            Kind::Alias(ty) => import(ty, &mut imports),
            Kind::Responses(bodies) => {
                bodies.iter().filter_map(|body| body.ty.as_ref()).for_each(|ty| import(ty, &mut imports));
            }
            Kind::Enum { .. } | Kind::ConstrainedString { .. } | Kind::ConstrainedInteger { .. } => {}
        }
    }
    imports
}

fn import(ty: &TypeRef, imports: &mut BTreeMap<&'static str, BTreeSet<&'static str>>) {
    let (krate, name) = match ty {
        TypeRef::Decimal => ("obkit_runtime", "Decimal"),
        TypeRef::Sensitive => ("obkit_runtime", "Sensitive"),
        TypeRef::Formatted(name) => ("obkit_runtime", *name),
        TypeRef::Json => ("serde_json", "Value"),
        TypeRef::Map(value) => {
            if **value == TypeRef::Json {
                imports.entry("serde_json").or_default().insert("Map");
            }
            return import(value, imports);
        }
        TypeRef::Array(inner) | TypeRef::OrNull(inner) => return import(inner, imports),
        TypeRef::Named(_) | TypeRef::String | TypeRef::Bool | TypeRef::I32 | TypeRef::I64 | TypeRef::U64 => return,
    };
    imports.entry(krate).or_default().insert(name);
}
