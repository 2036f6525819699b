//! One typed API over open-banking providers.
//!
//! Each provider has a generated client of its own crate (`obkit-yapily`, `obkit-fena`); this crate
//! maps them to one [`domain`] behind the traits of [`provider`].

#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod connect;
pub mod domain;
mod error;
pub mod provider;

pub use connect::{Config, connect};
pub use error::{Error, MapError, Unsupported};
pub use obkit_runtime as runtime;
