//! Which server is probed.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;

/// The server: nothing is sent to any other.
#[derive(Clone, Debug)]
pub struct Target {
    base: String,
    url: Url,
}

/// Why a server is not probed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetError {
    /// It is no URL of a server.
    Malformed(String),
    /// It is none of this machine, and was not allowed.
    Foreign(String),
}

impl fmt::Display for TargetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(why) => {
                write!(f, "the base URL cannot be used: {why}\n  help: give one such as http://127.0.0.1:8080/v1")
            }
            Self::Foreign(host) => write!(
                f,
                "the host {host} is not this machine\n  help: a probe creates, changes and deletes, and can make payments; if \
                 that is meant, allow it with `--allow-host {host}`"
            ),
        }
    }
}

impl std::error::Error for TargetError {}

impl Target {
    /// Takes a base URL, as the document's `servers` have it. A host other than this machine has to be allowed by its name:
    /// what is probed is created, changed and deleted, and paid.
    ///
    /// # Errors
    /// It is no `http` or `https` URL, holds credentials, a query or a fragment, or its host is not allowed.
    pub fn new(base: &str, allowed: &[String]) -> Result<Self, TargetError> {
        let malformed = |why: &str| TargetError::Malformed(why.to_owned());
        let url = Url::parse(base).map_err(|error| malformed(&error.to_string()))?;
        let host = url.host_str().ok_or_else(|| malformed("it has no host"))?.to_owned();
        if !matches!(url.scheme(), "http" | "https") {
            return Err(malformed("it is neither http nor https"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(malformed("credentials do not belong into a URL"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(malformed("a query or a fragment stands in it"));
        }
        let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        let own = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
        if !own && !allowed.iter().any(|allowed| allowed.eq_ignore_ascii_case(&host)) {
            return Err(TargetError::Foreign(host));
        }
        Ok(Self { base: url.as_str().trim_end_matches('/').to_owned(), url })
    }

    /// The base URL, without a slash at its end.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// What is said of a server that is not there.
    pub(super) fn silent(&self) -> String {
        format!(
            "{} does not answer\n  help: start the server, and check the base URL; give a slow one more time by `--timeout`",
            self.base
        )
    }

    /// The URL of a path below the base; none when it would lead elsewhere, or when what is sent would not be the path
    /// (`.` and `..` are resolved before).
    pub(crate) fn url(&self, path: &str, query: Option<&str>) -> Option<Url> {
        let text = match query {
            Some(query) => format!("{}{path}?{query}", self.base),
            None => format!("{}{path}", self.base),
        };
        let url = Url::parse(&text).ok()?;
        let same = url.scheme() == self.url.scheme()
            && url.host() == self.url.host()
            && url.port_or_known_default() == self.url.port_or_known_default();
        let whole = format!("{}{path}", self.url.path().trim_end_matches('/'));
        (same && url.path() == whole && url.username().is_empty() && url.password().is_none()).then_some(url)
    }
}
