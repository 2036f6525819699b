//! Variables of the environment.

use super::error::{ConfigError, ConfigErrorKind};
use super::loader::Loader;
use super::node::{Node, Place, Table, Value};
use super::reference;
use super::schema::{Field, fields};
use super::settings::SettingsKeys;
use super::spelling::did_you_mean;
use crate::connect::{Config, PROVIDERS};

/// A variable of the environment that [`Config::from_env`] reads, and the key that it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Variable {
    /// The name, such as `OBKIT_YAPILY_APPLICATION_ID`.
    pub name: String,
    /// The provider whose own it is; none when it is for all of them.
    pub provider: Option<&'static str>,
    /// The key in a document, such as `application_id`.
    pub key: String,
    /// What it says.
    pub description: String,
    /// Whether the provider, or the table that the key stands in, cannot do without.
    pub is_required: bool,
    /// Whether nothing shows it.
    pub is_secret: bool,
    /// Whether it may be in a file, which the same name with `_FILE` at its end then names.
    pub is_text: bool,
}

/// The variables of a prefix, `OBKIT` for one: what every provider takes, then what is each one's own.
#[must_use]
pub fn variables(prefix: &str) -> Vec<Variable> {
    let provider = Variable {
        name: format!("{prefix}_PROVIDER"),
        provider: None,
        key: "provider".to_owned(),
        description: "The provider.".to_owned(),
        is_required: true,
        is_secret: false,
        is_text: false,
    };
    let of = |provider: Option<&'static str>, fields: Vec<Field>| {
        fields.into_iter().map(move |field| Variable {
            name: of_key(prefix, provider, &field.key),
            provider,
            key: field.key,
            description: field.description,
            is_required: field.is_required,
            is_secret: field.is_secret,
            is_text: field.is_text,
        })
    };
    let own = Config::fields().into_iter().flat_map(|(name, fields)| of(Some(name), fields));
    [provider].into_iter().chain(of(None, fields::<SettingsKeys>())).chain(own).collect()
}

fn of_key(prefix: &str, provider: Option<&str>, key: &str) -> String {
    let provider = provider.map_or(String::new(), |provider| format!("_{provider}"));
    format!("{prefix}{}_{}", provider.to_uppercase(), key.replace('.', "_").to_uppercase())
}

/// The variable of a key of a provider's connection; of a table, how its variables begin.
pub(super) fn name(prefix: &str, provider: &str, key: &str) -> String {
    let is_setting = fields::<SettingsKeys>().iter().any(|field| field.key == key);
    let name = of_key(prefix, (!is_setting).then_some(provider), key);
    let is_value = |variable: &Variable| variable.name == name;
    if variables(prefix).iter().any(is_value) { name } else { format!("{name}_*") }
}

/// The connection that the variables say. Those of other providers are left out.
pub(super) fn read(prefix: &str, loader: &Loader) -> Result<Table, ConfigError> {
    let known = variables(prefix);
    refuse_unknown(prefix, &known, loader)?;
    let chosen = loader.variable(&format!("{prefix}_PROVIDER"));
    let mut table = Table::default();
    for variable in &known {
        if variable.provider.is_some_and(|provider| chosen.as_ref().is_none_or(|chosen| chosen != provider)) {
            continue;
        }
        if let Some(node) = value(variable, loader)? {
            table.insert(&variable.key.split('.').collect::<Vec<_>>(), node);
        }
    }
    Ok(table)
}

fn value(variable: &Variable, loader: &Loader) -> Result<Option<Node>, ConfigError> {
    let file = format!("{}_FILE", variable.name);
    let path = if variable.is_text { loader.variable(&file) } else { None };
    let error = |name: &str, message: String| {
        let place = Place::Variable(name.to_owned());
        Err(ConfigError::new(ConfigErrorKind::InvalidValue, message).at(place).of(&variable.key))
    };
    match (loader.variable(&variable.name), path) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) => error(&file, format!("it excludes {}", variable.name)),
        (Some(text), None) => match text.into_string() {
            Ok(text) => {
                let place = Place::Variable(variable.name.clone());
                Ok(Some(Node { value: Value::Text(text.into()), place }))
            }
            Err(_) => error(&variable.name, "it is not Unicode".to_owned()),
        },
        (None, Some(path)) => match path.into_string() {
            Ok(path) => reference::of_file(&file, &path, &variable.key, loader).map(Some),
            Err(_) => error(&file, "it is not Unicode".to_owned()),
        },
    }
}

/// A misspelt variable would silently be without effect.
fn refuse_unknown(prefix: &str, known: &[Variable], loader: &Loader) -> Result<(), ConfigError> {
    let is_known = |name: &str| {
        let of = |variable: &Variable| {
            let rest = name.strip_prefix(variable.name.as_str());
            rest.is_some_and(|rest| rest.is_empty() || (variable.is_text && rest == "_FILE"))
        };
        known.iter().any(of)
    };
    // What is for a provider that this build is without cannot be judged.
    let is_of_another_build = |rest: &str| {
        let mut others = PROVIDERS.iter().filter(|(_, is_built)| !is_built);
        others.any(|(provider, _)| rest.starts_with(&format!("{}_", provider.to_uppercase())))
    };
    for name in loader.names() {
        let Some(rest) = name.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_')) else { continue };
        if !is_known(&name) && !is_of_another_build(rest) {
            let meant = did_you_mean(&name, known.iter().map(|variable| variable.name.as_str()));
            let message = format!("this variable means nothing{meant}");
            let error = ConfigError::new(ConfigErrorKind::UnknownKey, message).at(Place::Variable(name));
            return Err(error.help(format!(
                "`docs/configuration.md` lists what begins with {prefix}_; another prefix keeps other variables apart"
            )));
        }
    }
    Ok(())
}
