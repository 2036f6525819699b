//! The server behind a proxy.

use std::error::Error;
use std::fmt;
use std::io;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::http::uri::{Authority, Scheme};
use hyper::{Request, Response, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::ConfigVerifierExt as _;
use tokio::time::timeout;

use super::body::Passing;
use crate::base_url::{Origin, Url};

/// How long a connection may take to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Where requests are forwarded to.
#[derive(Clone, Debug)]
pub struct Upstream {
    scheme: Scheme,
    authority: Authority,
    /// Without a slash at its end.
    path: String,
    pub(super) origin: Origin,
}

/// A URL of an upstream that is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpstreamError(&'static str);

impl fmt::Display for UpstreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the upstream cannot be used: {}\n  help: give a URL such as https://api.bank.example/v1", self.0)
    }
}

impl Error for UpstreamError {}

impl Upstream {
    /// Takes the URL of a server; the paths of requests are appended to its path.
    ///
    /// # Errors
    /// It is no `http` or `https` URL, or holds credentials or a query.
    pub fn new(url: &str) -> Result<Self, UpstreamError> {
        let uri: Uri = url.parse().map_err(|_| UpstreamError("it is no URL"))?;
        let parts = uri.into_parts();
        let (Some(scheme), Some(authority)) = (parts.scheme, parts.authority) else {
            return Err(UpstreamError("it has no scheme or no host"));
        };
        if scheme != Scheme::HTTP && scheme != Scheme::HTTPS {
            return Err(UpstreamError("it is neither http nor https"));
        }
        if authority.as_str().contains('@') {
            return Err(UpstreamError("credentials do not belong into a URL"));
        }
        let target = parts.path_and_query;
        if target.as_ref().is_some_and(|target| target.query().is_some()) || url.contains('#') {
            return Err(UpstreamError("a query or a fragment stands in it"));
        }
        let path = target.map(|target| target.path().trim_end_matches('/').to_owned()).unwrap_or_default();
        let Url { origin, .. } = Url::of(url).ok_or(UpstreamError("it is no URL"))?;
        Ok(Self { scheme, authority, path, origin })
    }

    /// The URL of a target, which stands in it as it was sent.
    fn uri(&self, target: &str) -> Option<Uri> {
        let target = format!("{}{target}", self.path);
        Uri::builder().scheme(self.scheme.clone()).authority(self.authority.clone()).path_and_query(target).build().ok()
    }

    /// What stands before the paths of requests.
    pub(super) fn base(&self) -> String {
        format!("{}://{}{}", self.scheme, self.authority, self.path)
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Failure {
    /// The target cannot be appended to the URL.
    Target,
    /// There is no connection, with the reason.
    Unreachable(String),
    /// The connection breaks, or what comes is no HTTP.
    Broken,
    /// No answer begins in time.
    Late,
}

/// Sends requests to the upstream and to nowhere else.
pub(super) struct Forwarder {
    client: Client<HttpsConnector<HttpConnector>, Passing>,
    pub(super) upstream: Upstream,
    timeout: Duration,
}

impl Forwarder {
    pub(super) fn new(upstream: Upstream, timeout: Duration) -> io::Result<Self> {
        // An error says that the process has a provider already, which is then the right one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let tls = if upstream.scheme == Scheme::HTTPS {
            ClientConfig::with_platform_verifier().map_err(io::Error::other)?
        } else {
            // Nobody is trusted who is not needed: not every system has authorities.
            ClientConfig::builder().with_root_certificates(RootCertStore::empty()).with_no_client_auth()
        };
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        http.set_connect_timeout(Some(CONNECT_TIMEOUT));
        let connector =
            HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().wrap_connector(http);
        let client = Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(connector);
        Ok(Self { client, upstream, timeout })
    }

    /// Forwards a request whose target is that of the upstream's client.
    pub(super) async fn forward(&self, mut request: Request<Passing>) -> Result<Response<Incoming>, Failure> {
        let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
        *request.uri_mut() = self.upstream.uri(target).ok_or(Failure::Target)?;
        match timeout(self.timeout, self.client.request(request)).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) if error.is_connect() => Err(Failure::Unreachable(reason(&error))),
            Ok(Err(_)) => Err(Failure::Broken),
            Err(_) => Err(Failure::Late),
        }
    }
}

/// Why a connection was not made: the innermost of the reasons, which says what the system or TLS says.
fn reason(error: &dyn Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    #[test]
    fn a_target_is_appended_as_it_is() {
        let uri = |base: &str, target| Upstream::new(base).unwrap().uri(target).unwrap().to_string();
        let target = "/a//b/%2e%2e/../c'd?x='y'&%zz";
        assert_eq!(uri("https://api.example/v1/", target), format!("https://api.example/v1{target}"));
        assert_eq!(uri("http://127.0.0.1:1", "/"), "http://127.0.0.1:1/");
    }

    #[test]
    fn what_is_no_server_is_refused() {
        for url in
            ["", "api.example", "/v1", "ftp://a/", "http://u:p@a/", "http://a/?x", "http://a/#f", "http://a:99999/"]
        {
            assert!(Upstream::new(url).unwrap_err().to_string().contains("help: "), "{url}");
        }
    }
}
