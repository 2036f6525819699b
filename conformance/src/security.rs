//! Whether a request carries the credentials that its operation asks for.
//!
//! Only their presence and form can be judged here, not whether they are the right ones.

use std::borrow::Cow;
use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use obkit_codegen::Document;
use obkit_codegen::spec::{Location, Parameter};
use serde_json::Value;

use crate::exchange::Request;
use crate::parameter::escape;
use crate::pointer;

/// Shorter secrets stand in a text by chance.
pub(crate) const MIN_SECRET: usize = 8;

/// How a secret may stand in a text: as it is, and as it is written in a URL, such as that of a redirection or of the next page.
pub(crate) fn forms(secret: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let escaped = Some(escape(secret)).filter(|escaped| escaped != secret);
    std::iter::once(Cow::from(secret)).chain(escaped.map(Cow::from))
}

/// How credentials of a scheme travel.
#[derive(Debug)]
enum Scheme {
    /// In `Authorization`, by the name of an authentication scheme.
    Http(String),
    /// In `Authorization`, as a bearer token that was issued elsewhere: `oauth2`, `openIdConnect`.
    Token,
    /// In a place, by a name.
    Key { place: String, name: String },
    /// A client certificate, which is not seen from here, or what no version of OpenAPI knows.
    Unseen,
}

impl Scheme {
    fn of(scheme: &Value) -> Self {
        let text = |key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        match text("type").as_str() {
            "http" => Self::Http(text("scheme")),
            "oauth2" | "openIdConnect" => Self::Token,
            "apiKey" => Self::Key { place: text("in"), name: text("name") },
            _ => Self::Unseen,
        }
    }

    /// What a request lacks of it.
    fn lacks(&self, name: &str, request: &Request) -> Option<String> {
        match self {
            Self::Http(scheme) if scheme.eq_ignore_ascii_case("basic") => {
                let valid = credentials(request, "basic")
                    .is_some_and(|given| STANDARD.decode(given).is_ok_and(|pair| pair.contains(&b':')));
                (!valid).then(|| format!("`Authorization: Basic` is missing or malformed (scheme `{name}`)"))
            }
            Self::Http(scheme) if !scheme.eq_ignore_ascii_case("bearer") => {
                credentials(request, scheme).is_none().then(|| format!("`Authorization` is missing (scheme `{name}`)"))
            }
            Self::Http(_) | Self::Token => {
                let absent = credentials(request, "bearer").is_none_or(|token| token.is_empty());
                absent.then(|| format!("`Authorization: Bearer` is missing (scheme `{name}`)"))
            }
            Self::Key { place, name: key } => {
                let absent = key_of(request, place, key).is_none_or(|value| value.is_empty());
                absent.then(|| format!("the {place} `{key}` is missing (scheme `{name}`)"))
            }
            Self::Unseen => None,
        }
    }

    fn challenge(&self) -> Option<String> {
        match self {
            Self::Http(scheme) if scheme.eq_ignore_ascii_case("basic") => Some("Basic realm=\"mock\"".to_owned()),
            Self::Http(scheme) if scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') => {
                Some(scheme.clone()).filter(|scheme| !scheme.is_empty())
            }
            Self::Token => Some("Bearer".to_owned()),
            _ => None,
        }
    }
}

/// The security schemes of a document, by their names.
#[derive(Debug)]
pub(crate) struct SecuritySchemes(Vec<(String, Scheme)>);

impl SecuritySchemes {
    pub(crate) fn of(document: &Document) -> Self {
        let schemes = document.at("/components/securitySchemes").and_then(Value::as_object).into_iter().flatten();
        let resolved = |scheme| pointer::resolved(document, scheme).map_or(Scheme::Unseen, Scheme::of);
        Self(schemes.map(|(name, scheme)| (name.clone(), resolved(scheme))).collect())
    }

