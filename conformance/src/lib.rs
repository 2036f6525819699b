//! Proves that OpenAPI documents, payloads, servers and typed clients agree.
//!
//! [`Contract`] is a document ready to be enforced. Payloads are judged by its [`Validators`],
//! whole lines of them by [`payload`], HTTP requests by [`exchange`], recordings of them by [`traffic`], clients by a
//! [`server::ContractServer`] that answers what the document promises, and a provider as a whole
//! by [`suite`]. [`generate`] makes the payloads that no document has examples of. Whatever is found is a [`Finding`] of one of the
//! [`checks`], and [`report`] tells it in the format that is asked for.

pub mod answer;
pub mod assert;
pub mod base_url;
mod body;
pub mod checks;
pub mod config;
pub mod contract;
pub mod coverage;
pub mod equality;
pub mod exchange;
pub mod finding;
mod format;
pub mod generate;
mod glob;
mod graph;
mod json;
mod listen;
pub mod media_type;
pub mod parameter;
pub mod payload;
mod pointer;
mod positions;
pub mod probe;
pub mod profile;
pub mod proxy;
mod readonly;
pub mod remarks;
pub mod report;
mod route;
pub mod sample;
pub mod schema;
mod security;
pub mod server;
pub mod shard;
pub mod suite;
mod timestamp;
pub mod traffic;
pub mod validator;
pub mod verdict;
pub mod violation;
#[cfg(feature = "workspace")]
pub mod workspace;

pub use checks::{Check, Rule};
pub use contract::Contract;
pub use finding::{Finding, Severity};
/// How a typed client is driven without knowing its types.
pub use obkit_runtime::typed_client;
pub use profile::{Profile, Profiles};
pub use report::Report;
pub use schema::{Direction, NullableProfile};
pub use shard::Shard;
pub use validator::{CompileError, CompiledSchema, Validators};
pub use violation::Violation;
