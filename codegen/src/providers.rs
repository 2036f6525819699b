//! `specs/providers.toml`: the one table that lists the providers.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::load::{Document, LoadError, Position};
use crate::overlay::Overlay;

/// A provider's row.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Its name in commands, features and reports.
    pub name: String,
    /// Its name as it writes it itself.
    pub title: String,
    /// The name of its generated crate.
    #[serde(rename = "crate")]
    pub crate_name: String,
    /// Its document, relative to the workspace.
    pub spec: PathBuf,
    /// Its generated crate, relative to the workspace.
    pub generated: PathBuf,
    /// Environments and their base URLs.
    #[serde(default)]
    pub environments: BTreeMap<String, String>,
    /// How requests are authenticated.
    pub auth: String,
}

impl Provider {
    /// The folder of the corrections to its document, relative to the workspace.
    ///
    /// It stands beside the document; a provider whose document needs none has no such folder.
    #[must_use]
    pub fn overlays(&self) -> PathBuf {
        self.spec.with_file_name("overlays")
    }
}

/// The whole table, with the folder its paths are relative to.
#[derive(Clone, Debug)]
pub struct Providers {
    root: PathBuf,
    rows: Vec<Provider>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    provider: Vec<Provider>,
}

impl Providers {
    /// Reads `<root>/specs/providers.toml`.
    ///
    /// # Errors
    /// The file cannot be read or is not such a table.
    pub fn load(root: impl AsRef<Path>) -> Result<Self, LoadError> {
        let root = root.as_ref();
        let file = root.join("specs").join("providers.toml");
        let text = std::fs::read_to_string(&file).map_err(|e| LoadError {
            file: file.clone(),
            position: None,
            message: format!("cannot be read: {e}"),
            remedy: "run the command in an obkit workspace, or name one with --root".to_owned(),
            more: Vec::new(),
        })?;
        let table: Table = toml::from_str(&text).map_err(|e| LoadError {
            position: e.span().map(|span| position(&text, span.start)),
            message: e.message().to_owned(),
            remedy: "correct the table; every row needs name, title, crate, spec, generated and auth".to_owned(),
            file,
            more: Vec::new(),
        })?;
        Ok(Self { root: root.to_owned(), rows: table.provider })
    }

    /// The folder the rows' paths are relative to.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// All rows, in the table's order.
    #[must_use]
    pub fn all(&self) -> &[Provider] {
        &self.rows
    }

    /// A provider's document, with its overlays applied in the order of their names.
    ///
    /// # Errors
    /// The document or an overlay cannot be read, or an overlay no longer fits the document.
    pub fn document(&self, provider: &Provider) -> Result<Document, LoadError> {
        let overlays = files(&self.root.join(provider.overlays()))?;
        let overlays = overlays.iter().map(Overlay::load).collect::<Result<Vec<_>, _>>()?;
        Document::load_with(self.root.join(&provider.spec), &overlays)
    }

    /// The rows of the given names, or all rows when none is given.
    ///
    /// # Errors
    /// A name that no row has; the message lists those there are.
    pub fn select(&self, names: &[String]) -> Result<Vec<&Provider>, String> {
        if names.is_empty() {
            return Ok(self.rows.iter().collect());
        }
        names
            .iter()
            .map(|name| {
                self.rows.iter().find(|row| row.name == *name).ok_or_else(|| {
                    let known: Vec<_> = self.rows.iter().map(|row| row.name.as_str()).collect();
                    format!("there is no provider `{name}`\n  help: the providers are {}", known.join(", "))
                })
            })
            .collect()
    }
}

/// The YAML and JSON files of a folder, by name; none when there is no such folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>, LoadError> {
    let unreadable = |e: std::io::Error| LoadError {
        file: folder.to_owned(),
        position: None,
        message: format!("cannot be read: {e}"),
        remedy: "make the folder readable, or remove it".to_owned(),
        more: Vec::new(),
    };
    let entries = match std::fs::read_dir(folder) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(unreadable)?,
    };
    let mut files = Vec::new();
    for entry in entries {
        let file = entry.map_err(unreadable)?.path();
        let extension = file.extension().and_then(|extension| extension.to_str());
        if extension.is_some_and(|extension| matches!(extension, "yaml" | "yml" | "json")) {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

fn position(text: &str, offset: usize) -> Position {
    let before = &text[..offset.min(text.len())];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    Position { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    fn load(text: &str) -> Result<Providers, LoadError> {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("specs")).unwrap();
        std::fs::write(root.path().join("specs/providers.toml"), text).unwrap();
        Providers::load(root.path())
    }

    const ROW: &str =
        "[[provider]]\nname = 'a'\ntitle = 'A'\ncrate = 'obkit-a'\nspec = 's'\ngenerated = 'g'\nauth = 'basic'\n";

    #[test]
    fn a_row_is_selected_by_name_and_a_wrong_name_lists_the_right_ones() {
        let providers = load(ROW).unwrap();
        assert_eq!(providers.select(&["a".to_owned()]).unwrap()[0].crate_name, "obkit-a");
        assert!(providers.select(&["b".to_owned()]).unwrap_err().contains("the providers are a"));
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_line() {
        let error = load(&format!("{ROW}nmae = 'b'\n")).unwrap_err();
        assert_eq!(error.position.map(|p| p.line), Some(8), "{error}");
    }
}