    fn find(&self, name: &str) -> Option<&Scheme> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, scheme)| scheme)
    }

    /// Places and names of the keys.
    fn keys(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().filter_map(|(_, scheme)| match scheme {
            Scheme::Key { place, name } => Some((place.as_str(), name.as_str())),
            _ => None,
        })
    }

    /// Whether a parameter is given with a call. A credential is set on the client once.
    pub(crate) fn is_argument(&self, parameter: &Parameter) -> bool {
        parameter.is_argument() && !self.is_key(parameter.location, &parameter.name)
    }

    /// Whether a parameter carries a key of some scheme.
    pub(crate) fn is_key(&self, location: Location, name: &str) -> bool {
        let is_name = |known: &str| known == name || (location == Location::Header && known.eq_ignore_ascii_case(name));
        self.keys().any(|(place, known)| place == location.as_str() && is_name(known))
    }

    /// Checks the alternatives of a security requirement; each alternative needs all of its schemes.
    ///
    /// # Errors
    /// No alternative is met; what the nearest one lacks.
    pub(crate) fn check(&self, alternatives: &[Vec<String>], request: &Request) -> Result<(), String> {
        let lacks = |name: &String| match self.find(name) {
            Some(scheme) => scheme.lacks(name, request),
            None => Some(format!("the security scheme `{name}` is not defined")),
        };
        let mut nearest: Option<Vec<String>> = None;
        for schemes in alternatives {
            let missing: Vec<_> = schemes.iter().filter_map(lacks).collect();
            if missing.is_empty() {
                return Ok(());
            }
            if nearest.as_ref().is_none_or(|known| missing.len() < known.len()) {
                nearest = Some(missing);
            }
        }
        nearest.map_or(Ok(()), |missing| Err(missing.join(", and ")))
    }

    /// What a refused request is told to send (RFC 9110, section 11.6.1): one challenge for each scheme that travels in
    /// `Authorization`.
    pub(crate) fn challenges(&self, alternatives: &[Vec<String>]) -> BTreeSet<String> {
        alternatives.iter().flatten().filter_map(|name| self.find(name)?.challenge()).collect()
    }

    /// Where a request carries credentials: the places, and the names there in small letters.
    pub(crate) fn carried(&self, request: &Request) -> Vec<(&str, String)> {
        let header = request.header("authorization").map(|_| ("header", "authorization".to_owned()));
        let is_there = |(place, name): &(&str, &str)| key_of(request, place, name).is_some();
        let keys = self.keys().filter(is_there).map(|(place, name)| (place, name.to_ascii_lowercase()));
        header.into_iter().chain(keys).collect()
    }

    /// Whether some scheme of a security requirement puts something in a place, by a name in small letters.
    pub(crate) fn ask_for(&self, alternatives: &[Vec<String>], place: &str, name: &str) -> bool {
        let mut schemes = alternatives.iter().flatten().filter_map(|scheme| self.find(scheme));
        schemes.any(|scheme| match scheme {
            Scheme::Key { place: own, name: key } => own == place && key.eq_ignore_ascii_case(name),
            _ => place == "header" && name == "authorization",
        })
    }

    /// The secrets that a request carries: what `Authorization` holds, and the keys of the schemes, each with the name of its field.
    ///
    /// The id of a client is none (RFC 6749, section 2.2).
    pub(crate) fn secrets<'s>(&'s self, request: &'s Request) -> Vec<(&'s str, Cow<'s, str>)> {
        let mut secrets = Vec::new();
        if let Some(header) = request.header("authorization") {
            let (scheme, given) = header.split_once(' ').unwrap_or(("", &header));
            let is_basic = scheme.eq_ignore_ascii_case("basic");
            let pair = Some(given.trim()).filter(|_| is_basic).and_then(|given| STANDARD.decode(given).ok());
            let password =
                pair.and_then(|pair| String::from_utf8(pair).ok()?.split_once(':').map(|(_, word)| word.to_owned()));
            let whole = std::iter::once(given.trim().to_owned());
            secrets.extend(whole.chain(password).map(|secret| ("authorization", secret.into())));
        }
        let is_field = |(place, name): &(&str, &str)| *place == "header" && name.eq_ignore_ascii_case("authorization");
        for (place, name) in self.keys().filter(|key| !is_field(key) && !is_id_of_client(key.1)) {
            secrets.extend(key_of(request, place, name).map(|secret| (name, secret)));
        }
        secrets
    }
}

/// Whether a key is by its name the id of a client or an application. That of a session is a secret.
fn is_id_of_client(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_id = name.strip_suffix("id").is_some_and(|rest| rest.is_empty() || rest.ends_with(['-', '_', '.']));
    let is_of = |owner: &&str| name.contains(owner);
    !name.contains("session") && (is_id || (name.ends_with("id") && ["client", "app"].iter().any(is_of)))
}

fn credentials(request: &Request, scheme: &str) -> Option<String> {
    let header = request.header("authorization")?;
    let (given, rest) = header.split_once(' ')?;
    given.eq_ignore_ascii_case(scheme).then(|| rest.trim().to_owned())
}

/// The key that a request carries under a name, in the place that its scheme says.
fn key_of<'r>(request: &'r Request, place: &str, name: &str) -> Option<Cow<'r, str>> {
    match place {
        "header" => request.header(name),
        "query" => request.parameters().get(name).map(Cow::from),
        _ => request.cookie(name).map(Cow::from),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_key_is_asked_for_and_carried_by_whatever_name_its_scheme_has() {
        let text = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents:\n  securitySchemes:\n    \
                    key: {type: apiKey, in: header, name: X-Key}\n    other: {$ref: '#/components/securitySchemes/key'}\n    \
                    token: {type: http, scheme: bearer}\n";
        let schemes = SecuritySchemes::of(&Document::parse("s.yaml", text).unwrap());
        let asked = |scheme: &str, place, name| schemes.ask_for(&[vec![scheme.to_owned()]], place, name);
        assert!(asked("key", "header", "x-key") && asked("other", "header", "x-key"));
        assert!(asked("token", "header", "authorization"));
        assert!(
            !asked("other", "query", "x-key")
                && !asked("token", "header", "x-key")
                && !asked("none", "header", "x-key")
        );
        let headers = vec![("X-KEY".to_owned(), "k".to_owned())];
        let carried = schemes.carried(&Request { headers, ..Request::default() });
        assert!(carried.iter().all(|carried| *carried == ("header", "x-key".to_owned())) && !carried.is_empty());
    }
}
