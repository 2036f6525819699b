//! Credentials: given from outside, added when a request is sent, and shown nowhere.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use obkit_codegen::load::escape_token;
use obkit_codegen::spec::Operation;
use obkit_codegen::{Document, Spec, spelling};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::parameter::escape;
use crate::pointer;

/// What is sent instead of a secret to see whether it is looked at.
const WRONG: &str = "obkit:wrong-credentials";

/// Which credentials a request carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presents {
    /// Those that were given.
    Given,
    /// None.
    Nothing,
    /// Made up ones, in the right form.
    Wrong,
}

/// A secret, and what stands for it wherever it would be shown.
#[derive(Clone, Debug)]
pub struct Secret {
    value: SecretString,
    shown: String,
}

impl Secret {
    /// A secret that stands in an environment variable; `$NAME` is shown for it.
    ///
    /// # Errors
    /// There is no such variable, or it is no text.
    pub fn from_env(name: &str) -> Result<Self, String> {
        match std::env::var(name) {
            Ok(value) => Ok(Self { value: value.into(), shown: format!("${name}") }),
            // Whoever wrote `$TOKEN` for `TOKEN` has given the secret itself.
            Err(error) => {
                let is_name = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
                let shown = if name.chars().all(is_name) { name } else { "that is named" };
                Err(format!(
                    "the environment variable {shown} cannot be read: {error}\n  help: set it, and give its name"
                ))
            }
        }
    }

    /// A secret; `$TOKEN` is shown for it.
    #[must_use]
    pub fn new(value: String) -> Self {
        Self::called("TOKEN", value)
    }

    /// A secret that is called something, as the header field that it stands in; a variable of that name is shown for it.
    #[must_use]
    pub fn called(name: &str, value: String) -> Self {
        let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
        Self { value: value.into(), shown: format!("${}", name.chars().map(letter).collect::<String>()) }
    }
}

/// The credentials that a probe was given.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    headers: Vec<(String, Secret)>,
    schemes: BTreeMap<String, Secret>,
    any: Option<Secret>,
}

/// Where a part of the credentials goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Header,
    Query,
    Cookie,
}

/// A part of the credentials, as it is sent.
pub(crate) struct Presented {
    pub(crate) place: Place,
    pub(crate) name: String,
    pub(crate) value: SecretString,
    /// The same without the secret, as it stands within the double quotes of a shell.
    pub(crate) shown: String,
}

impl Credentials {
    /// Sends a header field with every request.
    pub fn header(&mut self, name: &str, value: Secret) {
        self.headers.push((name.to_ascii_lowercase(), value));
    }

    /// Uses a secret for all security schemes that have none of their own: the token of a bearer scheme, `user:password` of
    /// a basic one, the key of an API key.
    pub fn any(&mut self, value: Secret) {
        self.any = Some(value);
    }

    /// Uses a secret for one security scheme of the document.
    ///
    /// # Errors
    /// The document has no such scheme; which may have been meant.
    pub fn scheme(&mut self, spec: &Spec, name: &str, value: Secret) -> Result<(), String> {
        let schemes = spec.document().at("/components/securitySchemes").and_then(Value::as_object);
        let names: Vec<&str> = schemes.into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        if !names.contains(&name) {
            let help = spelling::nearest(name, names.iter().copied())
                .map_or_else(|| format!("there are: {}", names.join(", ")), |near| format!("did you mean `{near}`?"));
            return Err(format!("there is no security scheme `{name}`\n  help: {help}"));
        }
        self.schemes.insert(name.to_owned(), value);
        Ok(())
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.headers.is_empty() && self.schemes.is_empty() && self.any.is_none()
    }

