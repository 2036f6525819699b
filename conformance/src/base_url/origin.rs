//! URLs in their pieces, none of which is changed.

/// Who a request is for (RFC 9110, section 4.3.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The scheme.
    pub scheme: Scheme,
    /// The host, in lower case; of a URL whose scheme is none of HTTP, that scheme and a colon.
    pub host: String,
    /// The port: that of the scheme, where the URL says none.
    pub port: Option<u16>,
}

/// The scheme of a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// `http`.
    Http,
    /// `https`.
    Https,
    /// `ws`, whose connections begin with a request of HTTP (RFC 6455).
    Ws,
    /// `wss`.
    Wss,
    /// None that requests of HTTP are sent by, such as `data`.
    Other,
}

impl Scheme {
    /// Those of HTTP, with their names and the ports that belong to them (RFC 9110, section 4.2; RFC 6455, section 3).
    pub(super) const OF_HTTP: [(&'static str, Self, u16); 4] =
        [("http", Self::Http, 80), ("https", Self::Https, 443), ("ws", Self::Ws, 80), ("wss", Self::Wss, 443)];
}

/// The pieces of a URL as they stand in it. A URL that is none of HTTP has a scheme only.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pieces<'u> {
    pub(super) scheme: &'u str,
    pub(super) host: &'u str,
    pub(super) port: Option<&'u str>,
    pub(super) path: &'u str,
    pub(super) query: Option<&'u str>,
}

impl<'u> Pieces<'u> {
    /// None where there is no scheme, as in a path.
    pub(super) fn of(url: &'u str) -> Option<Self> {
        let (scheme, rest) = url.split_once(':').filter(|(scheme, _)| is_scheme(scheme))?;
        let rest = rest.split_once('#').map_or(rest, |(rest, _)| rest);
        let Some(rest) = rest.strip_prefix("//") else {
            return Some(Self { scheme, host: "", port: None, path: "/", query: None });
        };
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at(end);
        let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
        let authority = authority.rsplit_once('@').map_or(authority, |(_, authority)| authority);
        let (host, port) = match authority.rsplit_once(':') {
            // Not the colons of an address of version 6.
            Some((host, port)) if !port.ends_with(']') => (host, Some(port).filter(|port| !port.is_empty())),
            _ => (authority, None),
        };
        Some(Self { scheme, host, port, path: if path.is_empty() { "/" } else { path }, query })
    }
}

/// RFC 3986, section 3.1; `*` stands where a variable does.
fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '*')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.*".contains(&byte))
}

/// Where a request goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Url<'u> {
    pub(crate) origin: Origin,
    /// As it stands in the URL; of one that is none of HTTP, the root.
    pub(crate) path: &'u str,
    /// Without the `?`.
    pub(crate) query: Option<&'u str>,
}

impl<'u> Url<'u> {
    /// None where the text is no URL, or one without a host of a scheme that has hosts.
    pub(crate) fn of(url: &'u str) -> Option<Self> {
        let Pieces { scheme: name, host, port, path, query } = Pieces::of(url)?;
        let of_http = Scheme::OF_HTTP.into_iter().find(|(own, ..)| own.eq_ignore_ascii_case(name));
        let Some((_, scheme, own_port)) = of_http else {
            // No real one is longer.
            let host = format!("{}:", name.to_ascii_lowercase().chars().take(40).collect::<String>());
            let origin = Origin { scheme: Scheme::Other, host, port: None };
            return Some(Self { origin, path: "/", query: None });
        };
        if host.is_empty() {
            return None;
        }
        let port = port.map_or(Ok(own_port), str::parse).ok()?;
        Some(Self { origin: Origin { scheme, host: host.to_ascii_lowercase(), port: Some(port) }, path, query })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    #[test]
    fn a_url_is_taken_apart_and_not_changed() {
        let pieces = |url| {
            let Url { origin: Origin { scheme, host, port }, path, query } = Url::of(url).unwrap();
            (scheme, host, port, path, query)
        };
        let path = "/A/%2e%2E//b'c";
        assert_eq!(
            pieces("HTTPS://u:p@API.example:8443/A/%2e%2E//b'c?d=%zz&?#f?g"),
            (Scheme::Https, "api.example".to_owned(), Some(8443), path, Some("d=%zz&?"))
        );
        assert_eq!(pieces("http://[::1]:80?x"), (Scheme::Http, "[::1]".to_owned(), Some(80), "/", Some("x")));
        assert_eq!(pieces("wss://[::1]:"), (Scheme::Wss, "[::1]".to_owned(), Some(443), "/", None));
        assert_eq!(pieces("data:text/html,x"), (Scheme::Other, "data:".to_owned(), None, "/", None));
        for url in ["", "/a", "/a://b", "http:/a", "http:///a", "http://a:x/", "http://a:99999/"] {
            assert_eq!(Url::of(url), None, "{url}");
        }
    }
}
