//! `specs/providers.toml`: the one table that lists the providers.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use sha2::{Digest as _, Sha256};

use crate::load::{Document, LoadError, Position};
use crate::overlay::Overlay;
use crate::spelling;

/// The folder of the table and of the documents.
const SPECS: &str = "specs";

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
    /// The SHA-256 of the document's file as its publisher gave it, in hexadecimal digits; none, where it is nobody else's. Such a file is not
    /// edited: what is wrong with it is corrected by overlays.
    #[serde(default, deserialize_with = "sha256")]
    pub sha256: Option<String>,
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

    /// The folder below `specs` that the document stands in, or below; none, where it stands elsewhere.
    fn folder(&self) -> Option<PathBuf> {
        let mut parts = self.spec.components().filter(|part| *part != Component::CurDir);
        let (specs, own, _) = (parts.next()?, parts.next()?, parts.next()?);
        (specs.as_os_str() == SPECS).then(|| Path::new(SPECS).join(own))
    }
}

fn sha256<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let is_hash = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash
        .then_some(Some(text))
        .ok_or_else(|| D::Error::custom("`sha256` is not 64 hexadecimal digits, as `sha256sum` prints them"))
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
        let file = root.join(SPECS).join("providers.toml");
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
            remedy: "correct the table; every row needs name, title, crate, spec, generated and auth, and may have sha256 and environments".to_owned(),
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

    /// The SHA-256 of a provider's document, where its row has another.
    ///
    /// # Errors
    /// The document cannot be read.
    pub fn changed(&self, provider: &Provider) -> Result<Option<String>, LoadError> {
        let Some(recorded) = &provider.sha256 else { return Ok(None) };
        let file = self.root.join(&provider.spec);
        let bytes = std::fs::read(&file).map_err(|error| unreadable(&file, &error))?;
        let sha256 = format!("{:x}", Sha256::digest(&bytes));
        Ok(Some(sha256).filter(|sha256| !sha256.eq_ignore_ascii_case(recorded)))
    }

    /// The YAML and JSON files in a provider's folder that are part of no document: neither a document itself, nor an overlay, nor a file that a
    /// `$ref` leads to. They are relative to the workspace. The folder is the one below `specs` that the document stands in, or below; links to
    /// folders are not followed, and a document that cannot be read leads nowhere.
    ///
    /// # Errors
    /// A folder cannot be read.
    pub fn unread(&self, provider: &Provider) -> Result<Vec<PathBuf>, LoadError> {
        let Some(folder) = provider.folder() else { return Ok(Vec::new()) };
        let mut unread = Vec::new();
        collect(&self.root.join(folder), &mut unread)?;
        for row in &self.rows {
            leave_out(&mut unread, &[self.root.join(&row.spec)]);
            leave_out(&mut unread, &files(&self.root.join(row.overlays()))?);
        }
        // To what is left, only a reference can lead; nearly always, nothing is.
        for row in &self.rows {
            if !unread.is_empty() {
                leave_out(&mut unread, self.document(row).as_ref().map_or(&[], Document::files));
            }
        }
        Ok(unread.iter().map(|file| file.strip_prefix(&self.root).unwrap_or(file).to_owned()).collect())
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
                    let meant = spelling::nearest(name, known.iter().copied());
                    let meant = meant.map(|meant| format!("did you mean `{meant}`? ")).unwrap_or_default();
                    format!("there is no provider `{name}`\n  help: {meant}the providers are {}", known.join(", "))
                })
            })
            .collect()
    }
}

/// The YAML and JSON files of a folder, by name; none when there is no such folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>, LoadError> {
    Ok(entries(folder)?.into_iter().filter(|entry| is_document(entry)).collect())
}

/// The same of a folder and of all below it. Links are not followed.
fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), LoadError> {
    for entry in entries(folder)? {
        if entry.is_dir() && !entry.is_symlink() {
            collect(&entry, found)?;
        } else if is_document(&entry) {
            found.push(entry);
        }
    }
    Ok(())
}

/// Leaves those out that are files, by whatever way they are named.
fn leave_out(paths: &mut Vec<PathBuf>, files: &[PathBuf]) {
    let files: BTreeSet<_> = files.iter().filter_map(|file| file.canonicalize().ok()).collect();
    paths.retain(|path| path.canonicalize().map_or(true, |path| !files.contains(&path)));
}

/// What editors and systems hide beside a file, and call like it, is none.
fn is_document(file: &Path) -> bool {
    if file.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".")) {
        return false;
    }
    let extension = file.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|own| ["yaml", "yml", "json"].iter().any(|known| own.eq_ignore_ascii_case(known)))
}

