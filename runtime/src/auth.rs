//! How a client proves who it is.

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

    /// These credentials and others besides, for a provider that asks for a gateway's key and a token. Where both
    /// write the same header, the other's counts.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(Scheme::Both(Box::new((self.0, other.0))))
    }

    /// Puts the credentials into the request, in place of what its headers of the same names held.
    ///
    /// # Errors
    ///
    /// When a credential cannot be written as a header. The request is then unchanged.
    pub fn apply(&self, request: &mut reqwest::Request) -> Result<(), AuthError> {
        for (name, value) in self.render()? {
            request.headers_mut().insert(name, value);
        }
        Ok(())
    }

    /// The headers of these credentials, each marked sensitive.
    pub(crate) fn render(&self) -> Result<Vec<(HeaderName, HeaderValue)>, AuthError> {
        self.0.render()
    }
}

impl Scheme {
    fn render(&self) -> Result<Vec<(HeaderName, HeaderValue)>, AuthError> {
        match self {
            Scheme::None => Ok(Vec::new()),
            Scheme::Basic { user, .. } if user.contains(':') => Err(AuthError::ColonInUser),
            Scheme::Basic { user, password } => {
                let pair = SecretString::from(format!("{user}:{}", password.expose_secret()));
                authorization("Basic", &STANDARD.encode(pair.expose_secret()).into())
            }
            Scheme::Bearer(token) => authorization("Bearer", token),
            Scheme::Headers(headers) => {
                headers.iter().map(|(name, secret)| Ok((name.clone(), secret_header(name, secret)?))).collect()
            }
            Scheme::Both(both) => {
                let mut headers = both.0.render()?;
                headers.append(&mut both.1.render()?);
                Ok(headers)
            }
        }
    }
}

fn authorization(scheme: &str, credentials: &SecretString) -> Result<Vec<(HeaderName, HeaderValue)>, AuthError> {
    let text = SecretString::from(format!("{scheme} {}", credentials.expose_secret()));
    Ok(vec![(AUTHORIZATION, secret_header(&AUTHORIZATION, &text)?)])
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
            Scheme::Headers(headers) => {
                f.write_str("Auth::Headers")?;
                f.debug_map().entries(headers.iter().map(|(name, _)| (name, "[redacted]"))).finish()
            }
            Scheme::Both(both) => write!(f, "{:?} and {:?}", both.0, both.1),
        }
    }
}

/// A credential cannot be sent. Never shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthError {
    /// A user name of HTTP Basic holds a colon, which would end it (RFC 7617, section 2).
    ColonInUser,
    /// The credential for this header holds a character that a header cannot carry, such as a line break.
    InvalidHeader(HeaderName),
}

impl fmt::Display for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ColonInUser => f.write_str("the user name for HTTP Basic holds a colon"),
            Self::InvalidHeader(name) => {
                write!(f, "the credential for the header {name} holds a character that a header cannot carry")
            }
        }
    }
}

impl std::error::Error for AuthError {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

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
            Auth::headers([(HeaderName::from_static("x-api-key"), "s3cret\r\nx: y".into())]),
        ] {
            let error = auth.apply(&mut request()).unwrap_err();
            assert!(!format!("{error} {error:?} {auth:?}").contains("s3cret"));
        }
    }
}
