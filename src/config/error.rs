//! Why a configuration cannot be used.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::node::Place;

/// A configuration cannot be used. It says where, which key, and what to do, and never shows a value.
#[derive(Debug)]
pub struct ConfigError(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ConfigErrorKind,
    file: Option<PathBuf>,
    place: Place,
    key: Option<String>,
    message: String,
    help: Option<String>,
    source: Option<io::Error>,
}

/// What is wrong with a configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigErrorKind {
    /// A file, or a variable that a key refers to, cannot be read.
    Unreadable,
    /// The text is no TOML.
    Syntax,
    /// A key that is needed is not there.
    MissingKey,
    /// A key or a variable means nothing.
    UnknownKey,
    /// A value is not what its key takes, or keys exclude each other.
    InvalidValue,
    /// There is no such provider, or this build is without it.
    UnknownProvider,
    /// There is no connection of this name.
    UnknownConnection,
}

impl ConfigError {
    pub(super) fn new(kind: ConfigErrorKind, message: impl Into<String>) -> Self {
        let message = message.into();
        Self(Box::new(Inner { kind, file: None, place: Place::Unknown, key: None, message, help: None, source: None }))
    }

    pub(super) fn at(mut self, place: Place) -> Self {
        self.0.place = place;
        self
    }

    pub(super) fn of(mut self, key: impl Into<String>) -> Self {
        self.0.key = Some(key.into());
        self
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    pub(super) fn because(mut self, source: io::Error) -> Self {
        self.0.source = Some(source);
        self
    }

    pub(super) fn in_file(mut self, file: Option<&Path>) -> Self {
        self.0.file = file.map(Path::to_owned);
        self
    }

    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> ConfigErrorKind {
        self.0.kind
    }

    /// The file of the configuration, if it was one.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        self.0.file.as_deref()
    }

    /// The line and the column, from 1, if the configuration was TOML.
    #[must_use]
    pub fn line_column(&self) -> Option<(usize, usize)> {
        match self.0.place {
            Place::Line { line, column } => Some((line, column)),
            _ => None,
        }
    }

    /// The variable of the environment, if the value came from one.
    #[must_use]
    pub fn variable(&self) -> Option<&str> {
        match &self.0.place {
            Place::Variable(name) => Some(name),
            _ => None,
        }
    }

    /// The key, such as `retry.max_attempts`.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        self.0.key.as_deref()
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.0.file, &self.0.place) {
            (Some(file), Place::Line { line, column }) => write!(f, "{}:{line}:{column}: ", file.display())?,
            (Some(file), _) => write!(f, "{}: ", file.display())?,
            (None, Place::Line { line, column }) => write!(f, "line {line}, column {column}: ")?,
            (None, Place::Variable(name)) => write!(f, "{name}: ")?,
            (None, Place::Unknown) => {}
        }
        f.write_str(&self.0.message)?;
        self.0.help.as_ref().map_or(Ok(()), |help| write!(f, "\n  help: {help}"))
    }
}

impl std::error::Error for ConfigError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_ref().map(|error| error as _)
    }
}
