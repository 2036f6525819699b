#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod connect;
pub mod domain;
mod error;
pub mod provider;

pub use connect::{Config, connect};
pub use error::{Error, MapError, Unsupported};
pub use obkit_runtime as runtime;
