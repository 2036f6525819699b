//! Whether a request carries the credentials that its operation asks for.
//!
//! Only their presence and form can be judged here, not whether they are the right ones.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use obkit_codegen::Document;
use obkit_codegen::load::escape_token;
use obkit_codegen::spec::{Location, Parameter};
use serde_json::Value;

use crate::exchange::Request;

/// Whether a parameter is given with a call. A credential is set on the client once.
pub(crate) fn is_argument(document: &Document, parameter: &Parameter) -> bool {
    parameter.is_argument() && !is_key(document, parameter.location, &parameter.name)
}

/// Checks the alternatives of a security requirement; each alternative needs all of its schemes.
///
/// # Errors
/// No alternative is met; what the nearest one lacks.
pub(crate) fn check(document: &Document, alternatives: &[Vec<String>], request: &Request) -> Result<(), String> {
    let mut nearest: Option<Vec<String>> = None;
    for schemes in alternatives {
        let missing: Vec<_> = schemes.iter().filter_map(|scheme| lacks(document, scheme, request)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        if nearest.as_ref().is_none_or(|known| missing.len() < known.len()) {
            nearest = Some(missing);
        }
    }
    nearest.map_or(Ok(()), |missing| Err(missing.join(", and ")))
}

/// What a request lacks of a scheme.
fn lacks(document: &Document, name: &str, request: &Request) -> Option<String> {
    let Some(scheme) = document.at(&format!("/components/securitySchemes/{}", escape_token(name))) else {
        return Some(format!("the security scheme `{name}` is not defined"));
    };
    let text = |key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default();
    match text("type") {
        "http" if text("scheme").eq_ignore_ascii_case("basic") => {
            let valid = credentials(request, "basic")
                .is_some_and(|given| STANDARD.decode(given).is_ok_and(|pair| pair.contains(&b':')));
            (!valid).then(|| format!("`Authorization: Basic` is missing or malformed (scheme `{name}`)"))
        }
        "http" if !text("scheme").eq_ignore_ascii_case("bearer") => credentials(request, text("scheme"))
            .is_none()
            .then(|| format!("`Authorization` is missing (scheme `{name}`)")),
        "http" | "oauth2" | "openIdConnect" => {
            let absent = credentials(request, "bearer").is_none_or(|token| token.is_empty());
            absent.then(|| format!("`Authorization: Bearer` is missing (scheme `{name}`)"))
        }
        "apiKey" => {
            let key = text("name");
            key_of(request, text("in"), key)
                .is_none_or(|value| value.is_empty())
                .then(|| format!("the {} `{key}` is missing (scheme `{name}`)", text("in")))
        }
        // A client certificate is not seen from here.
        _ => None,
    }
}

/// What a refused request is told to send (RFC 9110, section 11.6.1): one challenge for each scheme that travels in
/// `Authorization`.
pub(crate) fn challenges(document: &Document, alternatives: &[Vec<String>]) -> BTreeSet<String> {
    let challenge = |name: &String| {
        let scheme = document.at(&format!("/components/securitySchemes/{}", escape_token(name)))?;
        let text = |key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default();
        match text("type") {
            "http" if text("scheme").eq_ignore_ascii_case("basic") => Some("Basic realm=\"mock\"".to_owned()),
            "http" if text("scheme").bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') => {
                Some(text("scheme").to_owned()).filter(|scheme| !scheme.is_empty())
            }
            "oauth2" | "openIdConnect" => Some("Bearer".to_owned()),
            _ => None,
        }
    };
    alternatives.iter().flatten().filter_map(challenge).collect()
}

fn credentials(request: &Request, scheme: &str) -> Option<String> {
    let header = request.header("authorization")?;
    let (given, rest) = header.split_once(' ')?;
    given.eq_ignore_ascii_case(scheme).then(|| rest.trim().to_owned())
}

/// The key that a request carries under a name, in the place that its scheme says.
fn key_of(request: &Request, place: &str, name: &str) -> Option<String> {
    match place {
        "header" => request.header(name),
        "query" => request.parameters().get(name),
        _ => request.cookie(name),
    }
}

/// The secrets that a request carries: what `Authorization` holds, and the keys of the document's schemes, each with the name of its field.
///
/// The id of a client is none (RFC 6749, section 2.2).
pub(crate) fn secrets(document: &Document, request: &Request) -> Vec<(String, String)> {
    let mut secrets = Vec::new();
    if let Some((scheme, given)) = request.header("authorization").as_deref().and_then(|header| header.split_once(' '))
    {
        let pair = STANDARD.decode(given.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"));
        let password =
            pair.and_then(|pair| String::from_utf8(pair).ok()?.split_once(':').map(|(_, word)| word.to_owned()));
        let whole = std::iter::once(given.trim().to_owned());
        secrets.extend(whole.chain(password).map(|secret| ("authorization".to_owned(), secret)));
    }
    let schemes = document.at("/components/securitySchemes").and_then(Value::as_object);
    for scheme in schemes.into_iter().flatten().map(|(_, scheme)| scheme) {
        let text = |key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default();
        let name = text("name");
        let is_secret = text("type") == "apiKey" && !name.to_ascii_lowercase().ends_with("id");
        if is_secret && !name.eq_ignore_ascii_case("authorization") {
            secrets.extend(key_of(request, text("in"), name).map(|secret| (name.to_owned(), secret)));
        }
    }
    secrets
}

/// Whether a parameter carries a key of some scheme of the document.
pub(crate) fn is_key(document: &Document, location: Location, name: &str) -> bool {
    let schemes = document.at("/components/securitySchemes").and_then(Value::as_object);
    let is_name = |known: &str| known == name || (location == Location::Header && known.eq_ignore_ascii_case(name));
    schemes.into_iter().flatten().any(|(_, scheme)| {
        scheme.get("in").and_then(Value::as_str) == Some(location.as_str())
            && scheme.get("name").and_then(Value::as_str).is_some_and(is_name)
    })
}
