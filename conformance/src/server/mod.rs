//! A provider that stands on its document: it answers what the document promises, and minds what is asked.
//!
//! The suite drives clients against it, tests of programs run it in their process, and `obkit mock` runs it as a process
//! of its own. It is one server: what differs is how its [`ServerBuilder`] sets it up.
//!
//! # Requests that break the contract
//!
//! They are answered with the status that the operation documents for it, and the body of that response: 401 for
//! credentials that are not where they are asked for, 415 for a media type, 400 or 422 for parameters and bodies (a body
//! that does not fit its schema rather 422, the rest rather 400). Where a response of that status is not documented, its
//! range or `default` is taken, and then 400. What is documented is kept to: required header fields are there, and no body is where
//! none is documented. What is wrong stands in `Obkit-Violations`, a list of
//! RFC 8941; where the document does not have the status at all, in a problem of RFC 9457 (`application/problem+json`)
//! with `violations`, each with `location`, `pointer`, `keyword`, `message` and `schema`. A path that is not documented
//! is answered 404, a method 405 with `Allow`, an `Accept` that nothing documented meets 406. A schema that cannot be
//! enforced is answered 500, for a request that was not judged must not pass for a good one.
//!
//! # Others
//!
//! They get the first documented success with an example, in the most welcome media type, and of that the first example that fits its
//! schema; and where there is none, a body that is generated from the schema, with everything optional. A dynamic answer is generated
//! with what chance decides. Either is the same for the same request and seed. `Prefer` (RFC 7240) asks for another answer:
//!
//! | preference | what it asks for |
//! |---|---|
//! | `code=404` | the response of that status, its range or `default` |
//! | `example=NAME` | that example |
//! | `dynamic=true` | a generated body, though there are examples; `false` the opposite |
//! | `seed=7` | the generated body of that seed |
//! | `wait=0.2` | an answer that takes so many seconds longer, up to 60 |
//! | `handling=strict` | a 400 where a preference cannot be met |
//!
//! `Preference-Applied` names those that were met, `Obkit-Preference-Unmet` those that could not be, each with a reason.
//!
//! # Bounds
//!
//! A request has a head of 64 KiB and a body of 16 MiB at most ([`ServerBuilder::max_body`]), and 30 seconds for each; 1000
//! connections are open at a time.

mod accept;
pub(crate) mod breach;
mod builder;
mod challenge;
mod chance;
pub(crate) mod connection;
mod cross_origin;
mod generated;
mod offer;
pub(crate) mod outgoing;
mod picked;
mod prefer;
mod problem;
pub(crate) mod receive;
pub(crate) mod refusal;
pub(crate) mod reply;
pub(crate) mod respond;
mod verdict;

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};

use obkit_codegen::spec::StatusKey;
use tokio::net::TcpListener;

pub use self::breach::Breach;
pub use self::builder::ServerBuilder;
use self::builder::Settings;
pub use self::chance::{ChanceError, Fault, Faults, Latency};
use self::generated::Generated;
use self::offer::Offer;
pub use self::verdict::{Basis, Verdict};
use crate::answer::{Answer, answers};
use crate::base_url::BaseUrls;
use crate::contract::Contract;
use crate::exchange::Checked;
use crate::finding::Finding;
use crate::listen::Listening;
use crate::typed_client::Arguments;

/// An HTTP server on a port of its own.
///
/// Every request is checked against the contract; what is found is kept for [`ContractServer::take_findings`]. How it is
/// answered is the [module](self)'s matter. Dropping the server ends it.
#[derive(Debug)]
pub struct ContractServer {
    listening: Listening,
    shared: Arc<Shared>,
}

/// What an operation answers to what it is asked.
type Script = Box<dyn FnMut(&Arguments) -> Answer + Send>;

struct Shared {
    contract: Arc<Contract>,
    settings: Settings,
    base_urls: BaseUrls,
    /// The answers of each operation, written when it is first asked.
    offers: Vec<OnceLock<Vec<Offer>>>,
    generated: Generated,
    scripts: RwLock<HashMap<String, Mutex<Script>>>,
    record: Mutex<Record>,
    /// How many requests there were.
    turns: AtomicU64,
}

/// What was received is payload, and is not shown.
impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("contract", &self.contract)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

#[derive(Default)]
struct Record {
    findings: Vec<Finding>,
    called: BTreeSet<String>,
    received: Vec<(String, Arguments)>,
}