/// What is in a folder, by name; nothing when there is no such folder.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, LoadError> {
    let unreadable = |error| unreadable(folder, &error);
    let entries = match std::fs::read_dir(folder) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(unreadable)?,
    };
    let mut paths = entries.map(|entry| Ok(entry.map_err(unreadable)?.path())).collect::<Result<Vec<_>, _>>()?;
    paths.sort();
    Ok(paths)
}

fn unreadable(path: &Path, error: &std::io::Error) -> LoadError {
    LoadError {
        file: path.to_owned(),
        position: None,
        message: format!("cannot be read: {error}"),
        remedy: "make it readable, or remove it".to_owned(),
        more: Vec::new(),
    }
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
        assert!(providers.select(&["bcd".to_owned()]).unwrap_err().ends_with("help: the providers are a"));
        assert!(providers.select(&["A".to_owned()]).unwrap_err().contains("did you mean `a`?"));
    }

    #[test]
    fn files_that_no_document_is_made_of_are_told() {
        let root = tempfile::tempdir().unwrap();
        let put = |file: &str, text: &str| {
            let file = root.path().join(file);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        };
        put("specs/providers.toml", &ROW.replace("'s'", "'specs/a/openapi.yaml'"));
        let document = "openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths:\n  /a: {$ref: parts/a.yaml}\n";
        put("specs/a/openapi.yaml", document);
        put("specs/a/parts/a.yaml", "get: {responses: {'200': {description: a}}}\n");
        let overlay = "overlay: 1.0.0\ninfo: {title: O, version: '1'}\nactions:\n  - {target: $.info, description: Its name., update: {title: B}}\n";
        put("specs/a/overlays/title.yaml", overlay);
        put("specs/a/README.md", "Of A.");
        put("specs/a/overlays/.#title.yaml", "half an overlay");
        put("specs/other.yaml", document);
        let unread = || {
            let providers = Providers::load(root.path()).unwrap();
            providers.unread(&providers.all()[0]).unwrap()
        };
        assert_eq!(unread(), Vec::<PathBuf>::new());
        put("specs/a/overlay/title.YAML", overlay);
        put("specs/a/parts/b.json", "{}");
        put("specs/a/parts/c.yaml", "get: {responses: {'200': {description: c}}}\n");
        put("specs/b/openapi.yaml", &document.replace("parts/a", "../a/parts/c"));
        let row = ROW.replace("'s'", "'specs/a/openapi.yaml'");
        put("specs/providers.toml", &format!("{row}{}", ROW.replace("'s'", "'specs/b/openapi.yaml'")));
        let stray = ["overlay/title.YAML", "parts/b.json"].map(|file| Path::new("specs/a").join(file));
        assert_eq!(unread(), stray);
        // Wherever below its folder the document stands.
        put("specs/a/v2/openapi.yaml", document);
        put("specs/a/v2/parts/a.yaml", "get: {responses: {'200': {description: a}}}\n");
        put("specs/providers.toml", &ROW.replace("'s'", "'./specs/a/v2/openapi.yaml'"));
        assert!(unread().contains(&stray[0]) && unread().contains(&PathBuf::from("specs/a/openapi.yaml")));
        assert!(!unread().iter().any(|file| file.starts_with("specs/a/v2")));
    }

    #[test]
    fn a_document_that_is_not_the_one_that_was_recorded_is_told_with_its_hash() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("specs")).unwrap();
        std::fs::write(root.path().join("s"), "abc").unwrap();
        let changed = |recorded: &str| {
            std::fs::write(root.path().join("specs/providers.toml"), format!("{ROW}{recorded}")).unwrap();
            let providers = Providers::load(root.path()).unwrap();
            providers.changed(&providers.all()[0]).unwrap()
        };
        let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(changed(""), None);
        assert_eq!(changed(&format!("sha256 = '{}'", hash.to_uppercase())), None);
        assert_eq!(changed(&format!("sha256 = '{}'", "0".repeat(64))).as_deref(), Some(hash));
        for wrong in ["", "ba78", &format!(" {hash}"), &"z".repeat(64)] {
            let error = load(&format!("{ROW}sha256 = '{wrong}'\n")).unwrap_err();
            assert!(error.message.contains("64 hexadecimal digits") && error.position.is_some(), "{error}");
        }
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_line() {
        let error = load(&format!("{ROW}nmae = 'b'\n")).unwrap_err();
        assert_eq!(error.position.map(|p| p.line), Some(8), "{error}");
    }
}
