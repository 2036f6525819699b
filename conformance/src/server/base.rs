//! The paths that a document's paths stand below.

use obkit_codegen::Document;
use serde_json::Value;

/// A base path with a slash before it and none behind it; none for the root.
pub(crate) fn normalized(path: &str) -> Option<String> {
    let path = path.trim_matches('/');
    (!path.is_empty()).then(|| format!("/{path}"))
}

/// The paths of the servers of a document, their variables at their defaults, the longest first.
///
/// Where one of them is the root, nothing is required of a path.
pub(crate) fn of_servers(document: &Document) -> Vec<String> {
    let servers = document.at("/servers").and_then(Value::as_array).into_iter().flatten();
    let mut paths: Vec<String> = servers.filter_map(|server| normalized(&path(&url(server)?))).collect();
    paths.sort_by_key(|path| std::cmp::Reverse(path.len()));
    paths.dedup();
    paths
}

fn url(server: &Value) -> Option<String> {
    let mut url = server.get("url")?.as_str()?.to_owned();
    for (name, variable) in server.get("variables").and_then(Value::as_object).into_iter().flatten() {
        let default = variable.get("default").and_then(Value::as_str).unwrap_or_default();
        url = url.replace(&format!("{{{name}}}"), default);
    }
    Some(url)
}

/// The path of a URL, which may be one without a host.
fn path(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    match url.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map(|(_, path)| path.to_owned()).unwrap_or_default(),
        None => url.to_owned(),
    }
}

/// Takes a base path from the front of a path; false when there are some, and the path is below none of them.
pub(crate) fn enter(bases: &[String], path: &mut String) -> bool {
    if bases.is_empty() || path == "*" {
        return true;
    }
    let rest = bases.iter().find_map(|base| path.strip_prefix(base.as_str()).filter(|rest| is_path(rest)));
    let Some(rest) = rest else { return false };
    *path = if rest.is_empty() { "/".to_owned() } else { rest.to_owned() };
    true
}

fn is_path(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('/')
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
        assert_eq!(of_servers(&document), ["/api/v2/x", "/v1"]);
    }

    #[test]
    fn a_base_path_ends_where_a_segment_ends() {
        let bases = vec!["/v1/x".to_owned(), "/v1".to_owned()];
        let entered = |path: &str| {
            let mut path = path.to_owned();
            enter(&bases, &mut path).then_some(path)
        };
        assert_eq!(entered("/v1/x/a").as_deref(), Some("/a"));
        assert_eq!(entered("/v1/a").as_deref(), Some("/a"));
        assert_eq!(entered("/v1").as_deref(), Some("/"));
        assert_eq!(entered("/v10/a"), None);
        assert_eq!(entered("/a"), None);
    }
}
