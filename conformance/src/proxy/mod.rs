//! A server in front of another: it forwards what it is sent, and judges what passes in both directions.
//!
//! Bytes are forwarded as they come; a copy of each body, up to [`MAX_BODY`](crate::exchange::MAX_BODY), is what is judged. Only what belongs
//! to one connection is not forwarded (RFC 9110, section 7.6.1), `Host` is that of the upstream, and `Via` says that somebody stood between. Nothing is retried,
//! no redirect is followed, and no answer is kept.
//!
//! A request that breaks the document is forwarded all the same, unless the proxy is set up to [enforce](ProxyBuilder::enforce) it. What an
//! upstream that fails leaves unsaid is answered with a problem of RFC 9457: 502 where there is no connection or it breaks, 504 where no answer
//! begins in time.

mod body;
mod hop;
mod passage;
mod recording;
mod redact;
mod upstream;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tokio::net::TcpListener;

use self::passage::Door;
pub use self::recording::Recording;
use self::upstream::Forwarder;
pub use self::upstream::{Upstream, UpstreamError};
use crate::base_url::{self, BaseUrls};
use crate::contract::Contract;
use crate::coverage::Marks;
use crate::listen::{self, Address, Listening};
use crate::profile::Profile;
use crate::server::Breach;
use crate::traffic::{Judge, Judgement, Tally};

/// How long the beginning of an answer is waited for unless told otherwise.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Who is told what passed.
type Observer = Arc<dyn Fn(&Passed) + Send + Sync>;

/// What became of one exchange. It holds no values of it: the path is the document's template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Passed {
    /// The method.
    pub method: String,
    /// The path template; none when the path is not documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The operation's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// The status that the upstream answered; none where it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Whether the request was forwarded.
    pub forwarded: bool,
    /// What is found about the request.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub request: Vec<Breach>,
    /// What is found about the answer, and what could not be judged.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub response: Vec<Breach>,
    /// From the first byte of the request to the last of the answer, in microseconds.
    pub micros: u64,
}

/// Sets up a [`Proxy`].
pub struct ProxyBuilder {
    contract: Arc<Contract>,
    upstream: Upstream,
    address: Address,
    base_paths: Vec<String>,
    profile: Profile,
    enforce: bool,
    uncompressed: bool,
    timeout: Duration,
    recording: Option<Recording>,
    observer: Option<Observer>,
}

impl fmt::Debug for ProxyBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxyBuilder")
            .field("upstream", &self.upstream)
            .field("enforce", &self.enforce)
            .finish_non_exhaustive()
    }
}

impl ProxyBuilder {
    /// Sets where to listen. Where nothing is set, on a free port of the loopback interface.
    #[must_use]
    pub fn listen(mut self, host: impl Into<String>, port: u16) -> Self {
        self.address = Address { host: host.into(), port };
        self
    }

    /// Adds a path below which the document's paths stand, both here and there.
    #[must_use]
    pub fn base_path(mut self, path: &str) -> Self {
        self.base_paths.push(path.to_owned());
        self
    }

    /// Adds the paths of the document's `servers`, each below which its paths stand.
    #[must_use]
    pub fn base_path_of_servers(mut self) -> Self {
        self.base_paths.extend(base_url::default_paths(self.contract.document()));
        self
    }

    /// Sets how strictly bodies, parameters and header fields are judged by their schemas. Strictly, where nothing is set.
    #[must_use]
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Sets whether a request that breaks the document is answered here, and not forwarded. Bodies of requests are then read to their end
    /// before they are.
    #[must_use]
    pub fn enforce(mut self, enforce: bool) -> Self {
        self.enforce = enforce;
        self
    }

    /// Sets whether `Accept-Encoding` is left out, so that answers come uncompressed: those in other codings than `gzip` and `deflate` are not judged.
    #[must_use]
    pub fn uncompressed(mut self, uncompressed: bool) -> Self {
        self.uncompressed = uncompressed;
        self
    }

