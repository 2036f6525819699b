//! What TLS has to say about a connection.

use std::error::Error as StdError;
use std::io;

use rustls::{AlertDescription, CertificateError, Error as Rustls};

/// Why no secure connection was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TlsFailure {
    /// The server's certificate is for another name than that of the URL.
    NameMismatch,
    /// The server's certificate is not signed by an authority that is trusted.
    UnknownAuthority,
    /// The server's certificate is not good yet or no longer, or it was revoked.
    NotInForce,
    /// The server asks for a client's certificate, and there is none; see
    /// [`TransportBuilder::identity`](crate::TransportBuilder::identity).
    ClientCertificateRequired,
    /// The server does not take the client's certificate.
    ClientCertificateRefused,
    /// Another failure of TLS.
    Other,
}

impl TlsFailure {
    /// What TLS said, if it was TLS that failed.
    pub(crate) fn of(error: &(dyn StdError + 'static)) -> Option<Self> {
        let mut next = Some(error);
        while let Some(error) = next {
            // The source of an I/O error is not the error within, but the source of that.
            let within = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
            let failure = error.downcast_ref().or_else(|| within.and_then(|within| within.downcast_ref()));
            if let Some(failure) = failure {
                return Some(Self::from(failure));
            }
            next = within.map(|within| within as &(dyn StdError + 'static)).or_else(|| error.source());
        }
        None
    }

    /// Whether the handshake failed on the server's side for the client's certificate. In TLS 1.3 the client
    /// may have written its request by then; nobody has read it, because the server's handshake never ended.
    pub(crate) fn is_refusal(self) -> bool {
        matches!(self, Self::ClientCertificateRequired | Self::ClientCertificateRefused)
    }

    /// What to say of it.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::NameMismatch => "the server's certificate is for another name",
            Self::UnknownAuthority => "the server's certificate is not signed by a trusted authority",
            Self::NotInForce => "the server's certificate is not in force",
            Self::ClientCertificateRequired => "the server asks for a client certificate",
            Self::ClientCertificateRefused => "the server refuses the client certificate",
            Self::Other => "TLS failed",
        }
    }
}

impl From<&Rustls> for TlsFailure {
    fn from(error: &Rustls) -> Self {
        match error {
            Rustls::InvalidCertificate(problem) => match problem {
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                    Self::NameMismatch
                }
                CertificateError::UnknownIssuer | CertificateError::BadSignature => Self::UnknownAuthority,
                CertificateError::Expired
                | CertificateError::ExpiredContext { .. }
                | CertificateError::NotValidYet
                | CertificateError::NotValidYetContext { .. }
                | CertificateError::Revoked => Self::NotInForce,
                _ => Self::Other,
            },
            Rustls::AlertReceived(alert) => match alert {
                AlertDescription::CertificateRequired => Self::ClientCertificateRequired,
                AlertDescription::BadCertificate
                | AlertDescription::UnsupportedCertificate
                | AlertDescription::CertificateRevoked
                | AlertDescription::CertificateExpired
                | AlertDescription::CertificateUnknown
                | AlertDescription::UnknownCA
                | AlertDescription::AccessDenied => Self::ClientCertificateRefused,
                _ => Self::Other,
            },
            _ => Self::Other,
        }
    }
}
