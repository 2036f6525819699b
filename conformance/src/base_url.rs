//! Which requests a document speaks of: those below the base URLs of its servers.

mod origin;
mod servers;

use std::cmp::Reverse;
use std::collections::HashSet;
use std::fmt;

use obkit_codegen::Document;
use obkit_codegen::spec::Operation;

use self::origin::Pieces;
pub(crate) use self::origin::Url;
pub use self::origin::{Origin, Scheme};
use self::servers::Owner;
pub(crate) use self::servers::default_paths;
use crate::contract::Contract;
use crate::route::Matched;

/// Base URLs, below which the paths of a document stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrls {
    bases: Vec<Base>,
    /// The paths and operations that have servers of their own.
    owners: HashSet<Owner>,
}

/// `*` in its texts stands for one or more characters other than `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Base {
    /// Whose it is.
    owner: Owner,
    /// None is any that HTTP has.
    origin: Option<OriginPattern>,
    /// The segments of its path.
    path: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct OriginPattern {
    scheme: Scheme,
    host: String,
    /// None is any.
    port: Option<u16>,
}

/// A base URL that is none; why. It is not repeated: credentials may stand in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrlError(&'static str);

impl fmt::Display for BaseUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a base URL cannot be used: {}\n  help: give one such as https://api.bank.example/v1", self.0)
    }
}

impl std::error::Error for BaseUrlError {}

impl BaseUrls {
    /// The servers of a document: of the whole, and those of its paths and of its operations, which stand in the place of the former. With
    /// every listed value of their variables, and with any value where none is listed. Where one has no host, any host will do: it is the one
    /// that serves the document, wherever that is.
    #[must_use]
    pub fn of_servers(document: &Document) -> Self {
        let (mut bases, mut owners) = (Vec::new(), HashSet::new());
        for (owner, servers) in servers::all(document) {
            let own = servers.into_iter().flat_map(servers::urls).flat_map(|url| Base::of_url(&url));
            bases.extend(own.map(|base| Base { owner: owner.clone(), ..base }));
            owners.insert(owner);
        }
        // Where a document lists none it has one, `/` (OpenAPI 3.0.3, OpenAPI Object).
        if !owners.remove(&Owner::Document) {
            bases.push(Base::of_path("/"));
        }
        Self { owners, ..Self::new(bases) }
    }

    /// These base URLs and no others.
    ///
    /// # Errors
    /// One is no `http` or `https` URL, or has a query.
    pub fn of_urls<U: AsRef<str>>(urls: &[U]) -> Result<Self, BaseUrlError> {
        let bases = |url: &U| {
            let text = url.as_ref();
            let authority = text.split_once("://").map(|(_, rest)| rest.split('/').next().unwrap_or_default());
            if authority.is_some_and(|authority| authority.contains('@')) {
                return Err(BaseUrlError("credentials do not belong into a URL"));
            }
            let url = Url::of(text).ok_or(BaseUrlError("it is no URL of a server"))?;
            match url.origin.scheme {
                _ if url.query.is_some() => Err(BaseUrlError("a query stands in it")),
                Scheme::Http | Scheme::Https => Ok(Base::of_url(text)),
                _ => Err(BaseUrlError("it is neither http nor https")),
            }
        };
        let bases = urls.iter().map(bases).collect::<Result<Vec<_>, _>>()?;
        Ok(Self::new(bases.into_iter().flatten().collect()))
    }

    /// Any host, and these base paths; the root where there is none.
    pub(crate) fn of_paths(paths: &[String]) -> Self {
        let mut bases: Vec<Base> = paths.iter().map(|path| Base::of_path(path)).collect();
        if bases.is_empty() {
            bases.push(Base::of_path("/"));
        }
        Self::new(bases)
    }

    fn new(mut bases: Vec<Base>) -> Self {
        // Of several that fit, the one that says the most.
        bases.sort_by_key(|base| (Reverse(base.path.len()), base.origin.is_none()));
        bases.dedup();
        Self { bases, owners: HashSet::new() }
    }

