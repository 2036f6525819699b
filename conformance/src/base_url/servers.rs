//! The Server Objects of a document, and what their variables stand for.

use obkit_codegen::Document;
use obkit_codegen::load::escape_token;
use serde_json::Value;

use super::origin::Pieces;

/// How many URLs the variables of one server are written out to.
const MAX_URLS: usize = 256;

/// What has servers of its own. Those of an operation stand in the place of its path's, and those of a path in the place of the document's
/// (OpenAPI 3.0.4, Path Item Object and Operation Object).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Owner {
    Document,
    /// By its pointer.
    Path(String),
    /// By its pointer.
    Operation(String),
}

/// Everything that has servers of its own, with them.
pub(super) fn all(document: &Document) -> Vec<(Owner, Vec<&Value>)> {
    let mut all: Vec<(Owner, Vec<&Value>)> = vec![(Owner::Document, of(document.root()).collect())];
    for (path, item) in document.at("/paths").and_then(Value::as_object).into_iter().flatten() {
        let pointer = format!("/paths/{}", escape_token(path));
        for (method, operation) in item.as_object().into_iter().flatten() {
            all.push((Owner::Operation(format!("{pointer}/{method}")), of(operation).collect()));
        }
        all.push((Owner::Path(pointer), of(item).collect()));
    }
    all.retain(|(_, servers)| !servers.is_empty());
    all
}

/// The servers of a document, of a path or of an operation.
fn of(owner: &Value) -> impl Iterator<Item = &Value> {
    owner.get("servers").and_then(Value::as_array).into_iter().flatten()
}

/// The URLs of a server: its variables with all that they may be, `*` where that is anything.
pub(super) fn urls(server: &Value) -> Vec<String> {
    let Some(url) = server.get("url").and_then(Value::as_str) else { return Vec::new() };
    let mut urls = vec![url.to_owned()];
    for (name, variable) in variables(server) {
        let mark = mark(name);
        let listed = variable.get("enum").and_then(Value::as_array).into_iter().flatten();
        let mut values: Vec<&str> = listed.filter_map(Value::as_str).collect();
        if values.is_empty() {
            values.push("*");
        }
        values.extend(variable.get("default").and_then(Value::as_str));
        urls =
            urls.iter().flat_map(|url| values.iter().map(|value| url.replace(&mark, value))).take(MAX_URLS).collect();
    }
    urls.iter_mut().for_each(starred);
    urls
}

/// Writes `*` for the variables that are left, of which nothing is said.
fn starred(url: &mut String) {
    while let Some((start, length)) = url.find('{').and_then(|start| Some((start, url[start..].find('}')?))) {
        url.replace_range(start..=start + length, "*");
    }
}

/// The base paths of the servers of a document as a whole, their variables at their defaults.
pub(crate) fn default_paths(document: &Document) -> Vec<String> {
    of(document.root()).filter_map(default_url).map(|url| path(&url).to_owned()).collect()
}

fn default_url(server: &Value) -> Option<String> {
    let url = server.get("url")?.as_str()?.to_owned();
    Some(variables(server).fold(url, |url, (name, variable)| {
        url.replace(&mark(name), variable.get("default").and_then(Value::as_str).unwrap_or_default())
    }))
}

fn variables(server: &Value) -> impl Iterator<Item = (&String, &Value)> {
    server.get("variables").and_then(Value::as_object).into_iter().flatten()
}

/// How a variable stands in a URL.
fn mark(name: &str) -> String {
    format!("{{{name}}}")
}

/// The path of a URL, which may be one without a host.
fn path(url: &str) -> &str {
    Pieces::of(url).map_or_else(|| url.split(['?', '#']).next().unwrap_or_default(), |pieces| pieces.path)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    #[test]
    fn servers_have_paths_by_their_urls() {
        let text = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\nservers:\n  - url: https://a.example/v1/\n  \
                    - url: 'https://{region}.example/{base}/x?y#z'\n    variables: {region: {default: eu}, base: {default: api/v2}}\n  \
                    - url: /v1\n  - url: https://b.example\n  - {}\n";
        let document = Document::parse("s.yaml", text).unwrap();
        assert_eq!(default_paths(&document), ["/v1/", "/api/v2/x", "/v1", "/"]);
    }
}
