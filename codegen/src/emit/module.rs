//! A whole crate as one file, to be included into a module.
//!
//! `include!` takes items only: no attributes of the file, and no modules in files of their own. So
//! what `lib.rs` says about itself is left out, and the modules that it names stand in it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use syn::{Attribute, Item, ItemMod};

/// What the lints of the crate around it say about the module is about nothing that its author wrote.
const ALLOWED: &str =
    "#[allow(warnings, clippy::all, clippy::nursery, clippy::pedantic, clippy::restriction, missing_docs)]\n";

/// Renders the items of a crate, given its files.
pub(crate) fn render(files: &BTreeMap<PathBuf, String>) -> Result<String, String> {
    let path = Path::new("src/lib.rs");
    let text = files.get(path).ok_or("there is no src/lib.rs")?;
    let origin = text.lines().next().unwrap_or_default();
    let mut out = format!("{origin}\n");
    for item in parse(path, text)?.items {
        let rendered = one(item, Path::new("src"), files)?;
        if !rendered.is_empty() {
            out.push('\n');
            out.push_str(ALLOWED);
            out.push_str(&rendered);
        }
    }
    Ok(out)
}

fn parse(path: &Path, text: &str) -> Result<syn::File, String> {
    syn::parse_file(text).map_err(|error| format!("{} is not Rust: {error}", path.display()))
}

/// One item; of a module that has a file, with the file's text, and of one that a feature of the
/// generated crate switches on, nothing.
fn one(item: Item, folder: &Path, files: &BTreeMap<PathBuf, String>) -> Result<String, String> {
    match item {
        Item::Mod(module) if module.content.is_none() => {
            if module.attrs.iter().any(|attribute: &Attribute| attribute.path().is_ident("cfg")) {
                return Ok(String::new());
            }
            inline(module, folder, files)
        }
        item => Ok(unparse(Vec::new(), vec![item])),
    }
}

fn unparse(attrs: Vec<Attribute>, items: Vec<Item>) -> String {
    prettyplease::unparse(&syn::File { shebang: None, frontmatter: None, attrs, items })
}

fn inline(module: ItemMod, folder: &Path, files: &BTreeMap<PathBuf, String>) -> Result<String, String> {
    let name = module.ident.to_string();
    let inner = folder.join(&name);
    let candidates = [folder.join(format!("{name}.rs")), inner.join("mod.rs")];
    let found = candidates.iter().find_map(|path| files.get(path).map(|text| (path, text)));
    let (path, text) = found.ok_or_else(|| format!("there is no file of the module `{name}`"))?;
    let parsed = parse(path, text)?;
    let nested = |item: &Item| matches!(item, Item::Mod(ItemMod { content: None, .. }));
    let body = if parsed.items.iter().any(nested) {
        let items: Result<String, String> = parsed.items.into_iter().map(|item| one(item, &inner, files)).collect();
        format!("{}{}", unparse(parsed.attrs, Vec::new()), items?)
    } else {
        text.clone()
    };
    // As it is, and not indented: lines of texts in it would change.
    let header = unparse(Vec::new(), vec![Item::Mod(module)]);
    let header = header.trim_end().trim_end_matches(';');
    Ok(format!("{header} {{\n{body}}}\n"))
}