    /// What is sent with a request of an operation.
    pub(crate) fn of(&self, document: &Document, operation: &Operation, presents: Presents) -> Vec<Presented> {
        let alternative = operation.security.iter().find(|schemes| {
            schemes.iter().all(|scheme| self.secret(scheme).is_some() || self.is_covered(document, scheme))
        });
        let schemes = alternative.map(Vec::as_slice).unwrap_or_default();
        let mut presented = Vec::new();
        for (name, secret) in &self.headers {
            let is_key =
                operation.security.iter().flatten().any(|scheme| carrier(document, scheme) == Some(name.clone()));
            match presents {
                Presents::Nothing if is_key || name == "authorization" => {}
                Presents::Wrong if is_key || name == "authorization" => {
                    // Of `Authorization`, the scheme is no secret; of a key, all is.
                    let scheme = secret.value.expose_secret().split_once(' ').filter(|_| name == "authorization");
                    let value = scheme.map_or_else(|| WRONG.to_owned(), |(scheme, _)| wrong(scheme));
                    let shown = within_quotes(&value);
                    presented.push(Presented::header(name, value.into(), shown));
                }
                _ => presented.push(Presented::header(name, secret.value.clone(), secret.shown.clone())),
            }
        }
        for scheme in schemes.iter().filter(|_| presents != Presents::Nothing) {
            let Some(secret) = self.secret(scheme).filter(|_| !self.is_covered(document, scheme)) else { continue };
            let fake = Secret { value: WRONG.to_owned().into(), shown: WRONG.to_owned() };
            presented.extend(form(document, scheme, if presents == Presents::Wrong { &fake } else { secret }));
        }
        presented
    }

    fn secret(&self, scheme: &str) -> Option<&Secret> {
        self.schemes.get(scheme).or(self.any.as_ref())
    }

    /// Whether a header field that is sent with every request carries a scheme.
    fn is_covered(&self, document: &Document, scheme: &str) -> bool {
        carrier(document, scheme).is_some_and(|name| self.headers.iter().any(|(own, _)| *own == name))
    }
}

impl Presented {
    fn header(name: &str, value: SecretString, shown: String) -> Self {
        Self { place: Place::Header, name: name.to_owned(), value, shown }
    }
}

/// A text that stands for itself within the double quotes of a shell.
pub(super) fn within_quotes(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '"' | '$' | '`' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted
}

fn wrong(scheme: &str) -> String {
    let value = if scheme.eq_ignore_ascii_case("basic") { STANDARD.encode(WRONG) } else { WRONG.to_owned() };
    format!("{scheme} {value}")
}

fn scheme_at<'d>(document: &'d Document, name: &str) -> Option<&'d Value> {
    pointer::resolved(document, document.at(&format!("/components/securitySchemes/{}", escape_token(name)))?)
}

/// The header field that carries a scheme.
fn carrier(document: &Document, scheme: &str) -> Option<String> {
    let scheme = scheme_at(document, scheme)?;
    let text = |key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default();
    match (text("type"), text("in")) {
        ("http" | "oauth2" | "openIdConnect", _) => Some("authorization".to_owned()),
        ("apiKey", "header") => Some(text("name").to_ascii_lowercase()),
        _ => None,
    }
}

/// A secret in the form of a scheme.
fn form(document: &Document, scheme: &str, secret: &Secret) -> Option<Presented> {
    let scheme = scheme_at(document, scheme)?;
    let text = |key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default();
    let (value, shown) = (secret.value.expose_secret(), secret.shown.as_str());
    let header = |scheme: &str, value: &str, shown: &str| {
        let shown = format!("{} {shown}", within_quotes(scheme));
        Presented::header("authorization", format!("{scheme} {value}").into(), shown)
    };
    Some(match text("type") {
        "http" if text("scheme").eq_ignore_ascii_case("basic") => {
            let shown = if shown.starts_with('$') {
                format!("$(printf %s \"{shown}\" | base64 -w0)")
            } else {
                STANDARD.encode(shown)
            };
            header("Basic", &STANDARD.encode(value), &shown)
        }
        "http" if !text("scheme").eq_ignore_ascii_case("bearer") => header(text("scheme"), value, shown),
        "http" | "oauth2" | "openIdConnect" => header("Bearer", value, shown),
        "apiKey" => {
            let place = match text("in") {
                "query" => Place::Query,
                "cookie" => Place::Cookie,
                _ => Place::Header,
            };
            let value = if place == Place::Header { value.to_owned() } else { escape(value) };
            Presented { place, name: text("name").to_owned(), value: value.into(), shown: shown.to_owned() }
        }
        _ => return None,
    })
}
