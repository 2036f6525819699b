//! Members that can have one value only: constructors set them, so that nobody has to.
//!
//! A shape of a tagged union has the tag that stands for it, and a member of one listed value has that value.

use std::collections::HashMap;

use serde_json::Value;

use crate::model::{Index, Kind, TypeDef, TypeRef};

/// Notes the value of each such member.
pub(super) fn fix(defs: &mut [TypeDef]) {
    let known = defs.to_vec();
    let index = Index::of(&known);
    let tags = tags(&known, &index);
    for (def, known) in defs.iter_mut().zip(&known) {
        let (Kind::Struct { fields, .. }, Kind::Struct { fields: same, .. }) = (&mut def.kind, &known.kind) else {
            continue;
        };
        for (field, same) in fields.iter_mut().zip(same).filter(|(field, _)| !field.nullable && !field.boxed) {
            let tag = tags.get(&(known.name.as_str(), same.wire.as_str())).cloned().flatten();
            let typed = |ty: &TypeRef| tag.clone().filter(|tag| is_of(tag, ty));
            field.fixed = match index.def(&same.ty).map(|def| &def.kind) {
                Some(Kind::Enum { values, .. }) => typed(&TypeRef::String).or_else(|| match values.as_slice() {
                    [one] if same.required => Some(one.value.as_str().into()),
                    _ => None,
                }),
                _ => typed(index.resolve(&same.ty)),
            };
        }
    }
}

/// Whether a value is one of a type.
fn is_of(value: &Value, ty: &TypeRef) -> bool {
    match ty {
        TypeRef::String => value.is_string(),
        TypeRef::I32 => value.as_i64().is_some_and(|value| i32::try_from(value).is_ok()),
        TypeRef::I64 => value.is_i64(),
        TypeRef::U64 => value.is_u64(),
        TypeRef::Bool => value.is_boolean(),
        _ => false,
    }
}

/// The tag of each struct that has one, by its name and the member that holds it; none when unions disagree.
fn tags<'t>(defs: &'t [TypeDef], index: &Index<'t>) -> HashMap<(&'t str, &'t str), Option<Value>> {
    let mut tags: HashMap<(&str, &str), Option<Value>> = HashMap::new();
    for def in defs {
        let Kind::Union { variants, tag: Some(tag), .. } = &def.kind else { continue };
        for variant in variants {
            let Some(shape) = index.def(&variant.ty) else { continue };
            let value = only(&variant.tags);
            let known = tags.entry((&shape.name, tag)).or_insert_with(|| value.clone());
            if *known != value {
                *known = None;
            }
        }
    }
    tags
}

fn only(values: &[Value]) -> Option<Value> {
    match values {
        [value] => Some(value.clone()),
        _ => None,
    }
}
