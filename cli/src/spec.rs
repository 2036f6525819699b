//! Documents that are named on the command line.

use std::path::{Path, PathBuf};

use obkit_codegen::{Document, LoadError, Overlay, Spec};
use obkit_conformance::Contract;

/// Reads as much of a document as can be read, and makes the changes of the overlays, in the order in which they are named.
pub(crate) fn read_spec(file: &Path, overlays: &[PathBuf]) -> Result<Spec, String> {
    let read = || {
        let overlays = overlays.iter().map(Overlay::load).collect::<Result<Vec<_>, _>>()?;
        Ok(Spec::survey(Document::survey(file, &overlays)?))
    };
    read().map_err(|error: LoadError| error.to_string())
}

/// Reads a document that has to be whole, and makes the changes of the overlays.
pub(crate) fn load(file: &Path, overlays: &[PathBuf]) -> Result<Document, String> {
    let read = || Document::load_with(file, &overlays.iter().map(Overlay::load).collect::<Result<Vec<_>, _>>()?);
    read().map_err(|error: LoadError| error.to_string())
}

/// A document ready to be enforced, under its own title.
pub(crate) fn contract(spec: Spec) -> Contract {
    Contract::new(title(spec.document()), spec)
}

/// What a document calls itself.
pub(crate) fn title(document: &Document) -> String {
    document.at("/info/title").and_then(|title| title.as_str()).unwrap_or_default().to_owned()
}
