//! How a client proves who it is.

mod keys;

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

/// The credentials that every attempt of every call carries.
///
/// ```
/// use obkit_runtime::Auth;
///
/// let auth = Auth::basic("application-id", "application-secret");
/// assert_eq!(format!("{auth:?}"), "Auth::Basic([redacted])");
/// ```
#[derive(Clone, Default)]
pub struct Auth(Scheme);

#[derive(Clone, Default)]
enum Scheme {
    #[default]
    None,
    Basic {
        user: String,
        password: SecretString,
    },
    Bearer(SecretString),
    Headers(Vec<(HeaderName, SecretString)>),
    Query(Vec<(String, SecretString)>),
    Cookies(Vec<(String, SecretString)>),
    Both(Box<(Scheme, Scheme)>),
}

impl Auth {
    /// No credentials: for public operations, and for a proxy that adds them.
    #[must_use]
    pub const fn none() -> Self {
        Self(Scheme::None)
    }

    /// HTTP Basic (RFC 7617): an application's id and secret.
    pub fn basic(user: impl Into<String>, password: impl Into<SecretString>) -> Self {
        Self(Scheme::Basic { user: user.into(), password: password.into() })
    }

    /// A bearer token (RFC 6750) that the caller obtained and keeps fresh.
    pub fn bearer(token: impl Into<SecretString>) -> Self {
        Self(Scheme::Bearer(token.into()))
    }

    /// Keys in headers, such as `x-api-key`.
    pub fn headers(headers: impl IntoIterator<Item = (HeaderName, SecretString)>) -> Self {
        Self(Scheme::Headers(headers.into_iter().collect()))
    }

    /// Keys in the query, such as `?key=`. They are part of the URL, which nothing of this crate shows.
    pub fn query<N: Into<String>>(keys: impl IntoIterator<Item = (N, SecretString)>) -> Self {
        Self(Scheme::Query(keys.into_iter().map(|(name, key)| (name.into(), key)).collect()))
    }

    /// Keys in cookies, beside those that a call sets.
    pub fn cookie<N: Into<String>>(keys: impl IntoIterator<Item = (N, SecretString)>) -> Self {
        Self(Scheme::Cookies(keys.into_iter().map(|(name, key)| (name.into(), key)).collect()))
    }

    /// These credentials and others besides, for a provider that asks for a gateway's key and a token. Where both
    /// write the same header, the other's counts.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(Scheme::Both(Box::new((self.0, other.0))))
    }

    /// Puts the credentials into the request, in place of what its headers, query and cookies of the same names held.
    ///
    /// # Errors
    ///
    /// When a credential cannot be written as a header or a cookie. The request is then unchanged.
    pub fn apply(&self, request: &mut reqwest::Request) -> Result<(), AuthError> {
        let rendered = self.render()?;
        for (name, value) in rendered.headers {
            request.headers_mut().insert(name, value);
        }
        keys::replace_in_query(request, &rendered.query);
        keys::replace_cookies(request, &rendered.cookies);
        Ok(())
    }

    /// What these credentials become, each header marked sensitive.
    pub(crate) fn render(&self) -> Result<Rendered, AuthError> {
        self.0.render()
    }
}

/// Credentials as they are sent.
#[derive(Default)]
pub(crate) struct Rendered {
    headers: Vec<(HeaderName, HeaderValue)>,
    query: Vec<(String, SecretString)>,
    cookies: Vec<(String, SecretString)>,
}

impl Scheme {
    fn render(&self) -> Result<Rendered, AuthError> {
        match self {
            Scheme::None => Ok(Rendered::default()),
            Scheme::Basic { user, .. } if user.contains(':') => Err(AuthError::ColonInUser),
            Scheme::Basic { user, password } => {
                let pair = SecretString::from(format!("{user}:{}", password.expose_secret()));
                authorization("Basic", &STANDARD.encode(pair.expose_secret()).into())
            }
            Scheme::Bearer(token) => authorization("Bearer", token),
            Scheme::Headers(headers) => {
                let headers = headers.iter().map(|(name, secret)| Ok((name.clone(), secret_header(name, secret)?)));
                Ok(Rendered { headers: headers.collect::<Result<_, _>>()?, ..Rendered::default() })
            }
            Scheme::Query(keys) => Ok(Rendered { query: keys.clone(), ..Rendered::default() }),
            Scheme::Cookies(keys) => match keys.iter().find(|(name, key)| !keys::is_cookie(name, key)) {
                Some((name, _)) => Err(AuthError::InvalidCookie(name.clone())),
                None => Ok(Rendered { cookies: keys.clone(), ..Rendered::default() }),
            },
            Scheme::Both(both) => {
                let (mut rendered, other) = (both.0.render()?, both.1.render()?);
                rendered.headers.extend(other.headers);
                rendered.query.extend(other.query);
                rendered.cookies.extend(other.cookies);
                Ok(rendered)
            }
        }
    }
}

fn authorization(scheme: &str, credentials: &SecretString) -> Result<Rendered, AuthError> {
    let text = SecretString::from(format!("{scheme} {}", credentials.expose_secret()));
    Ok(Rendered { headers: vec![(AUTHORIZATION, secret_header(&AUTHORIZATION, &text)?)], ..Rendered::default() })
}

