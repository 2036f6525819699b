//! Whether the files of a provider are what they are taken for.

use std::path::Path;

use obkit_codegen::load::escape_token;
use obkit_codegen::{Document, LoadError, Provider, Providers};

use crate::checks::{Check, GI007, GI008};
use crate::finding::Finding;

/// A document that was edited since it was taken from its publisher, and files that look like a part of it and are none.
pub(super) fn of(providers: &Providers, row: &Provider, document: &Document) -> Result<Vec<Finding>, LoadError> {
    // What is waived is one edit, and one file.
    let found = |check: &'static Check, file: &Path, what: &str, message| {
        let mut finding = Finding::new(check, message).at(document, "").named(what);
        (finding.file, finding.line, finding.column) = (Some(file.display().to_string()), None, None);
        finding
    };
    let changed = providers.changed(row)?.map(|sha256| {
        let recorded = row.sha256.as_deref().unwrap_or_default();
        let message = format!("its SHA-256 is {sha256}, and `specs/providers.toml` has {recorded}");
        found(GI007, document.file(), &format!("/{sha256}"), message)
    });
    let unread = providers.unread(row)?.into_iter().map(|file| {
        let path: String = file.iter().map(|part| format!("/{}", escape_token(&part.to_string_lossy()))).collect();
        let message =
            format!("`{}` is neither the document, nor an overlay, nor what a `$ref` leads to", file.display());
        found(GI008, &providers.root().join(&file), &path, message)
    });
    Ok(changed.into_iter().chain(unread).collect())
}
