//! Recursion: a struct that contains itself by value is boxed where the circle closes; a list that
//! contains itself has no type in Rust, so the circle is cut.

use std::collections::{HashMap, HashSet};

use crate::model::{Kind, TypeDef, TypeRef};

/// Boxes what contains itself by value.
pub(crate) fn box_circles(types: &mut [TypeDef]) {
    let numbers: HashMap<String, usize> = types.iter().enumerate().map(|(at, def)| (def.name.clone(), at)).collect();
    let held: Vec<Vec<usize>> = types
        .iter()
        .map(|def| held_by_value(&def.kind).iter().filter_map(|name| numbers.get(name).copied()).collect())
        .collect();
    let circles = circles(&held);
    for (at, def) in types.iter_mut().enumerate() {
        let closes = |ty: &TypeRef| match ty {
            TypeRef::Named(name) => numbers.get(name).is_some_and(|of| circles.get(*of) == circles.get(at)),
            _ => false,
        };
        match &mut def.kind {
            Kind::Struct { fields, .. } => fields.iter_mut().for_each(|field| field.boxed = closes(&field.ty)),
            Kind::Union { variants, .. } => variants.iter_mut().for_each(|v| v.boxed = closes(&v.ty)),
            _ => {}
        }
    }
}

/// The circle that each node is part of, by number: nodes that lead to each other share one, and any other has
/// its own. By Kosaraju, in time linear in nodes and edges, as a document may have a hundred thousand types, and
/// with stacks of its own, as each may hold the next.
pub(super) fn circles(edges: &[Vec<usize>]) -> Vec<Option<usize>> {
    let mut seen = vec![false; edges.len()];
    let mut finished = Vec::with_capacity(edges.len());
    for root in 0..edges.len() {
        let mut open = vec![(root, false)];
        while let Some((node, left)) = open.pop() {
            if left {
                finished.push(node);
            } else if !std::mem::replace(&mut seen[node], true) {
                open.push((node, true));
                open.extend(edges[node].iter().map(|next| (*next, false)));
            }
        }
    }
    let mut back = vec![Vec::new(); edges.len()];
    for (from, node) in edges.iter().enumerate() {
        node.iter().for_each(|to| back[*to].push(from));
    }
    let mut circles = vec![None; edges.len()];
    for root in finished.into_iter().rev() {
        let mut open = vec![root];
        while let Some(node) = open.pop() {
            if circles[node].is_none() {
                circles[node] = Some(root);
                open.extend(&back[node]);
            }
        }
    }
    circles
}

/// Makes any JSON of an alias within itself; gives the pointers of the aliases this was done to: one of each circle,
/// as an alias has one type only.
pub(crate) fn cut_aliases(types: &mut [TypeDef]) -> Vec<String> {
    let numbers: HashMap<&str, usize> = types.iter().enumerate().map(|(at, def)| (def.name.as_str(), at)).collect();
    let next: Vec<Option<usize>> = types
        .iter()
        .map(|def| match &def.kind {
            Kind::Alias(ty) => named(ty).and_then(|name| numbers.get(name).copied()),
            _ => None,
        })
        .collect();
    let edges: Vec<Vec<usize>> = next.iter().map(|next| next.iter().copied().collect()).collect();
    let circles = circles(&edges);
    let mut cut = Vec::new();
    let mut known = HashSet::new();
    for (at, def) in types.iter_mut().enumerate() {
        let Kind::Alias(ty) = &mut def.kind else { continue };
        let is_within_itself = next[at].is_some_and(|next| circles.get(next) == circles.get(at));
        if is_within_itself && known.insert(circles[at]) {
            forget_name(ty);
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

#[cfg(test)]
mod tests {
    use super::circles;

    #[test]
    fn what_leads_to_each_other_is_one_circle() {
        // 0 -> 1 -> 2 -> 1, 3 -> 3, 4 -> 0, and 5 alone.
        let found = circles(&[vec![1], vec![2], vec![1], vec![3], vec![0], vec![]]);
        assert_eq!(found[1], found[2]);
        for (a, b) in [(0, 1), (0, 4), (3, 1), (5, 0), (4, 5)] {
            assert_ne!(found[a], found[b], "{a} and {b}");
        }
    }

    #[test]
    fn a_chain_takes_time_by_its_length() {
        // What asks of each edge where it leads does not come to an end here.
        let chain: Vec<Vec<usize>> = (0..300_000).map(|node| if node == 0 { vec![] } else { vec![node - 1] }).collect();
        let found = circles(&chain);
        assert_eq!(found.iter().collect::<std::collections::HashSet<_>>().len(), chain.len());
    }
}