    /// What of a path stands below a base; none where the request is for another server.
    fn enter<'p>(&self, origin: &Origin, path: &'p str) -> Option<&'p str> {
        self.entered(origin, path).map(|(_, rest)| rest).next()
    }

    /// What of the path of a request stands below a base that its operation has; none where the request is for another server. Where no operation
    /// has the path, any base will do.
    pub(crate) fn find<'p>(
        &self,
        contract: &Contract,
        method: &str,
        origin: &Origin,
        path: &'p str,
    ) -> Option<&'p str> {
        if self.owners.is_empty() {
            return self.enter(origin, path);
        }
        let operations = contract.spec().operations();
        let mut unknown = None;
        for (base, rest) in self.entered(origin, path) {
            match contract.routes().find(operations, method, rest) {
                Matched::Operation(index, _) if self.owner(&operations[index]) == base.owner => return Some(rest),
                Matched::Operation(..) => {}
                Matched::OtherMethod(_) | Matched::Nothing => unknown = unknown.or(Some(rest)),
            }
        }
        unknown
    }

    fn entered<'p>(&self, origin: &Origin, path: &'p str) -> impl Iterator<Item = (&Base, &'p str)> {
        self.bases.iter().filter(|base| base.is_of(origin)).filter_map(move |base| Some((base, base.enter(path)?)))
    }

    /// Whose servers an operation is served by.
    fn owner(&self, operation: &Operation) -> Owner {
        let path = operation.pointer.rsplit_once('/').map_or("", |(path, _)| path);
        let owners = [Owner::Operation(operation.pointer.clone()), Owner::Path(path.to_owned())];
        owners.into_iter().find(|owner| self.owners.contains(owner)).unwrap_or(Owner::Document)
    }

    /// The base URLs of a host, which another scheme, another port or another path may miss; `*` stands for anything.
    pub(crate) fn of_host(&self, host: &str) -> Vec<String> {
        let of_host = |base: &&Base| base.origin.as_ref().is_some_and(|own| fits(&own.host, host));
        self.bases.iter().filter(of_host).map(ToString::to_string).collect()
    }

    /// What of a path stands below the path of a base, whosever it is.
    pub(crate) fn enter_path<'p>(&self, path: &'p str) -> Option<&'p str> {
        self.bases.iter().find_map(|base| base.enter(path))
    }
}

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(OriginPattern { scheme, host, port }) = &self.origin {
            let known = Scheme::OF_HTTP.into_iter().find(|(_, own, _)| own == scheme);
            let (name, own_port) = known.map_or(("", None), |(name, _, port)| (name, Some(port)));
            write!(f, "{name}://{host}")?;
            match port {
                None => f.write_str(":*")?,
                Some(port) if own_port != Some(*port) => write!(f, ":{port}")?,
                Some(_) => {}
            }
        }
        self.path.iter().try_for_each(|segment| write!(f, "/{segment}"))
    }
}

impl Base {
    /// The base of a URL with or without a host; several where its scheme may be several, and none where HTTP has no such scheme.
    fn of_url(url: &str) -> Vec<Self> {
        let Some(Pieces { scheme, host, port, path, .. }) = Pieces::of(url) else { return vec![Self::of_path(url)] };
        let (scheme, host, path) = (scheme.to_ascii_lowercase(), host.to_ascii_lowercase(), segments(path));
        let schemes = Scheme::OF_HTTP.into_iter().filter(|(name, ..)| fits(&scheme, name));
        let base = |(_, scheme, own_port)| {
            let port = match port {
                None => Some(own_port),
                Some(port) if port.contains('*') => None,
                Some(port) => Some(port.parse().ok()?),
            };
            Some(Self {
                owner: Owner::Document,
                origin: Some(OriginPattern { scheme, host: host.clone(), port }),
                path: path.clone(),
            })
        };
        schemes.filter_map(base).collect()
    }

    /// Any host.
    fn of_path(path: &str) -> Self {
        Self { owner: Owner::Document, origin: None, path: segments(path.split(['?', '#']).next().unwrap_or_default()) }
    }

    fn is_of(&self, origin: &Origin) -> bool {
        let Some(own) = &self.origin else { return origin.scheme != Scheme::Other };
        own.scheme == origin.scheme
            && own.port.is_none_or(|port| origin.port == Some(port))
            && fits(&own.host, &origin.host)
    }

