//! The client credentials grant.

use std::fmt;
use std::time::{Duration, SystemTime};

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Request, Url};
use secrecy::{ExposeSecret, SecretString};

use super::{ClientAuthentication, answer};
use crate::style::Escape;
use crate::transport::is_confidential;
use crate::{Clock, TokenError, TokenFuture, TokenSource};

/// How long a token request may take unless it is set otherwise.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(30);

/// A token for the client itself (RFC 6749, section 4.4).
///
/// A request is sent once, follows no redirect, and its answer is read up to 64 KiB. It uses the HTTP client
/// of the transport that needs the token: its TLS, its proxy, its user agent. An own client
/// ([`TransportBuilder::http`](crate::TransportBuilder::http)) must not follow redirects, which would take the secret along;
/// an answer that came from elsewhere is refused.
pub struct ClientCredentials {
    endpoint: Url,
    client: ClientAuthentication,
    scopes: Vec<String>,
    parameters: Vec<(String, SecretString)>,
    headers: HeaderMap,
    fresh_headers: Vec<HeaderName>,
    timeout: Duration,
    clock: Box<dyn Clock>,
}

impl ClientCredentials {
    /// The grant of a token endpoint, for a client.
    ///
    /// # Errors
    ///
    /// When the endpoint is no URL, or neither `https` nor on this machine: RFC 6749, section 3.2 demands TLS.
    pub fn new(endpoint: &str, client: ClientAuthentication) -> Result<Self, InvalidEndpoint> {
        let endpoint = Url::parse(endpoint).map_err(|_| InvalidEndpoint::NoUrl)?;
        if !is_confidential(&endpoint) {
            return Err(InvalidEndpoint::NoTls);
        }
        Ok(Self {
            endpoint,
            client,
            scopes: Vec::new(),
            parameters: Vec::new(),
            headers: HeaderMap::new(),
            fresh_headers: Vec::new(),
            timeout: TIMEOUT,
            clock: Box::new(SystemTime::now),
        })
    }

    /// One more scope; the request names all of them in `scope`, apart by spaces.
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scopes.push(scope.into());
        self
    }

    /// One more parameter of the form, such as `audience`, or a scope under a name of the provider's own.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<SecretString>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// A header of every token request.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// A header that holds a new UUID in every token request, such as `transactionId`.
    #[must_use]
    pub fn fresh_id_header(mut self, name: HeaderName) -> Self {
        self.fresh_headers.push(name);
        self
    }

    /// How long a token request may take, its answer included. Default: 30 seconds.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Another clock for what is signed. Default: the system's.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Box::new(clock);
        self
    }

    async fn request(&self, http: &reqwest::Client) -> Result<Request, TokenError> {
        let proof = self.client.proof(self.endpoint.as_str(), self.clock.now())?;
        let mut request = Request::new(Method::POST, self.endpoint.clone());
        *request.timeout_mut() = Some(self.timeout);
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.extend(self.headers.clone());
        for name in &self.fresh_headers {
            let id = crate::random::fresh_uuid().ok_or_else(|| TokenError::new("there is no randomness for an id"))?;
            let value = HeaderValue::try_from(id.to_string()).map_err(|_| TokenError::new("an id is no header"))?;
            headers.insert(name, value);
        }
        let invalid = |error| TokenError::caused_by("the client's credentials cannot be sent", error);
        proof.auth.apply(&mut request, http).await.map_err(invalid)?;

        let mut form = vec![("grant_type", "client_credentials".to_owned().into())];
        if !self.scopes.is_empty() {
            form.push(("scope", self.scopes.join(" ").into()));
        }
        form.extend(self.parameters.iter().map(|(name, value)| (name.as_str(), value.clone())));
        form.extend(proof.form);
        *request.body_mut() = Some(encoded(&form).into());
        Ok(request)
    }
}

impl TokenSource for ClientCredentials {
    fn fetch<'s>(&'s self, http: &'s reqwest::Client) -> TokenFuture<'s> {
        Box::pin(async move {
            let request = self.request(http).await?;
            let response = http.execute(request).await?;
            if response.url() != &self.endpoint {
                return Err(TokenError::new(
                    "the token endpoint redirected; the HTTP client must not follow redirects",
                ));
            }
            answer::read(response, self.clock.now()).await
        })
    }
}

fn encoded(form: &[(&str, SecretString)]) -> String {
    let escape = |text: &str| Escape::Form.name(text);
    let pair = |(name, value): &(&str, SecretString)| format!("{}={}", escape(name), escape(value.expose_secret()));
    form.iter().map(pair).collect::<Vec<_>>().join("&")
}

impl fmt::Debug for ClientCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCredentials")
            .field("client", &self.client)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}

/// A token endpoint cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidEndpoint {
    /// It is no absolute URL.
    NoUrl,
    /// Its scheme is not `https`, and it is not on this machine.
    NoTls,
}

impl fmt::Display for InvalidEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoUrl => "the token endpoint is no absolute URL",
            Self::NoTls => "the token endpoint must be https: a secret is sent to it",
        })
    }
}

impl std::error::Error for InvalidEndpoint {}
