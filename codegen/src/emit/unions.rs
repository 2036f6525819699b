//! Unions: an enum of alternatives, and what it can be made from.

use std::collections::HashMap;
use std::fmt::Write;

use serde_json::Value;

use super::doc::{code, line};
use super::types::is_of_integers;
use super::uses::{Scope, rust_type};
use crate::model::{Index, TypeDef, TypeRef, Variant};

/// How deep types are compared by what is in them, and not by name.
const MAX_DEPTH: usize = 64;

/// Renders the declaration of a union, and its conversions.
pub(super) fn render<'t>(
    out: &mut String,
    def: &TypeDef,
    variants: &'t [Variant],
    tag: Option<&str>,
    catch_all: &str,
    index: &Index<'t>,
) {
    let options = tag.map(|tag| format!("tag = {tag:?}, ")).unwrap_or_default();
    let _ = writeln!(out, "    pub enum {} ({options}catch_all = {catch_all}) {{", def.name);
    for variant in variants {
        let Variant { ident, ty, tags, boxed } = variant;
        let words = what(ty, index);
        let listed: Vec<String> = tags.iter().map(shown).collect();
        let words = if tags.is_empty() { words } else { format!("{}: {}", listed.join(", "), lower_first(&words)) };
        let read = if is_of_integers(ty, index) { ": Whole" } else { "" };
        let values: Vec<String> = tags.iter().map(literal).collect();
        let values = if tags.is_empty() { String::new() } else { format!(" = [{}]", values.join(", ")) };
        let ty = rust_type(ty, &Scope::TYPES);
        let ty = if *boxed { format!("Box<{ty}>") } else { ty };
        let _ = writeln!(out, "        /// {words}\n        {ident}({ty}){read}{values},");
    }
    out.push_str("    }\n}\n");
    let own: Vec<TypeRef> = variants.iter().map(|variant| plain(&variant.ty, index, 0)).collect();
    let mut alike: HashMap<&TypeRef, usize> = HashMap::new();
    own.iter().for_each(|own| *alike.entry(own).or_default() += 1);
    for (variant, own) in variants.iter().zip(&own) {
        // What holds itself by another name is made from itself already.
        if alike.get(own) == Some(&1) && *own != TypeRef::Named(def.name.clone()) {
            render_conversions(out, def, variant, own);
        }
    }
}

/// What a variant can be made from, which no other can; `own` is its type without any alias in it.
fn render_conversions(out: &mut String, def: &TypeDef, variant: &Variant, own: &TypeRef) {
    let ty = rust_type(&variant.ty, &Scope::TYPES);
    let also: &[(&str, &str)] = match own {
        TypeRef::String => &[("&str", "value.to_owned()")],
        TypeRef::I64 => &[("i32", "value.into()")],
        TypeRef::U64 => &[("u32", "value.into()")],
        TypeRef::Decimal => &[("i32", "value.into()"), ("i64", "value.into()")],
        _ => &[],
    };
    let from = std::iter::once((ty.as_str(), if variant.boxed { "Box::new(value)" } else { "value" }));
    for (ty, value) in from.chain(also.iter().copied()) {
        let (name, ident) = (&def.name, &variant.ident);
        let _ = write!(
            out,
            "\nimpl From<{ty}> for {name} {{\n    fn from(value: {ty}) -> Self {{\n        Self::{ident}({value})\n    }}\n}}\n"
        );
    }
}

/// A type without any alias in it, as deep as two types may look alike.
fn plain<'t>(ty: &'t TypeRef, index: &Index<'t>, depth: usize) -> TypeRef {
    if depth == MAX_DEPTH {
        return ty.clone();
    }
    let plain = |inner: &'t TypeRef| Box::new(plain(inner, index, depth + 1));
    match index.resolve(ty) {
        TypeRef::Array(item) => TypeRef::Array(plain(item)),
        TypeRef::Map(value) => TypeRef::Map(plain(value)),
        TypeRef::OrNull(value) => TypeRef::OrNull(plain(value)),
        ty => ty.clone(),
    }
}

/// The value of a tag, in words.
fn shown(tag: &Value) -> String {
    match tag {
        Value::String(text) => code(text),
        other => code(&other.to_string()),
    }
}

/// The value of a tag, in Rust.
fn literal(tag: &Value) -> String {
    match tag {
        Value::String(text) => format!("{text:?}"),
        other => other.to_string(),
    }
}

/// What a value of a type is, as a sentence: what the type says of itself, if it has a name.
fn what(ty: &TypeRef, index: &Index<'_>) -> String {
    match ty {
        TypeRef::String => "Text.".to_owned(),
        TypeRef::Sensitive => "Text that is never shown.".to_owned(),
        TypeRef::Formatted(name) => format!("Text that is a `{name}`."),
        TypeRef::Bool => "True or false.".to_owned(),
        TypeRef::I32 | TypeRef::I64 | TypeRef::U64 => "An integer.".to_owned(),
        TypeRef::Decimal => "A number.".to_owned(),
        TypeRef::Json => "Any JSON.".to_owned(),
        TypeRef::Array(item) => format!("A list of `{}`.", rust_type(item, &Scope::TYPES)),
        TypeRef::Map(_) => "An object with names of any kind.".to_owned(),
        TypeRef::OrNull(value) => format!("Null, or else: {}", lower_first(&what(value, index))),
        TypeRef::Named(name) => {
            let doc = index.named(name).map(|def| def.doc.trim()).unwrap_or_default();
            let said = line(doc.lines().next().unwrap_or_default());
            if said.is_empty() { format!("A value of [`{name}`].") } else { said }
        }
    }
}

/// A sentence that goes on after a colon.
fn lower_first(words: &str) -> String {
    let is_word = |word: &str| word.chars().skip(1).all(char::is_lowercase);
    let (first, rest) = words.split_at(words.find(' ').unwrap_or(words.len()));
    if is_word(first) { format!("{}{rest}", first.to_lowercase()) } else { words.to_owned() }
}
