//! FinqLink: account data and payment links in Romania and beyond, by Finqware.
//!
//! Every call but the one for the keys is a `POST` with a JSON body, which also names the client. Lists are read page
//! by page, each from the key of the record before it.

mod client;
mod config;
#[cfg(feature = "config")]
mod keys;
pub mod map;
pub mod payment_links;
pub mod refresh_jobs;
mod token;
#[cfg(feature = "typed-client")]
mod typed;
#[cfg(feature = "webhooks")]
pub mod webhook;

pub use client::FinqLink;
pub use config::{Config, Credentials, ENVIRONMENTS};
#[cfg(feature = "config")]
pub(crate) use keys::Keys;
pub use obkit_finqlink as api;
pub use token::{TOKEN_URL, token_source};
