//! One exchange, whatever it was recorded as.

use super::bad::Unreadable;
use crate::exchange::{Request, Response};

/// A request, where it went, and what was answered.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The host, in lower case; of a URL that is neither `http` nor `https`, its scheme.
    pub host: String,
    /// The port, where the URL says one.
    pub port: Option<u16>,
    /// The request; its path is the whole one, as it stands in the URL.
    pub request: Request,
    /// Whether its body is known.
    pub request_body: Recorded,
    /// The answer; none where none came.
    pub response: Option<Response>,
    /// Whether its body is known.
    pub response_body: Recorded,
}

/// Whether a body is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// It is; an empty one was empty.
    Whole,
    /// It was not recorded.
    Missing,
    /// Not to its end.
    Cut,
    /// In a coding that is not undone here, such as `br`.
    Coded,
}

impl Recorded {
    /// What the findings call it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Missing => "missing",
            Self::Cut => "cut",
            Self::Coded => "coded",
        }
    }
}

/// A URL in its pieces, none of which is changed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pieces<'u> {
    pub(super) host: String,
    pub(super) port: Option<u16>,
    pub(super) path: &'u str,
    pub(super) query: Option<&'u str>,
}

impl<'u> Pieces<'u> {
    pub(super) fn of(url: &'u str) -> Result<Self, Unreadable> {
        let wrong = || Unreadable::new("its URL is none");
        let (scheme, rest) = url.split_once(':').filter(|(scheme, _)| !scheme.is_empty()).ok_or_else(wrong)?;
        let is_http = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
        if !is_http {
            let host = format!("{}:", scheme.to_ascii_lowercase().chars().take(40).collect::<String>());
            return Ok(Self { host, port: None, path: "/", query: None });
        }
        let rest = rest.strip_prefix("//").ok_or_else(wrong)?;
        let rest = rest.split_once('#').map_or(rest, |(rest, _)| rest);
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at(end);
        let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
        let authority = authority.rsplit_once('@').map_or(authority, |(_, authority)| authority);
        let (host, port) = match authority.rsplit_once(':') {
            // Not the colons of an address of version 6.
            Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
            _ => (authority, None),
        };
        let port = port.filter(|port| !port.is_empty()).map(str::parse).transpose().map_err(|_| wrong())?;
        if host.is_empty() {
            return Err(wrong());
        }
        Ok(Self { host: host.to_ascii_lowercase(), port, path: if path.is_empty() { "/" } else { path }, query })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    #[test]
    fn a_url_is_taken_apart_and_not_changed() {
        let pieces = |url| Pieces::of(url).map(|Pieces { host, port, path, query }| (host, port, path, query)).unwrap();
        let path = "/A/%2e%2E//b'c";
        assert_eq!(
            pieces("HTTPS://u:p@API.example:8443/A/%2e%2E//b'c?d=%zz&?#f?g"),
            ("api.example".to_owned(), Some(8443), path, Some("d=%zz&?"))
        );
        assert_eq!(pieces("http://[::1]:80?x"), ("[::1]".to_owned(), Some(80), "/", Some("x")));
        assert_eq!(pieces("http://[::1]"), ("[::1]".to_owned(), None, "/", None));
        assert_eq!(pieces("data:text/html,x"), ("data:".to_owned(), None, "/", None));
        for url in ["", "/a", "http:/a", "http:///a", "http://a:x/", "http://a:99999/"] {
            assert!(Pieces::of(url).is_err(), "{url}");
        }
    }
}
