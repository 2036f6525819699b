//! Several connections in one document.

use std::fmt;
use std::path::{Path, PathBuf};

use super::error::{ConfigError, ConfigErrorKind};
use super::loader::Loader;
use super::node::{Node, Place, Table, Value};
use super::spelling::did_you_mean;
use crate::connect::Config;

/// Connections by name.
///
/// ```
/// # #[cfg(feature = "fena")] {
/// let connections = obkit::config::Connections::from_toml(r#"
///     [connections.uk]
///     provider = "fena"
///     base_url = "https://api.bank.example"
///     client_id = "4f1c"
///     client_secret = "9d2e"
///
///     [connections.ro]
///     provider = "finqlink"
///     client_id = "xyz123abc"
///     access_token = { env = "FINQLINK_TOKEN" }
/// "#).unwrap();
/// assert_eq!(connections.names().collect::<Vec<_>>(), ["uk", "ro"]);
/// let provider = obkit::connect(&connections.config("uk").unwrap()).unwrap();
/// # }
/// ```
///
/// A connection is read when it is asked for, so that the secrets of the others need not be there.
#[derive(Clone)]
pub struct Connections {
    file: Option<PathBuf>,
    tables: Table,
    loader: Loader,
}

impl Connections {
    /// Reads the text of a TOML document with a table for each connection.
    ///
    /// # Errors
    /// The text is no TOML, or has something else than tables in `connections`.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        Loader::new().connections(text)
    }

    /// Reads a TOML file with a table for each connection. Paths in it are relative to its folder.
    ///
    /// # Errors
    /// The file cannot be read, or as [`from_toml`](Self::from_toml).
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        Loader::new().connections_file(path)
    }

    pub(super) fn of(mut document: Table, file: Option<&Path>, loader: Loader) -> Result<Self, ConfigError> {
        let error = |kind, message: String, place: Place| {
            let help = "give each connection a table such as [connections.main]";
            ConfigError::new(kind, message).at(place).help(help).in_file(file)
        };
        let Some(entry) = document.take("connections") else {
            let message = "there are no connections".to_owned();
            return Err(error(ConfigErrorKind::MissingKey, message, Place::Unknown).of("connections"));
        };
        if let Some(other) = document.0.first() {
            let message = format!("`{}` stands in no connection", other.key);
            return Err(error(ConfigErrorKind::UnknownKey, message, other.place.clone()).of(&other.key));
        }
        let Value::Table(tables) = entry.node.value else {
            let message = "`connections` is not a table".to_owned();
            return Err(error(ConfigErrorKind::InvalidValue, message, entry.node.place).of("connections"));
        };
        if let Some(entry) = tables.0.iter().find(|entry| !matches!(entry.node.value, Value::Table(_))) {
            let message = format!("`connections.{}` is not a table", entry.key);
            return Err(error(ConfigErrorKind::InvalidValue, message, entry.place.clone()).of("connections"));
        }
        Ok(Self { file: file.map(Path::to_owned), tables, loader })
    }

    /// The names, in the order of the document.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.tables.0.iter().map(|entry| entry.key.as_str())
    }

    /// The connection of a name. References are resolved now.
    ///
    /// # Errors
    /// There is none of this name, or as [`Config::from_toml`].
    pub fn config(&self, name: &str) -> Result<Config, ConfigError> {
        let file = self.file.as_deref();
        match self.tables.get(name).map(|entry| &entry.node) {
            Some(Node { value: Value::Table(table), .. }) => {
                let config = self.loader.table(table.clone(), Some(format!("connections.{name}")));
                config.map_err(|error| error.in_file(file))
            }
            _ => {
                let message = format!("there is no connection `{name}`{}", did_you_mean(name, self.names()));
                let help = format!("the connections are `{}`", self.names().collect::<Vec<_>>().join("`, `"));
                Err(ConfigError::new(ConfigErrorKind::UnknownConnection, message).help(help).in_file(file))
            }
        }
    }
}

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}