fn secret_header(name: &HeaderName, secret: &SecretString) -> Result<HeaderValue, AuthError> {
    let mut value =
        HeaderValue::from_str(secret.expose_secret()).map_err(|_| AuthError::InvalidHeader(name.clone()))?;
    value.set_sensitive(true);
    Ok(value)
}

impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Debug for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scheme::None => f.write_str("Auth::None"),
            Scheme::Basic { .. } => f.write_str("Auth::Basic([redacted])"),
            Scheme::Bearer(_) => f.write_str("Auth::Bearer([redacted])"),
            Scheme::Headers(headers) => redacted(f, "Auth::Headers", headers),
            Scheme::Query(keys) => redacted(f, "Auth::Query", keys),
            Scheme::Cookies(keys) => redacted(f, "Auth::Cookie", keys),
            Scheme::Both(both) => write!(f, "{:?} and {:?}", both.0, both.1),
        }
    }
}

/// The names of keys.
fn redacted<N: fmt::Debug>(f: &mut fmt::Formatter<'_>, words: &str, keys: &[(N, SecretString)]) -> fmt::Result {
    f.write_str(words)?;
    f.debug_map().entries(keys.iter().map(|(name, _)| (name, "[redacted]"))).finish()
}

/// A credential cannot be sent. Never shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthError {
    /// A user name of HTTP Basic holds a colon, which would end it (RFC 7617, section 2).
    ColonInUser,
    /// The credential for this header holds a character that a header cannot carry, such as a line break.
    InvalidHeader(HeaderName),
    /// The credential of this name, or the name itself, holds a character that a cookie cannot carry (RFC 6265,
    /// section 4.1.1).
    InvalidCookie(String),
}

impl fmt::Display for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ColonInUser => f.write_str("the user name for HTTP Basic holds a colon"),
            Self::InvalidHeader(name) => {
                write!(f, "the credential for the header {name} holds a character that a header cannot carry")
            }
            Self::InvalidCookie(name) => {
                write!(f, "the credential for the cookie {name} holds a character that a cookie cannot carry")
            }
        }
    }
}

impl std::error::Error for AuthError {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use reqwest::header::COOKIE;

    use super::*;

    fn request() -> reqwest::Request {
        reqwest::Request::new(reqwest::Method::GET, "https://bank.example/".parse().unwrap())
    }

    #[test]
    fn writes_the_headers_of_each_scheme() {
        let key = HeaderName::from_static("x-api-key");
        for (auth, name, value) in [
            (Auth::basic("Aladdin", "open sesame"), AUTHORIZATION, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
            (Auth::bearer("t0ken"), AUTHORIZATION, "Bearer t0ken"),
            (Auth::headers([(key.clone(), "k3y".into())]), key, "k3y"),
        ] {
            let mut request = request();
            auth.apply(&mut request).unwrap();
            auth.apply(&mut request).unwrap();
            let values: Vec<_> = request.headers().get_all(name).iter().collect();
            assert_eq!(values.len(), 1);
            assert_eq!(values[0], value);
            assert!(values[0].is_sensitive());
        }
    }

    #[test]
    fn credentials_stand_beside_each_other() {
        let key = HeaderName::from_static("x-api-key");
        let auth = Auth::headers([(key.clone(), "k3y".into())]).and(Auth::bearer("t0ken"));
        let mut request = request();
        auth.apply(&mut request).unwrap();
        assert_eq!(request.headers()[key], "k3y");
        assert_eq!(request.headers()[AUTHORIZATION], "Bearer t0ken");
        assert_eq!(format!("{auth:?}"), "Auth::Headers{\"x-api-key\": \"[redacted]\"} and Auth::Bearer([redacted])");
    }

    #[test]
    fn keys_stand_in_the_query_and_in_cookies_once() {
        let auth = Auth::query([("api key", "k&y".into())]).and(Auth::cookie([("session", "YQ==".into())]));
        let mut request = request();
        *request.url_mut() = "https://bank.example/?a=1&api+key=old&b=2".parse().unwrap();
        request.headers_mut().insert(COOKIE, HeaderValue::from_static("session=old; other=1"));
        auth.apply(&mut request).unwrap();
        auth.apply(&mut request).unwrap();
        assert_eq!(request.url().query(), Some("a=1&b=2&api%20key=k%26y"));
        assert_eq!(request.headers()[COOKIE], "other=1; session=YQ==");
        assert!(request.headers()[COOKIE].is_sensitive());
        let shown = r#"Auth::Query{"api key": "[redacted]"} and Auth::Cookie{"session": "[redacted]"}"#;
        assert_eq!(format!("{auth:?}"), shown);
    }

    #[test]
    fn none_leaves_the_request_alone() {
        let mut request = request();
        Auth::none().apply(&mut request).unwrap();
        assert!(request.headers().is_empty());
    }

    #[test]
    fn refuses_what_cannot_be_sent_without_showing_it() {
        for auth in [
            Auth::basic("a:b", "s3cret"),
            Auth::bearer("s3cret\n"),
            Auth::cookie([("session", "s3cret; x=y".into())]),
            Auth::headers([(HeaderName::from_static("x-api-key"), "s3cret\r\nx: y".into())]),
        ] {
            let error = auth.apply(&mut request()).unwrap_err();
            assert!(!format!("{error} {error:?} {auth:?}").contains("s3cret"));
        }
    }
}
