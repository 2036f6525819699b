//! How a server is set up.

use std::fmt;
use std::io;
use std::sync::Arc;

use super::ContractServer;
use super::chance::{Faults, Latency};
use super::verdict::Verdict;
use crate::base_url;
use crate::contract::Contract;
use crate::exchange::MAX_BODY;
use crate::listen::{self, Address};

/// Who is told what became of each request.
pub(super) type Observer = Arc<dyn Fn(&Verdict) + Send + Sync>;

/// How a server behaves.
#[derive(Clone)]
pub(super) struct Settings {
    pub(super) seed: u64,
    pub(super) dynamic: bool,
    pub(super) lenient: bool,
    pub(super) cors: bool,
    pub(super) records: bool,
    pub(super) latency: Option<Latency>,
    pub(super) faults: Faults,
    pub(super) base_paths: Vec<String>,
    pub(super) max_body: usize,
    pub(super) observer: Option<Observer>,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("seed", &self.seed).field("dynamic", &self.dynamic).finish_non_exhaustive()
    }
}

/// Sets up a [`ContractServer`].
///
/// ```
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// use std::sync::Arc;
///
/// use obkit_codegen::{Document, Spec};
/// use obkit_conformance::Contract;
/// use obkit_conformance::server::ContractServer;
///
/// # let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../specs/fena/openapi.yaml");
/// let contract = Contract::new("fena", Spec::read(Document::load(file)?)?);
/// let server = ContractServer::builder(Arc::new(contract))
///     .seed(7)
///     .dynamic(true)
///     .faults("status=503:0.1".parse()?)
///     .start()
///     .await?;
/// println!("{}", server.base_url());
/// server.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct ServerBuilder {
    contract: Arc<Contract>,
    address: Address,
    settings: Settings,
}

impl ServerBuilder {
    pub(super) fn new(contract: Arc<Contract>) -> Self {
        let settings = Settings {
            seed: 0,
            dynamic: false,
            lenient: false,
            cors: false,
            records: true,
            latency: None,
            faults: Faults::default(),
            base_paths: Vec::new(),
            max_body: MAX_BODY,
            observer: None,
        };
        Self { contract, address: Address::default(), settings }
    }

    /// Sets where to listen. Where nothing is set, on a free port of the loopback interface, as port 0 means everywhere.
    #[must_use]
    pub fn listen(mut self, host: impl Into<String>, port: u16) -> Self {
        self.address = Address { host: host.into(), port };
        self
    }

    /// Sets what generated bodies, faults and delays depend on. Zero, where nothing is set.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = seed;
        self
    }

    /// Sets whether bodies are generated although the document gives examples. The same request gets the same body.
    #[must_use]
    pub fn dynamic(mut self, dynamic: bool) -> Self {
        self.settings.dynamic = dynamic;
        self
    }

    /// Sets whether requests that break the contract are answered with success all the same. What is wrong with them is
    /// told in the answer's `Obkit-Violations`.
    #[must_use]
    pub fn lenient(mut self, lenient: bool) -> Self {
        self.settings.lenient = lenient;
        self
    }

    /// Sets whether scripts of any web page may read the answers.
    #[must_use]
    pub fn cors(mut self, cors: bool) -> Self {
        self.settings.cors = cors;
        self
    }

    /// Sets how long answers take.
    #[must_use]
    pub fn latency(mut self, latency: Latency) -> Self {
        self.settings.latency = Some(latency);
        self
    }

    /// Sets what goes wrong, and how often.
    #[must_use]
    pub fn faults(mut self, faults: Faults) -> Self {
        self.settings.faults = faults;
        self
    }

    /// Adds a path below which the document's paths stand, such as `/v1`.
    #[must_use]
    pub fn base_path(mut self, path: &str) -> Self {
        self.settings.base_paths.push(path.to_owned());
        self
    }

    /// Adds the paths of the document's `servers`, each below which its paths stand.
    #[must_use]
    pub fn base_path_of_servers(mut self) -> Self {
        let paths = base_url::default_paths(self.contract.document());
        self.settings.base_paths.extend(paths);
        self
    }

    /// Sets the largest request body that is read, in bytes. 16 MiB, where nothing is set.
    #[must_use]
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.settings.max_body = bytes;
        self
    }

    /// Sets whether findings and what was received are kept for [`ContractServer::take_findings`] and
    /// [`ContractServer::take_received`]. They are, where nothing is set; a server that runs for long should not.
    #[must_use]
    pub fn record(mut self, records: bool) -> Self {
        self.settings.records = records;
        self
    }

    /// Sets who is told what became of each request, before its answer is sent.
    #[must_use]
    pub fn observe(mut self, observer: impl Fn(&Verdict) + Send + Sync + 'static) -> Self {
        self.settings.observer = Some(Arc::new(observer));
        self
    }

    /// Starts the server on a listener that is bound already, whatever was set to listen on. Who connects before that
    /// waits for the answer.
    ///
    /// # Errors
    /// The listener cannot be used.
    ///
    /// # Panics
    /// There is no tokio runtime.
    pub fn start_on(self, listener: std::net::TcpListener) -> io::Result<ContractServer> {
        ContractServer::serve(listen::adopted(listener)?, self.contract, self.settings)
    }

    /// Starts the server; it runs on the current tokio runtime, whose timer must be enabled.
    ///
    /// # Errors
    /// The address cannot be had.
    pub async fn start(self) -> io::Result<ContractServer> {
        ContractServer::serve(self.address.bind().await?, self.contract, self.settings)
    }
}
