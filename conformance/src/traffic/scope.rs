//! Which exchanges a document speaks of.

use std::cmp::Reverse;
use std::fmt;

use obkit_codegen::Document;
use serde_json::Value;

use super::exchange::Pieces;

/// How many URLs the variables of one server are written out to.
const MAX_URLS: usize = 256;

/// Base URLs, below which the paths of a document stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope(Vec<Base>);

/// `*` in it stands for one or more characters other than `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Base {
    /// None is any host.
    host: Option<String>,
    /// None is the one that the scheme has.
    port: Option<u16>,
    /// The segments of its path.
    path: Vec<String>,
}

/// A base URL that is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeError(String);

impl fmt::Display for ScopeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no base URL\n  help: give one such as https://api.bank.example/v1", self.0)
    }
}

impl std::error::Error for ScopeError {}

impl Scope {
    /// The servers of a document: of the whole, of its paths and of its operations, with every listed value of their variables, and with
    /// any value where none is listed. Where one has no host, any host will do.
    #[must_use]
    pub fn of_servers(document: &Document) -> Self {
        let mut bases: Vec<Base> = servers(document).flat_map(urls).map(|url| Base::of(&url)).collect();
        // Where a document lists none it has one, `/` (OpenAPI 3.0.3, OpenAPI Object).
        if document.at("/servers").and_then(Value::as_array).is_none_or(Vec::is_empty) {
            bases.push(Base { host: None, port: None, path: Vec::new() });
        }
        Self::new(bases)
    }

    /// These base URLs and no others.
    ///
    /// # Errors
    /// One is no `http` or `https` URL.
    pub fn of_urls<U: AsRef<str>>(urls: &[U]) -> Result<Self, ScopeError> {
        let base = |url: &U| {
            let url = url.as_ref();
            let whole = Pieces::of(url).is_ok_and(|pieces| !pieces.host.ends_with(':') && pieces.query.is_none());
            if whole { Ok(Base::of(url)) } else { Err(ScopeError(url.to_owned())) }
        };
        Ok(Self::new(urls.iter().map(base).collect::<Result<_, _>>()?))
    }

    /// Any host, and these base paths; the root where there is none.
    pub(crate) fn of_paths(paths: &[String]) -> Self {
        let base = |path: &String| Base { host: None, port: None, path: segments(path) };
        let mut bases: Vec<Base> = paths.iter().map(base).collect();
        if bases.is_empty() {
            bases.push(Base { host: None, port: None, path: Vec::new() });
        }
        Self::new(bases)
    }

    fn new(mut bases: Vec<Base>) -> Self {
        // Of several that fit, the one that says the most.
        bases.sort_by_key(|base| (Reverse(base.path.len()), base.host.is_none()));
        bases.dedup();
        Self(bases)
    }

    /// What of a path stands below a base; none where the exchange is foreign.
    pub(crate) fn enter<'p>(&self, host: &str, port: Option<u16>, path: &'p str) -> Option<&'p str> {
        self.0.iter().find_map(|base| base.enter(host, port, path))
    }
}

impl Base {
    /// A URL with or without a host.
    fn of(url: &str) -> Self {
        match Pieces::of(url) {
            Ok(Pieces { host, port, path, .. }) => {
                Self { host: Some(host), port: port.filter(|port| !is_default(*port)), path: segments(path) }
            }
            Err(_) => Self { host: None, port: None, path: segments(url.split(['?', '#']).next().unwrap_or_default()) },
        }
    }

    fn enter<'p>(&self, host: &str, port: Option<u16>, path: &'p str) -> Option<&'p str> {
        let port = port.filter(|port| !is_default(*port));
        if self.host.as_ref().is_some_and(|own| !fits(own, host) || self.port != port) {
            return None;
        }
        let mut rest = path;
        for own in &self.path {
            let (segment, after) = split_segment(rest.strip_prefix('/')?);
            if !fits(own, segment) {
                return None;
            }
            rest = after;
        }
        Some(if rest.is_empty() { "/" } else { rest })
    }
}

/// Recordings and documents leave these out as they like.
fn is_default(port: u16) -> bool {
    matches!(port, 80 | 443)
}

fn segments(path: &str) -> Vec<String> {
    let path = path.trim_matches('/');
    if path.is_empty() { Vec::new() } else { path.split('/').map(str::to_owned).collect() }
}

fn split_segment(path: &str) -> (&str, &str) {
    path.split_at(path.find('/').unwrap_or(path.len()))
}

