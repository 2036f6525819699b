//! Where keys come from.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, HeaderValue};
use reqwest::{Method, Request, StatusCode, Url};

use crate::body::{ReadError, read_response};
use crate::jose::{KeySet, KeySetError};
use crate::transport::is_confidential;
use crate::{Call, RetryPolicy, Transport, TransportError};

/// The most bytes of a key set: two keys have less than two thousand.
const MAX_KEY_SET: usize = 64 << 10;

/// The keys on their way.
pub type Fetched<'a> = Pin<Box<dyn Future<Output = Result<KeySet, KeySourceError>> + Send + 'a>>;

/// Obtains the present keys of a provider. A closure that gives a future is one, too.
pub trait KeySource: Send + Sync {
    /// The keys that the provider publishes now.
    fn fetch(&self) -> Fetched<'_>;
}

impl<F, T> KeySource for F
where
    F: Fn() -> T + Send + Sync,
    T: Future<Output = Result<KeySet, KeySourceError>> + Send + 'static,
{
    fn fetch(&self) -> Fetched<'_> {
        Box::pin(self())
    }
}

/// A key set at an address (RFC 7517, section 5), asked for without credentials.
///
/// One attempt per request, of at most 3 seconds, no redirects, at most 64 KiB.
#[derive(Clone, Debug)]
pub struct JwksUrl {
    url: Url,
    transport: Transport,
}

impl JwksUrl {
    /// The key set at this address.
    ///
    /// # Errors
    /// The address is not `https`, without which anybody on the way could put his own key into the set; `http` is left
    /// to the loopback interface. Or TLS cannot be set up.
    pub fn new(provider: &'static str, url: &str) -> Result<Self, InsecureUrl> {
        let transport = Transport::builder(provider)
            .retry(RetryPolicy::default().max_attempts(1))
            .attempt_timeout(Duration::from_secs(3))
            .build()
            .map_err(InsecureUrl::Transport)?;
        Self::through(transport, url)
    }

    /// The key set at this address, through a transport of the caller's: for a proxy, or an own CA. Its credentials are
    /// not sent.
    ///
    /// # Errors
    /// The address is neither `https` nor on the loopback interface.
    pub fn through(transport: Transport, url: &str) -> Result<Self, InsecureUrl> {
        let url = Url::parse(url).map_err(|_| InsecureUrl::NotAUrl)?;
        if is_confidential(&url) { Ok(Self { url, transport }) } else { Err(InsecureUrl::NotHttps) }
    }

    async fn get(&self) -> Result<KeySet, KeySourceError> {
        let mut request = Request::new(Method::GET, self.url.clone());
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        let call = Call::new("getJwks", self.url.as_str()).open();
        let response = self.transport.execute(request, call).await.map_err(KeySourceError::unreachable)?;
        if response.status() != StatusCode::OK {
            return Err(KeySourceError::Status(response.status()));
        }
        match read_response(response, MAX_KEY_SET).await.whole() {
            Ok(body) => KeySet::from_json(&body).map_err(KeySourceError::Document),
            Err((_, ReadError::TooLong(limit))) => Err(KeySourceError::TooLong(limit)),
            Err((_, ReadError::Connection(error))) => Err(KeySourceError::unreachable(error)),
        }
    }
}

impl KeySource for JwksUrl {
    fn fetch(&self) -> Fetched<'_> {
        Box::pin(self.get())
    }
}

/// Keys must not be asked for at this address.
#[derive(Debug)]
#[non_exhaustive]
pub enum InsecureUrl {
    /// It is no URL.
    NotAUrl,
    /// It is neither `https` nor `http` on the loopback interface.
    NotHttps,
    /// TLS cannot be set up.
    Transport(TransportError),
}

impl fmt::Display for InsecureUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAUrl => "the address of the keys is no URL",
            Self::NotHttps => "the address of the keys is not https",
            Self::Transport(_) => "TLS cannot be set up to ask for keys",
        })
    }
}

impl std::error::Error for InsecureUrl {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Transport(error) => Some(error),
            Self::NotAUrl | Self::NotHttps => None,
        }
    }
}

/// Keys cannot be had. Shows no URL and nothing of the answer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum KeySourceError {
    /// There is no answer.
    Unreachable(Arc<dyn std::error::Error + Send + Sync>),
    /// The answer is not `200`.
    Status(StatusCode),
    /// The answer is longer than this many bytes.
    TooLong(usize),
    /// The answer is no key set.
    Document(KeySetError),
    /// The answer took longer than the verifier waits.
    TimedOut,
}

impl KeySourceError {
    /// There is no answer, for this reason.
    pub fn unreachable(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Unreachable(Arc::new(error))
    }
}

impl fmt::Display for KeySourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(_) => f.write_str("they could not be asked for"),
            Self::Status(status) => write!(f, "the answer was {status}"),
            Self::TooLong(limit) => write!(f, "the answer is longer than {limit} bytes"),
            Self::Document(error) => error.fmt(f),
            Self::TimedOut => f.write_str("the answer took too long"),
        }
    }
}

impl std::error::Error for KeySourceError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreachable(error) => Some(&**error),
            Self::Document(error) => Some(error),
            Self::Status(_) | Self::TooLong(_) | Self::TimedOut => None,
        }
    }
}