    /// Sets how long the beginning of an answer is waited for. 60 seconds, where nothing is set.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets what passes down in a recording, without its secrets.
    #[must_use]
    pub fn record(mut self, recording: Recording) -> Self {
        self.recording = Some(recording);
        self
    }

    /// Sets who is told what passed, after it has.
    #[must_use]
    pub fn observe(mut self, observer: impl Fn(&Passed) + Send + Sync + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Starts the proxy; it runs on the current tokio runtime, whose timer must be enabled.
    ///
    /// # Errors
    /// The address cannot be had, or no TLS is to be had.
    pub async fn start(self) -> io::Result<Proxy> {
        let listener = self.address.bind().await?;
        self.serve(listener)
    }

    /// Starts the proxy on a listener that is bound already.
    ///
    /// # Errors
    /// The listener cannot be used, or no TLS is to be had.
    ///
    /// # Panics
    /// There is no tokio runtime.
    pub fn start_on(self, listener: std::net::TcpListener) -> io::Result<Proxy> {
        self.serve(listen::adopted(listener)?)
    }

    fn serve(self, listener: TcpListener) -> io::Result<Proxy> {
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            base_urls: BaseUrls::of_paths(&self.base_paths),
            tally: Mutex::default(),
            marks: Marks::new(&self.contract),
            forwarder: Forwarder::new(self.upstream, self.timeout)?,
            contract: self.contract,
            address,
            profile: self.profile,
            enforce: self.enforce,
            uncompressed: self.uncompressed,
            recording: self.recording,
            observer: self.observer,
            numbers: AtomicU64::new(0),
        });
        let door = Arc::new(Door(Arc::clone(&shared)));
        Ok(Proxy { listening: Listening::start(listener, address, door), shared })
    }
}

/// What all exchanges share.
struct Shared {
    contract: Arc<Contract>,
    base_urls: BaseUrls,
    forwarder: Forwarder,
    address: SocketAddr,
    profile: Profile,
    enforce: bool,
    uncompressed: bool,
    tally: Mutex<Tally>,
    marks: Marks,
    recording: Option<Recording>,
    observer: Option<Observer>,
    numbers: AtomicU64,
}

/// A proxy on a port of its own. Dropping it ends it.
pub struct Proxy {
    listening: Listening,
    shared: Arc<Shared>,
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy").field("address", &self.address()).finish_non_exhaustive()
    }
}

impl Proxy {
    /// Sets up a proxy to an upstream. Paths are appended to that of its URL.
    #[must_use]
    pub fn builder(contract: Arc<Contract>, upstream: Upstream) -> ProxyBuilder {
        ProxyBuilder {
            contract,
            upstream,
            address: Address::default(),
            base_paths: Vec::new(),
            profile: Profile::Strict,
            enforce: false,
            uncompressed: false,
            timeout: TIMEOUT,
            recording: None,
            observer: None,
        }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.listening.address()
    }

    /// The URL to give to a client, without a slash at its end.
    #[must_use]
    pub fn base_url(&self) -> String {
        self.listening.base_url()
    }

    /// Takes no more connections, waits until what is on its way has passed, ten seconds at most, and says what was found, and whether
    /// all of it could be recorded.
    pub async fn shutdown(self) -> (Judgement, io::Result<()>) {
        self.listening.shutdown().await;
        let tally = std::mem::take(&mut *self.shared.tally());
        let recorded = self.shared.recording.as_ref().map_or(Ok(()), Recording::finish);
        (tally.judgement(self.shared.judge(), "exchange", None), recorded)
    }
}

impl Shared {
    fn judge(&self) -> Judge<'_> {
        let Self { contract, base_urls, profile, marks, .. } = self;
        Judge { contract, base_urls, redacted: false, profile: *profile, marks }
    }

    fn tally(&self) -> std::sync::MutexGuard<'_, Tally> {
        // Whoever panicked while holding it left whole values behind.
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
