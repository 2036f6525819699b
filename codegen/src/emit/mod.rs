//! Emission: the model as the files of a crate.

pub(crate) mod doc;
mod example;
mod krate;
mod module;
mod rules;
mod typed_client;
mod types;
mod uses;

pub(crate) use example::render as example;
pub(crate) use krate::{CrateOptions, lib_rs, manifest, readme};
pub(crate) use module::render as module;
pub(crate) use rules::render as rules;
pub(crate) use typed_client::render as typed_client;
pub(crate) use types::render as types;
pub(crate) use uses::{Scope, rust_type};

/// The text of a file, item by item, so that items stand apart.
pub(crate) fn layout(mut file: syn::File) -> String {
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
