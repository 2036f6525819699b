//! From nodes to the configuration of a provider.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::deserialize::{Fault, What};
use super::error::{ConfigError, ConfigErrorKind};
use super::node::{Node, Place, Table, Value};
use super::schema::{Field, fields};
use super::settings::SettingsKeys;
use super::spelling::did_you_mean;
use crate::connect::{Config, ConnectError, PROVIDERS};
use crate::provider::config::{Credentials, url};
use crate::settings::ConnectionSettings;

/// The keys of a provider's credentials.
pub(crate) trait Keys: DeserializeOwned + JsonSchema {
    /// What they become.
    type Credentials: Credentials;

    /// The credentials, for a provider at the address of the settings.
    fn credentials(self, settings: &ConnectionSettings) -> Result<Self::Credentials, Invalid>;
}

/// What a key says cannot be used.
pub(crate) struct Invalid {
    key: String,
    reason: String,
    help: Option<String>,
    /// Keys of which one is to be given.
    one_of: Vec<String>,
    kind: ConfigErrorKind,
}

impl Invalid {
    /// The key in full, and what is wrong with it, after its name and without its value.
    pub(crate) fn new(key: impl Into<String>, reason: impl Into<String>) -> Self {
        let kind = ConfigErrorKind::InvalidValue;
        Self { key: key.into(), reason: reason.into(), help: None, one_of: Vec::new(), kind }
    }

    /// A key that is needed because of another.
    pub(crate) fn missing(key: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { kind: ConfigErrorKind::MissingKey, ..Self::new(key, reason) }
    }

    fn one_of(mut self, keys: &[(&str, bool)]) -> Self {
        self.one_of = keys.iter().map(|(key, _)| (*key).to_owned()).collect();
        self
    }

    /// The same, of a key within this one.
    pub(crate) fn within(mut self, owner: &str) -> Self {
        for key in self.one_of.iter_mut().chain([&mut self.key]) {
            *key = format!("{owner}.{key}");
        }
        self
    }
}

/// Checks that no more than one of some keys is given.
pub(crate) fn at_most_one(given: &[(&str, bool)]) -> Result<(), Invalid> {
    let mut set = given.iter().filter_map(|(key, is_set)| is_set.then_some(*key));
    match (set.next(), set.next()) {
        (Some(first), Some(second)) => Err(Invalid::new(second, format!("excludes `{first}`")).one_of(given)),
        _ => Ok(()),
    }
}

/// Checks that one of some keys is given, and no more.
pub(crate) fn exactly_one(given: &[(&str, bool)]) -> Result<(), Invalid> {
    at_most_one(given)?;
    match given {
        [(first, false), others @ ..] if others.iter().all(|(_, is_set)| !is_set) => {
            let others = others.iter().map(|(key, _)| format!("`{key}`")).collect::<Vec<_>>().join(" or ");
            Err(Invalid::missing(*first, format!("is not there, nor is {others}")).one_of(given))
        }
        _ => Ok(()),
    }
}

/// Where a configuration comes from, for what the errors advise.
#[derive(Clone, Debug)]
pub(super) enum Origin {
    /// A table of a document, such as `connections.main`.
    Table(Option<String>),
    /// Variables of this prefix.
    Variables(String),
}

/// A connection that is being read.
pub(crate) struct Reading {
    pub(super) table: Table,
    pub(super) origin: Origin,
    provider: &'static str,
}

/// Reads a connection, of which the references are resolved.
pub(super) fn config(mut table: Table, origin: Origin) -> Result<Config, ConfigError> {
    let (provider, place) = provider(&mut table, &origin)?;
    let built = Config::read(Reading { table, origin, provider });
    built.unwrap_or_else(|| {
        let message = format!("this build is without {provider}");
        let help = format!("add the cargo feature `{provider}` of obkit");
        Err(ConfigError::new(ConfigErrorKind::UnknownProvider, message).at(place).of("provider").help(help))
    })
}

