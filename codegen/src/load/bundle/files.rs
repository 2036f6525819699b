//! The files of a document: each is read once, and only so many.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use serde_json::Value;

use super::anchors::Anchors;
use crate::load::error::{Fault, LoadError};
use crate::load::origin::Place;
use crate::load::source::{self, Marks, Source};
use crate::load::version::Dialect;
use crate::load::{MAX_FILES, Position};

/// Whether other files than the root may be read.
#[derive(Clone, Copy, Debug)]
pub(in crate::load) struct Others {
    /// How many bytes they may have together.
    limit: Option<u64>,
}

impl Others {
    /// Files of at most so many bytes together.
    pub(in crate::load) fn below(limit: u64) -> Self {
        Self { limit: Some(limit) }
    }

    /// Whether there may be any.
    pub(in crate::load) fn may_be_read(self) -> bool {
        self.limit.is_some()
    }

    /// No other files.
    pub(in crate::load) fn none() -> Self {
        Self { limit: None }
    }
}

#[derive(Debug)]
struct File {
    path: PathBuf,
    root: Rc<Value>,
    marks: Marks,
    anchors: Option<Rc<Anchors>>,
}

#[derive(Debug)]
pub(super) struct Files {
    files: Vec<File>,
    /// The files by what the file system calls them, or what is wrong with them.
    known: HashMap<PathBuf, Result<usize, OpenError>>,
    limit: Option<u64>,
    /// The keys that stand twice in one of them.
    pub(super) faults: Vec<Fault>,
}

impl Files {
    pub(super) fn new(root: Source, others: Others) -> Self {
        let mut files = Self { files: Vec::new(), known: HashMap::new(), limit: others.limit, faults: Vec::new() };
        if others.limit.is_some()
            && let Ok(path) = root.file.canonicalize()
        {
            files.known.insert(path, Ok(0));
        }
        files.add(root);
        files
    }

    fn add(&mut self, source: Source) {
        let Source { file, root, marks, faults } = source;
        self.faults.extend(faults);
        self.files.push(File { path: file, root: Rc::new(root), marks, anchors: None });
    }

    /// Whether other files may be read at all.
    pub(super) fn may_be_read(&self) -> bool {
        self.limit.is_some()
    }

    /// The number of the file that a path leads to, from the file that names it. The error is what
    /// is wrong with the reference; or with the file, and then it has its own place.
    pub(super) fn open(&mut self, from: usize, path: &str, dialect: Dialect) -> Result<usize, OpenError> {
        let base = self.files.get(from).and_then(|file| file.path.parent()).unwrap_or(Path::new(""));
        let path = normal(&base.join(path));
        let unreadable = |error: std::io::Error| OpenError::Reference(format!("{}: {error}", path.display()));
        let identity = path.canonicalize().map_err(unreadable)?;
        if let Some(known) = self.known.get(&identity) {
            return known.clone();
        }
        let opened = self.read(&identity, &path, dialect);
        self.known.insert(identity, opened.clone());
        opened
    }

    fn read(&mut self, identity: &Path, path: &Path, dialect: Dialect) -> Result<usize, OpenError> {
        if !identity.is_file() {
            return Err(OpenError::Reference(format!("{}: is not a file", path.display())));
        }
        if self.files.len() >= MAX_FILES {
            return Err(OpenError::Reference(format!("the document has more than {MAX_FILES} files")));
        }
        let text = source::text(path, self.limit.unwrap_or_default())
            .map_err(|error| OpenError::Reference(format!("{}: {}", path.display(), error.message)))?;
        self.limit = self.limit.map(|limit| limit.saturating_sub(text.len() as u64));
        let source = Source::parse(path, &text).map_err(OpenError::File)?;
        if Dialect::stated(&source.root).is_some_and(|stated| stated != Ok(dialect)) {
            let message = format!("{}: is of another version of OpenAPI than the root document", path.display());
            return Err(OpenError::Reference(message));
        }
        self.add(source);
        Ok(self.files.len() - 1)
    }

    pub(super) fn root(&self, file: usize) -> Rc<Value> {
        self.files.get(file).map(|file| file.root.clone()).unwrap_or_default()
    }

    pub(super) fn path(&self, file: usize) -> &Path {
        self.files.get(file).map_or(Path::new(""), |file| &file.path)
    }

    pub(super) fn value(&self, place: &Place) -> Option<&Value> {
        self.files.get(place.file)?.root.pointer(&place.pointer)
    }

    pub(super) fn position(&self, place: &Place) -> Option<Position> {
        self.files.get(place.file)?.marks.positions.nearest(&place.pointer)
    }

    /// The names in a file.
    pub(super) fn anchors(&mut self, file: usize) -> Rc<Anchors> {
        let Some(file) = self.files.get_mut(file) else { return Rc::default() };
        file.anchors.get_or_insert_with(|| Rc::new(Anchors::of(&file.root))).clone()
    }

    pub(super) fn into_parts(self) -> (Vec<PathBuf>, Vec<Marks>) {
        self.files.into_iter().map(|file| (file.path, file.marks)).unzip()
    }
}

/// Why a file that is referred to could not be used.
#[derive(Clone, Debug)]
pub(super) enum OpenError {
    /// The reference does not lead to a file that can be used.
    Reference(String),
    /// The file is wrong.
    File(LoadError),
}

/// A path without `.` and without what `..` takes back, as a person would write it.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if matches!(normal.components().next_back(), Some(Component::Normal(_))) => {
                normal.pop();
            }
            component => normal.push(component),
        }
    }
    normal
}
