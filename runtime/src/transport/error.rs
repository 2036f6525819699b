//! Why there is no transport.

use std::fmt;

use crate::AuthError;

/// A transport cannot be built.
#[derive(Debug)]
#[non_exhaustive]
pub enum TransportError {
    /// The credentials cannot be sent.
    Auth(AuthError),
    /// The client's certificate and key cannot be read.
    Identity(reqwest::Error),
    /// There is no certificate among the authorities, or one cannot be read.
    RootCertificates,
    /// The proxy is no URL of a proxy.
    Proxy,
    /// The `User-Agent`, or the application's name before it, holds a character that a header cannot carry.
    UserAgent,
    /// There is an own HTTP client and also a setting of TLS or of the proxy, which it would not have.
    OwnClient,
    /// The HTTP client cannot be built: a key that is not that of its certificate, or no TLS.
    Http(reqwest::Error),
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Auth(error) => return write!(f, "the credentials cannot be sent: {error}"),
            Self::Identity(_) => "the client identity is no PEM text with a private key and a certificate",
            Self::RootCertificates => "the authorities are no PEM text with a certificate",
            Self::Proxy => "the proxy is no URL such as `http://proxy.example:3128`",
            Self::UserAgent => {
                "the user agent or the application's name holds a character that a header cannot carry, such as a line break"
            }
            Self::OwnClient => "an own HTTP client has its own TLS and proxy: make those settings there",
            Self::Http(_) => "the HTTP client cannot be built",
        })
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            // What it says stands in the text.
            Self::Auth(error) => error.source(),
            Self::Identity(error) | Self::Http(error) => Some(error),
            Self::RootCertificates | Self::Proxy | Self::UserAgent | Self::OwnClient => None,
        }
    }
}