    fn enter<'p>(&self, path: &'p str) -> Option<&'p str> {
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

    fn entered(base_urls: &BaseUrls, url: &str) -> Option<String> {
        let Url { origin, path, .. } = Url::of(url).unwrap();
        base_urls.enter(&origin, path).map(str::to_owned)
    }

    #[test]
    fn servers_are_entered_with_their_variables_and_nothing_else_is() {
        let base_urls = BaseUrls::of_servers(&document(
            "servers: [{url: 'https://{env}.bank.example/{base}', variables: {env: {enum: [api, test], default: api}, base: {default: \
             'open/v1'}}}, {url: 'http://other.example:8080'}]",
        ));
        let entered = |url| entered(&base_urls, url);
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
            "https://other.example:8080/a",
            "https://api.bank.example.evil.example/v1/a",
            "https://files.example/ff/x",
            "data:x",
        ] {
            assert_eq!(entered(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn a_port_that_is_left_out_is_that_of_the_scheme() {
        for (server, own, foreign) in [
            ("https://h", &["https://h", "https://h:443"][..], &["https://h:80", "http://h", "http://h:443"][..]),
            ("http://h:80", &["http://h", "http://h:80"], &["http://h:443", "https://h", "https://h:80"]),
            ("http://h:443", &["http://h:443"], &["https://h", "http://h"]),
            ("wss://h", &["wss://h:443"], &["https://h", "ws://h"]),
            // Variables of which nothing is said.
            ("{scheme}://h", &["http://h", "https://h:443"], &["https://h:80", "data:x"]),
            ("https://h:{port}", &["https://h", "https://h:8443"], &["http://h:8443"]),
        ] {
            let base_urls = BaseUrls::of_servers(&document(&format!("servers: [{{url: '{server}'}}]")));
            for url in own {
                assert_eq!(entered(&base_urls, url).as_deref(), Some("/"), "{url} is of {server}");
            }
            for url in foreign {
                assert_eq!(entered(&base_urls, url), None, "{url} is not of {server}");
            }
        }
    }

    #[test]
    fn without_a_host_any_of_http_will_do() {
        let base_urls = BaseUrls::of_servers(&document("servers: [{url: /v1}]"));
        assert_eq!(entered(&base_urls, "http://anywhere/v1/a").as_deref(), Some("/a"));
        assert_eq!(entered(&base_urls, "https://anywhere:8443/v1/a").as_deref(), Some("/a"));
        assert_eq!(entered(&base_urls, "http://anywhere/v10/a"), None);
        let base_urls = BaseUrls::of_servers(&document(""));
        assert_eq!(entered(&base_urls, "http://anywhere/v10/a").as_deref(), Some("/v10/a"));
        assert_eq!(entered(&base_urls, "data:x"), None);
    }

    #[test]
    fn base_urls_are_whole() {
        let base_urls = BaseUrls::of_urls(&["http://127.0.0.1:4010/v1/"]).unwrap();
        assert_eq!(entered(&base_urls, "http://127.0.0.1:4010/v1/a").as_deref(), Some("/a"));
        assert_eq!(entered(&base_urls, "http://127.0.0.1:4011/v1/a"), None);
        for wrong in ["", "/v1", "ftp://a/", "wss://a/", "http://a/?x", "http://a:x/"] {
            assert!(BaseUrls::of_urls(&[wrong]).unwrap_err().to_string().contains("help: "), "{wrong}");
        }
    }

    #[test]
    fn a_base_path_ends_where_a_segment_ends() {
        let base_urls = BaseUrls::of_paths(&["/v1".to_owned(), "v1/x/".to_owned()]);
        assert_eq!(base_urls.enter_path("/v1/x/a"), Some("/a"));
        assert_eq!(base_urls.enter_path("/v1/a"), Some("/a"));
        assert_eq!(base_urls.enter_path("/v1"), Some("/"));
        assert_eq!(base_urls.enter_path("/v10/a"), None);
        assert_eq!(base_urls.enter_path("/a"), None);
        assert_eq!(BaseUrls::of_paths(&[]).enter_path("/v10/a"), Some("/v10/a"));
    }
}