/// Whether a text is one that a pattern stands for.
fn fits(pattern: &str, text: &str) -> bool {
    let Some((literal, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(text) = text.strip_prefix(literal) else { return false };
    text.char_indices().skip(1).map(|(at, _)| at).chain([text.len()]).any(|at| at > 0 && fits(rest, &text[at..]))
}

/// Every server that stands in a document.
fn servers(document: &Document) -> impl Iterator<Item = &Value> {
    let items = document.at("/paths").and_then(Value::as_object).into_iter().flatten().map(|(_, item)| item);
    let operations = items.clone().filter_map(Value::as_object).flatten().map(|(_, operation)| operation);
    let owners = std::iter::once(document.root()).chain(items).chain(operations);
    owners.filter_map(|owner| owner.get("servers").and_then(Value::as_array)).flatten()
}

/// The URLs of a server: its variables with all that they may be.
fn urls(server: &Value) -> Vec<String> {
    let Some(url) = server.get("url").and_then(Value::as_str) else { return Vec::new() };
    let mut urls = vec![url.to_owned()];
    for (name, variable) in server.get("variables").and_then(Value::as_object).into_iter().flatten() {
        let mark = format!("{{{name}}}");
        let listed = variable.get("enum").and_then(Value::as_array).into_iter().flatten();
        let mut values: Vec<&str> = listed.filter_map(Value::as_str).collect();
        if values.is_empty() {
            values.push("*");
        }
        values.extend(variable.get("default").and_then(Value::as_str));
        urls =
            urls.iter().flat_map(|url| values.iter().map(|value| url.replace(&mark, value))).take(MAX_URLS).collect();
    }
    urls
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    fn document(servers: &str) -> Document {
        let text = format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\n{servers}\npaths:\n  /a: {{get: {{servers: [{{url: \
             'https://files.example/f'}}], responses: {{}}}}}}\n"
        );
        Document::parse("s.yaml", &text).unwrap()
    }

    fn entered(scope: &Scope, url: &str) -> Option<String> {
        let Pieces { host, port, path, .. } = Pieces::of(url).unwrap();
        scope.enter(&host, port, path).map(str::to_owned)
    }

    #[test]
    fn servers_are_entered_with_their_variables_and_nothing_else_is() {
        let scope = Scope::of_servers(&document(
            "servers: [{url: 'https://{env}.bank.example/{base}', variables: {env: {enum: [api, test], default: api}, base: {default: \
             'open/v1'}}}, {url: 'http://other.example:8080'}]",
        ));
        let entered = |url| entered(&scope, url);
        assert_eq!(entered("https://api.bank.example/open/v1/a").as_deref(), Some("/a"));
        assert_eq!(entered("https://TEST.bank.example:443/v9/a/b").as_deref(), Some("/a/b"));
        assert_eq!(entered("https://test.bank.example/v9").as_deref(), Some("/"));
        assert_eq!(entered("http://other.example:8080/a").as_deref(), Some("/a"));
        assert_eq!(entered("https://files.example/f/x").as_deref(), Some("/x"));
        for foreign in [
            "https://www.bank.example/v1/a",
            "https://api.bank.example/",
            "https://api.bank.example:8443/v1/a",
            "http://other.example/a",
            "https://api.bank.example.evil.example/v1/a",
            "https://files.example/ff/x",
            "data:x",
        ] {
            assert_eq!(entered(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn without_a_host_any_will_do() {
        let scope = Scope::of_servers(&document("servers: [{url: /v1}]"));
        assert_eq!(entered(&scope, "http://anywhere/v1/a").as_deref(), Some("/a"));
        assert_eq!(entered(&scope, "http://anywhere/v10/a"), None);
        let scope = Scope::of_paths(&[]);
        assert_eq!(entered(&scope, "http://anywhere/v10/a").as_deref(), Some("/v10/a"));
    }

    #[test]
    fn base_urls_are_whole() {
        let scope = Scope::of_urls(&["http://127.0.0.1:4010/v1/"]).unwrap();
        assert_eq!(entered(&scope, "http://127.0.0.1:4010/v1/a").as_deref(), Some("/a"));
        assert_eq!(entered(&scope, "http://127.0.0.1:4011/v1/a"), None);
        for wrong in ["", "/v1", "ftp://a/", "http://a/?x"] {
            assert!(Scope::of_urls(&[wrong]).unwrap_err().to_string().contains("help: "), "{wrong}");
        }
    }
}
