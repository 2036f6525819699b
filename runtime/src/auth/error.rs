//! Why credentials cannot be sent.

use std::fmt;

use reqwest::header::HeaderName;

use crate::TokenError;

/// A credential cannot be sent. Never shows it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum AuthError {
    /// A user name of HTTP Basic holds a colon, which would end it (RFC 7617, section 2).
    ColonInUser,
    /// The credential for this header holds a character that a header cannot carry, such as a line break.
    InvalidHeader(HeaderName),
    /// The credential of this name, or the name itself, holds a character that a cookie cannot carry (RFC 6265,
    /// section 4.1.1).
    InvalidCookie(String),
    /// The address is `http`, and not on this machine: everybody on the way could read the credentials (RFC 7617, section 4;
    /// RFC 6750, section 5.3).
    NoTls,
    /// There is no token.
    Token(TokenError),
}

impl AuthError {
    /// Whether another attempt may have credentials.
    pub(crate) fn is_retryable(&self) -> bool {
        matches!(self, Self::Token(error) if error.is_retryable())
    }
}

impl fmt::Display for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ColonInUser => f.write_str("the user name for HTTP Basic holds a colon"),
            Self::InvalidHeader(name) => {
                write!(
                    f,
                    "the credential for the header {name} holds a character that a header cannot carry, such as a line break"
                )
            }
            Self::InvalidCookie(name) => {
                write!(f, "the credential for the cookie {name} holds a character that a cookie cannot carry")
            }
            Self::NoTls => f.write_str("credentials are not sent by http to another machine; use https"),
            Self::Token(error) => write!(f, "no token: {error}"),
        }
    }
}

impl std::error::Error for AuthError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Token(error) => Some(error),
            _ => None,
        }
    }
}
