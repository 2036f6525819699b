//! Recursion: a struct that contains itself by value is boxed where the circle closes.

use std::collections::{HashMap, HashSet};

use crate::model::{Kind, TypeDef, TypeRef};

pub(crate) fn box_circles(types: &mut [TypeDef]) {
    let edges: HashMap<String, Vec<String>> =
        types.iter().map(|def| (def.name.clone(), held_by_value(&def.kind))).collect();
    for def in types {
        if let Kind::Struct { fields, .. } = &mut def.kind {
            for field in fields {
                if let TypeRef::Named(name) = &field.ty {
                    field.boxed = reaches(&edges, name, &def.name);
                }
            }
        }
    }
}

fn held_by_value(kind: &Kind) -> Vec<String> {
    let named = |ty: &TypeRef| match ty {
        TypeRef::Named(name) => Some(name.clone()),
        _ => None,
    };
    match kind {
        Kind::Struct { fields, .. } => fields.iter().filter_map(|field| named(&field.ty)).collect(),
        Kind::Alias(ty) => named(ty).into_iter().collect(),
        Kind::Responses(bodies) => bodies.iter().filter_map(|body| body.ty.as_ref().and_then(named)).collect(),
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
