//! Where variables and files come from.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::connections::Connections;
use super::document;
use super::environment;
use super::error::{ConfigError, ConfigErrorKind};
use super::node::{Place, Table};
use super::reading::{self, Origin};
use super::reference;
use crate::connect::Config;

/// Reads configurations with other variables than the process's, or other folders.
///
/// ```
/// # #[cfg(feature = "yapily")] {
/// use obkit::config::Loader;
///
/// let variables = [("BANK_PROVIDER", "yapily"), ("BANK_YAPILY_APPLICATION_ID", "4f1c"), ("BANK_YAPILY_APPLICATION_SECRET", "9d2e")];
/// let config = Loader::new().variables(variables).env("BANK").unwrap();
/// assert_eq!(config.provider(), "yapily");
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Loader {
    variables: Option<BTreeMap<String, OsString>>,
    folder: Option<PathBuf>,
}

impl Loader {
    /// The variables of the process, and paths relative to its working directory.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// These variables in place of the process's.
    #[must_use]
    pub fn variables<N: Into<String>, V: Into<OsString>>(
        mut self,
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        self.variables = Some(variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect());
        self
    }

    /// Paths are relative to this folder; those of a file's are relative to its own.
    #[must_use]
    pub fn folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    /// As [`Config::from_toml`].
    ///
    /// # Errors
    /// As there.
    pub fn toml(&self, text: &str) -> Result<Config, ConfigError> {
        self.document(text, None)
    }

    /// As [`Config::from_file`].
    ///
    /// # Errors
    /// As there.
    pub fn file(&self, path: impl AsRef<Path>) -> Result<Config, ConfigError> {
        let path = path.as_ref();
        self.at(path).document(&read(path)?, Some(path))
    }

    /// As [`Config::from_env`].
    ///
    /// # Errors
    /// As there.
    pub fn env(&self, prefix: &str) -> Result<Config, ConfigError> {
        let table = environment::read(prefix, self)?;
        reading::config(table, Origin::Variables(prefix.to_owned()))
    }

    /// As [`Connections::from_toml`].
    ///
    /// # Errors
    /// As there.
    pub fn connections(&self, text: &str) -> Result<Connections, ConfigError> {
        Connections::of(parse(text, None)?, None, self.clone())
    }

    /// As [`Connections::from_file`].
    ///
    /// # Errors
    /// As there.
    pub fn connections_file(&self, path: impl AsRef<Path>) -> Result<Connections, ConfigError> {
        let path = path.as_ref();
        Connections::of(parse(&read(path)?, Some(path))?, Some(path), self.at(path))
    }

    fn document(&self, text: &str, file: Option<&Path>) -> Result<Config, ConfigError> {
        let table = parse(text, file)?;
        if let Some(entry) = table.get("connections") {
            let message = "there are several connections by name";
            let error =
                ConfigError::new(ConfigErrorKind::UnknownKey, message).at(entry.place.clone()).of("connections");
            return Err(error.help("read them by `obkit::config::Connections`").in_file(file));
        }
        self.table(table, None).map_err(|error| error.in_file(file))
    }

    /// The connection of a table, whose references are resolved first.
    pub(super) fn table(&self, mut table: Table, name: Option<String>) -> Result<Config, ConfigError> {
        reference::resolve(&mut table, "", self)?;
        reading::config(table, Origin::Table(name))
    }

    /// The same loader, for what a file says.
    fn at(&self, file: &Path) -> Self {
        let parent = file.parent().unwrap_or(Path::new(""));
        Self { folder: Some(self.path(parent)), ..self.clone() }
    }

    pub(super) fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.folder.as_ref().map_or_else(|| path.as_ref().to_owned(), |folder| folder.join(path.as_ref()))
    }

    pub(super) fn variable(&self, name: &str) -> Option<OsString> {
        match &self.variables {
            Some(variables) => variables.get(name).cloned(),
            None => std::env::var_os(name),
        }
    }

    /// The names of all variables that are Unicode.
    pub(super) fn names(&self) -> Vec<String> {
        match &self.variables {
            Some(variables) => variables.keys().cloned().collect(),
            None => std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()).collect(),
        }
    }
}

impl std::fmt::Debug for Loader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Loader").field("folder", &self.folder).finish_non_exhaustive()
    }
}

fn read(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|error| {
        let message = format!("the configuration cannot be read: {}", error.kind());
        ConfigError::new(ConfigErrorKind::Unreadable, message).because(error).in_file(Some(path))
    })
}

fn parse(text: &str, file: Option<&Path>) -> Result<Table, ConfigError> {
    document::parse(text).map_err(|place: Place| {
        let error = ConfigError::new(ConfigErrorKind::Syntax, "this is no TOML").at(place).in_file(file);
        error.help(
            "a text stands in quotes, and a key once in its table; the line is not shown, as it may hold a secret",
        )
    })
}

impl Config {
    /// Reads a connection from the text of a TOML document; see [`config`](crate::config). References to variables are
    /// resolved now; paths of files are relative to the working directory.
    ///
    /// # Errors
    /// The text is no TOML, a key is missing, unknown or has no good value, or a reference leads nowhere.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        Loader::new().toml(text)
    }

    /// Reads a connection from a TOML file; see [`config`](crate::config). Paths in it are relative to its folder.
    ///
    /// # Errors
    /// The file cannot be read, or as [`from_toml`](Self::from_toml).
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        Loader::new().file(path)
    }

    /// Reads a connection from the variables of the environment that begin with a prefix: `OBKIT_PROVIDER`,
    /// `OBKIT_CALL_TIMEOUT`, and `OBKIT_YAPILY_APPLICATION_ID` for what is a provider's own. Any text may be in a file, which
    /// a variable that ends in `_FILE` names. [`variables`](crate::config::variables) lists all of them.
    ///
    /// Variables of other providers may be set, too, so that one word changes the provider.
    ///
    /// # Errors
    /// A variable is missing, means nothing or has no good value, or a file cannot be read.
    pub fn from_env(prefix: &str) -> Result<Self, ConfigError> {
        Loader::new().env(prefix)
    }
}

/// From any format, as part of a program's configuration. References are resolved, and an error names the key.
impl<'de> serde::Deserialize<'de> for Config {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;
        let node = super::Node::deserialize(deserializer)?;
        let super::node::Value::Table(table) = node.value else {
            return Err(D::Error::custom("a connection is a table"));
        };
        Loader::new().table(table, None).map_err(D::Error::custom)
    }
}
