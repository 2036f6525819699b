//! Values that stand elsewhere: `{ env = "NAME" }` and `{ file = "path" }`.

use std::ffi::OsString;
use std::io;

use super::error::{ConfigError, ConfigErrorKind};
use super::loader::Loader;
use super::node::{Node, Place, Table, Value};

/// Puts what they refer to in the place of all references in a table.
pub(super) fn resolve(table: &mut Table, owner: &str, loader: &Loader) -> Result<(), ConfigError> {
    for entry in &mut table.0 {
        let key = if owner.is_empty() { entry.key.clone() } else { format!("{owner}.{}", entry.key) };
        let Value::Table(inner) = &mut entry.node.value else { continue };
        match reference(inner) {
            None => resolve(inner, &key, loader)?,
            Some(Ok(reference)) => {
                let text = reference.read(loader).map_err(|error| error.at(entry.node.place.clone()).of_key(&key))?;
                entry.node.value = Value::Text(text.into());
            }
            Some(Err(())) => {
                let message = format!("`{key}` is neither `{{ env = \"NAME\" }}` nor `{{ file = \"path\" }}`");
                let place = entry.node.place.clone();
                return Err(ConfigError::new(ConfigErrorKind::InvalidValue, message).at(place).of(key));
            }
        }
    }
    Ok(())
}

enum Reference {
    Variable(String),
    File(String),
}

/// A table that is a reference; an error when it is none, and nothing else either.
fn reference(table: &Table) -> Option<Result<Reference, ()>> {
    table.0.iter().find(|entry| matches!(entry.key.as_str(), "env" | "file"))?;
    Some(match table.0.as_slice() {
        [entry] => match (&entry.node.value, entry.key.as_str()) {
            (Value::Text(name), "env") => Ok(Reference::Variable(name.expose().to_owned())),
            (Value::Text(path), _) => Ok(Reference::File(path.expose().to_owned())),
            _ => Err(()),
        },
        _ => Err(()),
    })
}

/// A reference that leads nowhere.
struct Dangling {
    message: String,
    help: String,
    place: Place,
    source: Option<io::Error>,
}

impl Dangling {
    fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    fn of_key(self, key: &str) -> ConfigError {
        let message = format!("`{key}` cannot be read: {}", self.message);
        let error = ConfigError::new(ConfigErrorKind::Unreadable, message).at(self.place).of(key).help(self.help);
        match self.source {
            Some(source) => error.because(source),
            None => error,
        }
    }
}

impl Reference {
    fn read(&self, loader: &Loader) -> Result<String, Dangling> {
        match self {
            Self::Variable(name) => text(name, loader.variable(name)),
            Self::File(path) => file(path, loader),
        }
    }
}

/// What stands in the place of a name may be a secret, in the wrong table: only a name is shown.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn text(name: &str, value: Option<OsString>) -> Result<String, Dangling> {
    if !is_name(name) {
        return Err(Dangling {
            message: "what `env` says is no name of a variable".into(),
            help: "name the variable, such as `{ env = \"YAPILY_SECRET\" }`; a secret itself stands without `env`"
                .into(),
            place: Place::Unknown,
            source: None,
        });
    }
    let dangling = |message: &str| Dangling {
        message: format!("the variable {name} {message}"),
        help: format!("set {name}, or refer to another variable"),
        place: Place::Unknown,
        source: None,
    };
    let value = value.ok_or_else(|| dangling("is not set"))?;
    value.into_string().map_err(|_| dangling("is not Unicode"))
}

/// The text of a file, without the line breaks at its end, which editors and orchestrators put there.
fn file(path: &str, loader: &Loader) -> Result<String, Dangling> {
    if path.contains('\n') || path.trim().is_empty() {
        return Err(Dangling {
            message: "what `file` says is no path".into(),
            help: "name the file; its text itself stands without `file`".into(),
            place: Place::Unknown,
            source: None,
        });
    }
    let path = loader.path(path);
    let text = std::fs::read_to_string(&path).map_err(|error| Dangling {
        message: format!("the file {}: {}", path.display(), error.kind()),
        help: "name a text file that this user may read; a path is relative to the folder of the configuration".into(),
        place: Place::Unknown,
        source: Some(error),
    })?;
    Ok(text.trim_end_matches(['\n', '\r']).to_owned())
}

/// The text of a file that a variable of the environment names, as a node of that variable.
pub(super) fn of_file(variable: &str, path: &str, key: &str, loader: &Loader) -> Result<Node, ConfigError> {
    let place = Place::Variable(variable.to_owned());
    let text = file(path, loader).map_err(|error| error.at(place.clone()).of_key(key))?;
    Ok(Node { value: Value::Text(text.into()), place })
}
