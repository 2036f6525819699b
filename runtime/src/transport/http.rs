//! The HTTP client of a transport: names, TLS, proxy.

use std::time::Duration;

use reqwest::header::HeaderValue;
use reqwest::redirect::Policy;
use reqwest::tls::{Certificate, Identity};
use secrecy::{ExposeSecret, SecretString};

use super::TransportError;

/// How long a connection may take, TLS included, unless it is set otherwise.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// What an HTTP client is made of.
#[derive(Clone, Debug)]
pub(super) struct HttpSettings {
    pub(super) connect_timeout: Duration,
    pub(super) user_agent: String,
    pub(super) identity: Option<SecretString>,
    pub(super) roots: Roots,
    pub(super) proxy: Option<SecretString>,
    pub(super) own: Option<reqwest::Client>,
}

/// Who is trusted to sign the certificate of a server.
#[derive(Clone, Debug)]
pub(super) enum Roots {
    Platform,
    PlatformAnd(Vec<u8>),
    Only(Vec<u8>),
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            connect_timeout: CONNECT_TIMEOUT,
            user_agent: concat!("obkit/", env!("CARGO_PKG_VERSION")).to_owned(),
            identity: None,
            roots: Roots::Platform,
            proxy: None,
            own: None,
        }
    }
}

impl HttpSettings {
    pub(super) fn build(self) -> Result<reqwest::Client, TransportError> {
        if let Some(own) = self.own {
            let is_set = self.identity.is_some() || self.proxy.is_some() || !matches!(self.roots, Roots::Platform);
            // To leave out a certificate or a proxy that somebody asked for would be worse than to fail.
            return if is_set { Err(TransportError::OwnClient) } else { Ok(own) };
        }
        let user_agent = HeaderValue::from_str(&self.user_agent).map_err(|_| TransportError::UserAgent)?;
        // An error says that the process has a provider already, which is then the right one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .user_agent(user_agent)
            .connect_timeout(self.connect_timeout)
            .redirect(Policy::none())
            // Off by default only while no other crate of the program turns on the features of reqwest.
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            // The policy of the transport is the only one.
            .retry(reqwest::retry::never());
        builder = match self.roots {
            Roots::Platform => builder,
            Roots::PlatformAnd(pem) => builder.tls_certs_merge(certificates(&pem)?),
            Roots::Only(pem) => builder.tls_certs_only(certificates(&pem)?),
        };
        if let Some(pem) = self.identity {
            let identity = Identity::from_pem(pem.expose_secret().as_bytes()).map_err(TransportError::Identity)?;
            builder = builder.identity(identity);
        }
        if let Some(url) = self.proxy {
            let proxy = reqwest::Proxy::all(url.expose_secret()).map_err(|_| TransportError::Proxy)?;
            builder = builder.proxy(proxy);
        }
        builder.build().map_err(TransportError::Http)
    }
}

fn certificates(pem: &[u8]) -> Result<Vec<Certificate>, TransportError> {
    let certificates = Certificate::from_pem_bundle(pem).unwrap_or_default();
    if certificates.is_empty() { Err(TransportError::RootCertificates) } else { Ok(certificates) }
}
