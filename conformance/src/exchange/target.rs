//! Which server of a document a URL is of.

use obkit_codegen::Document;
use serde_json::Value;

use crate::checks;
use crate::contract::Contract;
use crate::finding::Finding;

/// Where a request goes, seen from the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The path below the server, percent-encoded: what the document's paths are compared with.
    pub path: String,
    /// The query, without the `?`.
    pub query: Option<String>,
    /// What is wrong with the server: the document does not declare it.
    pub finding: Option<Finding>,
}

impl Target {
    /// Finds the server that a URL is of, and what is below it. Where none is, the path is what stands below the longest base path of any.
    ///
    /// A document that declares no server may be served anywhere. Servers of paths and operations count as well as those of the document. The host
    /// is not told: it may be a customer's.
    #[must_use]
    pub fn of(contract: &Contract, url: &str) -> Self {
        let url = url.split('#').next().unwrap_or_default();
        let (address, query) =
            url.split_once('?').map_or((url, None), |(address, query)| (address, Some(query.to_owned())));
        let address = normalized(address);
        let servers = servers(contract.document());
        let own = servers.iter().filter_map(|server| server.rest(&address));
        if let Some(rest) = own.min_by_key(|rest| rest.len()) {
            return Self { path: rooted(rest), query, finding: None };
        }
        let path = path(&address);
        let below = servers.iter().filter_map(|server| server.below(path));
        let path = rooted(below.min_by_key(|rest| rest.len()).unwrap_or(path));
        let finding = (!servers.is_empty()).then(|| {
            let finding = Finding::new(checks::RT003, "the server is none of those that the document declares");
            finding.provider(contract.provider()).at(contract.document(), "/servers")
        });
        Self { path, query, finding }
    }
}

fn rooted(path: &str) -> String {
    if path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
}

/// A URL whose scheme and host are in small letters, and whose port is left out where it is the scheme's own (RFC 3986, section 6.2).
fn normalized(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let (scheme, authority) = (scheme.to_ascii_lowercase(), authority.to_ascii_lowercase());
    let own = if scheme == "https" { ":443" } else { ":80" };
    format!("{scheme}://{}{path}", authority.strip_suffix(own).unwrap_or(&authority))
}

/// The path of an address, which may be one without a host.
fn path(address: &str) -> &str {
    match address.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |at| &rest[at..]),
        None => address,
    }
}

/// A server that a document declares.
struct Server<'d> {
    url: String,
    variables: Option<&'d Value>,
}

/// The servers of a document, of its paths and of its operations.
fn servers(document: &Document) -> Vec<Server<'_>> {
    let paths = document.at("/paths").and_then(Value::as_object).into_iter().flatten().map(|(_, item)| item);
    let within = paths.flat_map(|item| {
        let operations = item.as_object().into_iter().flatten().map(|(_, operation)| operation);
        std::iter::once(item).chain(operations.filter(|operation| operation.is_object()))
    });
    let holders = std::iter::once(document.root()).chain(within);
    let listed = holders.filter_map(|holder| holder.get("servers")?.as_array()).flatten();
    let server = |server: &'_ Value| server.get("url")?.as_str().map(|url| normalized(url.trim_end_matches('/')));
    listed.filter_map(|value| Some(Server { url: server(value)?, variables: value.get("variables") })).collect()
}

impl Server<'_> {
    /// What stands below the server in a URL; none when the URL is of another server.
    fn rest<'a>(&self, address: &'a str) -> Option<&'a str> {
        // A server without a host is the one that serves the document, wherever that is.
        let address = if self.url.contains("://") { address } else { path(address) };
        self.strip(&self.url, address)
    }

    /// What stands below the server's path in a path.
    fn below<'a>(&self, address: &'a str) -> Option<&'a str> {
        self.strip(path(&self.url), address)
    }

    /// Takes a template from the front of a text; the template ends where a segment does.
    fn strip<'a>(&self, template: &str, text: &'a str) -> Option<&'a str> {
        let Some((literal, (name, template))) =
            template.split_once('{').and_then(|(l, r)| Some((l, r.split_once('}')?)))
        else {
            return text.strip_prefix(template).filter(|rest| rest.is_empty() || rest.starts_with('/'));
        };
        let text = text.strip_prefix(literal)?;
        self.values(name, text).into_iter().find_map(|value| self.strip(template, text.strip_prefix(value.as_str())?))
    }

    /// What may stand for a variable at the front of a text: the listed values and the default, or any part of a segment where none are listed.
    fn values(&self, name: &str, text: &str) -> Vec<String> {
        let variable = self.variables.and_then(|variables| variables.get(name));
        let listed = variable.and_then(|variable| variable.get("enum")?.as_array());
        let default = variable.and_then(|variable| variable.get("default")?.as_str()).map(str::to_owned);
        let Some(listed) = listed else {
            let end = text.find(['/', '?']).unwrap_or(text.len());
            let ends = (1..=end).rev().filter(|at| text.is_char_boundary(*at));
            return default.into_iter().chain(ends.map(|at| text[..at].to_owned())).collect();
        };
        listed.iter().filter_map(Value::as_str).map(str::to_owned).chain(default).collect()
    }
}
