//! Emission: the model as the files of a crate.

pub(crate) mod doc;
mod example;
mod krate;
mod mock;
mod module;
mod rules;
mod typed_client;
mod types;
mod unions;
mod uses;

use syn::visit_mut::VisitMut;

pub(crate) use example::render as example;
pub(crate) use krate::{CrateOptions, lib_rs, manifest, readme};
pub(crate) use mock::render as mock;
pub(crate) use module::render as module;
pub(crate) use rules::render as rules;
pub(crate) use typed_client::render as typed_client;
pub(crate) use types::render as types;
pub(crate) use uses::{Scope, rust_type};

/// Documentation as people write it: a comment for each line, and a space before its words.
struct DocLines;

impl VisitMut for DocLines {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<syn::Attribute>) {
        for attribute in std::mem::take(attributes) {
            let Some(text) = doc(&attribute) else {
                attributes.push(attribute);
                continue;
            };
            let is_written = text.starts_with(' ') && !text.contains('\n');
            for line in text.split('\n') {
                let space = if is_written || line.is_empty() { "" } else { " " };
                let (style, line) = (attribute.style, format!("{space}{line}"));
                let line: syn::Attribute = syn::parse_quote!(#[doc = #line]);
                attributes.push(syn::Attribute { style, ..line });
            }
        }
    }
}

/// The text of `#[doc = "..."]`.
fn doc(attribute: &syn::Attribute) -> Option<String> {
    let syn::Meta::NameValue(pair) = &attribute.meta else { return None };
    match &pair.value {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) if pair.path.is_ident("doc") => {
            Some(text.value())
        }
        _ => None,
    }
}

/// What the provider tells its users not to use, rustc tells them, too.
pub(crate) const DEPRECATED: &str = "#[deprecated(note = \"by the provider\")]";

/// The text of a file, item by item, so that items stand apart.
pub(crate) fn layout(mut file: syn::File) -> String {
    DocLines.visit_file_mut(&mut file);
    let items = std::mem::take(&mut file.items);
    let mut out = prettyplease::unparse(&file);
    file.attrs.clear();
    let mut previous = None;
    for item in items {
        let line = matches!(item, syn::Item::Use(_) | syn::Item::Mod(syn::ItemMod { content: None, .. }));
        let apart = previous.map_or(!out.is_empty(), |previous: bool| !(previous && line));
        if apart {
            out.push('\n');
        }
        previous = Some(line);
        file.items = vec![item];
        out.push_str(&prettyplease::unparse(&file));
    }
    out
}