/// The name of the provider, and where it stands.
fn provider(table: &mut Table, origin: &Origin) -> Result<(&'static str, Place), ConfigError> {
    let names = PROVIDERS.iter().map(|(name, _)| *name);
    let list = format!("`{}`", names.clone().collect::<Vec<_>>().join("`, `"));
    let Some(entry) = table.take("provider") else {
        let error = ConfigError::new(ConfigErrorKind::MissingKey, "`provider` is not there").of("provider");
        let help = match origin {
            Origin::Table(None) => format!("add `provider = \"...\"`, one of {list}"),
            Origin::Table(Some(name)) => format!("add `provider = \"...\"` to [{name}], one of {list}"),
            Origin::Variables(prefix) => format!("set {prefix}_PROVIDER to one of {list}"),
        };
        return Err(error.help(help));
    };
    let place = entry.node.place;
    let invalid = |kind, message| ConfigError::new(kind, message).at(place.clone()).of("provider");
    let Value::Text(word) = entry.node.value else {
        return Err(invalid(ConfigErrorKind::InvalidValue, "`provider` is not a text".to_owned()));
    };
    match names.clone().find(|name| *name == word.expose()) {
        Some(name) => Ok((name, place)),
        None => {
            // The word is not shown: it may be anything.
            let message = format!("`provider` is none that there is{}", did_you_mean(word.expose(), names));
            Err(invalid(ConfigErrorKind::UnknownProvider, message).help(format!("the providers are {list}")))
        }
    }
}

