//! Recursion: a struct that contains itself by value is boxed where the circle closes; a list that
//! contains itself has no type in Rust, so the circle is cut.

use std::collections::{HashMap, HashSet};

use crate::model::{Kind, TypeDef, TypeRef};

/// Boxes what contains itself by value.
pub(crate) fn box_circles(types: &mut [TypeDef]) {
    let edges = types.iter().map(|def| (def.name.clone(), held_by_value(&def.kind))).collect();
    for def in types {
        let closes = |ty: &TypeRef| matches!(ty, TypeRef::Named(name) if reaches(&edges, name, &def.name));
        match &mut def.kind {
            Kind::Struct { fields, .. } => fields.iter_mut().for_each(|field| field.boxed = closes(&field.ty)),
            Kind::Union { variants, .. } => variants.iter_mut().for_each(|v| v.boxed = closes(&v.ty)),
            _ => {}
        }
    }
}

/// Makes any JSON of an alias within itself; gives the pointers of the aliases this was done to.
pub(crate) fn cut_aliases(types: &mut [TypeDef]) -> Vec<String> {
    let mut edges: HashMap<String, Vec<String>> = types
        .iter()
        .filter_map(|def| match &def.kind {
            Kind::Alias(ty) => Some((def.name.clone(), named(ty).map(str::to_owned).into_iter().collect())),
            _ => None,
        })
        .collect();
    let mut cut = Vec::new();
    for def in types {
        let Kind::Alias(ty) = &mut def.kind else { continue };
        if named(ty).is_some_and(|name| reaches(&edges, name, &def.name)) {
            forget_name(ty);
            edges.remove(&def.name);
            cut.push(def.pointer.clone());
        }
    }
    cut
}

/// The name at the end of a type, under whatever lists and maps.
fn named(ty: &TypeRef) -> Option<&str> {
    match ty {
        TypeRef::Named(name) => Some(name),
        TypeRef::Array(inner) | TypeRef::Map(inner) | TypeRef::OrNull(inner) => named(inner),
        _ => None,
    }
}

fn forget_name(ty: &mut TypeRef) {
    match ty {
        TypeRef::Array(inner) | TypeRef::Map(inner) => forget_name(inner),
        // Null is JSON, too.
        _ => *ty = TypeRef::Json,
    }
}

fn held_by_value(kind: &Kind) -> Vec<String> {
    let held = |ty: &TypeRef| match ty {
        TypeRef::Named(name) => Some(name.clone()),
        _ => None,
    };
    match kind {
        Kind::Struct { fields, .. } => fields.iter().filter_map(|field| held(&field.ty)).collect(),
        Kind::Union { variants, .. } => variants.iter().filter_map(|variant| held(&variant.ty)).collect(),
        Kind::Alias(ty) => held(ty).into_iter().collect(),
        Kind::Responses(bodies) => bodies.iter().filter_map(|body| body.ty.as_ref().and_then(held)).collect(),
        Kind::Enum { .. } | Kind::ConstrainedString { .. } | Kind::ConstrainedInteger { .. } => Vec::new(),
    }
}

fn reaches(edges: &HashMap<String, Vec<String>>, from: &str, to: &str) -> bool {
    let mut seen = HashSet::new();
    let mut open = vec![from];
    while let Some(name) = open.pop() {
        if name == to {
            return true;
        }
        if seen.insert(name) {
            open.extend(edges.get(name).into_iter().flatten().map(String::as_str));
        }
    }
    false
}