impl Shared {
    fn record(&self) -> MutexGuard<'_, Record> {
        // Whoever panicked while holding it left whole values behind.
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps what was found and received.
    fn keep(&self, checked: &mut Checked<'_>) {
        if !self.settings.records {
            return;
        }
        let mut record = self.record();
        record.findings.extend(checked.findings.iter().cloned());
        if let Some(operation) = checked.operation {
            record.called.insert(operation.id.clone());
            record.received.push((operation.id.clone(), std::mem::take(&mut checked.received)));
        }
    }

    /// The answer that was promised for an operation.
    fn promised(&self, operation_id: &str, asked: &Arguments) -> Option<Answer> {
        let scripts = self.scripts.read().unwrap_or_else(PoisonError::into_inner);
        let mut script = scripts.get(operation_id)?.lock().unwrap_or_else(PoisonError::into_inner);
        Some(script(asked))
    }
}

impl ContractServer {
    /// Starts a server as it is by default, on a free port of the loopback interface; it runs on the current tokio runtime.
    ///
    /// # Errors
    /// No port can be had.
    pub async fn start(contract: Arc<Contract>) -> io::Result<Self> {
        Self::builder(contract).start().await
    }

    /// Sets up a server.
    #[must_use]
    pub fn builder(contract: Arc<Contract>) -> ServerBuilder {
        ServerBuilder::new(contract)
    }

    fn serve(listener: TcpListener, contract: Arc<Contract>, settings: Settings) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            offers: contract.spec().operations().iter().map(|_| OnceLock::new()).collect(),
            contract,
            base_urls: BaseUrls::of_paths(&settings.base_paths),
            settings,
            generated: Generated::default(),
            scripts: RwLock::default(),
            record: Mutex::default(),
            turns: AtomicU64::new(0),
        });
        Ok(Self { listening: Listening::start(listener, address, Arc::clone(&shared)), shared })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.listening.address()
    }

    /// The URL to give to a client, without a slash at its end, and without a base path.
    #[must_use]
    pub fn base_url(&self) -> String {
        self.listening.base_url()
    }

    /// Takes no more connections, and waits until the answers to those that are open are sent, ten seconds at most.
    pub async fn shutdown(self) {
        self.listening.shutdown().await;
    }

    /// Decides the next answers of an operation, until scripted otherwise: the named example of a
    /// response, or its first. Gives the answer, or none when the document promises no such thing.
    pub fn script(&self, operation_id: &str, status: StatusKey, example: Option<&str>) -> Option<Answer> {
        let contract = &self.shared.contract;
        let operation = contract.spec().operation(operation_id)?;
        let wanted = |answer: &Answer| {
            answer.key == status && example.is_none_or(|name| answer.example.as_deref() == Some(name))
        };
        let answer = answers(contract, operation).into_iter().find(wanted)?;
        self.promise(operation_id, answer.clone());
        Some(answer)
    }

    /// Decides the next answers of an operation, until decided otherwise.
    pub fn promise(&self, operation_id: &str, answer: Answer) {
        self.answer_by(operation_id, move |_| answer.clone());
    }

    /// Decides the next answers of an operation by what it is asked, until decided otherwise: pages of a list, a state that
    /// moves on, a fault before a success ([`Answer::of_status`]). The server waits for `script`, which must not call it.
    pub fn answer_by(&self, operation_id: &str, script: impl FnMut(&Arguments) -> Answer + Send + 'static) {
        let mut scripts = self.shared.scripts.write().unwrap_or_else(PoisonError::into_inner);
        scripts.insert(operation_id.to_owned(), Mutex::new(Box::new(script)));
    }

    /// Leaves the next answers of an operation to the document again.
    pub fn forget(&self, operation_id: &str) {
        self.shared.scripts.write().unwrap_or_else(PoisonError::into_inner).remove(operation_id);
    }

    /// Takes what was found since the last time.
    #[must_use]
    pub fn take_findings(&self) -> Vec<Finding> {
        std::mem::take(&mut self.shared.record().findings)
    }

    /// Takes what was received since the last time, by operation id. This is payload.
    #[must_use]
    pub fn take_received(&self) -> Vec<(String, Arguments)> {
        std::mem::take(&mut self.shared.record().received)
    }

    /// The ids of the operations that were called, rightly or wrongly.
    #[must_use]
    pub fn called(&self) -> BTreeSet<String> {
        self.shared.record().called.clone()
    }
}