impl Reading {
    /// The provider's name.
    pub(crate) fn provider(&self) -> &'static str {
        self.provider
    }

    /// Reads the settings and the credentials.
    pub(crate) fn read<K: Keys>(self) -> Result<crate::provider::Config<K::Credentials>, ConfigError> {
        let (settings, credentials) = self.split::<K>()?;
        let settings: SettingsKeys = self.typed(settings)?;
        let settings = settings.settings().map_err(|invalid| self.invalid(invalid))?;
        url::<K::Credentials>(&settings).map_err(|error| self.unreachable(&settings, &error))?;
        let keys: K = self.typed(credentials)?;
        let credentials = keys.credentials(&settings).map_err(|invalid| self.invalid(invalid))?;
        Ok(crate::provider::Config { credentials, settings })
    }

    /// Parts the settings from the credentials.
    fn split<K: Keys>(&self) -> Result<(Table, Table), ConfigError> {
        let is_of = |fields: &[Field], key: &str| fields.iter().any(|field| field.first() == key);
        let (of_settings, of_credentials) = (fields::<SettingsKeys>(), fields::<K>());
        let (mut settings, mut credentials) = (Table::default(), Table::default());
        for entry in &self.table.0 {
            if is_of(&of_settings, &entry.key) {
                settings.0.push(entry.clone());
            } else if is_of(&of_credentials, &entry.key) {
                credentials.0.push(entry.clone());
            } else {
                let known = of_credentials.iter().chain(&of_settings).map(Field::first);
                return Err(self.unknown(&entry.key, entry.place.clone(), known));
            }
        }
        Ok((settings, credentials))
    }

    fn typed<T: DeserializeOwned>(&self, table: Table) -> Result<T, ConfigError> {
        let node = Node { value: Value::Table(table), place: Place::Unknown };
        T::deserialize(node).map_err(|fault| self.fault(fault))
    }

    fn fault(&self, fault: Fault) -> ConfigError {
        let key = fault.key();
        match fault.what {
            What::Missing => self.missing(&key, &format!("{} needs `{key}`", self.provider)),
            What::Unknown { known } => self.unknown(&key, fault.place, known.iter().copied()),
            What::Expected(expected) => {
                let message = format!("`{key}` is not {expected}");
                ConfigError::new(ConfigErrorKind::InvalidValue, message).at(fault.place).of(key)
            }
        }
    }

    fn unknown<'k>(&self, key: &str, place: Place, known: impl Iterator<Item = &'k str>) -> ConfigError {
        let known: std::collections::BTreeSet<&str> = known.collect();
        let last = key.rsplit('.').next().unwrap_or(key);
        let meant = did_you_mean(last, known.iter().copied());
        let message = format!("`{key}` means nothing to {}{meant}", self.provider);
        let known = known.into_iter().collect::<Vec<_>>().join("`, `");
        let error = ConfigError::new(ConfigErrorKind::UnknownKey, message).at(place).of(key);
        if meant.is_empty() { error.help(format!("the keys are `{known}`")) } else { error }
    }

    /// A key that is not there.
    fn missing(&self, key: &str, message: &str) -> ConfigError {
        let error = ConfigError::new(ConfigErrorKind::MissingKey, message).of(key);
        let is_text = !fields::<SettingsKeys>().iter().any(|field| field.key == key && !field.is_text);
        error.at(self.table.place(key)).help(match &self.origin {
            Origin::Variables(_) if is_text => {
                let name = self.variable(key);
                format!("set {name}, or {name}_FILE to the path of a file that holds it")
            }
            Origin::Variables(_) => format!("set {}", self.variable(key)),
            Origin::Table(table) => {
                let to = table.as_ref().map_or(String::new(), |table| format!(" to [{table}]"));
                if is_text {
                    format!(
                        "add `{key} = \"...\"`, `{key} = {{ env = \"NAME\" }}` or `{key} = {{ file = \"path\" }}`{to}"
                    )
                } else {
                    format!("add `{key} = ...`{to}")
                }
            }
        })
    }

    /// The variable that stands for a key; of a table, the beginning of its variables.
    fn variable(&self, key: &str) -> String {
        match &self.origin {
            Origin::Variables(prefix) => super::environment::name(prefix, self.provider, key),
            Origin::Table(_) => format!("`{key}`"),
        }
    }

    fn invalid(&self, invalid: Invalid) -> ConfigError {
        let Invalid { key, reason, help, one_of, kind } = invalid;
        let message = format!("`{key}` {reason}");
        if kind == ConfigErrorKind::MissingKey && one_of.is_empty() {
            return self.missing(&key, &message);
        }
        let choices = || one_of.iter().map(|key| self.variable(key)).collect::<Vec<_>>().join(", ");
        let help = help.or_else(|| (!one_of.is_empty()).then(|| format!("give one of {}", choices())));
        let error = ConfigError::new(kind, message).at(self.table.place(&key)).of(key);
        match help {
            Some(help) => error.help(help),
            None => error,
        }
    }

    /// The settings name no address.
    fn unreachable(&self, settings: &ConnectionSettings, error: &ConnectError) -> ConfigError {
        let key = settings.address.key();
        let text = error.to_string();
        let (message, help) = text.split_once("\n  help: ").unwrap_or((&text, ""));
        match error {
            ConnectError::NoBaseUrl { .. } => self.missing("base_url", message),
            _ => {
                let message = format!("`{key}`: {message}");
                let error = ConfigError::new(ConfigErrorKind::InvalidValue, message).of(key).help(help);
                error.at(self.table.place(key))
            }
        }
    }
}

#[cfg(all(test, not(feature = "yapily")))]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_provider_that_this_build_is_without_says_so() {
        let error = Config::from_toml("provider = 'yapily'\napplication_id = 'id'").unwrap_err();
        assert_eq!(error.kind(), ConfigErrorKind::UnknownProvider);
        assert_eq!(
            error.to_string(),
            "line 1, column 12: this build is without yapily\n  help: add the cargo feature `yapily` of obkit"
        );
        // Its variables cannot be judged, and are no obstacle to another provider.
        let variables = [("OBKIT_YAPILY_APPLICATION_ID", "id"), ("OBKIT_PROVIDER", "nobody")];
        let error = crate::config::Loader::new().variables(variables).env("OBKIT").unwrap_err();
        assert_eq!(error.variable(), Some("OBKIT_PROVIDER"));
    }
}
