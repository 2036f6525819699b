//! Whether the files of a provider are what they are taken for.

use std::path::Path;

use obkit_codegen::{Document, LoadError, Provider, Providers};

use crate::checks::{Check, GI007, GI008};
use crate::finding::Finding;

/// A document that was edited since it was taken from its publisher, and files that look like a part of it and are none.
pub(super) fn of(providers: &Providers, row: &Provider, document: &Document) -> Result<Vec<Finding>, LoadError> {
    let found = |check: &'static Check, file: &Path, message| {
        let mut finding = Finding::new(check, message).at(document, "");
        (finding.file, finding.line, finding.column) = (Some(file.display().to_string()), None, None);
        finding
    };
    let changed = providers.changed(row)?.map(|sha256| {
        let message = format!("its SHA-256 is {sha256}, and `specs/providers.toml` has another");
        found(GI007, document.file(), message)
    });
    let unread = providers.unread(row)?.into_iter().map(|file| {
        let name = file.file_name().unwrap_or_default().display();
        found(GI008, &file, format!("`{name}` is neither the document, nor an overlay, nor what a `$ref` leads to"))
    });
    Ok(changed.into_iter().chain(unread).collect())
}
