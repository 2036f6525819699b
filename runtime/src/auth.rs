//! How a client proves who it is.

use std::fmt;

use reqwest::header::HeaderName;
use secrecy::SecretString;

use crate::Tokens;

mod error;
mod keys;
mod render;
#[cfg(test)]
mod tests;

pub use error::AuthError;
pub(crate) use render::InUse;

/// The credentials that every attempt of every call carries.
///
/// They go to the server that the client was made for and to no other: an operation that the document places at another
/// host has those of [`TransportBuilder::auth_for`](crate::TransportBuilder::auth_for), or none.
///
/// ```
/// use obkit_runtime::Auth;
///
/// let auth = Auth::basic("application-id", "application-secret");
/// assert_eq!(format!("{auth:?}"), "Auth::Basic([redacted])");
/// ```
#[derive(Clone, Default)]
pub struct Auth(Vec<Scheme>);

#[derive(Clone)]
enum Scheme {
    Basic { user: String, password: SecretString },
    Bearer(SecretString),
    Headers(Vec<(HeaderName, SecretString)>),
    Query(Vec<(String, SecretString)>),
    Cookies(Vec<(String, SecretString)>),
    Tokens { place: Place, tokens: Tokens },
}

/// Where a token stands.
#[derive(Clone)]
enum Place {
    Bearer,
    Header(HeaderName),
}

impl Auth {
    /// No credentials: for public operations, and for a proxy that adds them.
    #[must_use]
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// HTTP Basic (RFC 7617): an application's id and secret.
    pub fn basic(user: impl Into<String>, password: impl Into<SecretString>) -> Self {
        Self(vec![Scheme::Basic { user: user.into(), password: password.into() }])
    }

    /// A bearer token (RFC 6750) that the caller obtained and keeps fresh.
    pub fn bearer(token: impl Into<SecretString>) -> Self {
        Self(vec![Scheme::Bearer(token.into())])
    }

    /// Keys in headers, such as `x-api-key`.
    pub fn headers(headers: impl IntoIterator<Item = (HeaderName, SecretString)>) -> Self {
        Self(vec![Scheme::Headers(headers.into_iter().collect())])
    }

    /// Keys in the query, such as `?key=`. They are part of the URL, which nothing of this crate shows.
    pub fn query<N: Into<String>>(keys: impl IntoIterator<Item = (N, SecretString)>) -> Self {
        Self(vec![Scheme::Query(keys.into_iter().map(|(name, key)| (name.into(), key)).collect())])
    }

    /// Keys in cookies, beside those that a call sets.
    pub fn cookie<N: Into<String>>(keys: impl IntoIterator<Item = (N, SecretString)>) -> Self {
        Self(vec![Scheme::Cookies(keys.into_iter().map(|(name, key)| (name.into(), key)).collect())])
    }

    /// Bearer tokens (RFC 6750) that are fetched, kept and replaced.
    #[must_use]
    pub fn tokens(tokens: Tokens) -> Self {
        Self(vec![Scheme::Tokens { place: Place::Bearer, tokens }])
    }

    /// Keys in a header such as `x-api-key` that are fetched, kept and replaced.
    #[must_use]
    pub fn key_from(header: HeaderName, keys: Tokens) -> Self {
        Self(vec![Scheme::Tokens { place: Place::Header(header), tokens: keys }])
    }

    /// These credentials and others besides, for a provider that asks for a gateway's key and a token. Where both
    /// write the same header, the other's counts.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }
}

impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut joint = "";
        for scheme in &self.0 {
            write!(f, "{joint}{scheme:?}")?;
            joint = " and ";
        }
        if joint.is_empty() { f.write_str("Auth::None") } else { Ok(()) }
    }
}

impl fmt::Debug for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scheme::Basic { .. } => f.write_str("Auth::Basic([redacted])"),
            Scheme::Bearer(_) => f.write_str("Auth::Bearer([redacted])"),
            Scheme::Headers(headers) => redacted(f, "Auth::Headers", headers),
            Scheme::Query(keys) => redacted(f, "Auth::Query", keys),
            Scheme::Cookies(keys) => redacted(f, "Auth::Cookie", keys),
            Scheme::Tokens { place: Place::Bearer, tokens } => write!(f, "Auth::Bearer({tokens:?})"),
            Scheme::Tokens { place: Place::Header(name), tokens } => write!(f, "Auth::Headers{{{name:?}: {tokens:?}}}"),
        }
    }
}

/// The names of keys.
fn redacted<N: fmt::Debug>(f: &mut fmt::Formatter<'_>, words: &str, keys: &[(N, SecretString)]) -> fmt::Result {
    f.write_str(words)?;
    f.debug_map().entries(keys.iter().map(|(name, _)| (name, "[redacted]"))).finish()
}
