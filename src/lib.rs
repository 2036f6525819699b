#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]
// A provider uses what it needs of the mapping's means, and without a provider nobody does.
#![cfg_attr(
    not(all(feature = "yapily", feature = "fena", feature = "finqlink", feature = "candescent", feature = "wych")),
    allow(dead_code, unused_imports, unused_macros, unused_variables)
)]

#[cfg(feature = "blocking")]
pub mod blocking;
#[cfg(feature = "config")]
pub mod config;
mod connect;
pub mod domain;
mod error;
#[cfg(feature = "mock")]
pub mod mock;
pub mod provider;
mod settings;

pub use connect::{Config, ConnectError, connect};
pub use error::{Error, MapError, Unsupported, WebhookRefusal};
pub use obkit_runtime as runtime;
pub use settings::ConnectionSettings;
/// What dates and amounts of the domain are made of, in the versions it is built with.
pub use {chrono, rust_decimal};
