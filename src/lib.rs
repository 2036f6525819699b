#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]
// Without a provider there is the domain and nobody who maps to it.
#![cfg_attr(not(any(feature = "fena", feature = "yapily")), allow(dead_code, unused_imports))]

#[cfg(any(feature = "fena", feature = "yapily"))]
mod connect;
pub mod domain;
mod error;
pub mod provider;

#[cfg(any(feature = "fena", feature = "yapily"))]
pub use connect::{Config, connect};
pub use error::{Error, MapError, Unsupported};
pub use obkit_runtime as runtime;
